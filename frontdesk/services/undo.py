"""Taking back what one did to the book, and doing it again (features AD4)."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import TextClause, text

from frontdesk.clock import day_bounds
from frontdesk.errors import Busy, ChangedSince, NothingToDoAgain, NothingToTakeBack, PaidSince
from frontdesk.permissions import Deed
from frontdesk.services import freeing, slots
from frontdesk.services.actions import Kind, VisitState, read
from frontdesk.services.restoring import forget_cancellation, recall_cancellation, restore, touched_days
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.wording import when_said
from frontdesk.tables.appointments import Appointment, AppointmentService


@dataclass(frozen=True, kw_only=True)
class UndoLast(Write):
    """The last thing I did to the book today and have not taken back."""

    older_than: int | None = None
    """Go past an action that was refused, whose number the refusal carries, to those before it."""


@dataclass(frozen=True, kw_only=True)
class RedoLast(Write):
    """What I took back last, once more."""


@dataclass(frozen=True)
class Undone:
    """What was taken back, or done again, and where the visit stands now."""

    sentence: str
    """`Taken back: Noor Amin moved to 16:15.`"""
    appointment_id: int
    starts_at: dt.datetime


@dataclass(frozen=True)
class _Action:
    """A remembered action on its way to be reversed or repeated."""

    id: int
    kind: Kind
    at: dt.datetime
    visit: Appointment
    lines: list[AppointmentService]
    customer: str
    was: VisitState
    """How the visit has to be found."""
    shall: VisitState
    """How it is to be left."""
    did: VisitState
    """How the action itself had left it: what its sentence speaks of."""


@use_case(Deed.SERVE)
def undo_last(work: Work, request: UndoLast) -> Undone:
    """Take back the last thing this person did to the book today, in this shop; again to go further back.

    A booking becomes void, a visit moved goes where it was, a visit that had left takes its time again. Nothing is
    deleted, and money is never touched. Raises NothingToTakeBack, ChangedSince, PaidSince, and what putting back
    raises when the time is somebody else's by now: StylistTaken, CustomerBusy.
    """
    one_at_a_time(work)
    older_than = request.older_than or 2**62
    row = work.session.execute(_LAST_DONE, {**_mine(work), "older_than": older_than}).one_or_none()
    if row is None:
        raise NothingToTakeBack
    action = _read(work, row, was=read(row.after), shall=read(row.before))
    beside = _reverse(work, action, "taken back")
    if action.kind is Kind.CANCELLED:
        forget_cancellation(work, action.visit.id)
    _swap(work, _TAKE_BACK, action, beside)
    return _told(work, action, "taken_back", "Taken back")


@use_case(Deed.SERVE)
def redo_last(work: Work, request: RedoLast) -> Undone:
    """Do again what was taken back last, unless something new was done since.

    Raises NothingToDoAgain, and what taking back raises.
    """
    one_at_a_time(work)
    row = work.session.execute(_LAST_TAKEN_BACK, _mine(work)).one_or_none()
    if row is None:
        raise NothingToDoAgain
    action = _read(work, row, was=read(row.before), shall=read(row.after))
    beside = _reverse(work, action, "done again")
    if action.kind is Kind.CANCELLED:
        recall_cancellation(work, action.visit.id)
    _swap(work, _DO_AGAIN, action, beside)
    return _told(work, action, "done_again", "Done again")


def one_at_a_time(work: Work) -> None:
    """Wait until this person's other presses are through, so that two quick ones go two steps back.

    It comes before any strip is held; nothing else takes it.
    """
    work.session.execute(_ONE_AT_A_TIME, {"me": work.actor.user_id % 2**31})


_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(-2, :me)")


def _mine(work: Work) -> dict[str, object]:
    since, _ = day_bounds(work.desk.today, work.shop.timezone)
    return {"me": work.actor.user_id, "shop": work.shop.id, "since": since}


_LAST_DONE = text("""
    SELECT id, appointment_id, kind, at, before, after FROM booking_actions
     WHERE user_id = :me AND shop_id = :shop AND state = 'done' AND at >= :since AND id < :older_than
     ORDER BY id DESC LIMIT 1
""")
_LAST_TAKEN_BACK = text("""
    SELECT id, appointment_id, kind, at, before, after FROM booking_actions
     WHERE user_id = :me AND shop_id = :shop AND state = 'taken_back' AND at >= :since
     ORDER BY id LIMIT 1
