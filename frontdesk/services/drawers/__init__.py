"""Drawers: opened, moved into, counted, closed; X and Z."""
