"""Tests of `services/drawers`."""
