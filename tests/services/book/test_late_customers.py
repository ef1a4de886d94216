"""A customer twenty minutes late: what can be done."""

from __future__ import annotations

import pytest

from frontdesk import errors
from frontdesk.desk import Desk
from frontdesk.services.book.late_customers import ProposeCustomerLate, propose_customer_late
from frontdesk.services.book.proposals import LateWay
from frontdesk.services.book.reshuffling import ApplyProposal, apply_proposal
from frontdesk.services.book.visits import StepVisit, start
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.undo.undo import UndoLast, undo_last
from tests.services.desks import ANNA, BLOW_DRY, BO, CUT, JANE, KIM, booked, march
from tests.services.undo.test_undo import book_of, sheet


def ways(desk: Desk, visit: int, minutes: int = 20) -> dict[str, LateWay]:
    found = propose_customer_late(desk, ProposeCustomerLate(appointment_id=visit, minutes=minutes))
    return {way.name: way for way in found.ways}


def test_each_way_is_said_done_in_one_stroke_and_taken_back(ria: Desk, mo: Desk) -> None:
    jane = booked(ria, JANE, march(10, 10), (CUT, ANNA), (BLOW_DRY, ANNA)).appointment_id
    kim = booked(ria, KIM, march(10, 11, 30), (CUT, ANNA)).appointment_id
    before = book_of(ria)
    found = ways(ria, jane)
    assert {name: way.says for name, way in found.items()} == {
        "shrink": "10 minutes of Blow-dry instead of 30, until 11:15",
        "drop": "without Blow-dry: from 10:20 until 11:05",
        "swap": "change places with Kim Lee at 11:30",
        "rebook": "begin at 12:15 today",
    }
    assert found["swap"].call == "Kim Lee"
    for way, times in (
        ("shrink", (march(10, 10, 20), march(10, 11, 15), march(10, 11, 30))),
        ("drop", (march(10, 10, 20), march(10, 11, 5), march(10, 11, 30))),
        ("swap", (march(10, 11, 30), march(10, 12, 45), march(10, 10))),
        ("rebook", (march(10, 12, 15), march(10, 13, 30), march(10, 11, 30))),
    ):
        apply_proposal(ria, ApplyProposal(steps=found[way].steps, reason="Jane is late"))
        now = sheet(ria, jane)
        assert (now.starts_at, now.ends_at, sheet(ria, kim).starts_at) == times, way
        assert examine_data(mo, ExamineData()).findings == ()
        undo_last(ria, UndoLast())
        assert book_of(ria) == before
        found = ways(ria, jane)


def test_where_there_is_time_one_waits(ria: Desk) -> None:
    jane = booked(ria, JANE, march(10, 10), (CUT, ANNA)).appointment_id
    assert next(iter(ways(ria, jane).values())).says == "begin at 10:20, until 11:05"
    late = booked(ria, KIM, march(10, 17, 15), (CUT, BO)).appointment_id
    assert list(ways(ria, late)) == ["shrink", "rebook"]
    assert ways(ria, late)["rebook"].says.startswith("another day. Free next: ")
    assert list(ways(ria, late, 45)) == ["rebook"]


def test_who_is_being_served_is_not_late(ria: Desk) -> None:
    jane = booked(ria, JANE, march(10, 10), (CUT, ANNA)).appointment_id
    start(ria, StepVisit(appointment_id=jane))
    with pytest.raises(errors.WrongStage, match="in service"):
        ways(ria, jane)
    with pytest.raises(errors.BadInput, match="from 1 to 720"):
        ways(ria, jane, 0)
