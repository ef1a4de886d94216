"""Who waits: the waitlist with its offers, walk-ins and turns."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Integer, Numeric, Text, Uuid
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class WaitlistEntry(Tenant, table=True):
    """Who wants a time that is not free yet."""

    __tablename__ = "waitlist_entries"

    shop_id: int = Field(sa_type=BigInteger)
    customer_id: int | None = Field(default=None, sa_type=BigInteger)
    guest_name: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    stylist_id: int | None = Field(default=None, sa_type=BigInteger)
    session_id: int | None = Field(default=None, sa_type=BigInteger)
    first_day: dt.date
    last_day: dt.date
    weekdays: list[int] = Field(default=None, sa_type=ARRAY(Integer), sa_column_kwargs=SERVER)
    starts: dt.time = Field(default=None, sa_column_kwargs=SERVER)
    ends: dt.time = Field(default=None, sa_column_kwargs=SERVER)
    note: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    appointment_id: int | None = Field(default=None, sa_type=BigInteger)
    left_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    left_reason: str | None = Field(default=None, sa_type=Text)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    created_by: int | None = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)


class WaitlistService(Tenant, table=True):
    """What somebody on the waitlist wants done."""

    __tablename__ = "waitlist_services"

    entry_id: int = Field(sa_type=BigInteger)
    position: int
    service_id: int = Field(sa_type=BigInteger)


class WaitlistOffer(Tenant, table=True):
    """A time that was offered and is held until it lapses."""

    __tablename__ = "waitlist_offers"

    entry_id: int = Field(sa_type=BigInteger)
    stylist_id: int = Field(sa_type=BigInteger)
    starts_at: dt.datetime = Field(sa_type=Instant)
    ends_at: dt.datetime = Field(sa_type=Instant)
    hold_key: UUID = Field(sa_type=Uuid)
    until: dt.datetime = Field(sa_type=Instant)
    closed_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    closed_as: str | None = Field(default=None, sa_type=Text)
    offered_by: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
    at: dt.datetime = Field(sa_type=Instant)


class WalkIn(Tenant, table=True):
    """Who came without a time, in the order of coming."""

    __tablename__ = "walk_ins"

    shop_id: int = Field(sa_type=BigInteger)
    customer_id: int | None = Field(default=None, sa_type=BigInteger)
    guest_name: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    service_id: int = Field(sa_type=BigInteger)
    stylist_id: int | None = Field(default=None, sa_type=BigInteger)
    joined_at: dt.datetime = Field(sa_type=Instant)
    appointment_id: int | None = Field(default=None, sa_type=BigInteger)
    left_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    left_reason: str | None = Field(default=None, sa_type=Text)


class Turn(Tenant, table=True):
    """Whose turn it was, so that walk-ins are shared fairly."""

    __tablename__ = "turns"

    shop_id: int = Field(sa_type=BigInteger)
    day: dt.date
    stylist_id: int = Field(sa_type=BigInteger)
    walk_in_id: int | None = Field(default=None, sa_type=BigInteger)
    weight: Decimal = Field(sa_type=Numeric)
    skip_reason: str | None = Field(default=None, sa_type=Text)
    at: dt.datetime = Field(sa_type=Instant)
    user_id: int | None = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
