"""What a time costs the day, and that what is said of it is so."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from frontdesk.rules.best_time import HalfDay, Touched, Verdict, Wait, half_days, judged, rest_points, within
from frontdesk.rules.openings import Gap

HALF_HOUR = 1800


def at(hour: int, minute: int = 0) -> int:
    return hour * 3600 + minute * 60


AFTERNOON = HalfDay(at(13), at(17), "afternoon")
MORNING = HalfDay(at(9), at(12), "morning")


def cost(gap: Gap, begins: int, ends: int, *, preferred: bool = False, waits: tuple[Wait, ...] = ()) -> Verdict:
    likes = [("Anna", "Jane")] if preferred else []
    touched = [Touched("Anna", gap, begins, ends)]
    return judged(touched, shortest=HALF_HOUR, halves=(MORNING, AFTERNOON), waits=waits, preferred=likes)


def test_a_gap_that_is_filled_costs_nothing() -> None:
    assert cost((at(10), at(10, 45)), at(10), at(10, 45)) == Verdict(0, ("fills a 45 min gap",))


def test_the_fewer_rests_the_better_and_useless_ones_are_worst() -> None:
    gap = (at(10), at(12))
    straight, between = cost(gap, at(10), at(10, 45)), cost(gap, at(10, 30), at(11, 15))
    wasteful = cost(gap, at(10, 15), at(11))
    assert straight.points < between.points < wasteful.points
    assert straight.reasons == ("leaves no gap that nothing fits",)
    assert wasteful.reasons == ("leaves 15 min that nothing fits",)


def test_a_free_afternoon_is_kept_whole_or_broken_into() -> None:
    gap = (at(11), at(17))
    assert "keeps Anna's afternoon whole" in cost(gap, at(11), at(12)).reasons
    assert "breaks into Anna's free afternoon" in cost(gap, at(14), at(15)).reasons
    assert cost(gap, at(11), at(12)).points < cost(gap, at(16), at(17)).points
    assert not any("afternoon" in said for said in cost((at(13, 15), at(17)), at(13, 15), at(14)).reasons), "not whole"


def test_waiting_and_whom_the_customer_prefers_count() -> None:
    gap = (at(10), at(11))
    assert cost(gap, at(10), at(11), preferred=True).points < 0
    assert cost(gap, at(10), at(11), preferred=True).reasons[1] == "with Anna, whom Jane prefers"
    waits = (Wait(0, "Cut"), Wait(10, "Blow-dry"))
    assert cost(gap, at(10), at(11), waits=waits) == Verdict(
        10, ("fills a 60 min gap", "10 min to wait before Blow-dry")
    )


def test_several_people_are_named() -> None:
    touched = [
        Touched("Anna", (at(10), at(10, 45)), at(10), at(10, 45)),
        Touched("Bo", (at(10), at(12)), at(10, 45), at(11)),
    ]
    assert judged(touched, shortest=HALF_HOUR).reasons == (
        "fills a 45 min gap of Anna's",
        "leaves no gap that nothing fits",
    )
    touched[1] = Touched("Bo", (at(10, 40), at(12)), at(10, 45), at(11))
    assert judged(touched, shortest=HALF_HOUR).reasons[1] == "leaves Bo 5 min that nothing fits"


def test_half_days_are_of_the_wall_clock_when_the_clocks_change() -> None:
    halves = half_days(dt.date(2026, 3, 28), dt.date(2026, 3, 30), "Europe/London")
    assert [(half.ends - half.starts) // 3600 for half in halves] == [3, 4, 3, 4]
    saturday, sunday = halves[0].starts, halves[2].starts
    assert sunday - saturday == 23 * 3600


@given(st.integers(0, 4 * 3600), st.integers(60, 3 * 3600))
def test_a_rest_is_useless_exactly_when_nothing_fits_it(rest: int, shortest: int) -> None:
    points = rest_points(rest, shortest)
    assert (points == 0) == (rest == 0)
    assert (points > 5) == (0 < rest < shortest)


@given(
    st.tuples(st.integers(0, 80), st.integers(1, 60)).map(lambda g: (g[0] * 900, (g[0] + g[1]) * 900)),
    st.lists(st.integers(0, 140), max_size=8, unique=True),
)
def test_the_half_days_within_a_gap_are_those_it_covers(gap: Gap, starts: list[int]) -> None:
    halves = [HalfDay(start * 900, start * 900 + 900, "morning") for start in sorted(starts)]
    assert list(within(gap, halves)) == [half for half in halves if gap[0] <= half.starts and half.ends <= gap[1]]
