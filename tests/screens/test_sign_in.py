"""Who is at the desk: signing in, locking, handing over."""

from __future__ import annotations

from pathlib import Path

from frontdesk.db.server import Handle
from tests.screens.desk import PINS, each_size, playing


@each_size
async def test_the_people_of_the_terminal_are_named(
    server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with playing(server, shop, tmp_path, size=size) as desk:
        desk.shows("sign_in")


async def test_a_letter_and_a_pin_open_the_book(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.press("r", *PINS["ria"], "enter")
        assert desk.app.desk.actor.name == "Ria"
        assert desk.app.current_mode == "calendar"


async def test_a_wrong_pin_says_so_and_opens_nothing(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.press("r", *"9999", "enter")
        assert not desk.app.is_signed_in
        assert "The name and the PIN do not fit." in desk.text


async def test_an_enter_behind_a_pin_that_completed_itself_opens_nothing(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.press("r", *PINS["ria"], "enter", "enter")
        assert desk.app.is_signed_in
        assert desk.app.on_desk is not None, "a second enter opened a form"
