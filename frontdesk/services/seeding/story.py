"""A made-up shop from its first day to its last, planned row by row. Pure: the same wish gives the same plan."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from random import Random

from frontdesk.clock import boundary
from frontdesk.rules.hours import DAY
from frontdesk.services.seeding import rows
from frontdesk.services.seeding.book import Book
from frontdesk.services.seeding.bookings import Served
from frontdesk.services.seeding.diary import Diary
from frontdesk.services.seeding.house import ZONE, House, plan_house
from frontdesk.services.seeding.plan import Plan
from frontdesk.services.seeding.regulars import plan_regulars
from frontdesk.services.seeding.steps import HOUR, Teller
from frontdesk.services.seeding.tickets import Ticket, TicketPad
from frontdesk.services.seeding.till import Till
from frontdesk.services.seeding.visits import VisitWriter
from frontdesk.services.seeding.wish import SCALES, OnProgress, SeedShop
from frontdesk.services.team.slots import PUBLISHED_AHEAD

_DAYS_AT_ONCE = 28


def plan_by_weeks(wish: SeedShop, on_progress: OnProgress) -> Iterator[Plan]:
    """Plan everything, and give the plan again whenever some weeks more are in it: what is in it stays as it is."""
    plan, random = Plan(), Random(wish.seed)
    life = Life(plan, random, plan_house(plan, random, wish), wish)
    first, days = wish.today - DAY * SCALES[wish.size].days_back, life.days
    for number in range(days):
        life.live(first + DAY * number)
        on_progress("Making up days", number + 1, days)
        if (number + 1) % _DAYS_AT_ONCE == 0 or number + 1 == days:
            life.settle()
            yield plan


class Life:
    """The days of a shop: who comes, what they pay, and what is left of the strips."""

    def __init__(self, plan: Plan, random: Random, house: House, wish: SeedShop) -> None:
        scale = SCALES[wish.size]
        now = int(boundary(wish.today, wish.at, ZONE).timestamp())
        first, until = wish.today - DAY * scale.days_back, wish.today + PUBLISHED_AHEAD
        self.days = (until - first).days
        """So many are laid out, as many ahead as upkeep would."""
        self._plan, self._random, self._house, self._wish, self._now = plan, random, house, wish, now
        self._last = wish.today + DAY * scale.days_ahead
        self._book = Book(house.hours)
        self._diary = Diary(house, self._book, random, plan_regulars(plan, random, house, wish), now)
        users = {row.id: row.user_id for row in plan.of(rows.Stylist) if row.user_id is not None}
        self._visits = VisitWriter(plan, house, random, Teller(random, now, users))
        self._pad = TicketPad(random, plan.of(rows.Product))
        self._till = Till(plan, self._pad)
        self._unpaid: list[Served] = []
        self._sold: list[Ticket] = []
        plan.extend(rows.Strip(resource, first, until) for resource in house.hours)

    def live(self, day: dt.date) -> None:
        """One day of the book, and its strips. Days follow each other."""
        if day <= self._last:
            for booking in self._diary.day(day, self._wish.today):
                served = self._visits.write(booking)
                self._unpaid += [served] if served else []
        if day <= self._wish.today and self._diary.is_open(day):
            for _ in range(self._random.choice((0, 0, 1, 1, 2))):
                at = self._book.midnight(day) + self._random.randint(10 * HOUR, 16 * HOUR)
                self._sold.append(self._pad.over_the_counter(at))
        for resource in self._house.hours:
            self._plan.extend(
                rows.Slot(resource, piece.starts_at, piece.ends_at, piece.status, piece.reason, None)
                for piece in self._book.derived(resource, day)
            )

    def settle(self) -> None:
        """Take the money for what was done and sold since the last time."""
        parties: dict[int, list[Served]] = defaultdict(list)
        for visit in self._unpaid:
            parties[visit.party].append(visit)
        tickets = [*map(self._pad.for_visits, parties.values()), *self._sold]
        self._till.close(ticket for ticket in tickets if ticket.closed_at <= self._now)
        self._unpaid, self._sold = [], []
