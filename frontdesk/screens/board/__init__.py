"""The floor: who is where, and for how long."""
