"""Sessions sold ahead and memberships: what is on offer, what customers have, and every session that comes and goes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant
from frontdesk.tables.entries import Entry


class Package(Tenant, table=True):
    """Sessions sold ahead, and memberships, as they are on offer."""

    __tablename__ = "packages"

    kind: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    name: str = Field(sa_type=Text)
    price: Decimal = Field(sa_type=Numeric)
    months: int | None = Field(default=None)
    renews_months: int | None = Field(default=None)
    percent_off: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    sharers: int = Field(default=None, sa_column_kwargs=SERVER)
    tax_point: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    is_active: bool = Field(default=None, sa_column_kwargs=SERVER)
    version: int = Field(default=None, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    updated_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)


class PackageService(Tenant, table=True):
    """Which services a package pays for, and how often."""

    __tablename__ = "package_services"

    package_id: int = Field(sa_type=BigInteger)
    service_id: int = Field(sa_type=BigInteger)
    sessions: int


class CustomerPackage(Tenant, table=True):
    """Packages and memberships that customers have, as they were sold."""

    __tablename__ = "customer_packages"

    shop_id: int = Field(sa_type=BigInteger)
    package_id: int = Field(sa_type=BigInteger)
    customer_id: int = Field(sa_type=BigInteger)
    sale_line_id: int | None = Field(default=None, sa_type=BigInteger)
    kind: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    price: Decimal = Field(sa_type=Numeric)
    currency: str = Field(sa_type=Text)
    percent_off: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    sharers: int = Field(default=None, sa_column_kwargs=SERVER)
    tax_point: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    first_day: dt.date
    last_day: dt.date | None = Field(default=None)
    ended_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    reason: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    version: int = Field(default=None, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    created_by: int | None = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)


class PackageLot(Tenant, table=True):
    """Sessions of one service that may be used between two days; a freeze moves the days."""

    __tablename__ = "package_lots"

    customer_package_id: int = Field(sa_type=BigInteger)
    service_id: int = Field(sa_type=BigInteger)
    first_day: dt.date
    last_day: dt.date | None = Field(default=None)


class PackageEntry(Entry, table=True):
    """What comes into a lot of sessions and goes out of it; what is left is their sum."""

    __tablename__ = "package_entries"

    lot_id: int = Field(sa_type=BigInteger)
    sessions: int
    value: Decimal = Field(sa_type=Numeric)
    tax: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    taxes_due: list[list[str]] = Field(default=None, sa_type=JSONB, sa_column_kwargs=SERVER)
    sale_id: int | None = Field(default=None, sa_type=BigInteger)
    sale_line_id: int | None = Field(default=None, sa_type=BigInteger)
    customer_id: int | None = Field(default=None, sa_type=BigInteger)
    at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)


class PackageSharer(Tenant, table=True):
    """Family and friends who may use somebody's package."""

    __tablename__ = "package_sharers"

    customer_package_id: int = Field(sa_type=BigInteger)
    customer_id: int = Field(sa_type=BigInteger)
    at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    user_id: int | None = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
    removed_at: dt.datetime | None = Field(default=None, sa_type=Instant)


class PackageFreeze(Tenant, table=True):
    """Days on which a package rests; it is good for as many days longer."""

    __tablename__ = "package_freezes"

    customer_package_id: int = Field(sa_type=BigInteger)
    first_day: dt.date
    until_day: dt.date
    reason: str = Field(sa_type=Text)
    at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    user_id: int | None = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
