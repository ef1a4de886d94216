"""Birthdays that are near: said when somebody comes."""

from __future__ import annotations

import datetime as dt

_AHEAD_DAYS = 7


def birthday_words(born: dt.date | None, today: dt.date) -> str:
    """`birthday today`, `birthday tomorrow`, `birthday Thursday`; empty when it is more than a week ahead.

    Who was born on 29 February has it on 1 March in the years between.
    """
    if born is None:
        return ""
    days = min((_in(born, year) - today).days for year in (today.year, today.year + 1) if _in(born, year) >= today)
    if days > _AHEAD_DAYS:
        return ""
    if days == _AHEAD_DAYS:
        return "birthday in a week"
    return f"birthday {('today', 'tomorrow')[days] if days < 2 else f'{today + dt.timedelta(days=days):%A}'}"


def _in(born: dt.date, year: int) -> dt.date:
    try:
        return born.replace(year=year)
    except ValueError:
        return dt.date(year, 3, 1)
