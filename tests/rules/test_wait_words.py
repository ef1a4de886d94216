"""When somebody who waits could come, in words (features BK20)."""

from __future__ import annotations

import datetime as dt

import pytest

from frontdesk.errors import BadInput
from frontdesk.rules.wait_words import EVERY_DAY, hours_meant, hours_words, how_long, weekdays_meant, weekdays_words


@pytest.mark.parametrize(
    ("words", "days", "said"),
    [
        ("", EVERY_DAY, ""),
        ("any", EVERY_DAY, ""),
        ("tue", (2,), "Tue"),
        ("Friday, tue", (2, 5), "Tue, Fri"),
        ("mon - wed fri", (1, 2, 3, 5), "Mon–Wed, Fri"),
        ("weekend", (6, 7), "Sat, Sun"),
        ("sat-mon", (1, 6, 7), "Mon, Sat, Sun"),
    ],
)
def test_weekdays_are_read_and_written(words: str, days: tuple[int, ...], said: str) -> None:
    assert weekdays_meant(words) == days
    assert weekdays_words(days) == said
    assert weekdays_meant(said) == days


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("", None, None),
        ("16-18", "16:00", "18:00"),
        ("9:30 – 12", "09:30", "12:00"),
        ("4-6pm", "16:00", "18:00"),
        ("9-5pm", "09:00", "17:00"),
        ("after 4pm", "16:00", None),
        ("before 12", None, "12:00"),
        ("by 17.30", None, "17:30"),
    ],
)
def test_hours_are_read(words: str, since: str | None, until: str | None) -> None:
    wall = tuple(None if at is None else dt.time.fromisoformat(at) for at in (since, until))
    assert hours_meant(words) == wall


@pytest.mark.parametrize("words", ["soon", "25-26", "after 13pm", "16"])
def test_what_are_no_hours_is_said(words: str) -> None:
    with pytest.raises(BadInput) as refused:
        hours_meant(words, field="hours")
    assert refused.value.facts["field"] == "hours"


def test_what_is_no_weekday_is_said() -> None:
    with pytest.raises(BadInput, match='"mardi" is no weekday'):
        weekdays_meant("mardi")


def test_hours_and_waits_are_short() -> None:
    assert [hours_words(*each) for each in ((0, 1440), (960, 1440), (0, 720), (960, 1050))] == [
        "", "after 16:00", "before 12:00", "16:00–17:30",
    ]  # fmt: skip
    assert [how_long(each) for each in (-1, 45, 89, 150, 60 * 50, 24 * 60 * 15)] == [
        "0m",
        "45m",
        "89m",
        "2h",
        "2d",
        "2w",
    ]
