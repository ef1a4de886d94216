"""Strips of time slots."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import BigInteger, Text, Uuid
from sqlmodel import Field, SQLModel

from frontdesk.db.types import SERVER, Instant, Tenant


class Strip(SQLModel, table=True):
    """How far each resource's strip of time slots is laid out."""

    __tablename__ = "strips"

    resource_id: int = Field(primary_key=True)
    business_id: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
    published_from: dt.date
    published_until: dt.date


class TimeSlot(Tenant, table=True):
    """Pieces of each resource's time, half-open, without overlap: facts, and what is derived from them."""

    __tablename__ = "time_slots"

    resource_id: int
    shop_id: int = Field(sa_type=BigInteger)
    starts_at: dt.datetime = Field(sa_type=Instant)
    ends_at: dt.datetime = Field(sa_type=Instant)
    status: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    part_id: int | None = Field(default=None, sa_type=BigInteger)
    held_by: int | None = Field(default=None, sa_type=BigInteger)
    held_until: dt.datetime | None = Field(default=None, sa_type=Instant)
    hold_key: UUID | None = Field(default=None, sa_type=Uuid)
    class_session_id: int | None = Field(default=None, sa_type=BigInteger)
