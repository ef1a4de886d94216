"""Tests of `services/people`."""
