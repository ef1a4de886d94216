"""Making a visit again what it was: its lines' states and times, and the pieces of the strips that go with them.

Private to the services that put visits back, which hand in the open session with the strips held.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import text

from frontdesk.clock import local
from frontdesk.errors import NotFound, Refusal, SlotTaken
from frontdesk.rules.states import Status, visit_status
from frontdesk.services import freeing, slots, unfree
from frontdesk.services.actions import LineState, VisitState
from frontdesk.services.candidates import wanted
from frontdesk.services.freeing import Clash, Freed
from frontdesk.services.strip_hours import StripDay, homes
from frontdesk.services.use_case import Work
from frontdesk.tables.appointments import Appointment, AppointmentPart, AppointmentService, AppointmentStep

_FIELDS = ("stylist_id", "price", "starts_at", "ends_at", "arrived_at", "started_at", "finished_at")


def take_again(work: Work, visit: Appointment, lines: Sequence[AppointmentService]) -> None:
    """Put these lines on their strips again. Raises CustomerBusy, StylistTaken with what is free instead."""
    if lines:
        _refuse_customer_elsewhere(work, visit, visit.starts_at, visit.ends_at)
        _retake(work, lines, {})


def _refuse_customer_elsewhere(work: Work, visit: Appointment, starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if visit.customer_id is not None and not visit.for_guest:
        name = freeing.customer_of(work, visit)
        unfree.refuse_customer_elsewhere(work, visit.customer_id, name, starts_at, ends_at, besides=visit.id)


def _retake(work: Work, lines: Sequence[AppointmentService], beside: Mapping[int, str]) -> None:
    for line in lines:
        waiting = dict(beside)
        while (clash := freeing.retake(work, line.id)) is not None:
            if clash.line_id not in waiting:
                raise _taken(work, line, clash)
            freeing.overbook_again(work, clash.line_id, waiting.pop(clash.line_id))


def _taken(work: Work, line: AppointmentService, clash: Clash) -> Refusal:
    try:
        (need,) = wanted(work.session, work.shop.id, [line.service_id])
    except NotFound:  # no longer on the menu: there is nothing to look for instead
        return SlotTaken()
    stylist = need.by(line.stylist_id or 0) or next(iter(need.stylists), None)
    if stylist is None:
        return SlotTaken()
    return unfree.taken(work, need, stylist, line.starts_at, (clash.starts_at, clash.ends_at))


def step(work: Work, line: AppointmentService, wish: Status, reason: str | None) -> None:
    """Write a line's step down and take it."""
    work.session.add(
        AppointmentStep(
            appointment_id=line.appointment_id,
            appointment_service_id=line.id,
            from_status=line.status,
            to_status=wish,
            reason=reason,
            at=work.now,
        )
    )
    line.status = wish
    line.version += 1


def touched_days(work: Work, lines: Sequence[AppointmentService], was: VisitState, shall: VisitState) -> list[StripDay]:
    """The days of the strips that going from one state to the other concerns; none when it leaves time alone."""
    ids = [line.id for line, shall_be in _pairs(was, shall) if _moves(line, shall_be)]
    if not ids:
        return []
    parts = [part for line in shall.lines if line.id in ids for part in line.parts or () if part.resource_id]
    found = homes(work.session, {part.resource_id for part in parts if part.resource_id})
    days = {
        day for part in parts if part.resource_id for day in found[part.resource_id].days(part.starts_at, part.ends_at)
    }
    theirs = [*(line.id for line in lines if line.id in ids), *shall.beside]
    return sorted({*days, *freeing.strip_days_of(work, theirs)})


def restore(
    work: Work,
    visit: Appointment,
    lines: Sequence[AppointmentService],
    was: VisitState,
    shall: VisitState,
    days: Sequence[StripDay],
    reason: str,
) -> dict[int, str]:
    """Lead a visit that is in one state to the other, changing only what differs between the two.

    The caller holds the days, and has seen that the visit is in the first state. Time that others have by now is
    refused as in `take_again`, but for those who only got it because this visit left. Overbooked lines that wait for
    what is freed get it first; they are answered.
    """
    rows = {line.id: line for line in lines}
    moving = [pair for pair in _pairs(was, shall) if _moves(*pair)]
    if any(shall_be.holds_time for _, shall_be in moving):
        _refuse_customer_elsewhere(work, visit, shall.starts_at, shall.ends_at)
    freed = freeing.lift(work, [line.id for line, _ in moving]) if moving else Freed(())
    for line, shall_be in _pairs(was, shall):
        _rewrite(work, rows[line.id], line, shall_be, reason)
    if shall.starts_at != visit.starts_at:
        visit.starts_at, visit.ends_at = shall.starts_at, shall.ends_at
        visit.starts_local = local(shall.starts_at, work.shop.timezone).replace(tzinfo=None)
    visit.status = visit_status(Status(line.status) for line in lines)
    visit.version += 1
    _lay_out(work, [shall_be for _, shall_be in moving])
    _retake(work, [rows[shall_be.id] for _, shall_be in moving if shall_be.holds_time], shall.beside)
    beside = freeing.protect_overbooked(work, freed)
    slots.rebuild(work.session, days, work.now)
    return beside


def _pairs(was: VisitState, shall: VisitState) -> list[tuple[LineState, LineState]]:
    targets = {line.id: line for line in shall.lines}
    return [(line, targets[line.id]) for line in was.lines]


def _moves(was: LineState, shall: LineState) -> bool:
    """Whether a line's time on the strips changes."""
    return was.holds_time != shall.holds_time or (shall.holds_time and was.parts != shall.parts)


def _rewrite(work: Work, line: AppointmentService, was: LineState, shall: LineState, reason: str) -> None:
    for field in _FIELDS:
        if getattr(was, field) != getattr(shall, field):
            setattr(line, field, getattr(shall, field))
    if was.overbook_reason != shall.overbook_reason:
        line.overbooked, line.overbook_reason = shall.overbook_reason is not None, shall.overbook_reason
    if was.status != shall.status:
        step(work, line, shall.status, reason)
    else:
        line.version += was != shall


def _lay_out(work: Work, lines: Sequence[LineState]) -> None:
    """Write the parts of lines that were laid out otherwise."""
    anew = [line for line in lines if line.parts is not None]
    if not anew:
        work.session.flush()
        return
    freeing.remove_parts(work, [line.id for line in anew])
    work.session.add_all(
        AppointmentPart(
            appointment_service_id=line.id,
            position=part.position,
            kind=part.kind,
            role=part.role,
            resource_id=part.resource_id,
            starts_at=part.starts_at,
            ends_at=part.ends_at,
        )
        for line in anew
        for part in line.parts or ()
    )
    work.session.flush()


def forget_cancellation(work: Work, appointment_id: int) -> None:
    """The visit's last cancellation counts for nothing: it was put back."""
    work.session.execute(_FORGET, {"visit": appointment_id, "at": work.now})


def recall_cancellation(work: Work, appointment_id: int) -> None:
    """The cancellation forgotten last counts again."""
    work.session.execute(_RECALL, {"visit": appointment_id})


_FORGET = text("""
    UPDATE appointment_cancellations SET taken_back_at = :at
     WHERE id = (SELECT max(id) FROM appointment_cancellations WHERE appointment_id = :visit AND taken_back_at IS NULL)
""")
_RECALL = text("""
    UPDATE appointment_cancellations SET taken_back_at = NULL
     WHERE id = (SELECT id FROM appointment_cancellations WHERE appointment_id = :visit AND taken_back_at IS NOT NULL
                  ORDER BY taken_back_at DESC, id DESC LIMIT 1)
""")
