"""WHEN and DATE on a command line, in words or in figures (rules/moment.py). What can't be read is a usage error."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from frontdesk.cli.mistyped import usage

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.rules.moment import Here


def day_said(desk: Desk, words: str | None) -> dt.date | None:
    """The shop's day that is meant; None when nothing was said."""
    from frontdesk.rules.moment import day_meant

    if not words:
        return None
    with usage():
        return day_meant(words, _here(desk))


def passed_day_said(desk: Desk, words: str | None) -> dt.date | None:
    """The shop's day that is meant where people look back: 31/3 is the last one there was."""
    from frontdesk.rules.moment import day_passed

    if not words:
        return None
    with usage():
        return day_passed(words, _here(desk))


def moment_said(desk: Desk, words: str, *, instead_of: dt.datetime | None = None) -> dt.datetime:
    """The instant that is meant on the shop's clock. Raises TimeSkipped and TimeRepeated."""
    from frontdesk.rules.moment import moment_meant

    with usage():
        return moment_meant(words, _here(desk), instead_of=instead_of)


def passed_said(desk: Desk, words: str) -> dt.datetime:
    """The instant that is meant where people look back: mon 17:00 is last Monday's."""
    from frontdesk.rules.moment import moment_passed

    with usage():
        return moment_passed(words, _here(desk))


def _here(desk: Desk) -> Here:
    from frontdesk.rules.moment import Here

    return Here(desk.clock.now(), desk.shop.timezone, desk.shop.country)


def words_of(parts: tuple[Any, ...]) -> str:
    """Several arguments as one line, so that quotes are not needed."""
    return " ".join(map(str, parts))


def days_written(first: dt.date, last: dt.date, starts: dt.time | None = None, ends: dt.time | None = None) -> str:
    """`2026-12-24`, `2026-12-24 to 2026-12-26`, with the hours of the first and the last where they are not whole."""
    since, until = f" {starts:%H:%M}" if starts else "", f" {ends:%H:%M}" if ends else ""
    if first != last:
        return f"{first}{since} to {last}{until}"
    if not since and not until:
        return str(first)
    return f"{first}{since or ' 00:00'}–{until.strip() or '24:00'}"
