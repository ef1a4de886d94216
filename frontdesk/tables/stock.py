"""What lies on the shelves: suppliers, variants, orders, and every piece that comes or goes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, Numeric, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant
from frontdesk.tables.entries import Entry


class Supplier(Tenant, table=True):
    """Whom products are bought from."""

    __tablename__ = "suppliers"

    name: str = Field(sa_type=Text)
    email: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    phone: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    note: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    is_active: bool = Field(default=None, sa_column_kwargs=SERVER)


class ProductFamily(Tenant, table=True):
    """Products that differ in size or shade only."""

    __tablename__ = "product_families"

    name: str = Field(sa_type=Text)


class StockLocation(Tenant, table=True):
    """Where things lie that are not on the shelf they are sold from: the store room, the backbar."""

    __tablename__ = "stock_locations"

    shop_id: int = Field(sa_type=BigInteger)
    name: str = Field(sa_type=Text)
    is_active: bool = Field(default=None, sa_column_kwargs=SERVER)


class StockLevel(Tenant, table=True):
    """When there is too little of a product in a shop, and how much there should be."""

    __tablename__ = "stock_levels"

    shop_id: int = Field(sa_type=BigInteger)
    product_id: int = Field(sa_type=BigInteger)
    low_at: int
    order_to: int


class PurchaseOrder(Tenant, table=True):
    """What was ordered from a supplier."""

    __tablename__ = "purchase_orders"

    shop_id: int = Field(sa_type=BigInteger)
    supplier_id: int = Field(sa_type=BigInteger)
    ordered_at: dt.datetime = Field(sa_type=Instant)
    ordered_by: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
    note: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    closed_at: dt.datetime | None = Field(default=None, sa_type=Instant)


class PurchaseOrderLine(Tenant, table=True):
    """How many of what, at which cost."""

    __tablename__ = "purchase_order_lines"

    order_id: int = Field(sa_type=BigInteger)
    product_id: int = Field(sa_type=BigInteger)
    quantity: int
    cost: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)


class StockMove(Entry, table=True):
    """Every piece that comes or goes: how many there are is their sum."""

    __tablename__ = "stock_moves"

    product_id: int = Field(sa_type=BigInteger)
    location_id: int | None = Field(default=None, sa_type=BigInteger)
    quantity: int
    counted: int | None = Field(default=None)
    cost: Decimal | None = Field(default=None, sa_type=Numeric)
    sale_line_id: int | None = Field(default=None, sa_type=BigInteger)
    order_line_id: int | None = Field(default=None, sa_type=BigInteger)
    counterpart_id: int | None = Field(default=None, sa_type=BigInteger)
