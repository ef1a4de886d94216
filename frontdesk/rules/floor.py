"""Where everybody who is here stands, for how long, and what calls for attention (features CI2, CI7). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from frontdesk.rules.actuals import Served, minutes_to_go
from frontdesk.rules.lateness import minutes_since


class Place(StrEnum):
    """A part of the board, in its order."""

    WAITING = "Waiting"
    IN_SERVICE = "In service"
    PROCESSING = "Processing"
    TO_PAY = "To pay"
    EXPECTED = "Expected"


class Limits(NamedTuple):
    """From how many minutes on the shop wants to be told."""

    late: int
    waiting: int
    overrun: int


@dataclass(frozen=True)
class Watched:
    """What the clock says about a row."""

    minutes: int
    """In this state; of somebody expected, since they should have come, negative before."""
    figure: str
    """`17m`, or `38/30m` of what was planned."""
    note: str = ""
    """`waits`, `8 over`, `25 left`, `late 15`."""
    alert: bool = False
    """The row says `!!`."""


def watched(
    place: Place, since: dt.datetime, now: dt.datetime, limits: Limits, *,
    served: Sequence[Served] = (), ends_at: dt.datetime | None = None,
) -> Watched:  # fmt: skip
    """What to say of a row now. `since` is when its state began; of who is expected, when they should come."""
    minutes = minutes_since(since, now)
    if place is Place.EXPECTED:
        late = minutes >= limits.late
        due = "due" if minutes == 0 else f"in {-minutes}m" if minutes < 0 else f"{minutes}m past"
        return Watched(minutes, "", f"late {minutes}" if late else due, alert=late)
    if place in (Place.WAITING, Place.TO_PAY):
        alert = minutes >= limits.waiting
        word = "waits" if place is Place.WAITING else "unpaid"
        return Watched(minutes, f"{minutes}m", word if alert else "", alert=alert)
    under_way = next((stretch for stretch in served if stretch.actual is not None and not stretch.is_over), None)
    planned = under_way.planned if under_way else 0
    figure = f"{minutes}/{planned}m" if planned else f"{minutes}m"
    over = overrun(served, now, ends_at)
    if over >= limits.overrun:
        return Watched(minutes, figure, f"{over} over", alert=True)
    if place is Place.PROCESSING and planned:
        left = planned - minutes
        return Watched(minutes, figure, f"{left} left" if left > 0 else "ready", alert=left <= -limits.overrun)
    return Watched(minutes, figure, f"{minutes - planned} longer" if planned and minutes > planned else "")


def overrun(served: Sequence[Served], now: dt.datetime, ends_at: dt.datetime | None) -> int:
    """By how many minutes a line will end behind its plan, if the rest of it goes by the plan; negative when before."""
    if ends_at is None:
        return 0
    return minutes_to_go(served) + minutes_since(ends_at, now)
