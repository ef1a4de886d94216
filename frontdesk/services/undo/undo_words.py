"""How what was taken back or done again is said: `Noor Amin moved to 16:15`, `Jane Doe and Kim Lee swapped`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.services.book.actions import Kind, VisitState
from frontdesk.services.use_case import Work
from frontdesk.services.wording import when_said

DID = {
    Kind.BOOKED: "booked", Kind.MOVED: "moved", Kind.CONFIRMED: "confirmed", Kind.ARRIVED: "checked in",
    Kind.STARTED: "started", Kind.PROCESSING: "left to process", Kind.FINISHED: "finished",
    Kind.NO_SHOW: "gave up on", Kind.CANCELLED: "cancelled", Kind.LATE_CANCELLED: "cancelled",
    Kind.PUT_BACK: "put back", Kind.SWAPPED: "swapped", Kind.RESIZED: "changed the length of", Kind.CHANGED: "changed",
    Kind.HANDED_OVER: "handed over", Kind.REASSIGNED: "reassigned", Kind.ADDED: "added to", Kind.DROPPED: "shortened",
    Kind.SHIFTED: "shifted", Kind.GROUPED: "grouped",
}  # fmt: skip
"""What somebody did to a visit: `since you {did} it`."""

_WORDS = {
    Kind.BOOKED: "booked for {when}", Kind.MOVED: "moved to {when}", Kind.ARRIVED: "arrived",
    Kind.NO_SHOW: "marked as no-show", Kind.LATE_CANCELLED: "cancelled late", Kind.RESIZED: "given another length",
    Kind.HANDED_OVER: "handed over", Kind.ADDED: "given one more service",
    Kind.DROPPED: "relieved of a service", Kind.SHIFTED: "shifted to {when}", Kind.GROUPED: "grouped",
}  # fmt: skip

_TOGETHER = {
    Kind.ARRIVED: "arrived", Kind.NO_SHOW: "marked as no-show", Kind.LATE_CANCELLED: "cancelled late",
    Kind.RESIZED: "given another length", Kind.ADDED: "given one more service", Kind.DROPPED: "relieved of a service",
}  # fmt: skip


@dataclass(frozen=True)
class Done:
    """What was done to one visit, to be said."""

    kind: Kind
    customer: str
    before: VisitState
    after: VisitState


def said(work: Work, done: Sequence[Done]) -> str:
    """Everything of a stroke in one clause, customers first."""
    if len(done) == 1 and done[0].kind is Kind.REASSIGNED:
        return f"the visit of {_owner(work, done[0].before)} given to {_owner(work, done[0].after)}"
    if len(done) == 1:
        return f"{done[0].customer} {_one(work, done[0])}"
    kinds = {each.kind for each in done}
    verb = _TOGETHER.get(done[0].kind, DID[done[0].kind]) if len(kinds) == 1 else "changed"
    names = list(dict.fromkeys(each.customer for each in done))
    if len(names) > 3:
        return f"{len(done)} visits {verb}"
    several = f" {len(done)} times" if len(names) == 1 and len(kinds) == 1 else ""
    return f"{_listed(names)} {verb}{several}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _one(work: Work, done: Done) -> str:
    """`moved to 16:15`, `booked for Tue 10 Mar 15:00`, `arrived`."""
    if done.kind is Kind.MOVED and done.before.starts_at == done.after.starts_at:
        names = work.session.execute(_NAMES, {"stylists": [line.stylist_id for line in done.after.lines]}).scalars()
        return f"moved to {', '.join(names) or 'nobody'}"
    words = _WORDS.get(done.kind, _TOGETHER.get(done.kind, DID[done.kind]))
    return words.format(when=when_said(done.after.starts_at, work.desk.today, work.shop.timezone))


_NAMES = text("SELECT first_name FROM stylists WHERE id = ANY (:stylists) ORDER BY id")


def _owner(work: Work, state: VisitState) -> str:
    asked = text("SELECT concat_ws(' ', first_name, last_name) FROM customers WHERE id = :id")
    customer_id = state.whose.customer_id if state.whose else None
    return work.session.execute(asked, {"id": customer_id}).scalar() or "a guest"
