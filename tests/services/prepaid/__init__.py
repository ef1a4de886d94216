"""Tests of `services/prepaid`."""
