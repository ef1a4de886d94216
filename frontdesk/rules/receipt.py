"""A receipt as text, 42 cells wide: what every 80 mm printer takes, and a mail or a screen too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from frontdesk.money import money_text, number_text
from frontdesk.rules.pricing import TaxAmount
from frontdesk.text import cell_width, clean, fit, wrapped

WIDTH = 42
FIGURE = 10
"""How wide a column of the taxes is."""
LONGEST_NAME = 3
"""Lines a name may take before it is cut."""

Amounts = tuple[tuple[str, Decimal], ...]
"""Labels and what they come to, in the order they are printed."""


Style = Literal["", "bold", "title"]
"""How a printer sets a row: like all others, bold, or twice as high as well."""

GIFTS = ("product", "gift_card", "package", "membership", "service", "bundle")
"""What may be a present: the kinds of lines that stand on a gift receipt."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a receipt, exactly 42 cells wide."""

    text: str
    style: Style = ""


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One thing bought, at its price before discounts."""

    name: str
    quantity: Decimal
    stylist: str
    amount: Decimal
    customer: str = ""
    """Whose, where one pays for several."""
    kind: str = "service"


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
    """What was handed over, before change; of a refund negative."""
    change: Decimal
    footer: tuple[str, ...] = ()
    copy: bool = False
    kind: str = "sale"
    """`sale`, `refund`, `void`, or what else stands for itself."""
    of: str = ""
    """Which receipt a refund or a void gives back."""
    voided_by: str = ""
    """Under which number this was voided later: a copy says so."""
    reason: str = ""
    """Why."""
    tax_number: str = ""
    """Of the shop."""
    no_tax_because: str = ""
    """Why no tax was taken."""
    left: tuple[tuple[str, str], ...] = ()
    """What is left on gift cards, packages and of points, each as it was when this was printed first."""


def receipt_text(receipt: Receipt, currency: str, locale: str) -> str:
    """The receipt's lines, each exactly 42 cells, ready for a printer: no control bytes, plain spaces only (CO15)."""
    return as_text(receipt_rows(receipt, currency, locale))


def receipt_rows(receipt: Receipt, currency: str, locale: str) -> tuple[Row, ...]:
    """The same, row by row, and how a printer sets each."""
    paper = _Paper(currency, locale)
    parts = (
        paper.head(receipt), paper.bought(receipt), paper.sums(receipt), paper.paid(receipt), paper.taxed(receipt),
        paper.foot(receipt),
    )  # fmt: skip
    return tuple(Row(fit(row.text, WIDTH), row.style) for part in parts for row in part)


def gift_rows(receipt: Receipt, currency: str, locale: str) -> tuple[Row, ...]:
    """What was bought, and where and when, without a price: to be exchanged by whoever is given it."""
    paper = _Paper(currency, locale)
    bare = replace(receipt, customer="", cashier="")
    parts = (paper.head(bare, "GIFT RECEIPT"), paper.given(bare), paper.foot(replace(bare, left=())))
    return tuple(Row(fit(row.text, WIDTH), row.style) for part in parts for row in part)


def as_text(rows: Iterable[Row]) -> str:
    """Rows as plain text."""
    return "".join(f"{row.text}\n" for row in rows)


