"""Another person at the desk: whose half-typed form it is, who may, and when it locks."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from pathlib import Path

import psycopg

from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.screens.sign_in.screen import SignInScreen
from frontdesk.widgets.form import KEPT_AFTER, Form
from tests.screens.desk import PINS, playing
from tests.screens.interrupted import NINE, form_of, half_booked, until, visits
from tests.services.desks import ANNA, CUT, JANE, booked


def kept_at(folder: Path) -> list[dict[str, object]]:
    """What lies on the disk now."""
    return [json.loads(path.read_text()) for path in (folder / "drafts").glob("*/*.json")]


def nothing_is_kept(server: Handle, shop: str) -> bool:
    """Whether no time is held for anybody who is booking."""
    with psycopg.connect(server.conninfo(shop)) as owner:
        return owner.execute("SELECT count(*) FROM time_slots WHERE status = 'held'").fetchone() == (0,)


async def test_what_is_half_typed_is_on_the_disk_within_half_a_second_and_only_its_person_finds_it(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        await desk.press("b")
        await until(desk, lambda: isinstance(desk.app.screen, Form))
        await desk.type("Noor")
        assert KEPT_AFTER < 0.5  # a busy machine is no broken promise: it is waited for
        async with asyncio.timeout(60):
            while not any(draft["typed"]["customer"] == "Noor" for draft in kept_at(tmp_path)):  # type: ignore[index]
                await asyncio.sleep(0.01)
        for path in (tmp_path / "drafts").glob("*/*.json"):
            assert path.stat().st_mode & 0o077 == 0
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("mo")
        assert "Half typed" not in desk.text
        await desk.press("b")
        await until(desk, lambda: isinstance(desk.app.screen, Form))
        assert form_of(desk).filled["customer"] == ""
        await desk.press("escape")
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        assert "Half typed at 09:00: Book a visit. Open it again to go on." in desk.text
        await desk.press("b")
        await until(desk, lambda: isinstance(desk.app.screen, Form))
        assert form_of(desk).filled["customer"] == "Noor"
        await desk.press("f8")


async def test_handing_over_keeps_each_persons_own(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.press("r", *PINS["ria"])
        await until(desk, lambda: desk.app.on_desk is not None)
        await desk.press("b")
        await until(desk, lambda: isinstance(desk.app.screen, Form))
        form = desk.app.screen
        await until(desk, lambda: not nothing_is_kept(server, shop))
        await desk.type("Noor")
        await desk.press("f8")
        assert isinstance(desk.app.screen, SignInScreen)
        assert "Noor" not in desk.text
        await desk.press("r", *PINS["ria"])
        await until(desk, lambda: desk.app.screen is form)
        assert form_of(desk).filled["customer"] == "Noor"
        await desk.press("f8")
        await desk.press("m", *PINS["mo"])
        await until(desk, lambda: desk.app.on_desk is not None)
        assert desk.app.desk.actor.name == "Mo"
        await until(desk, lambda: nothing_is_kept(server, shop))  # nobody goes on with Ria's booking
        await desk.press("f8", "r", *PINS["ria"])
        await until(desk, "Half typed")
        await desk.press("b")
        await until(desk, lambda: isinstance(desk.app.screen, Form))
        assert form_of(desk).filled["customer"] == "Noor"


async def test_a_trainee_overbooks_with_a_managers_pin_and_stays_signed_in(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("tess")
        booked(desk.app.desk, JANE, NINE + dt.timedelta(hours=6), (CUT, ANNA))
        await half_booked(desk)
        await desk.press("ctrl+s")
        form = form_of(desk)
        await until(desk, lambda: "Anna is taken" in form.reason)
        await desk.press("ctrl+o")
        await until(desk, "Overbook: why is it worth it?")
        await desk.type("she begged")
        await desk.press("ctrl+s")
        await until(desk, "A manager's yes")
        await desk.type("9999")
        await desk.press("ctrl+s")
        await until(desk, "The name and the PIN of a manager do not fit.")
        await desk.press(*["backspace"] * 4)
        await desk.press("up")
        await desk.press("ctrl+u")
        await desk.type("mo")
        await desk.press("enter")
        await desk.type(PINS["mo"])
        await desk.press("ctrl+s")
        await until(desk, "Booked Noor Amin")
        assert desk.app.desk.actor.name == "Tess"
        assert [guest for guest, _ in visits(server, shop)] == ["", "Noor Amin"]
        with psycopg.connect(server.conninfo(shop)) as owner:
            told = "SELECT overbook_reason FROM appointment_services WHERE overbook_reason IS NOT NULL"
            assert owner.execute(told).fetchall() == [("she begged",)]


async def test_the_desk_locks_itself_when_nobody_touches_it(server: Handle, shop: str, tmp_path: Path) -> None:
    clock = SetClock(NINE)
    async with playing(server, shop, tmp_path, clock=clock, lock_minutes=5) as desk:
        await desk.sign_in()
        clock.set(NINE + dt.timedelta(minutes=4))
        await desk.press("down")
        clock.set(NINE + dt.timedelta(minutes=8))
        desk.app._minute()
        assert desk.app.on_desk is not None, "a key was pressed four minutes ago"
        clock.set(NINE + dt.timedelta(minutes=9, seconds=1))
        desk.app._minute()
        await desk.settled()
        assert "Locked by Ria" in desk.text


async def test_five_wrong_pins_say_how_long_to_wait(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await until(desk, "Who is at the desk?")
        for _ in range(5):
            await desk.press("r", *"9999", "enter")
            await until(desk, "do not fit")
        await until(desk, "Too many tries: wait")
        await desk.press("r", *PINS["ria"], "enter")
        await until(desk, "Too many tries")
        assert not desk.app.is_signed_in
