"""A week of work on a command line (rules/week.py). What can't be read is a usage error."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from frontdesk.cli.mistyped import usage

if TYPE_CHECKING:
    from frontdesk.services.team.roster import Shift
    from frontdesk.services.team.shop_hours import OpenHours


def week_said(pieces: Sequence[str]) -> tuple[Shift, ...]:
    """The shifts that are meant."""
    from frontdesk.rules.week import week_meant
    from frontdesk.services.team.roster import Shift

    with usage():
        return tuple(Shift(weekday=day, starts=starts, ends=ends) for day, starts, ends in week_meant(pieces))


def week_written(shifts: Iterable[Shift]) -> str:
    """The same, as people read it: `Mon–Sat 09:00–17:00`."""
    from frontdesk.rules.week import week_words

    return week_words((shift.weekday, shift.starts, shift.ends) for shift in shifts)


def hours_said(text: str) -> tuple[tuple[dt.time, dt.time], ...]:
    """Stretches of a day: `9-13,14-18`."""
    from frontdesk.rules.week import hours_meant

    with usage():
        return hours_meant(text)


def opening_said(pieces: Sequence[str]) -> tuple[OpenHours, ...]:
    """The opening hours that are meant."""
    from frontdesk.rules.week import week_meant
    from frontdesk.services.team.shop_hours import OpenHours

    with usage():
        return tuple(OpenHours(weekday=day, opens=opens, closes=closes) for day, opens, closes in week_meant(pieces))


def opening_written(hours: Iterable[OpenHours]) -> str:
    """The same, as people read it."""
    from frontdesk.rules.week import week_words

    return week_words((one.weekday, one.opens, one.closes) for one in hours)


def weekday_written(weekday: int) -> str:
    """`Mon`."""
    from frontdesk.rules.week import DAYS

    return DAYS[weekday - 1].capitalize()
