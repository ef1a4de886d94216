"""A made-up visit and what became of it, as rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from random import Random

from frontdesk.clock import local
from frontdesk.rules.states import Status, visit_status
from frontdesk.services.seeding import habits, rows
from frontdesk.services.seeding.book import moment
from frontdesk.services.seeding.bookings import Booking, Served, ServedLine, WayOut
from frontdesk.services.seeding.house import ZONE, House
from frontdesk.services.seeding.plan import Plan
from frontdesk.services.seeding.seating import SeatLine
from frontdesk.services.seeding.staff import PEOPLE
from frontdesk.services.seeding.steps import Taken, Teller

_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_NAMES = [name for name, _ in PEOPLE.values()]


class VisitWriter:
    """Turns bookings into rows of the plan."""

    def __init__(self, plan: Plan, house: House, random: Random, teller: Teller) -> None:
        self._plan, self._house, self._random, self._teller = plan, house, random, teller
        self._codes: set[str] = set()
        self._party = 0

    def write(self, booking: Booking) -> Served | None:
        """Plan a visit with all that hangs on it. Returns what can be paid of it."""
        steps = self._teller.tell(booking)
        number = self._plan.next_id(rows.Visit)
        self._party = self._party if booking.with_last else number
        lines = [self._line(booking, number, n, line, steps) for n, line in enumerate(booking.seat.lines)]
        self._plan.add(self._visit(booking, number, lines, steps), *lines)
        for line, seated in zip(lines, booking.seat.lines, strict=True):
            self._plan.extend(self._parts(booking, line, seated))
        left = booking.way_out
        reason = None if left is None or left.status is Status.NO_SHOW else self._random.choice(self._reasons())
        for step in steps:
            line_id = None if step.line is None else lines[step.line].id
            why = reason.name if reason and left and step.became is left.status else None
            was = step.was.value if step.was else None
            self._plan.add(rows.Step(number, line_id, was, step.became.value, why, moment(step.at), step.user))
        if left is not None and reason is not None:
            self._plan.add(self._cancellation(booking, number, left, reason, steps[-1].user))
        return self._served(booking, number, lines, steps)

    def _code(self) -> str:
        while True:
            code = "".join(self._random.choices(_SIGNS, k=5))
            if code not in self._codes:
                self._codes.add(code)
                return code

    def _reasons(self) -> list[rows.CancelReason]:
        return self._plan.of(rows.CancelReason)

    def _visit(self, booking: Booking, number: int, lines: Sequence[rows.Line], steps: Sequence[Taken]) -> rows.Visit:
        draw, starts_at = self._random.random(), moment(booking.seat.starts)
        return rows.Visit(
            number,
            self._code(),
            booking.customer,
            booking.guest_name,
            booking.for_guest,
            visit_status(Status(line.status) for line in lines).value,
            starts_at,
            moment(booking.seat.ends),
            local(starts_at, ZONE).replace(tzinfo=None),
            booking.source,
            self._random.choice(habits.VISIT_NOTES) if draw < 0.06 else "",
            self._random.choice(habits.INTERNAL_NOTES) if draw > 0.97 else "",
            1 + len({(step.became, step.at) for step in steps if step.line is not None}),
            moment(booking.booked_at),
        )

    def _line(self, booking: Booking, visit: int, n: int, line: SeatLine, steps: Sequence[Taken]) -> rows.Line:
        mine = [step for step in steps if step.line == n]
        reached = {step.became: moment(step.at) for step in mine}
        start = moment(booking.seat.starts)
        return rows.Line(
            self._plan.next_id(rows.Line) + n,
            visit,
            n + 1,
            line.service.id,
            line.stylist,
            line.service.name,
            self._house.price(line.stylist, line.service),
            (mine[-1].became if mine else Status.PENDING).value,
            start + dt.timedelta(minutes=line.plan.starts),
            start + dt.timedelta(minutes=line.plan.ends),
            booking.seat.overbooked,
            booking.overbook_reason,
            reached.get(Status.ARRIVED),
            reached.get(Status.IN_SERVICE),
            reached.get(Status.COMPLETED),
            1 + len(mine),
        )

    def _parts(self, booking: Booking, line: rows.Line, seated: SeatLine) -> Iterator[rows.Part | rows.Slot]:
        first = self._plan.next_id(rows.Part)
        for place, part in enumerate(seated.plan.parts):
            starts = booking.seat.starts + part.offset * 60
            times = (moment(starts), moment(starts + part.minutes * 60))
            resource = seated.resource(part)
            yield rows.Part(first + place, line.id, part.position, part.kind, part.role, resource, *times)
            overbooked = booking.seat.overbooked and part.role == "lead"
            if resource is not None and booking.way_out is None and not overbooked:
                yield rows.Slot(resource, *times, "booked", None, first + place)

    def _cancellation(
        self, booking: Booking, visit: int, left: WayOut, reason: rows.CancelReason, user: int
    ) -> rows.Cancellation:
        listed = self._random.random() < 0.8
        return rows.Cancellation(
            visit,
            booking.customer,
            booking.seat.day,
            local(moment(left.at), ZONE).date(),
            moment(left.at),
            (booking.seat.starts - left.at) // 60,
            reason.id if listed else None,
            "" if listed else reason.name,
            _NAMES[user - 1],
        )

    def _served(
        self, booking: Booking, number: int, lines: Sequence[rows.Line], steps: Sequence[Taken]
    ) -> Served | None:
        if any(line.status != Status.COMPLETED for line in lines):
            return None
        done = tuple(
            ServedLine(line.id, seated.service, line.stylist_id, line.price)
            for line, seated in zip(lines, booking.seat.lines, strict=True)
        )
        return Served(number, self._party, booking.customer, done, max(step.at for step in steps))
