"""Tests of `services/stock`."""
