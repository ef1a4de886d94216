"""Tickets put aside."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class ParkedTicket(Tenant, table=True):
    """Tickets put aside, to go on with later."""

    __tablename__ = "parked_tickets"

    shop_id: int = Field(sa_type=BigInteger)
    customer_id: int | None = Field(default=None, sa_type=BigInteger)
    label: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    contents: dict[str, Any] = Field(sa_type=JSONB(none_as_null=True))
    due: Decimal = Field(sa_type=Numeric)
    currency: str = Field(sa_type=Text)
    parked_at: dt.datetime = Field(sa_type=Instant)
    parked_by: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
    ended_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    ended_by: int | None = Field(default=None, sa_type=BigInteger)
    outcome: str | None = Field(default=None, sa_type=Text)
