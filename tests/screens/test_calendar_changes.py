"""What is done to visits on the calendar beside booking them: moved line by line, stretched, swapped, changed, kept."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from textual.widgets import Static

from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.screens.calendar.screen import CalendarScreen
from frontdesk.screens.visits.arrival import CardSheet
from frontdesk.services.book.booking import BookAppointment, BookLine, book
from frontdesk.services.book.holds import HoldTime, hold_time
from frontdesk.services.menu.menu import ShowMenu, show_menu
from frontdesk.services.sheets.day import DayEntry
from frontdesk.services.waiting.waitlist import AddToWaitlist, add_to_waitlist
from frontdesk.widgets.form import Form
from frontdesk.widgets.modal import Question
from tests.screens.desk import Played, playing, until
from tests.screens.test_calendar import NINE, the_book
from tests.services.desks import JANE, KIM, OLA

CUT, BLOW_DRY = "Cut", "Blow-dry"


GLOSS = """
WITH gloss AS (INSERT INTO services (business_id, code, name, price, kind)
               VALUES (1, 'GLOSS', 'Gloss', 12, 'addon') RETURNING id),
     parts AS (INSERT INTO service_parts (business_id, service_id, position, kind, minutes, holds)
               SELECT 1, id, 1, 'active', 15, '{lead}' FROM gloss)
INSERT INTO service_addons (business_id, service_id, addon_id, is_required) SELECT 1, 1, id, true FROM gloss
"""
"""What has to be asked about with every cut."""


def put(desk: Played, customer: int, hour: int, *lines: tuple[str, str]) -> int:
    """A visit in the book."""
    menu = show_menu(desk.app.desk, ShowMenu())
    service = {s.name: s.id for s in menu.services}
    stylist = {s.name: s.id for s in menu.stylists}
    wish = BookAppointment(
        customer_id=customer, starts_at=NINE.replace(hour=hour),
        lines=tuple(BookLine(service_id=service[what], stylist_id=stylist[who]) for what, who in lines),
    )  # fmt: skip
    return book(desk.app.desk, wish).appointment_id


def lines_of(book_: CalendarScreen, visit: int) -> list[tuple[str, str, str]]:
    """Service, time and stylist of each line as the sheet has them."""
    assert book_.sheet is not None
    names = {column.stylist_id: column.name for column in book_.sheet.columns}
    found: Sequence[DayEntry] = [e for e in book_.sheet.entries if e.appointment_id == visit]
    return [(e.service, f"{e.starts_at:%H:%M}–{e.ends_at:%H:%M}", names[e.stylist_id]) for e in found]


async def to_visit(desk: Played, visit: int) -> CalendarScreen:
    """The cursor on a visit's first line."""
    book_ = the_book(desk)
    book_.go_to(NINE.date(), visit=visit)
    await until(desk, lambda: book_.entry is not None and book_.entry.appointment_id == visit)
    return book_


async def answered(desk: Played, key: str) -> None:
    """Wait for the question, and answer it."""
    await until(desk, lambda: isinstance(desk.app.screen, Question))
    await desk.press(key)


