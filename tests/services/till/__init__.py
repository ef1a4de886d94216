"""Tests of `services/till`."""
