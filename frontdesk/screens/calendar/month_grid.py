"""A month on one screen: how full each day is, as a bar and in percent (features BK2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from frontdesk.rules.hours import DAY
from frontdesk.services.sheets.month import MonthDay, MonthSheet
from frontdesk.text import fit, harmless

HEAD = 1
LINES = 3
"""Of a week."""
_WEEK = 7
_FULL, _HALF, _FREE = "▇", "▃", "·"


class MonthGrid(Widget, can_focus=True):
    """The days of a month, Monday first, one of them under the cursor. Moving past its ends wants another month."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", show=False),
        Binding("right", "step(1)", show=False),
        Binding("up", "step(-7)", show=False),
        Binding("down", "step(7)", show=False),
        Binding("pageup", "month(-1)", show=False),
        Binding("pagedown", "month(1)", show=False),
        Binding("enter", "open", show=False),
    ]

    @dataclass
    class Wanted(Message):
        """The cursor has left the month for this day."""

        day: dt.date

    @dataclass
    class Opened(Message):
        """Enter, or a double click on a day."""

        day: dt.date

    def __init__(self) -> None:
        super().__init__(id="month")
        self._sheet: MonthSheet | None = None
        self._today = dt.date.min
        self.day = dt.date.min
        """Under the cursor."""

    def show(self, sheet: MonthSheet, *, day: dt.date, today: dt.date) -> None:
        """Draw this month, the cursor on a day of it."""
        self._sheet, self.day, self._today = sheet, day, today
        self.refresh()

    def action_step(self, days: int) -> None:
        """So many days back or on."""
        self._go(self.day + DAY * days)

    def action_month(self, months: int) -> None:
        """The same day of the month before or after, or its last."""
        first = (self.day.replace(day=1) + DAY * 31 * months).replace(day=1)
        if months < 0:
            first = (self.day.replace(day=1) - DAY).replace(day=1)
        last = (first + DAY * 31).replace(day=1) - DAY
        self._go(min(last, first + DAY * (self.day.day - 1)))

    def action_open(self) -> None:
        """The day under the cursor is wanted."""
        self.post_message(self.Opened(self.day))

    def on_click(self, event: events.Click) -> None:
        """A click rests on a day, a second one opens it."""
        if self._sheet is None or event.y < HEAD:
            return
        number = (event.y - HEAD) // LINES * _WEEK + min(event.x // self._width, _WEEK - 1) - self._before
        if 0 <= number < len(self._sheet.days):
            self._go(self._sheet.days[number].day)
            if event.chain == 2:
                self.action_open()

    def on_focus(self) -> None:
        """The cursor shows where the keys go."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor pales."""
        self.refresh()

    @property
    def _before(self) -> int:
        """How many cells stand empty before the first."""
        return self._sheet.first_day.isoweekday() - 1 if self._sheet else 0

    @property
    def _width(self) -> int:
        return max(4, self.size.width // _WEEK)

    def _go(self, day: dt.date) -> None:
        before, self.day = self.day, day
        if self._sheet is None or (day.year, day.month) != (before.year, before.month):
            self.post_message(self.Wanted(day))
            return
        for one in (before, day):
            place = one.day - 1 + self._before
            left, top = place % _WEEK * self._width, HEAD + place // _WEEK * LINES
            self.refresh(Region(left, top, self._width, LINES))

    def render_line(self, y: int) -> Strip:
        """The weekdays, or a line of a week."""
        width, base = self.size.width, self.rich_style
        if y < HEAD:
            names = "".join(fit(f" {day}", self._width) for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
            return Strip([Segment(names, base + self._ink("fd-muted"))]).adjust_cell_length(width, base)
        week, line = divmod(y - HEAD, LINES)
        cells = [self._cell(week * _WEEK + place - self._before, line, base) for place in range(_WEEK)]
        return Strip([segment for cell in cells for segment in cell]).adjust_cell_length(width, base)

    def _cell(self, number: int, line: int, base: Style) -> list[Segment]:
        room = self._width - 1
        if self._sheet is None or not 0 <= number < len(self._sheet.days):
            return [Segment(" " * self._width, base)]
        one = self._sheet.days[number]
        has_cursor = one.day == self.day
        words, ink = self._words(one, line, room, has_cursor=has_cursor)
        style = base + self._ink(ink)
        if has_cursor and self.has_focus:
            style = Style(color=self._colour("fd-cursor-fg"), bgcolor=self._colour("fd-cursor-bg"))
        elif has_cursor:
            style = base + Style(bgcolor=self._colour("fd-surface"))
        if line == 0 and one.day == self._today:
            style += Style(bold=True)
        return [Segment(fit(words, room), style), Segment(" ", base)]

    def _words(self, one: MonthDay, line: int, room: int, *, has_cursor: bool) -> tuple[str, str]:
        if line == 0:
            mark = "▸" if has_cursor else " "
            said = f"{one.visits}" if one.visits else ""
            number = f"{mark}{one.day.day:2}{' today' * (one.day == self._today and room > 12)}"
            return number + said.rjust(room - len(number)), "fd-now" if one.day == self._today else "foreground"
        if one.load is None:
            return (f" {harmless(one.closure or 'closed')}" if line == 1 else ""), "fd-muted"
        if line == 2:
            return f"{one.load} %".rjust(room), "fd-muted"
        return " " + bar(one.load, room - 1), "fd-muted"

    def _ink(self, variable: str) -> Style:
        return Style(color=self._colour(variable))

    def _colour(self, variable: str) -> str | None:
        return self.app.theme_variables.get(variable)


def bar(load: int, width: int) -> str:
    """A day's load: `▇▇▃····`. Something booked is never nothing, and not quite full never full."""
    halves = (load * width * 2 + 50) // 100
    halves = max(halves, 1) if load else halves
    halves = min(halves, width * 2 - 1) if load < 100 else width * 2
    return (_FULL * (halves // 2) + _HALF * (halves % 2)).ljust(width, _FREE)
