"""What is proposed when a day falls apart, and the words for it; `reshuffling` proposes and applies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from frontdesk.rules.reshuffle import Place
from frontdesk.services.book.displaced import Card, Question
from frontdesk.services.use_case import Work, Write
from frontdesk.services.wording import clock_time


@dataclass(frozen=True, kw_only=True)
class Take:
    """Somebody or something takes a line over from another."""

    line_id: int
    role: str
    resource_id: int
    stylist_id: int | None = None
    """Of the lead."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a proposal does to one visit."""

    appointment_id: int
    version: int
    """What was seen: a visit that somebody changed since is left alone, and so are all others."""
    starts_at: dt.datetime | None = None
    """Where it goes; None when it stays at its time."""
    takes: tuple[Take, ...] = ()
    drop_line_id: int | None = None
    resize_line_id: int | None = None
    ends_at: dt.datetime | None = None
    """Until when the resized line is told to last."""


@dataclass(frozen=True)
class ProposedVisit:
    """One visit and what to do about it."""

    appointment_id: int
    code: str
    customer: str
    phone: str | None
    what: str
    """`Cut+Blow-dry`."""
    starts_at: dt.datetime
    """As it is in the book."""
    goes_to: dt.datetime | None
    """None for whom there is no place."""
    with_whom: str
    """Who takes it over; empty when it stays with its stylist."""
    says: str
    """`10:00 with Bo, as agreed`, `10:45 with Bo instead of 10:00`, `call: nobody is free`."""
    to_call: bool
    """The customer has to be told another time, or to be asked for another day."""
    step: Step | None
    """None when nothing is to be done but to call."""


@dataclass(frozen=True)
class Proposal:
    """A way to put a day together again; nothing has been done yet."""

    title: str
    """`Anna is ill on Tue 10 Mar`."""
    visits: tuple[ProposedVisit, ...]
    steps: tuple[Step, ...]
    """What `apply_proposal` takes; leave out what is not wanted."""
    calls: tuple[ProposedVisit, ...]
    """Whom to call, in order of time."""
    leave: Leave | None = None
    """The time off that goes with it."""
    also: tuple[str, ...] = ()
    """What else is to be seen to: `Yoga at 14:00 has 5 seats taken: give it to somebody else, or cancel it.`"""


@dataclass(frozen=True, kw_only=True)
class Leave:
    """Somebody is away."""

    stylist_id: int
    day: dt.date
    since: dt.time | None = None
    """From when on, by the wall clock; all day when it is not given."""


@dataclass(frozen=True, kw_only=True)
class ApplyProposal(Write):
    """What of a proposal is accepted."""

    steps: tuple[Step, ...]
    leave: Leave | None = None
    """Write the time off down, too."""
    stays: tuple[int, ...] = ()
    """With `leave`: visits that stay where they are until somebody has called."""
    reason: str = ""


@dataclass(frozen=True)
class Applied:
    """What one stroke did; `u` takes all of it back."""

    visits: tuple[int, ...]
    batch_id: UUID
    protected: tuple[int, ...] = field(default=())
    sentence: str = ""
    """`5 visits shifted, Anna is away.`"""


@dataclass(frozen=True)
class LateWay:
    """One way to deal with somebody who comes late."""

    name: str
    """`wait`, `shrink`, `drop`, `swap` or `rebook`."""
    says: str
    starts_at: dt.datetime | None
    steps: tuple[Step, ...]
    """None of it when there is nothing to do but to ask."""
    call: str = ""
    """Whom else to call."""


@dataclass(frozen=True)
class LateWays:
    """What can be done about somebody who comes late, the least trouble first."""

    appointment_id: int
    customer: str
    expected_at: dt.datetime
    ways: tuple[LateWay, ...]


def proposed(work: Work, question: Question, card: Card, place: Place | None, why: str) -> ProposedVisit:
    """A visit with its place, in words."""
    zone = work.shop.timezone
    was = clock_time(card.starts_at, zone)
    if place is None:
        return ProposedVisit(card.id, card.code, card.customer, card.phone, card.what, card.starts_at, None, "",
                             f"call: {why}", True, None)  # fmt: skip
    goes_to = dt.datetime.fromtimestamp(place.starts, dt.UTC)
    takes = tuple(
        Take(line_id=line, role=slot.role, resource_id=to,
             stylist_id=question.stylists[to][0] if slot.role == "lead" else None)
        for slot, to in question.takes(place, card.id) for line in slot.lines
    )  # fmt: skip
    with_whom = ", ".join(dict.fromkeys(question.names[take.resource_id] for take in takes))
    now = clock_time(goes_to, zone)
    said = f"{now} with {with_whom}" if with_whom else now
    said += ", as agreed" if goes_to == card.starts_at else f" instead of {was}"
    liked = any(take.stylist_id is not None and take.stylist_id == card.preferred for take in takes)
    moves = goes_to != card.starts_at
    step = Step(appointment_id=card.id, version=card.version, starts_at=goes_to if moves else None, takes=takes)
    said += ", whom they like" if liked else ""
    return ProposedVisit(card.id, card.code, card.customer, card.phone, card.what, card.starts_at, goes_to, with_whom,
                         said, moves, step if moves or takes else None)  # fmt: skip


def of_visits(
    title: str, visits: list[ProposedVisit], *, more: tuple[Step, ...] = (), leave: Leave | None = None
) -> Proposal:
    """All of it."""
    visits.sort(key=lambda visit: (visit.starts_at, visit.appointment_id))
    steps = (*more, *(visit.step for visit in visits if visit.step is not None))
    return Proposal(title, tuple(visits), steps, tuple(visit for visit in visits if visit.to_call), leave)
