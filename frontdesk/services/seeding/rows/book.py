"""Rows of the book: customers, visits with all that hangs on them, strips."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple


class Customer(NamedTuple):
    id: int
    first_name: str
    last_name: str
    phone: str | None
    email: str | None
    date_of_birth: dt.date | None
    gender: str
    preferred_stylist_id: int | None
    notes: str
    preferences: dict[str, Any]
    sort_key: str
    created_at: dt.datetime


class CustomerToken(NamedTuple):
    customer_id: int
    kind: str
    token: str


class Visit(NamedTuple):
    id: int
    code: str
    customer_id: int | None
    guest_name: str
    for_guest: bool
    status: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    starts_local: dt.datetime
    source: str
    notes: str
    internal_notes: str
    version: int
    created_at: dt.datetime


class Line(NamedTuple):
    id: int
    appointment_id: int
    position: int
    service_id: int
    stylist_id: int | None
    name: str
    price: Decimal
    status: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    overbooked: bool
    overbook_reason: str | None
    arrived_at: dt.datetime | None
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    version: int


class Part(NamedTuple):
    id: int
    appointment_service_id: int
    position: int
    kind: str
    role: str
    resource_id: int | None
    starts_at: dt.datetime
    ends_at: dt.datetime


class Slot(NamedTuple):
    resource_id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    status: str
    reason: str | None
    part_id: int | None


class Strip(NamedTuple):
    resource_id: int
    published_from: dt.date
    published_until: dt.date


class Step(NamedTuple):
    appointment_id: int
    appointment_service_id: int | None
    from_status: str | None
    to_status: str
    reason: str | None
    at: dt.datetime
    user_id: int


class Cancellation(NamedTuple):
    appointment_id: int
    customer_id: int | None
    for_day: dt.date
    cancelled_on: dt.date
    cancelled_at: dt.datetime
    notice_minutes: int
    reason_id: int | None
    note: str
    cancelled_by: str
