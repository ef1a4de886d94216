"""A week of work on a command line: `mon-sat 9-17`, `tue,thu 10:00-13:00,14-18`, `daily 9-21`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from frontdesk.services.roster import Shift

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SEVERAL = {"daily": range(1, 8), "weekdays": range(1, 6), "weekend": range(6, 8)}
_HOURS = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?-(\d{1,2})(?:[:.](\d{2}))?")


def week_said(pieces: Sequence[str]) -> tuple[Shift, ...]:
    """The shifts that are meant. A usage error for what can't be read."""
    from frontdesk.services.roster import Shift

    return tuple(
        Shift(weekday=day, starts=starts, ends=ends)
        for piece in pieces
        for days, hours in [_parted(piece)]
        for day in days
        for starts, ends in hours
    )


def week_written(shifts: Iterable[Shift]) -> str:
    """The same, as people read it: `Mon–Sat 09:00–17:00`."""
    by_day: dict[int, str] = {}
    for shift in sorted(shifts, key=lambda one: (one.weekday, one.starts)):
        before = f"{by_day[shift.weekday]}, " if shift.weekday in by_day else ""
        by_day[shift.weekday] = f"{before}{shift.starts:%H:%M}–{shift.ends:%H:%M}"
    runs = groupby(sorted(by_day.items()), key=lambda item: (item[0] - sorted(by_day).index(item[0]), item[1]))
    return "; ".join(f"{_days([day for day, _ in run])} {hours}" for (_, hours), run in runs)


def hours_said(text: str) -> tuple[tuple[dt.time, dt.time], ...]:
    """Stretches of a day: `9-13,14-18`. A usage error for what can't be read."""
    found = []
    for piece in text.replace(" ", "").split(","):
        match = _HOURS.fullmatch(piece)
        if match is None:
            raise click.UsageError(f'"{piece}" are no hours. Say them like 9-17 or 9:30-13:00.')
        found.append((_wall(match[1], match[2], piece), _wall(match[3], match[4], piece)))
    return tuple(found)


def _parted(piece: str) -> tuple[list[int], tuple[tuple[dt.time, dt.time], ...]]:
    days, _, hours = piece.strip().partition(" ")
    if not hours:
        raise click.UsageError(f'"{piece}" is no week. Say it like "mon-sat 9-17".')
    return [day for part in days.casefold().split(",") for day in _weekdays(part)], hours_said(hours)


def _weekdays(part: str) -> Sequence[int]:
    if part in _SEVERAL:
        return _SEVERAL[part]
    first, _, last = part.partition("-")
    start, end = _weekday(first), _weekday(last or first)
    return range(start, end + 1) if start <= end else [*range(start, 8), *range(1, end + 1)]


def _weekday(word: str) -> int:
    if word[:3] not in DAYS:
        raise click.UsageError(f'"{word}" is no weekday. Say {", ".join(DAYS)}, or daily.')
    return DAYS.index(word[:3]) + 1


def _wall(hour: str, minute: str | None, piece: str) -> dt.time:
    try:
        return dt.time(int(hour), int(minute or 0))
    except ValueError:
        raise click.UsageError(f'"{piece}" has a time that no clock shows.') from None


def _days(run: Sequence[int]) -> str:
    names = [DAYS[day - 1].capitalize() for day in run]
    return names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}" if len(names) > 2 else ", ".join(names)
