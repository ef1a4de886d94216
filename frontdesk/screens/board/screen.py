"""The board: the floor as it is now, and the keys on whoever is under the cursor (features CI2, CI6, CI7, SV1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from frontdesk.clock import local
from frontdesk.desk import Desk
from frontdesk.permissions import Deed
from frontdesk.rules.lateness import minutes_since
from frontdesk.screens import commands
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.board import drawing
from frontdesk.screens.board.view import BoardView
from frontdesk.screens.commands import Command
from frontdesk.screens.messages import GoTo, PayFor
from frontdesk.screens.visits import arrival, leaving
from frontdesk.screens.visits.leaving import OnLine
from frontdesk.screens.visits.proposal import offer
from frontdesk.services.book import visits
from frontdesk.services.book.reshuffling import ProposeOverrun, propose_overrun
from frontdesk.services.book.visits import Stepped, StepVisit
from frontdesk.services.records.history import TellStory, tell_story
from frontdesk.services.waiting.board import Board, BoardRow, ShowBoard, show_board
from frontdesk.services.waiting.walk_ins import AssignWalkIn, assign_walk_in
from frontdesk.services.wording import day_words


class BoardScreen(DeskScreen):
    """The floor. Arrows move; enter shows the visit in the book; esc goes back to it."""

    CSS_PATH = "board.tcss"
    DEED = Deed.SEE_BOOK
    KEYS: ClassVar = (
        commands.ARRIVE, commands.START, commands.FINISH, commands.PAY, commands.NO_SHOW, commands.CANCEL,
        commands.OPEN, commands.FIND, commands.LINE, commands.WHY, commands.HISTORY, commands.UNDO, commands.REDO,
        commands.BACK,
    )  # fmt: skip
    FOOTER = frozenset({commands.START, commands.FINISH, commands.NO_SHOW, commands.CANCEL})

    def __init__(self) -> None:
        super().__init__()
        self._board: Board | None = None
        self._turns = Content("")

    def body(self) -> ComposeResult:
        """Everybody on one widget, and whose turn it is below."""
        yield BoardView()
        yield Static(Content(""), id="turns", markup=False)

    def heading(self) -> str:
        """Which floor."""
        if self._board is None:
            return "Board"
        return f"Board   {day_words(self._board.day)}   {self._board.shop}"

    def find_focus(self) -> None:
        """The keys act on the board."""
        self.query_one(BoardView).focus()

    async def load(self) -> None:
        """The floor anew."""
        self._board = await self.ask(show_board, ShowBoard())
        self._draw()

    def draw_header(self) -> None:
        """With the header's clock the minutes go on; lines that stay the same send nothing."""
        super().draw_header()
        if self.is_mounted and self.is_attached:
            self._draw()

    def on_resize(self) -> None:
        """A list or columns."""
        super().on_resize()
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        board = self._board
        if board is None or not self.app.is_signed_in:
            return
        self.query_one(BoardView).show(drawing.columns(self._drawn(board)))
        said = drawing.turns_line(board)
        if said != self._turns:
            self._turns = said
            self.query_one("#turns", Static).update(said)

    def _drawn(self, board: Board) -> drawing.Drawn:
        return drawing.Drawn(board, self.desk.shop, self.desk.clock.now(), self.size.width, self.app.private)

    @property
    def row(self) -> BoardRow | None:
        """Who is under the cursor."""
        key = self.query_one(BoardView).key
        rows = self._board.rows if self._board is not None else ()
        return next((row for row in rows if row.key == key), None)

    def reason_against(self, command: Command) -> str | None:
        """What a key needs under the cursor."""
        if command not in _ON_A_VISIT:
            return None
        row = self.row
        if row is None:
            return f"Nobody is under the cursor to {command.label}."
        if row.appointment_id is None and command not in (commands.OPEN, commands.WHY):
            return f"{row.customer} has no chair yet. enter gives them to whose turn it is."
        return None

    # Steps

    async def do_arrive(self) -> None:
        """They are here; the card says what to know."""
        row = self.row
        if row is None or row.appointment_id is None or self.twice(commands.ARRIVE, row.appointment_id):
            return
        arrived = await arrival.arrive(self, row.appointment_id)
        if arrived is not None:
            self._done(f"{arrived.customer}: {arrived.said}.")
            await arrival.show_card(self, row.appointment_id)

    async def do_start(self) -> None:
        """The next part of the line."""
        await self._step(commands.START, visits.go_on)

    async def do_finish(self) -> None:
        """The line is done."""
        await self._step(commands.FINISH, visits.finish)

    async def _step(self, command: Command, service: Callable[[Desk, StepVisit], Stepped]) -> None:
        row = self.row
        if row is None or row.appointment_id is None or row.line_id is None or self.twice(command, row.line_id):
            return
        stepped = await self.write(service, StepVisit(appointment_id=row.appointment_id, line_ids=(row.line_id,)))
        if stepped is not None:
            self._done(f"{stepped.customer}: {stepped.said or stepped.status.words}.")

    async def do_no_show(self) -> None:
        """They did not come."""
        on_line = self._on_line()
        if on_line is not None and not self.twice(commands.NO_SHOW, on_line.appointment_id):
            self._left(await leaving.no_show(self, on_line))

    async def do_cancel(self) -> None:
        """The line or the visit will not be."""
        on_line = self._on_line()
        if on_line is not None:
            self._left(await leaving.cancel(self, on_line))

    def _on_line(self) -> OnLine | None:
        row = self.row
        if row is None or row.appointment_id is None or row.line_id is None:
            return None
        service = row.service.partition(" +")[0]
        return OnLine(row.appointment_id, row.line_id, row.customer, service, row.starts_at, row.lines)

    def _left(self, left: Stepped | None) -> None:
        if left is not None:
            freed = " Who was overbooked has the time now." if left.protected else ""
            self._done(f"{left.customer}: {left.said}.{freed}")

    def _done(self, words: str) -> None:
        self.say(words)
        self.show_anew()

    # Elsewhere

    def do_pay(self) -> None:
        """To the till with them."""
        row = self.row
        if row is not None and row.appointment_id is not None:
            self.app.pass_on("checkout", PayFor(row.appointment_id))

    @on(BoardView.Chosen)
    def _chosen(self) -> None:
        self.action_run(commands.OPEN.name)

    async def do_open(self) -> None:
        """The visit in the book; who walked in is given to whose turn it is."""
        row = self.row
        if row is not None and row.appointment_id is not None:
            self.app.pass_on("calendar", GoTo(row.appointment_id))
        elif row is not None and row.walk_in_id is not None:
            given = await self.write(assign_walk_in, AssignWalkIn(walk_in_id=row.walk_in_id))
            if given is not None:
                self._done(f"{row.customer} goes to {given.stylist}.")

    async def do_back(self) -> None:
        """To the book."""
        await self.app.switch_to("calendar")

    async def do_history(self) -> None:
        """Who did what to this visit."""
        row = self.row
        if row is not None and row.appointment_id is not None:
            story = await self.ask(tell_story, TellStory(appointment_id=row.appointment_id))
            zone = self.desk.shop.timezone
            lines = [f"{local(one.at, zone):%a %-d %b %H:%M}  {one.who}  {one.sentence}" for one in story.lines]
            await self.read(f"{row.customer}   visit {row.code}", "\n".join(lines))

    async def do_why(self) -> None:
        """Why this row says what it says; what runs over proposes moves for those who come later (features SV2)."""
        row, board = self.row, self._board
        if row is None or board is None:
            return
        now = self.desk.clock.now()
        over = row.overrun(now)
        if row.line_id is not None and over >= board.limits.overrun:
            # It is asked for what is left of the plan, and for a little more where nothing is.
            late = min(over, over - minutes_since(row.ends_at, now))
            wish = ProposeOverrun(line_id=row.line_id, minutes=max(_A_LITTLE, late))
            proposal = await self.ask(propose_overrun, wish)
            if await offer(self, proposal) is not None:
                self.show_anew()
        else:
            words = drawing.explained(self._drawn(board), row)
            await self.read(f"Why? {row.customer}, {row.place.value.lower()}", "\n".join(words))


_A_LITTLE = 10
"""So many minutes more has what should have been over."""

_ON_A_VISIT = (
    commands.ARRIVE, commands.START, commands.FINISH, commands.PAY, commands.NO_SHOW, commands.CANCEL, commands.OPEN,
    commands.HISTORY, commands.WHY,
)  # fmt: skip
