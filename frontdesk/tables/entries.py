"""What the entries of every ledger share: a balance is never a column, it is the sum of signed entries."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, Numeric, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class Entry(Tenant):
    """Where something came or went, of what kind, on which of the shop's days, when, by whom and why."""

    shop_id: int = Field(sa_type=BigInteger)
    kind: str = Field(sa_type=Text)
    day: dt.date
    at: dt.datetime = Field(sa_type=Instant)
    user_id: int | None = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
    reason: str = Field(default=None, sa_type=Text, sa_column_kwargs=SERVER)


class MoneyEntry(Entry):
    """An entry in money: by which sale and tender it was written, or which other entry it takes back."""

    amount: Decimal = Field(sa_type=Numeric)
    sale_id: int | None = Field(default=None, sa_type=BigInteger)
    payment_id: int | None = Field(default=None, sa_type=BigInteger)
    corrects_id: int | None = Field(default=None, sa_type=BigInteger)
