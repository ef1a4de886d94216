"""A receipt as text, 42 cells wide: what every 80 mm printer takes, and a mail or a screen too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from frontdesk.money import money_text, number_text
from frontdesk.rules.pricing import TaxAmount
from frontdesk.text import cell_width, clean, fit, wrapped

WIDTH = 42
LONGEST_NAME = 3
"""Lines a name may take before it is cut."""

Amounts = tuple[tuple[str, Decimal], ...]
"""Labels and what they come to, in the order they are printed."""


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One thing bought, at its price before discounts."""

    name: str
    quantity: Decimal
    stylist: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything a receipt says. Times are text already, in the shop's own zone and manner."""

    shop: str
    address: tuple[str, ...]
    number: str
    when: str
    cashier: str
    customer: str
    lines: tuple[ReceiptLine, ...]
    discounts: Amounts
    """What came off, as positive amounts."""
    taxes: tuple[TaxAmount, ...]
    total: Decimal
    tip: Decimal
    payments: Amounts
    """What was handed over, before change."""
    change: Decimal
    footer: tuple[str, ...] = ()
    copy: bool = False


def receipt_text(receipt: Receipt, currency: str, locale: str) -> str:
    """The receipt's lines, each exactly 42 cells, ready for a printer: no control bytes, plain spaces only (CO15)."""
    paper = _Paper(currency, locale)
    parts = (paper.head(receipt), paper.bought(receipt), paper.sums(receipt), paper.paid(receipt), paper.foot(receipt))
    return "\n".join(fit(line, WIDTH) for part in parts for line in part) + "\n"


@dataclass(frozen=True, slots=True)
class _Paper:
    currency: str
    locale: str

    def head(self, receipt: Receipt) -> Iterator[str]:
        if receipt.copy:
            yield _centred("*** COPY ***")
        for text in (receipt.shop, *receipt.address):
            yield from map(_centred, _name_lines(text, WIDTH))
        yield ""
        yield from _row(f"Receipt {clean(receipt.number)}", clean(receipt.when))
        for label, name in (("Cashier", receipt.cashier), ("Customer", receipt.customer)):
            if clean(name):
                yield from _name_lines(f"{label}: {name}", WIDTH)

    def bought(self, receipt: Receipt) -> Iterator[str]:
        yield "-" * WIDTH
        for line in receipt.lines:
            times = "" if line.quantity == 1 else f"{self.count(line.quantity)} x "
            yield from _row(times + clean(line.name), self.number(line.amount))
            if clean(line.stylist):
                yield from (f"  {part}" for part in _name_lines(line.stylist, WIDTH - 2))

    def sums(self, receipt: Receipt) -> Iterator[str]:
        on_top = [tax for tax in receipt.taxes if not tax.inclusive]
        yield "-" * WIDTH
        if receipt.discounts or on_top:
            yield from _row("Subtotal", self.number(sum((line.amount for line in receipt.lines), Decimal())))
        for label, amount in receipt.discounts:
            yield from _row(label, self.number(-amount))
        for tax in on_top:
            yield from _row(self.tax_label(tax), self.number(tax.amount))
        yield from _row("TOTAL", self.money(receipt.total))
        for tax in receipt.taxes:
            if tax.inclusive:
                yield from _row(f"  of which {self.tax_label(tax)}", self.number(tax.amount))

    def paid(self, receipt: Receipt) -> Iterator[str]:
        if receipt.tip:
            yield from _row("Tip", self.number(receipt.tip))
            yield from _row("TO PAY", self.money(receipt.total + receipt.tip))
        yield "-" * WIDTH
        for method, amount in receipt.payments:
            yield from _row(method.capitalize(), self.number(amount))
        if receipt.change:
            yield from _row("Change", self.number(receipt.change))

    def foot(self, receipt: Receipt) -> Iterator[str]:
        if receipt.footer:
            yield ""
        for text in receipt.footer:
            yield from map(_centred, wrapped(clean(text), WIDTH))
        if receipt.copy:
            yield _centred("*** COPY ***")

    def number(self, amount: Decimal) -> str:
        return clean(number_text(amount, self.currency, self.locale))

    def money(self, amount: Decimal) -> str:
        return clean(money_text(amount, self.currency, self.locale))

    def count(self, quantity: Decimal) -> str:
        from babel.numbers import format_decimal

        return clean(format_decimal(quantity.normalize(), locale=self.locale.replace("-", "_")))

    def tax_label(self, tax: TaxAmount) -> str:
        return f"{clean(tax.name)} {self.count(tax.percent)} %"


def _row(label: str, amount: str) -> Iterator[str]:
    """A label that wraps beside its amount; the amount stands on the first line."""
    room = WIDTH - cell_width(amount) - 1
    indent = label[: len(label) - len(label.lstrip())]
    first, *rest = _name_lines(label, room - len(indent))
    yield fit(indent + first, room) + " " + amount
    yield from (f"{indent}  {part}" for part in rest)


def _name_lines(text: str, width: int) -> list[str]:
    """A name on at most three lines, the rows after the first indented by two; what doesn't fit ends in an ellipsis."""
    lines = wrapped(clean(text), width - 2) if cell_width(clean(text)) > width else [clean(text)]
    if len(lines) > LONGEST_NAME:
        lines[LONGEST_NAME - 1 :] = [fit(" ".join(lines[LONGEST_NAME - 1 :]), width - 2).rstrip()]
    return lines


def _centred(text: str) -> str:
    return " " * ((WIDTH - cell_width(text)) // 2) + text
