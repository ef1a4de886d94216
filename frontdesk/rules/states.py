"""States of a visit's lines, and which step may follow which (features 6.1).

A line has the state; a visit's is derived from its lines. Stages may be skipped forwards. An exit frees the time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """Where a line stands; the same words as in the tables."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    IN_SERVICE = "in_service"
    PROCESSING = "processing"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    LATE_CANCELLED = "late_cancelled"
    NO_SHOW = "no_show"
    VOID = "void"

    @property
    def words(self) -> str:
        """As it is said: `in service`."""
        return self.value.replace("_", " ")

    @property
    def letter(self) -> str:
        """As it stands on the grid, before any colour."""
        return _LETTERS[self]


_LETTERS = {
    Status.PENDING: "p", Status.CONFIRMED: "c", Status.ARRIVED: "a", Status.IN_SERVICE: "s", Status.PROCESSING: "~",
    Status.COMPLETED: "d", Status.CANCELLED: "x", Status.LATE_CANCELLED: "X", Status.NO_SHOW: "n", Status.VOID: "v",
}  # fmt: skip

STAGES = (
    Status.PENDING, Status.CONFIRMED, Status.ARRIVED, Status.IN_SERVICE, Status.PROCESSING, Status.COMPLETED,
)  # fmt: skip
"""The way through, in order."""

EXITS = frozenset({Status.CANCELLED, Status.LATE_CANCELLED, Status.NO_SHOW, Status.VOID})
"""The ways out. They free the time at once."""

_BEFORE_ARRIVAL = frozenset({Status.PENDING, Status.CONFIRMED})
_FROM: dict[Status, frozenset[Status]] = {
    Status.CONFIRMED: frozenset({Status.PENDING}),
    Status.ARRIVED: _BEFORE_ARRIVAL,
    Status.IN_SERVICE: _BEFORE_ARRIVAL | {Status.ARRIVED, Status.PROCESSING},
    Status.PROCESSING: frozenset({Status.IN_SERVICE}),
    Status.COMPLETED: _BEFORE_ARRIVAL | {Status.ARRIVED, Status.IN_SERVICE, Status.PROCESSING},
    Status.NO_SHOW: _BEFORE_ARRIVAL,
    Status.CANCELLED: _BEFORE_ARRIVAL | {Status.ARRIVED},
    Status.LATE_CANCELLED: _BEFORE_ARRIVAL | {Status.ARRIVED},
    Status.VOID: _BEFORE_ARRIVAL | {Status.ARRIVED},
}


def may_become(status: Status, wish: Status) -> bool:
    """Whether a line can take this step now."""
    return status in _FROM.get(wish, frozenset())


def is_backwards(status: Status, wish: Status) -> bool:
    """Whether a step goes back, or out of an exit: both need a reason."""
    if status in EXITS:
        return wish in STAGES
    return wish in STAGES and STAGES.index(wish) < STAGES.index(status)


class Step(NamedTuple):
    """A step of a line, as its history has it."""

    was: Status
    became: Status
    taken_back: bool = False
    """Somebody undid it: only this tells a service that was not processing at all from one that goes on."""
    at: dt.datetime | None = None


class Stay(NamedTuple):
    """A state on a line's way, and since when it was in it; not known of the first."""

    status: Status
    since: dt.datetime | None = None


_TO_AND_FRO = frozenset({Status.IN_SERVICE, Status.PROCESSING})


def way_taken(steps: Iterable[Step]) -> list[Stay]:
    """The states a line has gone through to where it stands, without what was taken back; empty before any step.

    A step back takes the one before it off the pile, so that taking back twice goes two steps back and not forward.
    Going from the chair to processing and from there to the chair is the way forward (features SV1).
    """
    pile: list[Stay] = []
    for step in steps:
        pile = pile or [Stay(step.was)]
        back = step.taken_back if {step.was, step.became} == _TO_AND_FRO else is_backwards(step.was, step.became)
        if not back:
            pile.append(Stay(step.became, step.at))
            continue
        del pile[-1:]
        if not pile or pile[-1].status is not step.became:
            pile = [*pile[:-1], Stay(step.became, step.at)]
    return pile


def status_before(steps: Iterable[Step]) -> Status | None:
    """What a line was before its last step, from all its steps in order; None when there is nothing to take back."""
    way = way_taken(steps)
    return way[-2].status if len(way) > 1 else None


def next_part(status: Status, processed: int, processings: int) -> Status | None:
    """Where a line goes when it goes on: into the chair, to process, and into the chair again; None when only its end
    is left. `processed` of its `processings` are over or under way (features SV1)."""
    if status in (Status.PENDING, Status.CONFIRMED, Status.ARRIVED, Status.PROCESSING):
        return Status.IN_SERVICE
    if status is Status.IN_SERVICE and processed < processings:
        return Status.PROCESSING
    return None


def visit_status(lines: Iterable[Status]) -> Status:
    """A visit's state from its lines': the furthest of those still wanted, completed when all are."""
    states = list(lines)
    live = [status for status in states if status not in EXITS]
    if not live:
        return next(s for s in (Status.NO_SHOW, Status.LATE_CANCELLED, Status.CANCELLED, Status.VOID) if s in states)
    if all(status is Status.COMPLETED for status in live):
        return Status.COMPLETED
    if Status.COMPLETED in live:
        return Status.PROCESSING if Status.PROCESSING in live else Status.IN_SERVICE
    return max(live, key=STAGES.index)
