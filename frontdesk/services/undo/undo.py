"""Taking back what one did to the book, and doing it again (features AD4, N3)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from sqlalchemy import TextClause, text

from frontdesk.clock import day_bounds
from frontdesk.errors import Busy, ChangedSince, FeePaid, NothingToDoAgain, NothingToTakeBack, PaidSince
from frontdesk.permissions import Deed
from frontdesk.services.book.actions import Kind, VisitState, joined, laid_out, read
from frontdesk.services.book.restoring import Way, restore, touched_days
from frontdesk.services.placing import freeing
from frontdesk.services.team import slots
from frontdesk.services.undo import exits
from frontdesk.services.undo.undo_words import DID, Done, said
from frontdesk.services.use_case import Work, Write, use_case


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
    """The first of them, when it was a stroke of several."""
    starts_at: dt.datetime
    others: tuple[int, ...] = ()
    """The other visits of the same stroke."""


@dataclass(frozen=True)
class _Action:
    """What one stroke did to one visit, on its way to be reversed or repeated."""

    ids: tuple[int, ...]
    kind: Kind
    kinds: frozenset[Kind]
    at: dt.datetime
    way: Way
    """From how the visit has to be found to how it is to be left."""
    customer: str
    before: VisitState
    after: VisitState

    @property
    def did(self) -> Done:
        """To be said."""
        return Done(self.kind, self.customer, self.before, self.after)


@use_case(Deed.SERVE)
def undo_last(work: Work, request: UndoLast) -> Undone:
    """Take back the last thing this person did to the book today, in this shop; again to go further back.

    What was one stroke is taken back in one: everything is lifted before anything is put. A booking becomes void, a
    visit moved goes where it was, a visit that had left takes its time again. Nothing is deleted, and money is never
    touched. Raises NothingToTakeBack, ChangedSince, PaidSince, FeePaid, and what putting back raises when the time is
    somebody else's by now: StylistTaken, CustomerBusy.
    """
    one_at_a_time(work)
    older_than = request.older_than or 2**62
    rows = work.session.execute(_LAST_DONE, {**_mine(work), "older_than": older_than}).all()
    if not rows:
        raise NothingToTakeBack
    actions = _read(work, rows, back=True)
    beside = _lead(work, actions, "taken back")
    _swap(work, _TAKE_BACK, actions, beside)
    return _told(work, actions, "taken_back", "Taken back")


@use_case(Deed.SERVE)
def redo_last(work: Work, request: RedoLast) -> Undone:
    """Do again what was taken back last, unless something new was done since.

    Raises NothingToDoAgain, and what taking back raises.
    """
    one_at_a_time(work)
    rows = work.session.execute(_LAST_TAKEN_BACK, _mine(work)).all()
    if not rows:
        raise NothingToDoAgain
    actions = _read(work, rows, back=False)
    beside = _lead(work, actions, "done again")
    _swap(work, _DO_AGAIN, actions, beside)
    return _told(work, actions, "done_again", "Done again")


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
    WITH last AS (
        SELECT id, batch_id FROM booking_actions
         WHERE user_id = :me AND shop_id = :shop AND state = 'done' AND at >= :since AND id < :older_than
         ORDER BY id DESC LIMIT 1)
    SELECT a.id, a.appointment_id, a.kind, a.at, a.before, a.after FROM booking_actions a, last
     WHERE a.id = last.id OR (a.batch_id = last.batch_id AND a.user_id = :me AND a.state = 'done') ORDER BY a.id
""")
_LAST_TAKEN_BACK = text("""
    WITH last AS (
        SELECT id, batch_id FROM booking_actions
         WHERE user_id = :me AND shop_id = :shop AND state = 'taken_back' AND at >= :since
         ORDER BY id LIMIT 1)
    SELECT a.id, a.appointment_id, a.kind, a.at, a.before, a.after FROM booking_actions a, last
     WHERE a.id = last.id OR (a.batch_id = last.batch_id AND a.user_id = :me AND a.state = 'taken_back') ORDER BY a.id
""")


def _read(work: Work, rows: Sequence[Any], *, back: bool) -> list[_Action]:
    """The stroke, visit by visit in the order of doing."""
    by_visit: dict[int, list[Any]] = {}
    for row in rows:
        work.require(Kind(row.kind).deed)
        by_visit.setdefault(row.appointment_id, []).append(row)
    return [_action(work, visit_id, its, back=back) for visit_id, its in by_visit.items()]


def _action(work: Work, visit_id: int, rows: Sequence[Any], *, back: bool) -> _Action:
    visit = freeing.visit_to_change(work, visit_id)
    before = reduce(joined, [read(row.before) for row in rows])
    after = reduce(joined, [read(row.after) for row in reversed(rows)])
    kinds = [Kind(row.kind) for row in rows]
    return _Action(
        tuple(row.id for row in rows),
        kinds[0],
        frozenset(kinds),
        rows[0].at,
        Way(visit, freeing.lines_of(work, visit_id), *((after, before) if back else (before, after))),
        freeing.customer_of(work, visit),
        before,
        after,
    )


