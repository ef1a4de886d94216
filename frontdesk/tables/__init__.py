"""SQLModel tables, one family of nouns per file; no behaviour."""
