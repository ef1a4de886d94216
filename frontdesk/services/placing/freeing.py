"""Lifting visits off their strips, and who gets the freed time first. Private to the services that change visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import text
from sqlmodel import col, select

from frontdesk.errors import NotFound
from frontdesk.services.team.strip_hours import StripDay, homes
from frontdesk.services.use_case import Work
from frontdesk.services.wording import person
from frontdesk.tables.appointments import Appointment, AppointmentService
from frontdesk.tables.slots import TimeSlot


@dataclass(frozen=True)
class Freed:
    """Strips of which something was lifted, and their days."""

    strip_days: tuple[StripDay, ...]


def visit_to_change(work: Work, appointment_id: int) -> Appointment:
    """A visit of this shop's business. Raises NotFound."""
    visit = work.session.get(Appointment, appointment_id)
    if visit is None:
        raise NotFound(what="visit", name=appointment_id, remedy="Look at the day's book.")
    return visit


def lines_of(work: Work, appointment_id: int) -> list[AppointmentService]:
    """A visit's lines in order."""
    wish = select(AppointmentService).where(AppointmentService.appointment_id == appointment_id)
    return list(work.session.exec(wish.order_by(col(AppointmentService.position))))


def customer_of(work: Work, visit: Appointment) -> str:
    """What the visit's customer is called."""
    asked = text("SELECT first_name, last_name, code FROM customers WHERE id = :id")
    row = work.session.execute(asked, {"id": visit.customer_id}).one_or_none()
    if row is None:
        return person(None, None, None, visit.guest_name)
    return person(row.first_name, row.last_name, row.code, visit.guest_name)


def strip_days_of(work: Work, line_ids: Sequence[int]) -> list[StripDay]:
    """Which days of which strips these lines touch, overbooked ones too."""
    work.session.flush()
    rows = work.session.execute(_TOUCHED, {"lines": list(line_ids)}).all()
    found = homes(work.session, {row.resource_id for row in rows})
    return sorted({day for row in rows for day in found[row.resource_id].days(row.starts_at, row.ends_at)})


# A seat has no parts: its class holds the strips, or held them before it was cancelled.
_TOUCHED = text("""
    SELECT resource_id, starts_at, ends_at FROM appointment_parts
     WHERE appointment_service_id = ANY (:lines) AND resource_id IS NOT NULL
    UNION
    SELECT r.id, k.starts_at, k.ends_at
      FROM appointment_services l JOIN class_sessions k ON k.id = l.class_session_id
      JOIN stylists p ON p.id = k.stylist_id JOIN resources r ON r.id IN (p.resource_id, k.resource_id)
     WHERE l.id = ANY (:lines)
""")


def lift(work: Work, line_ids: Sequence[int]) -> Freed:
    """Take these lines' pieces off the strips. The caller holds the days and rebuilds them afterwards."""
    days = strip_days_of(work, line_ids)
    work.session.execute(_LIFT, {"lines": list(line_ids)})
    work.session.expire_all()
    return Freed(tuple(days))


_LIFT = text("""
    DELETE FROM time_slots USING appointment_parts p
     WHERE p.id = time_slots.part_id AND p.appointment_service_id = ANY (:lines)
""")


@dataclass(frozen=True)
class Clash:
    """A fact that is in the way."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    line_id: int | None
    """Whose it is; None of a hold."""
    resource_id: int
    role: str
    """For which role the line needs it."""
    wished_from: dt.datetime
    wished_until: dt.datetime

    @property
    def shared(self) -> dt.timedelta:
        """How long both would lie over each other."""
        return min(self.ends_at, self.wished_until) - max(self.starts_at, self.wished_from)


def retake(work: Work, line_id: int) -> Clash | None:
    """Put a line's pieces back on the strips, or say which fact is in the way. The caller holds the days."""
    clash = work.session.execute(_CLASH, {"line": line_id}).first()
    if clash is not None:
        return Clash(*clash)
    work.session.execute(_RETAKE, {"line": line_id})
    return None


