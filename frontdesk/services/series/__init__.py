"""Visits that come again and again."""
