"""One folder per screen, on what they share: a base, and the commands."""