async def test_a_visit_is_moved_in_part_stretched_swapped_and_changed(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path, size=(120, 36)) as desk:
        await desk.sign_in()
        both = put(desk, JANE, 10, (CUT, "Anna"), (BLOW_DRY, "Anna"))
        kim = put(desk, KIM, 14, (CUT, "Anna"))
        ola = put(desk, OLA, 15, (CUT, "Bo"))
        book_ = await to_visit(desk, both)
        await desk.press("m", "right", "enter")
        await answered(desk, "l")
        await until(desk, lambda: lines_of(book_, both)[0][2] == "Bo")
        assert lines_of(book_, both) == [(CUT, "10:00–10:45", "Bo"), (BLOW_DRY, "10:45–11:15", "Anna")]
        await desk.press("u")
        await until(desk, lambda: lines_of(book_, both)[0][2] == "Anna")
        await to_visit(desk, both)
        await desk.press("m", "down", "enter")
        await answered(desk, "v")
        await until(desk, lambda: lines_of(book_, both)[0][1] == "10:15–11:00")
        assert lines_of(book_, both)[1][1] == "11:00–11:30", "moving the visit moves all of it"

        await to_visit(desk, both)
        await desk.press("m", "greater_than_sign", "down")
        assert book_.sheet is not None
        assert book_.sheet.day == dt.date(2026, 3, 10)
        await desk.press("enter")
        await answered(desk, "v")
        await until(desk, lambda: "10:30 with Anna" in book_.said_last)
        assert lines_of(book_, both) == [(CUT, "10:30–11:15", "Anna"), (BLOW_DRY, "11:15–11:45", "Anna")]
        await desk.press("u")
        await until(desk, lambda: book_.sheet is not None and book_.sheet.day == NINE.date())
        await to_visit(desk, both)
        await desk.press("m", "shift+down", "shift+down", "enter")
        await until(desk, lambda: lines_of(book_, both)[0][1] == "10:15–11:30")
        assert "75m, 10:15–11:30" in book_.said_last
        assert lines_of(book_, both)[1][1] == "11:30–12:00", "what follows makes room"

        await to_visit(desk, ola)
        await desk.press("m", "left", "up", "up", "enter")
        await until(desk, lambda: "Anna is taken" in desk.text)
        assert book_.lifted is not None, "what was refused stays lifted: to be put down elsewhere"
        await desk.press("down", "down")
        await until(desk, "enter put down")  # what moves it, once the reason has been read
        await desk.press("enter")
        await until(desk, lambda: lines_of(book_, ola) == [(CUT, "15:00–15:45", "Anna")])
        assert book_.lifted is None
        await desk.press("u")
        await until(desk, lambda: lines_of(book_, ola) == [(CUT, "15:00–15:45", "Bo")])
        assert "U does it again" in book_.said_last

        await to_visit(desk, kim)
        await desk.press("space")
        await desk.press("X")
        assert "Mark two visits" in book_.said_last
        await to_visit(desk, ola)
        await desk.press("space", "X")
        await until(desk, lambda: lines_of(book_, kim) == [(CUT, "15:00–15:45", "Bo")])
        assert lines_of(book_, ola) == [(CUT, "14:00–14:45", "Anna")]
        assert book_.grid.marked == ()

        await to_visit(desk, kim)
        await desk.press("e")
        await answered(desk, "c")
        await until(desk, lambda: isinstance(desk.app.screen, Form))
        await desk.press("tab")
        await desk.press("ctrl+u")
        await desk.type("60")
        await desk.press("ctrl+s")
        await until(desk, lambda: lines_of(book_, kim) == [(CUT, "15:00–16:00", "Bo")])
        await desk.press("e")
        await answered(desk, "a")
        await until(desk, lambda: isinstance(desk.app.screen, Form))
        await desk.type("blow")
        await desk.press("ctrl+s")
        await until(desk, lambda: len(lines_of(book_, kim)) == 2)
        assert lines_of(book_, kim)[1] == (BLOW_DRY, "16:00–16:30", "Bo")
        await desk.press("e")
        await answered(desk, "h")
        await until(desk, lambda: isinstance(desk.app.screen, Form))
        await desk.type("anna")
        await desk.press("enter", "ctrl+u")
        await desk.type("15:30")
        await desk.press("ctrl+s")
        await until(desk, lambda: any(e.hands == "Bo" for c in book_.sheet.columns for e in c.entries))
        assert "with Bo" in desk.text
        await desk.press("u", "u", "u")
        await until(desk, lambda: lines_of(book_, kim) == [(CUT, "15:00–15:45", "Bo")])

        await to_visit(desk, kim)
        await desk.press("e")
        await answered(desk, "n")
        await until(desk, lambda: isinstance(desk.app.screen, Form))
        await desk.type("likes it short")
        await desk.press("ctrl+s")
        await until(desk, lambda: book_.entry is not None and book_.entry.notes)
        await desk.press("space")
        await to_visit(desk, ola)
        await desk.press("space", "B")
        await until(desk, lambda: book_.entry is not None and book_.entry.group_id is not None)
        assert "&" in desk.text
        await desk.press("a")
        await answered(desk, "a")
        for _ in range(2):
            await until(desk, lambda: isinstance(desk.app.screen, CardSheet))
            await desk.press("enter")
        await until(desk, lambda: book_.sheet is not None and book_.sheet.waiting == 2)


