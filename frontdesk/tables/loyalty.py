"""Points: what they are given for, who gets more, and every point that comes and goes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, Numeric, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant
from frontdesk.tables.entries import Entry


class LoyaltyRule(Tenant, table=True):
    """What points are given for and what they are worth, from a day on."""

    __tablename__ = "loyalty_rules"

    valid_from: dt.date
    points_per_unit: Decimal = Field(sa_type=Numeric)
    point_value: Decimal = Field(sa_type=Numeric)
    months: int | None = Field(default=None)
    tier_months: int = Field(default=None, sa_column_kwargs=SERVER)
    on_services: bool = Field(default=None, sa_column_kwargs=SERVER)
    on_products: bool = Field(default=None, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)


class LoyaltyTier(Tenant, table=True):
    """Who gets more points for the same."""

    __tablename__ = "loyalty_tiers"

    name: str = Field(sa_type=Text)
    from_points: int
    multiplier: Decimal = Field(sa_type=Numeric)


class LoyaltyEntry(Entry, table=True):
    """Points as they come and go; what somebody has is their sum."""

    __tablename__ = "loyalty_entries"

    customer_id: int = Field(sa_type=BigInteger)
    points: int
    value: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    base: Decimal | None = Field(default=None, sa_type=Numeric)
    rate: Decimal | None = Field(default=None, sa_type=Numeric)
    multiplier: Decimal | None = Field(default=None, sa_type=Numeric)
    expires_on: dt.date | None = Field(default=None)
    sale_id: int | None = Field(default=None, sa_type=BigInteger)
    payment_id: int | None = Field(default=None, sa_type=BigInteger)
    at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
