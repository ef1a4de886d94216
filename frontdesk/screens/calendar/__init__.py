"""The book: one day on a grid, and what is done on it."""
