"""What was agreed with one customer: their own length or price of a service, with one stylist or all (features SV7).

"Remember 60 minutes for Jane with Anna": the next booking uses them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.permissions import Deed
from frontdesk.services.menu.terms import Own
from frontdesk.services.placing.candidates import the_one, wanted
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.wording import person
from frontdesk.tables.terms import Accommodation


@dataclass(frozen=True, kw_only=True)
class RememberAccommodation(Write):
    """A length, a price or both, for every booking from now on; what is None stays as it was."""

    customer_id: int
    service_id: int
    stylist_id: int | None = None
    """With whom; with anybody when it is None."""
    minutes: int | None = None
    """What the customer is told."""
    price: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class ListAccommodations:
    """What was agreed with a customer."""

    customer_id: int


@dataclass(frozen=True, kw_only=True)
class ForgetAccommodation(Write):
    """From now on the menu, the level and the stylist decide again."""

    accommodation_id: int


@dataclass(frozen=True)
class AccommodationCard:
    """One thing that was agreed with a customer."""

    id: int
    customer_id: int
    customer: str
    service_id: int
    service: str
    stylist_id: int | None
    stylist: str | None
    """None for whoever does it."""
    minutes: int | None
    price: Decimal | None


@dataclass(frozen=True)
class Accommodations:
    """What was agreed with a customer, by service and stylist."""

    customer: str
    accommodations: tuple[AccommodationCard, ...]


@use_case(Deed.EDIT_CUSTOMERS)
def remember_accommodation(work: Work, request: RememberAccommodation) -> AccommodationCard:
    """Remember a customer's own length or price; visits that are booked stay as they are.

    Raises NotFound, CannotDo for a stylist who does not do the service, BadInput naming the field.
    """
    _customer(work, request.customer_id)
    if request.minutes is None and request.price is None:
        raise BadInput("Say how many minutes, or which price, shall be remembered.", field="minutes")
    if request.minutes is not None and request.minutes > 1440:
        raise BadInput("A service lasts a day at most. Give it 1440 minutes or fewer.", field="minutes")
    (need,) = wanted(work.session, work.shop.id, [request.service_id], own=[Own(request.minutes)])
    if request.stylist_id is not None:
        the_one(work.session, need, request.stylist_id)
    price = None if request.price is None else amount_of(work, request.price, "price")
    remembered = work.session.execute(
        _REMEMBER,
        {
            "customer": request.customer_id,
            "service": request.service_id,
            "stylist": request.stylist_id,
            "minutes": request.minutes,
            "price": price,
        },
    ).scalar_one()
    work.tell("customer.changed", request.customer_id)
    return next(each for each in _cards(work, request.customer_id) if each.id == remembered)


@use_case(Deed.SEE_CUSTOMERS)
def list_accommodations(work: Work, request: ListAccommodations) -> Accommodations:
    """What was agreed with a customer. Raises NotFound."""
    return Accommodations(_customer(work, request.customer_id), _cards(work, request.customer_id))


@use_case(Deed.EDIT_CUSTOMERS)
def forget_accommodation(work: Work, request: ForgetAccommodation) -> Accommodations:
    """Forget what was agreed, and answer what is left. Raises NotFound."""
    row = work.session.get(Accommodation, request.accommodation_id)
    if row is None:
        remedy = "Look at what was agreed with the customer."
        raise NotFound(what="accommodation", name=request.accommodation_id, remedy=remedy)
    customer_id = row.customer_id
    work.session.delete(row)
    work.session.flush()
    work.tell("customer.changed", customer_id)
    return Accommodations(_customer(work, customer_id), _cards(work, customer_id))


def _customer(work: Work, customer_id: int) -> str:
    row = work.session.execute(_CUSTOMER, {"customer": customer_id}).one_or_none()
    if row is None:
        raise NotFound(what="customer", name=customer_id, remedy="Look them up, or add them first.")
    return person(row.first_name, row.last_name, row.code)


def _cards(work: Work, customer_id: int) -> tuple[AccommodationCard, ...]:
    return tuple(_card(row) for row in work.session.execute(_CARDS, {"customer": customer_id}))


def _card(row: Any) -> AccommodationCard:  # noqa: ANN401  a row of _CARDS
    return AccommodationCard(
        row.id,
        row.customer_id,
        person(row.first_name, row.last_name, row.code),
        row.service_id,
        row.service,
        row.stylist_id,
        row.stylist,
        row.minutes,
        row.price,
    )


_CUSTOMER = text("SELECT first_name, last_name, code FROM customers WHERE id = :customer")
_REMEMBER = text("""
    INSERT INTO accommodations AS a (customer_id, service_id, stylist_id, minutes, price)
    VALUES (:customer, :service, :stylist, :minutes, :price)
    ON CONFLICT ON CONSTRAINT accommodations_key DO UPDATE
       SET minutes = coalesce(excluded.minutes, a.minutes), price = coalesce(excluded.price, a.price)
    RETURNING id
""")
_CARDS = text("""
    SELECT a.id, a.customer_id, c.first_name, c.last_name, c.code, a.service_id, v.name AS service, a.stylist_id,
           p.first_name AS stylist, a.minutes, a.price
      FROM accommodations a
      JOIN customers c ON c.id = a.customer_id
      JOIN services v ON v.id = a.service_id
      LEFT JOIN stylists p ON p.id = a.stylist_id
     WHERE a.customer_id = :customer
     ORDER BY v.name, p.first_name NULLS FIRST, a.id
""")
