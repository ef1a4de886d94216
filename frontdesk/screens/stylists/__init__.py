"""Stylists: the week, hours, time off, services."""
