"""The ear: hears what other terminals have changed, and says when it can't."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

import psycopg

CHANNEL = "frontdesk"
AGAIN_SECONDS = 2.0
"""Between two tries to hear again."""


class Ear:
    """A connection of its own that LISTENs in a thread, until it is closed.

    `on_notice` gets each payload, `on_state` True when it hears and False when it stops hearing. Both are called in
    the ear's thread.
    """

    def __init__(self, conninfo: str, on_notice: Callable[[str], None], on_state: Callable[[bool], None]) -> None:
        self._conninfo = conninfo
        self._on_notice = on_notice
        self._on_state = on_state
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="frontdesk-ear", daemon=True)

    def open(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening. Returns at once; the thread ends within half a second."""
        self._closing.set()

    def _listen(self) -> None:
        while not self._closing.is_set():
            with suppress(psycopg.Error), psycopg.connect(
                self._conninfo, autocommit=True, connect_timeout=5, application_name="frontdesk ear",
                keepalives_idle=10, keepalives_interval=5, keepalives_count=2,
            ) as connection:  # fmt: skip
                connection.execute(f"LISTEN {CHANNEL}")
                self._on_state(True)
                self._hear(connection)
            if not self._closing.is_set():
                self._on_state(False)
            self._closing.wait(AGAIN_SECONDS)

    def _hear(self, connection: psycopg.Connection) -> None:
        while not self._closing.is_set():
            for notice in connection.notifies(timeout=0.5):
                self._on_notice(notice.payload)
