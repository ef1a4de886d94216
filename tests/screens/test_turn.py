"""Keys typed ahead do what they would have done one by one."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from frontdesk.db.server import Handle
from frontdesk.screens.calendar.line import TypeLine
from frontdesk.widgets.form import Form
from tests.screens.desk import Played, playing


async def burst(desk: Played, *keys: str) -> None:
    """Deliver keys as a slow line does: all at once."""
    for key in keys:
        sign = {"space": " ", "colon": ":", "plus": "+"}.get(key, key if len(key) == 1 else None)
        desk.app.post_message(events.Key(key, sign))
    await desk.settled()


async def typed_ahead(desk: Played) -> str:
    """What stands in the booking form after `b` and a name came at once."""
    await burst(desk, "b", *"kan")
    for _ in range(40):
        await desk.settled()
        form = desk.app.screen
        if isinstance(form, Form) and form.filled["customer"] == "kan":
            break
    assert isinstance(form, Form)
    return form.filled["customer"]


async def test_letters_typed_ahead_of_a_form_end_in_it_and_not_below(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        assert await typed_ahead(desk) == "kan"


async def test_without_turns_they_would_be_lost(
    server: Handle, shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        monkeypatch.setattr(desk.app._turns, "is_its_turn", lambda key: True)
        assert await typed_ahead(desk) != "kan"


async def test_a_line_typed_at_once_is_whole(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        await burst(desk, "colon", *"jane", "space", *"cut")
        for _ in range(100):
            await desk.settled()
            if desk.app.screen.query_one(TypeLine).input.value == "janecut":
                break
        assert desk.app.screen.query_one(TypeLine).input.value.replace(" ", "") == "janecut"


async def test_a_key_behind_enter_goes_where_enter_leads(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        await desk.press("f3")
        await burst(desk, *"zoltan", "enter", "plus")
        for _ in range(100):
            await desk.settled()
            if isinstance(form := desk.app.screen, Form):
                break
        assert isinstance(form, Form)
