"""Visits that belong together: a couple, a bride's party, with whoever speaks for them (features BK23)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from frontdesk.clock import day_of
from frontdesk.errors import BadInput, NotFound, NothingAsked, WrongStage
from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY
from frontdesk.rules.states import EXITS, Status, may_become
from frontdesk.services.book.actions import STEPS, Kind, VisitState, remember
from frontdesk.services.book.stepping import StepVisit, lines_for, write
from frontdesk.services.book.strokes import Change, Insisted, Stroke
from frontdesk.services.book.swapping import OneMove, Rearranged, move_all
from frontdesk.services.book.swapping import answer as rearranged
from frontdesk.services.book.visit_making import make_visit
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.placing.booking_wishes import BookAppointment, BookLine
from frontdesk.services.placing.placing import whole_minute
from frontdesk.services.team import slots
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.wording import person
from frontdesk.tables.customers import Customer
from frontdesk.tables.series import AppointmentGroup
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class MakeGroup(Write):
    """Visits in the book that belong together."""

    appointment_ids: tuple[int, ...]
    organiser_id: int | None = None
    """Who speaks and pays for all; the first visit's customer when nobody is named."""
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class GroupBooking:
    """One of a party."""

    lines: tuple[BookLine, ...]
    customer_id: int | None = None
    guest_name: str = ""
    for_guest: bool = False
    """For somebody else than the customer."""
    starts_at: dt.datetime | None = None
    """When the party begins, if it is not said."""


@dataclass(frozen=True, kw_only=True)
class BookGroup(Write):
    """A party booked at once, all of it or nothing."""

    bookings: tuple[GroupBooking, ...]
    starts_at: dt.datetime
    organiser_id: int | None = None
    name: str = ""
    notes: str = ""
    overbook_reason: str | None = None
    outside_hours: bool = False
    in_past: bool = False


@dataclass(frozen=True, kw_only=True)
class Ungroup(Write):
    """Visits that are on their own again."""

    appointment_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ArriveGroup(Write):
    """Everybody of a party who is not here yet."""

    group_id: int


@dataclass(frozen=True, kw_only=True)
class MoveGroup(Write):
    """A party somewhere else, everybody as far apart as they are."""

    group_id: int
    starts_at: dt.datetime
    """When the first of them comes."""
    overbook_reason: str | None = None
    outside_hours: bool = False
    in_past: bool = False


@dataclass(frozen=True, kw_only=True)
class ShowGroup:
    """A party, by its number or by one of its visits."""

    group_id: int | None = None
    appointment_id: int | None = None


@dataclass(frozen=True)
class GroupVisit:
    """One visit of a party."""

    appointment_id: int
    code: str
    customer_id: int | None
    customer: str
    status: Status
    starts_at: dt.datetime
    ends_at: dt.datetime
    services: tuple[str, ...]
    stylists: tuple[str, ...]
    price: Decimal
    """Of what is to be paid."""
    paid: bool
    """Nothing is left to pay."""


@dataclass(frozen=True)
class GroupSheet:
    """A party as it stands; its unpaid visits make one ticket."""

    id: int
    name: str
    organiser_id: int | None
    organiser: str | None
    visits: tuple[GroupVisit, ...]
    to_pay: tuple[int, ...]
    """Numbers of the visits that whoever pays for all has on one ticket."""


@use_case(Deed.BOOK)
def make_group(work: Work, request: MakeGroup) -> GroupSheet:
    """Link visits that belong together; whoever was in another party leaves it. Raises NotFound, BadInput."""
    if len(set(request.appointment_ids)) < 2:
        raise BadInput("A party is two visits or more. Mark another one.", field="appointment_ids")
    first = _customer_of(work, request.appointment_ids[0])
    group_id = _new_group(work, request.organiser_id or first, request.name)
    _link(work, request.appointment_ids, group_id)
    return _sheet(work, group_id)


