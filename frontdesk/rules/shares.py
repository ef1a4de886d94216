"""Shares of a whole: as whole percents, as bars of blocks, and as a line of small columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

Number = int | Decimal | Fraction

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_HEIGHTS = " ▁▂▃▄▅▆▇█"


def percent(part: Number, whole: Number) -> int | None:
    """So many percent, halves away from zero; None of nothing."""
    if not whole:
        return None
    exact = Fraction(part) / Fraction(whole) * 100
    units = math.floor(abs(exact) + Fraction(1, 2))
    return -units if exact < 0 else units


def average(values: Sequence[Number], *, per: int = 1) -> int | None:
    """The average in whole units of so many, halves away from zero; None of nothing."""
    return percent(sum((Fraction(value) for value in values), Fraction()), 100 * per * len(values))


def bar(part: Number, whole: Number, width: int) -> str:
    """A bar of at most so many cells, to an eighth of one; more than the whole fills it. Padded to its width."""
    if whole <= 0 or part <= 0 or width <= 0:
        return " " * max(width, 0)
    eighths = min(width * 8, max(1, math.floor(Fraction(part) / Fraction(whole) * width * 8 + Fraction(1, 2))))
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()).ljust(width)


def columns(values: Sequence[Number], height: int) -> list[str]:
    """A chart of one cell per value and so many rows, top row first; the largest value reaches the top."""
    most = max((Fraction(value) for value in values), default=Fraction())
    levels = [_level(Fraction(value), most, height * 8) for value in values]
    return ["".join(_HEIGHTS[max(0, min(8, level - 8 * row))] for level in levels) for row in reversed(range(height))]


def _level(value: Fraction, most: Fraction, top: int) -> int:
    return 0 if value <= 0 else max(1, math.floor(value / most * top + Fraction(1, 2)))
