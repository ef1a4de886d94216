"""Tests of the channels to the outside world."""
