"""What a ticket costs, and whose the tip is: arithmetic only. How far tenders go for it stands in `tendering`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from frontdesk.errors import BadInput, Refusal
from frontdesk.money import apportioned, parse_money, parse_percent, plain, rounded, split
from frontdesk.rules.tendering import (
    CARD,
    CASH,
    METHODS,
    CardOverTender,
    NothingLeftToPay,
    NotPaidInFull,
    Reckoned,
    Settled,
    Tender,
    TenderNotPositive,
    TenderTooShort,
    reckon,
    settle,
)

__all__ = [
    "CARD",
    "CASH",
    "METHODS",
    "CardOverTender",
    "Cut",
    "Discount",
    "DiscountTooLarge",
    "Line",
    "NobodyToTip",
    "NotPaidInFull",
    "NothingLeftToPay",
    "Priced",
    "PricedLine",
    "Reckoned",
    "Settled",
    "TaxAmount",
    "TaxRate",
    "TaxRounding",
    "Tender",
    "TenderNotPositive",
    "TenderTooShort",
    "TipTooSmall",
    "joined",
    "percent_or_amount",
    "price",
    "reckon",
    "settle",
    "shares_of_taxes",
    "tip_shares",
    "tips_by_hand",
]

TaxRounding = Literal["line", "ticket"]


class DiscountTooLarge(Refusal):
    """A discount of {discount} is more than the {price} it comes off. Give {price} at most."""


class NobodyToTip(Refusal):
    """Nobody on this ticket can be given the tip. Name the stylist it is for."""


class TipTooSmall(Refusal):
    """{said} of the tip are given away, and it is {tip}. Give less, or make the tip larger."""


@dataclass(frozen=True, slots=True)
class TaxRate:
    """One tax; inclusive is already inside the price shown, otherwise it comes on top."""

    id: int
    name: str
    percent: Decimal
    inclusive: bool
    position: int = 0
    """In which order taxes are reckoned."""
    compounds: bool = False
    """Whether it is taken of the taxes before it as well, as Quebec once did."""


@dataclass(frozen=True, slots=True)
class Discount:
    """A share of a price or a sum off it, never both."""

    percent: Decimal | None = None
    amount: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.percent is None) == (self.amount is None):
            raise ValueError("a discount is a percentage or an amount")
        if self.percent is not None and not 0 <= self.percent <= 100:
            raise BadInput("A discount has to be between 0 and 100 %.", field="discount")
        if self.amount is not None and self.amount < 0:
            raise BadInput("A discount can't be below zero. Change the price instead.", field="discount")


@dataclass(frozen=True, slots=True)
class Line:
    """Something on the ticket at its list price. A bundle's redemption or a return has a negative quantity."""

    key: int | str
    quantity: Decimal
    unit_price: Decimal
    taxes: tuple[TaxRate, ...] = ()
    discount: Discount | None = None
    is_discounted: bool = True
    """Whether coupons and the ticket's discount reach it; a gift card is money in another form, and they don't."""
    is_charged: bool = False
    """Whether the service charge is reckoned from it."""
    charge: Decimal | None = None
    """Of the service charge itself: how many percent of what is charged, after discounts. It has no other price."""
    fixed: tuple[TaxAmount, ...] = ()
    """Of a line that comes to nothing and takes taxes out again: those, negative and inclusive."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A coupon: what it takes off the lines that it reaches, at most what is left of them."""

    key: int | str
    discount: Discount
    reaches: frozenset[int | str]
    """Keys of lines."""


@dataclass(frozen=True, slots=True)
class TaxAmount:
    """One tax on a line, or on the whole ticket: what it is reckoned from, and what it comes to."""

    tax_id: int
    name: str
    percent: Decimal
    inclusive: bool
    taxable: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line to the cent: gross - discount = net = taxable + inclusive taxes, and total = taxable + all taxes."""

    key: int | str
    gross: Decimal
    discount: Decimal
    net: Decimal
    taxable: Decimal
    taxes: tuple[TaxAmount, ...]
    total: Decimal
    own_discount: Decimal = Decimal()
    """Of the discount, what was taken off this line alone; the rest is its part of coupons and of the ticket's."""
    cuts: tuple[tuple[int | str, Decimal], ...] = ()
    """Of the discount, its part of each coupon that reaches it."""

    @property
    def ticket_discount(self) -> Decimal:
        """Of the discount, its part of the ticket's."""
        return self.discount - self.own_discount - _sum(amount for _, amount in self.cuts)


@dataclass(frozen=True, slots=True)
class Priced:
    """A ticket to the cent: every figure is the exact sum of its lines' figures."""

    lines: tuple[PricedLine, ...]
    subtotal: Decimal
    discount: Decimal
    taxes: tuple[TaxAmount, ...]
    total: Decimal


