"""Rows of the till."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import NamedTuple


class Sale(NamedTuple):
    id: int
    number: int
    customer_id: int | None
    day: dt.date
    closed_at: dt.datetime
    cashier_id: int
    currency: str
    subtotal: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal
    tip: Decimal
    created_at: dt.datetime


class SaleLine(NamedTuple):
    id: int
    sale_id: int
    position: int
    kind: str
    appointment_service_id: int | None
    service_id: int | None
    product_id: int | None
    stylist_id: int | None
    customer_id: int | None
    name: str
    quantity: Decimal
    unit_price: Decimal
    gross: Decimal
    discount: Decimal
    taxable: Decimal
    tax: Decimal
    total: Decimal


class SaleLineTax(NamedTuple):
    sale_line_id: int
    tax_id: int
    name: str
    percent: Decimal
    inclusive: bool
    taxable: Decimal
    amount: Decimal


class Payment(NamedTuple):
    sale_id: int
    position: int
    method: str
    amount: Decimal
    tendered: Decimal
    change: Decimal
    approval_code: str | None
    taken_at: dt.datetime


class Tip(NamedTuple):
    sale_id: int
    stylist_id: int
    amount: Decimal


class Commission(NamedTuple):
    sale_id: int
    sale_line_id: int
    stylist_id: int
    day: dt.date
    for_day: dt.date
    base: Decimal
    percent: Decimal
    amount: Decimal
    rule_id: int
    currency: str
