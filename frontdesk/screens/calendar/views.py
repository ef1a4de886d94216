"""The ways in which the calendar shows the book: columns, list, month, week, and as it stood (features BK2, N4)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from textual import on

from frontdesk.clock import instant, local
from frontdesk.rules.hours import DAY
from frontdesk.screens.calendar.acts import Shown, VisitActs
from frontdesk.screens.calendar.day_list import DayList
from frontdesk.screens.calendar.grid import DayGrid
from frontdesk.screens.calendar.grid_view import LEAST_COLUMN
from frontdesk.screens.calendar.month_grid import MonthGrid
from frontdesk.screens.calendar.panel import VisitPanel
from frontdesk.screens.calendar.week_sheet import WeekSheet
from frontdesk.screens.visits import booking as forms
from frontdesk.services.sheets.as_of import ShowDayAsOf, show_day_as_of
from frontdesk.services.sheets.day import DaySheet, ShowDay, View, show_day
from frontdesk.services.sheets.month import ShowMonth, show_month
from frontdesk.services.sheets.stylist_week import ShowStylistWeek, show_stylist_week

LEAST_OF_A_WEEK = 10
"""Cells of a day's column in a week: all seven fit 80."""

_VIEWS = {Shown.STYLISTS: View.STYLISTS, Shown.ROOMS: View.ROOMS, Shown.ALL: View.ALL}
_SAID = {
    Shown.STYLISTS: "Stylists.",
    Shown.ROOMS: "Rooms, chairs and machines.",
    Shown.ALL: "Stylists, rooms, chairs and machines.",
    Shown.LIST: "In order of time; what was cancelled or missed is struck through.",
    Shown.MONTH: "Visits, and how full each day is: enter opens one.",
}


