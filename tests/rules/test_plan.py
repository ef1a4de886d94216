"""From a service's parts to a visit's."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from frontdesk.errors import BadInput
from frontdesk.rules.openings import Span
from frontdesk.rules.plan import HANDS_ON, Part, least_minutes, line_plan, plan_of, stretched, told_within, visit_plan

CUT = (Part("active", 45, ("lead",)),)
COLOUR = (Part("active", 30, ("lead",)), Part("processing", 45, ()), Part("finish", 30, ("lead",)))
MASSAGE = (
    Part("buffer", 10, ("room",)),
    Part("active", 60, ("lead", "room")),
    Part("cleanup", 15, ("room",)),
)


def test_processing_holds_nobody() -> None:
    plan = line_plan(COLOUR)
    assert plan.spans("lead") == (Span(0, 1800), Span(4500, 1800))
    assert plan.told_minutes == 105
    assert [part.role for part in plan.parts] == ["lead", "nobody", "lead"]


def test_the_customer_is_told_neither_of_the_buffer_nor_of_the_clean_up() -> None:
    plan = line_plan(MASSAGE)
    assert (plan.starts, plan.ends, plan.told_minutes) == (-10, 75, 60)
    assert plan.spans("room") == (Span(-600, 5100),)
    assert plan.roles == ("room", "lead")


def test_each_service_starts_when_the_one_before_is_told_to_end() -> None:
    massage, cut = visit_plan([MASSAGE, CUT])
    assert (massage.ends, cut.starts) == (75, 60)


def test_hands_work_longer_in_proportion_and_colour_takes_its_time() -> None:
    assert [part.minutes for part in stretched(COLOUR, 125)] == [40, 45, 40]
    assert [part.minutes for part in stretched(COLOUR, 106)] == [31, 45, 30]
    assert plan_of(COLOUR, 125).spans("lead") == (Span(0, 2400), Span(5100, 2400))
    assert [part.minutes for part in stretched(MASSAGE, 90)] == [10, 90, 15]


def test_no_hands_on_part_vanishes() -> None:
    uneven = (Part("active", 60, ("lead",)), Part("processing", 10, ()), Part("finish", 1, ("lead",)))
    assert [part.minutes for part in stretched(uneven, 13)] == [2, 10, 1]


def test_what_is_shorter_than_it_can_be_is_refused_naming_the_least() -> None:
    with pytest.raises(BadInput, match="It takes at least 47 minutes. Give it 47 or more."):
        stretched(COLOUR, 46)
    with pytest.raises(BadInput, match="at least 45 minutes"):
        stretched((Part("processing", 45, ()),), 46)


def test_a_length_kept_for_later_is_held_within_what_the_service_allows() -> None:
    assert [told_within(COLOUR, minutes) for minutes in (None, 10, 47, 200)] == [None, 47, 47, 200]
    assert told_within((Part("processing", 45, ()),), 60) is None


@given(
    st.lists(
        st.builds(
            Part,
            st.sampled_from(["buffer", "active", "processing", "finish", "cleanup"]),
            st.integers(1, 90),
            st.sampled_from([("lead",), ("lead", "room"), ()]),
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(1, 400),
)
def test_the_customer_is_told_exactly_what_was_asked_for_and_only_hands_change(parts: list[Part], more: int) -> None:
    assume(any(part.kind in HANDS_ON for part in parts))
    told = least_minutes(parts) - 1 + more
    anew = stretched(parts, told)
    assert line_plan(anew).told_minutes == told
    assert all(part.minutes >= 1 for part in anew)
    assert [p for p in anew if p.kind not in HANDS_ON] == [p for p in parts if p.kind not in HANDS_ON]
    assert stretched(parts, line_plan(parts).told_minutes) == tuple(parts)
