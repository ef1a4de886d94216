"""What stands on an invoice or a credit note, and how it reads in 80 columns (features CO16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from frontdesk.money import money_text, number_text, percent_text
from frontdesk.rules.pricing import TaxAmount
from frontdesk.text import cell_width, clean, fit, wrapped

WIDTH = 78


@dataclass(frozen=True, slots=True)
class Party:
    """Who asks to be paid, or who pays."""

    name: str
    address: tuple[str, ...] = ()
    tax_number: str = ""

    def lines(self) -> list[str]:
        """As they stand on paper, the name first."""
        number = [f"Tax no. {clean(self.tax_number)}"] if clean(self.tax_number) else []
        return [clean(self.name), *(line for line in map(clean, self.address) if line), *number]


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One thing that was sold."""

    name: str
    quantity: Decimal
    price: Decimal
    discount: Decimal
    amount: Decimal
    """After the discount, as it was priced: with taxes that are inside prices, without those that come on top."""


@dataclass(frozen=True, slots=True)
class InvoicePaper:
    """Everything that stands on an invoice as it was issued. Dates are text already."""

    kind: str
    """`invoice` or `credit_note`."""
    number: int
    version: int
    day: str
    supplied: str
    """The day of the sale."""
    receipt: str
    of: int | None
    """Which invoice a credit note takes back from."""
    reason: str
    """Why a credit note was issued, or this version."""
    seller: Party
    buyer: Party
    lines: tuple[InvoiceLine, ...]
    taxes: tuple[TaxAmount, ...]
    total: Decimal
    tip: Decimal
    paid: tuple[tuple[str, Decimal], ...]
    no_tax_because: str
    footer: tuple[str, ...]
    currency: str
    locale: str

    @property
    def title(self) -> str:
        """`Invoice 12`, `Invoice 12, version 2`, `Credit note 13`."""
        name = f"{'Invoice' if self.kind == 'invoice' else 'Credit note'} {self.number}"
        return name if self.version == 1 else f"{name}, version {self.version}"

    def facts(self) -> list[tuple[str, str]]:
        """What stands beside the buyer."""
        found = [("Number", str(self.number)), ("Day", self.day), ("Supplied", self.supplied)]
        found += [("Receipt", self.receipt)]
        if self.of is not None:
            found.append(("Of invoice", str(self.of)))
        if self.version > 1:
            found.append(("Version", f"{self.version}, instead of {self.version - 1}"))
        if self.reason:
            found.append(("Because", clean(self.reason)))
        return found

    def rows(self) -> list[tuple[str, str, str, str, str]]:
        """What was sold, in words: name, how many, price, off, amount."""
        return [
            (
                clean(line.name),
                f"{abs(line.quantity).normalize():f}" if line.quantity else "",
                self.figure(line.price) if line.quantity else "",
                self.figure(-line.discount) if line.discount else "",
                self.figure(line.amount),
            )
            for line in self.lines
        ]

    def tax_rows(self) -> list[tuple[str, str, str, str]]:
        """Each tax: its name, what it was taken of, how much, and both."""
        return [
            (
                f"{clean(tax.name)} {percent_text(tax.percent, self.locale)}",
                self.figure(tax.taxable),
                self.figure(tax.amount),
                self.figure(tax.taxable + tax.amount),
            )
            for tax in self.taxes
        ]

    def totals(self) -> list[tuple[str, str]]:
        """The total last."""
        tax = sum((one.amount for one in self.taxes), Decimal(0))
        return [
            ("Net", self.figure(self.total - tax)),
            ("Tax", self.figure(tax)),
            ("Total", clean(money_text(self.total, self.currency, self.locale))),
        ]

    def notes(self) -> list[str]:
        """How it was paid, why no tax was taken, and what the shop says."""
        paid = ", ".join(f"{method.replace('_', ' ')} {self.figure(abs(amount))}" for method, amount in self.paid)
        said = [f"{'Paid' if self.kind == 'invoice' else 'Given back'} by {paid}."] if paid else []
        if self.tip:
            said.append(f"With a tip of {self.figure(self.tip)}, which is no part of this invoice.")
        if clean(self.no_tax_because):
            said.append(f"No tax was taken: {clean(self.no_tax_because)}.")
        return [*said, *(line for line in map(clean, self.footer) if line)]

    def figure(self, amount: Decimal) -> str:
        """An amount without its currency."""
        return clean(number_text(amount, self.currency, self.locale))


def invoice_text(paper: InvoicePaper, *, copy: bool = False) -> str:
    """The same as text, for a screen and for the body of a letter."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(paper, copy=copy))


def _lines(paper: InvoicePaper, *, copy: bool) -> Iterator[str]:
    if copy:
        yield "*** COPY ***"
    yield from paper.seller.lines()
    yield ""
    facts = [f"{label:<11}{value}" for label, value in paper.facts()]
    buyer = paper.buyer.lines()
    for place in range(max(len(facts), len(buyer))):
        left = buyer[place] if place < len(buyer) else ""
        yield fit(left, 40) + " " + (facts[place] if place < len(facts) else "")
    yield ""
    yield paper.title.upper()
    yield ""
    yield _columns(("", "How many", "Price", "Off", "Amount"))
    yield "-" * WIDTH
    for name, *figures in paper.rows():
        first, *rest = wrapped(name, 34) if cell_width(name) > 34 else [name]
        yield _columns((first, *figures))
        yield from rest
    yield "-" * WIDTH
    for label, value in paper.totals():
        yield fit(f"{label}  ", WIDTH - 14, right=True) + fit(value, 14, right=True)
    if paper.taxes:
        yield ""
        yield _columns(("Tax", "", "Net", "Tax", "Gross"))
        for name, *figures in paper.tax_rows():
            yield _columns((name, "", *figures))
    yield ""
    for note in paper.notes():
        yield from wrapped(note, WIDTH)


def _columns(cells: tuple[str, ...]) -> str:
    name, *figures = cells
    widths = (10, 11, 11, 12)
    return fit(name, 34) + "".join(fit(cell, width, right=True) for cell, width in zip(figures, widths, strict=True))
