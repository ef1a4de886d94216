"""What somebody earns of a line: the same arithmetic as the doors that write it (features ST7 to ST11).

Which rule counts is decided in one order. First what it is for: the item itself, its category, a coupon that took
something off the line, the ticket's price class, any line of its kind. Among those that are as near, whose it is: the
stylist's, their level's, everybody's. Among those, the one that began last.

Tiers are reckoned over a pay period and by differences: an entry is what the total with it pays, less what the total
before it paid, each rounded, so that the entries of a rule in a period always add up to what their total pays, in
whichever order they come and go.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from frontdesk.money import rounded, split

Form = Literal["percent", "flat", "tier_whole", "tier_band"]
Base = Literal["list", "discounted", "net", "taxed", "after_cost", "voucher"]
Policy = Literal["withhold", "goodwill", "split"]

FORMS: dict[str, str] = {
    "percent": "a share of the base",
    "flat": "an amount for each",
    "tier_whole": "the whole period at the rate that it reached",
    "tier_band": "each band of the period at its own rate",
}
BASES: dict[str, str] = {
    "list": "the list price",
    "discounted": "the price after discount",
    "net": "the price after discount, without tax",
    "taxed": "the price after discount, with all taxes",
    "after_cost": "the price without tax, less the product used",
    "voucher": "what the package or voucher is worth",
}
KINDS = ("service", "product", "bundle", "package", "membership", "fee")
KEPT_BACK: dict[str, Fraction] = {"withhold": Fraction(1), "split": Fraction(1, 2), "goodwill": Fraction(0)}
"""How much of it a refund takes back, by policy."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Of what and whose a rule is; what is empty is not asked."""

    kind: str = "service"
    stylist_id: int | None = None
    level: str | None = None
    service_id: int | None = None
    product_id: int | None = None
    category_id: int | None = None
    coupon_id: int | None = None
    price_class_id: int | None = None

    @property
    def rank(self) -> tuple[int, int]:
        """Lower counts first: what it is for, then whose it is."""
        what = (self.service_id or self.product_id, self.category_id, self.coupon_id, self.price_class_id, True)
        who = (self.stylist_id, self.level, True)
        return _first(what), _first(who)


def _first(named: Iterable[object]) -> int:
    return next(place for place, each in enumerate(named) if each)


@dataclass(frozen=True, kw_only=True)
class Tier:
    """A band: its rate from this much in the period on."""

    from_amount: Decimal
    percent: Decimal


