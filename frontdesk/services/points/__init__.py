"""Loyalty: what points are given for, and what they pay."""
