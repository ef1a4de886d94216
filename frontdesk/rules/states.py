"""States of a visit's lines, and which step may follow which (features 6.1).

A line has the state; a visit's is derived from its lines. Stages may be skipped forwards. An exit frees the time.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


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


def status_before(steps: Iterable[tuple[Status, Status]]) -> Status | None:
    """What a line was before its last step, from all its steps in order; None when there is nothing to take back.

    A step back takes the one before it off the pile, so that taking back twice goes two steps back and not forward.
    """
    pile: list[Status] = []
    for was, became in steps:
        if is_backwards(was, became):
            del pile[-1:]
        else:
            pile.append(was)
    return pile[-1] if pile else None


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
