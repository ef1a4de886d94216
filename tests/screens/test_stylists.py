"""The stylists: the week on a grid, hours that change and what that strands, who may see and change what."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.screens.calendar.screen import CalendarScreen
from frontdesk.screens.stylists.screen import StylistsScreen
from frontdesk.screens.stylists.week_grid import WeekGrid
from frontdesk.screens.stylists.wording import hours_line, load_line
from frontdesk.screens.visits.stranded import StrandedList
from frontdesk.services.team.roster import (
    AddBreak,
    AddTimeOff,
    DayShift,
    SetDatedShift,
    add_break,
    add_time_off,
    set_dated_shift,
)
from frontdesk.services.team.shop_hours import AddClosure, add_closure
from frontdesk.services.team.stylists import AddStylist, ListStylists, add_stylist, list_stylists
from frontdesk.services.team.week import DayOff, ShowWeek, WeekDay, WeekShift, show_week
from frontdesk.widgets.form import Form
from frontdesk.widgets.modal import Question, Sheet
from tests.screens.desk import each_size, elsewhere, playing, shown, soon
from tests.services.desks import ANNA, BO, COLOUR, CUT, JANE, KIM, booked, march


def _a_week(mo: Desk) -> None:
    """Lunch, a late Tuesday, days away, a closure, visits, and names of every kind."""
    add_break(mo, AddBreak(stylist_id=ANNA, weekday=1, starts=dt.time(13), ends=dt.time(13, 30), name="lunch"))
    set_dated_shift(
        mo,
        SetDatedShift(stylist_id=BO, day=march(10, 0).date(), shifts=(DayShift(starts=dt.time(12), ends=dt.time(18)),)),
    )
    add_time_off(
        mo, AddTimeOff(stylist_id=BO, first_day=dt.date(2026, 3, 12), last_day=dt.date(2026, 3, 13), kind="sick")
    )
    add_closure(mo, AddClosure(first_day=dt.date(2026, 3, 14), last_day=dt.date(2026, 3, 14), name="Easter [/b] fair"))
    booked(mo, JANE, march(10, 11), (COLOUR, ANNA))
    booked(mo, KIM, march(11, 9), (CUT, ANNA))
    add_stylist(mo, AddStylist(first_name="[/b] 山田🙂", last_name="with a name that goes on and on"))


@each_size
async def test_the_week_is_seen_at_once(server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]) -> None:
    async with playing(server, shop, tmp_path, size=size) as desk:
        await desk.sign_in("mo")
        _a_week(elsewhere(desk, "mo"))
        await desk.press("f4", "right")
        desk.shows("stylists")
        seen = desk.text
        await desk.pilot.resize_terminal(40, 10)
        await desk.pilot.resize_terminal(*size)
        await desk.settled()
        assert desk.text == seen
        await desk.press("e")
        await shown(desk, Question)
        await desk.press("o")
        await shown(desk, Form)
        desk.shows("stylists_away")


async def test_days_away_tell_whom_they_strand_before_they_are_saved(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("mo")
        booked(elsewhere(desk, "mo"), JANE, march(10, 15, 45), (CUT, ANNA))
        await desk.press("f4", "right", "e")
        await shown(desk, Question)
        await desk.press("o")
        await shown(desk, Form)
        await desk.type("thu")
        await desk.press("ctrl+s")
        assert "leaves 1 visit outside working hours: Jane Doe Tue 10 Mar 15:45" in " ".join(desk.text.split())
        assert not show_week(elsewhere(desk, "ria"), ShowWeek()).stylists[0].days[1].off  # nothing is saved yet
        await desk.press("ctrl+o")
        await shown(desk, StrandedList)
        assert "One visit is outside working hours now." in desk.text
        assert show_week(elsewhere(desk, "ria"), ShowWeek()).stylists[0].days[1].off
        await desk.press("enter")
        await shown(desk, CalendarScreen)
        assert "Tue 10 Mar" in desk.text
        assert "Jane Doe" in desk.text
        await desk.press("f4")
        assert "1 visit of this week outside hours: v lists them" in desk.text
        await desk.press("minus")
        await shown(desk, Question)
        await desk.press("1")
        await shown(desk, StylistsScreen)
        await soon(desk, lambda: "Anna is here after all." in desk.text)
        assert "outside hours" not in desk.text


async def test_a_manager_shapes_the_week_by_keyboard(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path, size=(120, 36)) as desk:
        await desk.sign_in("mo")
        await desk.press("f4", "e", "w")
        await shown(desk, Form)
        await desk.press("ctrl+a", "ctrl+k")
        await desk.type("tue-fri 10-18, sat 9")
        await desk.press("ctrl+s")
        assert "are no hours" in desk.text  # the form stays, as typed, with the reason
        await desk.type("-13")
        await desk.press("ctrl+s")
        await shown(desk, StylistsScreen)
        assert "Tue–Fri 10:00–18:00" in desk.text
        await desk.press("e", "r")
        await shown(desk, Form)
        await desk.press("ctrl+a", "ctrl+k")
        await desk.type("45")
        await desk.press("ctrl+s")
        await shown(desk, StylistsScreen)
        await soon(desk, lambda: "45 % of services" in desk.text)
        await desk.press("e", "s")
        await shown(desk, Form)
        await desk.press("ctrl+a", "ctrl+k")
        await desk.type("cut, all colour")
        await soon(desk, lambda: "Only all Colour, Cut." in desk.text)
        await desk.press("ctrl+s")
        await shown(desk, StylistsScreen)
        await soon(desk, lambda: "Colour: Colour" in desk.text)
        await desk.press("plus")
        await shown(desk, Form)
        await desk.type("Cora")
        await desk.press("tab", "tab")
        await desk.type("mon 9-12")
        await desk.press("ctrl+s")
        await shown(desk, StylistsScreen)
        await soon(desk, lambda: "Cora is in the book." in desk.text)
        spot = desk.app.screen.query_one(WeekGrid).spot
        assert spot is not None
        assert spot.row.name == "Cora"
        await desk.press("greater_than_sign")
        assert "next week" in desk.text
        await desk.press("t", "H")
        await shown(desk, Sheet)
        assert "Mo added" in desk.text


async def test_a_receptionist_sees_no_rates_and_is_told_what_she_may_not(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path, size=(120, 36)) as desk:
        await desk.sign_in("ria")
        await desk.press("f4")
        assert "Does" in desk.text
        assert "Earns" not in desk.text
        await desk.press("e")
        assert "Ria may not change hours, shifts and time off. Ask a manager." in desk.text
        await desk.press("k")
        await shown(desk, Form)
        await desk.type("14-15")
        await desk.press("tab")
        await desk.type("a call")
        await desk.press("ctrl+s")
        await shown(desk, StylistsScreen)
        await soon(desk, lambda: "Kept free on Mon 9 Mar." in desk.text)
        await desk.press("minus")
        await shown(desk, Question)
        await desk.press("1")
        await soon(desk, lambda: "14–15 can be booked again." in desk.text)
        assert len(list_stylists(elsewhere(desk, "ria"), ListStylists()).stylists) == 2


def _day(**how: object) -> WeekDay:
    usual: dict[str, object] = {
        "day": dt.date(2026, 3, 9), "shifts": (WeekShift(dt.time(9), dt.time(17, 30), None),), "differs": False,
        "breaks": (), "off": None, "closure": None, "booked_minutes": 0, "free_minutes": 510, "visits": 0,
    }  # fmt: skip
    return WeekDay(**{**usual, **how})  # type: ignore[arg-type]  # a day in a few words


def test_a_cell_says_its_day_in_two_short_lines() -> None:
    assert (hours_line(_day(), 8), load_line(_day(), 8)) == ("9–17:30", "·····")
    two = (WeekShift(dt.time(9), dt.time(13), None), WeekShift(dt.time(14), dt.time(18), None))
    assert hours_line(_day(shifts=two), 8) == "9–18 +"
    assert hours_line(_day(shifts=two), 20) == "9–13 14–18"
    assert hours_line(_day(differs=True, shifts=()), 8) == "– ≠"
    assert hours_line(_day(closure="Easter"), 8) == "shut"
    off = DayOff(1, "sick", "", dt.time(13), None)
    assert load_line(_day(off=off), 8) == "off 13–"
    assert load_line(_day(booked_minutes=5, free_minutes=505), 8) == "▇····"  # never nothing for something
    assert load_line(_day(booked_minutes=510, free_minutes=0), 8) == "▇▇▇▇▇"
