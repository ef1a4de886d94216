"""X and Z as text, 42 cells wide: what was sold since the last Z, how it was paid, and what the drawers held (CD4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from frontdesk.money import money_text, number_text, percent_text
from frontdesk.rules.tender_words import method_words
from frontdesk.text import cell_width, clean, fit, wrapped

WIDTH = 42
_NUMBER = 10

MOVES = {
    "float": "Float", "taken": "Cash taken", "given_back": "Cash given back", "pay_in": "Paid in",
    "pay_out": "Paid out", "drop": "To the safe", "transfer": "Other drawer", "tip_out": "Tips paid out",
}  # fmt: skip
"""What every kind of entry of a drawer is called."""


@dataclass(frozen=True)
class Sum:
    """So many of something, and what they came to."""

    name: str
    times: int
    amount: Decimal


@dataclass(frozen=True)
class TaxSum:
    """One rate."""

    name: str
    percent: Decimal
    taxable: Decimal
    amount: Decimal


@dataclass(frozen=True)
class StaffSum:
    """What one stylist brought, after discount and before tax; an empty name is the house."""

    name: str
    services: Decimal
    other: Decimal
    tips: Decimal


@dataclass(frozen=True)
class CardCount:
    """What was charged here, and what the card terminal says."""

    charged: Decimal
    counted: Decimal
    note: str

    @property
    def difference(self) -> Decimal:
        """More than was charged, or less."""
        return self.counted - self.charged


@dataclass(frozen=True)
class DrawerSum:
    """A drawer's session, counted."""

    name: str
    opened: str
    closed: str
    entries: tuple[Sum, ...]
    """In the order of `MOVES`; moves with a reason one by one."""
    expected: Decimal
    counted: tuple[Decimal, ...]
    """Each count that was confirmed; the last one counts."""
    left: Decimal
    banked: Decimal
    note: str
    accepted_by: str

    @property
    def difference(self) -> Decimal:
        """More than expected, or less."""
        return self.counted[-1] - self.expected


@dataclass(frozen=True)
class CorrectionSum:
    """Money that was moved from a wrong tender to the right one."""

    number: int
    """Of the correction."""
    sale: int
    z: int | None
    """Which Z covers the sale; None when none does yet."""
    out_of: str
    into: str
    amount: Decimal
    reason: str


@dataclass(frozen=True)
class ZFigures:
    """Every figure of an X or a Z. Times are text already, in the shop's own zone."""

    shop: str
    number: int | None
    """None for an X."""
    when: str
    """Of the close; empty on an X, which says the same until something happens."""
    closed_by: str
    first_sale: int | None
    last_sale: int | None
    sales: int
    sold: Decimal
    """Before discounts."""
    discount: Decimal
    tax_on_top: Decimal
    refunds: Sum
    voids: Sum
    takings: Decimal
    tips: Decimal
    tenders: tuple[Sum, ...]
    taxes: tuple[TaxSum, ...]
    staff: tuple[StaffSum, ...]
    categories: tuple[Sum, ...]
    discounts: tuple[Sum, ...]
    drawers: tuple[DrawerSum, ...]
    not_counted: tuple[str, ...]
    """Drawers that are still open."""
    cards: CardCount | None
    corrections: tuple[CorrectionSum, ...]
    passed: str = ""
    """Why it was closed with something left open."""
    passed_by: str = ""
    left_open: tuple[str, ...] = ()
    """What that was."""
    head_seq: int | None = None
    head_hash: str = field(default="")
    """In hexadecimal digits."""

    @property
    def difference(self) -> Decimal:
        """What the drawers are off by, all together."""
        return sum((one.difference for one in self.drawers), Decimal(0))


def z_text(figures: ZFigures, currency: str, locale: str) -> str:
    """The sheet's lines, each exactly 42 cells: no control bytes, plain spaces only."""
    paper = _Paper(currency, locale)
    parts = (
        paper.head(figures), paper.sums(figures), paper.paid(figures), paper.taxed(figures), paper.people(figures),
        paper.shelves(figures), paper.corrected(figures), paper.drawers(figures), paper.foot(figures),
    )  # fmt: skip
    return "\n".join(fit(clean_edges(line), WIDTH) for part in parts for line in part) + "\n"


def clean_edges(line: str) -> str:
    """A line with nothing in it that could steer a printer; its spaces stay."""
    return "".join(sign if sign == " " else clean(sign) for sign in line)


