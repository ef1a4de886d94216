"""Points: a point that is begun is gone, the oldest go first, and nothing is worth more than it is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from frontdesk.rules.points import PointsMoved, expired, points_for, worth_of

NICKEL = Decimal("0.05")


def test_an_amount_takes_every_point_it_begins() -> None:
    assert [points_for(Decimal(amount), NICKEL) for amount in ("5.00", "4.98", "4.95")] == [100, 100, 99]


def test_points_are_worth_whole_cents_only() -> None:
    assert [worth_of(points, Decimal("0.005"), "GBP") for points in (-3, 1, 3)] == [0, 0, Decimal("0.01")]


@given(st.integers(1, 100_000), st.sampled_from(["0.005", "0.01", "0.03", "0.05", "1"]))
def test_what_points_are_worth_takes_no_more_of_them(points: int, value: str) -> None:
    assert points_for(worth_of(points, Decimal(value), "GBP"), Decimal(value)) <= points


def test_what_goes_goes_of_those_that_would_expire_first() -> None:
    march, april, may = (dt.date(2026, month, 1) for month in (3, 4, 5))
    moved = [PointsMoved(100, april), PointsMoved(50, may), PointsMoved(-120), PointsMoved(7)]
    assert expired(moved, march) == []
    assert expired(moved, april) == []
    assert expired(moved, may) == [(may, 30)]


@given(st.lists(st.tuples(st.integers(-50, 50).filter(bool), st.integers(1, 400)), max_size=30), st.integers(1, 400))
def test_no_more_expires_than_is_there_and_once_it_is_entered_nothing_is_left_to(
    moves: list[tuple[int, int]], day: int
) -> None:
    moved, left = [], 0
    for points, until in moves:
        if left + points >= 0:
            moved.append(PointsMoved(points, dt.date.fromordinal(700_000 + until) if points > 0 else None))
            left += points
    today = dt.date.fromordinal(700_000 + day)
    gone = expired(moved, today)
    assert sum(points for _, points in gone) <= left
    assert expired([*moved, *(PointsMoved(-points) for _, points in gone)], today) == []
