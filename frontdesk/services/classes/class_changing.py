"""A class that is moved or does not take place, with everybody in it. Private to `classes`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel import col, select

from frontdesk.errors import BadInput, ChangedMeanwhile, InThePast, ReasonMissing, WrongStage
from frontdesk.rules.states import Status
from frontdesk.services.book.actions import Kind, VisitState, laid_out, remember
from frontdesk.services.book.visits import LeaveVisit, cancel_visit
from frontdesk.services.classes.class_reading import STANDS, card_of, no_class, waiting_for
from frontdesk.services.classes.class_wishes import CancelSession, ChangeSession, SessionCard, SessionChanged, ToCall
from frontdesk.services.placing import class_seats, freeing, unfree
from frontdesk.services.placing.class_strips import Found, Spot, days_of, find_spot, lift, put
from frontdesk.services.placing.freeing import Freed
from frontdesk.services.placing.placing import Allowance, whole_minute
from frontdesk.services.team import slots
from frontdesk.services.team.strip_hours import StripDay, homes
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work
from frontdesk.services.wording import day_and_time, person
from frontdesk.tables.appointments import Appointment
from frontdesk.tables.classes import ClassSession
from frontdesk.text import clean

_MOST_SEATS = 500


def change(work: Work, request: ChangeSession) -> SessionChanged:
    """Move a class, or give it other seats or another price."""
    card = card_of(work, request.session_id)
    goes = whole_minute(request.starts_at) if request.starts_at is not None else card.starts_at
    spot = Spot(card.service_id, request.stylist_id or card.stylist_id, request.room_id or card.room_id, goes)
    is_moved = spot != Spot(card.service_id, card.stylist_id, card.room_id, card.starts_at)
    visits = _visits(work, card.id)
    days = days_of(work, [card.id])
    slots.hold(work.session, days | _days_there(work, days, spot, card), customer_ids=[v.customer_id for v in visits])
    session = _locked(work, card, request.version)
    if request.seats is not None:
        _give_seats(work, session, request.seats)
    if request.price is not None:
        session.price = amount_of(work, request.price, "price")
    session.version += 1
    visits = _visits(work, card.id)
    to_call: tuple[ToCall, ...] = ()
    if is_moved:
        if goes < work.now.replace(second=0, microsecond=0):
            raise InThePast(time=day_and_time(goes, work.shop.timezone))
        lift(work, card.id, days)
        found = find_spot(work, spot, Allowance(outside_hours=request.outside_hours))
        put_everybody(work, session, found, visits)
        freeing.protect_overbooked(work, Freed(tuple(sorted(days))))
        slots.rebuild(work.session, days, work.now)
        to_call = _to_call(work, card.id)
    work.session.flush()
    work.tell("class.changed", card.id)
    return SessionChanged(card_of(work, card.id), to_call)


def _days_there(work: Work, days: set[StripDay], spot: Spot, card: SessionCard) -> set[StripDay]:
    """The days of the strips it goes to, as far as they are known before one is chosen."""
    lead = work.session.execute(_STRIP, {"stylist": spot.stylist_id}).scalar()
    resources = {resource for resource, _ in days} | {each for each in (lead, spot.room_id) if each is not None}
    lasts = card.ends_at - card.starts_at + dt.timedelta(hours=2)
    there = (spot.starts_at - dt.timedelta(hours=2), spot.starts_at + lasts)
    return {day for home in homes(work.session, resources).values() for day in home.days(*there)}


_STRIP = text("SELECT resource_id FROM stylists WHERE id = :stylist")


def put_everybody(work: Work, session: ClassSession, found: Found, visits: Sequence[Appointment]) -> None:
    """Move the class and every visit of it; one stroke for undo. Raises CustomerBusy."""
    lines = {visit.id: freeing.lines_of(work, visit.id) for visit in visits}
    before = {v.id: VisitState.of(v, lines[v.id], laid_out(work, lines[v.id])) for v in visits}
    put(work, session, found)
    batch = uuid4()
    for visit in visits:
        if visit.customer_id is not None and not visit.for_guest:
            name = freeing.customer_of(work, visit)
            unfree.refuse_customer_elsewhere(
                work, visit.customer_id, name, session.starts_at, session.ends_at, besides=visit.id
            )
        visit.starts_at, visit.ends_at, visit.starts_local = session.starts_at, session.ends_at, session.starts_local
        visit.version += 1
        for line in lines[visit.id]:
            line.stylist_id, line.starts_at, line.ends_at = session.stylist_id, session.starts_at, session.ends_at
            line.version += 1
    work.session.flush()
    for visit in visits:
        after = VisitState.of(visit, lines[visit.id], laid_out(work, lines[visit.id]))
        remember(work, Kind.MOVED, visit, before[visit.id], after, batch)
        work.tell("appointment.moved", visit.id, starts_at=visit.starts_at)


def _locked(work: Work, card: SessionCard, version: int | None) -> ClassSession:
    session = class_seats.locked(work, card.id)
    if session is None:
        raise no_class(card.id)
    if version is not None and session.version != version:
        who = work.session.execute(_LAST_HAND, {"session": card.id}).scalars().first()
        raise ChangedMeanwhile(who=who or "Somebody")
    if session.is_cancelled:
        when = day_and_time(session.starts_at, work.shop.timezone)
        raise WrongStage(visit=f"{card.service}, {when},", status="cancelled", wish="changed", remedy="Plan a new one.")
    return session


_LAST_HAND = text("SELECT who FROM record_history('class_sessions', :session) ORDER BY at DESC LIMIT 1")


def _give_seats(work: Work, session: ClassSession, seats: int) -> None:
    """More or fewer seats; those who sit beyond the last move up."""
    if not 1 <= seats <= _MOST_SEATS:
        raise BadInput(f"A class has between 1 and {_MOST_SEATS} seats. Type 8, for example.", field="seats")
    taken = _visits(work, session.id)
    if len(taken) > seats:
        raise BadInput(f"{len(taken)} have a seat. Cancel some first, or keep {len(taken)} seats.", field="seats")
    work.session.execute(_CLEAR, {"session": session.id})
    if seats < session.seats:
        work.session.execute(_MOVE_UP, {"session": session.id, "visits": [visit.id for visit in taken]})
    session.seats = seats
    work.session.flush()


_CLEAR = text(f"""
    DELETE FROM class_seats s USING appointments a
     WHERE a.id = s.appointment_id AND s.session_id = :session AND NOT ({STANDS})
