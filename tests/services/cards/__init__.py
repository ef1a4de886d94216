"""Tests of `services/cards`."""
