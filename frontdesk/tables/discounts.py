"""What comes off a ticket: coupons and their uses, each role's limit, and what came off each line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, Numeric, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class Coupon(Tenant, table=True):
    """What a code takes off a ticket, and how often."""

    __tablename__ = "coupons"

    code: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    percent: Decimal | None = Field(default=None, sa_type=Numeric)
    amount: Decimal | None = Field(default=None, sa_type=Numeric)
    currency: str | None = Field(default=None, sa_type=Text)
    minimum: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    valid_from: dt.date = Field(default=None, sa_column_kwargs=SERVER)
    valid_until: dt.date = Field(default=None, sa_column_kwargs=SERVER)
    uses: int | None = Field(default=None)
    per_customer: int | None = Field(default=None)
    on_services: bool = Field(default=None, sa_column_kwargs=SERVER)
    on_products: bool = Field(default=None, sa_column_kwargs=SERVER)
    service_id: int | None = Field(default=None, sa_type=BigInteger)
    product_id: int | None = Field(default=None, sa_type=BigInteger)
    stacks: bool = Field(default=None, sa_column_kwargs=SERVER)
    is_active: bool = Field(default=None, sa_column_kwargs=SERVER)


class CouponUse(Tenant, table=True):
    """Each use of a coupon, and each that a void gave back: how often it was used is their sum."""

    __tablename__ = "coupon_uses"

    shop_id: int = Field(sa_type=BigInteger)
    coupon_id: int = Field(sa_type=BigInteger)
    sale_id: int = Field(sa_type=BigInteger)
    customer_id: int | None = Field(default=None, sa_type=BigInteger)
    uses: int
    at: dt.datetime = Field(sa_type=Instant)
    user_id: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)


class DiscountLimit(Tenant, table=True):
    """How much each role takes off without a manager; who is not named, any amount."""

    __tablename__ = "discount_limits"

    role: str = Field(sa_type=Text)
    percent: Decimal = Field(sa_type=Numeric)


class SaleDiscount(Tenant, table=True):
    """Everything that came off a line of a sale: what, why and who allowed it."""

    __tablename__ = "sale_discounts"

    sale_id: int = Field(sa_type=BigInteger)
    sale_line_id: int = Field(sa_type=BigInteger)
    position: int
    kind: str = Field(sa_type=Text)
    percent: Decimal | None = Field(default=None, sa_type=Numeric)
    amount: Decimal = Field(sa_type=Numeric)
    coupon_id: int | None = Field(default=None, sa_type=BigInteger)
    reason: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    approved_by: int | None = Field(default=None, sa_type=BigInteger)