def _lead(work: Work, actions: Sequence[_Action], reason: str) -> dict[int, str]:
    """Hold what is concerned, look whether all is still as it was left, and lead every visit to the other state.

    Returns the overbooked lines that got the freed time, with their reasons.
    """
    ways = [action.way for action in actions]
    days = touched_days(work, ways)
    if days or any(way.changes_owner for way in ways):
        slots.hold(work.session, days, customer_ids={owner for way in ways for owner in way.owners})
    for way in sorted(ways, key=lambda way: way.visit.id):
        work.session.refresh(way.visit, with_for_update=True)
        for line in way.lines:
            work.session.refresh(line)
    for action in actions:
        _refuse_changed(work, action)
        _refuse_paid(work, action)
    if any(way.was.away != way.shall.away for way in ways):
        work.require(Deed.EDIT_ROSTER)
    _follow(work, actions)
    # What was put last is in the way first.
    return restore(work, ways[::-1] if reason == "taken back" else ways, days, reason)


_EXITS = frozenset({Kind.CANCELLED, Kind.LATE_CANCELLED, Kind.NO_SHOW})


def _follow(work: Work, actions: Sequence[_Action]) -> None:
    """Cancellations and fees go with the lines that they are about; a line that was only dropped has none."""
    for action in actions:
        if action.kinds & (_EXITS | {Kind.PUT_BACK}):
            try:
                exits.follow(work, action.way, action.at, left_then=bool(action.kinds & _EXITS))
            except FeePaid as refusal:  # with its number whoever takes back can go past it
                raise FeePaid(**refusal.facts, action=action.ids[0]) from None


def _refuse_changed(work: Work, action: _Action) -> None:
    way = action.way
    parts = laid_out(work, way.lines) if way.moving() else None
    if way.is_where_it_was(VisitState.of(way.visit, way.lines, parts)):
        return
    who = work.session.execute(_LAST_HAND, {"visit": way.visit.id}).scalars().first()
    raise ChangedSince(
        who=who or "Somebody",
        visit=way.visit.code,
        customer=action.customer,
        did=DID[action.kind],
        action=action.ids[0],
    )


_LAST_HAND = text("""
    SELECT h.who FROM (
        SELECT * FROM record_history('appointments', :visit)
        UNION ALL SELECT r.* FROM appointment_services l, record_history('appointment_services', l.id) r
                   WHERE l.appointment_id = :visit) h
     ORDER BY h.at DESC LIMIT 1
""")

_NEVER_PAID = frozenset({Kind.BOOKED, Kind.FINISHED, Kind.ADDED, Kind.REASSIGNED})
"""What has to be for a ticket to be true."""


def _refuse_paid(work: Work, action: _Action) -> None:
    """What was paid before may still be moved and checked in; what has to be for a ticket to be true stays."""
    asked = {"lines": [line.id for line in action.way.lines], "since": action.at}
    paid = work.session.execute(_PAID, asked).one()
    if paid.since or (paid.ever and action.kinds & _NEVER_PAID):
        raise PaidSince(visit=action.way.visit.code, customer=action.customer, action=action.ids[0])


_PAID = text("""
    SELECT count(*) > 0 AS ever, coalesce(bool_or(coalesce(s.closed_at, 'infinity') >= :since), false) AS since
      FROM paid_visit_lines l LEFT JOIN sales s ON s.id = l.sale_id WHERE l.appointment_service_id = ANY (:lines)
""")


def _swap(work: Work, statement: TextClause, actions: Sequence[_Action], beside: dict[int, str]) -> None:
    """Remember that it was done and who got its time, unless this person's other terminal was quicker."""
    ids = [each for action in actions for each in action.ids]
    asked = {"ids": ids, "first": ids[0], "beside": json.dumps(beside)}
    if len(work.session.execute(statement, asked).all()) != len(ids):
        raise Busy


_TAKE_BACK = text("""
    UPDATE booking_actions SET state = 'taken_back', after = jsonb_set(after, '{beside}',
           CASE WHEN id = :first THEN CAST(:beside AS jsonb) ELSE '{}' END)
     WHERE id = ANY (:ids) AND state = 'done' RETURNING id
""")
_DO_AGAIN = text("""
    UPDATE booking_actions SET state = 'done', before = jsonb_set(before, '{beside}',
           CASE WHEN id = :first THEN CAST(:beside AS jsonb) ELSE '{}' END)
     WHERE id = ANY (:ids) AND state = 'taken_back' RETURNING id
""")


def _told(work: Work, actions: Sequence[_Action], verb: str, word: str) -> Undone:
    for action in actions:
        work.tell(f"appointment.{verb}", action.way.visit.id, what=action.kind)
    first, *others = (action.way.visit for action in actions)
    words = said(work, [action.did for action in actions])
    return Undone(f"{word}: {words}.", first.id, first.starts_at, tuple(visit.id for visit in others))
