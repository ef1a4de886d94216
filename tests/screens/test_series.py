"""A standing visit typed on the line: its dates and what is in their way, shifted, skipped, booked (features BK19)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from frontdesk.db.server import Handle
from frontdesk.screens.calendar.screen import CalendarScreen
from frontdesk.screens.visits.series import SeriesDates
from frontdesk.services.book.booking import BookLine
from frontdesk.services.series.series import BookSeries, ListSeries, book_series, list_series
from frontdesk.services.team.shop_hours import AddClosure, add_closure
from frontdesk.widgets.form import Form
from tests.screens.desk import each_size, elsewhere, playing, shown, soon
from tests.services.desks import ANNA, CUT, JANE, KIM, booked


@each_size
async def test_every_date_is_listed_shifted_or_skipped_and_booked(
    server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with playing(server, shop, tmp_path, size=size) as desk:
        await desk.sign_in("ria")
        booked(elsewhere(desk, "ria"), KIM, dt.datetime(2026, 4, 21, 9, tzinfo=dt.UTC), (CUT, ANNA))
        day = dt.date(2026, 6, 2)
        add_closure(elsewhere(desk, "mo"), AddClosure(first_day=day, last_day=day, name="Stock [/b] taking"))
        await desk.type(":jane cut every 6w tue 10 anna x8")
        await desk.press("enter")
        await shown(desk, SeriesDates)
        desk.shows("series")
        await desk.press("enter")
        assert "2 dates are in doubt" in desk.text
        await desk.press("home", "down", "2")
        assert ">  Tue 21 Apr 2026  10:00–10:45  with Bo" in desk.text
        await desk.press("down", "m")
        await shown(desk, Form)
        await desk.type("wed 3 jun 11")
        await desk.press("enter")
        await shown(desk, SeriesDates)
        assert ">  Wed  3 Jun 2026  11:00–11:45  with Anna" in desk.text
        await desk.press("end", "space")
        assert "-  Tue 29 Dec 2026  10:00        skipped" in desk.text
        await desk.press("enter")
        await shown(desk, CalendarScreen)
        await soon(desk, lambda: "7 dates, 1 skipped" in desk.text)
        (series,) = list_series(elsewhere(desk, "ria"), ListSeries(customer_id=JANE)).series
        assert [one.stylist for one in series.dates] == ["Anna", "Bo", *["Anna"] * 5, None]


async def test_a_series_is_moved_and_cancelled_from_the_book(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ria")
        ria = elsewhere(desk, "ria")
        lines = (BookLine(service_id=CUT, stylist_id=ANNA),)
        first = dt.datetime.fromisoformat("2026-03-09T10:00")
        book_series(ria, BookSeries(customer_id=JANE, lines=lines, first=first, every=1, count=3))
        booked(ria, KIM, dt.datetime(2026, 3, 16, 10, 45, tzinfo=dt.UTC), (CUT, ANNA))
        await soon(desk, lambda: "Jane Doe" in desk.text)
        await desk.press(*["down"] * 4, "m", "down", "enter")
        await soon(desk, lambda: "Jane Doe comes again and again. Move which?" in desk.text)
        await desk.press("a")
        await soon(desk, lambda: "Date 2 can't be had: Anna is taken 10:45–11:30 by Kim Lee" in desk.text)
        await desk.press("l")
        await soon(desk, lambda: "Moved 2 visits of Jane Doe; 1 left as they are." in desk.text)
        await desk.press("x")
        await soon(desk, lambda: "Cancel which?" in desk.text)
        await desk.press("l")
        await shown(desk, Form)
        await desk.type("moving away")
        await desk.press("ctrl+s")
        await soon(desk, lambda: "Cancelled 3 visits of Jane Doe" in desk.text)
        assert list_series(ria, ListSeries(customer_id=JANE)).series == ()
