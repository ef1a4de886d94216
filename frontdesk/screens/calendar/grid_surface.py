"""The drawing half of the day's grid: a window of a day with a cursor or a ghost, painted where it differs."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from frontdesk.clock import local
from frontdesk.screens.calendar.grid_colours import Palette
from frontdesk.screens.calendar.grid_moves import Cursor
from frontdesk.screens.calendar.grid_painted import Painted
from frontdesk.screens.calendar.grid_terminal import write_sparingly
from frontdesk.screens.calendar.grid_view import HEAD, TIMES, Cell, LaidDay, Window, cell
from frontdesk.screens.calendar.laying import Stop
from frontdesk.screens.calendar.laying_cells import ghost_line
from frontdesk.screens.calendar.laying_runs import Ink, Line
from frontdesk.services.sheets.day import DayEntry

_GROUND = Ink("muted", "base")


class DaySurface(Widget):
    """Cells of a day. A change repaints those that differ from what was painted last, and of them what differs."""

    DEFAULT_CSS = "DaySurface { height: 1fr; width: 1fr; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._private = False
        self._by_category = False
        self._marked: dict[int, DayEntry] = {}
        self._day: LaidDay | None = None
        self._cursor = Cursor(0, Stop(0, None))
        self._window = Window(0, 0, 0, 0)
        self._lifted: DayEntry | None = None
        self._stretched: dt.timedelta | None = None
        """How long what is lifted shall be; None for as long as it is."""
        self._ghost: Cursor | None = None
        self._painted = Painted()
        self._had_cursor: Cell | None = None
        self._palette = Palette({})

    def hold_in_sight(self, *, centre: bool = False) -> None:
        """Page until the cursor is seen; `centre` brings it near the top, whatever is seen already."""
        day = self._day
        if day is None or not day.columns:
            return
        cursor, hour = self._ghost or self._cursor, 60 // day.axis.minutes
        window = self._window.holding_column(cursor.column)
        if centre:
            window = window.at_top(cursor.stop.row - hour, hour)
        placed = cursor.stop.placed
        seen_in_part = placed is not None and placed.first < window.top < placed.last
        self._window = window if seen_in_part else window.holding_row(cursor.stop.row, hour)

    def _cells(self) -> list[Cell]:
        return [(y, column) for y in range(self._window.height) for column in (TIMES, *self._window.shown)]

    def _cursor_cell(self) -> Cell | None:
        cursor = self._cursor
        first = max(cursor.stop.row, self._window.top) if cursor.stop.placed else cursor.stop.row
        if self._day is None or not self._window.sees_row(first) or cursor.column not in self._window.shown:
            return None
        return first - self._window.top + HEAD, cursor.column

    def paint(self, *, only_cursor: bool = False) -> None:
        """Compare cells with those painted last and refresh what differs."""
        if self._day is None or not self._window.height:
            return
        if not self._painted.follow(self._window):
            self.refresh()
        now = self._cursor_cell()
        if only_cursor:
            cells = [where for where in (self._had_cursor, now) if where is not None]
        else:
            cells = self._cells()
            lifted = self._lifted.line_id if self._lifted else None
            self._day.look(
                marked=frozenset(self._marked), lifted=lifted, private=self._private, by_category=self._by_category
            )
        self._had_cursor = now
        regions = [self._painted.take(where, self._line_of(where)) for where in cells]
        if changed := [region for region in regions if region]:
            self.refresh(*changed)

    def _line_of(self, where: Cell) -> Line:
        day, window = self._day, self._window
        assert day is not None
        y, column = where
        brackets = self.app.no_color
        if self._ghost and self._lifted and column == self._ghost.column and y >= HEAD:
            instant = self._ghost.at(day)
            ends = instant + (self._lifted.ends_at - self._lifted.starts_at)
            first, last = day.axis.rows_of(instant, ends)
            row = window.top + y - HEAD
            if first <= row < last:
                said = f"{local(instant, day.sheet.timezone):%H:%M}"
                if self._stretched:
                    said += f"–{local(ends, day.sheet.timezone):%H:%M}"
                begins = max(first, window.top)
                return ghost_line(self._lifted, said, row, begins, window.column_width, brackets=brackets)
        here = self._cursor.stop if column == self._cursor.column and self._ghost is None else None
        return cell(day, window, where, cursor=here, brackets=brackets)

    def render_line(self, y: int) -> Strip:
        """A line of the screen, from cells that are painted."""
        style = self._palette.style
        segments = [Segment(text, style(ink)) for text, ink in self._painted.on_line(y)]
        return Strip(segments).adjust_cell_length(self.size.width, style(_GROUND))

    def on_mount(self) -> None:
        """Learn the theme, and to write little."""
        write_sparingly(self.screen)
        self.app.theme_changed_signal.subscribe(self, lambda _: self._take_colours())
        self._take_colours()

    def _take_colours(self) -> None:
        self._palette = Palette(self.app.theme_variables)
        self.refresh()

    def on_resize(self) -> None:
        """Fit as many columns as there is room for."""
        was_unseen = not self._window.lines
        self._window = replace(self._window, width=self.size.width, height=self.size.height)
        self._painted.clear()
        if self._day is not None:
            # More lines may show the day's end: no room is left empty under it.
            self._window = replace(self._window, top=min(self._window.top, self._window.last_top))
        self.hold_in_sight(centre=was_unseen)
        self.paint()
        self.refresh()
