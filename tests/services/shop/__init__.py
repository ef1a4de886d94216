"""Tests of `services/shop`."""
