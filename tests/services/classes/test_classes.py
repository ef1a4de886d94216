"""Classes: one leads, many take part, and nobody sits on anybody's lap (features BK22)."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.services.book.visits import StepVisit, arrive
from frontdesk.services.classes.class_wishes import (
    CancelSession,
    ChangeSession,
    JoinClass,
    Joined,
    LeaveClass,
    ListSessions,
    PlanSession,
    SessionCard,
    ShowRoster,
)
from frontdesk.services.classes.classes import (
    cancel_session,
    change_session,
    join,
    leave,
    list_sessions,
    plan_session,
    roster,
)
from frontdesk.services.menu.catalogue import AddService, ServicePartWish, add_service
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.placing.class_seats import ClassFull, ClassMoved
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.series.series_making import SeriesClash
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.undo.undo import RedoLast, UndoLast, redo_last, undo_last
from tests import vale_street
from tests.conftest import desk_conninfo
from tests.services.desks import ANNA, BO, JANE, KIM, MASSAGE, OLA, booked, march


def yoga(mo: Desk, *, room: bool = False, seats: int = 3) -> int:
    """A class of an hour, 15.00 a seat."""
    parts = (
        ServicePartWish(kind="active", minutes=60, holds=("lead", "room") if room else ("lead",)),
        ServicePartWish(kind="cleanup", minutes=15, holds=("room",) if room else ()),
    )
    added = add_service(
        mo, AddService(name="Yoga", code="YOGA", price=Decimal(15), parts=parts, kind="class", seats=seats)
    )
    return added.id


def planned(desk: Desk, service: int, day: int = 12, hour: int = 14, stylist: int = ANNA) -> SessionCard:
    """One class."""
    wish = PlanSession(service_id=service, stylist_id=stylist, first=march(day, hour))
    return plan_session(desk, wish).sessions[0]


def joined(desk: Desk, session: SessionCard, customer: int | None, guest: str = "", *, ahead: bool = False) -> Joined:
    """Somebody who wants a seat."""
    return join(desk, JoinClass(session_id=session.id, customer_id=customer, guest_name=guest, ahead=ahead))


def _seats(desk: Desk, session: SessionCard) -> list[str]:
    return [f"{seat.number} {seat.customer}".strip() for seat in roster(desk, ShowRoster(session_id=session.id)).seats]


def _waiting(desk: Desk, session: SessionCard) -> list[str]:
    return [one.customer for one in roster(desk, ShowRoster(session_id=session.id)).waiting]


def test_a_class_holds_who_leads_it_and_its_room(ria: Desk, mo: Desk) -> None:
    session = planned(ria, yoga(mo, room=True))
    assert (session.room, session.seats, session.taken, session.price) == ("Room 1", 3, 0, Decimal(15))
    assert session.ends_at == march(12, 15)
    with pytest.raises(errors.SlotTaken):
        booked(ria, JANE, march(12, 14, 30))
    with pytest.raises(errors.NoResource, match="Room 1"):
        booked(ria, JANE, march(12, 15), (MASSAGE, BO))
    booked(ria, JANE, march(12, 15), (1, ANNA))
    assert list_sessions(ria, ListSessions(first_day=dt.date(2026, 3, 12))).sessions == (session,)


def test_a_class_where_somebody_is_booked_is_refused_as_a_visit_is(ria: Desk, mo: Desk) -> None:
    service = yoga(mo)
    booked(ria, KIM, march(12, 14, 30))
    with pytest.raises(errors.StylistTaken, match="Anna is taken 14:30–15:15 by Kim Lee"):
        planned(ria, service)
    with pytest.raises(errors.OutsideShift, match="Anna is off on Sun 15 Mar"):
        planned(ria, service, day=15)
    with pytest.raises(errors.BadInput, match="A class has between 1 and 500 seats"):
        plan_session(ria, PlanSession(service_id=service, stylist_id=ANNA, first=march(13, 14), seats=0))
    with pytest.raises(errors.BadInput, match="Cut is not a class"):
        planned(ria, 1)


def test_a_class_that_comes_again_is_planned_whole_or_not_at_all(ria: Desk, mo: Desk) -> None:
    service = yoga(mo)
    booked(ria, KIM, march(19, 14, 30))
    weekly = {"service_id": service, "stylist_id": ANNA, "first": dt.datetime.fromisoformat("2026-03-12T14:00")}
    with pytest.raises(SeriesClash, match=r"2 \(Thu 19 Mar 14:00\): Anna is taken"):
        plan_session(ria, PlanSession(**weekly, count=8))  # type: ignore[arg-type]
    sessions = plan_session(ria, PlanSession(**weekly, count=8, skip=(2,))).sessions  # type: ignore[arg-type]
    assert [f"{one.starts_at:%d %b %H:%M}Z" for one in sessions][:3] == [
        "12 Mar 14:00Z",
        "26 Mar 14:00Z",
        "02 Apr 13:00Z",
    ]
    assert len(sessions) == 7


def test_seats_go_in_order_and_then_the_waitlist_begins(ria: Desk, mo: Desk) -> None:
    session = planned(ria, yoga(mo, seats=2))
    one, two = joined(ria, session, JANE), joined(ria, session, None, "Walk-in")
    assert (one.seat, two.seat) == (1, 2)
    three, four = joined(ria, session, KIM), joined(ria, session, OLA)
    assert [(each.seat, each.place) for each in (three, four)] == [(None, 1), (None, 2)]
    assert _seats(ria, session) == ["1 Jane Doe", "2 Walk-in"]
    assert _waiting(ria, session) == ["Kim Lee", "Ola Berg"]
    with pytest.raises(errors.BadInput, match="Kim Lee waits for a seat already, at place 1"):
        joined(ria, session, KIM)
    with pytest.raises(errors.CustomerBusy):
        joined(ria, session, JANE)


def test_a_seat_given_up_goes_to_who_waits_longest(ria: Desk, mo: Desk) -> None:
    session = planned(ria, yoga(mo, seats=2))
    jane = joined(ria, session, JANE)
    joined(ria, session, None, "Walk-in")
    joined(ria, session, KIM)
    joined(ria, session, OLA)
    left = leave(ria, LeaveClass(appointment_id=jane.appointment_id or 0, reason="Ill"))
    assert left.next_waiting is not None
    assert left.next_waiting.customer == "Kim Lee"
    assert joined(ria, session, JANE).place == 3
    seated = join(ria, JoinClass(session_id=session.id, entry_id=left.next_waiting.entry_id))
    assert (seated.customer, seated.seat) == ("Kim Lee", 1)
    assert _waiting(ria, session) == ["Ola Berg", "Jane Doe"]
    entry = roster(ria, ShowRoster(session_id=session.id)).waiting[0].entry_id
    with pytest.raises(ClassFull):
        join(ria, JoinClass(session_id=session.id, entry_id=entry))


def test_joining_and_leaving_are_taken_back_and_done_again(ria: Desk, mo: Desk) -> None:
    session = planned(ria, yoga(mo, seats=1))
    jane = joined(ria, session, JANE)
    undo_last(ria, UndoLast())
    assert _seats(ria, session) == ["1"]
    redo_last(ria, RedoLast())
    assert _seats(ria, session) == ["1 Jane Doe"]
    leave(ria, LeaveClass(appointment_id=jane.appointment_id or 0, reason="Ill"))
    undo_last(ria, UndoLast())
    assert _seats(ria, session) == ["1 Jane Doe"]
    leave(ria, LeaveClass(appointment_id=jane.appointment_id or 0, reason="Ill"))
    joined(ria, session, KIM)
    undo = undo_last(ria, UndoLast())
    assert "Kim Lee" in undo.sentence
    redo_last(ria, RedoLast())
    older = _action_before_last(ria)
    with pytest.raises(ClassFull, match="Yoga on Thu 12 Mar 14:00 is full: 1 of 1 seats are taken"):
        undo_last(ria, UndoLast(older_than=older))


def _action_before_last(desk: Desk) -> int:
    with desk.sessions() as session:
        session.execute(text("SELECT set_config('frontdesk.token', 'token of ria', true)"))
        return int(session.execute(text("SELECT max(id) FROM booking_actions")).scalar_one())


def test_the_roster_marks_who_has_arrived(ria: Desk, mo: Desk) -> None:
    session = planned(ria, yoga(mo))
    jane = joined(ria, session, JANE)
    joined(ria, session, KIM)
    arrive(ria, StepVisit(appointment_id=jane.appointment_id or 0))
    sheet = roster(ria, ShowRoster(session_id=session.id))
    assert [seat.status.letter if seat.status else "" for seat in sheet.seats] == ["a", "p", ""]
    assert (sheet.session.taken, sheet.session.arrived, sheet.session.free) == (2, 1, 1)


def test_a_class_is_moved_with_everybody_in_it_and_back_in_one_stroke(ria: Desk, mo: Desk) -> None:
    session = planned(ria, yoga(mo, room=True))
    joined(ria, session, JANE)
    joined(ria, session, KIM)
    moved = change_session(ria, ChangeSession(session_id=session.id, starts_at=march(12, 16), stylist_id=BO))
    assert (moved.session.starts_at, moved.session.stylist) == (march(12, 16), "Bo")
    assert (moved.to_call[0].customer, moved.to_call[0].phone) == ("Jane Doe", "+447700900123")
    booked(ria, OLA, march(12, 14), (1, ANNA))
    with pytest.raises(errors.Refusal):
        undo_last(ria, UndoLast(older_than=_action_before_last(ria)))
    undo_last(ria, UndoLast())
    undo_last(ria, UndoLast())
    back = roster(ria, ShowRoster(session_id=session.id))
    assert (back.session.starts_at, back.session.stylist, back.session.taken) == (march(12, 14), "Anna", 2)
    redo_last(ria, RedoLast())
    assert roster(ria, ShowRoster(session_id=session.id)).session.starts_at == march(12, 16)
    joined(ria, session, OLA)
    with pytest.raises(ClassMoved):
        undo_last(ria, UndoLast(older_than=_action_before_last(ria)))


def test_a_class_can_t_go_where_somebody_of_it_is_elsewhere(ria: Desk, mo: Desk) -> None:
    session = planned(ria, yoga(mo))
    joined(ria, session, JANE)
    booked(ria, JANE, march(13, 14, 30), (1, BO))
    with pytest.raises(errors.CustomerBusy, match="Jane Doe already has visit"):
        change_session(ria, ChangeSession(session_id=session.id, starts_at=march(13, 14)))
    assert roster(ria, ShowRoster(session_id=session.id)).session.starts_at == march(12, 14)


def test_a_class_gets_more_and_fewer_seats_but_none_is_taken_from_anybody(ria: Desk, mo: Desk) -> None:
    session = planned(ria, yoga(mo, seats=4))
    first = joined(ria, session, None, "Guest 1")
    for number in (2, 3, 4):
        joined(ria, session, None, f"Guest {number}")
    leave(ria, LeaveClass(appointment_id=first.appointment_id or 0, reason="Ill"))
    with pytest.raises(errors.BadInput, match="3 have a seat"):
        change_session(ria, ChangeSession(session_id=session.id, seats=2))
    fewer = change_session(ria, ChangeSession(session_id=session.id, seats=3, version=session.version))
    assert _seats(ria, session) == ["1 Guest 2", "2 Guest 3", "3 Guest 4"]
    assert fewer.session.seats == 3
    change_session(ria, ChangeSession(session_id=session.id, seats=5))
    assert joined(ria, session, JANE).seat == 4
    with pytest.raises(errors.ChangedMeanwhile):
        change_session(ria, ChangeSession(session_id=session.id, seats=6, version=session.version))


def test_a_class_that_does_not_take_place_says_whom_to_call_and_can_be_taken_back(ria: Desk, mo: Desk) -> None:
    session = planned(ria, yoga(mo, seats=1))
    joined(ria, session, JANE)
    joined(ria, session, KIM)
    with pytest.raises(errors.ReasonMissing):
        cancel_session(ria, CancelSession(session_id=session.id))
    gone = cancel_session(ria, CancelSession(session_id=session.id, reason="Anna is ill"))
    assert [one.customer for one in gone.to_call] == ["Jane Doe", "Kim Lee"]
    assert (gone.session.is_cancelled, gone.session.taken) == (True, 0)
    assert list_sessions(ria, ListSessions(first_day=dt.date(2026, 3, 12))).sessions == ()
    with pytest.raises(errors.WrongStage, match="is cancelled: it can't be joined now"):
        joined(ria, session, OLA)
    undo_last(ria, UndoLast())
    back = roster(ria, ShowRoster(session_id=session.id))
    assert (back.session.is_cancelled, back.seats[0].customer) == (False, "Jane Doe")
    with pytest.raises(errors.SlotTaken):
        booked(ria, OLA, march(12, 14))


def test_a_class_that_is_over_takes_nobody(ria: Desk, mo: Desk, clock: SetClock) -> None:
    session = planned(ria, yoga(mo))
    clock.set(march(12, 14, 30))
    assert joined(ria, session, JANE).seat == 1
    clock.set(march(12, 15))
    with pytest.raises(errors.InThePast):
        joined(ria, session, KIM)


def test_a_seat_is_paid_at_the_till_as_any_visit_is(ria: Desk, mo: Desk) -> None:
    session = planned(ria, yoga(mo))
    jane = joined(ria, session, JANE)
    sale = check_out(ria, CheckOut(appointment_ids=(jane.appointment_id or 0,), tenders=(Pay(method="cash"),)))
    assert sale.total == Decimal("15.00")
    assert [seat.paid for seat in roster(ria, ShowRoster(session_id=session.id)).seats] == [True, False, False]


def test_the_doctor_finds_nothing_wrong_with_classes(ria: Desk, mo: Desk) -> None:
    session = planned(ria, yoga(mo, room=True))
    joined(ria, session, JANE)
    gone = joined(ria, session, KIM)
    leave(ria, LeaveClass(appointment_id=gone.appointment_id or 0, reason="Ill"))
    change_session(ria, ChangeSession(session_id=session.id, starts_at=march(12, 16)))
    assert examine_data(mo, ExamineData()).findings == ()
    cancel_session(ria, CancelSession(session_id=session.id, reason="Anna is ill"))
    assert examine_data(mo, ExamineData()).findings == ()


JOINERS = 20


def test_of_twenty_at_once_three_get_the_seats_and_the_others_wait_in_order(server: Handle, committed: str) -> None:
    engine = open_engine(desk_conninfo(server, committed), poolclass=NullPool)
    desks = [
        open_desk(lambda: Session(engine), vale_street.token(login), SetClock(vale_street.NOW))
        for login in ("mo", *["ria"] * JOINERS)
    ]
    session = planned(desks[1], yoga(desks[0]))
    gate = threading.Barrier(JOINERS)

    def want(number: int) -> Joined:
        gate.wait()
        return joined(desks[number], session, None, f"Guest {number}")

    with ThreadPoolExecutor(JOINERS) as pool:
        answers = list(pool.map(want, range(1, JOINERS + 1)))
    assert sorted(one.seat for one in answers if one.seat) == [1, 2, 3]
    assert sorted(one.place for one in answers if one.place) == list(range(1, JOINERS - 2))
    sheet = roster(desks[1], ShowRoster(session_id=session.id))
    assert {seat.customer for seat in sheet.seats} == {one.customer for one in answers if one.seat}
    in_order = sorted((one for one in answers if one.place), key=lambda one: one.place or 0)
    assert [one.customer for one in sheet.waiting] == [one.customer for one in in_order]


@pytest.mark.parametrize("guarded", [True, False])
def test_plain_sql_seats_no_more_than_fit_while_the_constraints_stand(
    server: Handle, committed: str, guarded: bool
) -> None:
    """Without the constraints the same writers must seat too many, or this test tests nothing."""
    engine = open_engine(desk_conninfo(server, committed), poolclass=NullPool)
    mo = open_desk(lambda: Session(engine), vale_street.token("mo"), SetClock(vale_street.NOW))
    session = planned(mo, yoga(mo))
    visits = [booked(mo, None, march(13, 9) + dt.timedelta(minutes=45 * n)).appointment_id for n in range(8)]
    with psycopg.connect(server.conninfo(committed), autocommit=True) as connection:
        if not guarded:
            connection.execute(
                "ALTER TABLE class_seats DROP CONSTRAINT class_seats_key, DROP CONSTRAINT class_seats_fit"
            )
    gate = threading.Barrier(len(visits))

    def sit(visit: int) -> None:
        with psycopg.connect(server.conninfo(committed)) as connection:
            row = connection.execute("SELECT count(*) FROM class_seats").fetchone()
            gate.wait()
            with suppress(psycopg.errors.IntegrityError):
                connection.execute(
                    "INSERT INTO class_seats (business_id, session_id, seats, number, appointment_id)"
                    " VALUES (1, %s, 3, %s, %s)",
                    (session.id, (row[0] if row else 0) + 1, visit),
                )
                connection.commit()

    with ThreadPoolExecutor(len(visits)) as pool:
        list(pool.map(sit, visits))
    with psycopg.connect(server.conninfo(committed)) as connection:
        row = connection.execute("SELECT count(*) FROM class_seats").fetchone()
    assert row is not None
    assert (row[0] <= 3) is guarded
