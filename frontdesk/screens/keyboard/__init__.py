"""What becomes of a key before a screen sees it: its name in keys.toml, its turn, a scanner's burst."""
