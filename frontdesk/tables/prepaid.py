"""Money taken before it is earned: gift cards, credit, deposits, and the rules they follow."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, Numeric, SmallInteger, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant
from frontdesk.tables.entries import MoneyEntry


class PrepaymentRule(Tenant, table=True):
    """When the tax of money taken in advance is due and what becomes of it; without a row it goes by the country."""

    __tablename__ = "prepayment_rules"

    kind: str = Field(sa_type=Text)
    tax_point: str = Field(sa_type=Text)
    forfeit: str = Field(sa_type=Text)
    months: int | None = Field(default=None, sa_type=SmallInteger)


class DepositRule(Tenant, table=True):
    """Which services ask for a deposit, of whom, and how much."""

    __tablename__ = "deposit_rules"

    service_id: int | None = Field(default=None, sa_type=BigInteger)
    category_id: int | None = Field(default=None, sa_type=BigInteger)
    who: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    percent: Decimal | None = Field(default=None, sa_type=Numeric)
    amount: Decimal | None = Field(default=None, sa_type=Numeric)


class Prepayment(Tenant, table=True):
    """Gift cards, credit and deposits: what was promised for money taken before."""

    __tablename__ = "prepayments"

    shop_id: int = Field(sa_type=BigInteger)
    kind: str = Field(sa_type=Text)
    code: str | None = Field(default=None, sa_type=Text)
    customer_id: int | None = Field(default=None, sa_type=BigInteger)
    appointment_id: int | None = Field(default=None, sa_type=BigInteger)
    service_id: int | None = Field(default=None, sa_type=BigInteger)
    limited_to: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    tax_point: str = Field(sa_type=Text)
    forfeit: str = Field(sa_type=Text)
    currency: str = Field(sa_type=Text)
    expires_on: dt.date | None = None
    reason: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    issued_at: dt.datetime = Field(sa_type=Instant)
    issued_by: int | None = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)


class PrepaymentEntry(MoneyEntry, table=True):
    """What came onto a prepayment and went off it: its balance is their sum."""

    __tablename__ = "prepayment_entries"

    prepayment_id: int = Field(sa_type=BigInteger)
    sale_line_id: int | None = Field(default=None, sa_type=BigInteger)


class PrepaymentEntryTax(Tenant, table=True):
    """Tax that was due when the money came, and is not taken again when it is used."""

    __tablename__ = "prepayment_entry_taxes"

    entry_id: int = Field(sa_type=BigInteger)
    tax_id: int = Field(sa_type=BigInteger)
    name: str = Field(sa_type=Text)
    percent: Decimal = Field(sa_type=Numeric)
    inclusive: bool
    taxable: Decimal = Field(sa_type=Numeric)
    amount: Decimal = Field(sa_type=Numeric)
