"""WHEN and DATE on a command line, in words or in figures: tomorrow, tue 3pm, 24/12, 2026-03-10 15:00."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.mistyped import usage

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.rules.phrase import Phrase

_TWICE = re.compile(r"\s+(first|second)$", re.IGNORECASE)
_MIDDLE = re.compile(r"(?<=\d)T(?=\d)", re.IGNORECASE)


def day_said(desk: Desk, words: str | None) -> dt.date | None:
    """The shop's day that is meant; None when nothing was said. A usage error for anything that is no day."""
    if not words:
        return None
    said = _understood(desk, words)
    if said.day is None or said.time is not None:
        raise click.UsageError(f'"{words}" is not a day. Say it like tomorrow, tue, 24/12 or 2026-03-10.')
    return said.day


def moment_said(desk: Desk, words: str, *, instead_of: dt.datetime | None = None) -> dt.datetime:
    """The instant that is meant on the shop's clock. What is left unsaid, day or time, is that of `instead_of`.

    An hour that the autumn change repeats is told apart by "first" or "second" behind it. Raises TimeSkipped and
    TimeRepeated.
    """
    from frontdesk.clock import instant, local

    exact = _exact(words)
    if exact is not None:
        return exact
    twice = _TWICE.search(words)
    said = _understood(desk, _TWICE.sub("", words))
    zone = desk.shop.timezone
    before = local(instead_of, zone) if instead_of else None
    day = said.day or (before.date() if before else desk.today)
    time = said.time or (before.time() if before else None)
    if time is None or (said.day is None and said.time is None):
        raise click.UsageError(f'"{words}" has no time. Say it like 3pm, tue 15:30 or 2026-03-10 15:00.')
    return instant(day, time, zone, second=None if twice is None else twice[1].casefold() == "second")


def _exact(words: str) -> dt.datetime | None:
    """An instant with its zone, as programs write it."""
    try:
        found = dt.datetime.fromisoformat(words)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _understood(desk: Desk, words: str) -> Phrase:
    from frontdesk.clock import local
    from frontdesk.rules.phrase import Question, Vocabulary, understand

    now = local(desk.clock.now(), desk.shop.timezone)
    with usage():
        said = understand(
            _MIDDLE.sub(" ", words), Vocabulary((), ()), today=now.date(), now=now.time(),
            day_first=desk.shop.country not in ("US", "CA"),
        )  # fmt: skip
    if isinstance(said, Question):
        likely = ", ".join(label for label, _ in said.options)
        raise click.UsageError(said.text + (f" Did you mean {likely}?" if likely else ""))
    if said.who or said.soonest:
        raise click.UsageError(f'"{words}" is no day and no time. Say it like tue 3pm, 24/12 or 2026-03-10 15:00.')
    return said


def words_of(parts: tuple[Any, ...]) -> str:
    """Several arguments as one line, so that quotes are not needed."""
    return " ".join(map(str, parts))
