"""What stylists earn, by which rules, and how it is paid."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from frontdesk.db.types import SERVER, Instant, Tenant


class CommissionRule(Tenant, table=True):
    """What is earned of a line, by whom; which of several counts is said in `rules.commission`."""

    __tablename__ = "commission_rules"

    stylist_id: int | None = Field(default=None, sa_type=BigInteger)
    level: str | None = Field(default=None, sa_type=Text)
    kind: str = Field(sa_type=Text)
    service_id: int | None = Field(default=None, sa_type=BigInteger)
    product_id: int | None = Field(default=None, sa_type=BigInteger)
    category_id: int | None = Field(default=None, sa_type=BigInteger)
    coupon_id: int | None = Field(default=None, sa_type=BigInteger)
    price_class_id: int | None = Field(default=None, sa_type=BigInteger)
    form: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    percent: Decimal | None = Field(default=None, sa_type=Numeric)
    flat: Decimal | None = Field(default=None, sa_type=Numeric)
    base: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    valid_from: dt.date = Field(default=None, sa_column_kwargs=SERVER)
    valid_until: dt.date = Field(default=None, sa_column_kwargs=SERVER)


class CommissionTier(Tenant, table=True):
    """Bands of a tiered rule."""

    __tablename__ = "commission_tiers"

    rule_id: int = Field(sa_type=BigInteger)
    from_amount: Decimal = Field(sa_type=Numeric)
    percent: Decimal = Field(sa_type=Numeric)


class Guarantee(Tenant, table=True):
    """What somebody has at least for a pay period, whatever they earned."""

    __tablename__ = "guarantees"

    stylist_id: int = Field(sa_type=BigInteger)
    amount: Decimal = Field(sa_type=Numeric)
    currency: str = Field(sa_type=Text)
    valid_from: dt.date = Field(default=None, sa_column_kwargs=SERVER)
    valid_until: dt.date = Field(default=None, sa_column_kwargs=SERVER)


class Commission(SQLModel, table=True):
    """What stylists earn, as entries: a balance is their sum."""

    __tablename__ = "commissions"

    id: int = Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_kwargs=SERVER)
    business_id: int = Field(sa_type=BigInteger)
    kind: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    sale_id: int | None = Field(default=None, sa_type=BigInteger)
    sale_line_id: int | None = Field(default=None, sa_type=BigInteger)
    stylist_id: int = Field(sa_type=BigInteger)
    day: dt.date
    for_day: dt.date
    base: Decimal = Field(sa_type=Numeric)
    percent: Decimal | None = Field(default=None, sa_type=Numeric)
    amount: Decimal = Field(sa_type=Numeric)
    rule_id: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = Field(sa_type=Text)
    corrects_id: int | None = Field(default=None, sa_type=BigInteger)
    inputs: dict[str, Any] = Field(default=None, sa_type=JSONB, sa_column_kwargs=SERVER)
    written_by: int | None = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)


class PayPeriod(Tenant, table=True):
    """Stretches of days that are paid together; closing one freezes what is dated in it."""

    __tablename__ = "pay_periods"

    first_day: dt.date
    last_day: dt.date
    closed_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    closed_by: int | None = Field(default=None, sa_type=BigInteger)


class Statement(Tenant, table=True):
    """What somebody was paid for a period, as it was when it was closed."""

    __tablename__ = "statements"

    period_id: int = Field(sa_type=BigInteger)
    stylist_id: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=Text)
    commission: Decimal = Field(sa_type=Numeric)
    top_up: Decimal = Field(sa_type=Numeric)
    tips: Decimal = Field(sa_type=Numeric)
    total: Decimal = Field(sa_type=Numeric)
    contents: dict[str, Any] = Field(sa_type=JSONB)
    at: dt.datetime = Field(sa_type=Instant)


class TipInPay(Tenant, table=True):
    """Tips that were paid with the pay of a period."""

    __tablename__ = "tips_in_pay"

    period_id: int = Field(sa_type=BigInteger)
    stylist_id: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=Text)
    amount: Decimal = Field(sa_type=Numeric)


class TipPool(Tenant, table=True):
    """Tips of a shop that were thrown together and shared by hours."""

    __tablename__ = "tip_pools"

    shop_id: int = Field(sa_type=BigInteger)
    first_day: dt.date
    last_day: dt.date
    currency: str = Field(sa_type=Text)
    total: Decimal = Field(sa_type=Numeric)
    at: dt.datetime = Field(sa_type=Instant)
    made_by: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)


class TipPoolShare(Tenant, table=True):
    """Who has which part of a pool."""

    __tablename__ = "tip_pool_shares"

    pool_id: int = Field(sa_type=BigInteger)
    stylist_id: int = Field(sa_type=BigInteger)
    minutes: int
    amount: Decimal = Field(sa_type=Numeric)


class PooledTip(Tenant, table=True):
    """Which tips are in which pool; a tip is pooled once."""

    __tablename__ = "pooled_tips"

    pool_id: int = Field(sa_type=BigInteger)
    tip_id: int = Field(sa_type=BigInteger)
