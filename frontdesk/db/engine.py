"""Engines: how the program holds on to its connections."""

from __future__ import annotations

import psycopg
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import Pool

CONNECTIONS_PER_TERMINAL = 2
"""Seventy terminals, each with these and a listener, still fit into the private server's 200."""


def open_engine(conninfo: str, *, poolclass: type[Pool] | None = None) -> Engine:
    """An engine over a psycopg connection string. It connects at the first use.

    SQLAlchemy's own pool checks a connection before lending it, so that a restarted server costs a reconnect and not
    an error, and has no back-off to wait for once the server is back.
    """

    def connect() -> psycopg.Connection:
        return psycopg.connect(conninfo, connect_timeout=5, application_name="frontdesk")

    if poolclass is not None:
        return create_engine("postgresql+psycopg://", creator=connect, poolclass=poolclass)
    return create_engine(
        "postgresql+psycopg://", creator=connect, pool_size=CONNECTIONS_PER_TERMINAL, max_overflow=0,
        pool_timeout=10, pool_pre_ping=True,
    )  # fmt: skip