""")  # noqa: S608  nothing but what stands above
_MOVE_UP = text("""
    WITH gone AS (DELETE FROM class_seats WHERE session_id = :session RETURNING seats, number, appointment_id)
    INSERT INTO class_seats (session_id, seats, number, appointment_id)
    SELECT :session, seats, row_number() OVER (ORDER BY number), appointment_id FROM gone
""")


def cancel(work: Work, request: CancelSession, batch_id: UUID) -> SessionChanged:
    """Every seat's visit is cancelled, and the class holds nothing more."""
    if not clean(request.reason):
        raise ReasonMissing
    card = card_of(work, request.session_id)
    visits = _visits(work, card.id)
    days = days_of(work, [card.id])
    slots.hold(work.session, days, customer_ids=[visit.customer_id for visit in visits])
    session = _locked(work, card, None)
    visits = _visits(work, card.id)
    begun = [visit for visit in visits if visit.status in (Status.IN_SERVICE, Status.PROCESSING, Status.COMPLETED)]
    if begun:
        when = day_and_time(card.starts_at, work.shop.timezone)
        raise WrongStage(
            visit=f"{card.service}, {when},", status="begun", wish="cancelled", remedy="Cancel its seats one by one."
        )
    to_call = _to_call(work, card.id)
    for visit in visits:
        cancel_visit(work, LeaveVisit(appointment_id=visit.id, reason=request.reason), batch_id=batch_id, by_shop=True)
    session.is_cancelled = True
    session.version += 1
    lift(work, card.id, days)
    freeing.protect_overbooked(work, Freed(tuple(sorted(days))))
    slots.rebuild(work.session, days, work.now)
    work.tell("class.cancelled", card.id)
    return SessionChanged(card_of(work, card.id), to_call)


def _visits(work: Work, session_id: int) -> list[Appointment]:
    """The visits of those who have a seat, in the order of their seats."""
    ids = list(work.session.execute(_SITTING, {"session": session_id}).scalars())
    found = {v.id: v for v in work.session.exec(select(Appointment).where(col(Appointment.id).in_(ids)))}
    return [found[visit_id] for visit_id in ids]


_SITTING = text(f"""
    SELECT a.id FROM class_seats s JOIN appointments a ON a.id = s.appointment_id
     WHERE s.session_id = :session AND {STANDS} ORDER BY s.number
""")  # noqa: S608  nothing but what stands above


def _to_call(work: Work, session_id: int) -> tuple[ToCall, ...]:
    """Everybody who has a seat, then those who wait."""
    rows = work.session.execute(_WHOM, {"session": session_id})
    sitting = [
        ToCall(row.customer_id, person(row.first_name, row.last_name, row.c_code, row.guest_name), row.phone, row.code)
        for row in rows
    ]
    waiting = [ToCall(one.customer_id, one.customer, one.phone, None) for one in waiting_for(work, session_id)]
    return (*sitting, *waiting)


_WHOM = text(f"""
    SELECT a.customer_id, c.first_name, c.last_name, c.code AS c_code, a.guest_name, c.phone, a.code
      FROM class_seats s JOIN appointments a ON a.id = s.appointment_id LEFT JOIN customers c ON c.id = a.customer_id
     WHERE s.session_id = :session AND {STANDS} ORDER BY s.number
""")  # noqa: S608  nothing but what stands above
