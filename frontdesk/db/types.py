"""What the tables share: the tenant's columns, instants, and the mark of a value the database fills in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, DateTime, FetchedValue
from sqlmodel import Field, SQLModel

SERVER: dict[str, Any] = {"server_default": FetchedValue()}
"""The column has a default in the database: left out of an insert when nothing is given."""

Instant = DateTime(timezone=True)
"""`timestamptz`: a moment, the same in every zone."""


class Tenant(SQLModel):
    """A row of a business. Both numbers are the database's to give: the tenant is whoever is signed in."""

    id: int = Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_kwargs=SERVER)
    business_id: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
