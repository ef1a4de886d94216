"""The book, cell by cell."""
