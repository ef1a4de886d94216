"""Store credit: given with a reason, by somebody, for something, until some day, and used oldest-to-expire first
(features CO8)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound, ReasonMissing
from frontdesk.permissions import Deed
from frontdesk.services.customers.because import Because
from frontdesk.services.prepaid import prepaid
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.prepaid import Prepayment
from frontdesk.tables.sales import Payment, Sale
from frontdesk.text import clean

Limit = Literal["", "services", "products"]
LIMITS: tuple[Limit, ...] = ("", "services", "products")


@dataclass(frozen=True, kw_only=True)
class GiveCredit(Write):
    """Money a customer may use here, for a reason."""

    customer_id: int
    amount: Decimal
    reason: str
    limited_to: Limit = ""
    """services, products, or empty for anything."""
    expires_on: dt.date | None = None
    """Its last day; the shop's rule when it is not said."""


@dataclass(frozen=True, kw_only=True)
class ListCredit:
    """Somebody's credit, or everybody's."""

    customer_id: int | None = None
    all: bool = False
    """With what is used up, of everybody."""


@dataclass(frozen=True)
class Credit:
    """One credit: why it was given, by whom, what for, until when, and what is left."""

    id: int
    customer_id: int
    customer: str
    reason: str
    given_by: str
    given_at: dt.datetime
    limited_to: str
    expires_on: dt.date | None
    is_over: bool
    given: Decimal
    balance: Decimal


@dataclass(frozen=True)
class Credits:
    """What expires first comes first."""

    credits: tuple[Credit, ...]
    total: Decimal
    """What can still be used."""


@use_case(Deed.GIVE_CREDIT)
def give_credit(work: Work, request: GiveCredit) -> Credit:
    """Let a customer have something for free, or for money that is not given back. Raises ReasonMissing, BadInput,
    NotFound."""
    amount = amount_of(work, request.amount, "amount")
    if not amount:
        raise BadInput("Credit of nothing helps nobody. Type how much.", field="amount")
    if request.expires_on and request.expires_on < work.desk.today:
        raise BadInput("That day has passed. Choose the last day on which it can be used.", field="expires_on")
    given = grant_credit(
        work,
        request.customer_id,
        amount,
        request.reason,
        limited_to=request.limited_to,
        expires_on=request.expires_on,
    )
    work.tell("customer.changed", request.customer_id)
    return _credit(work, prepaid.holdings(work, "ids", ids=[given.id])[0])


def grant_credit(
    work: Work,
    customer_id: int,
    amount: Decimal,
    reason: str,
    *,
    limited_to: Limit = "",
    expires_on: dt.date | None = None,
    sale: Sale | None = None,
    payment: Payment | None = None,
) -> Prepayment:
    """Credit in the caller's transaction; a refund to credit names itself and its negative payment of method credit.

    Raises ReasonMissing, BadInput, NotFound. The caller has asked who may give it.
    """
    why = clean(reason)
    if not why:
        raise ReasonMissing
    if limited_to not in LIMITS:
        raise BadInput("Credit is for services, for products, or for anything.", field="limited_to")
    if work.session.execute(_CUSTOMER, {"id": customer_id}).scalar() is None:
        raise NotFound(what="customer", name=customer_id, remedy="Look them up first.")
    rule = prepaid.rule_of(work, "credit")
    given = prepaid.issue(
        work, "credit", rule, expires_on=expires_on, customer_id=customer_id, reason=why, limited_to=limited_to
    )
    because = Because(sale.id if sale else None, payment_id=payment.id if payment else None, reason=why)
    prepaid.enter(work, given.id, "received", amount, because)
    return given


_CUSTOMER = text("SELECT id FROM customers WHERE id = :id")


@use_case(Deed.SELL)
def list_credit(work: Work, request: ListCredit) -> Credits:
    """Credit that can be used, what expires first before what lasts."""
    if request.customer_id is not None:
        found = prepaid.holdings(work, "customer", customer=request.customer_id, kind="credit")
    else:
        found = prepaid.holdings(work, "kind", kind="credit", all=request.all)
    credits_ = tuple(_credit(work, one) for one in found)
    usable = (one.balance for one in credits_ if not one.is_over)
    return Credits(credits_, sum(usable, prepaid.nothing(work)))


def _credit(work: Work, one: prepaid.Holding) -> Credit:
    assert one.customer_id is not None
    return Credit(
        one.id,
        one.customer_id,
        one.customer,
        one.reason,
        one.issued_by,
        one.issued_at,
        one.limited_to,
        one.expires_on,
        one.is_over(work.desk.today),
        one.received,
        one.balance,
    )
