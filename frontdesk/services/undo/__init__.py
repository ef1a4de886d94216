"""Taking back what one did to the book, and doing it again."""
