"""Days and moments as fields ask for them."""

from __future__ import annotations

import datetime as dt

import pytest

from frontdesk.errors import BadInput
from frontdesk.rules.moment import Here, day_meant, day_passed, moment_meant, moment_passed

HERE = Here(dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC), "Europe/London", "GB")


def test_a_mistyped_day_may_mean_another_day_and_never_a_person() -> None:
    with pytest.raises(BadInput) as refused:
        day_meant("yesterdayy", HERE)
    assert "yesterday" in refused.value.sentence
    assert "customer" not in refused.value.sentence
    assert day_meant("yesterday", HERE) == dt.date(2026, 3, 9)


@pytest.mark.parametrize(("words", "day", "hour"), [
    ("mon 17:00", 9, 17), ("tue 8:00", 10, 8), ("tue 17:00", 3, 17), ("fri 12:00", 6, 12), ("yesterday 12:00", 9, 12),
    ("wed", 4, 9),
])  # fmt: skip
def test_a_weekday_that_has_been_is_the_last_one(words: str, day: int, hour: int) -> None:
    assert moment_passed(words, HERE) == dt.datetime(2026, 3, day, hour, tzinfo=dt.UTC)


@pytest.mark.parametrize(("words", "day"), [
    ("1/2", dt.date(2026, 2, 1)), ("31/12", dt.date(2025, 12, 31)), ("24 dec", dt.date(2025, 12, 24)),
    ("mon", dt.date(2026, 3, 9)), ("wed", dt.date(2026, 3, 4)), ("today", dt.date(2026, 3, 10)),
    ("yesterday", dt.date(2026, 3, 9)), ("2026-12-24", dt.date(2026, 12, 24)), ("tomorrow", dt.date(2026, 3, 11)),
])  # fmt: skip
def test_a_day_that_is_looked_back_at_is_the_last_one_there_was(words: str, day: dt.date) -> None:
    assert day_passed(words, HERE) == day


@pytest.mark.parametrize("words", ["tomorrow 12:00", "17:00", "12/3 12:00"])
def test_what_is_said_to_be_to_come_stays_to_come(words: str) -> None:
    assert moment_passed(words, HERE) > HERE.now


def test_when_nothing_is_said_the_words_to_say_are() -> None:
    with pytest.raises(BadInput, match="Say when: 3pm"):
        moment_meant(" ", HERE)
