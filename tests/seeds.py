"""How many dice the shuffled tests throw: one each time, more when somebody looks for trouble."""

from __future__ import annotations

import os


def seeds(first: int) -> range:
    """One seed, or as many as FRONTDESK_TEST_SEEDS says from there on."""
    return range(first, first + int(os.environ.get("FRONTDESK_TEST_SEEDS", "1")))
