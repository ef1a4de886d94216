"""Invoices with their versions, and what was printed and sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class Invoice(Tenant, table=True):
    """Invoices of sales, and credit notes of what went back."""

    __tablename__ = "invoices"

    shop_id: int = Field(sa_type=BigInteger)
    number: int = Field(default=0, sa_type=BigInteger)
    """Whatever is said, the database gives the next."""
    kind: str = Field(sa_type=Text)
    sale_id: int = Field(sa_type=BigInteger)
    corrects_id: int | None = Field(default=None, sa_type=BigInteger)
    issued_at: dt.datetime = Field(sa_type=Instant)
    issued_by: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)


class InvoiceVersion(Tenant, table=True):
    """Each issue of an invoice; a correction is the next one, and the earlier ones stay."""

    __tablename__ = "invoice_versions"

    invoice_id: int = Field(sa_type=BigInteger)
    version: int = 0
    """Whatever is said, the database gives the next."""
    buyer_name: str = Field(sa_type=Text)
    buyer_address: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    buyer_tax_number: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    customer_id: int | None = Field(default=None, sa_type=BigInteger)
    reason: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    contents: dict[str, Any] = Field(sa_type=JSONB(none_as_null=True))
    issued_at: dt.datetime = Field(sa_type=Instant)
    issued_by: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)


class Print(Tenant, table=True):
    """What was printed or sent of a sale: the first is the receipt, later ones are copies."""

    __tablename__ = "prints"

    shop_id: int = Field(sa_type=BigInteger)
    sale_id: int = Field(sa_type=BigInteger)
    invoice_version_id: int | None = Field(default=None, sa_type=BigInteger)
    document: str = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)
    is_copy: bool = False
    """Whatever is said, the database knows whether there was one before."""
    address: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    asked_at: dt.datetime = Field(sa_type=Instant)
    asked_by: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
    done_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    failed_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    error: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
