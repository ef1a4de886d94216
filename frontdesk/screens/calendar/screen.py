"""The calendar: the day on a grid, a line to book on, and the keys on a visit (features BK1 to BK4)."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal

from frontdesk.clock import local
from frontdesk.permissions import Deed
from frontdesk.rules.lateness import minutes_since
from frontdesk.rules.states import Status
from frontdesk.screens import commands
from frontdesk.screens.base import Heard
from frontdesk.screens.calendar.bookings import LINE_DRAFT, Bookings
from frontdesk.screens.calendar.day_list import DayList
from frontdesk.screens.calendar.editing import Editing
from frontdesk.screens.calendar.grid import DayGrid
from frontdesk.screens.calendar.leaving import Leaving
from frontdesk.screens.calendar.line import TypeLine
from frontdesk.screens.calendar.month_grid import MonthGrid
from frontdesk.screens.calendar.moving import Moving
from frontdesk.screens.calendar.panel import VisitPanel
from frontdesk.screens.calendar.reading import thing_in_words, visit_in_words
from frontdesk.screens.calendar.views import Views
from frontdesk.screens.commands import Command
from frontdesk.screens.messages import GoTo, ShowClass
from frontdesk.services.book import visits
from frontdesk.services.book.visits import ShowVisit
from frontdesk.services.records.history import TellStory, tell_story
from frontdesk.services.search.why import ExplainTime, explain
from frontdesk.services.sheets.day import DayEntry


class CalendarScreen(Bookings, Leaving, Moving, Editing, Views):
    """The book: one day, a column for everybody who works. Arrows move, tab goes to the next visit, shift and arrows
    page sideways. v shows rooms, everything, a list, a month."""

    CSS_PATH = "calendar.tcss"
    DEED = Deed.SEE_BOOK
    KEYS: ClassVar = (
        commands.BOOK, commands.LINE, commands.ARRIVE, commands.MOVE, commands.PAY, commands.FIND, commands.EARLIER,
        commands.LATER, commands.NOW, commands.GO, commands.VIEW, commands.CONFIRM, commands.START, commands.FINISH,
        commands.NO_SHOW, commands.CANCEL, commands.REBOOK, commands.OVERBOOK, commands.BLOCK, commands.UNDO,
        commands.REDO, commands.WHY, commands.HISTORY, commands.ZOOM, commands.WEEK, commands.COLOURS, commands.AS_OF,
        commands.MARK, commands.SWAP, commands.GROUP, commands.EDIT, commands.BACK,
    )  # fmt: skip

    def body(self) -> ComposeResult:
        """The grid, or the list or the month in its place, the panel beside it, the line over the last rows."""
        with Horizontal(id="day"):
            yield DayGrid()
            yield DayList()
            yield MonthGrid()
            yield VisitPanel()
        yield TypeLine(self._read, self._complete, self._typist)

    def on_mount(self) -> None:
        """The grid has the keys; a line that was left half typed is there again."""
        super().on_mount()
        self.find_focus()
        kept = self.keeper(LINE_DRAFT, "the line").found()
        if kept:
            self.query_one(TypeLine).input.value = kept["line"]

    @on(DayGrid.Opened)
    @on(DayList.Chosen)
    def _opened(self) -> None:
        if self.lifted is not None:
            self._put_down()
        elif self._week is not None:
            self.do_week()
        elif self.session_id is not None:
            self.app.pass_on("classes", ShowClass(self.session_id))
        elif self.entry is not None:
            self._open_visit()
        else:
            self.action_run(commands.BOOK.name)

    @on(DayGrid.Dragged)
    @work(group="commands")
    async def _dragged(self, dragged: DayGrid.Dragged) -> None:
        if self._may_move(dragged.entry):
            await self.move_to(dragged.entry, dragged.column, dragged.starts_at)

    @on(DayGrid.Stretched)
    @work(group="commands")
    async def _stretched(self, stretched: DayGrid.Stretched) -> None:
        if self._may_move(stretched.entry):
            await self.stretch(stretched.entry, stretched.ends_at)

    def _may_move(self, entry: DayEntry) -> bool:
        """Whether a mouse may move it; says why not."""
        reason = self.why_not(commands.MOVE)
        if self._week is not None or entry.session_id is not None:
            reason = reason or "Enter opens the day, and there it can be moved."
        if reason:
            self.say(reason, "amber")
        return not reason

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

    @on(GoTo)
    @work(group="commands")
    async def _go_to_visit(self, wish: GoTo) -> None:
        visit = await self.ask(visits.show, ShowVisit(appointment_id=wish.appointment_id))
        self.go_to(local(visit.starts_at, self.desk.shop.timezone).date(), visit.starts_at, visit=visit.id)

    # Asking

    async def do_why(self) -> None:
        """Why what is under the cursor is as it is."""
        spot = self.spot
        if spot is None:
            return
        if spot.entry is not None and await self._runs_over(spot.entry):
            return
        if spot.column.kind != "stylist":
            await self.tell(f"Why? {spot.column.name}", thing_in_words(spot, self.desk.shop.timezone))
        else:
            why = await self.ask(explain, ExplainTime(stylist_id=spot.column.stylist_id, at=spot.at))
            await self.tell(f"Why? {spot.column.name} at {self.wall(spot.at)}", why.sentences)

    async def _runs_over(self, entry: DayEntry) -> bool:
        """What runs over proposes moves for those who come later (features SV2); whether it did."""
        assert self.sheet is not None
        over = minutes_since(entry.ends_at, self.sheet.now)
        if entry.status not in (Status.IN_SERVICE, Status.PROCESSING) or over < self.sheet.overrun_minutes:
            return False
        from frontdesk.screens.visits.proposal import offer
        from frontdesk.services.book.reshuffling import ProposeOverrun, propose_overrun

        proposal = await self.ask(propose_overrun, ProposeOverrun(line_id=entry.line_id))
        if await offer(self, proposal) is not None:
            self.show_anew()
        return True

    async def do_history(self) -> None:
        """Who did what to this visit."""
        entry = self.entry
        if entry is not None:
            story = await self.ask(tell_story, TellStory(appointment_id=entry.appointment_id))
            zone = self.desk.shop.timezone
            lines = [f"{local(t.at, zone):%a %-d %b %H:%M}  {t.who}  {t.sentence}" for t in story.lines]
            await self.read(f"{entry.customer}   visit {entry.code}", "\n".join(lines))

    def reason_against(self, command: Command) -> str | None:
        """There is nothing to go back from."""
        if command is commands.BACK and self.is_at_rest:
            return ""
        return super().reason_against(command)

    def heard(self, heard: Heard) -> None:
        """Only what concerns what is shown is painted again."""
        if heard.day is None or self.sheet is None or heard.day == self.sheet.day or self.shows_more:
            super().heard(heard)
        else:
            self.tell_of(heard)
