"""From a service's parts to a visit's."""

from __future__ import annotations

from frontdesk.rules.openings import Span
from frontdesk.rules.plan import Part, line_plan, visit_plan

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
