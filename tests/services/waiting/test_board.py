"""The floor at a glance: who waits, is served, processes, has to pay, or should be here (features CI2, CI7, SV1)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import event

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.desk import Desk
from frontdesk.rules.actuals import Served
from frontdesk.rules.floor import Place
from frontdesk.rules.states import Status
from frontdesk.services.book.arrivals import AddAlert, add_alert
from frontdesk.services.book.booking import BookAppointment, BookLine, book
from frontdesk.services.book.visits import (
    LeaveVisit,
    ShowVisit,
    StepVisit,
    arrive,
    finish,
    go_on,
    no_show,
    put_back,
    show,
)
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.undo.undo import RedoLast, UndoLast, redo_last, undo_last
from frontdesk.services.waiting.board import Board, BoardRow, ShowBoard, show_board
from frontdesk.services.waiting.walk_ins import JoinQueue, join_queue
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, OLA, booked, march

CHAIR, DYE = Status.IN_SERVICE, Status.PROCESSING


def _only(board: Board) -> BoardRow:
    (row,) = board.rows
    return row


def _said(desk: Desk) -> list[tuple[str, str, str, str]]:
    board = show_board(desk, ShowBoard())
    return [
        (row.place.value, row.customer, watched.figure, ("!! " if watched.alert else "") + watched.note)
        for row in board.rows
        for watched in [row.watched(board.now, board.limits)]
    ]


def test_a_colour_goes_into_the_chair_processes_and_comes_back(ria: Desk, clock: SetClock) -> None:
    visit = booked(ria, JANE, march(9, 10), (COLOUR, ANNA))
    step = StepVisit(appointment_id=visit.appointment_id)
    said = []
    for hour, minute, act in ((9, 58, arrive), (10, 2, go_on), (10, 40, go_on), (11, 20, go_on)):
        clock.set(march(9, hour, minute))
        said.append(act(ria, StepVisit(appointment_id=visit.appointment_id)).said)
    assert said == ["arrived 09:58 (2 min early)", "in service", "processing", "back in the chair"]
    with pytest.raises(errors.WrongStage, match="Its last part has begun: d finishes it"):
        go_on(ria, step)
    clock.set(march(9, 11, 55))
    assert finish(ria, StepVisit(appointment_id=visit.appointment_id)).status is Status.COMPLETED
    line = show(ria, ShowVisit(code=visit.code)).lines[0]
    assert (line.started_at, line.finished_at) == (march(9, 10, 2), march(9, 11, 55))
    assert line.served == (Served(CHAIR, 30, 38), Served(DYE, 45, 40), Served(CHAIR, 30, 35))


def test_a_cut_has_no_part_but_its_end(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 9))
    step = StepVisit(appointment_id=visit.appointment_id)
    assert go_on(ria, step).status is CHAIR
    with pytest.raises(errors.WrongStage, match="d finishes it"):
        go_on(ria, StepVisit(appointment_id=visit.appointment_id))


def test_each_part_is_taken_back_by_itself_and_done_again(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 9), (COLOUR, ANNA))
    for _ in range(3):
        go_on(ria, StepVisit(appointment_id=visit.appointment_id))
    states = [show(ria, ShowVisit(code=visit.code)).status]
    for _ in range(3):
        undo_last(ria, UndoLast())
        states.append(show(ria, ShowVisit(code=visit.code)).status)
    for _ in range(3):
        redo_last(ria, RedoLast())
        states.append(show(ria, ShowVisit(code=visit.code)).status)
    assert states == [CHAIR, DYE, CHAIR, Status.PENDING, CHAIR, DYE, CHAIR]
    back = put_back(ria, LeaveVisit(appointment_id=visit.appointment_id, reason="not rinsed yet"))
    assert back.status is DYE


def test_two_lines_go_on_each_by_itself(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 10), (COLOUR, ANNA), (CUT, BO))
    colour, cut = show(ria, ShowVisit(code=visit.code)).lines
    go_on(ria, StepVisit(appointment_id=visit.appointment_id, line_ids=(colour.id,)))
    go_on(ria, StepVisit(appointment_id=visit.appointment_id, line_ids=(colour.id,)))
    assert [line.status for line in show(ria, ShowVisit(code=visit.code)).lines] == [DYE, Status.PENDING]
    go_on(ria, StepVisit(appointment_id=visit.appointment_id, line_ids=(cut.id,)))
    assert [line.status for line in show(ria, ShowVisit(code=visit.code)).lines] == [DYE, CHAIR]


def test_everybody_on_the_floor_stands_where_they_are_with_their_minutes(ria: Desk, clock: SetClock) -> None:
    jane = booked(ria, JANE, march(9, 9), (COLOUR, ANNA)).appointment_id
    kim = booked(ria, KIM, march(9, 10), (CUT, BO)).appointment_id
    ola = booked(ria, OLA, march(9, 11), (BLOW_DRY, BO)).appointment_id
    add_alert(ria, AddAlert(customer_id=KIM, words="ammonia", kind="allergy"))
    for at, act, visit in (
        (march(9, 9), go_on, jane), (march(9, 9, 30), go_on, jane), (march(9, 9, 50), arrive, kim),
    ):  # fmt: skip
        clock.set(at)
        act(ria, StepVisit(appointment_id=visit))
    clock.set(march(9, 10, 5))
    assert _said(ria) == [
        ("Waiting", "Kim Lee", "15m", "!! waits"),
        ("Processing", "Jane Doe", "35/45m", "10 left"),
        ("Expected", "Ola Berg", "", "in 55m"),
    ]
    assert [row.has_alerts for row in show_board(ria, ShowBoard()).rows] == [True, False, False]
    go_on(ria, StepVisit(appointment_id=kim))
    clock.set(march(9, 11, 15))
    assert _said(ria) == [
        ("In service", "Kim Lee", "70/45m", "!! 30 over"),
        ("Processing", "Jane Doe", "105/45m", "!! 60 over"),
        ("Expected", "Ola Berg", "", "!! late 15"),
    ]
    finish(ria, StepVisit(appointment_id=kim))
    finish(ria, StepVisit(appointment_id=jane))
    no_show(ria, LeaveVisit(appointment_id=ola))
    clock.set(march(9, 11, 20))
    assert _said(ria) == [("To pay", "Jane Doe", "5m", ""), ("To pay", "Kim Lee", "5m", "")]
    assert show_board(ria, ShowBoard()).of(Place.TO_PAY)[0].amount == Decimal("120.00")
    check_out(ria, CheckOut(appointment_ids=(jane, kim), tenders=(Pay(method="cash", amount=Decimal(200)),)))
    assert show_board(ria, ShowBoard()).rows == ()


def test_who_was_served_by_one_waits_for_the_next(ria: Desk, clock: SetClock) -> None:
    visit = booked(ria, JANE, march(9, 9), (CUT, ANNA), (BLOW_DRY, BO), outside_hours=True)
    cut, _ = show(ria, ShowVisit(code=visit.code)).lines
    arrive(ria, StepVisit(appointment_id=visit.appointment_id))
    assert _only(show_board(ria, ShowBoard())).service == "Cut +1"
    go_on(ria, StepVisit(appointment_id=visit.appointment_id, line_ids=(cut.id,)))
    assert _only(show_board(ria, ShowBoard())).place is Place.IN_SERVICE
    clock.set(march(9, 9, 45))
    finish(ria, StepVisit(appointment_id=visit.appointment_id, line_ids=(cut.id,)))
    row = _only(show_board(ria, ShowBoard()))
    assert (row.place, row.service, row.since) == (Place.WAITING, "Blow-dry", march(9, 9, 45))


def test_minutes_go_by_on_a_sheet_that_stays(ria: Desk, clock: SetClock) -> None:
    visit = booked(ria, JANE, march(9, 9))
    go_on(ria, StepVisit(appointment_id=visit.appointment_id))
    board = show_board(ria, ShowBoard())
    later = _only(board).watched(march(9, 9, 50), board.limits)
    assert (later.figure, later.note, later.alert) == ("50/45m", "5 longer", False)
    assert _only(board).watched(march(9, 9, 55), board.limits).alert
    assert _only(board).overrun(march(9, 9, 55)) == 10
    del clock


def test_the_board_asks_as_much_of_a_full_floor_as_of_an_empty_one(ria: Desk) -> None:
    show_board(ria, ShowBoard())
    before = _questions(ria)
    for hour, who in ((9, JANE), (10, KIM), (11, OLA)):
        visit = booked(ria, who, march(9, hour), (COLOUR, None))
        go_on(ria, StepVisit(appointment_id=visit.appointment_id))
    assert _questions(ria) == before


def _questions(desk: Desk) -> int:
    said: list[str] = []

    def heard(*seen: object) -> None:
        said.append(str(seen[2]))

    with desk.sessions() as session:
        engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", heard)
    try:
        show_board(desk, ShowBoard())
    finally:
        event.remove(engine, "before_cursor_execute", heard)
    return len(said)


def test_who_walked_in_waits_with_an_estimate_and_whose_turn_it_is_stands_there(ria: Desk, clock: SetClock) -> None:
    clock.set(march(9, 10))
    booked(ria, JANE, march(9, 10), (CUT, ANNA))
    joined = join_queue(ria, JoinQueue(text="pip cut with anna"))
    board = show_board(ria, ShowBoard())
    row = next(row for row in board.rows if row.walk_in_id == joined.id)
    assert (row.place, row.customer, row.stylist, row.estimate) == (Place.WAITING, "Pip", "Anna", march(9, 10, 45))
    assert [turn.name for turn in board.turns] == ["Anna", "Bo"]


def test_who_has_come_for_nobody_is_with_nobody_in_a_word_that_fits(ria: Desk) -> None:
    wish = BookAppointment(
        customer_id=JANE, starts_at=march(9, 10), lines=(BookLine(service_id=CUT, stylist_id=None, unassigned=True),)
    )
    arrive(ria, StepVisit(appointment_id=book(ria, wish).appointment_id))
    assert _only(show_board(ria, ShowBoard())).stylist == "nobody"
