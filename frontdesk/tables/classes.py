"""Classes: sessions and their seats."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, DateTime, Numeric
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class ClassSession(Tenant, table=True):
    """A class on one day: one stylist, one room, many seats."""

    __tablename__ = "class_sessions"

    shop_id: int = Field(sa_type=BigInteger)
    service_id: int = Field(sa_type=BigInteger)
    stylist_id: int = Field(sa_type=BigInteger)
    resource_id: int | None = Field(default=None)
    starts_at: dt.datetime = Field(sa_type=Instant)
    ends_at: dt.datetime = Field(sa_type=Instant)
    starts_local: dt.datetime = Field(sa_type=DateTime)
    seats: int
    price: Decimal = Field(sa_type=Numeric)
    is_cancelled: bool = Field(default=None, sa_column_kwargs=SERVER)
    version: int = Field(default=None, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    updated_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)


class ClassSeat(Tenant, table=True):
    """Seats that are taken: numbered rows, so that no race seats one too many."""

    __tablename__ = "class_seats"

    session_id: int = Field(sa_type=BigInteger)
    seats: int
    number: int
    appointment_id: int = Field(sa_type=BigInteger)
