"""Tests of `services/undo`."""
