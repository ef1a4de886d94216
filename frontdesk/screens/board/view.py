"""The floor on one widget: it keeps its cursor on a person, and paints only the lines that differ."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from frontdesk.screens.board.drawing import Key, Line, Piece, keys_of
from frontdesk.text import cell_width, fit

Painted = tuple[tuple[Piece, bool], ...]
"""A line of the screen: pieces, and whether each is under the cursor."""


class BoardView(Widget, can_focus=True):
    """Columns of people, one of them under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
        Binding("left", "side(-1)", show=False),
        Binding("right", "side(1)", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(-1)", show=False),
        Binding("pageup", "step(-10)", show=False),
        Binding("pagedown", "step(10)", show=False),
        Binding("enter", "choose", show=False),
    ]

    class Chosen(Message):
        """Enter or a double click on somebody."""

    def __init__(self) -> None:
        super().__init__(id="board")
        self._columns: list[tuple[int, list[Line]]] = []
        self._tops: list[int] = []
        self._painted: list[Painted] = []
        self._place = (0, 0)
        """Column and place in it where the cursor was, for when the person has gone."""
        self.key: Key | None = None
        """Who is under the cursor."""

    def show(self, columns: list[tuple[int, list[Line]]]) -> None:
        """Put these there; the cursor stays on its person, or where they were."""
        if len(columns) != len(self._columns):
            self._tops = [0] * len(columns)
        self._columns = columns
        self._keep_cursor()
        self._paint()

    def _keep_cursor(self) -> None:
        rows = [keys_of(lines) for _, lines in self._columns]
        for column, keys in enumerate(rows):
            if self.key in keys:
                self._place = (column, keys.index(self.key))
                return
        column, place = self._place
        self.key = None
        if not any(rows):
            return
        if column >= len(rows) or not rows[column]:
            column = next(at for at, keys in enumerate(rows) if keys)
        place = max(0, min(place, len(rows[column]) - 1))
        self._place, self.key = (column, place), rows[column][place]

    def _paint(self) -> None:
        """Work the lines out anew and ask for those that differ."""
        height = self.size.height
        self._keep_in_sight(height)
        painted = [self._across(y) for y in range(height)]
        before, self._painted = self._painted, painted
        for y, now in enumerate(painted):
            if y >= len(before) or before[y] != now:
                self.refresh(Region(0, y, self.size.width, 1))

    def _keep_in_sight(self, height: int) -> None:
        for column, (_, lines) in enumerate(self._columns):
            mine = [y for y, line in enumerate(lines) if line.key is not None and line.key == self.key]
            top = min(self._tops[column], max(0, len(lines) - height))
            if mine:
                # With its first row goes the heading above it.
                first = 0 if all(line.key in (None, self.key) for line in lines[: mine[0] + 1]) else mine[0]
                top = min(top, first)
                top = max(top, mine[-1] - height + 1)
            self._tops[column] = top

    def _across(self, y: int) -> Painted:
        across: list[tuple[Piece, bool]] = []
        for column, (width, lines) in enumerate(self._columns):
            at = y + self._tops[column]
            line = lines[at] if at < len(lines) else Line(())
            here = line.key is not None and line.key == self.key
            first = here and (at == 0 or lines[at - 1].key != line.key)
            room = width
            for place, piece in enumerate(line.pieces):
                words = "▸" + piece.words[1:] if first and not place else piece.words
                words = fit(words, min(room, cell_width(words)))
                room -= cell_width(words)
                across.append((piece._replace(words=words), here))
            across.append((Piece(" " * max(0, room)), here and room > 0))
        return tuple(across)

    def render_line(self, y: int) -> Strip:
        """A line as it was worked out."""
        base = self.rich_style
        if y >= len(self._painted):
            return Strip.blank(self.size.width, base)
        segments = [Segment(piece.words, self._style(piece, base, here)) for piece, here in self._painted[y]]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def _style(self, piece: Piece, base: Style, here: bool) -> Style:
        colours = self.app.theme_variables
        if here and self.has_focus:
            return Style(color=colours.get("fd-cursor-fg"), bgcolor=colours.get("fd-cursor-bg"), bold=piece.bold)
        style = (
            base + Style(color=colours.get(piece.tone), bold=piece.bold)
            if piece.tone
            else base + Style(bold=piece.bold)
        )
        return style + Style(bgcolor=colours.get("fd-surface")) if here else style

    def on_resize(self) -> None:
        """Another height; the screen lays out another width."""
        self._painted = []
        self._paint()

    def on_focus(self) -> None:
        """The cursor shows where the keys go."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor pales."""
        self.refresh()

    def action_step(self, by: int) -> None:
        """Up or down among the people of a column."""
        column, place = self._place
        self._go(column, place + by)

    def action_side(self, by: int) -> None:
        """To the column beside that has somebody in it."""
        column, place = self._place
        column += by
        while 0 <= column < len(self._columns) and not keys_of(self._columns[column][1]):
            column += by
        if 0 <= column < len(self._columns):
            self._go(column, place)

    def action_edge(self, end: int) -> None:
        """To the first or the last of a column."""
        self._go(self._place[0], 0 if end == 0 else len(keys_of(self._columns[self._place[0]][1])) - 1)

    def _go(self, column: int, place: int) -> None:
        keys = keys_of(self._columns[column][1]) if column < len(self._columns) else []
        if keys:
            place = max(0, min(place, len(keys) - 1))
            self._place, self.key = (column, place), keys[place]
            self._paint()

    def action_choose(self) -> None:
        """Take who is under the cursor."""
        if self.key is not None:
            self.post_message(self.Chosen())

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there, a second one opens."""
        left = 0
        for column, (width, lines) in enumerate(self._columns):
            at = event.y + self._tops[column]
            if left <= event.x < left + width and at < len(lines) and (key := lines[at].key) is not None:
                self._go(column, keys_of(lines).index(key))
                if event.chain == 2:
                    self.action_choose()
                return
            left += width
