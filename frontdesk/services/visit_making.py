"""Writing a visit into the book, and leading it somewhere else. Private to the services that do it.

They hand in the open session: booking by itself, and whatever books as a part of something larger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import text

from frontdesk.clock import local
from frontdesk.errors import ChangedMeanwhile, InThePast, NotFound, NothingAsked, WrongStage
from frontdesk.permissions import Deed
from frontdesk.rules.plan import visit_plan
from frontdesk.rules.states import EXITS, Status
from frontdesk.services import freeing, slots, unfree
from frontdesk.services.actions import Kind, VisitState, laid_out, remember
from frontdesk.services.booking_wishes import BookAppointment, Booked, BookedLine, MoveAppointment
from frontdesk.services.candidates import Wanted, wanted
from frontdesk.services.placing import (
    Allowance,
    Choice,
    PlacedLine,
    hold_for,
    place,
    read_strips,
    whole_minute,
)
from frontdesk.services.use_case import Work
from frontdesk.services.visit_codes import new_codes
from frontdesk.services.wording import day_and_time, person
from frontdesk.tables.appointments import Appointment, AppointmentPart, AppointmentService, AppointmentStep
from frontdesk.tables.slots import TimeSlot
from frontdesk.text import clean, clean_lines


def make_visit(work: Work, request: BookAppointment, *, batch_id: UUID | None = None) -> Booked:
    """Put a customer in a stylist's chair, or refuse as `booking.book` says. A batch is taken back in one stroke."""
    starts_at = whole_minute(request.starts_at)
    _refuse_past(work, starts_at, request.in_past)
    if not request.lines:
        raise NothingAsked
    customer = _customer(work, request.customer_id, clean(request.guest_name))
    needs = _in_a_row(wanted(work.session, work.shop.id, [line.service_id for line in request.lines]))
    choices = [Choice(line.stylist_id, line.unassigned) for line in request.lines]
    days = hold_for(work, needs, choices, starts_at, customer_id=request.customer_id)
    told_end = starts_at + dt.timedelta(minutes=sum(need.plan.told_minutes for need in needs))
    if request.customer_id is not None and not request.for_guest:
        unfree.refuse_customer_elsewhere(work, request.customer_id, customer, starts_at, told_end)
    strips = read_strips(work, days, needs, starts_at)
    placed = place(strips, needs, choices, Allowance(request.overbook_reason, request.outside_hours))
    (code,) = new_codes(work.session, 1)
    visit = Appointment(
        shop_id=work.shop.id,
        code=code,
        customer_id=request.customer_id,
        guest_name=clean(request.guest_name),
        for_guest=request.for_guest,
        status=Status.PENDING,
        starts_at=starts_at,
        ends_at=told_end,
        starts_local=local(starts_at, work.shop.timezone).replace(tzinfo=None),
        source=request.source,
        notes=clean_lines(request.notes),
    )
    work.session.add(visit)
    work.session.flush()
    lines = _write_lines(work, visit, placed, starts_at, request.overbook_reason)
    slots.rebuild(work.session, days, work.now)
    work.session.add(AppointmentStep(appointment_id=visit.id, to_status=Status.PENDING, at=work.now))
    state = VisitState.of(visit, lines, None)
    remember(work, Kind.BOOKED, visit, state.never_booked(), state, batch_id)
    work.tell("appointment.booked", visit.id, starts_at=starts_at)
    return Booked(visit.id, code, customer, starts_at, told_end, _answer(placed, lines))


def move_visit(work: Work, request: MoveAppointment, *, batch_id: UUID | None = None) -> Booked:
    """Put a visit somewhere else, or refuse as `booking.move` says."""
    starts_at = whole_minute(request.starts_at)
    _refuse_past(work, starts_at, request.in_past)
    visit = freeing.visit_to_change(work, request.appointment_id)
    _refuse_begun(visit)
    all_lines = freeing.lines_of(work, visit.id)
    old_lines = [line for line in all_lines if Status(line.status) not in EXITS]
    needs = _in_a_row(wanted(work.session, work.shop.id, [line.service_id for line in old_lines]))
    choices = [_kept(request.stylist_id, line) for line in old_lines]
    old_days = freeing.strip_days_of(work, [line.id for line in old_lines])
    days = hold_for(work, needs, choices, starts_at, customer_id=visit.customer_id, also=old_days)
    work.session.refresh(visit)
    _refuse_changed(work, visit, request.version)
    _refuse_begun(visit)
    customer = _customer(work, visit.customer_id, visit.guest_name)
    told_end = starts_at + dt.timedelta(minutes=sum(need.plan.told_minutes for need in needs))
    before = VisitState.of(visit, all_lines, laid_out(work, old_lines))
    freed = freeing.lift(work, [line.id for line in old_lines])
    if visit.customer_id is not None and not visit.for_guest:
        unfree.refuse_customer_elsewhere(work, visit.customer_id, customer, starts_at, told_end, besides=visit.id)
    slots.rebuild(work.session, {*days, *old_days}, work.now)
    strips = read_strips(work, days, needs, starts_at)
    placed = place(strips, needs, choices, Allowance(request.overbook_reason, request.outside_hours))
    moved_from, visit.starts_at, visit.ends_at = visit.starts_at, starts_at, told_end
    visit.starts_local = local(starts_at, work.shop.timezone).replace(tzinfo=None)
    visit.version += 1
    lines = _rewrite_lines(work, old_lines, placed, starts_at, request.overbook_reason)
    before = replace(before, beside=freeing.protect_overbooked(work, freed))
    slots.rebuild(work.session, {*days, *old_days}, work.now)
    after = VisitState.of(visit, all_lines, laid_out(work, old_lines))
    remember(work, Kind.MOVED, visit, before, after, batch_id)
    work.tell("appointment.moved", visit.id, moved_from=moved_from, starts_at=starts_at)
    return Booked(visit.id, visit.code, customer, starts_at, told_end, _answer(placed, lines), moved_from)


