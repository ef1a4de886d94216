"""Desks in terminals and browsers, each on a database of its own."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest

from frontdesk.clock import SystemClock
from frontdesk.db.server import Handle
from tests.conftest import desk_conninfo
from tests.screens.desk import PINS, TERMINAL, with_pins
from tests.terminal.harness.terminal import Terminal

REPO = Path(__file__).parents[2]

PLAIN = {"PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LANG": "C.UTF-8", "COLORTERM": "truecolor"}
"""A terminal as most people have it."""

STAND_IN = (sys.executable, "-m", "tests.terminal.stand_in")


@dataclass(frozen=True)
class Served:
    """A server of browsers' desks."""

    process: subprocess.Popen[str]
    port: int

    @property
    def address(self) -> str:
        """Where its page is."""
        return f"http://127.0.0.1:{self.port}/"


@contextmanager
def serving(command: tuple[str, ...], environment: dict[str, str]) -> Iterator[Served]:
    """Run something that serves desks and says where; at the end it is told to stop."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=REPO, env=environment
    )
    try:
        assert process.stdout is not None
        said = ""
        while (found := re.search(r"http://[^ :]+:(\d+)/", said)) is None:
            line = process.stdout.readline()
            assert line, f"it ended: {said}"
            said += line
        yield Served(process, int(found[1]))
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    """Serve a program's words to browsers, with more in the environment if need be."""
    with ExitStack() as stack:
        yield lambda *words, **more: stack.enter_context(
            serving((sys.executable, "-m", "tests.terminal.serve_child", *words), PLAIN | more)
        )


OPEN_EVERY_DAY = """
DELETE FROM weekly_shifts WHERE business_id = 1;
DELETE FROM business_hours WHERE business_id = 1;
INSERT INTO business_hours (business_id, shop_id, weekday, opens, closes)
    SELECT 1, 1, day, time '08:00', time '20:00' FROM generate_series(1, 7) AS day;
INSERT INTO weekly_shifts (business_id, stylist_id, shop_id, weekday, starts, ends)
    SELECT 1, stylist, 1, day, time '08:00', time '20:00'
      FROM generate_series(1, 7) AS day, generate_series(1, 2) AS stylist;
"""
MOVE = "UPDATE shops SET timezone = %s WHERE id = 1"


def zone_where_it_is_ten() -> str:
    """A desk in a terminal goes by the machine's clock, and tests run at any hour: so the shop moves."""
    ahead = (10 - SystemClock().now().hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}"  # the sign is the other way round there: Etc/GMT-3 is three hours ahead


@dataclass(frozen=True)
class Shop:
    """Vale Street on a database of its own, at a registered terminal, with a user's own folders."""

    server: Handle
    database: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a desk of this shop finds in its environment."""
        return PLAIN | {
            "HOME": str(self.folder),
            "FRONTDESK_DATABASE_URL": desk_conninfo(self.server, self.database),
            **{f"FRONTDESK_{kind.upper()}_FOLDER": str(self.folder / kind) for kind in ("data", "config", "state")},
        }

    def open_desk(self, *, rows: int = 24, columns: int = 80, **more: str | None) -> Terminal:
        """The desk in a terminal, with more or less in its environment."""
        changed = self.environment | {name: value for name, value in more.items() if value is not None}
        kept = {name: value for name, value in changed.items() if name not in more or more[name] is not None}
        return Terminal(DESK, rows=rows, columns=columns, environment=kept, folder=self.folder)

    def ask(self, query: str, *facts: object) -> list[tuple[Any, ...]]:
        """What the database says, asked by its owner."""
        with psycopg.connect(self.server.conninfo(self.database)) as connection:
            return connection.execute(query, facts).fetchall()


DESK = (sys.executable, "-m", "frontdesk")


class Keyboard(Protocol):
    """A desk that can be seen and typed at: in a terminal or in a browser."""

    def type(self, text: str) -> None:
        """Type letters."""

    def keys(self, *names: str) -> None:
        """Press keys by name."""

    def wait_for(self, text: str, timeout: float = ...) -> str:
        """Wait until a text is shown."""

    def wait_until(self, holds: Callable[[str], bool], what: str, timeout: float = ...) -> str:
        """Wait until something holds of what is shown."""


def sign_in(desk: Keyboard, login: str = "ria") -> None:
    """By letter and PIN, once the people are there."""
    desk.wait_for("Who is at the desk?")
    desk.type(login[0] + PINS[login])
    desk.keys("enter")
    signed_in = re.compile(rf"{login.capitalize()} +\d\d:\d\d")
    desk.wait_until(lambda text: signed_in.search(text) is not None, f"{login} at the desk")
    desk.wait_until(lambda text: "▸" in text and ":30" in text, "the day")


@pytest.fixture
def served_shop(shop: Shop) -> Iterator[Served]:
    """The shop's desks for browsers, by the command."""
    with serving((*DESK, "serve", "--port", "0"), shop.environment) as served:
        yield served


@pytest.fixture
def shop(server: Handle, committed: str, tmp_path: Path) -> Shop:
    """Vale Street at ten in the morning, open every day."""
    with_pins(server.conninfo(committed))
    with psycopg.connect(server.conninfo(committed)) as connection:
        connection.execute(OPEN_EVERY_DAY)
        connection.execute(MOVE, (zone_where_it_is_ten(),))
    made = Shop(server, committed, tmp_path)
    for kind in ("data", "config", "state"):
        (tmp_path / kind).mkdir(mode=0o700)
    secret = tmp_path / "config" / "terminal"
    secret.write_text(TERMINAL, encoding="utf-8")
    secret.chmod(0o600)
    return made
