"""Whose turn it is, so that walk-ins are shared fairly (features CI4).

Whoever has had the fewest turns today is next; of equals whoever was served longest ago, then whoever began earlier.
A customer who asked for a stylist, and a small service, count as the shop's rules say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Turner:
    """Somebody who takes turns today."""

    stylist_id: int
    began_at: dt.datetime
    """When their day here began."""
    place: int
    """In the order of the book."""
    turns: Decimal = Decimal(0)
    """What their turns of today come to."""
    last_at: dt.datetime | None = None
    """When they had the last one."""


def in_order(turners: Iterable[Turner]) -> list[Turner]:
    """Whose turn it is, then whose after that."""
    return sorted(turners, key=lambda one: (one.turns, one.last_at or _NEVER, one.began_at, one.place))


def passed_over(order: Iterable[Turner], stylist_id: int) -> list[Turner]:
    """Who had the turn before this one."""
    before: list[Turner] = []
    for one in order:
        if one.stylist_id == stylist_id:
            break
        before.append(one)
    return before


@dataclass(frozen=True)
class TurnRules:
    """What a turn counts as in this shop."""

    request: Decimal
    """When the customer asked for the stylist."""
    small: Decimal
    """When the service is small."""
    small_minutes: int
    """Up to how many minutes it is."""


def weight(rules: TurnRules, *, asked_for: bool, minutes: int) -> Decimal:
    """What a turn counts as: a whole one, unless a rule makes it less."""
    says = [Decimal(1)]
    if asked_for:
        says.append(rules.request)
    if minutes <= rules.small_minutes:
        says.append(rules.small)
    return min(says)
