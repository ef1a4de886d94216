"""Tests of `services/importing`."""
