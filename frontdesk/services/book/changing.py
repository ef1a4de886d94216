"""A visit's lines made otherwise: another service, length, price or pair of hands; one more, or one less (features
SV3, BK16).

A line that is changed stays the same line, so that a ticket, a fee and its story stay with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound, OnlyLine, ReasonMissing
from frontdesk.permissions import Deed
from frontdesk.rules.states import EXITS, Status
from frontdesk.services.book.actions import Kind, LineState, VisitState
from frontdesk.services.book.reshaping import planned, pushed, split_at, stretched_to, things_of, told, with_lines
from frontdesk.services.book.restoring import Way
from frontdesk.services.book.strokes import (
    NOT_BEGUN,
    NOT_DONE,
    Change,
    Insisted,
    Stroke,
    line_away,
    refuse_paid,
    refuse_seats,
)
from frontdesk.services.menu.terms import Own
from frontdesk.services.placing import freeing
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.placing.candidates import the_one, wanted
from frontdesk.services.placing.placing import whole_minute
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.appointments import AppointmentService
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class LineToChange(Write):
    """What every change of one line says."""

    line_id: int
    version: int | None = None
    """The visit's version that was seen."""
    overbook_reason: str | None = None
    outside_hours: bool = False
    in_past: bool = False

    @property
    def insisted(self) -> Insisted:
        """What was asked for knowingly."""
        return Insisted(self.overbook_reason, self.outside_hours, self.in_past)


@dataclass(frozen=True, kw_only=True)
class ChangeLine(LineToChange):
    """Another service, length, price or stylist; whatever is not said stays."""

    service_id: int | None = None
    minutes: int | None = None
    """What the customer is told of this line, this once."""
    price: Decimal | None = None
    """What it costs, this once."""
    stylist_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Resize(LineToChange):
    """A line stretched or shrunk to an end."""

    ends_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class HandOver(LineToChange):
    """The rest of a line is somebody else's."""

    stylist_id: int
    at: dt.datetime | None = None
    """From when; now, when it is not said."""


@dataclass(frozen=True, kw_only=True)
class DropLine(LineToChange):
    """A line that will not be, of a visit that stays."""

    reason: str = ""


@dataclass(frozen=True)
class LineNow:
    """How a line stands after a change."""

    line_id: int
    service_id: int
    service: str
    stylist_id: int | None
    price: Decimal
    starts_at: dt.datetime
    """When the customer is told that it begins."""
    ends_at: dt.datetime
    status: Status


@dataclass(frozen=True)
class VisitChanged:
    """A visit after one of its lines was changed; `u` takes it back."""

    appointment_id: int
    code: str
    customer: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    version: int
    lines: tuple[LineNow, ...]


@use_case(Deed.BOOK, before=lay_out_first)
def change_line(work: Work, request: ChangeLine) -> VisitChanged:
    """Another service, length, price or stylist on this visit; what follows makes room.

    Raises LinePaid, LineAway, CannotDo, BadInput for a length that is too short or a price below zero, ChangedMeanwhile
    and what a move raises when time is in the way.
    """
    line = line_to_change(work, request.line_id)
    refuse_away(work, line, NOT_DONE | {Status.COMPLETED}, "changed")
    if request.service_id == request.minutes == request.price == request.stylist_id is None:
        raise BadInput("Say what shall be otherwise: the service, the minutes, the price or the stylist.")
    if request.price is not None:
        amount_of(work, request.price, "price")
    may = NOT_DONE | {Status.COMPLETED}
    return carry_out(work, Kind.CHANGED, line, request, lambda line: _changed(work, line, request), may)


def _changed(work: Work, line: LineState, request: ChangeLine) -> LineState:
    terms = line.terms
    if terms is None:
        return line
    other = request.service_id not in (None, terms.service_id)
    kept_price = line.price if not other and (terms.own_price or terms.bundle_id) else None
    own = Own(
        request.minutes if request.minutes is not None else None if other else terms.own_minutes,
        request.price if request.price is not None else kept_price,
    )
    (need,) = wanted(
        work.session, work.shop.id, [request.service_id or terms.service_id],
        customer_id=_customer_of_line(work, line.id), own=(own,), retired=not other,
    )  # fmt: skip
    stylist_id = request.stylist_id if request.stylist_id is not None else line.stylist_id
    who = None if stylist_id is None else the_one(work.session, need, stylist_id)
    asked_for = terms.asked_for and stylist_id == line.stylist_id
    anew = replace(
        line,
        stylist_id=stylist_id,
        price=own.price if own.price is not None else who.price if who else need.price,
        terms=replace(
            terms, service_id=need.service_id, name=need.name if other else terms.name, own_minutes=own.minutes,
            own_price=request.price is not None or (terms.own_price and not other), asked_for=asked_for,
            bundle_id=None if other else terms.bundle_id,
        ),
    )  # fmt: skip
    if not other and request.minutes is None and stylist_id == line.stylist_id:
        return anew
    lead = who.resource_id if who else None
    return planned(anew, need.plan_for(who), told(line)[0], lead, things_of(line))


def _customer_of_line(work: Work, line_id: int) -> int | None:
    asked = text(
        "SELECT a.customer_id FROM appointments a JOIN appointment_services l ON l.appointment_id = a.id"
        " WHERE l.id = :line"
    )
    found: int | None = work.session.execute(asked, {"line": line_id}).scalar()
    return found


@use_case(Deed.BOOK, before=lay_out_first)
def resize(work: Work, request: Resize) -> VisitChanged:
    """Stretch or shrink a line to an end; what follows makes room, or closes up.

    Raises LineAway, BadInput naming the least, and what a move raises when time is in the way.
    """
    line = line_to_change(work, request.line_id)
    refuse_away(work, line, NOT_DONE, "resized")
    ends_at = whole_minute(request.ends_at)
    return carry_out(work, Kind.RESIZED, line, request, lambda line: resized(line, ends_at))


