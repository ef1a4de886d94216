"""Tickets that were paid."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, Numeric, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class Sale(Tenant, table=True):
    """Tickets that were paid."""

    __tablename__ = "sales"

    shop_id: int = Field(sa_type=BigInteger)
    number: int | None = Field(default=None, sa_type=BigInteger)
    imported_number: str | None = Field(default=None, sa_type=Text)
    customer_id: int | None = Field(default=None, sa_type=BigInteger)
    status: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    day: dt.date
    closed_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    cashier_id: int | None = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
    currency: str = Field(sa_type=Text)
    subtotal: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    discount: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    tax: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    total: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    tip: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    kind: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    corrects_id: int | None = Field(default=None, sa_type=BigInteger)
    reason: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    approved_by: int | None = Field(default=None, sa_type=BigInteger)
    drawer_session_id: int | None = Field(default=None, sa_type=BigInteger)
    price_class_id: int | None = Field(default=None, sa_type=BigInteger)
    tax_exempt_reason: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    updated_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)


class SaleLine(Tenant, table=True):
    """What was sold, by whom, for whom, at what price."""

    __tablename__ = "sale_lines"

    sale_id: int = Field(sa_type=BigInteger)
    position: int
    kind: str = Field(sa_type=Text)
    appointment_service_id: int | None = Field(default=None, sa_type=BigInteger)
    service_id: int | None = Field(default=None, sa_type=BigInteger)
    product_id: int | None = Field(default=None, sa_type=BigInteger)
    stylist_id: int | None = Field(default=None, sa_type=BigInteger)
    customer_id: int | None = Field(default=None, sa_type=BigInteger)
    name: str = Field(sa_type=Text)
    quantity: Decimal = Field(sa_type=Numeric)
    unit_price: Decimal = Field(sa_type=Numeric)
    gross: Decimal = Field(sa_type=Numeric)
    discount: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    taxable: Decimal = Field(sa_type=Numeric)
    tax: Decimal = Field(sa_type=Numeric)
    total: Decimal = Field(sa_type=Numeric)
    corrects_line_id: int | None = Field(default=None, sa_type=BigInteger)
    list_price: Decimal | None = Field(default=None, sa_type=Numeric)
    price_reason: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    cost: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    voucher_value: Decimal | None = Field(default=None, sa_type=Numeric)


class SaleLineTax(Tenant, table=True):
    """Each tax of each line, as it was on that day."""

    __tablename__ = "sale_line_taxes"

    sale_line_id: int = Field(sa_type=BigInteger)
    tax_id: int = Field(sa_type=BigInteger)
    name: str = Field(sa_type=Text)
    percent: Decimal = Field(sa_type=Numeric)
    inclusive: bool
    taxable: Decimal = Field(sa_type=Numeric)
    amount: Decimal = Field(sa_type=Numeric)


class Payment(Tenant, table=True):
    """Tenders of a sale."""

    __tablename__ = "payments"

    sale_id: int = Field(sa_type=BigInteger)
    position: int
    method: str = Field(sa_type=Text)
    amount: Decimal = Field(sa_type=Numeric)
    tendered: Decimal = Field(sa_type=Numeric)
    change: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    approval_code: str | None = Field(default=None, sa_type=Text)
    taken_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    corrects_payment_id: int | None = Field(default=None, sa_type=BigInteger)
    card_payment_id: int | None = Field(default=None, sa_type=BigInteger)
    prepayment_id: int | None = Field(default=None, sa_type=BigInteger)
    issuer_id: int | None = Field(default=None, sa_type=BigInteger)
    code: str | None = Field(default=None, sa_type=Text)
    fee: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)


class Tip(Tenant, table=True):
    """Who gets which part of a sale's tip."""

    __tablename__ = "tips"

    sale_id: int = Field(sa_type=BigInteger)
    stylist_id: int = Field(sa_type=BigInteger)
    amount: Decimal = Field(sa_type=Numeric)
    moved_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    moved_by: int | None = Field(default=None, sa_type=BigInteger)
    reason: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
