"""A whole visit in words."""

from __future__ import annotations

from frontdesk.clock import SetClock
from frontdesk.desk import Desk
from frontdesk.screens.calendar.reading import visit_in_words
from frontdesk.services.book.visits import LeaveVisit, ShowVisit, StepVisit, arrive, cancel, confirm, go_on, show
from tests.services.desks import ANNA, BO, COLOUR, CUT, JANE, booked, march


def test_minutes_that_were_taken_stand_beside_those_planned(ria: Desk, clock: SetClock) -> None:
    visit = booked(ria, JANE, march(9, 10), (COLOUR, ANNA))
    for minute, act in ((-2, arrive), (2, go_on), (40, go_on)):
        clock.set(march(9, 9, 58) if minute < 0 else march(9, 10, minute))
        act(ria, StepVisit(appointment_id=visit.appointment_id))
    clock.set(march(9, 10, 50))
    words = visit_in_words(show(ria, ShowVisit(code=visit.code)), ria, private=False).plain
    assert "arrived 09:58 (2 min early)" in words
    assert "38 of 30 min in the chair, 10 of 45 min processing, – of 30 min in the chair" in words


def test_a_step_of_several_lines_is_told_once_and_a_state_in_full(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 12), (CUT, ANNA), (CUT, BO))
    confirm(ria, StepVisit(appointment_id=visit.appointment_id))
    cancel(ria, LeaveVisit(appointment_id=visit.appointment_id, reason="Ill"))
    words = visit_in_words(show(ria, ShowVisit(code=visit.code)), ria, private=False).plain
    assert words.count("confirmed") == 1
    assert words.count("cancelled  (Ill)") == 1
    assert "…" not in words
