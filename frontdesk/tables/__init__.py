"""SQLModel tables, one family of nouns per file; no behaviour.

Columns only: constraints, indexes, policies and comments are promises of the database and stand in the migrations.
A test compares both with the migrated catalogue.
"""
