"""Tests of `services/menu`."""
