"""What comes between: another size, a second press, a quit, a key that closes. Nothing is lost."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
from pathlib import Path

import psycopg
import pytest
from textual.widgets import Input

from frontdesk.app import FrontDesk
from frontdesk.db.server import Handle
from tests.screens.desk import playing
from tests.screens.interrupted import (
    NINE,
    book_of,
    form_of,
    half_booked,
    nobody_can_save,
    send,
    soon,
    throw_out,
    until,
    visits,
)
from tests.services.desks import ANNA, CUT, JANE, booked

SIZES = ((1, 1), (40, 10), (200, 60), (3, 50), (80, 24))


async def test_every_screen_and_a_half_typed_form_live_through_every_size(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        for size in SIZES:
            await desk.pilot.resize_terminal(*size)
        assert "Who is at the desk?" in desk.text
        await desk.sign_in("ada")
        booked(desk.app.desk, JANE, NINE + dt.timedelta(hours=2), (CUT, ANNA))
        await until(desk, "Jane")
        for mode in FrontDesk.MODES:
            await desk.app.switch_to(mode)
            await desk.settled()
            before, focused = desk.text, desk.app.focused
            for size in SIZES[::2]:
                await desk.pilot.resize_terminal(*size)
                await desk.settled()
                if min(size) < 20:
                    assert "b book" not in desk.text
            assert desk.app.focused is focused
            assert desk.text == before, mode
        await desk.press("f2")
        await half_booked(desk, when="tue 3p")
        await desk.press("left", "left")
        field = desk.app.focused
        assert isinstance(field, Input)
        for size in SIZES:
            await desk.pilot.resize_terminal(*size)
            await desk.settled()
            assert desk.app.focused is field
            assert (field.value, field.cursor_position) == ("tue 3p", 4)
        assert form_of(desk).filled["customer"] == "Noor Amin"
        await desk.press("1")
        assert field.value == "tue 13p"


async def test_a_second_press_and_an_escape_while_it_is_saved(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        await half_booked(desk)
        with nobody_can_save(server, shop):
            await send(desk, "ctrl+s", "ctrl+s")
            await soon(desk, "Saving…")
            await send(desk, "escape")
            await soon(desk, "It is being saved; one moment.")
        await until(desk, "Booked Noor Amin")
        assert visits(server, shop) == [("Noor Amin", "pending")]
        assert desk.app.drafts.all() == (), "what is saved is no draft any more"


@pytest.mark.parametrize("how", ["ctrl+q", "the window is closed"])
async def test_quitting_while_it_is_saved_saves_it_whole(server: Handle, shop: str, tmp_path: Path, how: str) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        await half_booked(desk)
        with nobody_can_save(server, shop):
            await send(desk, "ctrl+s")
            await soon(desk, "Saving…")
            if how == "ctrl+q":
                await send(desk, how)
            else:
                os.kill(os.getpid(), signal.SIGHUP)
            await desk.pilot.pause(0.05)
        async with asyncio.timeout(60):
            while desk.app.is_running and desk.app._exit is False:
                await asyncio.sleep(0.02)
            while not visits(server, shop):
                await asyncio.sleep(0.02)
        assert visits(server, shop) == [("Noor Amin", "pending")]
        assert desk.app.return_code == (0 if how == "ctrl+q" else 128 + signal.SIGHUP)


async def test_quitting_while_the_database_dies_saves_nothing_of_it(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        await half_booked(desk)
        with nobody_can_save(server, shop):
            await send(desk, "ctrl+s")
            await soon(desk, "Saving…")
            os.kill(os.getpid(), signal.SIGTERM)
            throw_out(server, shop, limit=None)
        async with asyncio.timeout(60):
            while not desk.app._exit:
                await asyncio.sleep(0.02)
    with psycopg.connect(server.conninfo(shop)) as owner:
        counted = "SELECT (SELECT count(*) FROM appointments), (SELECT count(*) FROM appointment_services),"
        counted += " (SELECT count(*) FROM idempotency_keys WHERE command = 'booking.book')"
        assert owner.execute(counted).fetchone() == (0, 0, 0)
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        assert "Half typed at 09:00: Book a visit" in desk.text


async def test_the_key_that_closes_acts_nowhere_else(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        booked(desk.app.desk, JANE, NINE, (CUT, ANNA))
        screen = book_of(desk)
        screen.show_anew()
        await desk.press("tab")
        for key in (*"abmpxncdk", "colon", "slash", "f3", "f8", "escape"):
            await desk.press("f1", key)
            assert desk.app.screen is screen, key
            assert desk.app.current_mode == "calendar"
            assert screen.said_last == "", key
        assert visits(server, shop) == [("", "pending")]
        await desk.press("x")
        await desk.type("Ill")
        await desk.press("escape")
        assert desk.app.screen is screen
        assert screen.sheet is not None
        assert [entry.status for entry in screen.sheet.entries] == ["pending"]
