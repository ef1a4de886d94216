"""Visits of several hands out of gaps: exactly what a booking could lay out, and the cheapest of it first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk.rules.best_time import judged
from frontdesk.rules.intervals import joined
from frontdesk.rules.openings import Gap, Span
from frontdesk.rules.plan import LinePlan, PlannedPart
from frontdesk.rules.sequence import Laid, Option, SequenceLine, lay_out
from frontdesk.rules.team_ways import Hand, Things, Wish, fits
from frontdesk.rules.teams import Pick, best_teams, soonest_teams, touched

STEP = 900
ROOM = 9
PEOPLE = (1, 2, 3)
NAMES = {1: "Anna", 2: "Bo", 3: "Cleo", ROOM: "Room"}

quarters = st.integers(0, 40)
gaps_of_one = st.lists(st.tuples(quarters, st.integers(1, 12)), max_size=4).map(
    lambda them: joined((start * 900, (start + length) * 900) for start, length in them)
)
fives = st.integers(1, 9).map(lambda n: n * 300)


@st.composite
def hands(draw: st.DrawFn) -> tuple[Hand, ...]:
    """One service: who could do it, alike for all but for its length, perhaps in a room with clean-up."""
    first, wait, last = draw(fives), draw(st.sampled_from([0, 0, 900])), draw(fives)
    cleanup, in_room = draw(st.sampled_from([0, 300, 900])), draw(st.booleans())
    found = []
    for person in draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True)):
        told = first + wait + last
        spans = (Span(0, first), Span(first + wait, last)) if wait else (Span(0, told),)
        whole = (Span(0, told + cleanup),)
        things = (Things((ROOM,), whole, whole),) if in_room else ()
        found.append(Hand(person, told, spans, things))
    return tuple(found)


wishes = st.builds(
    lambda lines, wait: Wish(tuple(lines), STEP, wait, 1800, ((0, 52 * 900),)),
    st.lists(hands(), min_size=1, max_size=3),
    st.sampled_from([0, 300, 900]),
)
books = st.fixed_dictionaries(dict.fromkeys((*PEOPLE, ROOM), gaps_of_one))


def a_booking_would(wish: Wish, gaps: Mapping[int, Sequence[Gap]], start: int) -> bool:
    """What the book itself says of a start: its own layout, over the same gaps."""
    plans = {hand: _plan(hand) for line in wish.lines for hand in line}

    def fit(place: int, option: Option, starts: int, before: Sequence[Laid]) -> Mapping[str, int] | None:
        taken = {}
        for role in option.plan.roles:
            strip = option.lead if role == "lead" else ROOM
            assert strip is not None
            when = [(starts + s.offset, starts + s.offset + s.length) for s in option.plan.spans(role)]
            busy = [(a, b) for laid in before for resource, a, b in laid.busy() if resource == strip]
            if not fits(gaps[strip], when) or any(a < d and c < b for a, b in busy for c, d in when):
                return None
            taken[role] = strip
        return taken

    lines = [SequenceLine(tuple(Option(hand.resource_id, plans[hand]) for hand in line)) for line in wish.lines]
    found = lay_out(lines, start, fit, wait=wish.wait)
    return found.stuck is None and found.lines[-1].told_ends <= wish.windows[0][1]


def _plan(hand: Hand) -> LinePlan:
    parts = [PlannedPart(n, "active", "lead", s.offset // 60, s.length // 60) for n, s in enumerate(hand.spans)]
    parts += [PlannedPart(9, "active", "room", s.offset // 60, s.length // 60) for t in hand.things for s in t.spans]
    return LinePlan(tuple(parts), hand.told // 60)


@settings(max_examples=150, deadline=None)
@given(wishes, books)
def test_exactly_the_starts_that_a_booking_could_lay_out_are_offered(wish: Wish, gaps: dict[int, list[Gap]]) -> None:
    offered = [team[0].starts for team in soonest_teams(wish, gaps, 0)]
    assert offered == [start for start in range(0, 52 * 900, STEP) if a_booking_would(wish, gaps, start)]


@settings(max_examples=100, deadline=None)
@given(wishes, books)
def test_every_team_is_in_the_right_order_with_waits_within_the_limit(wish: Wish, gaps: dict[int, list[Gap]]) -> None:
    for team in [*soonest_teams(wish, gaps, 0), *best_teams(wish, gaps, 5)]:
        assert len(team) == len(wish.lines)
        assert all(pick.hand in line for pick, line in zip(team, wish.lines, strict=True))
        assert all(0 <= then.starts - pick.ends <= wish.wait for pick, then in pairwise(team))


def points(team: Sequence[Pick], wish: Wish, gaps: Mapping[int, Sequence[Gap]]) -> int:
    waits = sum((then.starts - pick.ends) // 60 for pick, then in pairwise(team))
    return judged(touched(team, gaps, NAMES), shortest=wish.shortest).points + waits


@settings(max_examples=100, deadline=None)
@given(hands(), books)
def test_the_best_of_one_service_is_the_cheapest_there_is(line: tuple[Hand, ...], gaps: dict[int, list[Gap]]) -> None:
    wish = Wish((line,), STEP, 0, 1800, ((0, 52 * 900),))
    best = best_teams(wish, gaps, 3)
    costs = [points(team, wish, gaps) for team in best]
    assert costs == sorted(costs)
    each = [
        points((Pick(start, hand),), wish, gaps)
        for hand in line
        for start in range(0, 52 * 900, STEP)
        if a_booking_would(Wish(((hand,),), STEP, 0, 1800, wish.windows), gaps, start)
    ]
    if each:
        assert costs[0] <= min(each)
    else:
        assert all(team[0].starts % STEP for team in best), "only where a gap begins off the grid"


def test_one_person_who_goes_straight_on_fills_the_gap_that_two_would_not() -> None:
    cut, dry = Hand(1, 2700, (Span(0, 2700),)), Hand(1, 1800, (Span(0, 1800),))
    other = Hand(2, 1800, (Span(0, 1800),))
    gaps = {1: [(36000, 40500)], 2: [(30000, 60000)]}
    (team,) = best_teams(Wish(((cut,), (dry, other)), STEP, 900, 1800, ((0, 86400),)), gaps, 1)[:1]
    assert [(pick.starts, pick.hand.resource_id) for pick in team] == [(36000, 1), (38700, 1)]


def test_who_is_not_waited_for_is_not_found() -> None:
    """The control: the same wish without waiting is refused where waiting finds it."""
    line = (Hand(1, 1800, (Span(0, 1800),)),), (Hand(2, 1800, (Span(0, 1800),)),)
    gaps = {1: [(36000, 37800)], 2: [(38400, 41000)]}
    waiting, strict = (Wish(line, STEP, wait, 1800, ((0, 86400),)) for wait in (900, 0))
    assert [[pick.starts for pick in team] for team in soonest_teams(waiting, gaps, 0)] == [[36000, 38400]]
    assert soonest_teams(strict, gaps, 0) == []
