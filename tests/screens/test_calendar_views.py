"""Every way to show the book, and the book as it stood, by keys."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

import psycopg

from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.screens.calendar.acts import Shown
from frontdesk.screens.calendar.day_list import DayList
from frontdesk.screens.calendar.month_grid import MonthGrid
from frontdesk.services.book import visits
from frontdesk.services.book.booking import BookAppointment, BookLine, book
from frontdesk.services.menu.menu import ShowMenu, show_menu
from frontdesk.widgets.form import Form
from tests.screens.desk import Played, each_size, playing, until
from tests.screens.test_calendar import NINE, full_day, the_book


def rest_of_the_day(desk: Played) -> None:
    """A massage in the room, one who cancelled and one who did not come, and a cut in two days."""
    ria = desk.app.desk
    menu = show_menu(ria, ShowMenu())
    service = {s.name: s.id for s in menu.services}
    stylist = {s.name: s.id for s in menu.stylists}

    def put(name: str, who: str, at: dt.datetime, guest: str) -> int:
        line = BookLine(service_id=service[name], stylist_id=stylist[who])
        wish = BookAppointment(customer_id=None, guest_name=guest, lines=(line,), starts_at=at)
        return book(ria, wish).appointment_id

    put("Massage", "Anna", NINE.replace(hour=14), "Noor Amin")
    gone = put("Cut", "Anna", NINE.replace(hour=15), "Ella Marsh")
    missed = put("Blow-dry", "Bo", NINE.replace(hour=11), "Tom Ford")
    put("Cut", "Anna", NINE + dt.timedelta(days=2, hours=4), "Ines Gil")
    visits.cancel(ria, visits.LeaveVisit(appointment_id=gone, reason="Ill"))
    visits.no_show(ria, visits.LeaveVisit(appointment_id=missed))


@each_size
async def test_every_way_to_show_the_book(server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]) -> None:
    clock = SetClock(NINE)
    async with playing(server, shop, tmp_path, size=size, clock=clock) as desk:
        await desk.sign_in()
        full_day(desk)
        rest_of_the_day(desk)
        clock.set(NINE + dt.timedelta(minutes=34))
        book_ = the_book(desk)
        book_.show_anew()
        await desk.press("t", "v")
        await until(desk, lambda: "Room 1" in desk.text)
        await desk.press("tab")
        assert book_.entry is not None
        assert (book_.entry.customer, book_.entry.hands) == ("Noor Amin", "Anna")
        await desk.press("question_mark")
        assert book_.said_last == "Room 1 is taken 14:00–15:00 by Noor Amin, Massage with Anna."
        desk.shows("calendar_rooms")
        await desk.press("right", "v")
        assert [column.name for column in book_.grid.sheet.drawn] == ["Anna", "Bo", "Unassigned", "Room 1"]  # type: ignore[union-attr]
        await desk.press("shift+right")
        assert "Room 1" in desk.text
        await desk.press("v")
        await until(desk, lambda: "Ella Marsh" in desk.text)
        await desk.press("end")
        desk.shows("calendar_list")
        listed = desk.app.screen.query_one(DayList)
        assert {row.cells[2]: row.tone for row in listed.rows}["Ella Marsh"] == "struck"
        assert listed.entry is not None
        assert listed.entry.status.letter == "x"
        await desk.press("home", "a")
        assert "in service" in book_.said_last
        await desk.press("v")
        await until(desk, lambda: "March" in desk.text)
        desk.shows("calendar_month")
        await desk.press("b")
        assert book_.said_last == "Enter opens the day under the cursor."
        await desk.press("greater_than_sign")
        await until(desk, lambda: "April" in desk.text)
        await desk.press("less_than_sign", "right", "right", "enter")
        await until(desk, lambda: book_.sheet is not None and book_.sheet.day == dt.date(2026, 3, 11))
        assert book_.shown is Shown.STYLISTS
        assert not desk.app.screen.query_one(MonthGrid).display
        await desk.press("g")
        await until(desk, lambda: isinstance(desk.app.screen, Form))
        await desk.press("w", "enter")
        await until(desk, lambda: "week of" in desk.text and "Ola Berg"[:3] in desk.text)
        desk.shows("calendar_week")
        await desk.press("tab")
        await until(desk, lambda: book_.entry is not None and book_.entry.customer == "Ines Gil")
        assert book_.spot is not None
        assert book_.spot.at == NINE + dt.timedelta(days=2, hours=4), "as it is, not as it is drawn"
        await desk.press("m")
        assert "Enter opens the day" in book_.said_last
        await desk.press("enter")
        await until(desk, lambda: "week of" not in desk.text and book_.entry is not None)
        await desk.press("C")
        assert "kind of service" in book_.said_last


async def test_the_book_as_it_stood_is_read_and_not_written(server: Handle, shop: str, tmp_path: Path) -> None:
    clock = SetClock()
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        await desk.sign_in()
        ria = desk.app.desk
        service = show_menu(ria, ShowMenu()).services[0]
        at = min(clock.now(), clock.now().replace(hour=22)).replace(minute=0, second=0, microsecond=0)  # on the screen
        wish = BookAppointment(
            customer_id=None, guest_name="Noor Amin", lines=(BookLine(service_id=service.id, stylist_id=1),),
            starts_at=at, in_past=True, outside_hours=True,
        )  # fmt: skip
        booked = await asyncio.to_thread(book, ria, wish)
        with psycopg.connect(server.conninfo(shop)) as connection:
            row = connection.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None
        wish_away = visits.LeaveVisit(appointment_id=booked.appointment_id, reason="Ill", fee=None)
        await asyncio.to_thread(visits.cancel, ria, wish_away)
        clock.set(clock.now() + dt.timedelta(minutes=1))
        book_ = the_book(desk)
        await desk.press("t")
        await until(desk, lambda: book_.sheet is not None and not book_.sheet.entries)
        await desk.press("J")
        await until(desk, lambda: isinstance(desk.app.screen, Form))
        await desk.type(row[0].astimezone(dt.UTC).isoformat())
        await desk.press("enter")
        await until(desk, lambda: "as it stood" in desk.text and "Noor Amin" in desk.text)
        await desk.press("b")
        assert "J goes back to now" in book_.said_last
        await desk.press("escape")
        await until(desk, lambda: "as it stood" not in desk.text and "Noor Amin" not in desk.text)
