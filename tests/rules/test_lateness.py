"""Early, on time, late: in whole minutes."""

from __future__ import annotations

import datetime as dt

import pytest

from frontdesk.rules.lateness import minutes_late, punctuality
from frontdesk.rules.states import Status

TEN = dt.datetime(2026, 3, 9, 10, 0, tzinfo=dt.UTC)


def _after(minutes: float) -> dt.datetime:
    return TEN + dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(-2, "2 min early"), (0, "on time"), (0.9, "on time"), (5, "5 min late"), (-0.5, "1 min early")],
)
def test_who_comes_is_early_on_time_or_late(minutes: float, said: str) -> None:
    assert punctuality(TEN, _after(minutes)) == said


def test_a_row_says_late_from_the_shop_s_minutes_on() -> None:
    assert minutes_late(TEN, Status.CONFIRMED, _after(14), 15) is None
    assert minutes_late(TEN, Status.CONFIRMED, _after(15), 15) == 15
    assert minutes_late(TEN, Status.PENDING, _after(40), 15) == 40


@pytest.mark.parametrize("status", [status for status in Status if status not in (Status.PENDING, Status.CONFIRMED)])
def test_nobody_who_is_here_or_has_left_is_late(status: Status) -> None:
    assert minutes_late(TEN, status, _after(60), 15) is None
