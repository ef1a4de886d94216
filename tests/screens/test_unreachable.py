"""A database that goes away: the last sheet stays, and what may have been saved is never done twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from frontdesk.clock import SetClock
from frontdesk.db import transactions
from frontdesk.db.server import Handle
from frontdesk.errors import OutcomeUnknown
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.keyboard.scanner import Scanned
from frontdesk.widgets.form import Form
from frontdesk.widgets.modal import Question
from tests.screens.desk import Played, playing
from tests.screens.interrupted import NINE, book_of, form_of, half_booked, throw_out, until, visits
from tests.services.desks import ANNA, CUT, JANE, booked


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
