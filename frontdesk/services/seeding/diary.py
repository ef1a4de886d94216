"""Who comes to a made-up shop on which day: regulars by their rhythm, walk-ins, guests, and more of them near today."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random

from frontdesk.rules.hours import DAY
from frontdesk.services.seeding import habits
from frontdesk.services.seeding.book import Book
from frontdesk.services.seeding.bookings import Booking
from frontdesk.services.seeding.house import House
from frontdesk.services.seeding.regulars import Regular
from frontdesk.services.seeding.seating import STEP, Seat, Seating, SeatLine, Wanted
from frontdesk.services.seeding.steps import HOUR, MINUTE, way_out

NEVER = dt.date.max
_FULL = ((2, 0.84), (6, 0.74), (12, 0.66))
"""How full days at most so far from today are made."""


class Diary:
    """Goes through the days and books whoever comes."""

    def __init__(self, house: House, book: Book, random: Random, regulars: Sequence[Regular], now: int) -> None:
        self._house, self._book, self._random, self._now = house, book, random, now
        self._regulars = regulars
        self._squeezed_today = False
        self._seating = Seating(house, book, random)
        self._stylists = sorted({one for doers in house.doers.values() for one in doers})
        self._due: dict[dt.date, list[Regular]] = defaultdict(list)
        for regular in regulars:
            self._due[regular.due].append(regular)

    def day(self, day: dt.date, today: dt.date) -> Iterator[Booking]:
        """Everybody who comes on a day. Days are asked for in order."""
        due = [regular for regular in dict.fromkeys(self._due.pop(day, ())) if regular.due == day]
        if not self.is_open(day):
            for regular in due:
                self._put_off(regular, day + DAY)
            return
        self._random.shuffle(due)
        for regular in due:
            if day <= today or self._random.random() < math.exp((today - day).days / 26):
                yield from self._comes(regular, day, today)
            else:
                regular.due = NEVER  # will call nearer the time
        yield from self._walk_ins(day, today)
        yield from self._top_up(day, today)

    def is_open(self, day: dt.date) -> bool:
        """Whether anybody works."""
        return any(self._book.works(one, day) for one in self._stylists)

    def _put_off(self, regular: Regular, day: dt.date) -> None:
        regular.due = day
        self._due[day].append(regular)

    def _comes(self, regular: Regular, day: dt.date, today: dt.date) -> Iterator[Booking]:
        codes = self._random.choices(regular.visits, range(len(regular.visits) + 1, 1, -1))[0]
        wanted = Wanted(codes, day, regular.likes_at, regular.stylist)
        seat = self._seat(wanted, today)
        if seat is None:
            regular.put_off += 1
            self._put_off(regular, day + DAY * (1 if regular.put_off % 4 else 7))
            return
        booked_at, source = self._booked(regular, seat)
        out = None if seat.overbooked else way_out(self._random, seat.starts, booked_at, self._now)
        if out is None and not seat.overbooked and 1 < (day - today).days <= 10 and self._random.random() < 0.015:
            seat = self._untaken(seat)
        reason = self._random.choice(habits.OVERBOOK_REASONS) if seat.overbooked else None
        if out is None:
            self._seating.take(seat)
            regular.last_visit, regular.last_end = day, seat.ends
        yield Booking(seat, booked_at, regular.id, source=source, way_out=out, overbook_reason=reason)
        if out is None and self._random.random() < 0.012:
            yield from self._guest(regular, seat, booked_at)
        self._next(regular, day, came=out is None)

    def _seat(self, wanted: Wanted, today: dt.date) -> Seat | None:
        seat = self._seating.find(wanted)
        near = self._book.midnight(wanted.day) + wanted.likes_at
        suits = seat is not None and seat.lines[0].stylist == wanted.stylist and abs(seat.starts - near) < 2 * HOUR
        chance = 0.06 if wanted.day != today or self._squeezed_today else 0.7
        squeezed = self._seating.squeeze(wanted) if not suits and self._random.random() < chance else None
        if squeezed is not None and wanted.day == today:
            self._squeezed_today = True
        return squeezed or seat

    def _untaken(self, seat: Seat) -> Seat:
        """The same, waiting for somebody to take it."""
        return seat._replace(lines=tuple(line._replace(stylist=None) for line in seat.lines))

    def _booked(self, regular: Regular, seat: Seat) -> tuple[int, str]:
        """When and how somebody booked: at the till after their last visit, or on the telephone since."""
        latest = min(seat.starts - 40 * MINUTE, self._now - self._random.randint(3, 200) * MINUTE)
        last = regular.last_end
        if last is not None and last < latest and self._random.random() < 0.5:
            return min(last + self._random.randint(3, 9) * MINUTE, latest), "desk"
        day = self._book.midnight(seat.day - DAY * self._random.choice((0, 1, 1, 2, 3, 4, 6, 8, 11, 15, 20)))
        return min(day + self._random.randint(9 * 60, 17 * 60 + 30) * MINUTE, latest), "phone"

    def _guest(self, regular: Regular, seat: Seat, booked_at: int) -> Iterator[Booking]:
        likes_at = seat.starts - self._book.midnight(seat.day)
        code = self._random.choice(
            [c for c in ("KIDS", "GENT", "BLOW", "BROW") if self._house.doers[self._house.services[c].id]]
        )
        beside = self._seating.find(Wanted((code,), seat.day, likes_at, None, seat.starts))
        if beside is not None and abs(beside.starts - seat.starts) <= 45 * MINUTE:
            self._seating.take(beside)
            guest = self._random.choice(habits.GUESTS)
            yield Booking(beside, booked_at, regular.id, guest, for_guest=True, source="desk", with_last=True)

    def _next(self, regular: Regular, day: dt.date, *, came: bool) -> None:
        regular.put_off = 0
        if came and self._random.random() < 0.012:
            regular.due = NEVER  # moved away
            return
        wait = self._random.gauss(regular.every_days, regular.every_days / 9) if came else self._random.randint(2, 12)
        due = day + DAY * max(2, int(wait + 0.5))
        near = (due + DAY * shift for shift in (0, 1, -1, 2, -2, 3))
        self._put_off(regular, next((one for one in near if one > day and one.isoweekday() in regular.weekdays), due))

    def _walk_ins(self, day: dt.date, today: dt.date) -> Iterator[Booking]:
        if day > today:
            return
        for _ in range(self._random.randint(0, 1 + len(self._stylists) // 3)):
            came_at = self._book.midnight(day) + self._random.randint(9 * 60 + 20, 17 * 60) * MINUTE
            codes = self._random.choice(habits.WALK_INS)
            soon = -(-came_at // STEP) * STEP
            seat = self._seating.find(Wanted(codes, day, soon - self._book.midnight(day), None, soon))
            if seat is not None and seat.starts <= min(soon + 45 * MINUTE, self._now):
                self._seating.take(seat)
                name = "" if self._random.random() < 0.6 else self._random.choice(habits.GUESTS[:6])
                yield Booking(seat, came_at, None, name, source="walk_in")
        if day == today:
            yield from self._waiting(day)

    def _waiting(self, day: dt.date) -> Iterator[Booking]:
        """Somebody who has just come in and whom nobody has taken yet."""
        service = self._house.services["CUT"]
        (plan,) = self._house.line_plans((service,))
        start = -(-self._now // STEP) * STEP
        if self._book.is_open_at(self._house.rooms[0], day, start):
            yield Booking(
                Seat(day, start, (SeatLine(service, plan, None, None),)), self._now - 4 * MINUTE, source="walk_in"
            )

    def _top_up(self, day: dt.date, today: dt.date) -> Iterator[Booking]:
        """Fill the days around today with people who were not due for a while."""
        wish = next((full for distance, full in _FULL if abs((day - today).days) <= distance), 0.0)
        able = [regular for regular in self._regulars if self._could_come(regular, day)] if wish else []
        for regular in self._random.sample(able, len(able)):
            if self._book.share_taken(self._stylists, day) >= wish:
                return
            yield from self._comes(regular, day, today)

    def _could_come(self, regular: Regular, day: dt.date) -> bool:
        spare = dt.timedelta(days=regular.every_days / 4)
        long_ago = regular.last_visit is None or regular.last_visit < day - spare
        return long_ago and regular.joined <= day and regular.due > day + spare
