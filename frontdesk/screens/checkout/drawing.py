"""How a ticket looks: its lines left, its sums right, and the list of who has not paid. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from textual.content import Content

from frontdesk.clock import local
from frontdesk.desk import Shop
from frontdesk.money import money_text, number_text
from frontdesk.screens.checkout.counter import Parked
from frontdesk.services.checkout import Receipted
from frontdesk.services.ticket import Quote, QuoteLine, UnpaidVisit
from frontdesk.text import cell_width, fit, folded, harmless, wrapped
from frontdesk.widgets.plain_table import Column, Row

TICKET_COLUMNS = (Column("Ticket"), Column("By", 8), Column("", 10, right=True))
LIST_COLUMNS = (Column("", 1), Column("", 6), Column("To pay"), Column("", least=16), Column("", 11, right=True))

AMOUNT = 12
"""Cells for an amount beside its label."""


@dataclass(frozen=True)
class Key:
    """What a row of the ticket is."""

    kind: str
    """service, fee, product or tender."""
    at: int
    """The visit line's or the fee's number; of products and tenders, their place."""


def ticket_rows(quote: Quote, shop: Shop) -> Iterator[Row]:
    """The lines of the ticket, then what has been put down."""
    products = 0
    for line in quote.lines:
        if line.line_id is not None:
            key = Key("service", line.line_id)
        elif line.fee_id is not None:
            key = Key("fee", line.fee_id)
        else:
            key, products = Key("product", products), products + 1
        paid = line.already_paid
        yield Row(key, (_what(line), line.stylist, "paid" if paid else _number(line.amount, shop)), _muted(paid))
    for index, tender in enumerate(quote.tenders):
        said = f"Paid by {tender.method}"
        yield Row(Key("tender", index), (said, "", _number(-tender.amount, shop)), "fd-done")


def _what(line: QuoteLine) -> str:
    return line.name if line.quantity == 1 else f"{line.quantity} × {line.name}"


def _muted(paid: bool) -> str:
    return "fd-muted" if paid else ""


def list_rows(unpaid: Sequence[UnpaidVisit], parked: Sequence[Parked], shop: Shop, typed: str) -> Iterator[Row]:
    """Tickets put aside, then visits to be paid; only those that what is typed can mean."""
    for index, one in enumerate(parked):
        if _meant(typed, one.customer):
            cells = ("K", wall(one.at, shop), one.customer or "Nobody in particular", "put aside", one.due)
            yield Row(("parked", index), cells, "fd-amber")
    for visit in unpaid:
        if _meant(typed, f"{visit.customer} {visit.code}"):
            services = ", ".join(visit.services)
            cells = (
                visit.status.letter, wall(visit.starts_at, shop), visit.customer, services,
                _number(visit.amount, shop),
            )  # fmt: skip
            yield Row(("visit", visit.appointment_id), cells)


def _meant(typed: str, called: str) -> bool:
    words = folded(called).split()
    return all(any(word.startswith(part) for word in words) for part in folded(typed).split())


def nobody(typed: str) -> str:
    """What an empty list says: how to fill it."""
    if typed.strip():
        return f'Nobody who has to pay is called "{harmless(typed.strip())}". / looks among all customers.'
    return "Everybody has paid. + or a scan sells; p on a visit in the book brings it."


def heading(quote: Quote | None, shop: Shop) -> str:
    """Whose ticket it is, which visits, and since when they are here."""
    said = ["Checkout"]
    if quote is not None:
        said.append(quote.customer or "Nobody in particular")
        codes = " ".join(visit.code for visit in quote.visits)
        if codes:
            said.append(f"visit {codes}" if len(quote.visits) == 1 else f"visits {codes}")
        came = [visit.arrived_at for visit in quote.visits if visit.arrived_at]
        if came:
            said.append(f"arrived {wall(min(came), shop)}")
    return "   ".join(said)


def sums(quote: Quote, shop: Shop, width: int) -> Content:
    """What it comes to, what has been paid, and what is left."""
    said: list[Content] = [_sum("Lines", quote.lines_total, shop, width)]
    for label, amount in quote.discounts:
        said.append(_sum(label, -amount, shop, width))
    for name, amount in quote.taxes_on_top:
        said.append(_sum(name, amount, shop, width))
    if quote.tip:
        said.append(_sum(f"Tip, {quote.tip_for}" if quote.tip_for else "Tip, for nobody yet", quote.tip, shop, width))
    said.append(_row("TO PAY", money_text(quote.total_due, shop.currency, shop.locale), width, "bold $accent"))
    for name, amount in quote.taxes_within:
        said.append(_row(f"{name} within", _number(amount, shop), width, "$fd-muted"))
    if quote.open_fees:
        owed = sum((fee.amount for fee in quote.open_fees), Decimal(0))
        said.append(_row("Owes, + adds it", _number(owed, shop), width, "$fd-amber"))
    if quote.tenders:
        said.append(Content(""))
        said.append(_sum("Paid", sum((one.amount for one in quote.tenders), Decimal(0)), shop, width))
        if quote.rest:
            said.append(_row("Rest", _number(quote.rest, shop), width, "bold $fd-amber"))
    return Content("\n").join(said)


def sold(receipt: Receipted, quote: Quote, shop: Shop, width: int) -> Content:
    """A ticket that is paid."""
    said = [_row("Paid", money_text(receipt.total + receipt.tip, shop.currency, shop.locale), width, "bold")]
    for one in receipt.payments:
        said.append(_row(one.method.capitalize(), _number(one.handed_over, shop), width, "$fd-muted"))
    if receipt.tip:
        label = f"Tip, {quote.tip_for}" if quote.tip_for else "Tip"
        said.append(_row(label, _number(receipt.tip, shop), width, "$fd-muted"))
    said.append(_row("Receipt", str(receipt.number), width, "$fd-muted"))
    if receipt.change:
        said += [Content(""), Content.styled("Give back", "bold $fd-amber")]
    return Content("\n").join(said)


def ahead(quote: Quote, shop: Shop) -> str:
    """What enter would do with the line as it stands."""
    said = [f"To pay {_number(quote.total_due, shop)}"]
    if quote.tip:
        said.append(f"tip {_number(quote.tip, shop)} {quote.tip_for}".rstrip())
    said += [f"{one.method} {_number(one.amount, shop)}" for one in quote.tenders]
    if quote.over:
        said.append(f"{_number(quote.over, shop)} over")
    elif quote.rest:
        said.append(f"rest {_number(quote.rest, shop)}")
    elif quote.change:
        said.append(f"give back {_number(quote.change, shop)}")
    else:
        said.append("paid in full")
    return " · ".join(said)


def _sum(label: str, amount: Decimal, shop: Shop, width: int) -> Content:
    return _row(label, _number(amount, shop), width, "")


def _row(label: str, amount: str, width: int, style: str) -> Content:
    """A label, wrapped beside its amount; the amount stands in the first line."""
    room = max(8, width - max(AMOUNT, cell_width(amount) + 1))
    first, *rest = wrapped(harmless(label), room)
    lines = [fit(first, room) + fit(amount, width - room, right=True), *(f"  {fit(one, room - 2)}" for one in rest)]
    return Content.styled("\n".join(lines), style)


def _number(amount: Decimal, shop: Shop) -> str:
    return number_text(amount, shop.currency, shop.locale).replace("-", "−")


def wall(at: dt.datetime, shop: Shop) -> str:
    """`12:58`."""
    return f"{local(at, shop.timezone):%H:%M}"


def big(amount: Decimal, shop: Shop) -> str:
    """An amount for letters three rows high."""
    return number_text(amount, shop.currency, shop.locale)