@dataclass(frozen=True, slots=True)
class _Paper:
    currency: str
    locale: str

    def head(self, receipt: Receipt, title: str = "") -> Iterator[Row]:
        if receipt.copy:
            yield Row(_centred("*** COPY ***"), "bold")
        for text in _name_lines(receipt.shop, WIDTH):
            yield Row(_centred(text), "title")
        for line in receipt.address:
            yield from _rows(map(_centred, _name_lines(line, WIDTH)))
        if receipt.tax_number:
            yield from _rows(map(_centred, _name_lines(f"Tax no. {receipt.tax_number}", WIDTH)))
        title = title or {"sale": "", "refund": "REFUND", "void": "VOID"}.get(receipt.kind, receipt.kind.upper())
        if title:
            yield Row("")
            yield Row(_centred(title), "title")
        if receipt.voided_by:
            yield Row(_centred(f"*** VOIDED BY RECEIPT {clean(receipt.voided_by)} ***"), "bold")
        yield Row("")
        yield from _rows(_row(f"Receipt {clean(receipt.number)}", clean(receipt.when)))
        if receipt.of:
            yield from _rows(_name_lines(f"Of receipt {receipt.of}", WIDTH))
        for label, name in (("Reason", receipt.reason), ("Cashier", receipt.cashier), ("Customer", receipt.customer)):
            if clean(name):
                yield from _rows(_hanging(f"{label}: {name}"))

    def bought(self, receipt: Receipt) -> Iterator[Row]:
        yield Row("-" * WIDTH)
        several = len({line.customer for line in receipt.lines if line.customer}) > 1
        whose = ""
        for line in receipt.lines:
            if several and line.customer != whose:
                whose = line.customer
                yield from (Row(text, "bold") for text in _name_lines(f"{whose or 'Also'}:", WIDTH))
            yield from _rows(_row(self.times(line) + clean(line.name), self.number(line.amount)))
            if clean(line.stylist):
                yield from _rows(f"  {part}" for part in _name_lines(line.stylist, WIDTH - 2))

    def given(self, receipt: Receipt) -> Iterator[Row]:
        yield Row("-" * WIDTH)
        presents = [line for line in receipt.lines if line.kind in GIFTS]
        things = [line for line in presents if line.kind != "service"] or presents
        for line in things:
            yield from _rows(_name_lines(self.times(line) + clean(line.name), WIDTH))
        yield Row("-" * WIDTH)

    def sums(self, receipt: Receipt) -> Iterator[Row]:
        on_top = [tax for tax in receipt.taxes if not tax.inclusive]
        yield Row("-" * WIDTH)
        if receipt.discounts or on_top:
            yield from _rows(_row("Subtotal", self.number(sum((line.amount for line in receipt.lines), Decimal()))))
        for label, amount in receipt.discounts:
            yield from _rows(_row(label, self.number(-amount)))
        for tax in on_top:
            yield from _rows(_row(self.tax_label(tax), self.number(tax.amount)))
        for text in _row("TOTAL", self.money(receipt.total)):
            yield Row(text, "title")
        for tax in receipt.taxes:
            if tax.inclusive:
                yield from _rows(_row(f"  of which {self.tax_label(tax)}", self.number(tax.amount)))
        if clean(receipt.no_tax_because):
            yield from _rows(_name_lines(f"  No tax: {receipt.no_tax_because}", WIDTH))

    def paid(self, receipt: Receipt) -> Iterator[Row]:
        gone = receipt.total + receipt.tip < 0
        if receipt.tip:
            yield from _rows(_row("Tip", self.number(receipt.tip)))
            for text in _row("TO GIVE BACK" if gone else "TO PAY", self.money(abs(receipt.total + receipt.tip))):
                yield Row(text, "bold")
        yield Row("-" * WIDTH)
        for method, amount in receipt.payments:
            name = _sentence(method) + (", given back" if amount < 0 else "")
            yield from _rows(_row(name, self.number(-amount if amount < 0 else amount)))
        if receipt.change:
            yield from _rows(_row("Change", self.number(receipt.change)))

    def taxed(self, receipt: Receipt) -> Iterator[Row]:
        """What each tax was taken of, where one figure does not say it."""
        if len(receipt.taxes) < 2:
            return
        yield Row("")
        yield Row(_four("Tax", "Net", "Tax", "Gross"))
        for tax in receipt.taxes:
            figures = (tax.taxable, tax.amount, tax.taxable + tax.amount)
            label = self.tax_label(tax)
            if cell_width(label) > WIDTH - 3 * FIGURE:
                yield from _rows(_hanging(label))
                label = ""
            yield Row(_four(label, *map(self.number, figures)))

    def foot(self, receipt: Receipt) -> Iterator[Row]:
        if receipt.left:
            yield Row("")
            for label, left in receipt.left:
                yield from _rows(_row(label, clean(left)))
        if receipt.footer:
            yield Row("")
        for text in receipt.footer:
            yield from _rows(map(_centred, wrapped(clean(text), WIDTH)))
        if receipt.copy:
            yield Row(_centred("*** COPY ***"), "bold")

    def times(self, line: ReceiptLine) -> str:
        return "" if line.quantity in (1, -1, 0) else f"{self.count(abs(line.quantity))} x "

    def number(self, amount: Decimal) -> str:
        return clean(number_text(amount, self.currency, self.locale))

    def money(self, amount: Decimal) -> str:
        return clean(money_text(amount, self.currency, self.locale))

    def count(self, quantity: Decimal) -> str:
        from babel.numbers import format_decimal

        return clean(format_decimal(quantity.normalize(), locale=self.locale.replace("-", "_")))

    def tax_label(self, tax: TaxAmount) -> str:
        return f"{clean(tax.name)} {self.count(tax.percent)} %"


def _rows(texts: Iterable[str]) -> Iterator[Row]:
    return map(Row, texts)


def _sentence(method: str) -> str:
    """`gift_card` as a person says it: Gift card."""
    return clean(method).replace("_", " ").capitalize()


def _four(label: str, *figures: str) -> str:
    """A label and three figures in columns."""
    return fit(label, WIDTH - 3 * FIGURE) + "".join(fit(figure, FIGURE, right=True) for figure in figures)


def _hanging(text: str) -> Iterator[str]:
    """A text whose rows after the first are indented by two."""
    first, *rest = _name_lines(text, WIDTH)
    yield first
    yield from (f"  {part}" for part in rest)


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