@dataclass(frozen=True, slots=True)
class _Paper:
    currency: str
    locale: str

    def head(self, z: ZFigures) -> Iterator[str]:
        yield from map(_centred, wrapped(clean(z.shop), WIDTH))
        yield _centred(f"Z {z.number}" if z.number is not None else "X")
        if z.when:
            yield _centred(z.when)
        if clean(z.closed_by):
            yield f"Closed by {clean(z.closed_by)}"
        if z.first_sale is None or z.last_sale is None:
            yield "No sales"
        else:
            numbers = f"{z.first_sale}-{z.last_sale}" if z.last_sale > z.first_sale else str(z.first_sale)
            yield from self.row(f"Receipts {numbers}", f"{z.sales} sale{'s' * (z.sales != 1)}")

    def sums(self, z: ZFigures) -> Iterator[str]:
        yield "-" * WIDTH
        yield from self.row("Sold", self.number(z.sold))
        if z.discount:
            yield from self.row("Discounts", self.number(-z.discount))
        if z.tax_on_top:
            yield from self.row("Tax on top", self.number(z.tax_on_top))
        for name, back in (("Refunds", z.refunds), ("Voids", z.voids)):
            if back.times:
                yield from self.row(f"{name} ({back.times})", self.number(back.amount))
        yield from self.row("TAKINGS", self.money(z.takings))
        if z.tips:
            yield from self.row("Tips", self.number(z.tips))
        for one in z.discounts:
            yield from self.row(f"  off: {clean(one.name)} ({one.times})", self.number(-one.amount))

    def paid(self, z: ZFigures) -> Iterator[str]:
        if not z.tenders:
            return
        yield "-" * WIDTH
        yield from self.row("Paid by", "")
        for one in z.tenders:
            yield from self.row(f"  {method_words(one.name)} ({one.times})", self.number(one.amount))
        yield from self.row("  All", self.money(sum((one.amount for one in z.tenders), Decimal(0))))
        if z.cards is not None:
            yield from self.row("On the card terminal", self.number(z.cards.counted))
            if z.cards.difference:
                yield from self.row("  off by", self.signed(z.cards.difference))
            if clean(z.cards.note):
                yield from _indented(z.cards.note)

    def taxed(self, z: ZFigures) -> Iterator[str]:
        if not z.taxes:
            return
        yield "-" * WIDTH
        yield self.columns("Tax", ("of", "tax"))
        for one in z.taxes:
            label = f"{clean(one.name)} {percent_text(one.percent, self.locale)}"
            yield self.columns(label, (self.number(one.taxable), self.number(one.amount)))

    def people(self, z: ZFigures) -> Iterator[str]:
        if not z.staff:
            return
        yield "-" * WIDTH
        yield self.columns("By stylist", ("services", "other", "tips"))
        for one in z.staff:
            figures = (self.number(one.services), self.number(one.other), self.number(one.tips))
            yield self.columns(clean(one.name) or "House", figures)

    def shelves(self, z: ZFigures) -> Iterator[str]:
        if not z.categories:
            return
        yield "-" * WIDTH
        yield from self.row("By category, before tax", "")
        for one in z.categories:
            yield from self.row(f"  {clean(one.name)}", self.number(one.amount))

    def corrected(self, z: ZFigures) -> Iterator[str]:
        if not z.corrections:
            return
        yield "-" * WIDTH
        yield from self.row("Corrections", "")
        for one in z.corrections:
            of = f" of Z {one.z}" if one.z is not None else ""
            yield from self.row(f"  {one.number}: receipt {one.sale}{of}", self.number(one.amount))
            yield from _indented(f"{method_words(one.out_of)} to {method_words(one.into).lower()}: {clean(one.reason)}")

    def drawers(self, z: ZFigures) -> Iterator[str]:
        for one in z.drawers:
            yield "-" * WIDTH
            yield from self.row(clean(one.name), f"{one.opened} to {one.closed}")
            for entry in one.entries:
                yield from self.row(f"  {clean(entry.name)}", self.number(entry.amount))
            yield from self.row("  Expected", self.number(one.expected))
            *first, last = one.counted
            for again in first:
                yield from self.row("  Counted first", self.number(again))
            yield from self.row("  Counted", self.number(last))
            yield from self.row("  Difference", self.signed(one.difference))
            if clean(one.note):
                by = f" ({clean(one.accepted_by)})" if clean(one.accepted_by) else ""
                yield from _indented(f"{clean(one.note)}{by}")
            yield from self.row("  Left in it", self.number(one.left))
            yield from self.row("  Banked", self.number(one.banked))
        if len(z.drawers) > 1:
            yield "-" * WIDTH
            yield from self.row("All drawers off by", self.signed(z.difference))
        if z.not_counted:
            yield "-" * WIDTH
            for name in z.not_counted:
                yield from self.row(clean(name), "not counted")

    def foot(self, z: ZFigures) -> Iterator[str]:
        if z.left_open:
            yield "-" * WIDTH
            yield "Closed with something left open"
            for one in (*z.left_open, f"{clean(z.passed)} ({clean(z.passed_by)})"):
                yield from _indented(one)
        if z.head_hash:
            yield "-" * WIDTH
            yield from self.row("Journal entry", str(z.head_seq))
            half = len(z.head_hash) // 2
            yield from map(_centred, (z.head_hash[:half], z.head_hash[half:]))

    def row(self, label: str, amount: str) -> Iterator[str]:
        room = WIDTH - cell_width(amount) - bool(amount)
        indent = label[: len(label) - len(label.lstrip())]
        first, *rest = wrapped(clean(label), room - len(indent)) or [""]
        yield fit(indent + first, room) + " " * bool(amount) + amount
        yield from (f"{indent}  {part}" for part in rest[:2])

    def columns(self, label: str, figures: Sequence[str]) -> str:
        room = WIDTH - (_NUMBER + 0) * len(figures)
        return fit(label, room) + "".join(fit(figure, _NUMBER, right=True) for figure in figures)

    def number(self, amount: Decimal) -> str:
        return clean(number_text(amount, self.currency, self.locale))

    def signed(self, amount: Decimal) -> str:
        return f"+{self.number(amount)}" if amount > 0 else self.number(amount)

    def money(self, amount: Decimal) -> str:
        return clean(money_text(amount, self.currency, self.locale))


def _indented(text: str) -> Iterator[str]:
    yield from (f"    {part}" for part in wrapped(clean(text), WIDTH - 4))


def _centred(text: str) -> str:
    return " " * ((WIDTH - cell_width(text)) // 2) + text