""")


def _read(work: Work, row: Any, *, was: VisitState, shall: VisitState) -> _Action:  # noqa: ANN401  a row of the two
    kind = Kind(row.kind)
    work.require(kind.deed)
    visit = freeing.visit_to_change(work, row.appointment_id)
    lines = freeing.lines_of(work, visit.id)
    customer = freeing.customer_of(work, visit)
    return _Action(row.id, kind, row.at, visit, lines, customer, was, shall, read(row.after))


def _reverse(work: Work, action: _Action, reason: str) -> dict[int, str]:
    """Hold what is concerned, look whether the visit is still as it was left, and lead it to the other state.

    Returns the overbooked lines that got the freed time, with their reasons.
    """
    days = touched_days(work, action.lines, action.was, action.shall)
    if days:
        slots.hold(work.session, days, customer_id=action.visit.customer_id)
    work.session.refresh(action.visit, with_for_update=True)
    lines = freeing.lines_of(work, action.visit.id)
    for line in lines:
        work.session.refresh(line)
    _refuse_changed(work, action, lines)
    _refuse_paid(work, action)
    return restore(work, action.visit, lines, action.was, action.shall, days, reason)


def _refuse_changed(work: Work, action: _Action, lines: list[AppointmentService]) -> None:
    if VisitState.of(action.visit, lines, None).is_like(action.was):
        return
    who = work.session.execute(_LAST_HAND, {"visit": action.visit.id}).scalars().first()
    raise ChangedSince(
        who=who or "Somebody",
        visit=action.visit.code,
        customer=action.customer,
        did=_DID[action.kind],
        action=action.id,
    )


_LAST_HAND = text("""
    SELECT h.who FROM (
        SELECT * FROM record_history('appointments', :visit)
        UNION ALL SELECT r.* FROM appointment_services l, record_history('appointment_services', l.id) r
                   WHERE l.appointment_id = :visit) h
     ORDER BY h.at DESC LIMIT 1
""")


def _refuse_paid(work: Work, action: _Action) -> None:
    """What was paid before may still be moved and checked in; what has to be for a ticket to be true stays."""
    asked = {"lines": [line.id for line in action.lines], "since": action.at}
    paid = work.session.execute(_PAID, asked).one()
    if paid.since or (paid.ever and action.kind in (Kind.BOOKED, Kind.FINISHED)):
        raise PaidSince(visit=action.visit.code, customer=action.customer, action=action.id)


_PAID = text("""
    SELECT count(*) > 0 AS ever, coalesce(bool_or(coalesce(s.closed_at, 'infinity') >= :since), false) AS since
      FROM sale_lines l LEFT JOIN sales s ON s.id = l.sale_id WHERE l.appointment_service_id = ANY (:lines)
""")


def _swap(work: Work, statement: TextClause, action: _Action, beside: dict[int, str]) -> None:
    """Remember that it was done and who got its time, unless this person's other terminal was quicker."""
    if work.session.execute(statement, {"id": action.id, "beside": json.dumps(beside)}).scalar() is None:
        raise Busy


_TAKE_BACK = text("""
    UPDATE booking_actions SET state = 'taken_back', after = jsonb_set(after, '{beside}', CAST(:beside AS jsonb))
     WHERE id = :id AND state = 'done' RETURNING id
""")
_DO_AGAIN = text("""
    UPDATE booking_actions SET state = 'done', before = jsonb_set(before, '{beside}', CAST(:beside AS jsonb))
     WHERE id = :id AND state = 'taken_back' RETURNING id
""")


def _told(work: Work, action: _Action, verb: str, word: str) -> Undone:
    visit = action.visit
    work.tell(f"appointment.{verb}", visit.id, what=action.kind)
    return Undone(f"{word}: {action.customer} {_said(work, action)}.", visit.id, visit.starts_at)


def _said(work: Work, action: _Action) -> str:
    """`moved to 16:15`, `booked for Tue 10 Mar 15:00`, `arrived`."""
    before = action.was if action.did == action.shall else action.shall
    if action.kind is Kind.MOVED and before.starts_at == action.did.starts_at:
        names = work.session.execute(_NAMES, {"stylists": [line.stylist_id for line in action.did.lines]}).scalars()
        return f"moved to {', '.join(names) or 'nobody'}"
    return _WORDS[action.kind].format(when=when_said(action.did.starts_at, work.desk.today, work.shop.timezone))


_NAMES = text("SELECT first_name FROM stylists WHERE id = ANY (:stylists) ORDER BY id")

_WORDS = {
    Kind.BOOKED: "booked for {when}", Kind.MOVED: "moved to {when}", Kind.CONFIRMED: "confirmed",
    Kind.ARRIVED: "arrived", Kind.STARTED: "started", Kind.FINISHED: "finished", Kind.NO_SHOW: "marked as no-show",
    Kind.CANCELLED: "cancelled", Kind.PUT_BACK: "put back",
}  # fmt: skip

_DID = {
    Kind.BOOKED: "booked", Kind.MOVED: "moved", Kind.CONFIRMED: "confirmed", Kind.ARRIVED: "checked in",
    Kind.STARTED: "started", Kind.FINISHED: "finished", Kind.NO_SHOW: "gave up on", Kind.CANCELLED: "cancelled",
    Kind.PUT_BACK: "put back",
}  # fmt: skip
