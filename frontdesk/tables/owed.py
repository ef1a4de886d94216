"""Money that is still to come: house accounts, vouchers of others, bank transfers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, Numeric, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant
from frontdesk.tables.entries import MoneyEntry


class HouseAccount(Tenant, table=True):
    """Customers who may pay later, and up to how much."""

    __tablename__ = "house_accounts"

    customer_id: int = Field(sa_type=BigInteger)
    limit_amount: Decimal = Field(sa_type=Numeric)
    currency: str = Field(sa_type=Text)
    is_active: bool = Field(default=None, sa_column_kwargs=SERVER)
    opened_at: dt.datetime = Field(sa_type=Instant)
    opened_by: int | None = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)


class AccountEntry(MoneyEntry, table=True):
    """What was put on a house account and paid off it: what is owed is their sum."""

    __tablename__ = "account_entries"

    account_id: int = Field(sa_type=BigInteger)
    sale_line_id: int | None = Field(default=None, sa_type=BigInteger)


class VoucherIssuer(Tenant, table=True):
    """Who issues vouchers that are taken here and pays for them later."""

    __tablename__ = "voucher_issuers"

    name: str = Field(sa_type=Text)
    fee_percent: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    is_active: bool = Field(default=None, sa_column_kwargs=SERVER)


class Receivable(Tenant, table=True):
    """Tenders whose money is still to come: vouchers of others, bank transfers."""

    __tablename__ = "receivables"

    shop_id: int = Field(sa_type=BigInteger)
    kind: str = Field(sa_type=Text)
    sale_id: int = Field(sa_type=BigInteger)
    payment_id: int = Field(sa_type=BigInteger)
    issuer_id: int | None = Field(default=None, sa_type=BigInteger)
    code: str | None = Field(default=None, sa_type=Text)
    reference: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    customer_id: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = Field(sa_type=Text)
    freed_at: dt.datetime | None = Field(default=None, sa_type=Instant)


class ReceivableEntry(MoneyEntry, table=True):
    """What is to come, what the issuer keeps, what has come: what is left to come is their sum."""

    __tablename__ = "receivable_entries"

    receivable_id: int = Field(sa_type=BigInteger)
