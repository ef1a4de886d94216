"""Birthdays within a week are said."""

from __future__ import annotations

import datetime as dt

import pytest

from frontdesk.rules.birthdays import birthday_words

MONDAY = dt.date(2026, 3, 9)


@pytest.mark.parametrize(
    ("born", "today", "said"),
    [
        (dt.date(1990, 3, 9), MONDAY, "birthday today"),
        (dt.date(1990, 3, 10), MONDAY, "birthday tomorrow"),
        (dt.date(1990, 3, 12), MONDAY, "birthday Thursday"),
        (dt.date(1990, 3, 16), MONDAY, "birthday in a week"),
        (dt.date(1990, 3, 17), MONDAY, ""),
        (dt.date(1990, 3, 8), MONDAY, ""),
        (dt.date(1990, 1, 2), dt.date(2026, 12, 31), "birthday Saturday"),
        (dt.date(2000, 2, 29), dt.date(2026, 2, 28), "birthday tomorrow"),
        (None, MONDAY, ""),
    ],
)
def test_a_birthday_is_said_in_the_week_before(born: dt.date | None, today: dt.date, said: str) -> None:
    assert birthday_words(born, today) == said
