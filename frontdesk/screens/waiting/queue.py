"""The walk-in queue: a line to type them into, when each begins, and whose turn it is (features CI3, CI4, CI5)."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from frontdesk.errors import OthersTurn, Refusal
from frontdesk.permissions import Deed
from frontdesk.screens import commands
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.commands import Command
from frontdesk.screens.waiting import drawing
from frontdesk.screens.waiting.forms import why_form
from frontdesk.services.waiting.queueing import InQueue
from frontdesk.services.waiting.turns import SkipTurn, skip_turn
from frontdesk.services.waiting.walk_ins import (
    AssignWalkIn,
    JoinQueue,
    LeaveQueue,
    QueueSheet,
    QueueWish,
    ReadQueueLine,
    ShowQueue,
    assign_walk_in,
    join_queue,
    leave_queue,
    read_queue_line,
    show_queue,
)
from frontdesk.services.wording import day_words
from frontdesk.text import harmless
from frontdesk.widgets.bar import Bar
from frontdesk.widgets.line import Line
from frontdesk.widgets.modal import Answer, Question
from frontdesk.widgets.plain_table import PlainTable

_EMPTY = "Nobody waits for a turn. q goes to the line: type who and what, like kim cut."
_HINT = "who and what: kim cut, or zoe colour with bo. A name will do"
_ABOUT_ONE = (commands.ASSIGN, commands.GIVE, commands.LEAVE)
_ALPHABET = "123456789abcdefghijklmnop"


class QueueLine(Line):
    """Who comes without a time; down and escape go into the list, where letters act."""

    BINDINGS = [Binding("down,escape", "screen.into_list", show=False)]  # noqa: RUF012  Textual's own kind


class QueueScreen(DeskScreen):
    """Walk-ins. Type who and what; enter gives whoever is under the cursor to whose turn it is."""

    CSS_PATH = "waiting.tcss"
    DEED = Deed.SEE_BOOK
    KEYS: ClassVar = (
        commands.ASSIGN, commands.GIVE, commands.SKIP, commands.LEAVE, commands.QUEUE, commands.UNDO, commands.REDO,
        commands.BACK,
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._sheet: QueueSheet | None = None
        self._queue: dict[int, InQueue] = {}
        self._was_left = False
        self._joined: int | None = None
        """Who has just come: the cursor goes there as soon as they stand in the list."""

    def body(self) -> ComposeResult:
        """The line, the queue, the turns."""
        with Container(id="body"):
            with Vertical(id="queue"):
                with Horizontal(id="line-row"):
                    yield Static(Content(">"), id="prompt", markup=False)
                    yield QueueLine(id="line", placeholder=_HINT)
                yield Static(Content(""), id="meant", markup=False)
                yield PlainTable(drawing.QUEUE_COLUMNS, empty=_EMPTY, id="list")
            yield Static(Content(""), id="turns", markup=False)

    def heading(self) -> str:
        """How many wait for a turn."""
        if self._sheet is None:
            return "Walk-ins"
        return f"Walk-ins   {day_words(self.desk.today)}   {len(self._queue)} in the queue"

    def find_focus(self) -> None:
        """One comes here because somebody stands there."""
        self._line_field.focus()

    def on_screen_suspend(self) -> None:
        """Whether another screen is gone to, or only something put over this one."""
        self._was_left = self.app.current_mode != commands.QUEUE.name

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Whoever comes from another screen types at once."""
        if self._was_left:
            self._was_left = False
            self._line_field.focus()

    @property
    def _line_field(self) -> QueueLine:
        return self.query_one("#line", QueueLine)

    @property
    def _list(self) -> PlainTable:
        return self.query_one("#list", PlainTable)

    @property
    def _one(self) -> InQueue | None:
        row = self._list.row
        return self._queue.get(int(str(row.key))) if row else None

    async def load(self) -> None:
        """The queue and the turns as they are now."""
        self._sheet = await self.ask(show_queue, ShowQueue())
        self._queue = {one.id: one for one in self._sheet.waiting}
        self._draw()
        if self._joined is not None:
            self._list.go_to(self._joined)
            self._joined = None

    def on_resize(self) -> None:
        """The turns below the queue, or beside it."""
        super().on_resize()
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        sheet = self._sheet
        if sheet is None or not self.app.is_signed_in:
            return
        shop = self.desk.shop
        self._list.show([drawing.queue_row(one, sheet.now, shop) for one in sheet.waiting])
        words = drawing.turn_words(sheet.order, sheet.skipped, shop, wide=self.has_class("-wide"))
        self.query_one("#turns", Static).update(words)

    # The line

    @on(Input.Changed, "#line")
    def _typed(self) -> None:
        self._look_ahead()
        self.draw_footer()

    @work(group="preview", exclusive=True)
    async def _look_ahead(self) -> None:
        typed = self._line_field.value
        said = ""
        if typed.strip():
            try:
                said = drawing.wish_words(await self.ask(read_queue_line, ReadQueueLine(text=typed)))
            except Refusal as refusal:
                said = refusal.sentence
        self.query_one("#meant", Static).update(Content(harmless(said)))

    @on(Input.Submitted, "#line")
    def _submitted(self) -> None:
        if self._line_field.value.strip():
            self.set_out(self._join)
        elif self._one is not None:
            self.action_run(commands.ASSIGN.name)

    async def _join(self) -> None:
        """Whoever was typed, once every question about them is answered."""
        line = self._line_field.value
        while True:
            wish = await self.ask(read_queue_line, ReadQueueLine(text=line))
            if not wish.question:
                break
            chosen = await self._choice(wish)
            if chosen is None:
                return
            line = chosen
        joined = await self.write(
            join_queue,
            JoinQueue(
                customer_id=wish.customer_id, guest_name="" if wish.customer_id is not None else wish.customer,
                service_id=wish.service_id, stylist_id=wish.stylist_id,
            ),
        )  # fmt: skip
        if joined is None:
            return
        self._line_field.value = ""
        self._joined = joined.id
        self.say(f"{joined.customer} is in the queue for {joined.service}: {_told(joined, self)}.")
        # The line stays: the next one who comes in is typed at once, and no letter of theirs acts on the list.
        self.show_anew()

    async def _choice(self, wish: QueueWish) -> str | None:
        if not wish.options:
            self.say(wish.question, "amber")
            return None
        answers = [Answer(key, label, line) for key, (label, line) in zip(_ALPHABET, wish.options, strict=False)]
        return await self.app.wait_for(Question(wish.question, answers))

    def action_into_list(self) -> None:
        """Down or escape from the line."""
        self._list.focus()

    # Commands

    def draw_footer(self) -> None:
        """In the line, what its keys do."""
        super().draw_footer()
        if self.is_mounted and self.is_attached and isinstance(self.focused, QueueLine):
            joins = self._line_field.value.strip() or not self._queue
            enter = "enter into the queue" if joins else "enter gives a turn"
            self.query_one("#footer", Bar).show(self._keys([commands.HELP]), f"{enter}  ↓ the list")

    @on(PlainTable.Chosen, "#list")
    def _chosen(self) -> None:
        self.action_run(commands.ASSIGN.name)

    def reason_against(self, command: Command) -> str | None:
        """What a key needs under the cursor."""
        if command in _ABOUT_ONE and self._one is None:
            return _EMPTY
        if command is commands.SKIP and not (self._sheet and self._sheet.order):
            return "Nobody works here today, so it is nobody's turn."
        return None

    def do_queue(self) -> None:
        """Onto the line."""
        self._line_field.focus()

    def do_back(self) -> None:
        """To the book."""
        self.action_run(commands.CALENDAR.name)

    async def do_assign(self) -> None:
        """Whoever is under the cursor, to whose turn it is."""
        one = self._one
        if one is not None and not self.twice(commands.ASSIGN, one.id):
            await self._give(one, None)

    async def do_give(self) -> None:
        """To somebody else than whose turn it is."""
        one, sheet = self._one, self._sheet
        if one is None or sheet is None:
            return
        takers = [each for each in sheet.order if each.is_free] or list(sheet.order)
        answers = [
            Answer(key, f"{each.name}, {each.turns.normalize():f} today", each.stylist_id)
            for key, each in zip(_ALPHABET, takers, strict=False)
        ]
        chosen = await self.app.wait_for(Question(f"Who takes {one.customer}, {one.service}?", answers))
        if chosen is not None:
            await self._give(one, chosen)

    async def _give(self, one: InQueue, stylist_id: int | None, reason: str = "") -> None:
        wish = AssignWalkIn(walk_in_id=one.id, stylist_id=stylist_id, reason=reason)
        try:
            given = await self.ask_surely(assign_walk_in, wish)
        except OthersTurn as refusal:
            why = await self.fill(why_form(refusal.sentence, "on the phone"))
            if why:
                await self._give(one, stylist_id, why)
            return
        passed = f", {' and '.join(given.passed_over)} passed over" if given.passed_over else ""
        self.say(
            f"{given.booked.customer} is with {given.stylist} now, until {self.wall(given.booked.ends_at)}{passed}"
        )
        self.show_anew()

    async def do_skip(self) -> None:
        """The turn goes to the next."""
        assert self._sheet is not None
        first = self._sheet.order[0]
        why = await self.fill(why_form(f"Pass on {first.name}'s turn", "at lunch"))
        if why and await self.write(skip_turn, SkipTurn(stylist_id=first.stylist_id, reason=why)) is not None:
            self.say(f"{first.name}'s turn is passed on: {why}")
            self.show_anew()

    async def do_leave(self) -> None:
        """They went before they had a turn."""
        one = self._one
        if one is None:
            return
        why = await self.fill(why_form(f"{one.customer} leaves the queue", "too long a wait"))
        if why and await self.write(leave_queue, LeaveQueue(walk_in_id=one.id, reason=why)) is not None:
            self.say(f"{one.customer} has left the queue.")
            self.show_anew()


def _told(one: InQueue, screen: DeskScreen) -> str:
    if one.starts_at is None or one.wait_minutes is None:
        return "nobody has time today any more"
    if one.wait_minutes == 0:
        return f"{one.stylist} is free now, enter gives them the turn"
    return f"about {one.wait_minutes} minutes, {screen.wall(one.starts_at)} with {one.stylist}"
