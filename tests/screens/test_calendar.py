"""A receptionist's Monday on the book, by keys alone."""

from __future__ import annotations

import asyncio
import datetime as dt
from functools import partial
from pathlib import Path

import psycopg
import pytest

from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.screens.calendar.line import TypeLine
from frontdesk.screens.calendar.screen import CalendarScreen
from frontdesk.screens.visits.arrival import CardSheet
from frontdesk.services.book import visits
from frontdesk.services.book.booking import BookAppointment, BookLine, book
from frontdesk.services.menu.menu import ShowMenu, show_menu
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.sheets.day import ShowDay, show_day
from frontdesk.widgets.form import Form
from frontdesk.widgets.modal import Question, Sheet
from tests import vale_street
from tests.screens.desk import Played, each_size, playing, until

NINE = vale_street.NOW


def the_book(desk: Played) -> CalendarScreen:
    """The screen, when it is the book."""
    screen = desk.app.screen
    assert isinstance(screen, CalendarScreen)
    return screen


def stands(book: CalendarScreen, state: str) -> bool:
    """Whether the visit under the cursor is in this state."""
    return book.entry is not None and book.entry.status == state


async def type_line(desk: Played, words: str) -> None:
    """Type on the line and wait until it is understood."""
    await desk.press("colon")
    await desk.type(words)
    line = desk.app.screen.query_one(TypeLine)
    await until(desk, lambda: line._of == words)


def full_day(desk: Played) -> None:
    """What other terminals have booked: a colour with its gap, cuts before and after it, and one for nobody yet."""
    ria = desk.app.desk
    menu = show_menu(ria, ShowMenu())
    service = {s.name: s.id for s in menu.services}
    stylist = {s.name: s.id for s in menu.stylists}

    def put(name: str, who: str | None, hour: int, minute: int, guest: str) -> int:
        line = BookLine(service_id=service[name], stylist_id=stylist[who] if who else None, unassigned=who is None)
        at = NINE.replace(hour=hour, minute=minute)
        return book(
            ria, BookAppointment(customer_id=None, guest_name=guest, lines=(line,), starts_at=at)
        ).appointment_id

    colour = put("Colour", "Anna", 9, 0, "Ola Berg")
    put("Cut", "Anna", 9, 30, "Lea Roth")
    put("Cut", "Bo", 10, 5, "山田 花子")
    put("Cut", None, 11, 0, "Mia Abt")
    visits.arrive(ria, visits.StepVisit(appointment_id=colour))
    visits.start(ria, visits.StepVisit(appointment_id=colour))


@each_size
async def test_the_day_in_columns(server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]) -> None:
    clock = SetClock(NINE)
    async with playing(server, shop, tmp_path, size=size, clock=clock) as desk:
        await desk.sign_in()
        full_day(desk)
        clock.set(NINE + dt.timedelta(minutes=34))
        the_book(desk).show_anew()
        await desk.press("t")
        desk.shows("calendar")
        await desk.press("f1")
        assert isinstance(desk.app.screen, Sheet)
        assert "The customer is here." in desk.app.screen.words
        await desk.press("a")
        assert the_book(desk).said == "", "the key that closes help acts nowhere else"
        await desk.press("colon")
        desk.shows("calendar_line")


