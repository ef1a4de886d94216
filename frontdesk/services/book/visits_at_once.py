"""One wish written into the book at many times: asked, held, read, placed and written all at once.

Private to `services.series`, which hands in the open session. What takes a handful of questions for one visit takes
the same handful for a hundred. It is for times that leave each other alone; whatever could stand in its own way is
booked one after the other by `visit_making`.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from sqlalchemy import insert, text
from sqlmodel import SQLModel, col, select

from frontdesk.errors import Refusal
from frontdesk.rules.states import Status
from frontdesk.services.book.actions import Kind, VisitState, remember_all
from frontdesk.services.book.visit_making import choices_of, visit_of
from frontdesk.services.book.visit_moving import customer_called, refuse_past
from frontdesk.services.book.visit_writing import line_of, parts_of, piece_of
from frontdesk.services.menu.terms import Own
from frontdesk.services.placing import unfree
from frontdesk.services.placing.booking_wishes import BookAppointment, BookLine
from frontdesk.services.placing.candidates import Wanted, wanted
from frontdesk.services.placing.placing import Allowance, Choice, PlacedLine, Placing, whole_minute
from frontdesk.services.placing.visit_codes import new_codes
from frontdesk.services.placing.visit_lines import LineWish, lines_asked
from frontdesk.services.shop.shop_rules import rules_of
from frontdesk.services.team import slots
from frontdesk.services.team.slots import LONGEST_PIECE, Slot
from frontdesk.services.team.strip_hours import StripDay, homes
from frontdesk.services.use_case import Work
from frontdesk.tables.appointments import Appointment, AppointmentPart, AppointmentService, AppointmentStep
from frontdesk.text import clean


@dataclass
class _Sought:
    """One of the times that looks for its place."""

    number: int
    request: BookAppointment
    wishes: list[LineWish]
    placing: Placing
    placed: list[PlacedLine]

    @property
    def told_end(self) -> dt.datetime:
        return max(spot.told_ends for spot in self.placed)


@dataclass(frozen=True)
class MadeAtOnce:
    """Which visit each became, or why some can't be had; then nothing was written."""

    visits: dict[int, int]
    refused: dict[int, Refusal]


def make_visits(
    work: Work,
    requests: Mapping[int, BookAppointment],
    in_the_way: tuple[type[Refusal], ...],
    *,
    batch_id: UUID,
) -> MadeAtOnce | None:
    """Book every one of them or, when any meets what may be `in_the_way`, none.

    None when they can't be had at once: two of them could meet, or anybody may do it and turns are taken.

    The requests are of one customer, without a hold and without overbooking.
    """
    one = next(iter(requests.values()))
    customer = customer_called(work, one.customer_id, clean(one.guest_name))
    sought = _sought(work, requests)
    spans = sorted(each.placing.span for each in sought)
    meets = any(later[0] < earlier[1] for earlier, later in pairwise(spans))
    if meets or any(len(line.options) > 1 for each in sought for line in each.placing.lines):
        return None
    days = _hold(work, sought, one.customer_id)
    _read(work, sought, days)
    visits = _visits(work, one, spans)
    refused: dict[int, Refusal] = {}
    for each in sought:
        try:
            _place(work, each, customer, visits)
        except in_the_way as refusal:
            refused[each.number] = refusal
    if refused:
        return MadeAtOnce({}, refused)
    return MadeAtOnce(_write(work, sought, days, batch_id), {})


def _sought(work: Work, requests: Mapping[int, BookAppointment]) -> list[_Sought]:
    """What each needs: asked once for all that ask for the same."""
    rules = rules_of(work)
    known: dict[tuple[BookLine, ...], tuple[list[LineWish], list[Wanted], list[Choice]]] = {}
    found = []
    for number, request in requests.items():
        if request.lines not in known:
            theirs = None if request.for_guest else request.customer_id
            asked = lines_asked(work, request.lines, request.declined_addons, theirs)
            own = [Own(wish.minutes, wish.price) for wish in asked]
            services = [wish.service_id for wish in asked]
            needs = wanted(work.session, work.shop.id, services, customer_id=theirs, own=own)
            asked, chosen = choices_of(asked, needs)
            known[request.lines] = asked, needs, chosen
        wishes, needs, choices = known[request.lines]
        allowance = Allowance(None, request.outside_hours)
        placing = Placing(work, rules, needs, choices, whole_minute(request.starts_at), allowance)
        found.append(_Sought(number, request, wishes, placing, []))
    return found


def _hold(work: Work, sought: Iterable[_Sought], customer_id: int | None) -> list[StripDay]:
    """Hold every strip that could be concerned, in the one order, and lay out the days that are not yet."""
    found = homes(work.session, {resource for each in sought for resource in each.placing.resources})
    days = {
        day
        for each in sought
        for resource in each.placing.resources
        for day in found[resource].days(*each.placing.span)
    }
    slots.hold(work.session, days, customer_id=customer_id)
    unlaid = [(resource, day) for resource, day in days if not found[resource].is_laid_out(day)]
    slots.rebuild(work.session, unlaid, work.now)
    return sorted(days)


def _read(work: Work, sought: Sequence[_Sought], days: Sequence[StripDay]) -> None:
    pieces = _lying(work, sought)
    if any(p.held_until is not None and p.held_until <= work.now for row in pieces.values() for p in row):
        slots.rebuild(work.session, days, work.now)
        pieces = _lying(work, sought)
    starts = {resource: [piece.starts_at for piece in row] for resource, row in pieces.items()}
    for each in sought:
        since, until = each.placing.span
        each.placing.look(
            {
                resource: [
                    piece
                    for piece in row[
                        bisect_left(starts[resource], since - LONGEST_PIECE) : bisect_left(starts[resource], until)
                    ]
                    if piece.ends_at > since
                ]
                for resource, row in pieces.items()
            }
        )


