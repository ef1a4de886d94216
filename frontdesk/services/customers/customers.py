"""The people who come: added, changed, shown on one page, archived (features PE2, PE3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.errors import BadInput, ChangedMeanwhile, NotFound
from frontdesk.permissions import Deed
from frontdesk.rules.states import Status
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.wording import person
from frontdesk.tables.customers import Customer
from frontdesk.text import clean, clean_lines, email_address, phone_number, search_tokens, sort_key, tokens

_VISITS_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class AddCustomer(Write):
    """Somebody new. A name is enough; two people may share a telephone or an e-mail."""

    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    """As one dials it in the shop's country, or with its country code."""
    email: str = ""
    code: str | None = None
    date_of_birth: dt.date | None = None
    gender: str = ""
    preferred_stylist_id: int | None = None
    notes: str = ""


@dataclass(frozen=True, kw_only=True)
class EditCustomer(AddCustomer):
    """Somebody as they are from now on: every field, as it was seen and changed."""

    customer_id: int
    version: int
    """The version that was seen, to notice what somebody else changed meanwhile."""


@dataclass(frozen=True, kw_only=True)
class ArchiveCustomer(Write):
    """Somebody who is found no more, and whose history stays."""

    customer_id: int


@dataclass(frozen=True, kw_only=True)
class RestoreCustomer(Write):
    """Somebody who was archived, and is found again."""

    customer_id: int


@dataclass(frozen=True)
class CustomerCard:
    """A customer's own fields."""

    id: int
    name: str
    first_name: str
    last_name: str
    phone: str | None
    email: str | None
    code: str | None
    date_of_birth: dt.date | None
    gender: str
    preferred_stylist_id: int | None
    notes: str
    is_active: bool
    version: int


@dataclass(frozen=True, kw_only=True)
class ShowCustomer:
    """Everything about one customer."""

    customer_id: int


@dataclass(frozen=True)
class PastVisit:
    """A visit on a profile."""

    code: str
    starts_at: dt.datetime
    services: str
    stylists: str
    status: Status


@dataclass(frozen=True)
class CustomerProfile:
    """A customer on one page."""

    card: CustomerCard
    preferred_stylist: str | None
    last_visits: tuple[PastVisit, ...]
    """The latest first."""
    next_visit: PastVisit | None
    visits: int
    no_shows: int
    cancellations: int
    spent: Decimal


@use_case(Deed.EDIT_CUSTOMERS)
def add_customer(work: Work, request: AddCustomer) -> CustomerCard:
    """Add somebody. Raises BadInput naming the field, NameTaken for a code that is in use."""
    customer = Customer()
    _fill(work, customer, request)
    work.session.add(customer)
    work.session.flush()
    _write_tokens(work, customer)
    work.tell("customer.added", customer.id)
    return card_of(customer)


@use_case(Deed.EDIT_CUSTOMERS)
def edit_customer(work: Work, request: EditCustomer) -> CustomerCard:
    """Change somebody. Raises BadInput naming the field, NotFound, ChangedMeanwhile."""
    customer = _customer(work, request.customer_id)
    if customer.version != request.version:
        who = work.session.execute(_LAST_HAND, {"customer": customer.id}).scalars().first()
        raise ChangedMeanwhile(who=who or "Somebody")
    _fill(work, customer, request)
    customer.version += 1
    work.session.flush()
    work.session.execute(text("DELETE FROM customer_tokens WHERE customer_id = :id"), {"id": customer.id})
    _write_tokens(work, customer)
    work.tell("customer.changed", customer.id)
    return card_of(customer)


_LAST_HAND = text("SELECT who FROM record_history('customers', :customer) ORDER BY at DESC LIMIT 1")


@use_case(Deed.EDIT_CUSTOMERS)
def archive_customer(work: Work, request: ArchiveCustomer) -> CustomerCard:
    """Take somebody out of the search; visits and sales stay as they are. Raises NotFound."""
    customer = _customer(work, request.customer_id)
    customer.is_active = False
    customer.version += 1
    work.session.flush()
    work.tell("customer.archived", customer.id)
    return card_of(customer)


@use_case(Deed.EDIT_CUSTOMERS)
def restore_customer(work: Work, request: RestoreCustomer) -> CustomerCard:
    """Let somebody who was archived be found again; once more changes nothing. Raises NotFound."""
    customer = _customer(work, request.customer_id)
    if not customer.is_active:
        customer.is_active = True
        customer.version += 1
        work.session.flush()
        work.tell("customer.restored", customer.id)
    return card_of(customer)


