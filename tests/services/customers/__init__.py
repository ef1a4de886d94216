"""Tests of `services/customers`."""
