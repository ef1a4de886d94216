"""Card terminals and cards on file: never a card's number, only tokens and what tells cards apart."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, Numeric, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class CustomerCard(Tenant, table=True):
    """Cards that a provider keeps for customers: a token and what a person needs to tell them apart."""

    __tablename__ = "customer_cards"

    customer_id: int = Field(sa_type=BigInteger)
    provider: str = Field(sa_type=Text)
    token: str = Field(sa_type=Text)
    brand: str = Field(sa_type=Text)
    last4: str = Field(sa_type=Text)
    expires_on: dt.date
    is_active: bool = Field(default=None, sa_column_kwargs=SERVER)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    created_by: int | None = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)


class CardPayment(Tenant, table=True):
    """What a card terminal was asked to charge or give back; written before it is asked."""

    __tablename__ = "card_payments"

    shop_id: int = Field(sa_type=BigInteger)
    kind: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    refunds_id: int | None = Field(default=None, sa_type=BigInteger)
    customer_card_id: int | None = Field(default=None, sa_type=BigInteger)
    provider: str = Field(sa_type=Text)
    reference: UUID
    amount: Decimal = Field(sa_type=Numeric)
    currency: str = Field(sa_type=Text)
    status: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    provider_charge: str | None = Field(default=None, sa_type=Text)
    approval_code: str | None = Field(default=None, sa_type=Text)
    brand: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    last4: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    message: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    asked_at: dt.datetime = Field(sa_type=Instant)
    settled_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    user_id: int | None = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)


class CardEvent(Tenant, table=True):
    """What a provider said about a charge, each saying once however often it calls."""

    __tablename__ = "card_events"

    card_payment_id: int = Field(sa_type=BigInteger)
    provider: str = Field(sa_type=Text)
    provider_event: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    message: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    at: dt.datetime = Field(sa_type=Instant)
    user_id: int | None = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
