"""Tickets put aside and gone on with later (features CO17).

Kept is what was wished for, visits by their numbers: a service that is changed at the chair meanwhile changes the
ticket, and the visit stays on it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import text

from frontdesk.errors import NotFound, NothingToPay, Refusal
from frontdesk.permissions import Deed
from frontdesk.services.ticket.ticket_wishes import Ticket
from frontdesk.services.till import bill
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.wording import person
from frontdesk.tables.parked import ParkedTicket
from frontdesk.text import clean


class ParkedTicketGone(Refusal):
    """{who} has {done} this parked ticket. Look at the list again."""


@dataclass(frozen=True, kw_only=True)
class ParkTicket(Write):
    """Put a ticket aside. What was put down for it is forgotten: nothing was taken."""

    ticket: Ticket
    label: str = ""
    """What it is found by, beside the customer's name."""


@dataclass(frozen=True, kw_only=True)
class ListParked:
    """Which tickets are put aside here."""


@dataclass(frozen=True, kw_only=True)
class ShowParked:
    """Look at a parked ticket, which stays parked."""

    parked_id: int


@dataclass(frozen=True, kw_only=True)
class ResumeTicket(Write):
    """Go on with a parked ticket."""

    parked_id: int


@dataclass(frozen=True, kw_only=True)
class DropTicket(Write):
    """Throw a parked ticket away; its visits stay to be paid."""

    parked_id: int


@dataclass(frozen=True)
class ParkedCard:
    """A ticket that is put aside."""

    id: int
    label: str
    customer: str
    visits: tuple[str, ...]
    """Codes."""
    due: Decimal
    """What it came to when it was parked."""
    currency: str
    parked_at: dt.datetime
    parked_by: str
    minutes: int
    """How long it has been waiting."""


@dataclass(frozen=True)
class Parked:
    """What is put aside here, the longest first."""

    tickets: tuple[ParkedCard, ...]


@dataclass(frozen=True)
class Resumed:
    """A ticket to go on with."""

    ticket: Ticket
    label: str
    was_due: Decimal
    """When it was parked; what it comes to now is asked of the ticket."""
    lost: tuple[str, ...] = field(default=())
    """What was said of lines that are not on their visits any more, in words."""


