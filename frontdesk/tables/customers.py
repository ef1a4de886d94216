"""People who come, and the words they are found by."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from frontdesk.db.types import SERVER, Instant, Tenant


class Customer(Tenant, table=True):
    """People who come; the row is the identity, not the e-mail or the telephone."""

    __tablename__ = "customers"

    code: str | None = Field(default=None, sa_type=Text)
    first_name: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    last_name: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    phone: str | None = Field(default=None, sa_type=Text)
    email: str | None = Field(default=None, sa_type=Text)
    date_of_birth: dt.date | None = Field(default=None)
    gender: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    preferred_stylist_id: int | None = Field(default=None, sa_type=BigInteger)
    notes: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    preferences: dict[str, Any] = Field(default=None, sa_type=JSONB(none_as_null=True), sa_column_kwargs=SERVER)
    sort_key: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    is_active: bool = Field(default=None, sa_column_kwargs=SERVER)
    erased_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    version: int = Field(default=None, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    updated_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)


class CustomerToken(SQLModel, table=True):
    """Folded words by which a customer is found as one types."""

    __tablename__ = "customer_tokens"

    business_id: int = Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_kwargs=SERVER)
    customer_id: int = Field(primary_key=True, sa_type=BigInteger)
    kind: str = Field(primary_key=True, sa_type=Text)
    token: str = Field(primary_key=True, sa_type=Text)
