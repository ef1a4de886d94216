"""Engines: how the program holds on to its connections."""

from __future__ import annotations

import datetime as dt

import psycopg
from psycopg.types.datetime import DateDumper, DateLoader
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import Pool

import frontdesk.zones  # noqa: F401  psycopg reads the zone of a connection: from the same data as everything else

CONNECTIONS_PER_TERMINAL = 2
"""Seventy terminals, each with these and a listener, still fit into the private server's 200."""


def open_engine(conninfo: str, *, poolclass: type[Pool] | None = None) -> Engine:
    """An engine over a psycopg connection string. It connects at the first use.

    SQLAlchemy's own pool checks a connection before lending it, so that a restarted server costs a reconnect and not
    an error, and has no back-off to wait for once the server is back.
    """

    def connect() -> psycopg.Connection:
        connection = psycopg.connect(conninfo, connect_timeout=5, application_name="frontdesk")
        connection.adapters.register_loader("date", _EndlessDateLoader)
        connection.adapters.register_dumper(dt.date, _EndlessDateDumper)
        return connection

    if poolclass is not None:
        return create_engine("postgresql+psycopg://", creator=connect, poolclass=poolclass)
    return create_engine(
        "postgresql+psycopg://", creator=connect, pool_size=CONNECTIONS_PER_TERMINAL, max_overflow=0,
        pool_timeout=10, pool_pre_ping=True,
    )  # fmt: skip


class _EndlessDateLoader(DateLoader):
    """A rule without an end has the date `infinity`, which Python's dates lack: it is the last day they know."""

    def load(self, data: bytes | bytearray | memoryview) -> dt.date:
        if data == b"infinity":
            return dt.date.max
        return dt.date.min if data == b"-infinity" else super().load(data)


class _EndlessDateDumper(DateDumper):
    def dump(self, obj: dt.date) -> bytes | bytearray | memoryview | None:
        if obj == dt.date.max:
            return b"infinity"
        return b"-infinity" if obj == dt.date.min else super().dump(obj)