@use_case(Deed.BOOK, before=lay_out_first)
def book_group(work: Work, request: BookGroup) -> GroupSheet:
    """Book a party in one transaction: two therapists and one room for a couple, or nothing at all.

    Raises what booking raises.
    """
    if not request.bookings:
        raise NothingAsked
    _hold_day(work, request)
    organiser = request.organiser_id or next((b.customer_id for b in request.bookings if b.customer_id), None)
    group_id, batch_id = _new_group(work, organiser, request.name), uuid4()
    for one in request.bookings:
        wish = BookAppointment(
            customer_id=one.customer_id, guest_name=one.guest_name, for_guest=one.for_guest,
            lines=one.lines,
            starts_at=one.starts_at or request.starts_at, notes=request.notes, group_id=group_id,
            overbook_reason=request.overbook_reason, outside_hours=request.outside_hours, in_past=request.in_past,
        )  # fmt: skip
        make_visit(work, wish, batch_id=batch_id)
    return _sheet(work, group_id)


@use_case(Deed.BOOK)
def ungroup(work: Work, request: Ungroup) -> Rearranged:
    """Take visits out of their party. Raises NotFound."""
    if not request.appointment_ids:
        raise NothingAsked
    return _link(work, request.appointment_ids, None)


@use_case(Deed.SERVE)
def arrive_group(work: Work, request: ArriveGroup) -> GroupSheet:
    """Check everybody in who has not come yet, in one stroke. Raises NotFound, WrongStage when all are here."""
    sheet = _sheet(work, request.group_id)
    coming = sorted(v.appointment_id for v in sheet.visits if may_become(v.status, Status.ARRIVED))
    if not coming:
        raise WrongStage(visit=sheet.name, status="here already", wish="checked in", remedy="Start them one by one.")
    batch_id = uuid4()
    for each in coming:
        hand = lines_for(work, StepVisit(appointment_id=each), Status.ARRIVED, "checked in")
        was = VisitState.of(hand.visit, hand.all_lines, None)
        write(work, hand.visit, hand.lines, Status.ARRIVED, reason=None)
        work.tell("appointment.arrived", each)
        after = VisitState.of(hand.visit, hand.all_lines, None)
        remember(work, STEPS[Status.ARRIVED], hand.visit, was, after, batch_id)
    return _sheet(work, request.group_id)


@use_case(Deed.BOOK, before=lay_out_first)
def move_group(work: Work, request: MoveGroup) -> Rearranged:
    """Move everybody of a party by the same time, all or nobody. Raises what a move raises."""
    sheet = _sheet(work, request.group_id)
    going = [visit for visit in sheet.visits if visit.status not in EXITS and visit.status is not Status.COMPLETED]
    if not going:
        raise WrongStage(visit=sheet.name, status="over", wish="moved", remedy="Book a new one.")
    by = whole_minute(request.starts_at) - min(visit.starts_at for visit in going)
    moves = tuple(OneMove(appointment_id=v.appointment_id, starts_at=v.starts_at + by) for v in going)
    insisted = Insisted(request.overbook_reason, request.outside_hours, request.in_past)
    return rearranged(work, move_all(work, moves, Kind.MOVED, insisted))


@use_case(Deed.SEE_BOOK)
def show_group(work: Work, request: ShowGroup) -> GroupSheet:
    """A party with everybody in it. Raises NotFound."""
    group_id = request.group_id
    if group_id is None:
        asked = text("SELECT group_id FROM appointments WHERE id = :visit")
        group_id = work.session.execute(asked, {"visit": request.appointment_id}).scalar()
    if group_id is None:
        raise NotFound(
            what="party of visit", name=request.appointment_id, remedy="Mark visits and press B to make one."
        )
    return _sheet(work, group_id)


def _customer_of(work: Work, appointment_id: int) -> int | None:
    asked = text("SELECT customer_id FROM appointments WHERE id = :visit")
    found: int | None = work.session.execute(asked, {"visit": appointment_id}).scalar()
    return found


def _new_group(work: Work, organiser_id: int | None, name: str) -> int:
    organiser = None if organiser_id is None else work.session.get(Customer, organiser_id)
    if organiser_id is not None and organiser is None:
        raise NotFound(what="customer", name=organiser_id, remedy="Look them up, or add them first.")
    group = AppointmentGroup(shop_id=work.shop.id, name=clean(name), organiser_id=organiser_id)
    work.session.add(group)
    work.session.flush()
    return group.id


