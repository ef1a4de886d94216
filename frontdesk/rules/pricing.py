"""What a ticket costs, who pays it with what, and whose the tip is: arithmetic only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from frontdesk.errors import BadInput, Refusal
from frontdesk.money import apportioned, parse_money, parse_percent, plain, rounded, split

TaxRounding = Literal["line", "ticket"]

CASH = "cash"
"""The one tender that gives change."""
CARD = "card"
METHODS = (CASH, CARD)
"""What the till takes."""


class DiscountTooLarge(Refusal):
    """A discount of {discount} is more than the {price} it comes off. Give {price} at most."""


class CardOverTender(Refusal):
    """{due} is left to pay, so {method} can't take {amount}: only cash gives change. Take {due}."""


class NothingLeftToPay(Refusal):
    """Nothing is left to pay by {method}. Take it off the ticket."""


class NotPaidInFull(Refusal):
    """{due} is still to be paid. Add another tender for it."""


class TenderNotPositive(Refusal):
    """A {method} tender of {amount} pays nothing. Type what is paid, or leave it off; money back is a refund."""


class TenderTooShort(Refusal):
    """This {method} pays {most} at most here, not {amount}. Type {method} {most}, and the rest another way."""


class NobodyToTip(Refusal):
    """Nobody on this ticket can be given the tip. Name the stylist it is for."""


@dataclass(frozen=True, slots=True)
class TaxRate:
    """One tax; inclusive is already inside the price shown, otherwise it comes on top."""

    id: int
    name: str
    percent: Decimal
    inclusive: bool


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
    """Of the discount, what was taken off this line alone; the rest is its part of the ticket's."""


@dataclass(frozen=True, slots=True)
class Priced:
    """A ticket to the cent: every figure is the exact sum of its lines' figures."""

    lines: tuple[PricedLine, ...]
    subtotal: Decimal
    discount: Decimal
    taxes: tuple[TaxAmount, ...]
    total: Decimal


@dataclass(frozen=True, slots=True)
class Tender:
    """What a customer puts down; without an amount it takes whatever the others leave."""

    method: str
    amount: Decimal | None = None
    most: Decimal | None = None
    """How far it goes, when it does not go all the way: what is on a card, what one point buys."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """How far tenders go: what of each counts, what was handed over, and what is then missing or too much."""

    payments: tuple[tuple[str, Decimal], ...]
    handed_over: tuple[tuple[str, Decimal], ...]
    rest: Decimal
    change: Decimal
    """What cash gives back."""
    over: Decimal
    """More than was due from tenders that give no change."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A paid ticket: the payments add up to what was due, and what was handed over is that plus the change."""

    payments: tuple[tuple[str, Decimal], ...]
    handed_over: tuple[tuple[str, Decimal], ...]
    change: Decimal


def price(
    lines: Sequence[Line],
    *,
    ticket_discount: Discount | None = None,
    currency: str,
    tax_rounding: TaxRounding = "line",
) -> Priced:
    """Price a ticket. A discount on the ticket is spread over its lines in proportion, so that its cents add up.

    Each tax of a line is net x percent / (100 + the line's inclusive percents), whether inside the price or on top, so
    no tax is charged on another. It is rounded line by line, or once per tax over the ticket and then given back to the
    lines by largest remainder. Raises DiscountTooLarge.
    """
    gross = [rounded(line.quantity * line.unit_price, currency) for line in lines]
    own = [_taken_off(line.discount, amount, currency) for line, amount in zip(lines, gross, strict=True)]
    left = [amount - off for amount, off in zip(gross, own, strict=True)]
    spread = _spread(ticket_discount, left, currency)
    nets = [amount - off for amount, off in zip(left, spread, strict=True)]
    taxes = _taxes_by_line(lines, nets, currency) if tax_rounding == "line" else _taxes_once(lines, nets, currency)
    figures = zip(lines, gross, own, spread, taxes, strict=True)
    return _priced([_priced_line(line, whole, off, share, tax) for line, whole, off, share, tax in figures])


