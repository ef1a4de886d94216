"""Tests of `services/placing`."""
