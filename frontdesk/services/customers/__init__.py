"""The people who come."""
