"""What there is to buy."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import ARRAY, BigInteger, Numeric, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class ServiceCategory(Tenant, table=True):
    """Shelves of the service menu."""

    __tablename__ = "service_categories"

    name: str = Field(sa_type=Text)
    position: int = Field(default=None, sa_column_kwargs=SERVER)


class Service(Tenant, table=True):
    """What the shop does for people."""

    __tablename__ = "services"

    category_id: int | None = Field(default=None, sa_type=BigInteger)
    code: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    description: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    price: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    cost: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    kind: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    seats: int | None = Field(default=None)
    is_active: bool = Field(default=None, sa_column_kwargs=SERVER)
    version: int = Field(default=None, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    updated_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)


class ServicePart(Tenant, table=True):
    """A service is a row of parts: hands on, waiting, hands on again, cleaning up."""

    __tablename__ = "service_parts"

    service_id: int = Field(sa_type=BigInteger)
    position: int
    kind: str = Field(sa_type=Text)
    minutes: int
    holds: list[str] = Field(default=None, sa_type=ARRAY(Text), sa_column_kwargs=SERVER)


class Tax(Tenant, table=True):
    """Rates that are inside a price or on top of it, with their dates."""

    __tablename__ = "taxes"

    name: str = Field(sa_type=Text)
    percent: Decimal = Field(sa_type=Numeric)
    inclusive: bool
    on_services: bool = Field(default=None, sa_column_kwargs=SERVER)
    on_products: bool = Field(default=None, sa_column_kwargs=SERVER)
    valid_from: dt.date = Field(default=None, sa_column_kwargs=SERVER)
    valid_until: dt.date = Field(default=None, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    position: int = Field(default=None, sa_column_kwargs=SERVER)
    compounds: bool = Field(default=None, sa_column_kwargs=SERVER)
    code: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)


class Product(Tenant, table=True):
    """What stands on the shelf."""

    __tablename__ = "products"

    code: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    barcode: str | None = Field(default=None, sa_type=Text)
    brand: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    supplier_code: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    supplier_id: int | None = Field(default=None, sa_type=BigInteger)
    family_id: int | None = Field(default=None, sa_type=BigInteger)
    variant: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    is_stocked: bool = Field(default=None, sa_column_kwargs=SERVER)
    category: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    price: Decimal = Field(sa_type=Numeric)
    cost: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    is_active: bool = Field(default=None, sa_column_kwargs=SERVER)
    version: int = Field(default=None, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    updated_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)


class PriceClass(Tenant, table=True):
    """Who pays other prices: staff, a model, friends and family."""

    __tablename__ = "price_classes"

    name: str = Field(sa_type=Text)
    percent: Decimal = Field(sa_type=Numeric)
    is_active: bool = Field(default=None, sa_column_kwargs=SERVER)


class CancelReason(Tenant, table=True):
    """Why visits are cancelled, as a list to pick from."""

    __tablename__ = "cancel_reasons"

    name: str = Field(sa_type=Text)
    position: int = Field(default=None, sa_column_kwargs=SERVER)
    is_active: bool = Field(default=None, sa_column_kwargs=SERVER)
