"""Visits: booked, moved, changed, swapped, led from state to state, left."""
