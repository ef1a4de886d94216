"""Who is late, who was early, and by how much: in whole minutes, as the desk says it (features CI1, CI7)."""

from __future__ import annotations

import datetime as dt

from frontdesk.rules.states import Status

_AWAITED = frozenset({Status.PENDING, Status.CONFIRMED})


def minutes_since(then: dt.datetime, now: dt.datetime) -> int:
    """Whole minutes from one moment to another, seconds not counted; negative before it."""
    return int((_to_the_minute(now) - _to_the_minute(then)).total_seconds() // 60)


def _to_the_minute(instant: dt.datetime) -> dt.datetime:
    return instant.replace(second=0, microsecond=0)


def minutes_late(starts_at: dt.datetime, status: Status, now: dt.datetime, late_minutes: int) -> int | None:
    """How late somebody is who has not come; None while they may still come in time, and once they are here.

    `late_minutes` is the shop's: after so many minutes the row says `late 15`.
    """
    if status not in _AWAITED:
        return None
    late = minutes_since(starts_at, now)
    return late if late >= late_minutes else None


def punctuality(starts_at: dt.datetime, arrived_at: dt.datetime) -> str:
    """`2 min early`, `on time`, `5 min late`."""
    late = minutes_since(starts_at, arrived_at)
    if not late:
        return "on time"
    return f"{abs(late)} min {'late' if late > 0 else 'early'}"
