"""Tests of `services/papers`."""
