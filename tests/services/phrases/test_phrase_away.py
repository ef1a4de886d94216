"""Who is ill and who is late, typed on the line (features N1, N11)."""

from __future__ import annotations

import datetime as dt

import pytest

from frontdesk.clock import SetClock
from frontdesk.desk import Desk
from frontdesk.services.book.late_customers import propose_customer_late
from frontdesk.services.book.reshuffling import ApplyProposal, apply_proposal, propose_late, propose_sick
from frontdesk.services.phrases.line_wishes import BeIll, ComeLate, CustomerLate
from frontdesk.services.phrases.phrases import ReadPhrase, Understood, read_phrase
from tests.services.desks import BO, CUT, JANE, KIM, booked, march


def _read(desk: Desk, text: str) -> Understood:
    return read_phrase(desk, ReadPhrase(text=text))


def test_a_stylist_is_ill_and_each_visit_has_a_proposal(ria: Desk, mo: Desk) -> None:
    booked(ria, JANE, march(10, 15))
    understood = _read(ria, "sick anna tomorrow")
    assert understood.preview == "Anna is ill, Tue 10 Mar: what becomes of each visit?"
    assert isinstance(understood.wish, BeIll)
    proposal = propose_sick(ria, understood.wish.days[0])
    assert [visit.with_whom for visit in proposal.visits] == ["Bo"]
    apply_proposal(mo, ApplyProposal(steps=proposal.steps, leave=proposal.leave))
    assert _read(ria, "move jane 4pm").preview.endswith("Tue 10 Mar 16:00 with Bo")


def test_several_days_are_several_proposals(ria: Desk) -> None:
    wish = _read(ria, "sick anna until thu").wish
    assert isinstance(wish, BeIll)
    assert [one.day for one in wish.days] == [dt.date(2026, 3, day) for day in (9, 10, 11, 12)]


@pytest.mark.parametrize(("line", "sentence"), [
    ("sick anna yesterday", "Sun 8 Mar has been. Type today, or a day to come."),
    ("sick anna until 24/12", "291 days are more than 14. Enter the time off with the stylists, F4."),
    ("sick anna from 2pm", "Whoever is ill is away to the end of the day, today from now on."),
    ("late jane 20", "Jane Doe has no visit to come. Type b, or a line, to book one."),
])  # fmt: skip
def test_what_does_not_go_is_said(ria: Desk, line: str, sentence: str) -> None:
    question = _read(ria, line).question
    assert question is not None
    assert question.text == sentence


def test_a_late_stylist_shifts_what_is_in_the_way(ria: Desk, clock: SetClock) -> None:
    booked(ria, JANE, march(9, 10), (CUT, BO))
    clock.set(march(9, 9, 55))
    understood = _read(ria, "late bo 20")
    assert understood.preview == "Bo comes 20 minutes late: what becomes of today's visits?"
    assert isinstance(understood.wish, ComeLate)
    (visit,) = propose_late(ria, understood.wish.request).visits
    assert visit.goes_to == march(9, 10, 20)


def test_a_late_customers_visit_has_ways(ria: Desk) -> None:
    booked(ria, JANE, march(9, 10))
    booked(ria, KIM, march(9, 10), (CUT, BO))
    understood = _read(ria, "late jane 20")
    assert understood.preview == "Jane Doe 0123, Cut, Mon 9 Mar 10:00 with Anna: 20 minutes late. What now?"
    assert isinstance(understood.wish, CustomerLate)
    late = propose_customer_late(ria, understood.wish.request)
    assert late.ways[0].says == "begin at 10:20, until 11:05"
    apply_proposal(ria, ApplyProposal(steps=late.ways[0].steps))
    assert "Mon 9 Mar 10:20" in _read(ria, "move jane 4pm").preview
