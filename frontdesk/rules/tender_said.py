"""What a line of the till says, once it is read (`tender_line` reads it)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from frontdesk.money import rounded
from frontdesk.rules.pricing import Discount

TAKEN_BACK = ("tip", "discount", "coupon", "class", "exempt", "session", "price")
"""What `no` takes back."""


@dataclass(frozen=True, slots=True)
class TypedTender:
    """One way of paying; without an amount it takes the rest, or all there is of it."""

    method: str
    amount: Decimal | None = None
    approval_code: str | None = None
    """Of the card terminal."""
    code: str = ""
    """Of a gift card or a voucher, or what a transfer is known by."""
    issuer_id: int | None = None
    """Whose voucher it is, when that was said."""
    keep_change: bool = False
    customer_card_id: int | None = None
    """Which card on file is charged."""


@dataclass(frozen=True, slots=True)
class TypedTip:
    """A tip, as a sum or as a share of the services, and whose it is when that was said."""

    amount: Decimal | None = None
    percent: Decimal | None = None
    stylist_id: int | None = None
    is_more: bool = False
    """It comes to what is there already, and does not replace it: `+ tip cara 5`."""

    def of(self, total: Decimal, currency: str) -> Decimal:
        """The tip in money, when it is a share of this."""
        return self.amount if self.amount is not None else rounded(total * (self.percent or 0) / 100, currency)


@dataclass(frozen=True, slots=True)
class TenderLine:
    """What a line says. All of it may be missing."""

    tenders: tuple[TypedTender, ...] = ()
    tips: tuple[TypedTip, ...] = ()
    discount: Discount | None = None
    price: Decimal | None = None
    """What the line under the cursor costs, of one."""
    reason: str = ""
    """Why the discount is given, or the price is another."""
    coupons: tuple[str, ...] = ()
    price_class_id: int | None = None
    exempt: str = ""
    """Why no tax is taken."""
    uses_sessions: bool = False
    """Sessions of packages pay for what they can."""
    without: frozenset[str] = frozenset()
    """What is taken back, of `TAKEN_BACK`."""


@dataclass(frozen=True, slots=True)
class Known:
    """Who and what can be named on a line, by number and name."""

    stylists: tuple[tuple[int, str], ...] = ()
    issuers: tuple[tuple[int, str], ...] = ()
    """Of vouchers."""
    classes: tuple[tuple[int, str], ...] = ()
    """Of prices."""
    cards: tuple[tuple[int, str], ...] = ()
    """On file, of whoever pays, by their last four digits."""
