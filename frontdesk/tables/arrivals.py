"""What everybody has to know when somebody comes, and who was told."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ARRAY, BigInteger, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class CustomerAlert(Tenant, table=True):
    """What everybody has to know when somebody comes: an allergy, a warning."""

    __tablename__ = "customer_alerts"

    customer_id: int = Field(sa_type=BigInteger)
    kind: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)
    words: str = Field(sa_type=Text)
    created_at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    ended_at: dt.datetime | None = Field(default=None, sa_type=Instant)


class ArrivalCard(Tenant, table=True):
    """Who was shown what when somebody arrived."""

    __tablename__ = "arrival_cards"

    appointment_id: int = Field(sa_type=BigInteger)
    alerts: list[int] = Field(sa_type=ARRAY(BigInteger))
    kinds: list[str] = Field(sa_type=ARRAY(Text))
    seen_by: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
    seen_at: dt.datetime = Field(sa_type=Instant)
