"""On which days and at which hours somebody who waits could come: read from a few words, and written (BK20)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence

from frontdesk.errors import BadInput
from frontdesk.rules.week import DAYS

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
_MIDNIGHT = 24 * 60
_SEVERAL = {"daily": range(1, 8), "weekdays": range(1, 6), "weekend": range(6, 8), "any": range(1, 8)}
_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|h)?"
_BETWEEN = re.compile(rf"{_CLOCK}\s*[-–]\s*{_CLOCK}")
_ONE_END = re.compile(rf"(after|from|before|until|by)\s+{_CLOCK}")

Hours = tuple[dt.time | None, dt.time | None]
"""Not before, and over by; None where it does not matter."""


def weekdays_meant(words: str, *, field: str | None = None) -> tuple[int, ...]:
    """`mon-wed, fri`, `weekend`; every day when nothing is said. Raises BadInput."""
    found: set[int] = set()
    for part in re.split(r"[\s,+]+", re.sub(r"\s*[-–]\s*", "-", words.strip().casefold())):
        if part in _SEVERAL:
            found.update(_SEVERAL[part])
        elif part:
            first, _, last = part.partition("-")
            start, end = _weekday(first, field), _weekday(last or first, field)
            found.update(range(start, end + 1) if start <= end else [*range(start, 8), *range(1, end + 1)])
    return tuple(sorted(found)) or EVERY_DAY


def _weekday(word: str, field: str | None) -> int:
    if word[:3] not in DAYS:
        raise BadInput(f'"{word}" is no weekday. Say {", ".join(DAYS)}, weekdays or weekend.', field=field)
    return DAYS.index(word[:3]) + 1


def hours_meant(words: str, *, field: str | None = None) -> Hours:
    """`16-18`, `after 4pm`, `before 12`; all day when nothing is said. Raises BadInput."""
    said = words.strip().casefold()
    if not said or said in ("any", "all day"):
        return None, None
    if match := _BETWEEN.fullmatch(said):
        until = _wall(match[4], match[5], match[6], said, field)
        since = _wall(match[1], match[2], match[3] or (match[6] if match[6] == "pm" else None), said, field)
        if since >= until and match[6] == "pm" and not match[3]:
            since = _wall(match[1], match[2], "am", said, field)  # 9-5pm
        return since, until
    if match := _ONE_END.fullmatch(said):
        at = _wall(match[2], match[3], match[4], said, field)
        return (at, None) if match[1] in ("after", "from") else (None, at)
    raise BadInput(f'"{words.strip()}" are no hours. Say them like 16-18, after 16 or before 12.', field=field)


def _wall(hour: str, minute: str | None, half: str | None, said: str, field: str | None) -> dt.time:
    hours = int(hour)
    if half in ("am", "pm"):
        if not 1 <= hours <= 12:
            raise BadInput(f'"{said}" has a time that no clock shows.', field=field)
        hours = hours % 12 + (12 if half == "pm" else 0)
    try:
        return dt.time(hours, int(minute or 0))
    except ValueError:
        raise BadInput(f'"{said}" has a time that no clock shows.', field=field) from None


def weekdays_words(weekdays: Collection[int]) -> str:
    """`Mon–Wed, Fri`; nothing for every day."""
    if set(weekdays) == set(EVERY_DAY):
        return ""
    runs: list[list[int]] = []
    for day in sorted(weekdays):
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(_run(run) for run in runs)


def _run(run: Sequence[int]) -> str:
    names = [DAYS[day - 1].capitalize() for day in run]
    return ", ".join(names) if len(names) < 3 else f"{names[0]}–{names[-1]}"


def hours_words(opens: int, closes: int) -> str:
    """Minutes after midnight as people read them: `16:00–18:00`, `after 16:00`; nothing for all day."""
    if opens == 0 and closes >= _MIDNIGHT:
        return ""
    if closes >= _MIDNIGHT:
        return f"after {_clock(opens)}"
    return f"before {_clock(closes)}" if opens == 0 else f"{_clock(opens)}–{_clock(closes)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def how_long(minutes: int) -> str:
    """How long somebody has waited: `5m`, `3h`, `2d`, `4w`."""
    for unit, letter in ((7 * 24 * 60, "w"), (24 * 60, "d"), (60, "h")):
        if minutes >= 2 * unit or (unit == 60 and minutes >= 90):
            return f"{minutes // unit}{letter}"
    return f"{max(0, minutes)}m"
