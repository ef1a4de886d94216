"""Tests of `services/presets`."""
