"""A visit's way through the shop, and its ways out."""

from __future__ import annotations

import pytest

from frontdesk import errors
from frontdesk.desk import Desk
from frontdesk.rules.states import Status
from frontdesk.services.book.visits import (
    LeaveVisit,
    ShowVisit,
    StepVisit,
    arrive,
    cancel,
    confirm,
    finish,
    no_show,
    put_back,
    show,
    start,
)
from frontdesk.services.placing.availability import FindFree, find_free
from frontdesk.services.records.history import ShowHistory, show_history
from tests.services.desks import ANNA, BO, COLOUR, CUT, JANE, KIM, booked, march


def test_a_visit_goes_its_way_and_every_step_is_remembered(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 9))
    for step in (confirm, arrive, start, finish):
        step(ria, StepVisit(appointment_id=visit.appointment_id))
    sheet = show(ria, ShowVisit(code=visit.code.lower()))
    assert sheet.status is Status.COMPLETED
    assert [(step.who, step.what) for step in sheet.steps] == [
        ("Ria", "booked"),
        ("Ria", "confirmed"),
        ("Ria", "arrived"),
        ("Ria", "in service"),
        ("Ria", "completed"),
    ]
    line = sheet.lines[0]
    assert (line.arrived_at, line.started_at, line.finished_at) == (march(9, 9),) * 3


def test_stages_may_be_skipped_forwards_and_not_taken_backwards(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 9))
    start(ria, StepVisit(appointment_id=visit.appointment_id))
    with pytest.raises(errors.WrongStage, match="it can't be checked in now. Its next step is to be finished."):
        arrive(ria, StepVisit(appointment_id=visit.appointment_id))


def test_each_line_has_its_own_state_and_the_visit_derives_its_own(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 9), (COLOUR, ANNA), (CUT, BO))
    first, second = show(ria, ShowVisit(code=visit.code)).lines
    start(ria, StepVisit(appointment_id=visit.appointment_id, line_ids=(first.id,)))
    finished = finish(ria, StepVisit(appointment_id=visit.appointment_id, line_ids=(first.id,)))
    assert finished.status is Status.IN_SERVICE
    assert finish(ria, StepVisit(appointment_id=visit.appointment_id)).status is Status.COMPLETED
    assert second.status is Status.PENDING


def test_cancelling_needs_a_reason_and_frees_the_time(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 9))
    wish = FindFree(service_id=CUT, stylist_id=ANNA, first_day=march(10, 9).date(), days=1, limit=1)
    with pytest.raises(errors.ReasonMissing):
        cancel(ria, LeaveVisit(appointment_id=visit.appointment_id, reason="  "))
    assert find_free(ria, wish).times[0].starts_at == march(10, 9, 45)
    cancel(ria, LeaveVisit(appointment_id=visit.appointment_id, reason="ill"))
    assert find_free(ria, wish).times[0].starts_at == march(10, 9)


def test_a_no_show_is_not_a_cancellation(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 9))
    assert no_show(ria, LeaveVisit(appointment_id=visit.appointment_id)).status is Status.NO_SHOW
    with pytest.raises(errors.WrongStage, match="is no show: it can't be cancelled now. Book a new visit."):
        cancel(ria, LeaveVisit(appointment_id=visit.appointment_id, reason="Ill"))


def test_one_line_can_be_cancelled_and_the_other_served(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 9), (COLOUR, ANNA), (CUT, BO))
    colour, cut = show(ria, ShowVisit(code=visit.code)).lines
    stepped = cancel(ria, LeaveVisit(appointment_id=visit.appointment_id, line_ids=(colour.id,), reason="No time"))
    assert stepped.status is Status.PENDING
    booked(ria, KIM, march(9, 9))
    finish(ria, StepVisit(appointment_id=visit.appointment_id))
    assert [line.status for line in show(ria, ShowVisit(code=visit.code)).lines] == [
        Status.CANCELLED,
        Status.COMPLETED,
    ]
    assert cut.stylist == "Bo"


def test_a_visit_that_is_not_there(ria: Desk) -> None:
    with pytest.raises(errors.NotFound, match="There is no visit NOPE2. Look at the day's book for its code."):
        show(ria, ShowVisit(code="NOPE2"))
    with pytest.raises(errors.NotFound):
        arrive(ria, StepVisit(appointment_id=999))


def test_a_no_show_who_came_after_all_gets_the_time_back_if_it_is_free(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 9))
    no_show(ria, LeaveVisit(appointment_id=visit.appointment_id))
    with pytest.raises(errors.ReasonMissing):
        put_back(ria, LeaveVisit(appointment_id=visit.appointment_id))
    back = put_back(ria, LeaveVisit(appointment_id=visit.appointment_id, reason="stood at the other door"))
    assert (back.was, back.status) == (Status.NO_SHOW, Status.PENDING)
    with pytest.raises(errors.StylistTaken, match="by Jane Doe"):
        booked(ria, KIM, march(9, 9))


def test_a_visit_is_not_put_back_onto_somebody_else(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 9))
    cancel(ria, LeaveVisit(appointment_id=visit.appointment_id, reason="Ill"))
    booked(ria, KIM, march(9, 9, 15))
    with pytest.raises(errors.StylistTaken, match="Anna is taken 09:15–10:00 by Kim Lee"):
        put_back(ria, LeaveVisit(appointment_id=visit.appointment_id, reason="well again"))
    assert show(ria, ShowVisit(code=visit.code)).status is Status.CANCELLED


def test_the_last_step_is_undone_and_remembered(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 9))
    arrive(ria, StepVisit(appointment_id=visit.appointment_id))
    put_back(ria, LeaveVisit(appointment_id=visit.appointment_id, reason="the wrong Jane"))
    sheet = show(ria, ShowVisit(code=visit.code))
    assert sheet.status is Status.PENDING
    assert (sheet.steps[-1].what, sheet.steps[-1].reason) == ("pending", "the wrong Jane")
    changes = show_history(ria, ShowHistory(kind="appointments", id=visit.appointment_id)).changes
    assert [(c.who, c.action, (c.new or {}).get("status")) for c in changes] == [
        ("Ria", "insert", "pending"),
        ("Ria", "update", "arrived"),
        ("Ria", "update", "pending"),
    ]
