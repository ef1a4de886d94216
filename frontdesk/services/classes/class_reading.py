"""Classes, their seats and who waits for one, as they stand. Private to the services of classes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import text

from frontdesk.clock import day_bounds
from frontdesk.errors import NotFound
from frontdesk.rules.states import Status
from frontdesk.services.classes.class_wishes import Roster, Seat, SessionCard, WaitingForSeat
from frontdesk.services.use_case import Work
from frontdesk.services.wording import person

STANDS = "a.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')"
"""Whose seat is theirs: a visit that was left or taken back has none."""


def sessions_of(work: Work, first: dt.date, until: dt.date, *, cancelled: bool = False) -> tuple[SessionCard, ...]:
    """The shop's classes from one day up to and without another, soonest first: one question."""
    zone = work.shop.timezone
    asked = {
        "shop": work.shop.id,
        "since": day_bounds(first, zone)[0],
        "until": day_bounds(until, zone)[0],
        "session": None,
        "cancelled": cancelled,
    }
    return tuple(_card(row) for row in work.session.execute(_SESSIONS, asked))


def card_of(work: Work, session_id: int) -> SessionCard:
    """One class. Raises NotFound."""
    asked = {"shop": work.shop.id, "since": None, "until": None, "session": session_id, "cancelled": True}
    row = work.session.execute(_SESSIONS, asked).one_or_none()
    if row is None:
        raise no_class(session_id)
    return _card(row)


def no_class(session_id: int) -> NotFound:
    """The refusal for a class that is none."""
    return NotFound(what="class", name=session_id, remedy="Look at the list of classes.")


def _card(row: Any) -> SessionCard:  # noqa: ANN401  a row
    return SessionCard(**row._mapping)


_SESSIONS = text(f"""
    SELECT k.id, k.service_id, v.name AS service, k.stylist_id, p.first_name AS stylist, k.resource_id AS room_id,
           r.name AS room, k.starts_at, k.ends_at, k.seats, coalesce(sat.taken, 0) AS taken,
           coalesce(sat.arrived, 0) AS arrived,
           (SELECT count(*) FROM waitlist_entries e WHERE e.session_id = k.id AND e.left_at IS NULL
               AND NOT EXISTS (SELECT FROM appointments b WHERE b.id = e.appointment_id
                                  AND b.status NOT IN ('void', 'cancelled', 'late_cancelled'))) AS waiting,
           k.price, k.is_cancelled, k.version
      FROM class_sessions k JOIN services v ON v.id = k.service_id JOIN stylists p ON p.id = k.stylist_id
      LEFT JOIN resources r ON r.id = k.resource_id
      LEFT JOIN LATERAL (
          SELECT count(*) AS taken,
                 count(*) FILTER (WHERE a.status NOT IN ('pending', 'confirmed')) AS arrived
            FROM class_seats s JOIN appointments a ON a.id = s.appointment_id
           WHERE s.session_id = k.id AND {STANDS}) sat ON true
     WHERE k.shop_id = :shop AND (k.id = CAST(:session AS bigint) OR CAST(:session AS bigint) IS NULL)
       AND (CAST(:since AS timestamptz) IS NULL OR k.starts_at >= :since)
       AND (CAST(:until AS timestamptz) IS NULL OR k.starts_at < :until)
       AND (:cancelled OR NOT k.is_cancelled)
     ORDER BY k.starts_at, k.id
""")  # noqa: S608  nothing but what stands above


def roster_of(work: Work, session_id: int) -> Roster:
    """A class with all its seats. Raises NotFound."""
    card = card_of(work, session_id)
    rows = {row.number: row for row in work.session.execute(_SEATS, {"session": session_id})}
    numbers = range(1, max([card.seats, *rows]) + 1)
    seats = tuple(_seat(rows[number]) if number in rows else Seat(number) for number in numbers)
    return Roster(card, seats, waiting_for(work, session_id))


def _seat(row: Any) -> Seat:  # noqa: ANN401  a row
    customer = person(row.first_name, row.last_name, row.customer_code, row.guest_name)
    return Seat(
        row.number, row.appointment_id, row.line_id, row.code, row.customer_id, customer, row.phone,
        Status(row.status), row.paid, row.notes,
    )  # fmt: skip


_SEATS = text(f"""
    SELECT s.number, a.id AS appointment_id,
           (SELECT l.id FROM appointment_services l
             WHERE l.appointment_id = a.id AND l.class_session_id = s.session_id LIMIT 1) AS line_id,
           a.code, a.customer_id, c.first_name, c.last_name, c.code AS customer_code, a.guest_name, c.phone,
           a.status, a.notes,
           EXISTS (SELECT FROM appointment_services l JOIN paid_visit_lines x ON x.appointment_service_id = l.id
                    WHERE l.appointment_id = a.id) AS paid
      FROM class_seats s JOIN appointments a ON a.id = s.appointment_id LEFT JOIN customers c ON c.id = a.customer_id
     WHERE s.session_id = :session AND {STANDS} ORDER BY s.number
""")  # noqa: S608  nothing but what stands above


def waiting_for(work: Work, session_id: int) -> tuple[WaitingForSeat, ...]:
    """Who would like a seat, in the order of asking."""
    rows = work.session.execute(_WAITING, {"session": session_id})
    return tuple(
        WaitingForSeat(
            row.id,
            row.customer_id,
            person(row.first_name, row.last_name, row.code, row.guest_name),
            row.phone,
            row.created_at,
        )
        for row in rows
    )


_WAITING = text("""
    SELECT e.id, e.customer_id, c.first_name, c.last_name, c.code, e.guest_name, c.phone, e.created_at
      FROM waitlist_entries e LEFT JOIN customers c ON c.id = e.customer_id
     WHERE e.session_id = :session AND e.left_at IS NULL
       AND NOT EXISTS (SELECT FROM appointments b WHERE b.id = e.appointment_id
                          AND b.status NOT IN ('void', 'cancelled', 'late_cancelled'))
     ORDER BY e.id
""")
