"""AD8: from a database with nothing in it to the first booking, in a real terminal, by keyboard, within two minutes."""

from __future__ import annotations

import time
from pathlib import Path

import psycopg
import pytest

from frontdesk.db.server import Handle
from tests.conftest import desk_conninfo
from tests.terminal.conftest import DESK, PLAIN
from tests.terminal.harness.terminal import Terminal

PASSWORD = "correct horse"
LIMIT_SECONDS = 120


@pytest.fixture
def nobody(server: Handle, committed: str, tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who has just installed it: a migrated database without a business, no folders."""
    with psycopg.connect(server.conninfo(committed), autocommit=True) as connection:
        connection.execute("TRUNCATE businesses RESTART IDENTITY CASCADE")
    return PLAIN | {
        "HOME": str(tmp_path),
        "USER": "ada",
        "TZ": "Europe/London",
        "FRONTDESK_DATABASE_URL": desk_conninfo(server, committed),
        "FRONTDESK_ADMIN_URL": server.conninfo(committed),
        **{f"FRONTDESK_{kind.upper()}_FOLDER": str(tmp_path / kind) for kind in ("data", "config", "state")},
    }


def test_the_first_booking_is_made_two_minutes_after_the_first_start(nobody: dict[str, str], tmp_path: Path) -> None:
    began = time.monotonic()
    with Terminal(DESK, environment=nobody, folder=tmp_path) as desk:
        desk.wait_for("1 of 7")
        desk.keys("enter")
        desk.type("Vale Street")
        desk.keys("ctrl+s")
        for page in ("2 of 7", "3 of 7", "4 of 7"):
            desk.wait_for(page)
            desk.keys("ctrl+s")
        desk.wait_for("5 of 7")
        desk.keys("enter", "enter")
        desk.type(PASSWORD)
        desk.keys("enter")
        desk.type(PASSWORD)
        desk.keys("enter")
        desk.type("4444")
        desk.keys("enter", "enter")
        desk.wait_for("6 of 7")
        desk.keys("enter")
        desk.wait_for("7 of 7")
        desk.keys("enter")
        desk.wait_for("The shop is ready")

        desk.keys("f3")
        desk.wait_for("Type a name")
        desk.type("jane doe")
        desk.wait_for("+ adds them")
        desk.keys("down")
        desk.type("+")
        desk.wait_for("Somebody new")
        desk.keys("ctrl+s")
        desk.wait_for("Jane Doe is added")
        desk.keys("f2")
        desk.wait_for("Vale Street")
        desk.type(":")
        desk.type("jane cut mon 10 ada")
        desk.wait_for("10:00–10:45  Jane Doe  Cut")
        desk.keys("enter")
        desk.wait_for("Booked Jane Doe")
        assert PASSWORD.encode() not in desk.wire.since()
        desk.keys("ctrl+q")
        assert desk.exit_code() == 0
    assert time.monotonic() - began < LIMIT_SECONDS

    # The next time the terminal is known, and a PIN is enough.
    with Terminal(DESK, environment=nobody, folder=tmp_path) as desk:
        desk.wait_for("Who is at the desk?")
        desk.type("a4444")
        desk.wait_for("Ada  ")
        desk.keys("ctrl+q")
        assert desk.exit_code() == 0
