"""Seats of a class as rows. Private to the services that change visits and classes.

Whoever takes or gives back a seat holds the strip of who leads the class on that day, so that seats are given one
after the other. A seat is a row with a number; one whose visit was left or taken back is free again by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import text

from frontdesk.errors import Refusal
from frontdesk.services.placing.class_strips import Spot, days_of, find_spot, lift, put
from frontdesk.services.placing.placing import Allowance
from frontdesk.services.use_case import Work
from frontdesk.services.wording import day_and_time
from frontdesk.tables.appointments import AppointmentService
from frontdesk.tables.classes import ClassSeat, ClassSession


class ClassFull(Refusal):
    """{service} on {time} is full: {seats} of {seats} seats are taken. Put them on its waitlist."""


class ClassMoved(Refusal):
    """{service} has been moved to {time} since, and others have joined it. Give them a seat in it anew."""


def locked(work: Work, session_id: int) -> ClassSession | None:
    """The class as it is now, kept from others until commit."""
    return work.session.get(ClassSession, session_id, with_for_update=True, populate_existing=True)


def free_number(work: Work, session: ClassSession) -> int | None:
    """The lowest seat that nobody has, cleared of who had it once; None when the class is full."""
    number: int | None = work.session.execute(_LOWEST, {"session": session.id, "seats": session.seats}).scalar()
    if number is not None:
        work.session.execute(_CLEAR, {"session": session.id, "number": number})
    return number


_LOWEST = text("""
    SELECT n FROM generate_series(1, CAST(:seats AS int)) AS n
     WHERE NOT EXISTS (SELECT FROM class_seats s JOIN appointments a ON a.id = s.appointment_id
                        WHERE s.session_id = :session AND s.number = n
                          AND a.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void'))
     ORDER BY n LIMIT 1
""")
_CLEAR = text("DELETE FROM class_seats WHERE session_id = :session AND number = :number")


def seat(work: Work, session: ClassSession, number: int, appointment_id: int) -> None:
    """Give a seat to a visit."""
    work.session.execute(text("DELETE FROM class_seats WHERE appointment_id = :visit"), {"visit": appointment_id})
    work.session.add(
        ClassSeat(session_id=session.id, seats=session.seats, number=number, appointment_id=appointment_id)
    )
    work.session.flush()


def sit_again(work: Work, lines: Sequence[AppointmentService]) -> None:
    """Lines that come back to a class take a seat again; a class that went with them comes back as well.

    The caller holds the strips. Raises ClassFull, ClassMoved, SlotTaken.
    """
    classes: dict[int, list[AppointmentService]] = {}
    for line in lines:
        if line.class_session_id is not None:
            classes.setdefault(line.class_session_id, []).append(line)
    for session_id, its in sorted(classes.items()):
        session = locked(work, session_id)
        assert session is not None
        work.session.flush()
        _bring_back(work, session, its)
        for line in its:
            if work.session.execute(_HAS_SEAT, {"visit": line.appointment_id, "session": session_id}).scalar():
                continue
            number = free_number(work, session)
            if number is None:
                raise ClassFull(service=line.name, time=_when(work, session.starts_at), seats=session.seats)
            seat(work, session, number, line.appointment_id)


_HAS_SEAT = text("SELECT true FROM class_seats WHERE appointment_id = :visit AND session_id = :session")


def _bring_back(work: Work, session: ClassSession, lines: Sequence[AppointmentService]) -> None:
    """A class that was cancelled or moved together with its seats goes where they go."""
    goes = lines[0]
    is_there = (session.starts_at, session.stylist_id) == (goes.starts_at, goes.stylist_id)
    if is_there and not session.is_cancelled:
        return
    asked = {"session": session.id, "visits": [line.appointment_id for line in lines], "goes": goes.starts_at}
    if not is_there and work.session.execute(_OTHERS, asked).scalar():
        raise ClassMoved(service=goes.name, time=_when(work, session.starts_at))
    wish = Spot(session.service_id, goes.stylist_id or session.stylist_id, session.resource_id, goes.starts_at)
    lift(work, session.id, days_of(work, [session.id]))
    session.is_cancelled = False
    session.version += 1
    put(work, session, find_spot(work, wish, Allowance(outside_hours=True)))


_OTHERS = text("""
    SELECT true FROM class_seats s JOIN appointments a ON a.id = s.appointment_id
     WHERE s.session_id = :session AND s.appointment_id <> ALL (:visits) AND a.starts_at <> :goes
       AND a.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void') LIMIT 1
""")


def _when(work: Work, at: dt.datetime) -> str:
    return day_and_time(at, work.shop.timezone)
