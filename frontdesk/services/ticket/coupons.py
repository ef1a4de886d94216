"""Coupons: what a code takes off, how often and when it is taken, and each use of it (features CO6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.errors import BadInput, CouponUsedByCustomer, CouponUsedUp, NotFound, Refusal
from frontdesk.money import money_text, rounded
from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY
from frontdesk.rules.pricing import Discount
from frontdesk.services.ticket.items import Item
from frontdesk.services.ticket.ticket_wishes import Ticket
from frontdesk.services.typed import given
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.wording import day_words
from frontdesk.tables.discounts import Coupon, CouponUse
from frontdesk.tables.sales import Sale
from frontdesk.text import clean

_MOST = 1_000_000
"""Uses that can be asked for; beyond them it is any number."""


class CouponUnknown(Refusal):
    """There is no coupon {code} here. Check the code, or take it off the ticket."""


class CouponNotNow(Refusal):
    """Coupon {code} {when}. Take it off the ticket."""


class CouponForCustomers(Refusal):
    """Coupon {code} counts how often each customer uses it. Say who pays."""


class CouponForNothing(Refusal):
    """Coupon {code} is for {what}, and nothing of that is on the ticket. Take it off, or add what it is for."""


class CouponMinimum(Refusal):
    """Coupon {code} is for {minimum} or more of {what}, and the ticket has {have}. Take it off, or add to the
    ticket."""


class CouponAlone(Refusal):
    """Coupon {code} is not given beside another discount. Take off one of the two."""


class CouponTwice(Refusal):
    """Coupon {code} is on the ticket already. Once is enough."""


@dataclass(frozen=True)
class TicketCoupon:
    """A coupon on a ticket."""

    id: int
    code: str
    name: str
    discount: Discount
    reaches: frozenset[int | str]
    """Places of the ticket's lines."""


def coupons_on(work: Work, ticket: Ticket, items: Sequence[Item], payer: int | None) -> tuple[TicketCoupon, ...]:
    """The ticket's coupons in the order they are taken off, each with the lines that it reaches.

    Raises what speaks against any: unknown, not now, used up, for something else, too little, not beside another.
    """
    if not ticket.coupons:
        return ()
    codes = [code_of(code) for code in ticket.coupons]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice:
        raise CouponTwice(code=twice)
    asked = {"codes": codes, "customer": payer}
    rows = {row.code: row for row in work.session.execute(_COUPONS, asked)}
    found = [_on_ticket(work, rows.get(code), code, items, payer) for code in codes]
    others = len(codes) > 1 or ticket.discount or ticket.price_class_id or any(item.discount for item in items)
    for code in codes:
        if others and not rows[code].stacks:
            raise CouponAlone(code=code)
    return tuple(found)


def code_of(typed: str) -> str:
    """A coupon's code as it is kept: capitals, no spaces around it."""
    return clean(typed).upper()


_COUPONS = text("""
    SELECT c.*, s.name AS service, p.name AS product,
           (SELECT coalesce(sum(u.uses), 0) FROM coupon_uses u WHERE u.coupon_id = c.id) AS used,
           (SELECT coalesce(sum(u.uses), 0) FROM coupon_uses u
             WHERE u.coupon_id = c.id AND u.customer_id = CAST(:customer AS bigint)) AS used_by_customer
      FROM coupons c LEFT JOIN services s ON s.id = c.service_id LEFT JOIN products p ON p.id = c.product_id
     WHERE c.code = ANY (CAST(:codes AS text[]))
""")


def _on_ticket(work: Work, row: Any, code: str, items: Sequence[Item], payer: int | None) -> TicketCoupon:  # noqa: ANN401  a row
    currency, today = work.shop.currency, work.desk.today
    if row is None or not row.is_active or (row.currency and row.currency != currency):
        raise CouponUnknown(code=code or "without a code")
    if today < row.valid_from:
        raise CouponNotNow(code=code, when=f"is good from {day_words(row.valid_from)} on")
    if today >= row.valid_until:
        raise CouponNotNow(code=code, when=f"was good until {day_words(row.valid_until - DAY)}")
    if row.uses is not None and row.used >= row.uses:
        raise CouponUsedUp
    if row.per_customer is not None:
        if payer is None:
            raise CouponForCustomers(code=code)
        if row.used_by_customer >= row.per_customer:
            raise CouponUsedByCustomer
    reached = {place: item for place, item in enumerate(items) if item.is_discounted and _is_for(row, item)}
    if not reached:
        raise CouponForNothing(code=code, what=_what(row))
    have = rounded(sum((item.unit_price * item.quantity for item in reached.values()), Decimal(0)), currency)
    if have < row.minimum:
        said, minimum = (money_text(one, currency, work.shop.locale) for one in (have, row.minimum))
        raise CouponMinimum(code=code, minimum=minimum, what=_what(row), have=said)
    return TicketCoupon(row.id, code, row.name, Discount(percent=row.percent, amount=row.amount), frozenset(reached))


