"""The drawers: opened, counted blind, closed, and with them the day."""
