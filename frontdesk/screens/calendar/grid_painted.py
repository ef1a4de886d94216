"""What of the grid is on the screen already: every cell as it was painted last, to paint only what differs."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from textual.geometry import Region

from frontdesk.screens.calendar.grid_view import TIMES, Cell, Window
from frontdesk.screens.calendar.laying_runs import Ink, Line, Run


class Painted:
    """Cells by line and column, where they stood when they were painted."""

    def __init__(self) -> None:
        self._cells: dict[Cell, Line] = {}
        self._window = Window(0, 0, 0, 0)

    def clear(self) -> None:
        """Nothing is on the screen."""
        self._cells.clear()

    def follow(self, window: Window) -> bool:
        """Stand in another window; whether what is painted can still be compared with what belongs there now.

        Another page of as many columns lies where the one before lay. Columns of another width lie nowhere.
        """
        was, self._window = self._window, window
        if (was.shown, was.column_width) == (window.shown, window.column_width):
            return True
        if len(was.shown) != len(window.shown) or was.column_width != window.column_width:
            self._cells.clear()
            return False
        ahead = window.first_column - was.first_column
        self._cells = {
            (y, column if column == TIMES else column + ahead): line
            for (y, column), line in self._cells.items()
            if column == TIMES or column in was.shown
        }
        return True

    def take(self, where: Cell, line: Line) -> Region | None:
        """Keep a cell. Answers what of it differs from what is on the screen, from the first sign to the last."""
        before = self._cells.get(where, ())
        if line == before:
            return None
        self._cells[where] = line
        y, column = where
        left, width = self._window.left_of(column), self._window.width_of(column)
        old, new = _signs(before), _signs(line)
        start = _alike(old, new)
        stop = width - _alike(old[::-1], new[::-1])
        return Region(left + start, y, max(1, stop - start), 1)

    def on_line(self, y: int) -> Iterator[Run]:
        """A line's runs from left to right."""
        for column in (TIMES, *self._window.shown):
            yield from self._cells.get((y, column), ())


def _signs(line: Line) -> list[tuple[str, Ink]]:
    return [(sign, run.ink) for run in line for sign in run.text]


def _alike(old: list[tuple[str, Ink]], new: list[tuple[str, Ink]]) -> int:
    """How many cells are the same from the beginning on."""
    cells = base = 0
    for before, after in zip(old, new, strict=False):
        if before != after:
            # An accent of its own belongs to the sign before it, which is painted again with it.
            return cells if cell_len(before[0]) and cell_len(after[0]) else cells - base
        base = cell_len(after[0]) or base
        cells += cell_len(after[0])
    return cells