async def test_who_leaves_is_told_what_it_costs_and_who_could_have_the_time(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        jane = put(desk, JANE, 10, (CUT, "Anna"))
        late = put(desk, KIM, 9, (CUT, "Anna"))
        wish = AddToWaitlist(customer_id=OLA, service_ids=(1,), stylist_id=1, first_day=NINE.date())
        await asyncio.to_thread(add_to_waitlist, desk.app.desk, wish)
        book_ = await to_visit(desk, jane)
        await desk.press("x")
        await until(desk, lambda: isinstance(desk.app.screen, Form))
        await desk.type("Ill")
        await desk.press("ctrl+s")
        await until(desk, lambda: "1 waiting fits: w shows who" in book_.said_last)
        await desk.press("u")
        await until(desk, lambda: bool(lines_of(book_, jane)))
        assert isinstance(desk.app.clock, SetClock)
        desk.app.clock.set(NINE + dt.timedelta(minutes=15))
        await to_visit(desk, late)
        await until(desk, lambda: "late 15" in desk.text)
        await desk.press("n")
        await until(desk, lambda: not lines_of(book_, late))
        assert "no-show" in book_.said_last
        await desk.press("u")
        await until(desk, lambda: bool(lines_of(book_, late)))


def typed(desk: Played) -> Mapping[str, str]:
    """What stands in the form."""
    form = desk.app.screen
    return form.filled.typed if isinstance(form, Form) else {}


def kept(book_: CalendarScreen) -> list[str]:
    """What is kept for whom, as the sheet has it."""
    columns = book_.sheet.columns if book_.sheet else ()
    return [block.reason for column in columns for block in column.blocks if block.kind == "held"]


@asynccontextmanager
async def two_desks(server: Handle, shop: str, folder: Path) -> AsyncIterator[tuple[Played, Played]]:
    """Ria's and Mo's terminals, side by side over one book."""
    async with AsyncExitStack() as stack:
        pair = []
        for login in ("ria", "mo"):
            own = folder / login
            own.mkdir()
            desk = await stack.enter_async_context(playing(server, shop, own))
            await desk.sign_in(login)
            await until(desk, lambda desk=desk: "polling" not in desk.text)  # type: ignore[misc]
            pair.append(desk)
        yield pair[0], pair[1]


async def test_the_time_that_a_form_speaks_of_is_kept_and_seen_elsewhere(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    with psycopg.connect(server.conninfo(shop)) as connection:
        connection.execute(GLOSS)
    async with two_desks(server, shop, tmp_path) as (ria, mo):
        the_book(ria).go_to(NINE.date(), NINE.replace(hour=10))
        await ria.settled()
        await ria.press("b")
        await until(ria, lambda: isinstance(ria.app.screen, Form))
        await until(mo, lambda: "Ria is booking" in mo.text)
        form = ria.app.screen
        assert isinstance(form, Form)
        await ria.type("Walk In")
        await ria.press("enter")
        await ria.type("cut")
        await ria.press("enter")
        await until(ria, lambda: "fits" in str(form.query_one("#preview", Static).content))
        wish = HoldTime(stylist_id=1, starts_at=NINE.replace(hour=10, minute=30), minutes=15, hold_key=uuid4())
        held = await asyncio.to_thread(hold_time, mo.app.desk, wish)
        assert held.in_the_way.startswith("Ria is booking"), "the whole length of the cut is kept"
        await ria.press("escape")
        await until(mo, lambda: not kept(the_book(mo)))

        await ria.press("b")
        await until(ria, lambda: typed(ria).get("customer") == "Walk In")
        await ria.press("ctrl+s")
        await answered(ria, "y")
        book_ = the_book(ria)
        await until(ria, lambda: "Booked Walk In" in book_.said_last)
        assert [(e.service, e.addon_of is not None) for e in book_.sheet.entries] == [(CUT, False), ("Gloss", True)]  # type: ignore[union-attr]
        await until(mo, lambda: "+ Gloss" in mo.text)
