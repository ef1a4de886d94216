"""Where visits go when a column fails: properties over random days."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from frontdesk.rules.intervals import overlap, without
from frontdesk.rules.openings import Span
from frontdesk.rules.reshuffle import Displaced, Need, Place, propose, pushed

HOUR = 3600
ANNA, BO, CY, ROOM = 1, 2, 3, 9


def visit(
    number: int, hour: float, options: tuple[int, ...] = (BO, CY), length: float = 1, *, own: bool = False,
    elsewhere: tuple[tuple[int, int], ...] = (),
) -> Displaced:  # fmt: skip
    starts, seconds = int(hour * HOUR), int(length * HOUR)
    mine = ((options[0], (starts, starts + seconds)),) if own else ()
    needs = (Need(options, (Span(0, seconds),)),)
    return Displaced(number, starts, seconds, needs, mine, 9 * HOUR, 18 * HOUR, elsewhere)


def places(found: list[Place | None]) -> list[tuple[float, tuple[int, ...]] | None]:
    return [place and (place.starts / HOUR, place.taken) for place in found]


def test_the_same_time_with_somebody_else_comes_first_and_who_has_least_choice_chooses_first() -> None:
    free = {BO: [(9 * HOUR, 18 * HOUR)], CY: [(9 * HOUR, 18 * HOUR)]}
    found = propose([visit(1, 10), visit(2, 10, (BO,)), visit(3, 10, (CY, BO))], free)
    assert places(found) == [(10, (CY,)), (10, (BO,)), (11, (CY,))]


def test_the_nearest_time_follows_and_who_fits_nowhere_is_called() -> None:
    free = {BO: [(9 * HOUR, 10 * HOUR), (12 * HOUR, 13 * HOUR)]}
    assert places(propose([visit(1, 11, (BO,)), visit(2, 11, (BO,)), visit(3, 11, (BO,))], free)) == [
        (12, (BO,)),
        (9, (BO,)),
        None,
    ]
    assert propose([visit(1, 11, (BO,), elsewhere=((9 * HOUR, 14 * HOUR),))], free) == [None]


def test_a_late_column_takes_up_its_slack() -> None:
    day = [visit(1, 10, (BO,), own=True), visit(2, 11, (BO,), own=True), visit(3, 12.5, (BO,), own=True)]
    free = {BO: [(12 * HOUR, int(12.5 * HOUR)), (int(13.5 * HOUR), 18 * HOUR)]}
    found = pushed(day, free, 10 * HOUR + 20 * 60)
    assert [place and place.starts - one.starts for place, one in zip(found, day, strict=True)] == [1200, 1200, 0]


spans = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(
    lambda each: (9 * HOUR + each[0] * 900, 9 * HOUR + (each[0] + each[1]) * 900)
)
days = st.dictionaries(st.sampled_from([BO, CY, ROOM]), st.lists(spans, max_size=4))
wishes = st.lists(
    st.tuples(
        st.integers(0, 30), st.integers(1, 8), st.sampled_from([(BO,), (CY,), (BO, CY), (CY, BO)]), st.booleans()
    ),
    min_size=1,
    max_size=6,
)


@given(days, wishes)
def test_no_proposal_puts_two_into_one_place_or_anybody_where_it_is_not_free(
    free: dict[int, list[tuple[int, int]]], wished: list[tuple[int, int, tuple[int, ...], bool]]
) -> None:
    displaced = [
        Displaced(
            number,
            9 * HOUR + at * 900,
            length * 900,
            (
                Need(options, (Span(0, length * 900),)),
                *([Need((ROOM,), (Span(0, length * 900 + 300),))] if room else []),
            ),
            (),
            9 * HOUR,
            20 * HOUR,
        )
        for number, (at, length, options, room) in enumerate(wished)
    ]
    for found in (propose(displaced, free), pushed(displaced, free, 10 * HOUR)):
        given_away: dict[int, list[tuple[int, int]]] = {}
        for one, place in zip(displaced, found, strict=True):
            if place is None:
                continue
            for need, resource in zip(one.needs, place.taken, strict=True):
                assert resource in need.options
                when = [(place.starts + s.offset, place.starts + s.offset + s.length) for s in need.spans]
                assert not without(when, free[resource])  # each stretch lies in what is free
                assert not overlap(when, given_away.get(resource, []))
                given_away.setdefault(resource, []).extend(when)
