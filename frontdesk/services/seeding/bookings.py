"""A made-up visit between two moments: it has its place in the book, and nobody has told yet what became of it."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from frontdesk.rules.states import Status
from frontdesk.services.seeding import rows
from frontdesk.services.seeding.seating import Seat


class WayOut(NamedTuple):
    """How and when a visit was left before it took place."""

    status: Status
    at: int
    """Seconds since 1970."""


class Booking(NamedTuple):
    """A visit that was wished for and found its place."""

    seat: Seat
    booked_at: int
    """Seconds since 1970."""
    customer: int | None = None
    guest_name: str = ""
    for_guest: bool = False
    source: str = "phone"
    way_out: WayOut | None = None
    overbook_reason: str | None = None
    with_last: bool = False
    """Paid together with the visit booked before it."""


class ServedLine(NamedTuple):
    """One service that was done."""

    line_id: int
    service: rows.Service
    stylist: int | None
    price: Decimal


class Served(NamedTuple):
    """A visit that is done and can be paid."""

    visit_id: int
    party: int
    """The first of the visits that are paid together."""
    customer: int | None
    lines: tuple[ServedLine, ...]
    done_at: int
    """Seconds since 1970."""
