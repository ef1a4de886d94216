"""Add-ons, bundles, and whose length and price of a service differ."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, Numeric, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class ServiceLevel(Tenant, table=True):
    """What a service costs and how long it takes with stylists of one level."""

    __tablename__ = "service_levels"

    service_id: int = Field(sa_type=BigInteger)
    level: str = Field(sa_type=Text)
    price: Decimal | None = Field(default=None, sa_type=Numeric)
    minutes: int | None = Field(default=None)


class ServiceAddon(Tenant, table=True):
    """What may be added to a service, and what has to be asked before it is booked."""

    __tablename__ = "service_addons"

    service_id: int = Field(sa_type=BigInteger)
    addon_id: int = Field(sa_type=BigInteger)
    is_required: bool = Field(default=None, sa_column_kwargs=SERVER)
    position: int = Field(default=None, sa_column_kwargs=SERVER)


class BundleService(Tenant, table=True):
    """What a bundle is made of, in order; its price is the bundle's own."""

    __tablename__ = "bundle_services"

    bundle_id: int = Field(sa_type=BigInteger)
    position: int
    service_id: int = Field(sa_type=BigInteger)


class Accommodation(Tenant, table=True):
    """One customer's own length or price of a service, with one stylist or with all."""

    __tablename__ = "accommodations"

    customer_id: int = Field(sa_type=BigInteger)
    service_id: int = Field(sa_type=BigInteger)
    stylist_id: int | None = Field(default=None, sa_type=BigInteger)
    minutes: int | None = Field(default=None)
    price: Decimal | None = Field(default=None, sa_type=Numeric)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    created_by: int | None = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