def _in_a_row(needs: Sequence[Wanted]) -> list[Wanted]:
    plans = visit_plan(need.parts for need in needs)
    return [replace(need, plan=plan) for need, plan in zip(needs, plans, strict=True)]


def _kept(stylist_id: int | None, line: AppointmentService) -> Choice:
    if stylist_id is not None:
        return Choice(stylist_id)
    return Choice(line.stylist_id, unassigned=line.stylist_id is None)


def _refuse_past(work: Work, starts_at: dt.datetime, in_past: bool) -> None:
    if starts_at >= work.now.replace(second=0, microsecond=0):
        return
    if not in_past:
        raise InThePast(time=day_and_time(starts_at, work.shop.timezone))
    work.require(Deed.BOOK_PAST)


def _refuse_begun(visit: Appointment) -> None:
    status = Status(visit.status)
    if status not in (Status.PENDING, Status.CONFIRMED, Status.ARRIVED):
        raise WrongStage(visit=visit.code, status=status.words, wish="moved", remedy="Book a new one.")


def _refuse_changed(work: Work, visit: Appointment, version: int | None) -> None:
    if version is not None and visit.version != version:
        who = work.session.execute(_LAST_HAND, {"visit": visit.id}).scalars().first()
        raise ChangedMeanwhile(who=who or "Somebody")


_LAST_HAND = text("SELECT who FROM record_history('appointments', :visit) ORDER BY at DESC LIMIT 1")


def _customer(work: Work, customer_id: int | None, guest_name: str) -> str:
    if customer_id is None:
        return person(None, None, None, guest_name)
    row = work.session.execute(
        text("SELECT first_name, last_name, code FROM customers WHERE id = :id"), {"id": customer_id}
    ).one_or_none()
    if row is None:
        raise NotFound(what="customer", name=customer_id, remedy="Look them up, or add them first.")
    return person(row.first_name, row.last_name, row.code, guest_name)


def _write_lines(
    work: Work, visit: Appointment, placed: Sequence[PlacedLine], zero: dt.datetime, reason: str | None
) -> list[AppointmentService]:
    lines = [
        AppointmentService(
            appointment_id=visit.id,
            position=position,
            service_id=line.need.service_id,
            name=line.need.name,
            stylist_id=line.stylist.stylist_id if line.stylist else None,
            price=line.stylist.price if line.stylist else line.need.price,
            status=Status.PENDING,
            starts_at=_times(line.need, zero)[0],
            ends_at=_times(line.need, zero)[1],
            overbooked=line.overbooked,
            overbook_reason=clean(reason or "") if line.overbooked else None,
        )
        for position, line in enumerate(placed, start=1)
    ]
    work.session.add_all(lines)
    work.session.flush()
    _write_parts(work, lines, placed, zero)
    return lines


def _times(need: Wanted, zero: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    return zero + dt.timedelta(minutes=need.plan.starts), zero + dt.timedelta(minutes=need.plan.ends)


def _write_parts(
    work: Work, lines: Sequence[AppointmentService], placed: Sequence[PlacedLine], zero: dt.datetime
) -> None:
    pairs = [
        (
            AppointmentPart(
                appointment_service_id=line.id,
                position=part.position,
                kind=part.kind,
                role=part.role,
                resource_id=resource_id,
                starts_at=zero + dt.timedelta(minutes=part.offset),
                ends_at=zero + dt.timedelta(minutes=part.offset + part.minutes),
            ),
            # Overbooked people hold no piece of their strip; the room they use is held all the same.
            resource_id if not (spot.overbooked and part.role == "lead") else None,
        )
        for line, spot in zip(lines, placed, strict=True)
        for part, resource_id in spot.parts
    ]
    work.session.add_all([part for part, _ in pairs])
    work.session.flush()
    work.session.add_all(
        TimeSlot(
            resource_id=resource_id,
            shop_id=work.shop.id,
            starts_at=part.starts_at,
            ends_at=part.ends_at,
            status="booked",
            part_id=part.id,
        )
        for part, resource_id in pairs
        if resource_id is not None
    )
    work.session.flush()


def _rewrite_lines(
    work: Work,
    lines: Sequence[AppointmentService],
    placed: Sequence[PlacedLine],
    zero: dt.datetime,
    reason: str | None,
) -> Sequence[AppointmentService]:
    for line, spot in zip(lines, placed, strict=True):
        if spot.stylist is not None and spot.stylist.stylist_id != line.stylist_id:
            line.stylist_id, line.price = spot.stylist.stylist_id, spot.stylist.price
        line.starts_at, line.ends_at = _times(spot.need, zero)
        line.overbooked = spot.overbooked
        line.overbook_reason = clean(reason or "") if spot.overbooked else None
        line.version += 1
    freeing.remove_parts(work, [line.id for line in lines])
    _write_parts(work, lines, placed, zero)
    return lines


def _answer(placed: Sequence[PlacedLine], lines: Sequence[AppointmentService]) -> tuple[BookedLine, ...]:
    return tuple(
        BookedLine(
            line.name,
            spot.stylist.name if spot.stylist else None,
            line.price,
            line.starts_at,
            line.ends_at,
            spot.overbooked,
        )
        for spot, line in zip(placed, lines, strict=True)
    )
