"""Businesses and their shops."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import ARRAY, BigInteger, Numeric, SmallInteger, Text
from sqlmodel import Field, SQLModel

from frontdesk.db.types import SERVER, Instant, Tenant


class Business(SQLModel, table=True):
    """The tenant: everything belongs to exactly one business."""

    __tablename__ = "businesses"

    id: int = Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_kwargs=SERVER)
    code: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    preset: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    updated_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)


class Shop(Tenant, table=True):
    """One location of a business; visits, sales and drawers belong to a shop."""

    __tablename__ = "shops"

    name: str = Field(sa_type=Text)
    address: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    timezone: str = Field(sa_type=Text)
    currency: str = Field(sa_type=Text)
    locale: str = Field(sa_type=Text)
    country: str = Field(sa_type=Text)
    slot_minutes: int = Field(default=None, sa_column_kwargs=SERVER)
    tax_rounding: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    receipt_footer: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    wait_minutes: int = Field(default=None, sa_column_kwargs=SERVER)
    overbook_minutes: int = Field(default=None, sa_column_kwargs=SERVER)
    cleanup_may_overrun: bool = Field(default=None, sa_column_kwargs=SERVER)
    late_minutes: int = Field(default=None, sa_column_kwargs=SERVER)
    alert_minutes: int = Field(default=None, sa_column_kwargs=SERVER)
    overrun_minutes: int = Field(default=None, sa_column_kwargs=SERVER)
    hold_minutes: int = Field(default=None, sa_column_kwargs=SERVER)
    offer_minutes: int = Field(default=None, sa_column_kwargs=SERVER)
    request_turn: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    small_turn: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    small_minutes: int = Field(default=None, sa_column_kwargs=SERVER)
    cash_rounding: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    service_charge: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    tip_percents: list[int] = Field(default=None, sa_type=ARRAY(SmallInteger), sa_column_kwargs=SERVER)
    count_tolerance: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    closes_with_parked: bool = Field(default=None, sa_column_kwargs=SERVER)
    sells_below_stock: bool = Field(default=None, sa_column_kwargs=SERVER)
    takes_commission_back: bool = Field(default=None, sa_column_kwargs=SERVER)
    pools_tips: bool = Field(default=None, sa_column_kwargs=SERVER)
    managers_share_tips: bool = Field(default=None, sa_column_kwargs=SERVER)
    tax_number: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    is_active: bool = Field(default=None, sa_column_kwargs=SERVER)
    version: int = Field(default=None, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    updated_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
