"""A list in columns: people's text is only ever text, and a refresh keeps the cursor on its row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from frontdesk.text import fit, harmless

GAP = 2
"""Cells between two columns."""


@dataclass(frozen=True)
class Column:
    """One column: its heading and how wide it is."""

    heading: str
    width: int | None = None
    """In cells; the columns without one share what is left."""
    right: bool = False
    """Numbers stand at the right."""
    least: int = 0
    """It is left out when fewer cells than this remain for it; 0 for never."""


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    key: object
    """Stays the same as long as it is the same thing."""
    cells: tuple[str, ...]
    tone: str = ""
    """The theme variable of its colour: `fd-muted`, `fd-amber`."""


class PlainTable(ScrollView, can_focus=True):
    """Rows under headings, one of them under the cursor. Nothing of it is ever markup."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(False)", show=False),
        Binding("end", "edge(True)", show=False),
        Binding("enter", "choose", show=False),
    ]

    class Moved(Message):
        """The cursor is on another row."""

        def __init__(self, table: PlainTable, row: Row | None) -> None:
            super().__init__()
            self.table = table
            self.row = row

        @property
        def control(self) -> PlainTable:
            """The table."""
            return self.table

    class Chosen(Moved):
        """Enter or a double click on a row."""

    def __init__(self, columns: Sequence[Column], *, empty: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._rows: tuple[Row, ...] = ()
        self._empty = empty
        self._at = 0

    @property
    def row(self) -> Row | None:
        """What is under the cursor."""
        return self._rows[self._at] if self._rows else None

    @property
    def rows(self) -> tuple[Row, ...]:
        """All there are."""
        return self._rows

    def show(self, rows: Sequence[Row], *, empty: str | None = None) -> None:
        """Put these rows there; the cursor stays on its thing if it is still there. `empty` says how to fill a list."""
        key = self.row.key if self.row else None
        self._rows = tuple(rows)
        if empty is not None:
            self._empty = empty
        self._at = next((i for i, row in enumerate(self._rows) if row.key == key), 0 if key is None else self._at)
        self._at = max(0, min(self._at, len(self._rows) - 1))
        self._size_anew()
        self.refresh()
        self.post_message(self.Moved(self, self.row))

    def recolumn(self, columns: Sequence[Column]) -> None:
        """Other columns; rows of as many cells follow with `show`."""
        self._columns = tuple(columns)
        self._rows = ()
        self.refresh()

    def go_to(self, key: object) -> None:
        """Put the cursor on the row of this key, if there is one."""
        for index, row in enumerate(self._rows):
            if row.key == key:
                self._move(index)

    def action_step(self, by: int) -> None:
        """A row up or down."""
        self._move(self._at + by)

    def action_page(self, by: int) -> None:
        """A page up or down."""
        self._move(self._at + by * max(1, self.size.height - 2))

    def action_edge(self, last: bool) -> None:
        """To the first or the last row."""
        self._move(len(self._rows) - 1 if last else 0)

    def action_choose(self) -> None:
        """Take what is under the cursor."""
        if self.row is not None:
            self.post_message(self.Chosen(self, self.row))

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there, a second one takes the row."""
        line = event.y - 1 + self.scroll_offset.y
        if event.y >= 1 and 0 <= line < len(self._rows):
            self._move(line)
            if event.chain == 2:
                self.action_choose()

    def on_resize(self) -> None:
        """Other widths."""
        self._size_anew()
        self._keep_in_sight()

    def on_focus(self) -> None:
        """The cursor shows where the keys go."""
        self._refresh_line(self._at)

    def on_blur(self) -> None:
        """The cursor pales."""
        self._refresh_line(self._at)

    def render_line(self, y: int) -> Strip:
        """One line of the screen: the headings, or a row."""
        base = self.rich_style
        width = self.size.width
        if y == 0:
            return self._strip(tuple(c.heading for c in self._columns), base + self._style("fd-muted"))
        index = y - 1 + self.scroll_offset.y
        if not self._rows and y == 2:
            return Strip([Segment(fit(" " + harmless(self._empty), width), base + self._style("fd-muted"))])
        if index >= len(self._rows):
            return Strip.blank(width, base)
        row = self._rows[index]
        style = base + self._style(row.tone) if row.tone else base
        if index == self._at:
            style = self._cursor_style(base)
        return self._strip(row.cells, style, cursor=index == self._at)

    def _strip(self, cells: Sequence[str], style: Style, *, cursor: bool = False) -> Strip:
        said = [
            fit(harmless(cell), width, right=column.right)
            for cell, column, width in zip(cells, self._columns, self._widths(), strict=False)
            if width
        ]
        # The mark at the left is for eyes and terminals without colour.
        line = ("▸" if cursor else " ") + (" " * GAP).join(said)
        return Strip([Segment(fit(line, self.size.width), style)])

    def _widths(self) -> list[int]:
        room = self.size.width - 2
        columns = list(self._columns)
        while True:
            fixed = sum(c.width or 0 for c in columns) + GAP * (len(columns) - 1)
            flexible = [c for c in columns if c.width is None]
            share = (room - fixed) // len(flexible) if flexible else 0
            drop = next((c for c in reversed(columns) if c.least and (share < c.least)), None)
            if drop is None:
                break
            columns.remove(drop)
        over = room - fixed - share * len(flexible)
        widths: list[int] = []
        for column in self._columns:
            if column not in columns:
                widths.append(0)
            elif column.width is not None:
                widths.append(column.width)
            else:
                widths.append(max(4, share + over))
                over = 0
        return widths

    def _style(self, variable: str) -> Style:
        colour = self.app.theme_variables.get(variable)
        return Style(color=colour) if colour else Style()

    def _cursor_style(self, base: Style) -> Style:
        colours = self.app.theme_variables
        if self.has_focus:
            return Style(color=colours.get("fd-cursor-fg"), bgcolor=colours.get("fd-cursor-bg"))
        return base + Style(bgcolor=colours.get("fd-surface"))

    def _move(self, to: int) -> None:
        to = max(0, min(to, len(self._rows) - 1))
        if to == self._at or not self._rows:
            return
        before, self._at = self._at, to
        self._refresh_line(before)
        self._refresh_line(to)
        self._keep_in_sight()
        self.post_message(self.Moved(self, self.row))

    def _refresh_line(self, index: int) -> None:
        self.refresh(Region(0, index + 1 - self.scroll_offset.y, self.size.width, 1))

    def _keep_in_sight(self) -> None:
        top, room = self.scroll_offset.y, self.size.height - 1
        if room <= 0:
            return
        if self._at < top:
            self.scroll_to(y=self._at, animate=False)
        elif self._at >= top + room:
            self.scroll_to(y=self._at - room + 1, animate=False)

    def _size_anew(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._rows) + 1)
