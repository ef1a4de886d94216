"""Times for a visit, and why there are none: read only."""