def _link(work: Work, appointment_ids: tuple[int, ...], group_id: int | None) -> Rearranged:
    def shall(state: VisitState) -> VisitState:
        return state if state.whose is None else replace(state, whose=replace(state.whose, group_id=group_id))

    changes = [Change(each, shall, only_from=frozenset(Status)) for each in dict.fromkeys(appointment_ids)]
    return rearranged(work, Stroke(work, Kind.GROUPED, changes).carry_out())


def _hold_day(work: Work, request: BookGroup) -> None:
    """Everybody and everything of the shop on the party's days, at once: one order, whoever turns out to be free."""
    starts = [whole_minute(one.starts_at or request.starts_at) for one in request.bookings]
    zone = work.shop.timezone
    first, last = day_of(min(starts), zone), day_of(max(starts), zone)
    found = work.session.execute(_RESOURCES, {"shop": work.shop.id}).scalars()
    days = [(resource, first + DAY * n) for resource in found for n in range((last - first).days + 2)]
    slots.hold(work.session, days, customer_ids=[one.customer_id for one in request.bookings])


_RESOURCES = text("""
    SELECT r.id FROM resources r LEFT JOIN stylists p ON p.resource_id = r.id
     WHERE r.is_active AND (r.shop_id = :shop
        OR EXISTS (SELECT FROM weekly_shifts w WHERE w.stylist_id = p.id AND w.shop_id = :shop)
        OR EXISTS (SELECT FROM dated_shifts d WHERE d.stylist_id = p.id AND d.shop_id = :shop))
""")


def _sheet(work: Work, group_id: int) -> GroupSheet:
    work.session.flush()
    rows = work.session.execute(_GROUP, {"group": group_id}).all()
    if not rows:
        raise NotFound(what="party", name=group_id, remedy="Look at the visit with frontdesk show.")
    head = rows[0]
    organiser = None if head.organiser_id is None else person(head.o_first, head.o_last, head.o_code)
    name = head.name or (f"{organiser}'s party" if organiser else "a party")
    visits = tuple(_visit(row) for row in rows if row.appointment_id is not None)
    to_pay = tuple(v.appointment_id for v in visits if not v.paid and v.status not in EXITS)
    return GroupSheet(group_id, name, head.organiser_id, organiser, visits, to_pay)


def _visit(row: Any) -> GroupVisit:  # noqa: ANN401  a row
    return GroupVisit(
        row.appointment_id, row.code, row.customer_id,
        person(row.first_name, row.last_name, row.customer_code, row.guest_name), Status(row.status), row.starts_at,
        row.ends_at, tuple(row.services or ()), tuple(row.stylists or ()), row.price or Decimal(0), not row.unpaid,
    )  # fmt: skip


_GROUP = text("""
    SELECT g.name, g.organiser_id, o.first_name AS o_first, o.last_name AS o_last, o.code AS o_code,
           a.id AS appointment_id, a.code, a.customer_id, a.guest_name, c.first_name, c.last_name,
           c.code AS customer_code, a.status, a.starts_at, a.ends_at, l.services, l.stylists, l.price, l.unpaid
      FROM appointment_groups g
      LEFT JOIN customers o ON o.id = g.organiser_id
      LEFT JOIN appointments a ON a.group_id = g.id AND a.status <> 'void'
      LEFT JOIN customers c ON c.id = a.customer_id
      LEFT JOIN LATERAL (
          SELECT array_agg(l.name::text ORDER BY l.position) AS services, sum(l.price * l.quantity) AS price,
                 array_agg(DISTINCT s.first_name::text) FILTER (WHERE s.id IS NOT NULL) AS stylists,
                 bool_or(NOT EXISTS (SELECT FROM paid_visit_lines p WHERE p.appointment_service_id = l.id)) AS unpaid
            FROM appointment_services l LEFT JOIN stylists s ON s.id = l.stylist_id
           WHERE l.appointment_id = a.id AND l.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
      ) l ON true
     WHERE g.id = :group ORDER BY a.starts_at, a.id
""")
