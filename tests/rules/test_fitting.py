"""Who could take a free time, and when each of a queue begins, by the rule alone (features BK20, CI5)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk.rules.fitting import Fit, Freed, Gaps, Need, Way, Wish, estimates, holding, soonest, who_fits
from frontdesk.rules.openings import Span

STEP = 15
ANNA, BO, ROOM = 1, 2, 9


def _way(stylist: int, *spans: tuple[int, int], room: bool = False) -> Way:
    told = max(offset + length for offset, length in spans)
    needs = [Need(tuple(Span(*span) for span in spans), (stylist,))]
    if room:
        needs.append(Need((Span(0, told),), (ROOM, ROOM + 1)))
    return Way(stylist, told, tuple(needs))


def _cut(stylist: int) -> Way:
    return _way(stylist, (0, 45))


def test_everybody_gets_the_earliest_start_within_their_hours_in_the_order_of_asking() -> None:
    gaps = {ANNA: [(0, 60)], BO: [(30, 120)]}
    wishes = [
        Wish(1, 60, 120, (_cut(ANNA), _cut(BO))),
        Wish(2, 0, 120, (_cut(ANNA), _cut(BO))),
        Wish(3, 0, 40, (_cut(ANNA),)),
        Wish(4, 0, 120, (_cut(BO),)),
    ]
    assert who_fits(wishes, gaps, step=STEP) == [Fit(1, BO, 60, 105), Fit(2, ANNA, 0, 45), Fit(4, BO, 30, 75)]


def test_a_freed_time_is_made_use_of_or_begun_in() -> None:
    gaps = {ANNA: [(0, 120)]}
    wish = [Wish(1, 0, 120, (_cut(ANNA),))]
    freed = [Freed(ANNA, 60, 105)]
    assert who_fits(wish, gaps, step=STEP, freed=freed) == [Fit(1, ANNA, 30, 75)]
    assert who_fits(wish, gaps, step=STEP, freed=freed, beginning=True) == [Fit(1, ANNA, 60, 105)]
    assert who_fits(wish, gaps, step=STEP, freed=[Freed(BO, 60, 105)]) == []


def test_time_between_the_parts_may_be_somebody_elses_and_a_room_is_needed_too() -> None:
    colour = _way(ANNA, (0, 30), (75, 30), room=True)
    gaps: Gaps = {ANNA: [(0, 30), (75, 105)], ROOM: [(0, 100)], ROOM + 1: [(0, 105)]}
    assert holding(colour, gaps, 0) == {ANNA: [(0, 30), (75, 105)], ROOM + 1: [(0, 105)]}
    assert holding(colour, gaps, 1) is None
    assert soonest([colour], gaps, {ANNA: 0}) == Fit(0, ANNA, 0, 105)
    assert soonest([colour], {**gaps, ROOM + 1: []}, {ANNA: 0}) is None


def test_nobody_is_given_somebody_before_they_may() -> None:
    gaps = {ANNA: [(0, 500)], BO: [(0, 500)]}
    assert soonest([_cut(ANNA), _cut(BO)], gaps, {ANNA: 20, BO: 10}) == Fit(0, BO, 10, 55)
    assert soonest([_cut(ANNA)], gaps, {BO: 10}) is None


_GAPS = st.dictionaries(
    st.sampled_from([ANNA, BO]),
    st.lists(st.integers(0, 200), min_size=2, max_size=8, unique=True).map(
        lambda ends: [(a, b) for a, b in zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False) if a < b]
    ),
)
_WAYS = st.lists(
    st.builds(
        lambda stylist, first, wait, last: _way(stylist, (0, first), (first + wait, last)),
        st.sampled_from([ANNA, BO]), st.integers(5, 60), st.integers(0, 40), st.integers(5, 60),
    ),
    min_size=1, max_size=3,
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(_GAPS, st.lists(_WAYS, max_size=4), st.integers(0, 200))
def test_a_queue_fits_into_what_is_free_and_nobody_could_begin_earlier(
    gaps: Gaps, queue: list[list[Way]], now: int
) -> None:
    found = estimates(queue, gaps, {ANNA: now, BO: now})
    left = {resource: list(its) for resource, its in gaps.items()}
    for ways, fit in zip(queue, found, strict=True):
        open_at = [(start, way) for way in ways for start in range(now, 260) if holding(way, left, start) is not None]
        if fit is None:
            assert not open_at
            continue
        assert fit.start == min(start for start, _ in open_at)
        way = next(way for way in ways if way.stylist_id == fit.stylist_id and holding(way, left, fit.start))
        for resource, busy in (holding(way, left, fit.start) or {}).items():
            minutes = {minute for start, end in busy for minute in range(start, end)}
            free = {minute for start, end in left[resource] for minute in range(start, end)}
            assert minutes <= free
            left[resource] = [(minute, minute + 1) for minute in sorted(free - minutes)]
            left[resource] = _joined(left[resource])


def _joined(pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in pieces:
        if out and out[-1][1] == start:
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out
