"""Who signs in, where, and what was allowed once."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class User(Tenant, table=True):
    """People who sign in."""

    __tablename__ = "users"

    login: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    is_active: bool = Field(default=None, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    updated_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)


class Terminal(Tenant, table=True):
    """Registered shop terminals, where a PIN is enough."""

    __tablename__ = "terminals"

    shop_id: int = Field(sa_type=BigInteger)
    name: str = Field(sa_type=Text)
    secret_hash: bytes
    is_active: bool = Field(default=None, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
