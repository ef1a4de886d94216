"""Reusable parts that know nothing of salons."""
