"""A day or a moment in words or in figures: tomorrow, tue 3pm, 24/12, 2026-03-10 15:00. For fields that ask when."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta

from frontdesk.clock import instant, local
from frontdesk.errors import BadInput
from frontdesk.rules.hours import DAY
from frontdesk.rules.phrase import understand_when
from frontdesk.rules.phrase_wishes import Question, When
from frontdesk.rules.when import WEEKDAY_WORDS

_TWICE = re.compile(r"\s+(first|second)$", re.IGNORECASE)
_SOMEBODY = "the customer "
"""The booking line takes a word it does not know for a name; a field that asks when does not."""
_NAMED = re.compile(rf"\b(?:{WEEKDAY_WORDS})\b", re.IGNORECASE)
_NEAR = 31
"""A date without its year that is no more days away is still to come, as it is said: the rest of this month."""
_MIDDLE = re.compile(r"(?<=\d)T(?=\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Here:
    """What words of time are said against: now, where, and how days are written there."""

    now: dt.datetime
    timezone: str
    country: str

    @property
    def wall(self) -> dt.datetime:
        """Now, on the shop's clock."""
        return local(self.now, self.timezone)


def day_meant(words: str, here: Here, *, field: str | None = None) -> dt.date:
    """The day that is meant. Raises BadInput for anything that is no day."""
    said = _understood(words, here, field)
    if said.day is None or said.time is not None:
        raise BadInput(f'"{words}" is not a day. Say it like tomorrow, tue, 24/12 or 2026-03-10.', field=field)
    return said.day


def day_passed(words: str, here: Here, *, field: str | None = None) -> dt.date:
    """The day that is meant where people look back: a weekday is the last one there was, 31/3 the last 31 March.

    Raises BadInput.
    """
    today = here.wall.date()
    day = day_meant(words, here, field=field)
    if day <= today or re.search("[0-9]{4}", words):
        return day
    if re.search("[0-9]", words) and (day - today).days > _NEAR:
        a_year_ago: dt.date = day - relativedelta(years=1)
        return a_year_ago
    return day - 7 * DAY if _NAMED.search(words) else day


def moment_meant(
    words: str, here: Here, *, instead_of: dt.datetime | None = None, field: str | None = None
) -> dt.datetime:
    """The instant that is meant. What is left unsaid, day or time, is that of `instead_of`, or today.

    An hour that the autumn change repeats is told apart by "first" or "second" behind it. Raises BadInput, TimeSkipped
    and TimeRepeated.
    """
    exact = _exact(words)
    if exact is not None:
        return exact
    twice = _TWICE.search(words)
    said = _understood(_TWICE.sub("", words), here, field)
    before = local(instead_of, here.timezone) if instead_of else None
    day = said.day or (before.date() if before else here.wall.date())
    time = said.time or (before.time() if before else None)
    if not words.strip():
        raise BadInput("Say when: 3pm, tue 15:30 or 2026-03-10 15:00.", field=field)
    if time is None or (said.day is None and said.time is None):
        raise BadInput(f'"{words}" has no time. Say it like 3pm, tue 15:30 or 2026-03-10 15:00.', field=field)
    return instant(day, time, here.timezone, second=None if twice is None else twice[1].casefold() == "second")


def moment_passed(words: str, here: Here, *, field: str | None = None) -> dt.datetime:
    """The instant that is meant where people look back: a weekday is the last one there was. Raises BadInput."""
    at = moment_meant(words, here, instead_of=here.now, field=field)
    if at > here.now and _NAMED.search(words):
        wall = local(at, here.timezone) - 7 * DAY
        at = instant(wall.date(), wall.time(), here.timezone, second=False)
    return at


def _exact(words: str) -> dt.datetime | None:
    """An instant with its zone, as programs write it."""
    try:
        found = dt.datetime.fromisoformat(words)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _understood(words: str, here: Here, field: str | None) -> When:
    said = understand_when(
        _MIDDLE.sub(" ", words),
        today=here.wall.date(),
        now=here.wall.time(),
        day_first=here.country not in ("US", "CA"),
    )
    if isinstance(said, Question):
        likely = ", ".join(label for label, _ in said.options if not label.startswith(_SOMEBODY))
        raise BadInput(said.text + (f" Did you mean {likely}?" if likely else ""), field=field)
    if said is None:
        raise BadInput(f'"{words}" is no day and no time. Say it like tue 3pm, 24/12 or 2026-03-10 15:00.', field=field)
    return said