def _is_for(row: Any, item: Item) -> bool:  # noqa: ANN401  a row
    if row.service_id or row.product_id:
        return (row.service_id is not None and row.service_id == item.service_id) or (
            row.product_id is not None and row.product_id == item.product_id
        )
    return (row.on_services and item.kind == "service") or (row.on_products and item.kind == "product")


def _what(row: Any) -> str:  # noqa: ANN401  a row
    if row.service or row.product:
        return " or ".join(name for name in (row.service, row.product) if name)
    return " and ".join(["services"] * row.on_services + ["products"] * row.on_products)


def use(work: Work, sale: Sale, coupons: Iterable[TicketCoupon]) -> None:
    """Write that a sale uses them; of two tills that use the last of one, the second meets CouponUsedUp."""
    for coupon in sorted(coupons, key=lambda one: one.id):
        work.session.add(
            CouponUse(
                shop_id=sale.shop_id,
                coupon_id=coupon.id,
                sale_id=sale.id,
                customer_id=sale.customer_id,
                uses=1,
                at=work.now,
            )
        )
        work.session.flush()


@dataclass(frozen=True, kw_only=True)
class AddCoupon(Write):
    """A code that takes something off."""

    code: str
    name: str = ""
    """What it is called on the receipt; its code when it is empty."""
    percent: Decimal | None = None
    amount: Decimal | None = None
    """Or a sum, in the shop's currency."""
    minimum: Decimal = Decimal(0)
    valid_from: dt.date | None = None
    """Always, when it is not given."""
    last_day: dt.date | None = None
    uses: int | None = None
    """How often in all; any number when it is not given."""
    per_customer: int | None = None
    on_services: bool = True
    on_products: bool = True
    service_id: int | None = None
    """For this service alone."""
    product_id: int | None = None
    stacks: bool = True
    """Whether it is given beside another discount."""


@dataclass(frozen=True, kw_only=True)
class EditCoupon(AddCoupon):
    """A coupon as it shall be from now on, all of it."""

    coupon_id: int
    is_active: bool = True
    """Whether it is taken; one that ended is taken again."""


@dataclass(frozen=True, kw_only=True)
class EndCoupon(Write):
    """Take a coupon no longer."""

    coupon_id: int


@dataclass(frozen=True, kw_only=True)
class ListCoupons:
    """What codes there are."""

    all: bool = False
    """With those that are not taken any more."""


@dataclass(frozen=True)
class CouponCard:
    """A coupon, and how often it was used."""

    id: int
    code: str
    name: str
    percent: Decimal | None
    amount: Decimal | None
    currency: str | None
    minimum: Decimal
    valid_from: dt.date | None
    last_day: dt.date | None
    uses: int | None
    per_customer: int | None
    used: int
    what: str
    """What it is for: `services and products`, `Cut`."""
    stacks: bool
    is_active: bool
    on_services: bool
    on_products: bool
    service_id: int | None
    product_id: int | None


@dataclass(frozen=True)
class Coupons:
    """By code."""

    coupons: tuple[CouponCard, ...]


@use_case(Deed.EDIT_CATALOGUE)
def add_coupon(work: Work, request: AddCoupon) -> CouponCard:
    """Make a coupon. Raises BadInput naming the field, NameTaken when there is one of that code."""
    coupon = Coupon(**_columns(work, request))
    work.session.add(coupon)
    work.session.flush()
    work.tell("coupon.added", coupon.id)
    return _card(work.session.execute(_LIST, {"id": coupon.id, "all": True}).one())


@use_case(Deed.EDIT_CATALOGUE)
def edit_coupon(work: Work, request: EditCoupon) -> CouponCard:
    """Change a coupon from the next ticket on; what it took off before stays, and so does how often it was used.

    Raises NotFound, BadInput naming the field, NameTaken.
    """
    coupon = work.session.get(Coupon, request.coupon_id, with_for_update=True)
    if coupon is None:
        raise NotFound(what="coupon", name=request.coupon_id, remedy="Look at the list of coupons.")
    if coupon.currency not in (None, work.shop.currency):
        problem = f"{coupon.code} is in {coupon.currency}. Change it in a shop that takes {coupon.currency}."
        raise BadInput(problem, field="amount")
    for column, value in {**_columns(work, request), "is_active": request.is_active}.items():
        setattr(coupon, column, value)
    work.session.flush()
    work.tell("coupon.changed", coupon.id)
    return _card(work.session.execute(_LIST, {"id": coupon.id, "all": True}).one())