def _lying(work: Work, sought: Sequence[_Sought]) -> dict[int, list[Slot]]:
    pieces: dict[int, list[Slot]] = defaultdict(list)
    resources = {resource for each in sought for resource in each.placing.resources}
    for piece in slots.pieces_within(work.session, resources, sorted(each.placing.span for each in sought)):
        pieces[piece.resource_id].append(piece)
    return pieces


Theirs = Sequence[tuple[str, dt.datetime, dt.datetime]]
"""Visits that the customer has: code, start and end."""


def _visits(work: Work, one: BookAppointment, spans: Sequence[tuple[dt.datetime, dt.datetime]]) -> Theirs:
    if one.customer_id is None or one.for_guest:
        return ()
    asked = {"customer": one.customer_id, "since": spans[0][0], "until": spans[-1][1]}
    return [(row.code, row.starts_at, row.ends_at) for row in work.session.execute(_THEIRS, asked)]


_THEIRS = text("""
    SELECT code, starts_at, ends_at FROM appointments
     WHERE customer_id = :customer AND starts_at < :until AND ends_at > :since
       AND NOT for_guest AND status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
     ORDER BY starts_at
""")


def _place(work: Work, one: _Sought, customer: str, visits: Theirs) -> None:
    """In the order in which booking refuses."""
    starts_at = one.placing.zero
    refuse_past(work, starts_at, one.request.in_past)
    least = starts_at + dt.timedelta(minutes=sum(need.plan.told_minutes for need in one.placing.needs))
    _refuse_elsewhere(work, customer, visits, starts_at, least)
    one.placed = one.placing.place()
    _refuse_elsewhere(work, customer, visits, starts_at, one.told_end)


def _refuse_elsewhere(work: Work, customer: str, visits: Theirs, starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    for code, begins, ends in visits:
        if begins < ends_at and ends > starts_at:
            raise unfree.customer_busy(work, customer, code, begins, ends)


def _write(work: Work, sought: Sequence[_Sought], days: Sequence[StripDay], batch_id: UUID) -> dict[int, int]:
    """Every table's rows at once. What a row's number is, is read by what names it otherwise."""
    codes = new_codes(work.session, len(sought))
    _insert(
        work, [visit_of(work, s.request, c, s.placing.zero, s.told_end) for s, c in zip(sought, codes, strict=True)]
    )
    by_code = {
        visit.code: visit for visit in work.session.exec(select(Appointment).where(col(Appointment.code).in_(codes)))
    }
    visits = [by_code[code] for code in codes]
    lines = _write_lines(work, sought, visits)
    _write_parts(work, sought, lines)
    slots.rebuild(work.session, days, work.now)
    _insert(work, [AppointmentStep(appointment_id=one.id, to_status=Status.PENDING, at=work.now) for one in visits])
    states = [VisitState.of(visit, its, None) for visit, its in zip(visits, lines, strict=True)]
    changes = [(visit, state.never_booked(), state) for visit, state in zip(visits, states, strict=True)]
    remember_all(work, Kind.BOOKED, changes, batch_id)
    work.tell_all("appointment.booked", [(visit.id, {"starts_at": visit.starts_at}) for visit in visits])
    return {one.number: visit.id for one, visit in zip(sought, visits, strict=True)}


def _write_lines(
    work: Work, sought: Sequence[_Sought], visits: Sequence[Appointment]
) -> list[list[AppointmentService]]:
    """First the lines, then those that are added to them and name them by their number."""
    ids = [visit.id for visit in visits]
    found: dict[tuple[int, int], AppointmentService] = {}
    for added in (False, True):
        rows = []
        for one, visit in zip(sought, visits, strict=True):
            for at, (wish, spot) in enumerate(zip(one.wishes, one.placed, strict=True), start=1):
                if (wish.follows is not None) is added:
                    line = line_of(visit, at, wish, spot)
                    line.addon_of = None if wish.follows is None else found[visit.id, wish.follows + 1].id
                    rows.append(line)
        if rows:
            _insert(work, rows)
            written = work.session.exec(
                select(AppointmentService).where(col(AppointmentService.appointment_id).in_(ids))
            )
            found = {(line.appointment_id, line.position): line for line in written}
    return [[found[visit.id, at + 1] for at in range(len(s.wishes))] for s, visit in zip(sought, visits, strict=True)]


def _write_parts(work: Work, sought: Sequence[_Sought], lines: Sequence[Sequence[AppointmentService]]) -> None:
    pairs = [pair for one, its in zip(sought, lines, strict=True) for pair in parts_of(its, one.placed)]
    _insert(work, [part for part, _ in pairs])
    ids = [line.id for its in lines for line in its]
    written = work.session.exec(select(AppointmentPart).where(col(AppointmentPart.appointment_service_id).in_(ids)))
    by_place = {(part.appointment_service_id, part.position, part.role): part for part in written}
    taken = [(by_place[p.appointment_service_id, p.position, p.role], strip) for p, strip in pairs if strip is not None]
    if taken:
        _insert(work, [piece_of(work, part, strip) for part, strip in taken])


def _insert(work: Work, rows: Sequence[SQLModel]) -> None:
    """In one go to the server; a row's number comes back by reading it."""
    said = [{name: value for name, value in row.model_dump().items() if value is not None} for row in rows]
    work.session.execute(insert(type(rows[0])), said)
