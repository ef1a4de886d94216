"""Visits, their lines and parts, their steps and their ends, and what people did to them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class Appointment(Tenant, table=True):
    """Visits: one customer, one stretch of time, one or more services."""

    __tablename__ = "appointments"

    shop_id: int = Field(sa_type=BigInteger)
    code: str = Field(sa_type=Text)
    customer_id: int | None = Field(default=None, sa_type=BigInteger)
    guest_name: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    for_guest: bool = Field(default=None, sa_column_kwargs=SERVER)
    status: str = Field(sa_type=Text)
    starts_at: dt.datetime = Field(sa_type=Instant)
    ends_at: dt.datetime = Field(sa_type=Instant)
    starts_local: dt.datetime = Field(sa_type=DateTime)
    source: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    notes: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    internal_notes: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    group_id: int | None = Field(default=None, sa_type=BigInteger)
    version: int = Field(default=None, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    updated_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)


class AppointmentService(Tenant, table=True):
    """Lines of a visit: one service by one person."""

    __tablename__ = "appointment_services"

    appointment_id: int = Field(sa_type=BigInteger)
    position: int
    service_id: int = Field(sa_type=BigInteger)
    stylist_id: int | None = Field(default=None, sa_type=BigInteger)
    name: str = Field(sa_type=Text)
    quantity: int = Field(default=None, sa_column_kwargs=SERVER)
    price: Decimal = Field(sa_type=Numeric)
    status: str = Field(sa_type=Text)
    starts_at: dt.datetime = Field(sa_type=Instant)
    ends_at: dt.datetime = Field(sa_type=Instant)
    overbooked: bool = Field(default=None, sa_column_kwargs=SERVER)
    overbook_reason: str | None = Field(default=None, sa_type=Text)
    arrived_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    started_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    finished_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    addon_of: int | None = Field(default=None, sa_type=BigInteger)
    bundle_id: int | None = Field(default=None, sa_type=BigInteger)
    class_session_id: int | None = Field(default=None, sa_type=BigInteger)
    asked_for: bool = Field(default=None, sa_column_kwargs=SERVER)
    own_minutes: int | None = Field(default=None)
    own_price: bool = Field(default=None, sa_column_kwargs=SERVER)
    version: int = Field(default=None, sa_column_kwargs=SERVER)
    updated_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)


class AppointmentPart(Tenant, table=True):
    """Parts of a line: a stretch of time and one role it keeps busy."""

    __tablename__ = "appointment_parts"

    appointment_service_id: int = Field(sa_type=BigInteger)
    position: int
    kind: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    resource_id: int | None = Field(default=None)
    starts_at: dt.datetime = Field(sa_type=Instant)
    ends_at: dt.datetime = Field(sa_type=Instant)


class AppointmentStep(Tenant, table=True):
    """Every step of every line, with its reason."""

    __tablename__ = "appointment_status_history"

    appointment_id: int = Field(sa_type=BigInteger)
    appointment_service_id: int | None = Field(default=None, sa_type=BigInteger)
    from_status: str | None = Field(default=None, sa_type=Text)
    to_status: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    at: dt.datetime = Field(sa_type=Instant)
    user_id: int | None = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)


class AppointmentCancellation(Tenant, table=True):
    """Who cancelled what and why; an imported one may have no visit and no time."""

    __tablename__ = "appointment_cancellations"

    shop_id: int = Field(sa_type=BigInteger)
    appointment_id: int | None = Field(default=None, sa_type=BigInteger)
    customer_id: int | None = Field(default=None, sa_type=BigInteger)
    service_id: int | None = Field(default=None, sa_type=BigInteger)
    stylist_id: int | None = Field(default=None, sa_type=BigInteger)
    for_day: dt.date
    cancelled_on: dt.date
    cancelled_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    notice_minutes: int | None = Field(default=None)
    reason_id: int | None = Field(default=None, sa_type=BigInteger)
    note: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    cancelled_by: str = Field(sa_type=Text)
    appointment_service_id: int | None = Field(default=None, sa_type=BigInteger)
    is_late: bool = Field(default=None, sa_column_kwargs=SERVER)
    taken_back_at: dt.datetime | None = Field(default=None, sa_type=Instant)


class BookingAction(Tenant, table=True):
    """What a person did to the book: the way back, and the way there again."""

    __tablename__ = "booking_actions"

    shop_id: int = Field(sa_type=BigInteger)
    user_id: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
    appointment_id: int = Field(sa_type=BigInteger)
    kind: str = Field(sa_type=Text)
    state: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    before: dict[str, Any] = Field(sa_type=JSONB(none_as_null=True))
    after: dict[str, Any] = Field(sa_type=JSONB(none_as_null=True))
    batch_id: UUID | None = Field(default=None, sa_type=Uuid)
    at: dt.datetime = Field(sa_type=Instant)
