"""The calendar: the day on a grid, a line to book on, and the keys on a visit (features BK1 to BK4)."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal

from frontdesk.clock import instant, local
from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY
from frontdesk.screens import commands
from frontdesk.screens.base import Heard
from frontdesk.screens.calendar import booking as forms
from frontdesk.screens.calendar.acts import VisitActs
from frontdesk.screens.calendar.grid import DayGrid
from frontdesk.screens.calendar.line import TypeLine
from frontdesk.screens.calendar.panel import VisitPanel
from frontdesk.screens.calendar.reading import visit_in_words
from frontdesk.screens.commands import Command
from frontdesk.screens.messages import BookFor, GoTo, OpenLine
from frontdesk.services import visits
from frontdesk.services.booking import book
from frontdesk.services.day import ShowDay, show_day
from frontdesk.services.history import TellStory, tell_story
from frontdesk.services.menu import ShowMenu, show_menu
from frontdesk.services.phrases import ReadPhrase, Understood, read_phrase
from frontdesk.services.shop_hours import BlockTime, block_time
from frontdesk.services.visits import ShowVisit
from frontdesk.services.why import ExplainTime, explain
from frontdesk.widgets.modal import Answer, Question

_LINE_DRAFT = "line"


class CalendarScreen(VisitActs):
    """The book: one day, a column for everybody who works. Arrows move, tab goes to the next visit, shift and arrows
    page sideways."""

    CSS_PATH = "calendar.tcss"
    DEED = Deed.SEE_BOOK
    KEYS: ClassVar = (
        commands.BOOK, commands.LINE, commands.ARRIVE, commands.MOVE, commands.PAY, commands.FIND, commands.EARLIER,
        commands.LATER, commands.NOW, commands.GO, commands.CONFIRM, commands.START, commands.FINISH,
        commands.NO_SHOW, commands.CANCEL, commands.REBOOK, commands.OVERBOOK, commands.BLOCK, commands.UNDO,
        commands.REDO, commands.WHY, commands.HISTORY, commands.ZOOM, commands.BACK,
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._day: dt.date | None = None
        self._at: dt.datetime | None = None
        self._find_visit: int | None = None

    def body(self) -> ComposeResult:
        """The grid, the panel beside it, the line over the last rows."""
        with Horizontal(id="day"):
            yield DayGrid()
            yield VisitPanel()
        yield TypeLine(self._read)

    def on_mount(self) -> None:
        """The grid has the keys; a line that was left half typed is there again."""
        super().on_mount()
        self.find_focus()
        kept = self.keeper(_LINE_DRAFT, "the line").found()
        if kept:
            self.query_one(TypeLine).input.value = kept["line"]

    def find_focus(self) -> None:
        """On the grid."""
        self.grid.focus()

    def heading(self) -> str:
        """Where and when."""
        if self.sheet is None:
            return ""
        day, today = self.sheet.day, self.desk.today
        near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((day - today).days, "")
        year = f" {day.year}" if day.year != today.year else ""
        closed = "" if self.sheet.hours else "   closed"
        return f"{self.sheet.shop}   {day:%a %-d %b}{year}   {near}{closed}"

    async def load(self) -> None:
        """The day's sheet, to the grid and the panel."""
        sheet = await self.ask(show_day, ShowDay(day=self._day))
        if sheet.day == self.desk.today:
            self.app.waiting = sheet.waiting
        fresh = self.sheet is None or self.sheet.day != sheet.day
        self.sheet = sheet
        self.grid.private = self.app.private
        self.grid.show(sheet)
        found = next((e for e in sheet.entries if e.appointment_id == self._find_visit), None)
        if found is not None:
            self.grid.go_to(entry=found)
        elif self._at is not None:
            self.grid.go_to(self._at)
        elif fresh and sheet.day == self.desk.today:
            self.grid.go_to(sheet.now)
        self._find_visit = None
        self._at = None
        self._describe()

    def _describe(self) -> None:
        if self.sheet is not None:
            panel = self.query_one(VisitPanel)
            panel.show(self.spot, self.sheet, self.sheet.currency, private=self.app.private)

    @on(DayGrid.Moved)
    def _moved(self) -> None:
        if self.has_class("-wide"):
            self._describe()

    @on(DayGrid.Opened)
    def _opened(self, opened: DayGrid.Opened) -> None:
        if self.lifted is not None:
            self._put_down()
        elif opened.spot.entry is not None:
            self._open_visit()
        else:
            self.action_run(commands.BOOK.name)

    @on(DayGrid.Dragged)
    @work(group="commands")
    async def _dragged(self, dragged: DayGrid.Dragged) -> None:
        await self.move_to(dragged.entry, dragged.column, dragged.starts_at)

    @work(group="commands")
    async def _put_down(self) -> None:
        await self.put_down()

    @work(group="commands")
    async def _open_visit(self) -> None:
        entry = self.entry
        if entry is not None:
            visit = await self.ask(visits.show, ShowVisit(appointment_id=entry.appointment_id))
            await self.read(
                f"{visit.customer}   visit {visit.code}", visit_in_words(visit, self.desk, self.app.private)
            )

    # Days

    def do_earlier(self) -> None:
        """A day back."""
        self._show_day(-DAY)

    def do_later(self) -> None:
        """A day on."""
        self._show_day(DAY)

    def _show_day(self, by: dt.timedelta) -> None:
        spot = self.spot
        day = (self._day or self.desk.today) + by
        at = instant(day, local(spot.at, self.desk.shop.timezone).time(), self.desk.shop.timezone) if spot else None
        self.go_to(day, at)

    def do_now(self) -> None:
        """Today, and now."""
        self.go_to(self.desk.today, self.desk.clock.now())

    async def do_go(self) -> None:
        """A day in words."""
        day = await self.fill(forms.day_form(self))
        if day is not None:
            self.go_to(day)

    def go_to(self, day: dt.date, at: dt.datetime | None = None, *, visit: int | None = None) -> None:
        """Show a day, the cursor at a moment of it or on a visit that is there."""
        self._day, self._at, self._find_visit = (None if day == self.desk.today else day), at, visit
        self.is_loaded = False  # the next key is meant for what will be shown, and waits for it
        self.show_anew()

    def do_zoom(self) -> None:
        """Other rows: 5, 10, 15 or 30 minutes."""
        self.say(f"{self.grid.zoom()} minutes to a row.")

    # Booking

    def do_line(self) -> None:
        """The line to type on."""
        self.query_one(TypeLine).open()

    @on(OpenLine)
    def _open_line(self) -> None:
        self.do_line()

    async def _read(self, text: str) -> Understood:
        return await self.ask(read_phrase, ReadPhrase(text=text, day=self._day))

    @on(TypeLine.Typed)
    def _line_typed(self, typed: TypeLine.Typed) -> None:
        keeper = self.keeper(_LINE_DRAFT, f"the line: {typed.text}")
        if typed.text.strip():
            keeper.keep({"line": typed.text})
        else:
            keeper.drop()

    @on(TypeLine.Taken)
    @work(group="commands")
    async def _line_taken(self, taken: TypeLine.Taken) -> None:
        line, understood = self.query_one(TypeLine), taken.understood
        assert understood.request is not None
        if await self.place(book, understood.request):
            self._line_done(line)
        else:
            line.say(self.said_last)

    @on(TypeLine.Unknown)
    @work(group="commands")
    async def _line_unknown(self, unknown: TypeLine.Unknown) -> None:
        """A name that nobody has: a guest's, or a new customer's."""
        ways = [Answer("g", "book them by their name alone", "guest"), Answer("a", "add them as a customer", "add")]
        way = await self.app.wait_for(Question(f"Nobody is called {unknown.name}.", ways))
        line = self.query_one(TypeLine)
        if way == "add":
            card = await self.fill(forms.newcomer_form(self, unknown.name))
            if card is not None:
                words = unknown.text
                for word in unknown.name.split():
                    words = words.replace(word, "", 1)
                line.open(f'"#{card.id}" {" ".join(words.split())}')
        elif way == "guest":
            meant = await self.ask(read_phrase, ReadPhrase(text=unknown.text, day=self._day, as_guest=True))
            if meant.request is None:
                line.say(meant.question.text if meant.question else "")
            elif await self.place(book, meant.request):
                self._line_done(line)
            else:
                line.say(self.said_last)

    @on(TypeLine.Insisted)
    @work(group="commands")
    async def _line_insisted(self) -> None:
        line = self.query_one(TypeLine)
        if self.was_refused is None:
            line.say("Nothing was refused that could be booked all the same.")
        elif await self.insist():
            self._line_done(line)
        else:
            line.say(self.said_last)

    def _line_done(self, line: TypeLine) -> None:
        line.clear()
        self.keeper(_LINE_DRAFT, "the line").drop()
        line.action_leave()

    @on(TypeLine.Left)
    def _line_left(self) -> None:
        self.find_focus()

    async def do_book(self) -> None:
        """The form, filled with where the cursor rests."""
        await self._fill_booking(self._start())

    async def do_rebook(self) -> None:
        """The same customer and service, four weeks on."""
        entry = self.entry
        if entry is not None:
            at = entry.starts_at + dt.timedelta(weeks=4)
            start = forms.Start(
                at, entry.stylist_id, entry.customer_id, entry.customer, entry.service, title="Book the same again"
            )
            await self._fill_booking(start)

    def _start(self, customer_id: int | None = None, customer: str = "") -> forms.Start:
        spot = self.spot
        now = self.desk.clock.now().replace(second=0, microsecond=0)
        at = spot.at if spot else now
        if at < now < at + dt.timedelta(minutes=self.grid.minutes or 15):
            at = now  # the row that has begun: who stands at the desk is meant
        return forms.Start(at, spot.column.stylist_id if spot else None, customer_id, customer)

    async def _fill_booking(self, start: forms.Start) -> None:
        menu = await self.ask(show_menu, ShowMenu())
        booked = await self.fill(forms.booking_form(self, menu, start))
        if booked is not None:
            self.booked(booked)

    @on(BookFor)
    @work(group="commands")
    async def _book_for(self, wish: BookFor) -> None:
        await self._fill_booking(self._start(wish.customer_id, wish.name))

    @on(GoTo)
    @work(group="commands")
    async def _go_to_visit(self, wish: GoTo) -> None:
        visit = await self.ask(visits.show, ShowVisit(appointment_id=wish.appointment_id))
        self.go_to(local(visit.starts_at, self.desk.shop.timezone).date(), visit.starts_at, visit=visit.id)

    async def do_block(self) -> None:
        """Keep time free in this column."""
        spot = self.spot
        if spot is None or spot.column.resource_id is None:
            self.say("Go to somebody's column first: time is kept free there.", "amber")
            return
        wish = await self.fill(forms.block_form(self, spot.at, spot.column.name))
        if wish is not None:
            name, starts_at, ends_at = wish
            request = BlockTime(resource_id=spot.column.resource_id, starts_at=starts_at, ends_at=ends_at, name=name)
            if await self.write(block_time, request) is not None:
                self.say(f"{name}, {self.wall(starts_at)}–{self.wall(ends_at)}: kept free with {spot.column.name}.")
                self.show_anew()

    # Asking

    async def do_why(self) -> None:
        """Why what is under the cursor is as it is."""
        spot = self.spot
        if spot is not None:
            why = await self.ask(explain, ExplainTime(stylist_id=spot.column.stylist_id, at=spot.at))
            self.say(" ".join(why.sentences))

    async def do_history(self) -> None:
        """Who did what to this visit."""
        entry = self.entry
        if entry is not None:
            story = await self.ask(tell_story, TellStory(appointment_id=entry.appointment_id))
            zone = self.desk.shop.timezone
            lines = [f"{local(t.at, zone):%a %-d %b %H:%M}  {t.who}  {t.sentence}" for t in story.lines]
            await self.read(f"{entry.customer}   visit {entry.code}", "\n".join(lines))

    def do_back(self) -> None:
        """Out of moving; elsewhere nothing."""
        self.leave_move()

    def reason_against(self, command: Command) -> str | None:
        """Nothing is booked where nobody works."""
        if command is commands.BACK and self.lifted is None:
            return ""
        return super().reason_against(command)

    def heard(self, heard: Heard) -> None:
        """Only what concerns this day is painted again."""
        if heard.day is None or self.sheet is None or heard.day == self.sheet.day:
            super().heard(heard)
        elif heard.sentence and not heard.mine:
            self.say(heard.sentence)
