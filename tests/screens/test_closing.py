"""A desk that closes while answers, keys and workers are on their way: nobody hears of them, and what is saved is."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from textual import events
from textual.app import App
from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.widgets import Static
from textual.worker import Worker, WorkerFailed, WorkerState

from frontdesk.app import FrontDesk
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.errors import BadInput
from frontdesk.screens.aside import Aside
from frontdesk.screens.base import DeskScreen
from frontdesk.services.book.booking import BookAppointment, BookLine, book
from frontdesk.services.sheets.day import ShowDay
from tests.screens.desk import Played, playing
from tests.services.desks import ANNA, CUT, march


class Room(Vertical):
    """Part of a screen; says when everything in it is gone, and is not gone itself before that is dealt with."""

    def __init__(self, emptied: Callable[[], Awaitable[None]]) -> None:
        super().__init__(Static("a sheet"))
        self._emptied = emptied

    async def on_unmount(self) -> None:
        """Textual takes the children away first."""
        await self._emptied()


async def asked_until_it_closes(desk: Played, answer: str | BadInput) -> Worker[None]:
    """Something is asked for a room, and answered when the desk is closing and the room is empty."""
    began, may_answer = threading.Event(), threading.Event()
    asking: list[Worker[None]] = []

    def slow(_desk: Desk, _request: ShowDay) -> str:
        began.set()
        may_answer.wait(20)
        if isinstance(answer, BadInput):
            raise answer
        return answer

    async def show() -> None:
        try:
            said = await desk.app.ask(slow, ShowDay())
        except BadInput as refusal:
            said = refusal.sentence
        room.query_one(Static).update(said)

    async def answered() -> None:
        may_answer.set()
        while not asking[0].is_finished:
            await asyncio.sleep(0)

    room = Room(answered)
    await desk.app.screen.mount(room)
    asking.append(desk.app.run_worker(show(), group="sheet"))
    await asyncio.to_thread(began.wait, 20)
    return asking[0]


@pytest.mark.parametrize("answer", ["Nobody is booked.", BadInput("There is no such day.", field="day")])
async def test_an_answer_to_a_desk_that_is_closing_is_heard_by_nobody(
    server: Handle, shop: str, tmp_path: Path, answer: str | BadInput
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        asking = await asked_until_it_closes(desk, answer)
    assert asking.state is WorkerState.CANCELLED


async def test_it_would_fall_into_a_screen_already_gone(
    server: Handle, shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask(app: FrontDesk, service: Callable[[Desk, Any], Any], request: object) -> object:
        return await asyncio.to_thread(service, app.desk, request)

    monkeypatch.setattr(Aside, "ask", ask)
    monkeypatch.setattr(Aside, "_shutdown", App._shutdown)

    async def opened_and_closed() -> None:
        async with playing(server, shop, tmp_path) as desk:
            await desk.sign_in()
            await asked_until_it_closes(desk, "Nobody is booked.")

    with pytest.raises(WorkerFailed) as failed:
        await opened_and_closed()
    assert isinstance(failed.value.error, NoMatches)


async def test_nothing_begins_while_it_closes_but_what_is_to_be_saved(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    visit = BookAppointment(
        request_id=uuid4(),
        customer_id=None,
        guest_name="Noor Amin",
        starts_at=march(9, 15),
        lines=(BookLine(service_id=CUT, stylist_id=ANNA),),
    )
    begun: list[str] = []

    async def work() -> None:
        begun.append("a command")

    def read(_desk: Desk, _request: ShowDay) -> None:
        begun.append("a read")

    async def emptied() -> None:
        app = desk.app
        assert app.on_desk is app.below is None
        assert isinstance(screen, DeskScreen)
        screen.set_out(work)
        app.post_message(events.Key("f1", None))
        app.lock()
        with pytest.raises(asyncio.CancelledError):
            await app.ask(read, ShowDay())
        with pytest.raises(asyncio.CancelledError):
            await app.ask(book, visit)
        begun.append("all was tried")

    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        screen = desk.app.screen
        await screen.mount(Room(emptied))
    assert begun == ["all was tried"]
    with psycopg.connect(server.conninfo(shop)) as owner:
        assert owner.execute("SELECT guest_name FROM appointments").fetchall() == [("Noor Amin",)]


async def test_a_desk_may_be_closed_at_any_moment(server: Handle, shop: str, tmp_path: Path) -> None:
    dice = random.Random()
    for mode in dice.sample(sorted(FrontDesk.MODES), 4):
        async with playing(server, shop, tmp_path) as desk:
            await desk.sign_in("ada")
            await desk.app.switch_to(mode)
            for command in dice.sample(list(desk.app.on_desk.KEYS if desk.app.on_desk else ()), 2):
                desk.app.post_message(events.Key(command.key.split(",")[0], None))
            await asyncio.sleep(dice.uniform(0, 0.1))
