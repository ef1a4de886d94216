"""How much is asked for before somebody comes, and what of it may be kept (features BK24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from frontdesk.money import rounded

Who = Literal["all", "new", "no_show"]
WHO: tuple[Who, ...] = ("all", "new", "no_show")
WHO_WORDS: dict[Who, str] = {"all": "everybody", "new": "new customers", "no_show": "customers who once did not come"}


@dataclass(frozen=True, slots=True)
class DepositRule:
    """What one rule asks for."""

    service_id: int | None
    category_id: int | None
    who: Who
    percent: Decimal | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class DepositLine:
    """A line of a visit that is still to come."""

    service_id: int
    category_id: int | None
    price: Decimal
    """For all of it."""


def asked_for(
    lines: Sequence[DepositLine],
    rules: Sequence[DepositRule],
    *,
    is_new: bool,
    missed_one: bool,
    currency: str,
) -> Decimal:
    """The deposit for a visit. Of the rules that apply to its customer, the narrowest holds for each line: its service
    before its category before all; and of several that are as narrow, the one that asks for most. Never more than the
    price."""
    asked = rounded(Decimal(0), currency)
    applying = {"all"} | ({"new"} if is_new else set()) | ({"no_show"} if missed_one else set())
    for line in lines:
        known = [rule for rule in rules if rule.who in applying]
        for narrow in (
            [rule for rule in known if rule.service_id == line.service_id],
            [rule for rule in known if line.category_id is not None and rule.category_id == line.category_id],
            [rule for rule in known if rule.service_id is None and rule.category_id is None],
        ):
            if narrow:
                asked += max(_of(rule, line.price, currency) for rule in narrow)
                break
    return asked


def _of(rule: DepositRule, price: Decimal, currency: str) -> Decimal:
    if rule.amount is not None:
        return min(rounded(rule.amount, currency), price)
    return rounded(price * (rule.percent or Decimal(0)) / 100, currency)


def fee_beside(fee: Decimal, deposit: Decimal, price: Decimal) -> Decimal:
    """What may still be asked for leaving or missing lines of a price when a deposit for them is kept: together never
    more than the price."""
    return max(min(fee, price - deposit), fee * 0)