@dataclass(frozen=True, kw_only=True)
class Reckoning:
    """How a rule reckons."""

    form: str = "percent"
    base: str = "net"
    percent: Decimal | None = None
    flat: Decimal | None = None
    tiers: tuple[Tier, ...] = ()

    @property
    def is_tiered(self) -> bool:
        """Whether it looks at the whole period."""
        return self.form in ("tier_whole", "tier_band")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule and the days on which it holds."""

    id: int
    scope: Scope
    how: Reckoning
    valid_from: dt.date
    valid_until: dt.date
    """The day after the last."""


@dataclass(frozen=True, kw_only=True)
class Sold:
    """A line of a closed ticket, as commission sees it."""

    kind: str
    quantity: Decimal
    list_price: Decimal
    """Of one, as it stands on the price list."""
    gross: Decimal
    discount: Decimal
    taxable: Decimal
    tax: Decimal
    cost: Decimal = Decimal(0)
    """Of one."""
    voucher_value: Decimal | None = None
    """Of one."""
    service_id: int | None = None
    product_id: int | None = None
    category_id: int | None = None
    coupon_ids: frozenset[int] = frozenset()
    price_class_id: int | None = None

    @property
    def total(self) -> Decimal:
        """With all its taxes."""
        return self.taxable + self.tax


def rule_for(rules: Iterable[Rule], sold: Sold, stylist_id: int, level: str, day: dt.date) -> Rule | None:
    """The rule that counts for a line and a pair of hands on a day, or None where nothing was agreed."""
    fitting = [
        rule
        for rule in rules
        if rule.valid_from <= day < rule.valid_until and _fits(rule.scope, sold, stylist_id, level)
    ]
    return min(fitting, key=lambda rule: (*rule.scope.rank, -rule.valid_from.toordinal(), -rule.id), default=None)


def _fits(scope: Scope, sold: Sold, stylist_id: int, level: str) -> bool:
    return (
        scope.kind == sold.kind
        and scope.stylist_id in (None, stylist_id)
        and scope.level in (None, level)
        and scope.service_id in (None, sold.service_id)
        and scope.product_id in (None, sold.product_id)
        and scope.category_id in (None, sold.category_id)
        and (scope.coupon_id is None or scope.coupon_id in sold.coupon_ids)
        and scope.price_class_id in (None, sold.price_class_id)
    )


def base_of(how: Reckoning, sold: Sold, currency: str) -> Decimal:
    """What a rule reckons of a line, before it is shared by hands."""
    return rounded(_base_of(how, sold), currency)


def _base_of(how: Reckoning, sold: Sold) -> Decimal:
    if how.form == "flat":
        return (how.flat or Decimal(0)) * sold.quantity
    match how.base:
        case "list":
            return sold.list_price * sold.quantity
        case "discounted":
            return sold.gross - sold.discount
        case "taxed":
            return sold.total
        case "after_cost":
            return max(sold.taxable - sold.cost * sold.quantity, Decimal(0))
        case "voucher" if sold.voucher_value is not None:
            return sold.voucher_value * sold.quantity
        case _:
            return sold.taxable


def by_hands(base: Decimal, minutes: Sequence[int], currency: str) -> list[Decimal]:
    """A base to those whose hands did it, by their minutes: together they are the base, to the cent."""
    return split(base, list(minutes), currency)


def tier_amount(how: Reckoning, total: Decimal, currency: str) -> Decimal:
    """What a tiered rule pays on the whole of a period.

    4,000.00 with 40 % from 0, 45 % from 2,000 and 50 % from 3,000 is 2,000.00 as the whole at the rate reached, and
    800.00 + 450.00 + 500.00 = 1,750.00 as each band at its own. A bound belongs to the band that it begins.
    """
    if how.form == "tier_whole" or total < 0:
        return rounded(Fraction(total) * Fraction(reached(how, total).percent) / 100, currency)
    return rounded(sum((_share(amount, tier.percent) for tier, amount in bands(how, total)), Fraction()), currency)


def reached(how: Reckoning, total: Decimal) -> Tier:
    """The highest band that a total has come to; the first one below nothing."""
    tiers = sorted(how.tiers, key=lambda tier: tier.from_amount)
    return [tier for tier in tiers if tier.from_amount <= max(total, Decimal(0))][-1]


def bands(how: Reckoning, total: Decimal) -> list[tuple[Tier, Decimal]]:
    """How much of a total lies in each band."""
    tiers = sorted(how.tiers, key=lambda tier: tier.from_amount)
    ends = [tier.from_amount for tier in tiers[1:]] + [total]
    return [
        (tier, min(total, end) - tier.from_amount)
        for tier, end in zip(tiers, ends, strict=True)
        if tier.from_amount < total
    ]


def _share(amount: Decimal, percent: Decimal) -> Fraction:
    return Fraction(amount) * Fraction(percent) / 100


def earned(how: Reckoning, base: Decimal, before: Decimal, currency: str) -> Decimal:
    """What a base earns. `before` is what the period had come to by a tiered rule."""
    if how.is_tiered:
        return tier_amount(how, before + base, currency) - tier_amount(how, before, currency)
    if how.form == "flat":
        return base
    return rounded(_share(base, how.percent or Decimal(0)), currency)


@dataclass(frozen=True, kw_only=True)
class GivenBack:
    """How much of a line went back, before and now, as a part of what it was."""

    whole: Decimal
    before: Decimal
    now: Decimal


def taken_back(base: Decimal, given_back: GivenBack, policy: str, currency: str) -> Decimal:
    """How much of an entry's base goes back with a part of its line. All the parts together are the base, exactly."""
    goes = _gone(base, given_back, given_back.before + given_back.now, currency) - _gone(
        base, given_back, given_back.before, currency
    )
    return rounded(Fraction(goes) * KEPT_BACK[policy], currency)


def _gone(base: Decimal, given_back: GivenBack, part: Decimal, currency: str) -> Decimal:
    return rounded(Fraction(base) * Fraction(part) / Fraction(given_back.whole), currency)


def unearned(how: Reckoning, take: Decimal, left: Decimal, before: Decimal, currency: str) -> Decimal:
    """What taking a part of an entry's base back comes to: nothing or less.

    `left` is what refunds have left of the entry's base so far, `before` what the period had come to.
    """
    if how.is_tiered:
        return tier_amount(how, before - take, currency) - tier_amount(how, before, currency)
    if how.form == "flat":
        return -take
    percent = how.percent or Decimal(0)
    return rounded(_share(left - take, percent), currency) - rounded(_share(left, percent), currency)
