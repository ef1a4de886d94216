"""Tests of `services/classes`."""
