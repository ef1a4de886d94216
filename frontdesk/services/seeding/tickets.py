"""What lies on a made-up ticket and how it is paid, before anything is reckoned."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import NamedTuple

from frontdesk.money import rounded
from frontdesk.rules.pricing import Discount, Tender
from frontdesk.services.seeding import rows
from frontdesk.services.seeding.bookings import Served
from frontdesk.services.seeding.house import CURRENCY
from frontdesk.services.seeding.steps import RECEPTION

_TEN_PERCENT, _FIVE_OFF = Discount(percent=Decimal(10)), Discount(amount=Decimal("5.00"))
_NOTES = (Decimal(5), Decimal(10), Decimal(20), Decimal(50))


class Item(NamedTuple):
    """A line of a ticket."""

    kind: str
    name: str
    quantity: int
    unit_price: Decimal
    stylist: int | None
    customer: int | None
    line_id: int | None = None
    service: int | None = None
    product: int | None = None
    discount: Discount | None = None


class Ticket(NamedTuple):
    """A ticket at the till."""

    closed_at: int
    """Seconds since 1970."""
    customer: int | None
    cashier: int
    items: tuple[Item, ...]
    discount: Discount | None = None
    tips: bool = False


class TicketPad:
    """Writes tickets."""

    def __init__(self, random: Random, products: Sequence[rows.Product]) -> None:
        self._random, self._products = random, products

    def for_visits(self, visits: Sequence[Served]) -> Ticket:
        """The ticket of visits that are paid together, now and then with something from the shelf."""
        draw = self._random.random()
        items = [
            Item(
                "service", line.service.name, 1, line.price, line.stylist, visit.customer, line.line_id, line.service.id
            )
            for visit in visits
            for line in visit.lines
        ]
        if draw < 0.02 and items[0].unit_price > 20:
            items[0] = items[0]._replace(discount=_FIVE_OFF)
        if self._random.random() < 0.13:
            items += self._goods(items[0].stylist if self._random.random() < 0.7 else None, visits[0].customer)
        return Ticket(
            max(visit.done_at for visit in visits) + self._random.randint(90, 480),
            visits[0].customer,
            self._random.choice(RECEPTION),
            tuple(items),
            _TEN_PERCENT if draw > 0.96 else None,
            self._random.random() < 0.4,
        )

    def over_the_counter(self, at: int) -> Ticket:
        """Somebody buys something and goes."""
        return Ticket(at, None, self._random.choice(RECEPTION), tuple(self._goods(None, None)))

    def tip(self, total: Decimal) -> Decimal:
        """What is added for people: in whole pounds for larger tickets, or the odd pence rounded up."""
        share = self._random.choice((5, 10, 10, 12))
        return rounded(max(Decimal(1), total * share // 100), CURRENCY)

    def tenders(self, due: Decimal) -> tuple[Tender, ...]:
        """How it is paid."""
        if not due:
            return ()
        draw = self._random.random()
        if draw < 0.62:
            return (Tender("card", due),)
        if draw < 0.88 or due < 20:
            return (Tender("cash", self._handed_over(due)),)
        part = rounded(Decimal(5 * self._random.randint(1, int(due) // 5 - 1)), CURRENCY)
        if draw < 0.94:
            return (Tender("cash", part), Tender("card", due - part))
        return (Tender("card", part), Tender("cash", self._handed_over(due - part)))

    def approval_code(self) -> str:
        """What the card terminal shows."""
        return f"{self._random.randrange(1_000_000):06d}"

    def _handed_over(self, due: Decimal) -> Decimal:
        """Exact, or the next that can be made of one kind of note."""
        if self._random.random() < 0.3:
            return due
        note = self._random.choice(_NOTES)
        return rounded((due + note - Decimal("0.01")) // note * note, CURRENCY)

    def _goods(self, stylist: int | None, customer: int | None) -> list[Item]:
        chosen = self._random.sample(self._products, self._random.choice((1, 1, 1, 2)))
        return [
            Item(
                "product",
                good.name,
                self._random.choice((1, 1, 1, 1, 2)),
                good.price,
                stylist,
                customer,
                product=good.id,
            )
            for good in chosen
        ]
