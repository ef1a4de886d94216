"""What the tenders of money with a balance share: who pays, and how far it goes for what is on the ticket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from sqlalchemy import text

from frontdesk.rules.pricing import TaxAmount
from frontdesk.services.prepaid.prepaid import Holding, tax_line_name, taxes_by_holding
from frontdesk.services.ticket.items import Item
from frontdesk.services.ticket.tenders import Counter
from frontdesk.services.use_case import Work
from frontdesk.services.wording import person

PREPAID = frozenset({"gift_card", "package", "membership", "account"})
"""What is not paid for with prepaid money: it would only change its name."""


def payer_of(counter: Counter) -> int | None:
    """Who pays: whoever was said, or the first customer on the ticket."""
    return counter.ticket.customer_id or next((item.customer_id for item in counter.items if item.customer_id), None)


def payable(counter: Counter, *, without: Iterable[str] = PREPAID) -> Decimal:
    """What of the ticket, tip and all, a tender may pay for that does not pay for such lines."""
    kept_out = frozenset(without)
    lines = zip(counter.items, counter.priced.lines, strict=True)
    left = counter.due - sum((line.total for item, line in lines if item.kind in kept_out), Decimal(0))
    return max(left, counter.due * 0)


def of_service(counter: Counter, service_id: int) -> Decimal:
    """What the ticket's lines of one service come to."""
    lines = zip(counter.items, counter.priced.lines, strict=True)
    return sum(
        (line.total for item, line in lines if item.kind == "service" and item.service_id == service_id),
        counter.due * 0,
    )


def tax_items(work: Work, parts: Sequence[tuple[Holding, Decimal]]) -> list[Item]:
    """The lines that take out the tax that was due when the money came: one for each prepayment, of total nothing."""
    fixed = taxes_by_holding(work, parts)
    return [_tax_item(holding, fixed[holding.id]) for holding, _ in parts if holding.id in fixed]


def _tax_item(holding: Holding, taxes: Sequence[TaxAmount]) -> Item:
    return Item(
        "prepaid_tax",
        tax_line_name(holding),
        1,
        Decimal(0),
        None,
        None,
        is_discounted=False,
        taxed_as="none",
        fixed_taxes=tuple(taxes),
    )


def name_of(work: Work, customer_id: int) -> str:
    """What a customer is called."""
    row = work.session.execute(_NAME, {"id": customer_id}).one_or_none()
    return person(*row) if row else "Nobody"


_NAME = text("SELECT first_name, last_name, code FROM customers WHERE id = :id")
