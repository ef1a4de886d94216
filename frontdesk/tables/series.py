"""Visits that belong together: groups, and series that come again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, DateTime, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class AppointmentGroup(Tenant, table=True):
    """Visits that belong together: a couple, a bride's party."""

    __tablename__ = "appointment_groups"

    shop_id: int = Field(sa_type=BigInteger)
    name: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    organiser_id: int | None = Field(default=None, sa_type=BigInteger)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)


class Series(Tenant, table=True):
    """Visits that come again and again at the same time by the wall clock."""

    __tablename__ = "series"

    shop_id: int = Field(sa_type=BigInteger)
    customer_id: int | None = Field(default=None, sa_type=BigInteger)
    guest_name: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    every: int
    unit: str = Field(sa_type=Text)
    starts_local: dt.datetime = Field(sa_type=DateTime)
    count: int
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)


class SeriesDate(Tenant, table=True):
    """Each time of a series; one that was skipped stays skipped."""

    __tablename__ = "series_dates"

    series_id: int = Field(sa_type=BigInteger)
    number: int
    starts_local: dt.datetime = Field(sa_type=DateTime)
    appointment_id: int | None = Field(default=None, sa_type=BigInteger)