def resized(line: LineState, ends_at: dt.datetime) -> LineState:
    """The line told to end then. Raises BadInput when nothing would be left of its last part."""
    starts_at, now_ends = told(line)
    anew = stretched_to(line, ends_at)
    if anew is None:
        hands = [part for part in line.parts or () if part.kind in ("active", "finish")]
        last = max(hands, key=lambda part: part.ends_at, default=None)
        own = int((last.ends_at - last.starts_at).total_seconds() // 60) - 1 if last else 0
        least = int((now_ends - starts_at).total_seconds() // 60) - own
        name = line.terms.name if line.terms else "It"
        raise BadInput(f"{name} takes at least {least} minutes. Give it {least} or more.", field="ends_at")
    minutes = int((ends_at - starts_at).total_seconds() // 60)
    return replace(anew, terms=replace(line.terms, own_minutes=minutes)) if line.terms else anew


@use_case(Deed.BOOK, before=lay_out_first)
def hand_over(work: Work, request: HandOver) -> VisitChanged:
    """From a moment on the rest of a line is another stylist's; who began it stays the one it is booked with.

    The part under way is split at that minute, and both strips, commission and tip follow the hands. Raises BadInput
    when the moment is not within the line, LinePaid, LineAway, CannotDo, StylistTaken, OutsideShift.
    """
    line = line_to_change(work, request.line_id)
    refuse_away(work, line, NOT_DONE, "handed over")
    at = whole_minute(request.at or work.now)
    (need,) = wanted(work.session, work.shop.id, [line.service_id], retired=True)
    who = the_one(work.session, need, request.stylist_id)

    def shall(state: LineState) -> LineState:
        mine = [part for part in state.parts or () if part.role == "lead"]
        if not mine or not min(p.starts_at for p in mine) < at < max(p.ends_at for p in mine):
            raise BadInput("Work is handed over while it lasts. Change the stylist instead.", field="at")
        return split_at(state, at, who.resource_id)

    return carry_out(work, Kind.HANDED_OVER, line, request, shall)


@use_case(Deed.BOOK)
def drop_line(work: Work, request: DropLine) -> VisitChanged:
    """A line will not be, with what was added to it; the visit stays and nothing is owed for it.

    Raises OnlyLine, LinePaid, LineAway, ReasonMissing.
    """
    reason = clean(request.reason)
    if not reason:
        raise ReasonMissing
    line = line_to_change(work, request.line_id)
    refuse_away(work, line, NOT_BEGUN, "dropped")
    all_lines = freeing.lines_of(work, line.appointment_id)
    gone = {line.id, *(each.id for each in all_lines if each.addon_of == line.id)}
    for each in all_lines:
        if each.id in gone - {line.id} and Status(each.status) not in EXITS:
            line_to_change(work, each.id)
            refuse_away(work, each, NOT_BEGUN, "dropped")
    if not any(Status(each.status) not in EXITS and each.id not in gone for each in all_lines):
        raise OnlyLine(service=line.name, visit=freeing.visit_to_change(work, line.appointment_id).code)

    def shall(state: VisitState) -> VisitState:
        return with_lines(state, [
            replace(each, status=Status.CANCELLED) for each in state.lines if each.id in gone and each.holds_time
        ])  # fmt: skip

    change = Change(line.appointment_id, shall, request.version, only_from=frozenset(Status), unpaid=tuple(gone),
                    lines_from={line.id: NOT_BEGUN}, wish="dropped")  # fmt: skip
    return answer(work, Stroke(work, Kind.DROPPED, (change,), request.insisted, reason=reason).carry_out().ways[0])


def line_to_change(work: Work, line_id: int) -> AppointmentService:
    """A line that is not paid and no seat in a class. Raises NotFound, LinePaid."""
    line = work.session.get(AppointmentService, line_id)
    if line is None:
        raise NotFound(what="line", name=line_id, remedy="Look at the visit with frontdesk show.")
    refuse_seats([line])
    refuse_paid(work, [line_id])
    return line


def refuse_away(work: Work, line: AppointmentService, may: frozenset[Status], wish: str) -> None:
    """Raises LineAway for a line that is past it."""
    status = Status(line.status)
    if status not in may:
        raise line_away(freeing.visit_to_change(work, line.appointment_id).code, line.name, status, wish)


def carry_out(
    work: Work,
    kind: Kind,
    line: AppointmentService,
    request: LineToChange,
    shall: Callable[[LineState], LineState],
    may: frozenset[Status] = NOT_DONE,
) -> VisitChanged:
    """Make one line otherwise, and let what follows it make room."""

    def whole(state: VisitState) -> VisitState:
        return pushed(state, shall(next(one for one in state.lines if one.id == line.id)))

    change = Change(line.appointment_id, whole, request.version, only_from=frozenset(Status), unpaid=(line.id,),
                    lines_from={line.id: may}, wish=kind.value.replace("_", " "))  # fmt: skip
    return answer(work, Stroke(work, kind, (change,), request.insisted).carry_out().ways[0])


def answer(work: Work, way: Way) -> VisitChanged:
    """How the visit stands."""
    visit = way.visit
    lines = tuple(
        LineNow(
            line.id,
            line.terms.service_id if line.terms else 0,
            line.terms.name if line.terms else "",
            line.stylist_id,
            line.price,
            *told(line),
            line.status,
        )
        for line in way.shall.lines
        if line.status is not Status.VOID
    )
    customer = freeing.customer_of(work, visit)
    return VisitChanged(visit.id, visit.code, customer, visit.starts_at, visit.ends_at, visit.version, lines)
