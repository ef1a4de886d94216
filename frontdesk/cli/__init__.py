"""Commands: one file per group, Rich for people and JSON for programs."""
