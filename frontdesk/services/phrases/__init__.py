"""The type-to-book line against the real book."""
