"""Tests of `services/records`."""