class Views(VisitActs):
    """What is shown, and of which day."""

    day: dt.date | None = None
    """The day that is shown; None for today, which may turn."""
    _at: dt.datetime | None = None
    _find_visit: int | None = None
    _week_of: int | None = None
    """The stylist whose week is shown."""
    _week_opens = False

    @property
    def shown_day(self) -> dt.date:
        """The day that is shown."""
        return self.day or self.desk.today

    def find_focus(self) -> None:
        """On the grid, the list or the month."""
        if self.shown is Shown.MONTH:
            self.query_one(MonthGrid).focus()
        elif self.shown is Shown.LIST:
            self.query_one(DayList).focus()
        else:
            self.grid.focus()

    def heading(self) -> str:
        """Where, when, and how the book is shown."""
        if self.sheet is None:
            return ""
        day, today = self.sheet.day, self.desk.today
        year = f" {day.year}" if day.year != today.year else ""
        if self.shown is Shown.MONTH:
            return f"{self.sheet.shop}   {day:%B}{year}"
        if self._week is not None:
            first = self._week.week.days[0]
            return f"{self.sheet.shop}   {self._week.week.name}   week of {first:%a %-d %b}{year}"
        if self.as_of is not None:
            then = local(self.as_of, self.sheet.timezone)
            return f"{self.sheet.shop}   {day:%a %-d %b}{year}   as it stood {then:%a %-d %b %H:%M}"
        near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((day - today).days, "")
        closed = "" if self.sheet.hours else "   closed"
        way = "" if self.shown is Shown.STYLISTS else f"   {self.shown}"
        return f"{self.sheet.shop}   {day:%a %-d %b}{year}   {near}{closed}{way}"

    async def load(self) -> None:
        """The day's sheet, to whatever shows it."""
        sheet = await self._ask_sheet()
        fresh = self.sheet is None or self.sheet.day != sheet.day
        self.sheet = sheet
        await self._ask_week(sheet)
        if self.shown is Shown.MONTH:
            month = await self.ask(show_month, ShowMonth(day=sheet.day))
            self.query_one(MonthGrid).show(month, day=sheet.day, today=self.desk.today)
        self._draw(fresh=fresh)

    async def _ask_sheet(self) -> DaySheet:
        view = _VIEWS.get(self.shown, View.STYLISTS)
        if self.as_of is not None:
            return await self.ask(show_day_as_of, ShowDayAsOf(day=self.day, at=self.as_of, view=view))
        return await self.ask(show_day, ShowDay(day=self.day, view=view))

    async def _ask_week(self, sheet: DaySheet) -> None:
        self._week = None
        if self._week_of is not None:
            wish = ShowStylistWeek(stylist_id=self._week_of, first_day=sheet.day)
            self._week = WeekSheet(await self.ask(show_stylist_week, wish), sheet)

    def _draw(self, *, fresh: bool) -> None:
        sheet = self.sheet
        assert sheet is not None
        drawn = self._week.drawn if self._week else sheet
        self.query_one(DayList).show_day(sheet, private=self.app.private)
        self.grid.private = self.app.private
        self.grid.least = LEAST_OF_A_WEEK if self._week else LEAST_COLUMN
        self.grid.show(drawn)
        standing = [entry for column in drawn.drawn for entry in column.entries]
        found = next((e for e in standing if e.appointment_id == self._find_visit), None)
        if found is not None:
            self.grid.go_to(entry=found)
            self.query_one(DayList).go_to(found.line_id)
        elif self._week is not None:
            if fresh or self._week_opens:
                self._rest_on_day()
            self._week_opens = False
        elif self._at is not None:
            self.grid.go_to(self._at)
        elif fresh and sheet.day == self.desk.today:
            self.grid.go_to(sheet.now)
        self._find_visit = None
        self._at = None
        self.describe()

    def _rest_on_day(self) -> None:
        assert self._week is not None
        number = self._week.week.days.index(self.shown_day)
        self.grid.go_to(column=self._week.drawn.columns[number])

    def describe(self) -> None:
        """Tell the panel what is under the cursor."""
        if self.sheet is not None:
            panel = self.query_one(VisitPanel)
            panel.show(self.spot, self.sheet, self.sheet.currency, private=self.app.private)

    @on(DayGrid.Moved)
    @on(DayList.Moved)
    def _moved(self) -> None:
        if self.has_class("-wide"):
            self.describe()

    @on(MonthGrid.Wanted)
    def _month_wanted(self, wanted: MonthGrid.Wanted) -> None:
        self.go_to(wanted.day)

    @on(MonthGrid.Opened)
    def _day_opened(self, opened: MonthGrid.Opened) -> None:
        self._show_as(Shown.STYLISTS)
        self.go_to(opened.day)

    # Ways

    def do_view(self) -> None:
        """The next way to show it."""
        self.leave_move()
        ways = list(Shown)
        if self.sheet is not None and not self.sheet.things:
            ways = [way for way in ways if way not in (Shown.ROOMS, Shown.ALL)]
        self._week_of = None
        place = ways.index(self.shown) + 1 if self.shown in ways else 0
        self._show_as(ways[place % len(ways)])
        self.say(_SAID[self.shown])
        self.show_anew()

    def _show_as(self, way: Shown) -> None:
        """Put another widget there; what the sheet holds already is drawn at once."""
        self.shown = way
        self.set_class(way is Shown.LIST, "-list")
        self.set_class(way is Shown.MONTH, "-month")
        if self.sheet is not None:
            self.sheet = replace(self.sheet, view=_VIEWS.get(way, View.STYLISTS))
        self.is_loaded = False  # the next key is meant for what will be shown, and waits for it
        self.find_focus()

    def do_zoom(self) -> None:
        """Other rows: 5, 10, 15 or 30 minutes."""
        self.say(f"{self.grid.zoom()} minutes to a row.")

    def do_colours(self) -> None:
        """By state or by service."""
        self.grid.by_category = not self.grid.by_category
        by = "kind of service" if self.grid.by_category else "state"
        self.say(f"Bars have the colour of the {by}; the letter is the state.")

    def do_week(self) -> None:
        """The week of whoever is under the cursor, or the day again."""
        if self._week_of is not None:
            self._leave_week()
            return
        self.leave_move()
        spot = self.spot
        if spot is None or spot.column.stylist_id is None:
            self.say("Go to somebody's column first: it is their week.", "amber")
            return
        self._week_of, self._week_opens = spot.column.stylist_id, True
        if self.shown is not Shown.STYLISTS:
            self._show_as(Shown.STYLISTS)
        self.is_loaded = False
        self.say(f"{spot.column.name}'s week. Enter opens a day, W or esc goes back.")
        self.show_anew()

    def _leave_week(self) -> None:
        spot = self.spot
        self._week_of = None
        self.say("")
        if spot is not None:
            self.go_to(local(spot.at, self.desk.shop.timezone).date(), spot.at)
        else:
            self.show_anew()

    async def do_as_of(self) -> None:
        """The book as it stood at a moment, or as it stands."""
        if self.as_of is not None:
            self._back_to_now()
            return
        at = await self.fill(forms.as_of_form(self))
        if at is not None:
            self.as_of = at
            self._week_of = None
            self.is_loaded = False
            then = local(at, self.desk.shop.timezone)
            self.say(f"The book as it stood {then:%a %-d %b %H:%M}. < > other days, J or esc back to now.")
            self.show_anew()

    def _back_to_now(self) -> None:
        self.as_of = None
        self.is_loaded = False
        self.say("The book as it stands.")
        self.show_anew()

    def do_back(self) -> None:
        """Out of moving, of the past, of a week, of a list."""
        if self.lifted is not None:
            self.leave_move()
        elif self.as_of is not None:
            self._back_to_now()
        elif self._week_of is not None:
            self._leave_week()
        elif self.shown is not Shown.STYLISTS:
            self._show_as(Shown.STYLISTS)
            self.say("")
            self.show_anew()

    def leave_move(self) -> None:
        """What is lifted stays where it was."""

    @property
    def shows_more(self) -> bool:
        """Whether other days are seen, too."""
        return self._week_of is not None or self.shown is Shown.MONTH

    @property
    def is_at_rest(self) -> bool:
        """Whether there is nothing to go back from."""
        plain = self.shown is Shown.STYLISTS and self._week_of is None
        return plain and self.as_of is None and self.lifted is None

    # Days

    def do_earlier(self) -> None:
        """A day back; a week, a month."""
        self._turn(-1)

    def do_later(self) -> None:
        """A day on."""
        self._turn(1)

    def _turn(self, by: int) -> None:
        if self.shown is Shown.MONTH:
            self.query_one(MonthGrid).action_month(by)
            return
        spot, zone = self.spot, self.desk.shop.timezone
        day = self.shown_day + by * DAY * (7 if self._week_of is not None else 1)
        at = instant(day, local(spot.at, zone).time(), zone, second=False) if spot else None
        self.go_to(day, at)

    def do_now(self) -> None:
        """Today, and now."""
        self.go_to(self.desk.today, self.desk.clock.now())

    async def do_go(self) -> None:
        """A day in words."""
        day = await self.fill(forms.day_form(self))
        if isinstance(day, forms.Week):
            self.do_week()
        elif day is not None:
            self.go_to(day)

    def go_to(self, day: dt.date, at: dt.datetime | None = None, *, visit: int | None = None) -> None:
        """Show a day, the cursor at a moment of it or on a visit that is there."""
        if visit is not None and self.shown is Shown.MONTH:
            self._show_as(Shown.STYLISTS)
        self.day, self._at, self._find_visit = (None if day == self.desk.today else day), at, visit
        self.is_loaded = False  # the next key is meant for what will be shown, and waits for it
        self.show_anew()
