"""What comes between: another size, a second press, a quit, a lock, a database that goes away. Nothing is lost."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from textual.widgets import Input

from frontdesk.app import FrontDesk
from frontdesk.clock import SetClock
from frontdesk.db import transactions
from frontdesk.db.server import Handle
from frontdesk.errors import OutcomeUnknown
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.calendar.screen import CalendarScreen
from frontdesk.screens.scanner import Scanned
from frontdesk.screens.sign_in.screen import SignInScreen
from frontdesk.widgets.form import Form
from frontdesk.widgets.modal import Question
from tests import vale_street
from tests.screens.desk import PINS, Played, playing
from tests.screens.till import until as wait_until
from tests.services.desks import ANNA, CUT, JANE, booked

NINE = vale_street.NOW
SIZES = ((1, 1), (40, 10), (200, 60), (3, 50), (80, 24))


def form_of(desk: Played) -> Form[object]:
    """The form on top."""
    form = desk.app.screen
    assert isinstance(form, Form)
    return form


def book_of(desk: Played) -> CalendarScreen:
    """The book, when nothing stands over it."""
    screen = desk.app.screen
    assert isinstance(screen, CalendarScreen)
    return screen


def visits(server: Handle, shop: str) -> list[tuple[str, str]]:
    """Guest and state of what is booked."""
    with psycopg.connect(server.conninfo(shop)) as owner:
        return owner.execute("SELECT guest_name, status FROM appointments ORDER BY id").fetchall()


async def half_booked(desk: Played, who: str = "Noor Amin", stylist: str = "anna", when: str = "3pm") -> None:
    """The booking form, filled and not saved."""
    await desk.press("b")
    await until(desk, lambda: isinstance(desk.app.screen, Form))
    await desk.type(who)
    await desk.press("enter")
    await desk.type("cut")
    await desk.press("enter", "enter")
    assert form_of(desk).filled["also"] == "", "enter takes nothing that was not asked for"
    await desk.type(stylist)
    await desk.press("enter")
    await desk.type(when)


async def send(desk: Played, *keys: str) -> None:
    """Press keys without waiting for what they begin."""
    await desk.pilot.press(*keys)


async def soon(desk: Played, holds: str) -> None:
    """Wait for words on the screen while something hangs."""
    async with asyncio.timeout(20):
        while holds not in " ".join(desk.text.split()):
            await desk.pilot.pause(0.02)


async def until(desk: Played, holds: Callable[[], bool] | str) -> None:
    """Wait for what a key began: until the screen says this, however its lines are broken."""
    await wait_until(desk, (lambda: holds in " ".join(desk.text.split())) if isinstance(holds, str) else holds)


@contextmanager
def nobody_can_save(server: Handle, shop: str) -> Iterator[psycopg.Connection]:
    """Whatever writes waits, until the end of this or the lock timeout."""
    with psycopg.connect(server.conninfo(shop)) as owner:
        owner.execute("LOCK TABLE idempotency_keys IN ACCESS EXCLUSIVE MODE")
        yield owner
        if not owner.closed:
            owner.rollback()


def throw_out(server: Handle, shop: str, *, limit: int | None) -> None:
    """End every connection of the desk's role; with a limit of 0 it gets no new one."""
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as owner:
        if limit is not None:
            change = sql.SQL("ALTER DATABASE {} CONNECTION LIMIT {}")
            owner.execute(change.format(sql.Identifier(shop), sql.Literal(limit)))
        if limit != -1:
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename LIKE '%%desk'",
                (shop,),
            )


# Another size