def reckon(due: Decimal, tenders: Sequence[Tender], currency: str) -> Reckoned:
    """How far these tenders go, in this order, whether or not they fit. Raises TenderNotPositive,
    TenderTooShort and BadInput."""
    if due < 0:
        raise ValueError("money back is a refund, not a payment")
    open_ = max(due - _sum(tender.amount for tender in tenders if tender.amount is not None), Decimal())
    left, change, over = due, Decimal(), Decimal()
    payments, handed_over = [], []
    for tender in tenders:
        given = _put_down(tender, open_, currency)
        if tender.amount is None:
            open_ -= given
        counts = min(given, left)
        left -= counts
        if tender.most is not None and given > tender.most:
            raise TenderTooShort(method=tender.method, amount=_said(given, currency), most=_said(tender.most, currency))
        if tender.method == CASH:
            change += given - counts
        else:
            over += given - counts
        payments.append((tender.method, counts))
        handed_over.append((tender.method, given))
    return Reckoned(tuple(payments), tuple(handed_over), left, rounded(change, currency), over)


def settle(due: Decimal, tenders: Sequence[Tender], currency: str) -> Settled:
    """Pay what is due with these tenders, in this order, exactly.

    Raises TenderNotPositive, CardOverTender, NothingLeftToPay and NotPaidInFull.
    """
    found = reckon(due, tenders, currency)
    empty = next((method for method, given in found.handed_over if not given), None)
    if empty is not None:
        raise NothingLeftToPay(method=empty)
    for (method, counts), (_, given) in zip(found.payments, found.handed_over, strict=True):
        if not counts:
            raise NothingLeftToPay(method=method)
        if given > counts and method != CASH:
            raise CardOverTender(method=method, amount=_said(given, currency), due=_said(counts, currency))
    if found.rest:
        raise NotPaidInFull(due=_said(found.rest, currency))
    return Settled(payments=found.payments, handed_over=found.handed_over, change=found.change)


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


def _exact_tax(net: Decimal, rate: TaxRate, line: Line) -> Fraction:
    inside = _sum(tax.percent for tax in line.taxes if tax.inclusive)
    return Fraction(net) * Fraction(rate.percent) / Fraction(100 + inside)


def _taxes_by_line(lines: Sequence[Line], nets: Sequence[Decimal], currency: str) -> list[tuple[TaxAmount, ...]]:
    taxed = zip(lines, nets, strict=True)
    return [
        _amounts(net, {rate: rounded(_exact_tax(net, rate, line), currency) for rate in line.taxes})
        for line, net in taxed
    ]


def _taxes_once(lines: Sequence[Line], nets: Sequence[Decimal], currency: str) -> list[tuple[TaxAmount, ...]]:
    amounts: list[dict[TaxRate, Decimal]] = [{} for _ in lines]
    for rate in dict.fromkeys(rate for line in lines for rate in line.taxes):
        places = [place for place, line in enumerate(lines) if rate in line.taxes]
        exact = [_exact_tax(nets[place], rate, lines[place]) for place in places]
        for place, amount in zip(places, apportioned(exact, currency), strict=True):
            amounts[place][rate] = amount
    return [_amounts(net, by_rate) for net, by_rate in zip(nets, amounts, strict=True)]


def _amounts(net: Decimal, by_rate: Mapping[TaxRate, Decimal]) -> tuple[TaxAmount, ...]:
    taxable = net - _sum(amount for rate, amount in by_rate.items() if rate.inclusive)
    return tuple(
        TaxAmount(rate.id, rate.name, rate.percent, rate.inclusive, taxable, amount) for rate, amount in by_rate.items()
    )


def _priced_line(line: Line, gross: Decimal, own: Decimal, share: Decimal, taxes: tuple[TaxAmount, ...]) -> PricedLine:
    discount = own + share
    net = gross - discount
    taxable = net - _sum(tax.amount for tax in taxes if tax.inclusive)
    total = taxable + _sum(tax.amount for tax in taxes)
    return PricedLine(line.key, gross, discount, net, taxable, taxes, total, own)


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


def _put_down(tender: Tender, open_: Decimal, currency: str) -> Decimal:
    if tender.amount is None:
        return open_ if tender.most is None else min(open_, tender.most)
    if tender.amount <= 0:
        raise TenderNotPositive(method=tender.method, amount=_said(tender.amount, currency))
    if tender.amount != rounded(tender.amount, currency):
        raise BadInput(f"{tender.amount} {currency} can't be paid exactly. Type whole coins.", field="amount")
    return tender.amount


def _said(amount: Decimal, currency: str) -> str:
    return f"{plain(amount, currency)} {currency}"


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal())
