"""Cards: charges by a terminal of ours, cards on file, and cards as a tender."""
