"""How often somebody comes, by what they did so far, and when they would come next (features N19, N23)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import pairwise
from statistics import median_low

LEAST_GAPS = 2
"""One gap is a coincidence: somebody who came twice has no rhythm yet."""

NEAR = 7
"""Days beside their own rhythm within which somebody is due."""


def rhythm(days: Iterable[dt.date]) -> int | None:
    """The median of the days between visits; None for somebody who came too seldom to have one.

    Two visits on one day are one. Of an even number of gaps the shorter of the two in the middle counts.
    """
    gaps = [(later - earlier).days for earlier, later in pairwise(sorted(set(days)))]
    return median_low(gaps) if len(gaps) >= LEAST_GAPS else None


def is_due(last: dt.date, every: int, on: dt.date) -> bool:
    """Whether a day lies within a week of the day on which somebody would come again."""
    return abs((last + dt.timedelta(days=every) - on).days) <= NEAR


def days_in_rhythm(last: dt.date, every: int, *, weeks: int = 3) -> Iterator[dt.date]:
    """Days of the same weekday as the last visit, the nearest to the rhythm first, all of them after it."""
    due = last + dt.timedelta(days=every)
    nearest = due + dt.timedelta(days=(last - due).days % 7)
    likely = [nearest + dt.timedelta(days=7 * n) for n in range(-weeks, weeks + 1)]
    yield from sorted((day for day in likely if day > last), key=lambda day: (abs((day - due).days), day))
