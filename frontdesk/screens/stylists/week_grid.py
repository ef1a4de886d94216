"""The week's grid: stylists down, days across, two lines each; one widget that owns its cursor."""

from __future__ import annotations

import datetime as dt
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

from frontdesk.screens.stylists.wording import hours_line, load_line
from frontdesk.services.team.week import WeekDay, WeekRow, WeekSheet
from frontdesk.text import fit, harmless

NAMES = 16
"""Cells of the names at the left, and what the days leave over."""
LEAST = 7
"""Cells of a day where the window is narrow."""
LINES = 2
"""Lines of a stylist; one more lies between them where there is room."""
_EMPTY = " Nobody works here yet. + adds a stylist."


@dataclass(frozen=True)
class Spot:
    """What is under the cursor."""

    row: WeekRow
    day: WeekDay


class WeekGrid(ScrollView, can_focus=True):
    """Seven days of everybody. Arrows move; where a line begins with ▸ the keys act."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1, 0)", show=False),
        Binding("down", "step(1, 0)", show=False),
        Binding("left", "step(0, -1)", show=False),
        Binding("right", "step(0, 1)", show=False),
        Binding("pageup", "step(-5, 0)", show=False),
        Binding("pagedown", "step(5, 0)", show=False),
        Binding("home", "step(0, -7)", show=False),
        Binding("end", "step(0, 7)", show=False),
        Binding("enter", "open", show=False),
    ]

    @dataclass
    class Moved(Message):
        """The cursor rests elsewhere."""

        spot: Spot | None

    @dataclass
    class Opened(Message):
        """Enter, or a double click."""

        spot: Spot

    def __init__(self) -> None:
        super().__init__(id="week")
        self._sheet: WeekSheet | None = None
        self._today = dt.date.min
        self._at = 0
        self._day = 0

    @property
    def spot(self) -> Spot | None:
        """What is under the cursor."""
        if self._sheet is None or not self._sheet.stylists:
            return None
        row = self._sheet.stylists[self._at]
        return Spot(row, row.days[self._day])

    def show(self, sheet: WeekSheet, today: dt.date) -> None:
        """Put this week there. The cursor stays on its stylist and weekday."""
        kept, before = self.spot.row.stylist_id if self.spot else None, self._sheet
        is_same_week = before is not None and before.days == sheet.days and today == self._today
        self._sheet, self._today = sheet, today
        places = [row.stylist_id for row in sheet.stylists]
        self._at = places.index(kept) if kept in places else min(self._at, max(0, len(places) - 1))
        if before is not None and is_same_week and len(before.stylists) == len(sheet.stylists):
            for index, (was, now) in enumerate(zip(before.stylists, sheet.stylists, strict=True)):
                if was != now:
                    self._refresh_row(index)
        else:
            self._size_anew()
            self.refresh()
        self.post_message(self.Moved(self.spot))

    def go_to(self, day: dt.date | None = None, stylist_id: int | None = None) -> None:
        """Put the cursor on this day, this stylist."""
        if self._sheet is None:
            return
        if day in self._sheet.days:
            self._day = self._sheet.days.index(day)
        places = [row.stylist_id for row in self._sheet.stylists]
        if stylist_id in places:
            self._at = places.index(stylist_id)
        self._keep_in_sight()
        self.refresh()
        self.post_message(self.Moved(self.spot))

    def action_step(self, down: int, right: int) -> None:
        """Another stylist, another day."""
        if self._sheet is None or not self._sheet.stylists:
            return
        to = max(0, min(self._at + down, len(self._sheet.stylists) - 1)), max(0, min(self._day + right, 6))
        if to == (self._at, self._day):
            return
        before, (self._at, self._day) = self._at, to
        for index in {before, self._at}:
            self._refresh_row(index)
        self._keep_in_sight()
        self.post_message(self.Moved(self.spot))

    def action_open(self) -> None:
        """Take what is under the cursor."""
        if self.spot is not None:
            self.post_message(self.Opened(self.spot))

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there, a second one opens it."""
        if self._sheet is None or event.y < 1:
            return
        index, day = (event.y - 1 + self.scroll_offset.y) // self._height, (event.x - 1 - self._names) // self._cell
        if index < len(self._sheet.stylists) and 0 <= day < 7:
            self.action_step(index - self._at, day - self._day)
            if event.chain == 2:
                self.action_open()

    def on_resize(self) -> None:
        """Other widths."""
        self._size_anew()
        self._keep_in_sight()

    def on_focus(self) -> None:
        """The cursor shows where the keys go."""
        self._refresh_row(self._at)

    def on_blur(self) -> None:
        """The cursor pales."""
        self._refresh_row(self._at)

    @property
    def _cell(self) -> int:
        return max(LEAST, (self.size.width - 1 - NAMES) // 7)

    @property
    def _names(self) -> int:
        return max(0, self.size.width - 1 - 7 * self._cell)

    @property
    def _height(self) -> int:
        count = len(self._sheet.stylists) if self._sheet else 0
        return LINES + (1 if count * (LINES + 1) < self.size.height else 0)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """The days, or a line of somebody."""
        base, sheet = self.rich_style, self._sheet
        if sheet is None:
            return Strip.blank(self.size.width, base)
        if y == 0:
            return self._heads(sheet, base)
        if not sheet.stylists:
            return Strip([Segment(fit(_EMPTY if y == 2 else "", self.size.width), base + self._style("fd-muted"))])
        index, line = divmod(y - 1 + self.scroll_offset.y, self._height)
        if index >= len(sheet.stylists) or line >= LINES:
            return Strip.blank(self.size.width, base)
        return self._line(sheet.stylists[index], index, line, base)

    def _heads(self, sheet: WeekSheet, base: Style) -> Strip:
        said = [Segment(" " * (1 + self._names), base)]
        for day in sheet.days:
            is_today = day == self._today
            style = base + (self._style("fd-now") + Style(bold=True) if is_today else self._style("fd-muted"))
            said.append(Segment(fit(f"{'▸' if is_today else ' '}{day:%a} {day.day}", self._cell), style))
        return Strip(said).adjust_cell_length(self.size.width, base)

    def _line(self, row: WeekRow, index: int, line: int, base: Style) -> Strip:
        here = index == self._at
        name = harmless(row.name) if line == 0 else ""
        said = [Segment(fit(f" {name}", self._names), base + Style(bold=here)), Segment(" ", base)]
        for number, day in enumerate(row.days):
            words = hours_line(day, self._cell - 2) if line == 0 else harmless(load_line(day, self._cell - 2))
            cursor = here and number == self._day
            # The mark at the left is for eyes and terminals without colour.
            mark = "▸" if cursor and line == 0 else " "
            style = self._cursor_style(base) if cursor else base + self._tone(day, line)
            said += [Segment(fit(f"{mark}{words}", self._cell - 1), style), Segment(" ", base)]
        return Strip(said).adjust_cell_length(self.size.width, base)

    def _tone(self, day: WeekDay, line: int) -> Style:
        if day.day < self._today or not day.shifts:
            return self._style("fd-muted")
        if day.closure is not None or day.off is not None:
            return self._style("fd-amber")
        return self._style("fd-confirmed") if line else Style()

    def _style(self, variable: str) -> Style:
        colour = self.app.theme_variables.get(variable)
        return Style(color=colour) if colour else Style()

    def _cursor_style(self, base: Style) -> Style:
        colours = self.app.theme_variables
        if self.has_focus:
            return Style(color=colours.get("fd-cursor-fg"), bgcolor=colours.get("fd-cursor-bg"))
        return base + Style(bgcolor=colours.get("fd-surface"))

    def _refresh_row(self, index: int) -> None:
        top = 1 + index * self._height - self.scroll_offset.y
        self.refresh(Region(0, top, self.size.width, LINES))

    def _keep_in_sight(self) -> None:
        top, room, height = self.scroll_offset.y, self.size.height - 1, self._height
        first = self._at * height
        if room <= 0:
            return
        if first < top:
            self.scroll_to(y=first, animate=False)
        elif first + LINES > top + room:
            self.scroll_to(y=first + LINES - room, animate=False)

    def _size_anew(self) -> None:
        count = len(self._sheet.stylists) if self._sheet else 0
        self.virtual_size = Size(self.size.width, count * self._height + 1)
