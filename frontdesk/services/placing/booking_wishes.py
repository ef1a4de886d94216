"""What is said when a visit is booked or moved, and what is answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from frontdesk.services.use_case import Write


@dataclass(frozen=True, kw_only=True)
class BookLine:
    """One service of a visit."""

    service_id: int
    stylist_id: int | None = None
    """Whoever is free when it is None."""
    unassigned: bool = False
    """Nobody yet: it waits for somebody to take it."""
    minutes: int | None = None
    """What the customer is told of this line, this once."""
    price: Decimal | None = None
    """What it costs, this once."""
    asked_for: bool | None = None
    """The customer asked for this stylist; when it is None, whenever one is named."""
    addon_of: int | None = None
    """Which of the visit's lines it is added to, by its place in the request from 0 (features BK11)."""
    assistant_id: int | None = None
    """Who lends a hand where it takes two; whoever is free when it is None."""


@dataclass(frozen=True, kw_only=True)
class BookAppointment(Write):
    """A visit wished for."""

    customer_id: int | None
    """None for somebody who has not said who they are."""
    lines: tuple[BookLine, ...]
    starts_at: dt.datetime
    """What the customer is told; seconds are dropped."""
    guest_name: str = ""
    for_guest: bool = False
    """For somebody else than the customer: may overlap the customer's own visit."""
    notes: str = ""
    source: str = "desk"
    overbook_reason: str | None = None
    """Put it beside another visit on purpose, and why (features BK7)."""
    outside_hours: bool = False
    """Book it although the stylist is not working then (features BK29)."""
    in_past: bool = False
    """Enter a visit that has already been."""
    declined_addons: tuple[int, ...] = ()
    """Add-ons that have to be asked for, to which the answer was no."""
    hold_key: UUID | None = None
    """The hold under which the time was kept while one typed: it becomes the visit (features BK28)."""
    group_id: int | None = None
    """The party it belongs to."""


@dataclass(frozen=True, kw_only=True)
class MoveAppointment(Write):
    """A visit somewhere else, all of its lines together or some of them."""

    appointment_id: int
    starts_at: dt.datetime
    stylist_id: int | None = None
    """Another stylist for every line; None leaves each with whoever has it."""
    version: int | None = None
    """The version that was seen, to notice what somebody else changed meanwhile."""
    overbook_reason: str | None = None
    outside_hours: bool = False
    in_past: bool = False
    line_ids: tuple[int, ...] = ()
    """Only these lines, the first at `starts_at`, with what was added to them; all when it is empty."""
    hold_key: UUID | None = None
    """The hold under which the new time was kept."""


@dataclass(frozen=True)
class BookedLine:
    """What was booked of one service."""

    service: str
    stylist: str | None
    price: Decimal
    starts_at: dt.datetime
    ends_at: dt.datetime
    overbooked: bool
    line_id: int = 0
    stylist_id: int | None = None


@dataclass(frozen=True)
class Booked:
    """A visit as it stands in the book."""

    appointment_id: int
    code: str
    customer: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    lines: tuple[BookedLine, ...]
    moved_from: dt.datetime | None = None
    deposit_asked: Decimal = Decimal(0)
    """By the shop's rules, for who they are."""
