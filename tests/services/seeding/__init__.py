"""Tests of `services/seeding`."""
