"""A date of birth as people type it: 29 feb 1988, 29/2/88, 1988-02-29. Unlike a visit's day it lies in the past."""

from __future__ import annotations

import datetime as dt
import re

from frontdesk.errors import BadInput
from frontdesk.rules.when import MONTHS

FIELD = "date_of_birth"

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_FIGURES = re.compile(r"(?P<one>\d{1,2})(?P<sign>[-/. ])(?P<two>\d{1,2})(?P=sign)(?P<year>\d{4}|\d{2})")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)? ?(?P<month>[a-z]{3,9})\.?,? ?(?P<year>\d{4}|\d{2})")
_MONTH_FIRST = re.compile(r"(?P<month>[a-z]{3,9})\.? ?(?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4}|\d{2})")


def born_meant(words: str, country: str, today: dt.date) -> dt.date | None:
    """The day that is meant; None when nothing is typed. Raises BadInput, which marks the field."""
    said = " ".join(words.casefold().split())
    if not said:
        return None
    day = _read(said, country, today)
    if day is None or day.year < 1900:
        raise BadInput(
            f'"{words.strip()[:30]}" is no date of birth. Type it like 29 feb 1988 or 29/2/1988.', field=FIELD
        )
    if day > today:
        raise BadInput(f"{born_words(day)} is still to come. Check the date of birth.", field=FIELD)
    return day


def born_words(day: dt.date) -> str:
    """As a profile and the form write it: `29 Feb 1988`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def age(born: dt.date, today: dt.date) -> int:
    """In years; who was born on 29 February is a year older on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _read(said: str, country: str, today: dt.date) -> dt.date | None:
    for shape in (_ISO, _FIGURES, _DAY_FIRST, _MONTH_FIRST):
        match = shape.fullmatch(said)
        if match is None:
            continue
        parts = match.groupdict()
        if "one" in parts:
            month_first = country in ("US", "CA") and parts["sign"] == "/"
            month, day = (parts["one"], parts["two"]) if month_first else (parts["two"], parts["one"])
        else:
            month, day = parts["month"], parts["day"]
        return _day(parts["year"], month, int(day), today)
    return None


def _day(year: str, month: str, day: int, today: dt.date) -> dt.date | None:
    names = [name.casefold() for name in MONTHS]
    if not month.isdecimal():
        if month[:3] not in names:
            return None
        month = str(names.index(month[:3]) + 1)
    whole = int(year) if len(year) == 4 else int(year) + (2000 if 2000 + int(year) <= today.year else 1900)
    try:
        return dt.date(whole, int(month), day)
    except ValueError:
        return None