def price(
    lines: Sequence[Line],
    *,
    ticket_discount: Discount | None = None,
    cuts: Sequence[Cut] = (),
    currency: str,
    tax_rounding: TaxRounding = "line",
) -> Priced:
    """Price a ticket. Discounts stack in one order, each off what the ones before it left: the line's own, coupons in
    the order given, the ticket's. What is taken off several lines is spread in proportion, so that its cents add up.

    Each tax of a line is net x its share / (100 + the line's inclusive shares), whether inside the price or on top; its
    share is its percent, and of a tax on taxes as much more as the taxes before it add. It is rounded line by line, or
    once per tax over the ticket and then given back to the lines by largest remainder. A service charge is a line whose
    price is a share of what the charged lines come to after discounts. Raises DiscountTooLarge.
    """
    gross = [rounded(line.quantity * line.unit_price, currency) for line in lines]
    own = [_taken_off(line.discount, amount, currency) for line, amount in zip(lines, gross, strict=True)]
    nets = [amount - off for amount, off in zip(gross, own, strict=True)]
    parts: list[list[tuple[int | str, Decimal]]] = [[] for _ in lines]
    for cut in cuts:
        reached = [place for place, line in enumerate(lines) if line.is_discounted and line.key in cut.reaches]
        for place, amount in zip(reached, _cut([nets[one] for one in reached], cut.discount, currency), strict=True):
            nets[place] -= amount
            parts[place].append((cut.key, amount))
    reached = [place for place, line in enumerate(lines) if line.is_discounted]
    for place, amount in zip(reached, _spread(ticket_discount, [nets[one] for one in reached], currency), strict=True):
        nets[place] -= amount
    charged = _sum(net for line, net in zip(lines, nets, strict=True) if line.is_charged)
    for place, line in enumerate(lines):
        if line.charge is not None:
            gross[place] = nets[place] = rounded(charged * line.charge / 100, currency)
    taxes = _taxes_by_line(lines, nets, currency) if tax_rounding == "line" else _taxes_once(lines, nets, currency)
    figures = zip(lines, gross, nets, own, parts, taxes, strict=True)
    return _priced([_priced_line(*figure) for figure in figures])


def joined(first: Priced, more: Priced) -> Priced:
    """Two parts of one ticket, the second's lines after the first's."""
    return _priced([*first.lines, *more.lines])


def percent_or_amount(text: str, currency: str, locale: str, field: str = "discount") -> Discount:
    """Read a discount as it is typed: 10% is a share, 5.00 a sum. Raises BadInput."""
    if "%" in text:
        return Discount(percent=parse_percent(text, locale, field))
    return Discount(amount=parse_money(text, currency, locale, field))


def tip_shares(tip: Decimal, nets_by_stylist: Mapping[int, Decimal], currency: str) -> dict[int, Decimal]:
    """Each stylist's part of a tip, in proportion to the services done; equal parts if all were free.

    Raises NobodyToTip.
    """
    if tip and not nets_by_stylist:
        raise NobodyToTip()
    weights = [max(net, Decimal()) for net in nets_by_stylist.values()]
    return dict(zip(nets_by_stylist, split(tip, weights, currency), strict=True))


def tips_by_hand(
    tip: Decimal, said: Mapping[int, Decimal], nets_by_stylist: Mapping[int, Decimal], currency: str
) -> dict[int, Decimal]:
    """A tip of which some have a part that was said, nothing too; the rest is shared by whoever else served.

    Raises TipTooSmall, NobodyToTip when something is left and nobody is.
    """
    given = _sum(said.values())
    if given > tip:
        raise TipTooSmall(said=_said(given, currency), tip=_said(tip, currency))
    others = {who: net for who, net in nets_by_stylist.items() if who not in said}
    return {**said, **tip_shares(tip - given, others, currency)}


def _taken_off(discount: Discount | None, price: Decimal, currency: str) -> Decimal:
    """The discount in money, with the sign of the price: a returned line gives its discount back."""
    if discount is None:
        return rounded(Decimal(), currency)
    if discount.percent is not None:
        return rounded(price * discount.percent / 100, currency)
    off = rounded(discount.amount or Decimal(), currency)
    if off > abs(price):
        raise DiscountTooLarge(discount=_said(off, currency), price=_said(abs(price), currency))
    return off.copy_sign(price) if off else off


def _spread(discount: Discount | None, nets: Sequence[Decimal], currency: str) -> list[Decimal]:
    if discount is not None and discount.percent is not None:
        return apportioned([Fraction(net) * Fraction(discount.percent) / 100 for net in nets], currency)
    off = _taken_off(discount, _sum(nets), currency)
    return split(off, nets, currency) if off else [off for _ in nets]


