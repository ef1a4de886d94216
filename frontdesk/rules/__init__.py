"""Pure functions over plain values: no session, no screen, no clock."""
