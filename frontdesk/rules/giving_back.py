"""What goes back of a sale: parts of its lines with their taxes, and by which tenders. Arithmetic only (features CO13).

What is left of a line is shared out, never the line as it was sold: however often something is given back, the last
part takes the last cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from frontdesk.errors import BadInput, Refusal
from frontdesk.money import plain, rounded, split
from frontdesk.rules.pricing import CASH, TaxAmount

PACKAGE = "package"
"""The tender that pays for one line and goes back with that line only."""


class MoreThanLeft(Refusal):
    """Only {left} is left of {what}, not {asked}. Give back {left} at most."""


@dataclass(frozen=True, slots=True)
class LineLeft:
    """What of a line has not gone back yet. A line of negative total has all of it negative."""

    key: int
    name: str
    quantity: Decimal
    gross: Decimal
    discount: Decimal
    taxable: Decimal
    taxes: tuple[TaxAmount, ...]
    total: Decimal
    by_package: bool = False
    """Whether a package's session paid for it."""

    @property
    def is_gone(self) -> bool:
        """Whether nothing is left of it."""
        return not (self.quantity or self.total or self.gross or self.taxable)


@dataclass(frozen=True, slots=True)
class TenderLeft:
    """What of a tender has not gone back yet."""

    key: int
    method: str
    amount: Decimal


def by_quantity(line: LineLeft, quantity: Decimal, currency: str) -> LineLeft:
    """So many of a line, with their part of what is left of its price. Raises MoreThanLeft and BadInput."""
    if not quantity or (quantity < 0) != (line.quantity < 0):
        raise BadInput(f"Say how many of {line.name} come back: 1, or more.", field="quantity")
    if abs(quantity) > abs(line.quantity):
        raise MoreThanLeft(left=f"{line.quantity.normalize():f}", what=line.name, asked=f"{quantity.normalize():f}")
    if quantity == line.quantity:
        return line
    share = Fraction(quantity) / Fraction(line.quantity)
    part = _part(line, rounded(Fraction(line.total) * share, currency), share, currency)
    return replace(part, quantity=quantity)


def by_amount(line: LineLeft, amount: Decimal, currency: str) -> LineLeft:
    """So much money of a line and no thing; all that is left of its price leaves the thing there. Raises MoreThanLeft
    and BadInput."""
    if not amount or (amount < 0) != (line.total < 0):
        raise BadInput(f"Say how much of {line.name} goes back.", field="amount")
    if abs(amount) > abs(line.total):
        raise MoreThanLeft(left=_said(line.total, currency), what=line.name, asked=_said(amount, currency))
    part = line if amount == line.total else _part(line, amount, Fraction(amount) / Fraction(line.total), currency)
    return replace(part, quantity=Decimal(0))


def spread(lines: Sequence[LineLeft], amount: Decimal, currency: str) -> list[LineLeft]:
    """An amount over the lines in proportion to what is left of each, to the cent (largest remainder). What a session
    paid for is no money: it goes back with its whole line.

    Raises MoreThanLeft.
    """
    paid = [line for line in lines if line.total > 0 and not line.by_package]
    whole = sum((line.total for line in paid), Decimal())
    if amount > whole:
        raise MoreThanLeft(left=_said(whole, currency), what="this sale", asked=_said(amount, currency))
    shares = split(amount, [line.total for line in paid], currency)
    return [by_amount(line, share, currency) for line, share in zip(paid, shares, strict=True) if share]


def tenders_back(
    amount: Decimal, of_packages: Decimal, tenders: Sequence[TenderLeft], currency: str
) -> dict[int, Decimal]:
    """How much goes back by each tender: what packages paid to them, then what was not cash, then cash.

    Raises MoreThanLeft when the tenders have less left than that.
    """
    rest, back = amount, dict.fromkeys((tender.key for tender in tenders), Decimal())
    packages = [tender for tender in tenders if tender.method == PACKAGE]
    others = sorted((tender for tender in tenders if tender.method != PACKAGE), key=lambda one: one.method == CASH)
    for turn, limit in ((packages, min(of_packages, amount)), (others, amount)):
        for tender in turn:
            most = min(tender.amount - back[tender.key], limit, rest)
            back[tender.key] += most
            rest, limit = rest - most, limit - most
    if rest:
        left = amount - rest
        raise MoreThanLeft(left=_said(left, currency), what="what was paid", asked=_said(amount, currency))
    return {key: part for key, part in back.items() if part}


def wished_back(
    amount: Decimal, wishes: Sequence[tuple[int, Decimal]], tenders: Sequence[TenderLeft], currency: str
) -> dict[int, Decimal]:
    """The same as somebody wishes it, tender by tender. Raises BadInput and MoreThanLeft."""
    left = {tender.key: tender for tender in tenders}
    back: dict[int, Decimal] = {}
    for key, wish in wishes:
        if key not in left or wish <= 0 or key in back:
            raise BadInput("That is no tender of this sale with anything left. Look at the receipt.", field="tenders")
        if wish > left[key].amount:
            most = _said(left[key].amount, currency)
            raise MoreThanLeft(left=most, what=f"what was paid by {left[key].method}", asked=_said(wish, currency))
        back[key] = wish
    said = sum(back.values(), Decimal())
    if said != amount:
        raise BadInput(
            f"{_said(amount, currency)} goes back, and the tenders say {_said(said, currency)}. Make them the same.",
            field="tenders",
        )
    return back


def cash_rounding(cash: Decimal, step: Decimal, most: Decimal, currency: str) -> Decimal:
    """What has to be added to cash that goes back so that there are coins for it; never more than was paid."""
    if not step or not cash:
        return rounded(Decimal(), currency)
    steps = rounded(Fraction(cash) / Fraction(step), "JPY")
    to_the_coin = rounded(steps * step, currency)
    if to_the_coin > most:
        to_the_coin -= step
    return to_the_coin - cash


def _part(line: LineLeft, total: Decimal, share: Fraction, currency: str) -> LineLeft:
    """A part of a line: total = taxable + taxes, gross - discount = what was to pay before taxes on top."""
    weights = [line.taxable, *(tax.amount for tax in line.taxes)]
    if sum(weights):
        taxable, *amounts = split(total, weights, currency)
    else:
        amounts = [rounded(Fraction(tax.amount) * share, currency) for tax in line.taxes]
        taxable = total - sum(amounts, Decimal())
    taxes = tuple(
        replace(tax, amount=amount, taxable=_base(tax, line, taxable, share, currency))
        for tax, amount in zip(line.taxes, amounts, strict=True)
    )
    on_top = sum((tax.amount for tax in taxes if not tax.inclusive), Decimal())
    discount = rounded(Fraction(line.discount) * share, currency)
    return replace(line, gross=total - on_top + discount, discount=discount, taxable=taxable, taxes=taxes, total=total)


def _base(tax: TaxAmount, line: LineLeft, taxable: Decimal, share: Fraction, currency: str) -> Decimal:
    return taxable if tax.taxable == line.taxable else rounded(Fraction(tax.taxable) * share, currency)


def _said(amount: Decimal, currency: str) -> str:
    return f"{plain(amount, currency)} {currency}"
