"""Rows of the shop itself: its people, its menu, its hours."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import NamedTuple


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
    stylist_id: int | None
    """None: for everybody."""
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