async def test_a_visit_from_the_line_to_the_door(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        await type_line(desk, "kim cut 3pm anna")
        assert "15:00–15:45" in desk.app.screen.query_one(TypeLine).preview
        await desk.press("enter")
        await until(desk, lambda: the_book(desk).said_last.startswith("Booked Kim"))
        book_ = the_book(desk)
        assert book_.entry is not None
        assert (book_.entry.service, book_.entry.status) == ("Cut", "pending")
        for key, state in (("c", "confirmed"), ("a", "arrived"), ("s", "in_service"), ("d", "completed")):
            await desk.press(key)
            if key == "a":
                await until(desk, lambda: isinstance(desk.app.screen, CardSheet))
                await desk.press("enter")
            await until(desk, partial(stands, book_, state))
            if key == "a":
                await desk.press("n")
                assert "Kim Lee has been checked in. x cancels the visit" in book_.said_last
        await desk.press("x")
        assert book_.said_last == ("Kim Lee is completed: it can't be cancelled any more. p takes it to the till.")
        await desk.press("u")
        await until(desk, partial(stands, book_, "in_service"))
        await desk.press("H")
        await until(desk, lambda: isinstance(desk.app.screen, Sheet))
        story: object = desk.app.screen
        assert isinstance(story, Sheet)
        assert "Ria" in story.words


async def test_the_form_books_and_a_refusal_leaves_it_as_typed(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        full_day(desk)
        await desk.press("b")
        await until(desk, lambda: isinstance(desk.app.screen, Form))
        form = desk.app.screen
        assert isinstance(form, Form)
        await desk.type("Walk In")
        await desk.press("enter")
        await desk.type("cut")
        await desk.press("enter", "enter")
        await desk.type("anna")
        await desk.press("enter")
        await desk.type("9.30")
        await desk.press("ctrl+s")
        await until(desk, lambda: "Anna is taken" in form.reason)
        assert "Lea Roth" in form.reason
        assert form.filled["customer"] == "Walk In"
        await desk.press("ctrl+o")
        await until(desk, lambda: isinstance(desk.app.screen, Form) and desk.app.screen is not form)
        await desk.type("she begged")
        await desk.press("ctrl+s")
        await until(desk, lambda: desk.app.screen is not form and isinstance(desk.app.screen, CalendarScreen))
        entry = the_book(desk).entry
        assert entry is not None
        assert (entry.customer, entry.overbooked) == ("Walk In", True)


async def test_moving_by_arrows_and_by_words(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        await type_line(desk, "kim cut 3pm anna")
        await desk.press("enter")
        await until(desk, lambda: the_book(desk).said_last.startswith("Booked"))
        book_ = the_book(desk)
        await desk.press("m", "down", "down", "enter")
        await until(desk, lambda: book_.said_last.startswith("Moved"))
        assert "15:30" in book_.said_last
        await desk.press("m", "right", "enter")
        await until(desk, lambda: "with Bo" in book_.said_last)
        await desk.press("m", "m")
        await until(desk, lambda: isinstance(desk.app.screen, Form))
        await desk.type("tue 10am")
        await desk.press("enter")
        await until(desk, lambda: "Tue 10 Mar 10:00" in book_.said_last)
        assert book_.sheet is not None
        assert book_.sheet.day == dt.date(2026, 3, 10)
        await desk.press("u", "u")
        await until(desk, lambda: book_.sheet is not None and book_.sheet.day == dt.date(2026, 3, 9))


async def test_another_terminal_is_seen_with_its_author(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        await until(desk, lambda: "polling" not in desk.text)
        mo = open_desk(desk.app.backstage.sessions, vale_street.token("mo"), desk.app.clock)
        service = show_menu(mo, ShowMenu()).services[0]
        line = BookLine(service_id=service.id)
        wish = BookAppointment(
            customer_id=None, guest_name="Noor Amin", lines=(line,), starts_at=NINE + dt.timedelta(hours=2)
        )
        await asyncio.to_thread(book, mo, wish)
        await until(desk, lambda: "Noor Amin" in desk.text and the_book(desk).said_last.startswith("Mo "))


async def test_without_a_listener_it_polls_and_says_so(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        await until(desk, lambda: "polling" not in desk.text)
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND application_name = 'frontdesk ear'",
                (shop,),
            )
        await until(desk, lambda: "polling" in desk.text)
        await until(desk, lambda: "polling" not in desk.text)


async def test_two_people_change_one_visit(server: Handle, shop: str, tmp_path: Path) -> None:
    """The second one's move meets what the first one did, and nothing is overwritten."""
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        await type_line(desk, "kim cut 3pm anna")
        await desk.press("enter")
        await until(desk, lambda: the_book(desk).said_last.startswith("Booked"))
        await until(desk, lambda: "polling" not in desk.text)
        await desk.press("m", "down")
        lifted = the_book(desk).lifted
        assert lifted is not None
        mo = open_desk(desk.app.backstage.sessions, vale_street.token("mo"), desk.app.clock)
        from frontdesk.services.book.booking import MoveAppointment, move

        await asyncio.to_thread(
            move, mo, MoveAppointment(appointment_id=lifted.appointment_id, starts_at=NINE + dt.timedelta(hours=3))
        )
        await until(desk, lambda: the_book(desk).said_last.startswith("Mo moved"))
        await desk.press("enter")
        await until(desk, lambda: the_book(desk).said_last.startswith("Mo changed this"))
        sheet = await asyncio.to_thread(show_day, desk.app.desk, ShowDay())
        assert [e.starts_at for e in sheet.entries] == [NINE + dt.timedelta(hours=3)]


async def test_a_key_that_cannot_act_says_why(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        await desk.press("a")
        assert "no visit under the cursor" in the_book(desk).said_last
        await desk.press("o")
        assert "Nothing was refused" in the_book(desk).said_last
        await desk.press("f6")
        assert "Ria may not see the day's takings" in the_book(desk).said_last
        await desk.press("question_mark")
        await until(desk, lambda: the_book(desk).said_last != "")
        await desk.press("f4", "colon")
        await until(desk, lambda: desk.app.current_mode == "calendar")
        await until(desk, lambda: the_book(desk).query_one(TypeLine).input.has_focus)


@pytest.mark.parametrize("words", ["kim cut", "kim 3pm anna"])
async def test_what_is_not_clear_is_one_question(server: Handle, shop: str, tmp_path: Path, words: str) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        await type_line(desk, words)
        await desk.press("enter")
        line = desk.app.screen.query_one(TypeLine)
        assert line.preview.endswith(".") or "1 " in line.preview
        await desk.press("escape", "colon")
        assert line.input.value == words, "what was typed is there again"


async def test_somebody_new_on_the_line_is_added_or_booked_by_name(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in()
        await type_line(desk, "zoe cut 3pm anna")
        await desk.press("enter")
        await until(desk, lambda: isinstance(desk.app.screen, Question))
        await desk.press("g")
        await until(desk, lambda: the_book(desk).said_last.startswith("Booked Zoe"))
        await type_line(desk, "yara cut 4pm anna")
        await desk.press("enter")
        await until(desk, lambda: isinstance(desk.app.screen, Question))
        await desk.press("a")
        await until(desk, lambda: isinstance(desk.app.screen, Form))
        await desk.type("Amin")
        await desk.press("ctrl+s")
        await until(desk, lambda: "Yara Amin" in desk.app.screen.query_one(TypeLine).preview)
        await desk.press("enter")
        await until(desk, lambda: the_book(desk).said_last.startswith("Booked Yara Amin"))
