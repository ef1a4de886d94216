"""What screens do, driven by keys."""
