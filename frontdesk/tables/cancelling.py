"""What a late no costs, and what was asked for it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, Numeric, Text
from sqlmodel import Field

from frontdesk.db.types import Instant, Tenant


class CancellationPolicy(Tenant, table=True):
    """What a late cancellation and a no-show cost; the row without a service holds for all others."""

    __tablename__ = "cancellation_policies"

    service_id: int | None = Field(default=None, sa_type=BigInteger)
    notice_minutes: int
    late_percent: Decimal | None = Field(default=None, sa_type=Numeric)
    late_flat: Decimal | None = Field(default=None, sa_type=Numeric)
    no_show_percent: Decimal | None = Field(default=None, sa_type=Numeric)
    no_show_flat: Decimal | None = Field(default=None, sa_type=Numeric)


class AppointmentFee(Tenant, table=True):
    """What a late cancellation or a no-show costs, or who let it pass."""

    __tablename__ = "appointment_fees"

    shop_id: int = Field(sa_type=BigInteger)
    appointment_service_id: int = Field(sa_type=BigInteger)
    customer_id: int | None = Field(default=None, sa_type=BigInteger)
    kind: str = Field(sa_type=Text)
    proposed: Decimal = Field(sa_type=Numeric)
    amount: Decimal = Field(sa_type=Numeric)
    waived_by: int | None = Field(default=None, sa_type=BigInteger)
    waive_reason: str | None = Field(default=None, sa_type=Text)
    at: dt.datetime = Field(sa_type=Instant)
    taken_back_at: dt.datetime | None = Field(default=None, sa_type=Instant)
    sale_line_id: int | None = Field(default=None, sa_type=BigInteger)
