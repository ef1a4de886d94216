"""The journal of money: a balanced double entry for every event, in a chain of hashes with one head per shop."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, LargeBinary, Numeric, Text
from sqlmodel import Field, SQLModel

from frontdesk.db.types import SERVER, Instant


class JournalHead(SQLModel, table=True):
    """The end of each shop's chain; whoever appends holds it until the commit."""

    __tablename__ = "journal_heads"

    shop_id: int = Field(primary_key=True, sa_type=BigInteger)
    business_id: int = Field(sa_type=BigInteger)
    seq: int = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)
    hash: bytes = Field(default=None, sa_type=LargeBinary, sa_column_kwargs=SERVER)


class JournalEntry(SQLModel, table=True):
    """Every event of money, in the order in which it was written."""

    __tablename__ = "journal_entries"

    id: int = Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_kwargs=SERVER)
    business_id: int = Field(sa_type=BigInteger)
    shop_id: int = Field(sa_type=BigInteger)
    seq: int = Field(sa_type=BigInteger)
    kind: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    source_id: int = Field(sa_type=BigInteger)
    day: dt.date
    at: dt.datetime = Field(sa_type=Instant)
    content: bytes = Field(sa_type=LargeBinary)
    previous: bytes = Field(sa_type=LargeBinary)
    hash: bytes = Field(sa_type=LargeBinary)


class JournalLine(SQLModel, table=True):
    """What an entry moves: debits equal credits."""

    __tablename__ = "journal_lines"

    id: int = Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_kwargs=SERVER)
    business_id: int = Field(sa_type=BigInteger)
    entry_id: int = Field(sa_type=BigInteger)
    position: int
    account: str = Field(sa_type=Text)
    debit: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
    credit: Decimal = Field(default=None, sa_type=Numeric, sa_column_kwargs=SERVER)
