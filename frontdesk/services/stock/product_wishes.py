"""Who waits for a product that is out of stock: written down, told when it comes, ended (features PE13, CI6).

A wish is the customer's, wherever they buy; whether the product is back is asked of the shelf of the shop that asks.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text

from frontdesk.clock import day_of
from frontdesk.errors import BadInput, NotFound, WishOpen
from frontdesk.permissions import Deed
from frontdesk.services.stock.stock_moving import names_of
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.wording import day_words, person
from frontdesk.tables.product_wishes import ProductWish
from frontdesk.text import clean

Outcome = Literal["told", "given_up", "bought"]
OUTCOMES: tuple[Outcome, ...] = ("told", "given_up", "bought")


class WishedAlready(WishOpen):
    """{customer} waits for {product} already, since {since}. That wish is still open."""


@dataclass(frozen=True, kw_only=True)
class AddWish(Write):
    """They want it when it is back."""

    customer_id: int
    product_id: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class EndWish(Write):
    """They wait for it no longer."""

    wish_id: int
    outcome: Outcome = "given_up"
    """They were told that it is here, want it no more, or have bought it without the till knowing who they are."""


@dataclass(frozen=True, kw_only=True)
class ListWishes:
    """Who waits for what; narrowed down by what is said."""

    customer_id: int | None = None
    product_id: int | None = None
    all: bool = False
    """With those that have ended."""


@dataclass(frozen=True)
class Wish:
    """Somebody wants a product."""

    id: int
    customer_id: int
    customer: str
    phone: str
    product_id: int
    product: str
    note: str
    since: dt.datetime
    on_shelf: int
    """How many of it lie on this shop's shelf now."""
    ended_at: dt.datetime | None
    outcome: str | None

    @property
    def is_back(self) -> bool:
        """Whether it can be bought here now."""
        return self.ended_at is None and self.on_shelf > 0


@dataclass(frozen=True)
class WishList:
    """Who waits longest first."""

    wishes: tuple[Wish, ...]


@use_case(Deed.SERVE)
def add_wish(work: Work, request: AddWish) -> Wish:
    """Write down that a customer wants a product when it is back. Raises NotFound, WishedAlready, and BadInput for a
    product that is not counted: nobody could tell when it is back."""
    names_of(work, [request.product_id])
    known = work.session.execute(_KNOWN, {"customer": request.customer_id, "product": request.product_id})
    row = known.one_or_none()
    if row is None:
        raise NotFound(what="customer", name=request.customer_id, remedy="Look them up first.")
    if row.id is not None:
        since = day_words(day_of(row.wished_at, work.shop.timezone))
        raise WishedAlready(
            customer=person(row.first_name, row.last_name, row.code), product=row.product, since=since
        )  # fmt: skip
    wish = ProductWish(
        customer_id=request.customer_id, product_id=request.product_id, note=clean(request.note), wished_at=work.now
    )
    work.session.add(wish)
    work.session.flush()
    work.tell("customer.changed", request.customer_id)
    return _read(work, wish=wish.id)[0]


_KNOWN = text("""
    SELECT c.first_name, c.last_name, c.code, p.name AS product, w.id, w.wished_at
      FROM customers c CROSS JOIN products p
      LEFT JOIN product_wishes w ON w.customer_id = c.id AND w.product_id = p.id AND w.ended_at IS NULL
     WHERE c.id = :customer AND p.id = :product
""")


@use_case(Deed.SERVE)
def end_wish(work: Work, request: EndWish) -> Wish:
    """They wait no longer, and how it ended is kept. Raises BadInput, NotFound."""
    if request.outcome not in OUTCOMES:
        raise BadInput(f"A wish ends as one of {', '.join(OUTCOMES)}.", field="outcome")
    wish = work.session.get(ProductWish, request.wish_id, with_for_update=True)
    if wish is None or wish.ended_at is not None:
        raise NotFound(what="open wish", name=request.wish_id, remedy="Look at who waits: frontdesk stock wishes.")
    wish.ended_at, wish.ended_by, wish.outcome = work.now, work.actor.user_id, request.outcome
    work.session.flush()
    work.tell("customer.changed", wish.customer_id)
    return _read(work, wish=wish.id, ended=True)[0]


@use_case(Deed.SEE_CUSTOMERS)
def list_wishes(work: Work, request: ListWishes) -> WishList:
    """Who waits for what, with how many of it lie on the shelf here."""
    found = _read(work, customer=request.customer_id, product=request.product_id, ended=request.all)
    return WishList(tuple(found))


def _read(
    work: Work, *, wish: int | None = None, customer: int | None = None, product: int | None = None, ended: bool = False
) -> list[Wish]:
    asked = {"shop": work.shop.id, "wish": wish, "customer": customer, "product": product, "ended": ended}
    return [
        Wish(
            row.id, row.customer_id, person(row.first_name, row.last_name, row.code), row.phone or "", row.product_id,
            row.product, row.note, row.wished_at, row.on_shelf, row.ended_at, row.outcome,
        )
        for row in work.session.execute(_WISHES, asked)
    ]  # fmt: skip


_WISHES = text("""
    SELECT w.id, w.customer_id, c.first_name, c.last_name, c.code, c.phone, w.product_id, p.name AS product, w.note,
           w.wished_at, w.ended_at, w.outcome,
           (SELECT CAST(coalesce(sum(m.quantity), 0) AS bigint) FROM stock_moves m
             WHERE m.shop_id = :shop AND m.product_id = w.product_id AND m.location_id IS NULL) AS on_shelf
      FROM product_wishes w JOIN customers c ON c.id = w.customer_id JOIN products p ON p.id = w.product_id
     WHERE (CAST(:wish AS bigint) IS NULL OR w.id = CAST(:wish AS bigint))
       AND (CAST(:customer AS bigint) IS NULL OR w.customer_id = CAST(:customer AS bigint))
       AND (CAST(:product AS bigint) IS NULL OR w.product_id = CAST(:product AS bigint))
       AND (:ended OR w.ended_at IS NULL)
     ORDER BY w.ended_at IS NOT NULL, w.wished_at, w.id
""")
