"""Leading a visit, or some of its lines, somewhere else.

Private to the services that do so, which hand in the open session. A line keeps its length, its price and its hands;
another stylist does it on their own terms.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from uuid import UUID

from sqlalchemy import text

from frontdesk.clock import local
from frontdesk.errors import (
    BadInput,
    ChangedMeanwhile,
    InThePast,
    LinesOverlap,
    NotFound,
    WaitTooLong,
    WrongStage,
)
from frontdesk.permissions import Deed
from frontdesk.rules.plan import UNTOLD, LinePlan, Part, line_plan
from frontdesk.rules.states import EXITS, Status
from frontdesk.services.book.actions import Kind, PartState, VisitState, laid_out, remember
from frontdesk.services.book.visit_writing import answer, rewrite_lines
from frontdesk.services.menu.terms import Own
from frontdesk.services.placing import freeing, unfree
from frontdesk.services.placing.booking_wishes import Booked, MoveAppointment
from frontdesk.services.placing.candidates import Wanted, wanted
from frontdesk.services.placing.kept_time import days_kept, let_go
from frontdesk.services.placing.placing import Allowance, Choice, Placing, follow_their_lines, whole_minute
from frontdesk.services.shop.shop_rules import rules_of
from frontdesk.services.team import slots
from frontdesk.services.use_case import Work
from frontdesk.services.wording import day_and_time, person
from frontdesk.tables.appointments import Appointment, AppointmentService

_MINUTE = dt.timedelta(minutes=1)

Told = tuple[dt.datetime, dt.datetime, str]
"""From when to when the customer is told that a line lasts, and what it is called."""


def move_visit(work: Work, request: MoveAppointment, *, batch_id: UUID | None = None) -> Booked:
    """Put a visit or some of its lines somewhere else, or refuse as `booking.move` says."""
    starts_at = whole_minute(request.starts_at)
    refuse_past(work, starts_at, request.in_past)
    visit = freeing.visit_to_change(work, request.appointment_id)
    refuse_begun(visit)
    seen = visit.version
    all_lines = freeing.lines_of(work, visit.id)
    live = [line for line in all_lines if Status(line.status) not in EXITS]
    lines = _moving(live, request.line_ids)
    parts = laid_out(work, live)
    needs = _needs(work, visit, lines)
    choices = _choices(request.stylist_id, lines, parts)
    allowance = Allowance(request.overbook_reason, request.outside_hours)
    placing = Placing(work, rules_of(work), needs, choices, starts_at, allowance)
    old_days = freeing.strip_days_of(work, [line.id for line in lines])
    kept = days_kept(work, request.hold_key)
    days = placing.hold(customer_id=visit.customer_id, also=[*old_days, *kept])
    work.session.refresh(visit)
    _refuse_changed(work, visit, seen if request.version is None else request.version)
    refuse_begun(visit)
    before = VisitState.of(visit, all_lines, parts)
    freed = freeing.lift(work, [line.id for line in lines])
    let_go(work, request.hold_key, ())
    touched = {*days, *old_days, *kept}
    slots.rebuild(work.session, touched, work.now)
    placing.read(days)
    placed = placing.place()
    told = sorted([*_told(live, lines, parts), *((p.starts_at, p.told_ends, p.need.name) for p in placed)])
    if len(lines) < len(live):
        _refuse_torn(told, placing.rules.wait_minutes)
    moved_from = visit.starts_at
    visit.starts_at, visit.ends_at = told[0][0], max(end for _, end, _ in told)
    customer = customer_called(work, visit.customer_id, visit.guest_name)
    if visit.customer_id is not None and not visit.for_guest:
        span = (visit.starts_at, visit.ends_at)
        unfree.refuse_customer_elsewhere(work, visit.customer_id, customer, *span, besides=visit.id)
    visit.starts_local = local(visit.starts_at, work.shop.timezone).replace(tzinfo=None)
    visit.version += 1
    rewrite_lines(work, lines, placed)
    before = replace(before, beside=freeing.protect_overbooked(work, freed))
    slots.rebuild(work.session, touched, work.now)
    after = VisitState.of(visit, all_lines, laid_out(work, live))
    remember(work, Kind.MOVED, visit, before, after, batch_id)
    work.tell("appointment.moved", visit.id, moved_from=moved_from, starts_at=visit.starts_at)
    return Booked(
        visit.id, visit.code, customer, visit.starts_at, visit.ends_at, answer(placed, lines), moved_from=moved_from
    )


def _moving(live: Sequence[AppointmentService], line_ids: Sequence[int]) -> list[AppointmentService]:
    """The lines that move, in order; what was added to a line goes with it, and it with what was added."""
    seat = next((line for line in live if line.class_session_id is not None), None)
    if seat is not None:
        raise BadInput(f"{seat.name} is a class. Seat them in another of its sessions instead.", field="line_ids")
    if not line_ids:
        return list(live)
    unknown = set(line_ids) - {line.id for line in live}
    if unknown:
        raise NotFound(what="line", name=min(unknown), remedy="Look at what is in the visit now.")
    hosts = {line.addon_of or line.id for line in live if line.id in line_ids}
    return [line for line in live if (line.addon_of or line.id) in hosts]


def _needs(work: Work, visit: Appointment, lines: Sequence[AppointmentService]) -> list[Wanted]:
    return wanted(
        work.session,
        work.shop.id,
        [line.service_id for line in lines],
        customer_id=None if visit.for_guest else visit.customer_id,
        own=[Own(line.own_minutes, line.price if line.own_price or line.bundle_id else None) for line in lines],
        retired=True,
    )


def _choices(
    stylist_id: int | None, lines: Sequence[AppointmentService], parts: dict[int, tuple[PartState, ...]]
) -> list[Choice]:
    places = {line.id: place for place, line in enumerate(lines)}
    choices = []
    for line in lines:
        mine = parts.get(line.id, ())
        keeps = stylist_id in (None, line.stylist_id) and bool(mine)
        choices.append(
            Choice(
                line.stylist_id if stylist_id is None else stylist_id,
                unassigned=stylist_id is None and line.stylist_id is None,
                follows=None if line.addon_of is None else places.get(line.addon_of),
                plan=_plan_of(mine) if keeps else None,
                had=tuple(part.resource_id for part in mine if part.resource_id is not None),
            )
        )
    return follow_their_lines(choices)


def _plan_of(parts: Sequence[PartState]) -> LinePlan:
    """How a line has been laid out so far, whatever the menu says by now (features CA1)."""
    by_position: dict[int, Part] = {}
    for part in parts:
        minutes = (part.ends_at - part.starts_at) // _MINUTE
        holds = by_position[part.position].holds if part.position in by_position else ()
        role = () if part.role == "nobody" else (part.role,)
        by_position[part.position] = Part(part.kind, minutes, (*holds, *role))
    return line_plan([by_position[position] for position in sorted(by_position)])


def _told(
    live: Sequence[AppointmentService],
    moving: Sequence[AppointmentService],
    parts: dict[int, tuple[PartState, ...]],
) -> list[Told]:
    """When the lines that stay are told to be."""
    moved = {line.id for line in moving}
    found: list[Told] = []
    for line in live:
        told = [part for part in parts.get(line.id, ()) if part.kind not in UNTOLD]
        if line.id not in moved and told:
            found.append((min(p.starts_at for p in told), max(p.ends_at for p in told), line.name))
    return found


def _refuse_torn(told: Sequence[Told], limit: int) -> None:
    """A visit stays one visit: its lines neither lie over each other nor leave the customer waiting for long."""
    for (_, ends, first), (starts, _, second) in pairwise(told):
        if starts < ends:
            raise LinesOverlap(first=first, second=second)
        minutes = (starts - ends) // _MINUTE
        if minutes > limit:
            raise WaitTooLong(minutes=minutes, first=first, second=second, limit=limit)


def refuse_past(work: Work, starts_at: dt.datetime, in_past: bool) -> None:
    """Refuse what has been, unless it is entered as such by somebody who may. Raises InThePast, NotAllowed."""
    if starts_at >= work.now.replace(second=0, microsecond=0):
        return
    if not in_past:
        raise InThePast(time=day_and_time(starts_at, work.shop.timezone))
    work.require(Deed.BOOK_PAST)


def refuse_begun(visit: Appointment) -> None:
    """Only what has not begun is moved. Raises WrongStage."""
    status = Status(visit.status)
    if status not in (Status.PENDING, Status.CONFIRMED, Status.ARRIVED):
        raise WrongStage(visit=visit.code, status=status.words, wish="moved", remedy="Book a new one.")


def _refuse_changed(work: Work, visit: Appointment, version: int) -> None:
    if visit.version != version:
        who = work.session.execute(_LAST_HAND, {"visit": visit.id}).scalars().first()
        raise ChangedMeanwhile(who=who or "Somebody")


_LAST_HAND = text("SELECT who FROM record_history('appointments', :visit) ORDER BY at DESC LIMIT 1")


def customer_called(work: Work, customer_id: int | None, guest_name: str) -> str:
    """What the customer is called. Raises NotFound."""
    if customer_id is None:
        return person(None, None, None, guest_name)
    row = work.session.execute(
        text("SELECT first_name, last_name, code FROM customers WHERE id = :id"), {"id": customer_id}
    ).one_or_none()
    if row is None:
        raise NotFound(what="customer", name=customer_id, remedy="Look them up, or add them first.")
    return person(row.first_name, row.last_name, row.code, guest_name)
