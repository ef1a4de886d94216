"""A ticket as it is wished for: what is sold, what comes off, whose the tip is, and how it is paid (features 4.4).

Shared by whoever shows a ticket, parks it and closes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Off:
    """A discount: a share or an amount."""

    percent: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class SellProduct:
    """A product on the ticket."""

    product_id: int
    quantity: int = 1
    stylist_id: int | None = None
    """Who sold it, for commission."""
    discount: Off | None = None
    price: Decimal | None = None
    """Of one, another than the list's."""


@dataclass(frozen=True, kw_only=True)
class SellGiftCard:
    """A gift card on the ticket, new or topped up."""

    amount: Decimal | None = None
    """Its money; of a card for a service, that service's price when it is not said."""
    code: str = ""
    """As printed on the card; made when it is empty."""
    service_id: int | None = None
    """For this service only."""
    customer_id: int | None = None
    """Whom it is for."""


@dataclass(frozen=True, kw_only=True)
class SellPackage:
    """A package or a membership on the ticket."""

    package_id: int
    customer_id: int | None = None
    """Whose it becomes, when it is not the payer's."""
    stylist_id: int | None = None
    """Who sold it, for commission."""


@dataclass(frozen=True, kw_only=True)
class UseSession:
    """A session of a package that pays for a line of a visit."""

    line_id: int
    customer_package_id: int | None = None
    """None for a package on this ticket that is sold with it."""


@dataclass(frozen=True, kw_only=True)
class TakeDeposit:
    """Money for a visit that is still to come."""

    appointment_id: int
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class PayAccount:
    """A customer pays what they owe, oldest first."""

    customer_id: int
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Pay:
    """What the customer puts down. Without an amount it takes the rest."""

    method: str
    amount: Decimal | None = None
    approval_code: str | None = None
    """Of the card terminal."""
    code: str = ""
    """Of a gift card or a voucher."""
    issuer_id: int | None = None
    """Who issued the voucher."""
    card_payment_id: int | None = None
    """What a card terminal of ours has charged."""
    customer_card_id: int | None = None
    """Which card on file the terminal is to charge."""
    keep_change: bool = False
    """Cash: what is over is a tip."""


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A ticket as it is wished for."""

    appointment_ids: tuple[int, ...] = ()
    """Visits paid for: one, several, or none for products alone."""
    products: tuple[SellProduct, ...] = ()
    line_discounts: dict[int, Off] = field(default_factory=dict)
    """By line of a visit."""
    discount: Off | None = None
    """On the whole ticket."""
    tip: Decimal = Decimal(0)
    tip_stylist_id: int | None = None
    """Whose the tip is; shared by what each did when it is not said."""
    tenders: tuple[Pay, ...] = ()
    customer_id: int | None = None
    """Who pays, when it is not the visit's customer."""
    fee_ids: tuple[int, ...] = ()
    """Fees for late cancellations and no-shows that are paid with it (features BK26)."""
    gift_cards: tuple[SellGiftCard, ...] = ()
    packages: tuple[SellPackage, ...] = ()
    sessions: tuple[UseSession, ...] = ()
    deposits: tuple[TakeDeposit, ...] = ()
    accounts: tuple[PayAccount, ...] = ()
    line_prices: dict[int, Decimal] = field(default_factory=dict)
    """Other prices than the visit's, by its line."""
    coupons: tuple[str, ...] = ()
    """Codes."""
    price_class_id: int | None = None
    """Staff, model, friends and family."""
    tax_exempt_reason: str = ""
    """Why no tax is taken."""
    tip_to: dict[int, Decimal] = field(default_factory=dict)
    """Who gets which part of the tip, by stylist, assistants too; the rest is shared as without it."""
    discount_reason: str = ""
    """Why something comes off, or why a price was typed."""
    drawer_session_id: int | None = None
    """Into which drawer; the shop's only open one when it is not said."""
