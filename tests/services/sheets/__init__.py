"""Tests of `services/sheets`."""
