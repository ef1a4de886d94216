"""What happened: answered requests, waiting messages, history."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from frontdesk.db.types import SERVER, Instant, Tenant


class IdempotencyKey(Tenant, table=True):
    """Every write's request id with its first answer: a repeated request changes nothing."""

    __tablename__ = "idempotency_keys"

    request_id: UUID
    command: str = Field(sa_type=Text)
    request_hash: str = Field(sa_type=Text)
    answer: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    user_id: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)


class OutboxEvent(Tenant, table=True):
    """Messages and notifications, written in the transaction of the change they tell of."""

    __tablename__ = "outbox_events"

    shop_id: int = Field(sa_type=BigInteger)
    kind: str = Field(sa_type=Text)
    subject_id: int = Field(sa_type=BigInteger)
    payload: dict[str, Any] = Field(default=None, sa_type=JSONB(none_as_null=True), sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    due_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    sent_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    attempts: int = Field(default=None, sa_column_kwargs=SERVER)
    last_error: str | None = Field(default=None, sa_type=Text)


class AuditEntry(SQLModel, table=True):
    """Every insert, update and delete of facts: who, when, where, old and new."""

    __tablename__ = "audit_log"

    id: int = Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_kwargs=SERVER)
    at: dt.datetime = Field(default=None, primary_key=True, sa_type=Instant, sa_column_kwargs=SERVER)
    business_id: int | None = Field(default=None, sa_type=BigInteger)
    user_id: int | None = Field(default=None, sa_type=BigInteger)
    who: str = Field(sa_type=Text)
    terminal_id: int | None = Field(default=None, sa_type=BigInteger)
    request_id: UUID | None = Field(default=None)
    table_name: str = Field(sa_type=Text)
    row_id: int | None = Field(default=None, sa_type=BigInteger)
    action: str = Field(sa_type=Text)
    old: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    new: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
