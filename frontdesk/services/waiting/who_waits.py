"""Who is on the waitlist and who is in the queue, as they stand there. Private to the services about them.

What became of a wish is its visit, and a visit that was taken back is none: whoever it was made for waits again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from frontdesk.clock import day_bounds
from frontdesk.errors import NotFound, NotWaiting
from frontdesk.services.use_case import Work
from frontdesk.services.wording import day_and_time, person


@dataclass(frozen=True)
class WaitingRow:
    """Somebody on the waitlist, as they stand there."""

    id: int
    customer_id: int | None
    customer: str
    phone: str | None
    services: tuple[int, ...]
    names: tuple[str, ...]
    """What their services are called; of a class, its name."""
    stylist_id: int | None
    stylist: str | None
    session_id: int | None
    session_starts_at: dt.datetime | None
    seats_left: int | None
    """Of the class they want a seat in."""
    first_day: dt.date
    last_day: dt.date
    weekdays: tuple[int, ...]
    opens: int
    """Minutes after midnight before which they can't come."""
    closes: int
    """And by which it has to be over."""
    note: str
    since: dt.datetime
    appointment_id: int | None
    """A visit it became that was taken back or cancelled."""


def who_waits(work: Work, entry_id: int | None = None) -> list[WaitingRow]:
    """Everybody who waits in this shop, in the order of asking; or one of them."""
    asked = {"shop": work.shop.id, "today": work.desk.today, "entry": entry_id}
    return [_row(row) for row in work.session.execute(_WAITING, asked)]


def _row(row: Any) -> WaitingRow:  # noqa: ANN401  a row of _WAITING
    return WaitingRow(
        row.id, row.customer_id, person(row.first_name, row.last_name, row.code, row.guest_name), row.phone,
        tuple(row.services or ()), tuple(row.names or (row.class_name,)), row.stylist_id, row.stylist, row.session_id,
        row.session_starts_at, row.seats_left, row.first_day, row.last_day, tuple(sorted(row.weekdays)), row.opens,
        row.closes, row.note, row.created_at, row.appointment_id,
    )  # fmt: skip


QUEUES = """
    k.shop_id = :shop AND k.joined_at >= :since AND k.left_at IS NULL
    AND NOT EXISTS (SELECT FROM appointments b WHERE b.id = k.appointment_id
                       AND b.status NOT IN ('void', 'cancelled', 'late_cancelled'))
"""
"""Which walk-ins of today are still in the queue."""

WAITS = """
    e.shop_id = :shop AND e.left_at IS NULL AND e.last_day >= :today
    AND NOT EXISTS (SELECT FROM appointments b WHERE b.id = e.appointment_id
                       AND b.status NOT IN ('void', 'cancelled', 'late_cancelled'))
"""
"""Who is on the list: not taken off, not past, and without a visit that stands."""

_WAITING = text(f"""
    SELECT e.id, e.customer_id, e.guest_name, c.first_name, c.last_name, c.code, c.phone, e.stylist_id,
           p.first_name AS stylist, e.session_id, s.starts_at AS session_starts_at, v.name AS class_name,
           s.seats - (SELECT count(*) FROM class_seats t JOIN appointments a ON a.id = t.appointment_id
                       WHERE t.session_id = s.id
                         AND a.status NOT IN ('void', 'cancelled', 'late_cancelled', 'no_show')) AS seats_left,
           e.first_day, e.last_day, e.weekdays, CAST(extract(epoch FROM e.starts) AS int) / 60 AS opens,
           CAST(extract(epoch FROM e.ends) AS int) / 60 AS closes, e.note, e.created_at, e.appointment_id,
           w.services, w.names
      FROM waitlist_entries e
      LEFT JOIN customers c ON c.id = e.customer_id LEFT JOIN stylists p ON p.id = e.stylist_id
      LEFT JOIN class_sessions s ON s.id = e.session_id LEFT JOIN services v ON v.id = s.service_id
      LEFT JOIN LATERAL (
          SELECT array_agg(x.service_id ORDER BY x.position) AS services,
                 array_agg(CAST(n.name AS text) ORDER BY x.position) AS names
            FROM waitlist_services x JOIN services n ON n.id = x.service_id WHERE x.entry_id = e.id) w ON true
     WHERE {WAITS} AND (CAST(:entry AS bigint) IS NULL OR e.id = :entry)
     ORDER BY e.id
""")  # noqa: S608  nothing but what stands above


def entry_to_change(work: Work, entry_id: int) -> WaitingRow:
    """Somebody who waits, and nobody else gives them anything until commit. Raises NotFound, NotWaiting."""
    locked = work.session.execute(_LOCK, {"entry": entry_id, "shop": work.shop.id}).one_or_none()
    if locked is None:
        raise NotFound(what="entry", name=entry_id, remedy="Look at the waitlist.")
    waiting = who_waits(work, entry_id)
    if waiting:
        return waiting[0]
    gone = work.session.execute(_GONE, {"entry": entry_id}).one()
    who = person(gone.first_name, gone.last_name, gone.code, gone.guest_name)
    if gone.left_at is not None:
        why, remedy = f"taken off the list, {gone.left_reason}", "Put them on it again if they do."
    elif gone.starts_at is not None:
        why, remedy = f"booked for {day_and_time(gone.starts_at, work.shop.timezone)}", "Look at that visit."
    else:
        why, remedy = "the days they could come are over", "Put them on the list again with other days."
    raise NotWaiting(who=who, why=why, remedy=remedy)


_LOCK = text("SELECT id FROM waitlist_entries WHERE id = :entry AND shop_id = :shop FOR UPDATE")
_GONE = text("""
    SELECT c.first_name, c.last_name, c.code, e.guest_name, e.left_at, e.left_reason, a.starts_at
      FROM waitlist_entries e LEFT JOIN customers c ON c.id = e.customer_id
      LEFT JOIN appointments a ON a.id = e.appointment_id AND a.status NOT IN ('void', 'cancelled', 'late_cancelled')
     WHERE e.id = :entry
""")


@dataclass(frozen=True)
class HowMany:
    """How many wait, on which list."""

    waitlist: int
    walk_ins: int


def how_many_wait(work: Work) -> HowMany:
    """The same for a service with an open session, in one question."""
    since, _ = day_bounds(work.desk.today, work.shop.timezone)
    asked = {"shop": work.shop.id, "today": work.desk.today, "since": since}
    return HowMany(*work.session.execute(_COUNT, asked).one())


_COUNT = text(f"""
    SELECT (SELECT count(*) FROM waitlist_entries e WHERE {WAITS}) AS waitlist,
           (SELECT count(*) FROM walk_ins k WHERE {QUEUES}) AS walk_ins
""")  # noqa: S608  nothing but what stands above