def _cut(nets: Sequence[Decimal], discount: Discount, currency: str) -> list[Decimal]:
    """As the ticket's discount is spread; but a sum takes what there is, and nothing off what is nothing."""
    left = _sum(nets)
    if left <= 0:
        return [rounded(Decimal(), currency) for _ in nets]
    if discount.amount is not None:
        discount = Discount(amount=min(discount.amount, left))
    return _spread(discount, nets, currency)


@lru_cache(maxsize=1024)
def shares_of_taxes(taxes: tuple[TaxRate, ...]) -> dict[TaxRate, Decimal]:
    """How many percent of the amount before any tax each comes to, in the order in which they are reckoned."""
    shares: dict[TaxRate, Decimal] = {}
    for rate in sorted(taxes, key=lambda tax: tax.position):
        before = _sum(shares.values()) if rate.compounds else Decimal()
        shares[rate] = rate.percent * (100 + before) / 100
    return shares


def _exact_tax(net: Decimal, rate: TaxRate, line: Line) -> Fraction:
    shares = shares_of_taxes(line.taxes)
    inside = _sum(share for tax, share in shares.items() if tax.inclusive)
    return Fraction(net) * Fraction(shares[rate]) / Fraction(100 + inside)


def _taxes_by_line(lines: Sequence[Line], nets: Sequence[Decimal], currency: str) -> list[tuple[TaxAmount, ...]]:
    taxed = zip(lines, nets, strict=True)
    return [
        line.fixed
        or _amounts(net, {rate: rounded(_exact_tax(net, rate, line), currency) for rate in shares_of_taxes(line.taxes)})
        for line, net in taxed
    ]


def _taxes_once(lines: Sequence[Line], nets: Sequence[Decimal], currency: str) -> list[tuple[TaxAmount, ...]]:
    amounts: list[dict[TaxRate, Decimal]] = [dict.fromkeys(shares_of_taxes(line.taxes), Decimal()) for line in lines]
    for rate in dict.fromkeys(rate for line in lines for rate in line.taxes):
        places = [place for place, line in enumerate(lines) if rate in line.taxes]
        exact = [_exact_tax(nets[place], rate, lines[place]) for place in places]
        for place, amount in zip(places, apportioned(exact, currency), strict=True):
            amounts[place][rate] = amount
    return [line.fixed or _amounts(net, by_rate) for line, net, by_rate in zip(lines, nets, amounts, strict=True)]


def _amounts(net: Decimal, by_rate: Mapping[TaxRate, Decimal]) -> tuple[TaxAmount, ...]:
    """A tax on taxes says that it was taken of them as well."""
    taxable, before, amounts = net - _sum(a for rate, a in by_rate.items() if rate.inclusive), Decimal(), []
    for rate, amount in by_rate.items():
        of = taxable + before if rate.compounds else taxable
        amounts.append(TaxAmount(rate.id, rate.name, rate.percent, rate.inclusive, of, amount))
        before += amount
    return tuple(amounts)


def _priced_line(
    line: Line,
    gross: Decimal,
    net: Decimal,
    own: Decimal,
    cuts: Sequence[tuple[int | str, Decimal]],
    taxes: tuple[TaxAmount, ...],
) -> PricedLine:
    taxable = net - _sum(tax.amount for tax in taxes if tax.inclusive)
    total = taxable + _sum(tax.amount for tax in taxes)
    return PricedLine(line.key, gross, gross - net, net, taxable, taxes, total, own, tuple(cuts))


def _priced(lines: Sequence[PricedLine]) -> Priced:
    return Priced(
        lines=tuple(lines),
        subtotal=_sum(line.gross for line in lines),
        discount=_sum(line.discount for line in lines),
        taxes=_by_rate(tax for line in lines for tax in line.taxes),
        total=_sum(line.total for line in lines),
    )


def _by_rate(taxes: Iterable[TaxAmount]) -> tuple[TaxAmount, ...]:
    summed: dict[tuple[int, Decimal, bool], TaxAmount] = {}
    for tax in taxes:
        rate = (tax.tax_id, tax.percent, tax.inclusive)
        so_far = summed.get(rate)
        taxable, amount = (so_far.taxable, so_far.amount) if so_far else (Decimal(), Decimal())
        summed[rate] = TaxAmount(
            tax.tax_id, tax.name, tax.percent, tax.inclusive, taxable + tax.taxable, amount + tax.amount
        )
    return tuple(summed.values())


def _said(amount: Decimal, currency: str) -> str:
    return f"{plain(amount, currency)} {currency}"


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal())
