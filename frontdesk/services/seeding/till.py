"""Made-up tickets become closed sales: priced, paid and numbered, with tips and commissions, as at the checkout."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache

from frontdesk.clock import day_of
from frontdesk.money import rounded
from frontdesk.rules.pricing import Discount, Line, Priced, Settled, TaxRate, Tender, price, settle, tip_shares
from frontdesk.services.seeding import rows
from frontdesk.services.seeding.book import moment
from frontdesk.services.seeding.house import CURRENCY, ZONE
from frontdesk.services.seeding.plan import Plan
from frontdesk.services.seeding.tickets import Item, Ticket, TicketPad

_ONE_OF_EACH = 4_096
"""So many different tickets are reckoned once only."""


class Till:
    """Closes sales."""

    def __init__(self, plan: Plan, pad: TicketPad) -> None:
        self._plan, self._pad = plan, pad
        taxes = plan.of(rows.Tax)
        self._taxes: Mapping[str, tuple[TaxRate, ...]] = {
            "service": tuple(TaxRate(t.id, t.name, t.percent, t.inclusive) for t in taxes if t.on_services),
            "product": tuple(TaxRate(t.id, t.name, t.percent, t.inclusive) for t in taxes if t.on_products),
        }
        self._rates: dict[tuple[int | None, str], list[rows.Rate]] = defaultdict(list)
        for rate in sorted(plan.of(rows.Rate), key=lambda rate: rate.valid_from, reverse=True):
            self._rates[rate.stylist_id, rate.kind].append(rate)

    def close(self, tickets: Iterable[Ticket]) -> None:
        """Close tickets in order of time, so that their numbers follow it without a gap. Later ones come later."""
        for ticket in sorted(tickets, key=lambda ticket: ticket.closed_at):
            self._close(ticket)

    def _close(self, ticket: Ticket) -> None:
        priced = _priced(
            tuple(
                Line(key, Decimal(item.quantity), item.unit_price, self._taxes[item.kind], item.discount)
                for key, item in enumerate(ticket.items)
            ),
            ticket.discount,
        )
        served = _served(ticket, priced)
        tip = self._pad.tip(priced.total) if ticket.tips and served and priced.total else Decimal("0.00")
        at, sale = moment(ticket.closed_at), self._plan.next_id(rows.Sale)
        day = day_of(at, ZONE)
        tax = sum((tax.amount for tax in priced.taxes), Decimal(0))
        self._plan.add(
            rows.Sale(
                sale, sale, ticket.customer, day, at, ticket.cashier, CURRENCY,
                priced.subtotal, priced.discount, tax, priced.total, tip, at,
            )
        )  # fmt: skip
        self._lines(sale, day, ticket, priced)
        tenders = self._pad.tenders(priced.total + tip)
        self._payments(sale, at, _settled(priced.total + tip, tenders))
        if tip:
            shares = _shares(tip, tuple(served.items()))
            self._plan.extend(rows.Tip(sale, stylist, amount) for stylist, amount in shares.items() if amount)

    def _lines(self, sale: int, day: dt.date, ticket: Ticket, priced: Priced) -> None:
        for position, (item, line) in enumerate(zip(ticket.items, priced.lines, strict=True), start=1):
            number = self._plan.next_id(rows.SaleLine)
            tax = sum((tax.amount for tax in line.taxes), Decimal(0))
            self._plan.add(
                rows.SaleLine(
                    number, sale, position, item.kind, item.line_id, item.service, item.product, item.stylist,
                    item.customer, item.name, Decimal(item.quantity), item.unit_price, line.gross, line.discount,
                    line.taxable, tax, line.total,
                )
            )  # fmt: skip
            self._plan.extend(
                rows.SaleLineTax(number, t.tax_id, t.name, t.percent, t.inclusive, t.taxable, t.amount)
                for t in line.taxes
            )
            self._commission(sale, number, day, item, line.taxable)

    def _commission(self, sale: int, line: int, day: dt.date, item: Item, base: Decimal) -> None:
        """As the door `write_commissions` writes it: the latest rate that has begun, of the line before tax."""
        rates = self._rates.get((item.stylist, item.kind), ())
        rate = next((rate for rate in rates if rate.valid_from <= day), None)
        if item.stylist is not None and rate is not None:
            amount = _share(base, rate.percent)
            self._plan.add(
                rows.Commission(sale, line, item.stylist, day, day, base, rate.percent, amount, rate.id, CURRENCY)
            )

    def _payments(self, sale: int, at: dt.datetime, settled: Settled) -> None:
        taken = zip(settled.payments, settled.handed_over, strict=True)
        for position, ((method, amount), (_, given)) in enumerate(taken, start=1):
            code = self._pad.approval_code() if method == "card" else None
            self._plan.add(rows.Payment(sale, position, method, amount, given, given - amount, code, at))


@lru_cache(maxsize=_ONE_OF_EACH)
def _priced(lines: tuple[Line, ...], discount: Discount | None) -> Priced:
    return price(lines, ticket_discount=discount, currency=CURRENCY)


@lru_cache(maxsize=_ONE_OF_EACH)
def _settled(due: Decimal, tenders: tuple[Tender, ...]) -> Settled:
    return settle(due, tenders, CURRENCY)


@lru_cache(maxsize=_ONE_OF_EACH)
def _shares(tip: Decimal, served: tuple[tuple[int, Decimal], ...]) -> dict[int, Decimal]:
    return tip_shares(tip, dict(served), CURRENCY)


@lru_cache(maxsize=_ONE_OF_EACH)
def _share(base: Decimal, percent: Decimal) -> Decimal:
    return rounded(base * percent / 100, CURRENCY)


def _served(ticket: Ticket, priced: Priced) -> dict[int, Decimal]:
    """What each stylist's services came to: tips are for services."""
    nets: dict[int, Decimal] = {}
    for item, line in zip(ticket.items, priced.lines, strict=True):
        if item.kind == "service" and item.stylist is not None:
            nets[item.stylist] = nets.get(item.stylist, Decimal(0)) + line.net
    return nets
