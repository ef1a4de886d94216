"""The admin screen: its rooms at the left, the chosen room's list at the right; where it is narrow one by one."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from frontdesk.permissions import Deed
from frontdesk.screens import commands
from frontdesk.screens.admin.room import Room
from frontdesk.screens.admin.rooms import SECTIONS
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.commands import Command
from frontdesk.screens.everywhere import Doing
from frontdesk.screens.messages import EnterRoom
from frontdesk.widgets.bar import Bar
from frontdesk.widgets.plain_table import Column, PlainTable, Row

WIDE = 120
_ROOM_FOR_ESC = 76


class AdminScreen(DeskScreen):
    """People, terminals, the menu, the shelf, taxes, hours, settings, history and backups."""

    CSS_PATH = "admin.tcss"
    DEED: ClassVar[Deed | None] = Deed.SEE_BOOK
    KEYS = (
        commands.OPEN, commands.ADD, commands.EDIT, commands.REMOVE, commands.VIEW, commands.HISTORY, commands.BACK,
        commands.WHY,
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._sections = tuple((name, tuple(room(self) for room in rooms)) for name, rooms in SECTIONS)
        self._rooms: tuple[Room[Any], ...] = tuple(room for _, rooms in self._sections for room in rooms)
        self._inside = False
        self._listed: Room[Any] | None = None

    def heading(self) -> str:
        """Where one is."""
        return f"Admin   {self.room.NAME}" if self._inside or self.is_wide else "Admin"

    def body(self) -> ComposeResult:
        """The rooms, the list, and what a line has no room for."""
        with Horizontal(id="body"):
            with Vertical(id="hall"):
                yield PlainTable([Column("", 6), Column("Room", 20), Column("", least=30)], id="rooms")
                yield Static("", id="more", markup=False)
            with Vertical(id="room"):
                yield PlainTable([Column("")], id="things")
                yield Static("", id="words", markup=False)

    def on_mount(self) -> None:
        """The rooms don't change."""
        super().on_mount()
        table = self.query_one("#rooms", PlainTable)
        table.show(
            [
                Row(room.NAME, (section if room is rooms[0] else "", room.NAME, room.ABOUT))
                for section, rooms in self._sections
                for room in rooms
            ]
        )
        self.watch(table, "scroll_y", self._count_hidden)
        self._lay()

    def on_resize(self) -> None:
        """Side by side, or one after the other."""
        self._lay()
        self.call_after_refresh(self._count_hidden)

    def _count_hidden(self) -> None:
        """Rooms that are there and out of sight are told of below the others."""
        table = self.query_one("#rooms", PlainTable)
        above, seen = table.scroll_offset.y, table.size.height - 1
        below = max(0, len(self._rooms) - above - seen)
        said = [f"{count} more {where}" for count, where in ((above, "above"), (below, "below")) if count]
        self.query_one("#more", Static).update(Content(", ".join(said)))

    @property
    def is_wide(self) -> bool:
        """Whether both lists stand beside each other."""
        return self.size.width >= WIDE

    @property
    def room(self) -> Room[Any]:
        """The room under the cursor."""
        row = self.query_one("#rooms", PlainTable).row if self.is_mounted else None
        return next((room for room in self._rooms if row is not None and row.key == room.NAME), self._rooms[0])

    @property
    def thing(self) -> Any:  # noqa: ANN401  whatever lies in the room
        """What is under the cursor in the room."""
        row = self.query_one("#things", PlainTable).row
        return self.room.thing(row.key) if row is not None and self._listed is self.room else None

    def find_focus(self) -> None:
        """Among the rooms, or in one."""
        self.query_one("#things" if self._inside else "#rooms", PlainTable).focus()

    def _lay(self) -> None:
        if not self.is_mounted:
            return
        self.set_class(self._inside, "-inside")
        self.draw_header()
        self.draw_footer()

    def _go(self, inside: bool) -> None:
        self._inside = inside
        self._lay()
        self.find_focus()

    # The list

    async def load(self) -> None:
        """The chosen room's list as it is now; what one may not see says so."""
        room = self.room
        table, words = self.query_one("#things", PlainTable), self.query_one("#words", Static)
        refusal = room.refusal(room.SEE)
        rows = [] if refusal else await room.rows()
        if self._listed is not room:
            table.recolumn(room.COLUMNS)
        self._listed = room
        table.show(rows, empty=refusal or room.empty())
        if room.wanted is not None:
            table.go_to(room.wanted)
            room.wanted = None
        if refusal or not rows:
            words.update(Content(""))

    @on(PlainTable.Moved, "#rooms")
    def _another_room(self) -> None:
        if self._listed is not self.room:
            self.show_anew()
            self._lay()

    @on(PlainTable.Moved, "#things")
    def _another_thing(self) -> None:
        thing = self.thing
        said = self.room.words(thing) if thing is not None else Content("")
        self.query_one("#words", Static).update(said)

    @on(PlainTable.Chosen, "#rooms")
    def _enter(self) -> None:
        self._go(True)

    @on(EnterRoom)
    def _enter_named(self, wish: EnterRoom) -> None:
        self.query_one("#rooms", PlainTable).go_to(wish.room)
        self._go(True)

    @on(PlainTable.Chosen, "#things")
    def _open(self) -> None:
        self.action_run(commands.OPEN.name)

    # Commands

    def draw_footer(self) -> None:
        """The footer names what acts where the focus is."""
        if not self.is_mounted or not self.is_attached:
            return
        room, inside = self.room, self._inside
        shown = [
            c for c in self.KEYS if c is not commands.HISTORY and (room.offers(c) if inside else c is commands.OPEN)
        ]
        out = "esc rooms" if inside and self.size.width >= _ROOM_FOR_ESC else ""
        self.query_one("#footer", Bar).show(self._keys([*shown, commands.HELP]), out)

    def reason_against(self, command: Command) -> str | None:
        """Among the rooms only enter acts; in a room the room says."""
        if not self._inside and command in _IN_ROOMS:
            return f"enter goes into {self.room.NAME}; there it can be done."
        if self._inside and command is commands.VIEW and not self.room.offers(command):
            return "Everything is shown already."
        return self.room.why_not(command, self.thing) if self._inside else None

    def do_open(self) -> Doing | None:
        """Into the room; in it, open the line."""
        if not self._inside:
            self._go(True)
            return None
        thing = self.thing
        return None if thing is None else partial(self.room.open, thing)

    def do_back(self) -> None:
        """Out of the room."""
        if self._inside:
            self._go(False)

    async def do_add(self) -> None:
        """Something new in this room."""
        await self.room.add()

    async def do_edit(self) -> None:
        """Change the line."""
        await self.room.edit(self.thing)

    async def do_remove(self) -> None:
        """Out of use, or away."""
        await self.room.remove(self.thing)

    async def do_history(self) -> None:
        """Who changed this, and when."""
        await self.room.history(self.thing)

    def do_view(self) -> None:
        """With what is no longer used, and without."""
        room = self.room
        room.everything = not room.everything
        self.say(room.VIEWS[0] if room.everything else room.VIEWS[1])
        self.show_anew()

    async def do_why(self) -> None:
        """What this room is, and what one may do in it."""
        room = self.room
        refusal = room.refusal(room.SEE) or room.refusal(room.DEED)
        about = f"{room.ABOUT[0].upper()}{room.ABOUT[1:]}."
        said = (about, " ".join(room.EXPLAINED.split()), refusal or "")
        await self.read(room.NAME, "\n\n".join(filter(None, said)))


_IN_ROOMS = (commands.ADD, commands.EDIT, commands.REMOVE, commands.VIEW, commands.HISTORY)
