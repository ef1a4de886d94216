"""Cash drawers of a shop, each time one is open, what goes in and out, how it is counted, and the day's close."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB
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
    opened_on: dt.date
    opened_at: dt.datetime = Field(sa_type=Instant)
    opened_by: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
    closed_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    closed_by: int | None = Field(default=None, sa_type=BigInteger)
    counted: Decimal | None = Field(default=None, sa_type=Numeric)
    expected: Decimal | None = Field(default=None, sa_type=Numeric)
    float_left: Decimal | None = Field(default=None, sa_type=Numeric)
    closed_on: dt.date | None = Field(default=None)
    banked: Decimal | None = Field(default=None, sa_type=Numeric)
    note: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    accepted_by: int | None = Field(default=None, sa_type=BigInteger)
    z_report_id: int | None = Field(default=None, sa_type=BigInteger)


class DrawerMove(Tenant, table=True):
    """Cash that goes in or out of a drawer without a sale."""

    __tablename__ = "drawer_moves"

    shop_id: int = Field(sa_type=BigInteger)
    session_id: int = Field(sa_type=BigInteger)
    kind: str = Field(sa_type=Text)
    amount: Decimal = Field(sa_type=Numeric)
    to_session_id: int | None = Field(default=None, sa_type=BigInteger)
    stylist_id: int | None = Field(default=None, sa_type=BigInteger)
    reason: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    day: dt.date
    at: dt.datetime = Field(sa_type=Instant)
    moved_by: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)


class DrawerCount(Tenant, table=True):
    """Each time a drawer's cash was counted and the count confirmed."""

    __tablename__ = "drawer_counts"

    session_id: int = Field(sa_type=BigInteger)
    kind: str = Field(sa_type=Text)
    attempt: int = Field(default=None, sa_column_kwargs=SERVER)
    pieces: dict[str, Any] = Field(default=None, sa_type=JSONB(none_as_null=True), sa_column_kwargs=SERVER)
    total: Decimal = Field(sa_type=Numeric)
    expected: Decimal | None = Field(default=None, sa_type=Numeric)
    note: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    at: dt.datetime = Field(sa_type=Instant)
    counted_by: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)


class ZReport(Tenant, table=True):
    """Closed days, each as it was printed."""

    __tablename__ = "z_reports"

    shop_id: int = Field(sa_type=BigInteger)
    number: int = Field(sa_type=BigInteger)
    day: dt.date
    sales_after: int = Field(sa_type=BigInteger)
    sales_until: int = Field(sa_type=BigInteger)
    closed_at: dt.datetime = Field(sa_type=Instant)
    closed_by: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
    passed_reason: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    passed_by: int | None = Field(default=None, sa_type=BigInteger)
    totals: dict[str, Any] = Field(sa_type=JSONB(none_as_null=True))
    sheet: str = Field(sa_type=Text)
    head_seq: int | None = Field(default=None, sa_type=BigInteger)
    head_hash: bytes | None = Field(default=None)
