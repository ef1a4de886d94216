"""The day, the book and the money as they are read: by a manager, on paper, by a bookkeeper."""
