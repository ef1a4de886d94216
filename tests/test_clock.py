"""Wall time and instants, on the nights when they disagree."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk import clock
from frontdesk.clock import TimeRepeated, TimeSkipped, UnknownZone, boundary, day_bounds, instant, local
from frontdesk.zones import available_timezones

LONDON, BERLIN = "Europe/London", "Europe/Berlin"
SPRING, AUTUMN = dt.date(2026, 3, 29), dt.date(2026, 10, 25)


def test_a_skipped_time_is_refused_in_words() -> None:
    with pytest.raises(TimeSkipped, match="01:30 does not exist on 29 Mar 2026: the clocks go forward then"):
        instant(SPRING, dt.time(1, 30), LONDON)


def test_a_repeated_time_is_asked_about() -> None:
    with pytest.raises(TimeRepeated, match="01:30 comes twice on 25 Oct 2026"):
        instant(AUTUMN, dt.time(1, 30), LONDON)
    first, second = (instant(AUTUMN, dt.time(1, 30), LONDON, second=which) for which in (False, True))
    assert second - first == dt.timedelta(hours=1)


def test_ten_o_clock_is_ten_o_clock_on_both_sides_of_a_change() -> None:
    before, after = (instant(day, dt.time(10), LONDON) for day in (dt.date(2026, 3, 28), dt.date(2026, 3, 30)))
    assert (before.hour, after.hour) == (10, 9)
    assert local(after, LONDON).hour == 10


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (dt.date(2026, 6, 1), 24), (AUTUMN, 25)])
def test_a_day_has_23_24_or_25_hours(day: dt.date, hours: int) -> None:
    start, end = day_bounds(day, LONDON)
    assert end - start == dt.timedelta(hours=hours)


def test_a_shop_that_opens_in_the_gap_opens_when_the_clock_jumps() -> None:
    assert boundary(SPRING, dt.time(2, 30), BERLIN) == dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC)


def test_days_are_the_shop_s_and_not_the_machine_s() -> None:
    late = dt.datetime(2026, 3, 9, 23, 30, tzinfo=dt.UTC)
    assert clock.day_of(late, "Pacific/Kiritimati") == dt.date(2026, 3, 10)
    assert clock.day_of(late, "Pacific/Pago_Pago") == dt.date(2026, 3, 9)


def test_an_unknown_zone_is_named() -> None:
    with pytest.raises(UnknownZone, match="no time zone called Europe/Lundon"):
        clock.zone("Europe/Lundon")


ZONES = sorted(available_timezones() - {"localtime", "Factory", "posixrules"})


@given(
    day=st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31)),
    wall=st.times().map(lambda t: t.replace(microsecond=0)),
    zone=st.sampled_from(ZONES),
)
def test_what_is_neither_skipped_nor_repeated_comes_back_as_it_was(day: dt.date, wall: dt.time, zone: str) -> None:
    try:
        there = instant(day, wall, zone)
    except (TimeSkipped, TimeRepeated):
        return
    assert local(there, zone).replace(tzinfo=None) == dt.datetime.combine(day, wall)
    assert boundary(day, wall, zone) == there


@given(day=st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31)), zone=st.sampled_from(ZONES))
def test_days_follow_each_other_without_a_gap(day: dt.date, zone: str) -> None:
    assert day_bounds(day, zone)[1] == day_bounds(day + dt.timedelta(days=1), zone)[0]


def test_the_pinned_zone_data_wins_over_the_machine_s() -> None:
    """British Columbia stopped changing its clocks in 2026; a machine's older data still goes back in November."""
    script = (
        "import datetime as dt, frontdesk.clock as c;"
        "print(c.local(dt.datetime(2026, 12, 1, 20, tzinfo=dt.UTC), 'America/Vancouver').utcoffset())"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "-1 day, 17:00:00"
