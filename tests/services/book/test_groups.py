"""Couples and parties, and visits that go to the right customer."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.rules.states import Status
from frontdesk.services.book.booking import BookLine
from frontdesk.services.book.groups import (
    ArriveGroup,
    BookGroup,
    GroupBooking,
    MakeGroup,
    MoveGroup,
    ShowGroup,
    Ungroup,
    arrive_group,
    book_group,
    make_group,
    move_group,
    show_group,
    ungroup,
)
from frontdesk.services.book.reassigning import Reassign, reassign
from frontdesk.services.book.reshuffling import ProposeSick, propose_sick
from frontdesk.services.book.swapping import SwapVisits, swap
from frontdesk.services.book.visits import LeaveVisit, StepVisit, arrive, cancel, start
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.undo.undo import RedoLast, UndoLast, redo_last, undo_last
from tests.services.classes.test_classes import joined, planned, yoga
from tests.services.desks import ANNA, BO, COLOUR, CUT, JANE, KIM, MASSAGE, OLA, booked, march
from tests.services.undo.test_undo import book_of, sheet


def a_couple(service: int, *, room: bool = False) -> BookGroup:
    return BookGroup(
        starts_at=march(10, 14),
        bookings=(
            GroupBooking(customer_id=JANE, lines=(BookLine(service_id=service, stylist_id=ANNA),)),
            GroupBooking(customer_id=KIM, lines=(BookLine(service_id=service, stylist_id=BO),)),
        ),
    )


def test_a_party_is_linked_checked_in_by_one_key_and_paid_by_one(ria: Desk, clock: SetClock) -> None:
    jane = booked(ria, JANE, march(9, 10), (CUT, ANNA)).appointment_id
    kim = booked(ria, KIM, march(9, 10), (CUT, BO)).appointment_id
    before = book_of(ria)
    party = make_group(ria, MakeGroup(appointment_ids=(jane, kim)))
    assert (party.name, party.organiser, party.to_pay) == ("Jane Doe's party", "Jane Doe", (jane, kim))
    assert undo_last(ria, UndoLast()).sentence == "Taken back: Jane Doe and Kim Lee grouped."
    assert book_of(ria) == before
    redo_last(ria, RedoLast())
    here = arrive_group(ria, ArriveGroup(group_id=party.id))
    assert [visit.status for visit in here.visits] == [Status.ARRIVED, Status.ARRIVED]
    with pytest.raises(errors.WrongStage):
        arrive_group(ria, ArriveGroup(group_id=party.id))
    assert undo_last(ria, UndoLast()).sentence == "Taken back: Jane Doe and Kim Lee arrived."
    redo_last(ria, RedoLast())
    check_out(ria, CheckOut(appointment_ids=here.to_pay, tenders=(Pay(method="cash"),)))
    paid = show_group(ria, ShowGroup(appointment_id=kim))
    assert (paid.to_pay, [visit.paid for visit in paid.visits]) == ((), [True, True])


def test_a_couple_is_booked_at_once_or_not_at_all(ria: Desk, mo: Desk) -> None:
    booked(ria, OLA, march(11, 10))
    before = book_of(ria)
    with pytest.raises(errors.NoResource, match="Room 1"):
        book_group(ria, a_couple(MASSAGE))
    assert book_of(ria) == before
    with transaction(mo, uuid4()) as session:
        session.execute(text("INSERT INTO resources (shop_id, kind, name) VALUES (1, 'room', 'Room 2')"))
    party = book_group(ria, a_couple(MASSAGE))
    assert [(v.customer, v.starts_at, v.stylists) for v in party.visits] == [
        ("Jane Doe", march(10, 14), ("Anna",)),
        ("Kim Lee", march(10, 14), ("Bo",)),
    ]
    assert examine_data(mo, ExamineData()).findings == ()
    assert undo_last(ria, UndoLast()).sentence == "Taken back: Jane Doe and Kim Lee booked."
    assert show_group(ria, ShowGroup(group_id=party.id)).visits == ()
    redo_last(ria, RedoLast())
    assert len(show_group(ria, ShowGroup(group_id=party.id)).visits) == 2


def test_a_party_moves_together_and_falls_apart(ria: Desk) -> None:
    party = book_group(ria, a_couple(CUT))
    jane, kim = (visit.appointment_id for visit in party.visits)
    booked(ria, OLA, march(11, 11, 15), (CUT, BO))
    before = book_of(ria)
    with pytest.raises(errors.StylistTaken, match="Bo is taken"):
        move_group(ria, MoveGroup(group_id=party.id, starts_at=march(11, 11)))
    assert book_of(ria) == before
    moved = move_group(ria, MoveGroup(group_id=party.id, starts_at=march(11, 12)))
    assert {visit.starts_at for visit in moved.visits} == {march(11, 12)}
    undo_last(ria, UndoLast())
    assert book_of(ria) == before
    ungroup(ria, Ungroup(appointment_ids=(kim,)))
    assert [v.appointment_id for v in show_group(ria, ShowGroup(group_id=party.id)).visits] == [jane]
    with pytest.raises(errors.NotFound):
        show_group(ria, ShowGroup(appointment_id=kim))
    with pytest.raises(errors.BadInput, match="two visits or more"):
        make_group(ria, MakeGroup(appointment_ids=(jane, jane)))


def test_the_wrong_jane_was_checked_in(ria: Desk, mo: Desk) -> None:
    visit = booked(ria, JANE, march(9, 11), (COLOUR, ANNA)).appointment_id
    with transaction(mo, uuid4()) as session:
        session.execute(
            text("INSERT INTO accommodations (customer_id, service_id, price) VALUES (:ola, :colour, 99)"),
            {"ola": OLA, "colour": COLOUR},
        )
    arrive(ria, StepVisit(appointment_id=visit))
    start(ria, StepVisit(appointment_id=visit))
    before = book_of(ria)
    right = reassign(ria, Reassign(appointment_id=visit, customer_id=OLA))
    assert (right.customer, right.lines[0].status, right.lines[0].price) == ("Ola Berg", Status.IN_SERVICE, Decimal(99))
    after = book_of(ria)
    assert undo_last(ria, UndoLast()).sentence == "Taken back: the visit of Jane Doe given to Ola Berg."
    assert book_of(ria) == before
    redo_last(ria, RedoLast())
    assert book_of(ria) == after
    assert check_out(ria, CheckOut(appointment_ids=(visit,), tenders=(Pay(method="cash"),))).total == Decimal(99)
    with pytest.raises(errors.LinePaid, match="Refund it at the till first"):
        reassign(ria, Reassign(appointment_id=visit, customer_id=JANE))


def test_a_guest_turns_out_to_have_a_card(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 11)).appointment_id
    with pytest.raises(errors.BadInput, match="theirs already"):
        reassign(ria, Reassign(appointment_id=visit, customer_id=JANE))
    booked(ria, KIM, march(10, 11), (CUT, BO))
    with pytest.raises(errors.CustomerBusy, match="Kim Lee already has"):
        reassign(ria, Reassign(appointment_id=visit, customer_id=KIM))
    with pytest.raises(errors.NotFound):
        reassign(ria, Reassign(appointment_id=visit, customer_id=777))
    gone = booked(ria, JANE, march(10, 15)).appointment_id
    cancel(ria, LeaveVisit(appointment_id=gone, reason="Ill"))
    with pytest.raises(errors.WrongStage, match="is cancelled: it can't be given to somebody else"):
        reassign(ria, Reassign(appointment_id=gone, customer_id=OLA))
    guest = booked(ria, None, march(10, 13)).appointment_id
    with transaction(ria, uuid4()) as session:
        session.execute(text("UPDATE appointments SET guest_name = 'Zoe' WHERE id = :id"), {"id": guest})
    before = book_of(ria)
    assert reassign(ria, Reassign(appointment_id=guest, customer_id=KIM)).customer == "Kim Lee"
    undo_last(ria, UndoLast())
    assert sheet(ria, guest).customer == "Zoe"
    assert book_of(ria) == before


def test_a_seat_in_a_class_belongs_to_a_party_and_to_somebody_else_like_any_visit(ria: Desk, mo: Desk) -> None:
    session = planned(ria, yoga(mo), day=10)
    seat = joined(ria, session, JANE).appointment_id
    assert seat is not None
    kim = booked(ria, KIM, march(10, 15, 30), (CUT, BO)).appointment_id
    before = book_of(ria)
    make_group(ria, MakeGroup(appointment_ids=(seat, kim)))
    assert reassign(ria, Reassign(appointment_id=seat, customer_id=OLA)).customer == "Ola Berg"
    with pytest.raises(errors.BadInput, match="seat in a class"):
        swap(ria, SwapVisits(appointment_id=seat, other_id=kim))
    ill = propose_sick(mo, ProposeSick(stylist_id=ANNA, day=march(10, 0).date()))
    assert ill.also == ("Yoga at 14:00 has 1 seat taken: give it to somebody else, or cancel it.",)
    undo_last(ria, UndoLast())
    undo_last(ria, UndoLast())
    assert book_of(ria) == before
