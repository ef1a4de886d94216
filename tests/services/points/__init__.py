"""Tests of `services/points`."""
