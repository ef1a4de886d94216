"""Tests: the same rooms as the house."""