def _columns(work: Work, request: AddCoupon) -> dict[str, Any]:
    """What is kept of a coupon that adds up. Raises BadInput naming the field."""
    code = code_of(given(request.code, "coupon", "a code, like SPRING10", "code"))
    if " " in code:
        raise BadInput("A code is one word, so that it can be typed at the till: SPRING10.", field="code")
    if (request.percent is None) == (request.amount is None):
        raise BadInput("A coupon takes off a share or a sum: say one of the two.", field="percent")
    if request.percent is not None and not 0 < request.percent <= 100:
        raise BadInput("The percent has to be above 0 and at most 100. Type 10, for example.", field="percent")
    currency = work.shop.currency
    for name, amount in (("amount", request.amount), ("minimum", request.minimum or None)):
        if amount is not None and (amount <= 0 or rounded(amount, currency) != amount):
            raise BadInput(f"The {name} has to be whole coins above nothing. Type 5.00, for example.", field=name)
    for name, times in (("uses", request.uses), ("per_customer", request.per_customer)):
        if times is not None and not 1 <= times <= _MOST:
            raise BadInput(f"A coupon is good once to {_MOST:,} times. Leave it off for any number.", field=name)
    if not (request.on_services or request.on_products or request.service_id or request.product_id):
        raise BadInput("Say what the coupon is for: services, products, or one of them.", field="on_services")
    if request.last_day and request.last_day < (request.valid_from or dt.date.min):
        raise BadInput("The last day lies before the first. Type a later day.", field="last_day")
    return {
        "code": code,
        "name": clean(request.name) or code,
        "percent": request.percent,
        "amount": request.amount,
        "currency": currency if request.amount is not None or request.minimum else None,
        "minimum": request.minimum,
        "valid_from": request.valid_from or dt.date.min,
        "valid_until": min(request.last_day, dt.date.max - DAY) + DAY if request.last_day else dt.date.max,
        "uses": request.uses,
        "per_customer": request.per_customer,
        "on_services": request.on_services,
        "on_products": request.on_products,
        "service_id": request.service_id,
        "product_id": request.product_id,
        "stacks": request.stacks,
    }


@use_case(Deed.EDIT_CATALOGUE)
def end_coupon(work: Work, request: EndCoupon) -> CouponCard:
    """Take it no longer; tickets that used it stay as they are. Raises NotFound."""
    coupon = work.session.get(Coupon, request.coupon_id, with_for_update=True)
    if coupon is None:
        raise NotFound(what="coupon", name=request.coupon_id, remedy="Look at the list of coupons.")
    coupon.is_active = False
    work.session.flush()
    work.tell("coupon.ended", coupon.id)
    return _card(work.session.execute(_LIST, {"id": coupon.id, "all": True}).one())


@use_case(Deed.SELL)
def list_coupons(work: Work, request: ListCoupons) -> Coupons:
    """The codes, each with how often it was used."""
    rows = work.session.execute(_LIST, {"id": None, "all": request.all})
    return Coupons(tuple(_card(row) for row in rows))


_LIST = text("""
    SELECT c.*, s.name AS service, p.name AS product,
           (SELECT coalesce(sum(u.uses), 0) FROM coupon_uses u WHERE u.coupon_id = c.id) AS used
      FROM coupons c LEFT JOIN services s ON s.id = c.service_id LEFT JOIN products p ON p.id = c.product_id
     WHERE (CAST(:id AS bigint) IS NULL OR c.id = :id) AND (:all OR c.is_active)
     ORDER BY c.code
""")


def _card(row: Any) -> CouponCard:  # noqa: ANN401  a row
    return CouponCard(
        row.id,
        row.code,
        row.name,
        row.percent,
        row.amount,
        row.currency,
        row.minimum,
        row.valid_from if row.valid_from != dt.date.min else None,
        row.valid_until - DAY if row.valid_until != dt.date.max else None,
        row.uses,
        row.per_customer,
        int(row.used),
        _what(row),
        row.stacks,
        row.is_active,
        row.on_services,
        row.on_products,
        row.service_id,
        row.product_id,
    )
