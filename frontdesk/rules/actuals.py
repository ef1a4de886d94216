"""What a line took beside what was planned: in the chair, processing, in the chair again (features SV1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from frontdesk.rules.lateness import minutes_since
from frontdesk.rules.states import Status, Step, way_taken

_UNTOLD = frozenset({"buffer", "cleanup"})
_SERVING = (Status.IN_SERVICE, Status.PROCESSING)


class Stretch(NamedTuple):
    """A part as it was planned."""

    kind: str
    minutes: int


@dataclass(frozen=True)
class Served:
    """One stretch in the chair or of processing."""

    status: Status
    planned: int
    """Minutes; 0 of a stretch that nobody had planned."""
    actual: int | None
    """Minutes so far, or in the end; None of what has not begun, or was skipped."""
    is_over: bool = True


def planned_stretches(parts: Iterable[Stretch]) -> list[tuple[Status, int]]:
    """What a plan comes to for who sits there: neighbours of one kind are one, what nobody is told of is left out."""
    found: list[tuple[Status, int]] = []
    for part in parts:
        if part.kind in _UNTOLD:
            continue
        status = Status.PROCESSING if part.kind == "processing" else Status.IN_SERVICE
        if found and found[-1][0] is status:
            found[-1] = (status, found[-1][1] + part.minutes)
        else:
            found.append((status, part.minutes))
    return found


def served(planned: Sequence[Stretch], steps: Iterable[Step], now: dt.datetime) -> tuple[Served, ...]:
    """Planned stretches with the minutes each took; of the one under way, the minutes until now."""
    way = way_taken(steps)
    took: list[tuple[Status, int, bool]] = []
    for place, stay in enumerate(way):
        if stay.status in _SERVING and stay.since is not None:
            until = way[place + 1].since if place + 1 < len(way) else None
            took.append((stay.status, minutes_since(stay.since, until or now), until is not None))
    plan = planned_stretches(planned)
    found: list[Served] = []
    for status, minutes in plan:
        if took and took[0][0] is status:
            _, actual, over = took.pop(0)
            found.append(Served(status, minutes, actual, over))
        else:
            found.append(Served(status, minutes, None))
    return (*found, *(Served(status, 0, actual, over) for status, actual, over in took))


def minutes_to_go(served: Sequence[Served]) -> int:
    """Until the line is through, if what is left goes by its plan; what takes longer may end any moment."""
    left = 0
    for stretch in served:
        if stretch.actual is None:
            left += stretch.planned
        elif not stretch.is_over:
            left += max(0, stretch.planned - stretch.actual)
    return left
