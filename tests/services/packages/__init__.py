"""Tests of `services/packages`."""
