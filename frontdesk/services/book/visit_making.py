"""Writing a visit into the book.

Private to the services that do so, which hand in the open session: booking by itself, and whatever books as a part of
something larger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from frontdesk.clock import local
from frontdesk.errors import NothingAsked
from frontdesk.rules.states import Status
from frontdesk.services.book.actions import Kind, VisitState, remember
from frontdesk.services.book.visit_moving import customer_called, move_visit, refuse_past
from frontdesk.services.book.visit_writing import answer, write_lines
from frontdesk.services.menu.terms import Own
from frontdesk.services.placing import unfree
from frontdesk.services.placing.booking_wishes import BookAppointment, Booked
from frontdesk.services.placing.candidates import Wanted, wanted
from frontdesk.services.placing.kept_time import days_kept, let_go
from frontdesk.services.placing.placing import Allowance, Choice, Placing, follow_their_lines, whole_minute
from frontdesk.services.placing.visit_codes import new_codes
from frontdesk.services.placing.visit_lines import LineWish, lines_asked
from frontdesk.services.prepaid.deposits import asked_when_booking
from frontdesk.services.shop.shop_rules import rules_of
from frontdesk.services.team import slots
from frontdesk.services.use_case import Work
from frontdesk.tables.appointments import Appointment, AppointmentStep
from frontdesk.text import clean, clean_lines

__all__ = ["make_visit", "move_visit"]


def make_visit(work: Work, request: BookAppointment, *, batch_id: UUID | None = None) -> Booked:
    """Put a customer in a stylist's chair, or refuse as `booking.book` says. A batch is taken back in one stroke."""
    starts_at = whole_minute(request.starts_at)
    refuse_past(work, starts_at, request.in_past)
    if not request.lines:
        raise NothingAsked
    customer = customer_called(work, request.customer_id, clean(request.guest_name))
    theirs = None if request.for_guest else request.customer_id
    wishes = lines_asked(work, request.lines, request.declined_addons, theirs)
    own = [Own(wish.minutes, wish.price) for wish in wishes]
    needs = wanted(work.session, work.shop.id, [wish.service_id for wish in wishes], customer_id=theirs, own=own)
    wishes, choices = choices_of(wishes, needs)
    allowance = Allowance(request.overbook_reason, request.outside_hours)
    placing = Placing(work, rules_of(work), needs, choices, starts_at, allowance)
    kept = days_kept(work, request.hold_key)
    days = placing.hold(customer_id=request.customer_id, also=kept)
    if theirs is not None:  # said before anything else that may be in the way of at least so long a visit
        least = starts_at + dt.timedelta(minutes=sum(need.plan.told_minutes for need in needs))
        unfree.refuse_customer_elsewhere(work, theirs, customer, starts_at, least)
    let_go(work, request.hold_key, kept)
    placing.read(days)
    placed = placing.place()
    told_end = max(spot.told_ends for spot in placed)
    if theirs is not None and told_end != least:
        unfree.refuse_customer_elsewhere(work, theirs, customer, starts_at, told_end)
    (code,) = new_codes(work.session, 1)
    visit = visit_of(work, request, code, starts_at, told_end)
    work.session.add(visit)
    work.session.flush()
    lines = write_lines(work, visit, wishes, placed)
    slots.rebuild(work.session, {*days, *kept}, work.now)
    work.session.add(AppointmentStep(appointment_id=visit.id, to_status=Status.PENDING, at=work.now))
    state = VisitState.of(visit, lines, None)
    remember(work, Kind.BOOKED, visit, state.never_booked(), state, batch_id)
    work.tell("appointment.booked", visit.id, starts_at=starts_at)
    asked = asked_when_booking(work, visit.id)
    return Booked(visit.id, code, customer, starts_at, told_end, answer(placed, lines), deposit_asked=asked)


def visit_of(
    work: Work, request: BookAppointment, code: str, starts_at: dt.datetime, told_end: dt.datetime
) -> Appointment:
    """A new visit as it will be written."""
    return Appointment(
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
        group_id=request.group_id,
    )


def choices_of(wishes: Sequence[LineWish], needs: Sequence[Wanted]) -> tuple[list[LineWish], list[Choice]]:
    """With whom each line shall be; who was named for a bundle does what of it they can."""
    able = [
        replace(wish, stylist_id=None, asked_for=False)
        if wish.if_able and wish.stylist_id is not None and need.by(wish.stylist_id) is None
        else wish
        for wish, need in zip(wishes, needs, strict=True)
    ]
    choices = [Choice(wish.stylist_id, wish.unassigned, wish.assistant_id, wish.follows) for wish in able]
    return able, follow_their_lines(choices)
