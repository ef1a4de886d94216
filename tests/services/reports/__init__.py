"""Tests of `services/reports`."""
