"""Tests of `services/pay`."""
