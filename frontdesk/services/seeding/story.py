"""A made-up shop from its first day to its last, planned row by row. Pure: the same wish gives the same plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
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
from frontdesk.services.slots import PUBLISHED_AHEAD


def plan_shop(wish: SeedShop, on_progress: OnProgress) -> Plan:
    """Plan everything: the house, who comes, what they pay, and the strips that are left."""
    plan, random = Plan(), Random(wish.seed)
    house = plan_house(plan, random, wish)
    book = Book(house.hours)
    served, open_days = _fill(plan, random, house, book, wish, on_progress)
    Till(plan, pad := TicketPad(random, plan.of(rows.Product))).close(
        _tickets(random, pad, served, open_days, _now(wish))
    )
    _lay_out(plan, house, book, wish, on_progress)
    return plan


def _now(wish: SeedShop) -> int:
    return int(boundary(wish.today, wish.at, ZONE).timestamp())


def _fill(
    plan: Plan, random: Random, house: House, book: Book, wish: SeedShop, on_progress: OnProgress
) -> tuple[list[Served], list[int]]:
    """Everybody who comes. Returns what can be paid, and when past days began."""
    scale = SCALES[wish.size]
    diary = Diary(house, book, random, plan_regulars(plan, random, house, wish), _now(wish))
    users = {row.id: row.user_id for row in plan.of(rows.Stylist) if row.user_id is not None}
    writer = VisitWriter(plan, house, random, Teller(random, _now(wish), users))
    served, open_days = [], []
    days = scale.days_back + scale.days_ahead + 1
    for number in range(days):
        day = wish.today + DAY * (number - scale.days_back)
        served += [done for booking in diary.day(day, wish.today) if (done := writer.write(booking))]
        if day <= wish.today and diary.is_open(day):
            open_days.append(book.midnight(day))
        on_progress("Filling the book", number + 1, days)
    return served, open_days


def _tickets(
    random: Random, pad: TicketPad, served: Iterable[Served], open_days: Iterable[int], now: int
) -> Iterator[Ticket]:
    parties: dict[int, list[Served]] = defaultdict(list)
    for visit in served:
        parties[visit.party].append(visit)
    tickets = [pad.for_visits(visits) for visits in parties.values()]
    for midnight in open_days:
        for _ in range(random.choice((0, 0, 1, 1, 2))):
            tickets.append(pad.over_the_counter(midnight + random.randint(10 * HOUR, 16 * HOUR)))
    return (ticket for ticket in tickets if ticket.closed_at <= now)


def _lay_out(plan: Plan, house: House, book: Book, wish: SeedShop, on_progress: OnProgress) -> None:
    """The derived pieces of every strip, from the first day to as far ahead as upkeep would lay them out."""
    first, until = wish.today - DAY * SCALES[wish.size].days_back, wish.today + PUBLISHED_AHEAD
    for number, resource in enumerate(house.hours, start=1):
        plan.add(rows.Strip(resource, first, until))
        plan.extend(
            rows.Slot(resource, piece.starts_at, piece.ends_at, piece.status, piece.reason, None)
            for ahead in range((until - first).days)
            for piece in book.derived(resource, first + DAY * ahead)
        )
        on_progress("Laying out strips", number, len(house.hours))
