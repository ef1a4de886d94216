"""What is due every day without anybody asking."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class Chore(Tenant, table=True):
    """How it went in a shop."""

    __tablename__ = "chores"

    shop_id: int = Field(sa_type=BigInteger)
    name: str = Field(sa_type=Text)
    done_on: dt.date | None = Field(default=None)
    done_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    failed_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    next_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    error: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
