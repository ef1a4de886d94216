"""Points: how many pay for an amount, what they are worth, and which of them have expired. Arithmetic only (CO10)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from frontdesk.money import minor_digits, rounded


@dataclass(frozen=True, slots=True)
class PointsMoved:
    """Points that came or went."""

    points: int
    expires_on: dt.date | None = None
    """Of those that came: the first day on which they are worth nothing."""


def points_for(amount: Decimal, point_value: Decimal) -> int:
    """How many points an amount takes: a point that is begun is gone."""
    return math.ceil(Fraction(amount) / Fraction(point_value))


def worth_of(points: int, point_value: Decimal, currency: str) -> Decimal:
    """What so many points pay for, in whole minor units and never more than they are worth."""
    scale = 10 ** minor_digits(currency)
    units = math.floor(Fraction(max(points, 0)) * Fraction(point_value) * scale)
    return rounded(Fraction(units, scale), currency)


def expired(moved: Iterable[PointsMoved], day: dt.date) -> list[tuple[dt.date, int]]:
    """Which points have expired by a day and are still there, by the day on which they did.

    Whatever went, went of those that would expire first.
    """
    lots: list[tuple[dt.date, int]] = []
    gone = 0
    for one in moved:
        if one.points < 0:
            gone -= one.points
        elif one.expires_on is not None and one.expires_on <= day:
            lots.append((one.expires_on, one.points))
    found: dict[dt.date, int] = {}
    for expires_on, points in sorted(lots):
        left = max(points - gone, 0)
        gone = max(gone - points, 0)
        if left:
            found[expires_on] = found.get(expires_on, 0) + left
    return sorted(found.items())
