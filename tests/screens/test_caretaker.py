"""What the desk sees to by itself: it is done, and not a byte of it reaches the terminal."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest

from frontdesk.db.server import Handle
from tests.screens.desk import CopyBackstage, Played, playing, until


def look(played: Played) -> None:
    """What a thread of the desk does once a minute."""
    backstage = played.app.backstage
    assert isinstance(backstage, CopyBackstage)
    backstage.look()


def done_in(conninfo: str) -> int:
    with psycopg.connect(conninfo) as owner:
        return int((owner.execute("SELECT count(*) FROM chores WHERE done_on = '2026-03-09'").fetchone() or (0,))[0])


async def test_an_idle_desk_sees_to_what_is_due_and_sends_its_terminal_nothing(
    server: Handle, shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    conninfo = server.conninfo(shop)
    async with playing(server, shop, tmp_path) as desk:
        await desk.press("f1", "escape")
        await asyncio.to_thread(look, desk)
        assert done_in(conninfo) == 0, "nobody has signed in"
        await desk.sign_in("mo")
        sent: list[object] = []
        monkeypatch.setattr(desk.app, "_display", lambda screen, painted: sent.append(painted))
        await asyncio.to_thread(look, desk)
        await desk.settled()
        assert done_in(conninfo) == 5
        assert sent == []
        await desk.press("down")
        assert sent, "what would be painted is heard of here"
        monkeypatch.undo()
        with psycopg.connect(conninfo) as owner:
            owner.execute(
                "UPDATE chores SET done_on = NULL, failed_at = '2026-03-09 08:00Z', next_at = '2026-03-09 12:00Z',"
                " error = 'The disk is full.' WHERE name = 'strips'"
            )
        await desk.press("f6")
        await until(desk, "daily upkeep goes wrong")
        await desk.press("enter")
        await until(desk, "strips: The disk is full.")
        await desk.press("end")
        await until(desk, "frontdesk upkeep run tries again at once")
        await desk.press("escape")
        await until(desk, "enter opens")
