"""Tests of `services/book`."""
