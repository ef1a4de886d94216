"""Several services of one visit, one after the other: who, when, and how long one waits in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk.rules.plan import Part, line_plan
from frontdesk.rules.sequence import Laid, Layout, Option, SequenceLine, lay_out

MINUTE = 60
ANNA, BO = 1, 2


def with_(*leads: int, minutes: int = 30) -> SequenceLine:
    plan = line_plan([Part("active", minutes, ("lead",))])
    return SequenceLine(tuple(Option(lead, plan) for lead in leads))


class Gaps:
    """Who is free when, in minutes; nobody is in two places in one visit either."""

    def __init__(self, gaps: Mapping[int, Sequence[tuple[int, int]]]) -> None:
        self.gaps = gaps

    def __call__(self, place: int, option: Option, starts: int, before: Sequence[Laid]) -> Mapping[str, int] | None:
        assert option.lead is not None
        ends = starts + option.plan.told_minutes * MINUTE
        busy = [each for laid in before for each in laid.busy() if each[0] == option.lead]
        if any(start < ends and starts < end for _, start, end in busy):
            return None
        free = any(start * MINUTE <= starts and ends <= end * MINUTE for start, end in self.gaps[option.lead])
        return {"lead": option.lead} if free else None


def laid(layout: Layout) -> list[tuple[int, int | None]]:
    return [(line.starts // MINUTE, line.option.lead) for line in layout.lines]


def test_each_line_starts_when_the_one_before_ends() -> None:
    found = lay_out([with_(ANNA), with_(BO)], 0, Gaps({ANNA: [(0, 60)], BO: [(0, 60)]}), wait=15 * MINUTE)
    assert laid(found) == [(0, ANNA), (30, BO)]


def test_the_customer_waits_on_the_five_minute_grid_for_whoever_is_busy() -> None:
    found = lay_out([with_(ANNA, minutes=32), with_(BO)], 0, Gaps({ANNA: [(0, 60)], BO: [(38, 99)]}), wait=15 * MINUTE)
    assert laid(found) == [(0, ANNA), (40, BO)]


def test_nobody_waits_longer_than_the_limit() -> None:
    found = lay_out([with_(ANNA), with_(BO)], 0, Gaps({ANNA: [(0, 60)], BO: [(46, 99)]}), wait=15 * MINUTE)
    assert (found.stuck, laid(found)) == (1, [(0, ANNA)])


def test_the_hands_that_serve_already_go_on_before_others_take_over() -> None:
    gaps = Gaps({ANNA: [(0, 99)], BO: [(0, 99)]})
    assert laid(lay_out([with_(BO), with_(ANNA, BO)], 0, gaps, wait=0)) == [(0, BO), (30, BO)]


def test_an_add_on_follows_at_once_by_the_same_hands_and_shifts_what_follows() -> None:
    addon = with_(ANNA, BO, minutes=15)._replace(follows=0)
    gaps = Gaps({ANNA: [(0, 30), (40, 99)], BO: [(0, 45)]})
    found = lay_out([with_(ANNA, BO), addon, with_(ANNA)], 0, gaps, wait=15 * MINUTE)
    assert laid(found) == [(0, BO), (30, BO), (45, ANNA)]


def test_a_later_line_sends_an_earlier_one_to_its_next_choice() -> None:
    """Anna is asked first for the first line, and is needed for a second that nobody else does."""
    gaps = Gaps({ANNA: [(0, 30)], BO: [(0, 30)], 3: [(20, 50)]})
    lines = [with_(ANNA, BO), with_(3, minutes=20)]
    shorter = SequenceLine((Option(ANNA, line_plan([Part("active", 31, ("lead",))])), *lines[0].options))
    assert laid(lay_out([shorter, lines[1]], 0, gaps, wait=0)) == [(0, ANNA), (30, 3)]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sets(st.integers(1, 3), min_size=1), st.integers(1, 9)), min_size=1, max_size=4),
    st.lists(st.lists(st.integers(0, 60), min_size=2, max_size=6), min_size=3, max_size=3),
    st.integers(0, 20),
)
def test_whatever_is_found_is_free_in_order_and_within_the_limit_and_what_could_be_is_found(
    wishes: list[tuple[set[int], int]], moments: list[list[int]], wait: int
) -> None:
    edges = [sorted(set(each)) for each in moments]
    free = Gaps({lead: list(zip(row[::2], row[1::2], strict=False)) for lead, row in enumerate(edges, start=1)})
    lines = [with_(*sorted(leads), minutes=minutes) for leads, minutes in wishes]
    found = lay_out(lines, 0, free, wait=wait * MINUTE)
    if found.stuck is None:
        for before, line in zip(found.lines, found.lines[1:], strict=False):
            assert 0 <= line.starts - before.told_ends <= wait * MINUTE
        assert all(free(0, line.option, line.starts, ()) for line in found.lines)
    assert (found.stuck is None) == _can_be(lines, 0, free, wait * MINUTE, first=True)


def _can_be(lines: Sequence[SequenceLine], starts: int, free: Gaps, wait: int, *, first: bool = False) -> bool:
    """The same by trying everything."""
    if not lines:
        return True
    later = [t for t in range(starts + 1, starts + wait + 1) if t % 300 == 0]
    return any(
        free(0, option, begins, ()) and _can_be(lines[1:], begins + option.plan.told_minutes * MINUTE, free, wait)
        for begins in ([starts] if first else [starts, *later])
        for option in lines[0].options
    )
