"""Tests of `services/phrases`."""
