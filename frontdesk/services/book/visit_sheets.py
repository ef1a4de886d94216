"""Everything about one visit on one sheet. Private to the services that show visits."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.errors import NotFound
from frontdesk.rules.actuals import Served, Stretch, served
from frontdesk.rules.lateness import punctuality
from frontdesk.rules.states import EXITS, Status, Step
from frontdesk.services.book.stepping import took_back
from frontdesk.services.prepaid.deposits import stand_of
from frontdesk.services.use_case import Work
from frontdesk.services.wording import clock_time, person


@dataclass(frozen=True, kw_only=True)
class ShowVisit:
    """One visit, by its number or by its code."""

    appointment_id: int | None = None
    code: str | None = None


@dataclass(frozen=True)
class VisitLine:
    """One service of a visit as it stands."""

    id: int
    service_id: int
    service: str
    stylist_id: int | None
    stylist: str | None
    status: Status
    price: Decimal
    starts_at: dt.datetime
    ends_at: dt.datetime
    arrived_at: dt.datetime | None
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    overbook_reason: str | None
    paid: bool
    served: tuple[Served, ...] = ()
    """In the chair, processing, in the chair again: minutes planned, and minutes it took (features SV1)."""


@dataclass(frozen=True)
class VisitStep:
    """What somebody did to a visit."""

    at: dt.datetime
    who: str
    what: str
    reason: str | None


@dataclass(frozen=True)
class VisitSheet:
    """Everything about one visit."""

    id: int
    code: str
    customer_id: int | None
    customer: str
    phone: str | None
    status: Status
    starts_at: dt.datetime
    ends_at: dt.datetime
    notes: str
    version: int
    lines: tuple[VisitLine, ...]
    steps: tuple[VisitStep, ...]
    arrived: str = ""
    """`09:58 (2 min early)`; empty before they came."""
    deposit_asked: Decimal = Decimal(0)
    """By the shop's rules, for who they are; nothing once everything is paid for or left."""
    deposit_paid: Decimal = Decimal(0)
    """What was left for it, used since or not."""
    deposit_held: Decimal = Decimal(0)
    """What was left for it and is there to pay with."""
    deposit_waits: bool = False
    """For a bank transfer that has not arrived."""


def sheet_of(work: Work, request: ShowVisit) -> VisitSheet:
    """One visit with its lines and its story. Raises NotFound."""
    row = work.session.execute(_VISIT, {"id": request.appointment_id, "code": (request.code or "").upper()}).first()
    if row is None:
        asked = request.code or request.appointment_id
        raise NotFound(what="visit", name=asked, remedy="Look at the day's book for its code.")
    steps = work.session.execute(_STEPS, {"id": row.id}).all()
    lines, deposit = tuple(_lines(work, row.id, steps)), stand_of(work, row.id)
    return VisitSheet(
        row.id,
        row.code,
        row.customer_id,
        person(row.first_name, row.last_name, row.customer_code, row.guest_name),
        row.phone,
        Status(row.status),
        row.starts_at,
        row.ends_at,
        row.notes,
        row.version,
        lines,
        tuple(
            VisitStep(
                step.at,
                step.who or "another system",
                Status(step.to_status).words if step.from_status else "booked",
                step.reason,
            )
            for step in steps
        ),
        arrived_said(row.starts_at, (line.arrived_at for line in lines), work.shop.timezone),
        deposit.asked if any(not one.paid and one.status not in EXITS for one in lines) else deposit.asked * 0,
        deposit.paid,
        deposit.held,
        deposit.waits,
    )


def arrived_said(starts_at: dt.datetime, arrivals: Iterable[dt.datetime | None], zone: str) -> str:
    """`09:58 (2 min early)` (features CI1); empty of a visit nobody has come to."""
    came = min((at for at in arrivals if at is not None), default=None)
    return "" if came is None else f"{clock_time(came, zone)} ({punctuality(starts_at, came)})"


def _lines(work: Work, appointment_id: int, steps: Sequence[Any]) -> Iterable[VisitLine]:
    walked: dict[int, list[Step]] = defaultdict(list)
    for step in steps:
        if step.line_id is not None and step.from_status is not None:
            back = took_back(step.reason)
            walked[step.line_id].append(Step(Status(step.from_status), Status(step.to_status), back, step.at))
    for row in work.session.execute(_LINES, {"id": appointment_id}):
        facts = dict(row._mapping)
        planned = [Stretch(*part) for part in facts.pop("parts") or ()]
        facts["status"] = Status(facts["status"])
        yield VisitLine(**facts, served=served(planned, walked[row.id], work.now))


_VISIT = text("""
    SELECT a.*, c.first_name, c.last_name, c.code AS customer_code, c.phone
      FROM appointments a LEFT JOIN customers c ON c.id = a.customer_id
     WHERE a.id = :id OR a.code = :code
""")
_LINES = text("""
    SELECT l.id, l.service_id, l.name AS service, l.stylist_id, s.first_name AS stylist, l.status, l.price, l.starts_at,
           l.ends_at, l.arrived_at, l.started_at, l.finished_at, l.overbook_reason,
           EXISTS (SELECT FROM paid_visit_lines p WHERE p.appointment_service_id = l.id) AS paid,
           (SELECT jsonb_agg(jsonb_build_array(p.kind, p.minutes) ORDER BY p.starts_at)
              FROM (SELECT DISTINCT kind, starts_at, CAST(extract(epoch FROM ends_at - starts_at) / 60 AS integer)
                           AS minutes
                      FROM appointment_parts WHERE appointment_service_id = l.id) p) AS parts
      FROM appointment_services l LEFT JOIN stylists s ON s.id = l.stylist_id
     WHERE l.appointment_id = :id ORDER BY l.position
""")
_STEPS = text("""
    SELECT h.at, u.name AS who, h.appointment_service_id AS line_id, h.from_status, h.to_status, h.reason
      FROM appointment_status_history h LEFT JOIN users u ON u.id = h.user_id
     WHERE h.appointment_id = :id ORDER BY h.at, h.id
""")