@use_case(Deed.SELL)
def park(work: Work, request: ParkTicket) -> ParkedCard:
    """Put a ticket aside. Raises NothingToPay for an empty one, and what a quote of it would raise."""
    ticket = replace(_plain(request.ticket), tenders=())
    bill.visits_of(work, ticket, locked=False)
    items = bill.items_of(work, ticket)
    if not items:
        raise NothingToPay
    made = bill.drawn_up(work, ticket, [item for item in items if not item.paid])
    row = ParkedTicket(
        shop_id=work.shop.id,
        customer_id=made.customer_id or bill.payer_of(ticket, items),
        label=clean(request.label),
        contents=_adapter().dump_python(ticket, mode="json"),
        due=made.priced.total + bill.tip_of(work, ticket),
        currency=work.shop.currency,
        parked_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    work.tell("ticket.parked", row.id)
    return _cards(work, row.id)[0]


@use_case(Deed.SELL)
def list_parked(work: Work, request: ListParked) -> Parked:
    """What is put aside here, the longest first."""
    return Parked(_cards(work))


@use_case(Deed.SELL)
def show_parked(work: Work, request: ShowParked) -> Resumed:
    """What a parked ticket is by now; it stays parked until it is gone on with or paid. Raises NotFound,
    ParkedTicketGone."""
    row = work.session.execute(_SHOWN, {"id": request.parked_id, "shop": work.shop.id}).one_or_none()
    if row is None:
        raise _gone(work, request.parked_id)
    ticket, lost = _as_it_is(work, _adapter().validate_python(row.contents))
    return Resumed(ticket, row.label, row.due, lost)


_SHOWN = text("""
    SELECT contents, label, due FROM parked_tickets WHERE id = :id AND shop_id = :shop AND ended_at IS NULL
""")


@use_case(Deed.SELL)
def resume(work: Work, request: ResumeTicket) -> Resumed:
    """Take a ticket out again: of two tills, one gets it. Raises NotFound, ParkedTicketGone."""
    row = _end(work, request.parked_id, "resumed")
    ticket, lost = _as_it_is(work, _adapter().validate_python(row.contents))
    return Resumed(ticket, row.label, row.due, lost)


@use_case(Deed.SELL)
def drop(work: Work, request: DropTicket) -> Parked:
    """Throw it away; its visits stay to be paid. Answers what is still parked. Raises NotFound, ParkedTicketGone."""
    _end(work, request.parked_id, "dropped")
    return Parked(_cards(work))


def paid(work: Work, parked_id: int) -> None:
    """In a sale's transaction: the parked ticket that is being paid is done with. Raises NotFound, ParkedTicketGone."""
    _end(work, parked_id, "resumed")


def _end(work: Work, parked_id: int, outcome: str) -> Any:  # noqa: ANN401  a row
    asked = {"id": parked_id, "shop": work.shop.id, "now": work.now, "by": work.actor.user_id, "outcome": outcome}
    row = work.session.execute(_END, asked).one_or_none()
    if row is None:
        raise _gone(work, parked_id)
    work.tell(f"ticket.{outcome}", parked_id)
    return row


def _gone(work: Work, parked_id: int) -> Refusal:
    gone = work.session.execute(_GONE, {"id": parked_id, "shop": work.shop.id}).one_or_none()
    if gone is None:
        return NotFound(what="parked ticket", name=parked_id, remedy="Look at the list of parked tickets.")
    done = {"resumed": "gone on with", "dropped": "thrown away"}[gone.outcome]
    return ParkedTicketGone(who=gone.name or "Somebody", done=done)


_END = text("""
    UPDATE parked_tickets SET ended_at = :now, ended_by = :by, outcome = :outcome
     WHERE id = :id AND shop_id = :shop AND ended_at IS NULL RETURNING contents, label, due
""")
_GONE = text("""
    SELECT p.outcome, u.name FROM parked_tickets p LEFT JOIN users u ON u.id = p.ended_by
     WHERE p.id = :id AND p.shop_id = :shop
""")


def _cards(work: Work, parked_id: int | None = None) -> tuple[ParkedCard, ...]:
    rows = work.session.execute(_PARKED, {"shop": work.shop.id, "id": parked_id})
    return tuple(
        ParkedCard(
            row.id,
            row.label,
            person(row.first_name, row.last_name, row.code, row.guest)
            if row.first_name or row.code or row.guest
            else "",
            tuple(row.visits),
            row.due,
            row.currency,
            row.parked_at,
            row.parked_by,
            int((work.now - row.parked_at).total_seconds()) // 60,
        )
        for row in rows
    )


_PARKED = text("""
    SELECT p.id, p.label, p.due, p.currency, p.parked_at, coalesce(u.name, '') AS parked_by, c.first_name, c.last_name,
           c.code, v.visits, v.guest
      FROM parked_tickets p LEFT JOIN users u ON u.id = p.parked_by LEFT JOIN customers c ON c.id = p.customer_id
      CROSS JOIN LATERAL (
          SELECT coalesce(array_agg(CAST(a.code AS text) ORDER BY a.starts_at, a.id), '{}') AS visits,
                 min(nullif(a.guest_name, '')) AS guest
            FROM jsonb_array_elements_text(p.contents -> 'appointment_ids') AS asked (id)
            JOIN appointments a ON a.id = CAST(asked.id AS bigint)) v
     WHERE p.shop_id = :shop AND p.ended_at IS NULL AND (CAST(:id AS bigint) IS NULL OR p.id = :id)
     ORDER BY p.parked_at, p.id
""")


def _as_it_is(work: Work, ticket: Ticket) -> tuple[Ticket, tuple[str, ...]]:
    """The ticket without what was said of lines that its visits do not have any more."""
    said = {*ticket.line_discounts, *ticket.line_prices, *(one.line_id for one in ticket.sessions)}
    if not said:
        return ticket, ()
    rows = work.session.execute(_LINES, {"lines": sorted(said), "visits": list(ticket.appointment_ids)}).all()
    here = {row.id for row in rows if row.is_here}
    lost = tuple(f"what was said of {row.name}" for row in rows if not row.is_here)
    kept = replace(
        ticket,
        line_discounts={line: off for line, off in ticket.line_discounts.items() if line in here},
        line_prices={line: price for line, price in ticket.line_prices.items() if line in here},
        sessions=tuple(one for one in ticket.sessions if one.line_id in here),
    )
    return kept, lost


_LINES = text("""
    SELECT id, name, appointment_id = ANY (CAST(:visits AS bigint[]))
           AND status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void') AS is_here
      FROM appointment_services WHERE id = ANY (CAST(:lines AS bigint[])) ORDER BY id
""")


def _plain(ticket: Ticket) -> Ticket:
    """The ticket alone, whatever request it came as."""
    return Ticket(**{one.name: getattr(ticket, one.name) for one in fields(Ticket)})


@cache
def _adapter() -> TypeAdapter[Ticket]:
    return TypeAdapter(Ticket)
