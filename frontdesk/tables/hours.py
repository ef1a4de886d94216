"""When shops are open and stylists work: wall times, and rules rather than facts."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class BusinessHours(Tenant, table=True):
    """When a shop is open, by weekday, wall time."""

    __tablename__ = "business_hours"

    shop_id: int = Field(sa_type=BigInteger)
    weekday: int
    opens: dt.time
    closes: dt.time
    valid_from: dt.date = Field(default=None, sa_column_kwargs=SERVER)
    valid_until: dt.date = Field(default=None, sa_column_kwargs=SERVER)


class WeeklyShift(Tenant, table=True):
    """A stylist's usual week, wall time."""

    __tablename__ = "weekly_shifts"

    stylist_id: int = Field(sa_type=BigInteger)
    shop_id: int = Field(sa_type=BigInteger)
    weekday: int
    starts: dt.time
    ends: dt.time
    valid_from: dt.date = Field(default=None, sa_column_kwargs=SERVER)
    valid_until: dt.date = Field(default=None, sa_column_kwargs=SERVER)


class DatedShift(Tenant, table=True):
    """One day that differs: it replaces the weekly shifts of that day."""

    __tablename__ = "dated_shifts"

    stylist_id: int = Field(sa_type=BigInteger)
    shop_id: int = Field(sa_type=BigInteger)
    day: dt.date
    starts: dt.time | None = Field(default=None)
    ends: dt.time | None = Field(default=None)


class Break(Tenant, table=True):
    """Lunch and the like, every week or on one day, wall time."""

    __tablename__ = "breaks"

    stylist_id: int = Field(sa_type=BigInteger)
    weekday: int | None = Field(default=None)
    day: dt.date | None = Field(default=None)
    starts: dt.time
    ends: dt.time
    name: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    valid_from: dt.date = Field(default=None, sa_column_kwargs=SERVER)
    valid_until: dt.date = Field(default=None, sa_column_kwargs=SERVER)


class TimeOff(Tenant, table=True):
    """Holidays, illness and other days away, wall time."""

    __tablename__ = "time_off"

    stylist_id: int = Field(sa_type=BigInteger)
    first_day: dt.date
    last_day: dt.date
    starts: dt.time | None = Field(default=None)
    ends: dt.time | None = Field(default=None)
    kind: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    note: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)


class Closure(Tenant, table=True):
    """Days on which a shop is shut."""

    __tablename__ = "closures"

    shop_id: int = Field(sa_type=BigInteger)
    first_day: dt.date
    last_day: dt.date
    name: str = Field(sa_type=Text)


class Block(Tenant, table=True):
    """Typed blocks of a stylist and outages of a room, chair or machine."""

    __tablename__ = "blocks"

    resource_id: int
    starts_at: dt.datetime = Field(sa_type=Instant)
    ends_at: dt.datetime = Field(sa_type=Instant)
    kind: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    name: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
