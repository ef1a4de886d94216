"""The book as it is shown: a day, a week, a month, as it stood at any moment."""
