"""A week of work in words."""

from __future__ import annotations

import datetime as dt

import pytest

from frontdesk.errors import BadInput
from frontdesk.rules.week import hours_meant, week_in_line, week_words


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("mon-sat 9-17", "Mon–Sat 09:00–17:00"),
        ("mon-fri 9-17, sat 9-13", "Mon–Fri 09:00–17:00; Sat 09:00–13:00"),
        ("tue,thu 10:00-13:00,14-18", "Tue 10:00–13:00, 14:00–18:00; Thu 10:00–13:00, 14:00–18:00"),
        ("Mon–Wed 09:00–17:00; Sat 09:00–13:00", "Mon–Wed 09:00–17:00; Sat 09:00–13:00"),
        ("sat-mon 9-17", "Mon 09:00–17:00; Sat, Sun 09:00–17:00"),
        ("", ""),
    ],
)
def test_a_line_is_read_as_people_write_a_week(words: str, read: str) -> None:
    assert week_words(week_in_line(words)) == read


def test_what_is_written_can_be_read_again() -> None:
    week = week_in_line("mon,wed 9-13,14-18; thu,fri 8-9; sat-sun 10:15-16")
    assert week_in_line(week_words(week)) == tuple(sorted(week))


@pytest.mark.parametrize("words", ["mon", "someday 9-17", "mon 9", "mon 25-26", "mon-fri 9-17, sat"])
def test_what_is_no_week_is_refused_with_an_example(words: str) -> None:
    with pytest.raises(BadInput) as refused:
        week_in_line(words, field="week")
    assert refused.value.facts["field"] == "week"


def test_hours_of_a_day() -> None:
    assert hours_meant("9-13, 14:30-18") == ((dt.time(9), dt.time(13)), (dt.time(14, 30), dt.time(18)))
