"""Customers: find, look at, add and change."""