async def test_every_screen_and_a_half_typed_form_live_through_every_size(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        for size in SIZES:
            await desk.pilot.resize_terminal(*size)
        assert "Who is at the desk?" in desk.text
        await desk.sign_in("ada")
        booked(desk.app.desk, JANE, NINE + dt.timedelta(hours=2), (CUT, ANNA))
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


# While something is saved


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
        async with asyncio.timeout(20):
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
        async with asyncio.timeout(20):
            while not desk.app._exit:
                await asyncio.sleep(0.02)
    with psycopg.connect(server.conninfo(shop)) as owner:
        counted = "SELECT (SELECT count(*) FROM appointments), (SELECT count(*) FROM appointment_services),"
        counted += " (SELECT count(*) FROM idempotency_keys WHERE command = 'booking.book')"
        assert owner.execute(counted).fetchone() == (0, 0, 0)
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        assert "Half typed at 09:00: Book a visit" in desk.text


# What stands over a screen


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


# The database goes away


async def test_the_last_sheet_stays_and_says_since_when_and_comes_back_by_itself(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    clock = SetClock(NINE)
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        await desk.sign_in()
        booked(desk.app.desk, JANE, NINE + dt.timedelta(hours=2), (CUT, ANNA))
        book_of(desk).show_anew()
        await until(desk, "Jane Doe")
        clock.set(NINE + dt.timedelta(minutes=7))
        throw_out(server, shop, limit=0)
        await desk.press("greater_than_sign")
        await until(desk, "no database since 09:07: not fresh")
        assert "Jane Doe" in desk.text
        assert "What you see may be old; what you type is kept." in " ".join(desk.text.split())
        await half_booked_offline(desk)
        throw_out(server, shop, limit=-1)
        await until(desk, "The database is back. Everything is fresh again.")
        assert "no database since" not in desk.text


async def half_booked_offline(desk: Played) -> None:
    """What can't be asked now says so, and the screen goes on."""
    await desk.press("b")
    await until(desk, lambda: isinstance(desk.app.screen, DeskScreen | Form))
    assert "can't be reached" in desk.text


async def test_a_booking_waits_for_its_word_and_is_made_once(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        await half_booked(desk, stylist="whoever")
        throw_out(server, shop, limit=0)
        await desk.press("ctrl+s")
        await until(desk, lambda: isinstance(desk.app.screen, Question))
        assert "try again; it is never done twice" in desk.text
        assert "no database since 09:00" in desk.text
        await desk.press("r")
        await until(desk, lambda: isinstance(desk.app.screen, Question))
        await desk.press("escape")
        await until(desk, lambda: isinstance(desk.app.screen, Form))
        assert form_of(desk).filled["customer"] == "Noor Amin"
        await desk.press("ctrl+s")
        await until(desk, lambda: isinstance(desk.app.screen, Question))
        throw_out(server, shop, limit=-1)
        await desk.press("r")
        await until(desk, "Booked Noor Amin")
        assert visits(server, shop) == [("Noor Amin", "pending")]


def the_answer_is_lost_once() -> Callable[[UUID | None], AbstractContextManager[None]]:
    """A commit's answer is lost on the way, which no test can time: it is done, and then said to be lost."""
    lost: list[UUID] = []
    whole = transactions._committing

    @contextmanager
    def lose_the_answer(request_id: UUID | None) -> Iterator[None]:
        with whole(request_id):
            yield
        if request_id is not None and not lost:
            lost.append(request_id)
            raise OutcomeUnknown(request_id=request_id)

    return lose_the_answer


@pytest.mark.parametrize("how", ["at once", "after a crash"])
async def test_money_taken_unseen_is_not_taken_again(
    server: Handle, shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        desk.app.pass_on("checkout", Scanned("5012345678900"))
        await until(desk, "TO PAY")
        monkeypatch.setattr(transactions, "_committing", the_answer_is_lost_once())
        await desk.type("cash")
        await desk.press("enter")
        await until(desk, "It may or may not have been saved.")
        if how == "at once":
            await desk.press("escape", "enter")
            await until(desk, "Receipt 1: £18.00 taken.")
    if how == "after a crash":
        async with playing(server, shop, tmp_path) as desk:
            await desk.sign_in()
            await desk.press("f5")
            await until(desk, "This is how the counter was left")
            await desk.press("enter")
            await until(desk, "Receipt 1: £18.00 taken.")
    with psycopg.connect(server.conninfo(shop)) as owner:
        assert owner.execute("SELECT count(*) FROM sales").fetchone() == (1,)


async def test_what_was_saved_unseen_is_not_saved_again(
    server: Handle, shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        await half_booked(desk, stylist="whoever")
        monkeypatch.setattr(transactions, "_committing", the_answer_is_lost_once())
        await desk.press("ctrl+s")
        await until(desk, lambda: isinstance(desk.app.screen, Question))
        assert "It may or may not have been saved." in desk.text
        await desk.press("escape")
        await until(desk, "it may be saved or not. ctrl+s sends the same again")
        await desk.press("ctrl+s")
        await until(desk, "Booked Noor Amin")
        assert visits(server, shop) == [("Noor Amin", "pending")]


# Drafts


def kept_at(folder: Path) -> list[dict[str, object]]:
    """What lies on the disk now."""
    return [json.loads(path.read_text()) for path in (folder / "drafts").glob("*/*.json")]


async def test_what_is_half_typed_is_on_the_disk_within_half_a_second_and_only_its_person_finds_it(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        await desk.press("b")
        await until(desk, lambda: isinstance(desk.app.screen, Form))
        await desk.type("Noor")
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.timeout(5):
            while not any(draft["typed"]["customer"] == "Noor" for draft in kept_at(tmp_path)):  # type: ignore[index]
                await asyncio.sleep(0.01)
        assert loop.time() - began < 0.5
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
        await desk.press("f8", "r", *PINS["ria"])
        await until(desk, "Half typed")
        await desk.press("b")
        await until(desk, lambda: isinstance(desk.app.screen, Form))
        assert form_of(desk).filled["customer"] == "Noor"


# Who may


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
        await until(desk, "Why is it worth it?")
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
