"""Tests of `services/team`."""