_CLASH = text("""
    SELECT t.starts_at, t.ends_at, (SELECT appointment_service_id FROM appointment_parts WHERE id = t.part_id),
           p.resource_id, p.role, p.starts_at, p.ends_at
      FROM appointment_parts p
      JOIN time_slots t ON t.resource_id = p.resource_id AND t.status IN ('booked', 'held')
       AND t.starts_at < p.ends_at AND t.ends_at > p.starts_at
      JOIN appointment_services l ON l.id = p.appointment_service_id
     WHERE l.id = :line AND NOT (l.overbooked AND p.role = 'lead') ORDER BY t.starts_at LIMIT 1
""")
_RETAKE = text("""
    INSERT INTO time_slots (resource_id, shop_id, starts_at, ends_at, status, part_id)
    SELECT p.resource_id, a.shop_id, p.starts_at, p.ends_at, 'booked', p.id
      FROM appointment_parts p JOIN appointment_services l ON l.id = p.appointment_service_id
      JOIN appointments a ON a.id = l.appointment_id
     WHERE l.id = :line AND NOT (l.overbooked AND p.role = 'lead') AND p.resource_id IS NOT NULL
""")


def remove_parts(work: Work, line_ids: Sequence[int]) -> None:
    """Forget how lines were laid out; they are about to be laid out anew."""
    work.session.flush()
    work.session.execute(
        text("DELETE FROM appointment_parts WHERE appointment_service_id = ANY (:lines)"), {"lines": list(line_ids)}
    )


def protect_overbooked(work: Work, freed: Freed) -> dict[int, str]:
    """Give freed time to the overbooked lines that wait on it, the longest waiting first (features BK7).

    It happens in the transaction that freed the time, so that a third booking can't slip in. Returns their ids, each
    with the reason for which it was overbooked.
    """
    if not freed.strip_days:
        return {}
    work.session.flush()
    waiting = work.session.execute(_WAITING, {"resources": sorted({r for r, _ in freed.strip_days})}).all()
    protected: dict[int, str] = {}
    for line_id, parts in groupby(waiting, key=lambda part: part.line_id):
        mine = list(parts)
        taken = work.session.execute(
            _IN_THE_WAY,
            {
                "resource": mine[0].resource_id,
                "starts": [p.starts_at for p in mine],
                "ends": [p.ends_at for p in mine],
            },
        ).scalar()
        if taken:
            continue
        work.session.add_all(
            TimeSlot(
                resource_id=p.resource_id,
                shop_id=p.shop_id,
                starts_at=p.starts_at,
                ends_at=p.ends_at,
                status="booked",
                part_id=p.part_id,
            )
            for p in mine
        )
        work.session.execute(
            text("UPDATE appointment_services SET overbooked = false, overbook_reason = NULL WHERE id = :line"),
            {"line": line_id},
        )
        work.session.flush()
        protected[line_id] = mine[0].overbook_reason
    return protected


_WAITING = text("""
    SELECT l.id AS line_id, l.overbook_reason, p.id AS part_id, p.resource_id, p.starts_at, p.ends_at, a.shop_id
      FROM appointment_services l
      JOIN stylists s ON s.id = l.stylist_id
      JOIN appointments a ON a.id = l.appointment_id
      JOIN appointment_parts p ON p.appointment_service_id = l.id AND p.role = 'lead'
     WHERE s.resource_id = ANY (:resources) AND l.overbooked
       AND l.status IN ('pending', 'confirmed', 'arrived', 'in_service', 'processing')
     ORDER BY l.id, p.position
""")
_IN_THE_WAY = text("""
    SELECT true FROM time_slots t, unnest(CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[])) AS w (s, e)
     WHERE t.resource_id = :resource AND t.status IN ('booked', 'held') AND t.starts_at < w.e AND t.ends_at > w.s
     LIMIT 1
""")


def overbook_again(work: Work, line_id: int, reason: str) -> None:
    """Take the time of a line that was given it, as if it had never been. The caller holds the days."""
    work.session.execute(_GIVE_UP, {"line": line_id})
    work.session.execute(_OVERBOOKED, {"line": line_id, "reason": reason})


_GIVE_UP = text("""
    DELETE FROM time_slots USING appointment_parts p
     WHERE p.id = time_slots.part_id AND p.appointment_service_id = :line AND p.role = 'lead'
""")
_OVERBOOKED = text("""
    UPDATE appointment_services SET overbooked = true, overbook_reason = :reason, version = version + 1
     WHERE id = :line
""")
