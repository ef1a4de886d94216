"""What came from another system."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Text
from sqlmodel import Field

from frontdesk.db.types import SERVER, Instant, Tenant


class ImportBatch(Tenant, table=True):
    """One run of an import."""

    __tablename__ = "import_batches"

    shop_id: int = Field(sa_type=BigInteger)
    source: str = Field(sa_type=Text)
    rows_read: int
    rows_added: int
    at: dt.datetime = Field(default=None, sa_type=Instant, sa_column_kwargs=SERVER)
    user_id: int | None = Field(default=None, sa_type=BigInteger, sa_column_kwargs=SERVER)


class ImportedRow(Tenant, table=True):
    """Which row of the other system became which row here."""

    __tablename__ = "imported_rows"

    batch_id: int = Field(sa_type=BigInteger)
    source: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    source_key: str = Field(sa_type=Text)
    table_name: str = Field(sa_type=Text)
    row_id: int = Field(sa_type=BigInteger)
