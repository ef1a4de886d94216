"""The manager's day: what it came to, who did what, when it was busy, and what to look at."""

from __future__ import annotations

import datetime as dt

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY
from frontdesk.rules.moment import Here, day_meant
from frontdesk.screens import commands
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.commands import Command
from frontdesk.screens.messages import GoTo, PayFor
from frontdesk.screens.today import drawing
from frontdesk.screens.today.loose_ends import LooseEnds
from frontdesk.services.reports.loose_ends import UNPAID
from frontdesk.services.reports.today import ShowToday, TodaySheet, show_today
from frontdesk.widgets.field import Field
from frontdesk.widgets.form import Filled, Form
from frontdesk.widgets.plain_table import PlainTable

_CHART = 34
"""Cells of the chart."""


class TodayScreen(DeskScreen):
    """Today."""

    CSS_PATH = "today.tcss"
    DEED = Deed.SEE_TAKINGS
    KEYS = (
        commands.OPEN, commands.EARLIER, commands.LATER, commands.NOW, commands.GO, commands.VIEW, commands.FIND,
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._day: dt.date | None = None
        """None stays with today, past midnight too."""
        self._sheet: TodaySheet | None = None
        self._view = 0

    def body(self) -> ComposeResult:
        """Headlines, a table and from 120 columns a chart, what to look at."""
        yield Static(Content(""), id="headlines", markup=False)
        yield Static(Content(""), id="view", markup=False)
        with Horizontal(id="figures"):
            table = PlainTable((), id="table")
            table.can_focus = False  # nothing is chosen in it; enter opens what is to be looked at
            yield table
            yield Static(Content(""), id="chart", markup=False)
        yield Static(Content(""), id="look", markup=False)

    def heading(self) -> str:
        """Which day."""
        return drawing.heading(self._sheet) if self._sheet else "Today"

    def reason_against(self, command: Command) -> str | None:
        """There may be nothing to open."""
        if command is commands.OPEN and (self._sheet is None or not self._sheet.to_look_at):
            return "Nothing is left to look at."
        return None

    async def load(self) -> None:
        """The day anew."""
        day = self._day
        sheet = await self.ask(show_today, ShowToday(day=day))
        if day == self._day:
            self._sheet = sheet
            self.draw()

    def draw(self) -> None:
        """Everything anew."""
        if self._sheet is None:
            return
        figures = drawing.Figures(self._sheet, self.desk.shop, self.size.width, self.app.private)
        view = drawing.VIEWS[self._view]
        self.query_one("#headlines", Static).update(drawing.headlines(figures))
        self.query_one("#view", Static).update(drawing.view_line(self._view))
        table = self.query_one(PlainTable)
        table.recolumn(view.columns(figures))
        table.show(list(view.rows(figures)), empty=view.empty)
        chart = self.query_one("#chart", Static)
        chart.set_class(view.name == "hour", "-told")
        chart.update(drawing.chart(figures, _CHART, max(0, min(18, self.size.height - 12))))
        self.query_one("#look", Static).update(drawing.to_look_at(self._sheet))
        self.draw_header()
        self.draw_footer()

    def on_resize(self) -> None:
        """Another height, another chart."""
        if self.is_attached and self.app.is_signed_in:
            self.draw()

    def key_up(self) -> None:
        """The table has no focus of its own."""
        self.query_one(PlainTable).action_step(-1)

    def key_down(self) -> None:
        """The table has no focus of its own."""
        self.query_one(PlainTable).action_step(1)

    # Commands

    def do_view(self) -> None:
        """By stylist, by service, by hour."""
        self._view = (self._view + 1) % len(drawing.VIEWS)
        self.draw()

    def do_earlier(self) -> None:
        """The day before."""
        self._go(self._shown_day - DAY)

    def do_later(self) -> None:
        """The day after."""
        self._go(self._shown_day + DAY)

    def do_now(self) -> None:
        """Today."""
        self._go(None)

    @property
    def _shown_day(self) -> dt.date:
        return self._day or self.desk.today

    def _go(self, day: dt.date | None) -> None:
        self._day = None if day == self.desk.today else day
        self.show_anew()

    async def do_go(self) -> None:
        """A day in words."""
        day = await self.fill(self._day_form())
        if day is not None:
            self._go(day)

    def _day_form(self) -> Form[dt.date]:
        desk = self.desk

        async def save(filled: Filled) -> dt.date:
            here = Here(desk.clock.now(), desk.shop.timezone, desk.shop.country)
            return day_meant(filled["day"], here, field="day")

        return Form("Go to", [Field("day", "Day", hint="yesterday, fri, 24/12, in 2 weeks")], save)

    async def do_open(self) -> None:
        """What is loose, to be tied where it is."""
        if self._sheet is None:
            return
        chosen = await self.app.wait_for(LooseEnds(self._sheet.to_look_at))
        if chosen is None:
            return
        if chosen.kind == UNPAID:
            self.app.pass_on("checkout", PayFor(chosen.appointment_id))
        else:
            self.app.pass_on("calendar", GoTo(chosen.appointment_id))