@use_case(Deed.SEE_CUSTOMERS)
def show_customer(work: Work, request: ShowCustomer) -> CustomerProfile:
    """A customer on one page: contact, history, next visit, what they spent. Raises NotFound."""
    customer = work.session.get(Customer, request.customer_id)
    if customer is None:
        raise NotFound(what="customer", name=request.customer_id, remedy="Look them up by name.")
    asked = {"customer": customer.id, "now": work.now, "shown": _VISITS_SHOWN}
    sums = work.session.execute(_SUMS, asked).one()
    past = _visits(work.session.execute(_PAST, asked))
    coming = _visits(work.session.execute(_NEXT, asked))
    return CustomerProfile(
        card_of(customer),
        sums.preferred_stylist,
        past,
        coming[0] if coming else None,
        sums.visits,
        sums.no_shows,
        sums.cancellations,
        sums.spent,
    )


def _customer(work: Work, customer_id: int) -> Customer:
    customer = work.session.get(Customer, customer_id, with_for_update=True)
    if customer is None:
        raise NotFound(what="customer", name=customer_id, remedy="Look them up by name.")
    return customer


def _fill(work: Work, customer: Customer, request: AddCustomer) -> None:
    customer.first_name, customer.last_name = clean(request.first_name), clean(request.last_name)
    customer.code = clean(request.code or "") or None
    if not (customer.first_name or customer.last_name or customer.code):
        raise BadInput("A customer needs a name. Type a first or a last name.", field="first_name")
    customer.phone = phone_number(request.phone, work.shop.country) if clean(request.phone) else None
    customer.email = email_address(request.email) if clean(request.email) else None
    if request.date_of_birth and request.date_of_birth > work.desk.today:
        raise BadInput(f"{request.date_of_birth} is still to come. Check the date of birth.", field="date_of_birth")
    customer.date_of_birth = request.date_of_birth
    customer.gender, customer.notes = clean(request.gender), clean_lines(request.notes)
    customer.preferred_stylist_id = _stylist(work, request.preferred_stylist_id)
    customer.sort_key = sort_key(customer.first_name, customer.last_name) or (customer.code or "").lower()


def _stylist(work: Work, stylist_id: int | None) -> int | None:
    known = text("SELECT id FROM stylists WHERE id = :id")
    if stylist_id is not None and work.session.execute(known, {"id": stylist_id}).scalar() is None:
        raise NotFound(what="stylist", name=stylist_id, remedy="Look at the list of stylists.")
    return stylist_id


def _write_tokens(work: Work, customer: Customer) -> None:
    found = search_tokens(
        first_name=customer.first_name, last_name=customer.last_name, phone=customer.phone, email=customer.email
    )
    if customer.code:
        found = [*found, *(("code", token) for token in tokens(customer.code))]
    rows = [{"customer": customer.id, "kind": kind, "token": token} for kind, token in found]
    if rows:
        work.session.execute(_TOKENS, rows)


_TOKENS = text(
    "INSERT INTO customer_tokens (customer_id, kind, token) VALUES (:customer, :kind, :token) ON CONFLICT DO NOTHING"
)


def card_of(customer: Customer) -> CustomerCard:
    """A customer's own fields, off the row."""
    return CustomerCard(
        customer.id,
        person(customer.first_name, customer.last_name, customer.code),
        customer.first_name,
        customer.last_name,
        customer.phone,
        customer.email,
        customer.code,
        customer.date_of_birth,
        customer.gender,
        customer.preferred_stylist_id,
        customer.notes,
        customer.is_active,
        customer.version,
    )


def _visits(rows: Iterable[Any]) -> tuple[PastVisit, ...]:
    return tuple(PastVisit(r.code, r.starts_at, r.services, r.stylists, Status(r.status)) for r in rows)


_VISIT = """
    SELECT a.code, a.starts_at, string_agg(l.name, '+' ORDER BY l.position) AS services,
           coalesce(string_agg(DISTINCT s.first_name, ', '), '') AS stylists, a.status
      FROM appointments a JOIN appointment_services l ON l.appointment_id = a.id
      LEFT JOIN stylists s ON s.id = l.stylist_id
     WHERE a.customer_id = :customer AND a.starts_at {when} :now
     GROUP BY a.id ORDER BY a.starts_at {order} LIMIT :shown
"""
_PAST = text(_VISIT.format(when="<", order="DESC"))
_NEXT = text(
    _VISIT.format(when=">=", order="ASC").replace("GROUP BY", "AND a.status IN ('pending', 'confirmed') GROUP BY")
)
_SUMS = text("""
    SELECT (SELECT s.first_name FROM stylists s JOIN customers c ON c.preferred_stylist_id = s.id
             WHERE c.id = :customer) AS preferred_stylist,
           (SELECT count(*) FROM appointments WHERE customer_id = :customer AND status = 'completed') AS visits,
           (SELECT count(*) FROM appointments WHERE customer_id = :customer AND status = 'no_show') AS no_shows,
           (SELECT count(*) FROM appointment_cancellations
             WHERE customer_id = :customer AND taken_back_at IS NULL) AS cancellations,
           (SELECT coalesce(sum(l.total), 0) FROM sale_lines l JOIN sales s ON s.id = l.sale_id
             WHERE coalesce(l.customer_id, s.customer_id) = :customer) AS spent
""")
