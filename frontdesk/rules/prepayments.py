"""What holds for money taken before it is earned: when its tax is due, what becomes of what is left, what its codes
look like, and in which order several balances are used (features 6.3)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeVar

from dateutil.relativedelta import relativedelta

from frontdesk.money import apportioned

PrepaidKind = Literal["gift_card", "service_card", "credit", "deposit", "package", "transfer"]
"""A service_card is a gift card for one service."""
KINDS: tuple[PrepaidKind, ...] = ("gift_card", "service_card", "credit", "deposit", "package", "transfer")

TaxPoint = Literal["received", "used"]
TAX_POINTS: tuple[TaxPoint, ...] = ("received", "used")
Forfeit = Literal["kept", "returned", "credit"]
FORFEITS: tuple[Forfeit, ...] = ("kept", "returned", "credit")

LONGEST = 600
"""Months that a prepayment can be good for, when it is not good for ever."""

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of codes made here: without 0, 1, I and O, which people mix up."""
CODE_LENGTH = 12
"""Of codes made here: 60 bits, which nobody guesses at a till."""
_CODE = re.compile(r"[A-Z0-9]{4,32}")
_GAPS = re.compile(r"[\s\-._/]+")


@dataclass(frozen=True, slots=True)
class PrepaidRule:
    """What holds for one kind of prepayment."""

    tax_point: TaxPoint
    """When its tax is due: when the money comes, or when it is used."""
    forfeit: Forfeit
    """What becomes of a deposit whose customer leaves late or does not come, and of what is never used."""
    months: int | None = None
    """How long it can be used; None for ever."""


# A voucher that says what it is for is taxed when it is sold, one that doesn't when it is used, and a payment on
# account of a known service when it comes: Directive 2006/112/EC, Articles 30a, 30b, 65; VATA 1994, Schedule 10B.
_KNOWN_SERVICE: dict[PrepaidKind, PrepaidRule] = {
    "gift_card": PrepaidRule("used", "kept"),
    "service_card": PrepaidRule("received", "kept"),
    "credit": PrepaidRule("used", "kept"),
    "deposit": PrepaidRule("received", "kept"),
    "package": PrepaidRule("received", "kept"),
    "transfer": PrepaidRule("received", "returned"),
}
# Where a sales tax, or a goods and services tax on vouchers, falls due with the service: sales tax law of the American
# states; Excise Tax Act (Canada) 181.2; A New Tax System (GST) Act 1999 (Australia), Divisions 99 and 100.
_WHEN_USED: dict[PrepaidKind, PrepaidRule] = {
    kind: PrepaidRule("used", rule.forfeit) for kind, rule in _KNOWN_SERVICE.items()
}
_BY_COUNTRY = {"US": _WHEN_USED, "CA": _WHEN_USED, "AU": _WHEN_USED}


def default_rule(kind: PrepaidKind, country: str) -> PrepaidRule:
    """What holds in a country until the shop says otherwise. Nothing expires by default, gift cards least of all."""
    return _BY_COUNTRY.get(country, _KNOWN_SERVICE)[kind]


def last_day(months: int | None, issued: dt.date) -> dt.date | None:
    """The last day on which something issued on a day can be used."""
    return None if months is None else issued + relativedelta(months=months)


def code_of(typed: str) -> str:
    """A code as it is kept, however it was typed or scanned: 7qk2-9m4t becomes 7QK29M4T. Empty when it can't be one."""
    code = _GAPS.sub("", typed).upper()
    return code if _CODE.fullmatch(code) else ""


def code_shown(code: str) -> str:
    """A code as people read it: in fours when it is of ours, as it is when it was printed elsewhere."""
    if len(code) != CODE_LENGTH or not set(code) <= set(ALPHABET):
        return code
    return "-".join(code[at : at + 4] for at in range(0, CODE_LENGTH, 4))


T = TypeVar("T")


def drawn_down(balances: Iterable[tuple[T, Decimal]], amount: Decimal) -> list[tuple[T, Decimal]]:
    """How much of each balance pays for an amount, the first ones first; nothing of those it does not reach."""
    taken = []
    for holder, balance in balances:
        part = min(balance, amount)
        if part > 0:
            taken.append((holder, part))
            amount -= part
    return taken


def tax_share(taxes: Sequence[Decimal], balance: Decimal, amount: Decimal, currency: str) -> list[Decimal]:
    """Which part of the taxes inside a balance goes with a part of it, to the cent; all of it with the last."""
    if amount >= balance:
        return list(taxes)
    return apportioned([Fraction(tax) * Fraction(amount) / Fraction(balance) for tax in taxes], currency)
