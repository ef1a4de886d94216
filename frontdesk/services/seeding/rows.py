"""Planned rows, one kind per table: its columns, with numbers that count from 1 within the plan.

The writer gives the plan's numbers real ones, and adds the business and the shop. A column that is not here is the
database's to fill. The plan knows stylists by the number of their strip: resource 1 is stylist 1, rooms come after.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple


class User(NamedTuple):
    id: int
    login: str
    name: str
    role: str


class Category(NamedTuple):
    id: int
    name: str
    position: int


class Service(NamedTuple):
    id: int
    category_id: int
    code: str
    name: str
    price: Decimal
    cost: Decimal


class ServicePart(NamedTuple):
    service_id: int
    position: int
    kind: str
    minutes: int
    holds: list[str]


class Tax(NamedTuple):
    id: int
    name: str
    percent: Decimal
    inclusive: bool
    on_services: bool
    on_products: bool


class Product(NamedTuple):
    id: int
    code: str
    name: str
    barcode: str
    brand: str
    category: str
    price: Decimal
    cost: Decimal


class CancelReason(NamedTuple):
    id: int
    name: str
    position: int


class Resource(NamedTuple):
    id: int
    kind: str
    name: str
    position: int


class Stylist(NamedTuple):
    id: int
    resource_id: int
    user_id: int | None
    code: str
    first_name: str
    last_name: str
    email: str
    bio: str
    hire_date: dt.date
    manager_id: int | None


class Specialty(NamedTuple):
    stylist_id: int
    service_id: int | None
    category_id: int | None
    proficiency: str
    price: Decimal | None


class Rate(NamedTuple):
    id: int
    stylist_id: int
    kind: str
    percent: Decimal
    valid_from: dt.date


class BusinessHours(NamedTuple):
    weekday: int
    opens: dt.time
    closes: dt.time


class WeeklyShift(NamedTuple):
    stylist_id: int
    weekday: int
    starts: dt.time
    ends: dt.time


class DatedShift(NamedTuple):
    stylist_id: int
    day: dt.date
    starts: dt.time | None
    ends: dt.time | None


class Break(NamedTuple):
    stylist_id: int
    weekday: int
    starts: dt.time
    ends: dt.time
    name: str


class TimeOff(NamedTuple):
    stylist_id: int
    first_day: dt.date
    last_day: dt.date
    starts: dt.time | None
    ends: dt.time | None
    kind: str
    note: str


class Closure(NamedTuple):
    first_day: dt.date
    last_day: dt.date
    name: str


class Block(NamedTuple):
    resource_id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    kind: str
    name: str


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


class Sale(NamedTuple):
    id: int
    number: int
    customer_id: int | None
    day: dt.date
    closed_at: dt.datetime
    cashier_id: int
    currency: str
    subtotal: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal
    tip: Decimal
    created_at: dt.datetime


class SaleLine(NamedTuple):
    id: int
    sale_id: int
    position: int
    kind: str
    appointment_service_id: int | None
    service_id: int | None
    product_id: int | None
    stylist_id: int | None
    customer_id: int | None
    name: str
    quantity: Decimal
    unit_price: Decimal
    gross: Decimal
    discount: Decimal
    taxable: Decimal
    tax: Decimal
    total: Decimal


class SaleLineTax(NamedTuple):
    sale_line_id: int
    tax_id: int
    name: str
    percent: Decimal
    inclusive: bool
    taxable: Decimal
    amount: Decimal


class Payment(NamedTuple):
    sale_id: int
    position: int
    method: str
    amount: Decimal
    tendered: Decimal
    change: Decimal
    approval_code: str | None
    taken_at: dt.datetime


class Tip(NamedTuple):
    sale_id: int
    stylist_id: int
    amount: Decimal


class Commission(NamedTuple):
    sale_id: int
    sale_line_id: int
    stylist_id: int
    day: dt.date
    base: Decimal
    percent: Decimal
    amount: Decimal
    rate_id: int
