"""Tests of `services/search`."""
