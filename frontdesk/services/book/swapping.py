"""Visits that change places, and chains of moves: everything lifted before anything is put (features BK17, N12)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from frontdesk.errors import BadInput
from frontdesk.permissions import Deed
from frontdesk.rules.states import EXITS, Status
from frontdesk.services.book.actions import Kind, VisitState
from frontdesk.services.book.reshaping import led_by, shifted_visit, with_lines
from frontdesk.services.book.restoring import Way
from frontdesk.services.book.strokes import Change, Changed, Insisted, Stroke, refuse_seats
from frontdesk.services.placing import freeing
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.placing.candidates import Wanted, the_one, wanted
from frontdesk.services.placing.placing import whole_minute
from frontdesk.services.use_case import Work, Write, use_case


@dataclass(frozen=True, kw_only=True)
class SwapVisits(Write):
    """Two visits, each to the other's time and stylist."""

    appointment_id: int
    other_id: int
    version: int | None = None
    """The version of the first that was seen."""
    other_version: int | None = None
    overbook_reason: str | None = None
    outside_hours: bool = False
    in_past: bool = False


@dataclass(frozen=True, kw_only=True)
class OneMove:
    """One visit's place in a chain of moves."""

    appointment_id: int
    starts_at: dt.datetime
    stylist_id: int | None = None
    """Another stylist for every line; None leaves each with whoever has it."""
    version: int | None = None
    instead_of: int | None = None
    """Only lines of this stylist change hands."""


@dataclass(frozen=True, kw_only=True)
class MoveSeveral(Write):
    """Several visits, moved together or not at all."""

    moves: tuple[OneMove, ...]
    overbook_reason: str | None = None
    outside_hours: bool = False
    in_past: bool = False


@dataclass(frozen=True)
class VisitNow:
    """Where a visit stands after a stroke."""

    appointment_id: int
    code: str
    customer: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    moved_from: dt.datetime
    stylist_ids: tuple[int, ...]
    version: int


@dataclass(frozen=True)
class Rearranged:
    """What one stroke did; `u` takes all of it back."""

    visits: tuple[VisitNow, ...]
    batch_id: UUID
    protected: tuple[int, ...] = ()
    """Lines that were overbooked and got freed time."""


@use_case(Deed.BOOK, before=lay_out_first)
def swap(work: Work, request: SwapVisits) -> Rearranged:
    """Put each of two visits at the other's time, with the other's stylist; each keeps its own length.

    In one transaction: no moment exists when either time is free. Raises StylistTaken naming the third that is in the
    way, OutsideShift, CannotDo, NoResource, CustomerBusy, WrongStage, ChangedMeanwhile, InThePast.
    """
    if request.appointment_id == request.other_id:
        raise BadInput("A visit can't be swapped with itself. Mark another one.", field="other_id")
    one, other = _seen(work, request.appointment_id), _seen(work, request.other_id)
    stroke = Stroke(work, Kind.SWAPPED, (
        Change(request.appointment_id, moved_to(work, other.starts_at, one.led_as(other)), request.version,
               wish="swapped"),
        Change(request.other_id, moved_to(work, one.starts_at, other.led_as(one)), request.other_version,
               wish="swapped"),
    ), Insisted(request.overbook_reason, request.outside_hours, request.in_past))  # fmt: skip
    return answer(work, stroke.carry_out())


@dataclass(frozen=True)
class _Seen:
    """Where a visit is and who leads its lines."""

    starts_at: dt.datetime
    leads: dict[int, int | None]

    def led_as(self, other: _Seen) -> dict[int, int | None]:
        """Its lines with the other's stylists: one for one, or line by line; where neither fits each keeps its own."""
        mine, theirs = list(self.leads.values()), list(other.leads.values())
        if len(set(mine)) == 1 and len(set(theirs)) == 1:
            return dict.fromkeys(self.leads, theirs[0])
        return dict(zip(self.leads, theirs, strict=True)) if len(mine) == len(theirs) else {}


def _seen(work: Work, appointment_id: int) -> _Seen:
    visit = freeing.visit_to_change(work, appointment_id)
    lines = freeing.lines_of(work, appointment_id)
    refuse_seats(lines)
    return _Seen(visit.starts_at, {line.id: line.stylist_id for line in lines if Status(line.status) not in EXITS})


def moved_to(
    work: Work, starts_at: dt.datetime | None, leads: Mapping[int, int | None]
) -> Callable[[VisitState], VisitState]:
    """The visit at another start, or where it is, its lines as long as they are, some of them led by others."""
    needs: dict[tuple[int, int | None], Wanted] = {}

    def shall(state: VisitState) -> VisitState:
        lines = []
        for line in state.lines:
            lead = leads.get(line.id, line.stylist_id)
            if not line.holds_time or lead == line.stylist_id or line.terms is None:
                continue
            key = line.terms.service_id, state.whose.customer_id if state.whose else None
            if key not in needs:
                (needs[key],) = wanted(work.session, work.shop.id, [key[0]], customer_id=key[1], retired=True)
            one = None if lead is None else the_one(work.session, needs[key], lead)
            lines.append(led_by(line, lead, one.resource_id if one else None, one.price if one else needs[key].price))
        state = with_lines(state, lines)
        return state if starts_at is None else shifted_visit(state, starts_at - state.starts_at)

    return shall


@use_case(Deed.BOOK, before=lay_out_first)
def move_several(work: Work, request: MoveSeveral) -> Rearranged:
    """Move several visits in one transaction, so that one may go where another was; a clash rolls all of it back.

    Raises what `swap` raises.
    """
    return answer(work, move_all(work, request.moves, Kind.MOVED, Insisted(
        request.overbook_reason, request.outside_hours, request.in_past)))  # fmt: skip


def move_all(
    work: Work, moves: tuple[OneMove, ...], kind: Kind, insisted: Insisted, *, batch_id: UUID | None = None
) -> Changed:
    """The stroke of several moves. Raises BadInput when one visit is moved twice."""
    ids = [move.appointment_id for move in moves]
    if not ids or len(set(ids)) != len(ids):
        raise BadInput("Say for each visit once where it goes.", field="moves")
    changes = []
    for move in moves:
        lines = freeing.lines_of(work, move.appointment_id)
        refuse_seats(lines)
        who = [line.id for line in lines if move.instead_of in (None, line.stylist_id)]
        leads = {} if move.stylist_id is None else dict.fromkeys(who, move.stylist_id)
        changes.append(Change(move.appointment_id, moved_to(work, whole_minute(move.starts_at), leads), move.version))
    stroke = Stroke(work, kind, changes, insisted)
    if batch_id is not None:
        stroke = replace(stroke, batch_id=batch_id)
    return stroke.carry_out()


def answer(work: Work, changed: Changed) -> Rearranged:
    """What is told after a stroke."""
    return Rearranged(tuple(_now(work, way) for way in changed.ways), changed.batch_id, changed.protected)


def _now(work: Work, way: Way) -> VisitNow:
    visit = way.visit
    leads = dict.fromkeys(line.stylist_id for line in way.shall.lines if line.holds_time and line.stylist_id)
    customer = freeing.customer_of(work, visit)
    return VisitNow(
        visit.id, visit.code, customer, visit.starts_at, visit.ends_at, way.was.starts_at, tuple(leads), visit.version
    )
