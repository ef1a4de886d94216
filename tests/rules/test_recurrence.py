"""When something comes again: by the wall clock, across months of any length and both changes of the clocks."""

from __future__ import annotations

import datetime as dt

import pytest

from frontdesk.rules.recurrence import Recurrence, Unit, coming, shifted, walls

LONDON = "Europe/London"


def _rule(first: str, every: int, unit: Unit, count: int) -> Recurrence:
    return Recurrence(dt.datetime.fromisoformat(first), every, unit, count)


def _days(rule: Recurrence) -> list[str]:
    return [f"{wall:%Y-%m-%d %H:%M}" for wall in walls(rule)]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (_rule("2026-03-10T10:00", 6, Unit.WEEK, 3), ["2026-03-10 10:00", "2026-04-21 10:00", "2026-06-02 10:00"]),
        (_rule("2026-02-27T09:30", 2, Unit.DAY, 3), ["2026-02-27 09:30", "2026-03-01 09:30", "2026-03-03 09:30"]),
        (_rule("2026-03-10T10:00", 1, Unit.MONTH, 3), ["2026-03-10 10:00", "2026-04-10 10:00", "2026-05-10 10:00"]),
        (_rule("2026-03-10T10:00", 1, Unit.WEEK, 1), ["2026-03-10 10:00"]),
    ],
)
def test_a_rule_counts_days_weeks_and_months(rule: Recurrence, days: list[str]) -> None:
    assert _days(rule) == days


def test_the_31st_is_the_last_day_of_shorter_months_and_comes_back() -> None:
    monthly = _rule("2027-12-31T10:00", 1, Unit.MONTH, 5)
    assert _days(monthly) == [f"{day} 10:00" for day in
                              ("2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30")]  # fmt: skip
    assert [wall.day for wall in walls(_rule("2026-01-30T10:00", 1, Unit.MONTH, 3))] == [30, 28, 30]


def test_ten_o_clock_stays_ten_o_clock_across_both_changes_of_the_clocks() -> None:
    spring = coming(_rule("2026-03-22T10:00", 1, Unit.WEEK, 3), LONDON)
    assert [[f"{at:%d %b %H:%M}" for at in one.instants] for one in spring] == [
        ["22 Mar 10:00"], ["29 Mar 09:00"], ["05 Apr 09:00"]]  # fmt: skip
    autumn = coming(_rule("2026-10-18T10:00", 1, Unit.WEEK, 2), LONDON)
    assert [f"{one.instants[0]:%H:%M}" for one in autumn] == ["09:00", "10:00"]


def test_the_hour_that_spring_skips_is_marked_and_not_guessed() -> None:
    before, gap, after = coming(_rule("2026-03-28T01:30", 1, Unit.DAY, 3), LONDON)
    assert (gap.is_skipped, gap.instants, gap.wall.hour) == (True, (), 1)
    assert not before.is_skipped
    assert not after.is_skipped


def test_the_hour_that_autumn_repeats_has_two_instants() -> None:
    (one,) = coming(_rule("2026-10-25T01:30", 1, Unit.DAY, 1), LONDON)
    assert one.is_repeated
    assert one.instants[1] - one.instants[0] == dt.timedelta(hours=1)


def test_a_rule_shifted_from_any_of_its_times_keeps_its_steps() -> None:
    weekly = walls(_rule("2026-03-10T10:00", 1, Unit.WEEK, 3))
    moved = shifted(weekly, 1, dt.datetime.fromisoformat("2026-03-19T11:30"))
    assert [f"{wall:%a %d %H:%M}" for wall in moved] == ["Thu 12 11:30", "Thu 19 11:30", "Thu 26 11:30"]


def test_a_rule_says_itself() -> None:
    assert _rule("2026-03-10T10:00", 6, Unit.WEEK, 8).words == "every 6 weeks, 8 times"
    assert _rule("2026-03-10T10:00", 1, Unit.MONTH, 1).words == "every month, once"
