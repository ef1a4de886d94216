"""Tests of `services/series`."""
