"""Cash drawers of a shop, and each time one is open."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, Numeric, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class Drawer(Tenant, table=True):
    """Cash drawers of a shop."""

    __tablename__ = "drawers"

    shop_id: int = Field(sa_type=BigInteger)
    name: str = Field(sa_type=Text)
    is_active: bool = Field(default=None, sa_column_kwargs=SERVER)


class DrawerSession(Tenant, table=True):
    """A drawer from its opening to its count: cash is expected by session, never by clock."""

    __tablename__ = "drawer_sessions"

    shop_id: int = Field(sa_type=BigInteger)
    drawer_id: int = Field(sa_type=BigInteger)
    opening_float: Decimal = Field(sa_type=Numeric)
    opened_at: dt.datetime = Field(sa_type=Instant)
    opened_by: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
    closed_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    closed_by: int | None = Field(default=None, sa_type=BigInteger)
