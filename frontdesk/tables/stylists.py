"""Who serves, what they can do, and whatever else has a strip."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, Integer, Numeric, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class Resource(Tenant, table=True):
    """Whatever can be in one place only: each has one strip of time slots."""

    __tablename__ = "resources"

    id: int = Field(default=None, primary_key=True, sa_type=Integer, sa_column_kwargs=SERVER)
    shop_id: int = Field(sa_type=BigInteger)
    kind: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    position: int = Field(default=None, sa_column_kwargs=SERVER)
    is_active: bool = Field(default=None, sa_column_kwargs=SERVER)


class Stylist(Tenant, table=True):
    """People who serve."""

    __tablename__ = "stylists"

    resource_id: int
    user_id: int | None = Field(default=None, sa_type=BigInteger)
    code: str | None = Field(default=None, sa_type=Text)
    first_name: str = Field(sa_type=Text)
    last_name: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    phone: str | None = Field(default=None, sa_type=Text)
    email: str | None = Field(default=None, sa_type=Text)
    level: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    bio: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    hire_date: dt.date | None = Field(default=None)
    manager_id: int | None = Field(default=None, sa_type=BigInteger)
    is_active: bool = Field(default=None, sa_column_kwargs=SERVER)
    version: int = Field(default=None, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    updated_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)


class StylistSpecialty(Tenant, table=True):
    """What a stylist can do and how well; one without any does everything."""

    __tablename__ = "stylist_specialties"

    stylist_id: int = Field(sa_type=BigInteger)
    service_id: int | None = Field(default=None, sa_type=BigInteger)
    category_id: int | None = Field(default=None, sa_type=BigInteger)
    proficiency: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    price: Decimal | None = Field(default=None, sa_type=Numeric)
    minutes: int | None = Field(default=None)


class ServiceResource(Tenant, table=True):
    """Which rooms, chairs or machines a service may use; any of the kind when none is named."""

    __tablename__ = "service_resources"

    service_id: int = Field(sa_type=BigInteger)
    resource_id: int
