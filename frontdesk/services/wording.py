"""How services say times and people inside their sentences."""

from __future__ import annotations

import datetime as dt

from frontdesk.clock import day_of, local


def day_and_time(instant: dt.datetime, zone: str) -> str:
    """`Tue 10 Mar 15:00`."""
    return f"{local(instant, zone):%a} {local(instant, zone).day} {local(instant, zone):%b %H:%M}"


def day_words(day: dt.date) -> str:
    """`Tue 10 Mar`."""
    return f"{day:%a} {day.day} {day:%b}"


def clock_time(instant: dt.datetime, zone: str) -> str:
    """`15:00`."""
    return f"{local(instant, zone):%H:%M}"


def when_said(instant: dt.datetime, today: dt.date, zone: str) -> str:
    """`15:00` today, `Tue 10 Mar 15:00` on any other day."""
    return clock_time(instant, zone) if day_of(instant, zone) == today else day_and_time(instant, zone)


def stretch(starts_at: dt.datetime, ends_at: dt.datetime, zone: str) -> str:
    """`15:00–15:45`."""
    return f"{clock_time(starts_at, zone)}–{clock_time(ends_at, zone)}"


def person(first_name: str | None, last_name: str | None, code: str | None = None, guest: str | None = "") -> str:
    """What a customer is called: a guest's name, their own, their code, or that nobody said."""
    return guest or f"{first_name or ''} {last_name or ''}".strip() or code or "somebody without a name"
