"""Who waits for a product that is out of stock."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class ProductWish(Tenant, table=True):
    """Who wants a product when it is back on the shelf."""

    __tablename__ = "product_wishes"

    customer_id: int = Field(sa_type=BigInteger)
    product_id: int = Field(sa_type=BigInteger)
    note: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    wished_at: dt.datetime = Field(sa_type=Instant)
    wished_by: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
    ended_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    ended_by: int | None = Field(default=None, sa_type=BigInteger)
    outcome: str | None = Field(default=None, sa_type=Text)
