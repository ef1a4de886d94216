"""How often somebody comes, and when they would come next."""

from __future__ import annotations

import datetime as dt
from itertools import accumulate, islice, pairwise
from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.rules.rhythm import days_in_rhythm, is_due, rhythm

TUESDAY = dt.date(2026, 3, 10)

gaps_of_days = st.lists(st.integers(1, 400), min_size=2, max_size=12)


def came(*gaps: int) -> list[dt.date]:
    """Days with so many days between them, the last one a Tuesday."""
    return [TUESDAY - dt.timedelta(days=sum(gaps)) + dt.timedelta(days=n) for n in accumulate((0, *gaps))]


def test_the_rhythm_is_the_median_gap() -> None:
    assert rhythm(came(40, 42, 41)) == 41
    assert rhythm(came(40, 42, 41, 200)) == 41, "one long absence changes nothing"
    assert rhythm(came(28, 28, 28)) == 28


def test_two_visits_are_no_rhythm_and_two_on_one_day_are_one() -> None:
    assert rhythm([]) is None
    assert rhythm(came(30)) is None
    assert rhythm([*came(30), *came(30)]) is None


@given(gaps_of_days)
def test_a_rhythm_is_one_of_the_gaps_whatever_the_order_of_the_days(gaps: list[int]) -> None:
    days = came(*gaps)
    assert rhythm(reversed(days)) == median_low(gaps) == median_low((b - a).days for a, b in pairwise(days))


@pytest.mark.parametrize(("day", "due"), [(33, False), (34, True), (41, True), (48, True), (49, False)])
def test_somebody_is_due_within_a_week_of_their_day(day: int, due: bool) -> None:
    assert is_due(TUESDAY, 41, TUESDAY + dt.timedelta(days=day)) == due


def test_the_same_weekday_nearest_to_the_rhythm_comes_first() -> None:
    assert list(islice(days_in_rhythm(TUESDAY, 41), 3)) == [
        dt.date(2026, 4, 21),  # 42 days
        dt.date(2026, 4, 14),  # 35
        dt.date(2026, 4, 28),  # 49
    ]


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.integers(1, 400))
def test_days_are_of_the_weekday_after_the_last_visit_and_ever_farther_from_the_rhythm(
    last: dt.date, every: int
) -> None:
    days = list(days_in_rhythm(last, every))
    assert days
    assert all(day > last and day.weekday() == last.weekday() for day in days)
    away = [abs((day - last).days - every) for day in days]
    assert away == sorted(away)
    assert away[0] <= max(3, 7 - every)
