"""What of a day is seen: which columns and rows fit, and every cell of them as a line of runs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from frontdesk.screens.calendar.laying import Axis, LaidColumn, Stop, axis_of
from frontdesk.screens.calendar.laying_cells import BASE, GUTTER, cell_line, gutter, name_line, strip_line
from frontdesk.screens.calendar.laying_entries import Looks, following
from frontdesk.screens.calendar.laying_runs import Ink, Line, Run, fitted
from frontdesk.screens.calendar.strip import step_of
from frontdesk.services.sheets.day import DaySheet

HEAD = 2
"""Lines above the rows: names and strips."""
LEAST_COLUMN, WIDEST_COLUMN = 24, 44
"""Cells of a column. Fewer cut names; more only part a name from its service."""

TIMES = -1
"""The number of the column with the times."""

Cell = tuple[int, int]
"""A line of the grid and a column of the sheet, or TIMES."""


class LaidDay:
    """A sheet laid out at one zoom: made once per sheet, drawn from many times."""

    def __init__(self, sheet: DaySheet, minutes: int) -> None:
        self.sheet = sheet
        self.axis: Axis = axis_of(sheet, minutes)
        self.columns = tuple(LaidColumn(column, self.axis) for column in sheet.drawn)
        self.looks = Looks(sheet, self.axis, following(sheet))

    def look(self, *, marked: frozenset[int], lifted: int | None, private: bool, by_category: bool = False) -> None:
        """Decide what else is drawn."""
        self.looks = replace(self.looks, marked=marked, lifted=lifted, private=private, by_category=by_category)

    def column_of(self, resource_id: int | None) -> int | None:
        """Where a stylist's column is now."""
        found = (at for at, laid in enumerate(self.columns) if laid.column.resource_id == resource_id)
        return next(found, None)


@dataclass(frozen=True)
class Window:
    """The part of a day that has room: a page of columns and the rows from `top`."""

    width: int
    height: int
    columns: int
    rows: int
    first_column: int = 0
    top: int = 0
    least: int = LEAST_COLUMN
    """Cells that a column needs."""

    @property
    def fitting(self) -> int:
        """How many columns stand side by side."""
        return max(1, min(self.columns, (self.width - GUTTER) // self.least))

    @property
    def column_width(self) -> int:
        """Cells of a column, with the one that parts it from its neighbour."""
        return max(4, min((self.width - GUTTER) // self.fitting, WIDEST_COLUMN))

    @property
    def lines(self) -> int:
        """How many rows are seen."""
        return max(0, self.height - HEAD)

    @property
    def pages(self) -> int:
        """How many pages hold all columns."""
        return max(1, -(-self.columns // self.fitting))

    @property
    def page(self) -> int:
        """Which of them this is, from one."""
        return -(-self.first_column // self.fitting) + 1

    @property
    def shown(self) -> range:
        """The columns of this page."""
        return range(self.first_column, min(self.first_column + self.fitting, self.columns))

    @property
    def last_top(self) -> int:
        """The first row of the day's last screenful."""
        return max(0, self.rows - self.lines)

    def sees_row(self, row: int) -> bool:
        """Whether a row is on the screen."""
        return self.top <= row < self.top + self.lines

    def left_of(self, column: int) -> int:
        """A column's first cell."""
        return 0 if column == TIMES else GUTTER + (column - self.first_column) * self.column_width

    def width_of(self, column: int) -> int:
        """A column's cells."""
        return GUTTER if column == TIMES else self.column_width

    def column_at(self, x: int) -> int | None:
        """The column under a cell."""
        column = self.first_column + (x - GUTTER) // self.column_width
        return column if x >= GUTTER and column in self.shown else None

    def row_at(self, y: int) -> int | None:
        """The row on a line."""
        row = self.top + y - HEAD
        return row if y >= HEAD and row < min(self.rows, self.top + self.lines) else None

    def under(self, x: int, y: int) -> tuple[int, int] | None:
        """The column and the row under a cell of the screen."""
        column, row = self.column_at(x), self.row_at(y)
        return None if column is None or row is None else (column, row)

    def holding_column(self, column: int) -> Window:
        """The page on which a column is. The last page is full: it begins earlier rather than end empty."""
        if column in self.shown and self.first_column + self.fitting <= max(self.columns, self.fitting):
            return self
        first = column // self.fitting * self.fitting
        return replace(self, first_column=max(0, min(first, self.columns - self.fitting)))

    def holding_row(self, row: int, hour: int) -> Window:
        """Rows with one that would not be seen: a whole page further, from a full hour on.

        By page and not by line: a line's scroll sends the whole grid again for every key.
        """
        if self.sees_row(row) or self.lines == 0:
            return self
        margin = min(self.lines // 4, hour)
        if row < self.top:
            moved = self.at_top(row + margin - self.lines + hour, hour)
        else:
            moved = self.at_top(row - margin, hour)
        return moved if moved.sees_row(row) else replace(self, top=row)

    def at_top(self, row: int, hour: int) -> Window:
        """Rows from this one on, or rather from its full hour, as far as the day has them."""
        return replace(self, top=max(0, min(row // hour * hour, self.last_top)))


def cell(day: LaidDay, window: Window, where: Cell, *, cursor: Stop | None = None, brackets: bool = False) -> Line:
    """The runs of one cell of the grid."""
    y, column = where
    row = window.top + y - HEAD
    if column == TIMES:
        return _times(day, window, y, row)
    laid, width = day.columns[column], window.column_width
    if y == 0:
        page = f"{window.page}/{window.pages}" if window.pages > 1 and column == window.shown[-1] else ""
        return name_line(laid.column, day.axis, width, page)
    if y == 1:
        return strip_line(laid.column, day.axis, width)
    if row >= day.axis.rows:
        return fitted((), width, BASE)
    return cell_line(day.looks, laid, row, width, window.top, cursor, brackets=brackets)


def _times(day: LaidDay, window: Window, y: int, row: int) -> Line:
    if y == 0 or (y > 1 and row >= day.axis.rows):
        return fitted((), GUTTER, BASE)
    if y == 1:
        # From when the strips run, and how long each of their signs is when it is not half an hour.
        step = step_of(day.axis, window.column_width)
        words = f"{day.axis.walls[0]:%-H}" + ("" if step == 30 else f"+{step // 60}h")
        return fitted((Run(words.rjust(6), Ink("muted", "base")),), GUTTER, BASE)
    return gutter(day.axis, row, day.sheet.now, is_first=row == window.top)
