"""A week of work in words: `mon-sat 9-17`, `tue,thu 10:00-13:00,14-18`, `daily 9-21`. Read, and written for people."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from frontdesk.errors import BadInput

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SEVERAL = {"daily": range(1, 8), "weekdays": range(1, 6), "weekend": range(6, 8)}
_HOURS = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?[-–](\d{1,2})(?:[:.](\d{2}))?")
_AFTER_HOURS = re.compile(r"(?<=\d)\s*,\s*(?=[^\W\d])")
_BETWEEN_DAYS = re.compile(r"(?<=[^\W\d])\s*,\s*(?=[^\W\d])")


class Stretch(NamedTuple):
    """Some hours of a weekday, wall time."""

    weekday: int
    """1 Monday to 7 Sunday."""
    starts: dt.time
    ends: dt.time


def week_meant(pieces: Iterable[str], *, field: str | None = None) -> tuple[Stretch, ...]:
    """The hours of a week, each piece its days and their hours. Raises BadInput for what can't be read."""
    return tuple(
        Stretch(day, starts, ends)
        for piece in pieces
        for days, hours in [_parted(piece, field)]
        for day in days
        for starts, ends in hours
    )


def week_in_line(words: str, *, field: str | None = None) -> tuple[Stretch, ...]:
    """The same from one line: `mon-fri 9-17, sat 9-13`, parted by commas or semicolons. Raises BadInput."""
    parted = _AFTER_HOURS.sub(";", words)
    return week_meant([piece for piece in parted.split(";") if piece.strip()], field=field)


def hours_meant(words: str, *, field: str | None = None) -> tuple[tuple[dt.time, dt.time], ...]:
    """Stretches of a day: `9-13,14-18`. Raises BadInput for what can't be read."""
    found = []
    for piece in words.replace(" ", "").split(","):
        match = _HOURS.fullmatch(piece)
        if match is None:
            raise BadInput(f'"{piece}" are no hours. Say them like 9-17 or 9:30-13:00.', field=field)
        found.append((_wall(match[1], match[2], piece, field), _wall(match[3], match[4], piece, field)))
    return tuple(found)


def week_words(week: Iterable[tuple[int, dt.time, dt.time]]) -> str:
    """A week as people read it: `Mon–Fri 09:00–17:00; Sat 09:00–13:00`."""
    by_day: dict[int, str] = {}
    for weekday, starts, ends in sorted(week):
        before = f"{by_day[weekday]}, " if weekday in by_day else ""
        by_day[weekday] = f"{before}{starts:%H:%M}–{ends:%H:%M}"
    days = sorted(by_day)
    runs = groupby(sorted(by_day.items()), key=lambda item: (item[0] - days.index(item[0]), item[1]))
    return "; ".join(f"{_days([day for day, _ in run])} {hours}" for (_, hours), run in runs)


def _parted(piece: str, field: str | None) -> tuple[list[int], tuple[tuple[dt.time, dt.time], ...]]:
    days, _, hours = _BETWEEN_DAYS.sub(",", piece.strip()).partition(" ")
    if not hours:
        raise BadInput(f'"{piece.strip()}" is no week. Say it like "mon-sat 9-17".', field=field)
    named = [day for part in days.casefold().split(",") for day in _weekdays(part, field)]
    return named, hours_meant(hours, field=field)


def _weekdays(part: str, field: str | None) -> Sequence[int]:
    if part in _SEVERAL:
        return _SEVERAL[part]
    first, _, last = part.replace("–", "-").partition("-")
    start, end = _weekday(first, field), _weekday(last or first, field)
    return range(start, end + 1) if start <= end else [*range(start, 8), *range(1, end + 1)]


def _weekday(word: str, field: str | None) -> int:
    if word[:3] not in DAYS:
        raise BadInput(f'"{word}" is no weekday. Say {", ".join(DAYS)}, or daily.', field=field)
    return DAYS.index(word[:3]) + 1


def _wall(hour: str, minute: str | None, piece: str, field: str | None) -> dt.time:
    try:
        return dt.time(int(hour), int(minute or 0))
    except ValueError:
        raise BadInput(f'"{piece}" has a time that no clock shows.', field=field) from None


def _days(run: Sequence[int]) -> str:
    names = [DAYS[day - 1].capitalize() for day in run]
    return names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}" if len(names) > 2 else ", ".join(names)
