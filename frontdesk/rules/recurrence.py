"""When something comes again: so many times, every so many days, weeks or months, at the same time by the wall clock.

Ten o'clock stays ten o'clock when the clocks change (features BK31). Wall times are counted here and turned into
instants one by one; what a change of the clocks leaves out or brings twice is marked, never guessed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule

from frontdesk.clock import TimeRepeated, TimeSkipped, instant

MOST = 104
"""Two years of weeks. Nothing comes again without an end."""


class Unit(StrEnum):
    """What is counted from one time to the next; the same words as in the table."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_FREQUENCIES = {Unit.DAY: DAILY, Unit.WEEK: WEEKLY, Unit.MONTH: MONTHLY}


@dataclass(frozen=True)
class Recurrence:
    """A rule: the first time by the wall clock, and how it goes on."""

    first: dt.datetime
    """By the wall clock, without a zone."""
    every: int
    unit: Unit
    count: int

    @property
    def words(self) -> str:
        """`every 6 weeks, 8 times`."""
        often = self.unit.value if self.every == 1 else f"{self.every} {self.unit.value}s"
        return f"every {often}, {'once' if self.count == 1 else f'{self.count} times'}"


@dataclass(frozen=True)
class Coming:
    """One time of a rule."""

    number: int
    """From 1."""
    wall: dt.datetime
    instants: tuple[dt.datetime, ...]
    """When that is: nothing where the spring change skips it, the first and the second where autumn repeats it."""

    @property
    def is_skipped(self) -> bool:
        """Whether no clock ever shows it."""
        return not self.instants

    @property
    def is_repeated(self) -> bool:
        """Whether the clocks show it twice that night."""
        return len(self.instants) > 1


def walls(rule: Recurrence) -> list[dt.datetime]:
    """Every time of the rule by the wall clock. The 31st is the last day of a month that has no 31st."""
    first = rule.first.replace(tzinfo=None, second=0, microsecond=0)
    last_days = range(28, first.day + 1) if rule.unit is Unit.MONTH and first.day > 28 else None
    coming = rrule(
        _FREQUENCIES[rule.unit],
        dtstart=first,
        interval=rule.every,
        count=rule.count,
        bymonthday=last_days,
        bysetpos=-1 if last_days else None,
    )
    return list(coming)


def coming(rule: Recurrence, zone: str) -> list[Coming]:
    """The same as instants in a shop's zone."""
    return [Coming(number, wall, instants_of(wall, zone)) for number, wall in enumerate(walls(rule), start=1)]


def instants_of(wall: dt.datetime, zone: str) -> tuple[dt.datetime, ...]:
    """Which instants a wall time is: one, none in the spring gap, two in autumn's repeated hour."""
    try:
        return (instant(wall.date(), wall.time(), zone),)
    except TimeSkipped:
        return ()
    except TimeRepeated:
        return tuple(instant(wall.date(), wall.time(), zone, second=second) for second in (False, True))


def shifted(rule_walls: Sequence[dt.datetime], anchor: int, to: dt.datetime) -> list[dt.datetime]:
    """The times of a rule when one of them, by its place in the row, goes `to` another: each so many days on, at its
    time of day."""
    days = to.date() - rule_walls[anchor].date()
    return [dt.datetime.combine(wall.date() + days, to.time()) for wall in rule_walls]
