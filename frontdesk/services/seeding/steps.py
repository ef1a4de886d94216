"""What becomes of one made-up visit as time goes by: which steps its lines take, when, and by whom."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from frontdesk.rules.states import Status
from frontdesk.services.seeding.bookings import Booking, WayOut
from frontdesk.services.seeding.seating import Seat, SeatLine

MINUTE, HOUR, DAY = 60, 3_600, 86_400
RECEPTION = (1, 1, 1, 2, 3)
"""Users at the desk, as often as they stand there: Ria, Tess, Mo."""


class Taken(NamedTuple):
    """One step, of one line or of the whole visit."""

    line: int | None
    """Its place in the visit, from 0."""
    was: Status | None
    became: Status
    at: int
    user: int
    reason: str | None = None


class Teller:
    """Tells what became of visits until now."""

    def __init__(self, random: Random, now: int, users: dict[int, int]) -> None:
        self._random, self._now, self._users = random, now, users

    def tell(self, booking: Booking) -> list[Taken]:
        """Every step of a visit, in order of time."""
        steps = [Taken(None, None, Status.PENDING, booking.booked_at, self._desk())]
        steps += self._confirmed(booking)
        if booking.way_out is None:
            return steps + self._served(booking, steps[-1])
        status, at = booking.way_out
        was, user = steps[-1].became, self._desk()
        return steps + [Taken(n, was, status, at, user) for n in range(len(booking.seat.lines))]

    def _desk(self) -> int:
        return self._random.choice(RECEPTION)

    def _confirmed(self, booking: Booking) -> list[Taken]:
        draw, start = self._random.random(), booking.seat.starts
        if booking.source == "walk_in" or draw > 0.85:
            return []
        at = booking.booked_at + 2 * MINUTE if draw < 0.3 else start - DAY - self._random.randint(0, 6 * HOUR)
        until = min(self._now, start - HOUR, booking.way_out.at - 1 if booking.way_out else start)
        if not booking.booked_at < at <= until:
            return []
        user = self._desk()
        return [Taken(n, Status.PENDING, Status.CONFIRMED, at, user) for n in range(len(booking.seat.lines))]

    def _served(self, booking: Booking, before: Taken) -> list[Taken]:
        seat = booking.seat
        arrived = max(before.at + MINUTE, seat.starts + self._random.randint(-15, 5) * MINUTE)
        if booking.source == "walk_in":
            arrived = before.at
        if arrived > self._now:
            return []
        user = self._desk()
        taken = [Taken(n, before.became, Status.ARRIVED, arrived, user) for n in range(len(seat.lines))]
        free_at = arrived
        for n, line in enumerate(seat.lines):
            if line.stylist is None:
                break
            taken += self._done(n, line, seat, free_at)
            free_at = taken[-1].at
        return sorted((step for step in taken if step.at <= self._now), key=lambda step: step.at)

    def _done(self, n: int, line: SeatLine, seat: Seat, free_at: int) -> list[Taken]:
        told = [part for part in line.plan.parts if part.kind not in ("buffer", "cleanup")]
        planned = seat.starts + told[0].offset * MINUTE
        ends = seat.starts + max(part.offset + part.minutes for part in told) * MINUTE
        begun = max(planned + self._random.randint(0, 3) * MINUTE, free_at + MINUTE)
        done = max(ends - self._random.randint(0, 5) * MINUTE, begun + 5 * MINUTE)
        user = self._users.get(line.stylist or 0, 0) or self._desk()
        steps = [Taken(n, Status.ARRIVED, Status.IN_SERVICE, begun, user)]
        for part in told:
            waits = seat.starts + part.offset * MINUTE
            if part.kind == "processing" and begun < waits <= self._now < waits + part.minutes * MINUTE:
                return [*steps, Taken(n, Status.IN_SERVICE, Status.PROCESSING, waits, user)]
        return [*steps, Taken(n, Status.IN_SERVICE, Status.COMPLETED, done, user)]


def way_out(random: Random, start: int, booked_at: int, now: int) -> WayOut | None:
    """Whether a visit is missed or cancelled, how and when; most are not."""
    draw = random.random()
    if draw < 0.025:
        missed = start + random.randint(12, 25) * MINUTE
        return WayOut(Status.NO_SHOW, missed) if missed <= now else None
    if draw > 0.095:
        return None
    latest = min(start - 30 * MINUTE, now)
    earliest = max(booked_at + 10 * MINUTE, latest - 6 * DAY)
    if earliest >= latest:
        return None
    at = random.randint(earliest, latest)
    return WayOut(Status.LATE_CANCELLED if start - at < DAY else Status.CANCELLED, at)
