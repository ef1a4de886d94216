"""The side panel from 120 columns: the visit under the cursor, or what the free time there is good for."""

from __future__ import annotations

import datetime as dt
from itertools import zip_longest

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from frontdesk.clock import local
from frontdesk.money import plain
from frontdesk.rules.lateness import minutes_late
from frontdesk.rules.states import Status
from frontdesk.screens.calendar.grid import Spot
from frontdesk.services.sheets.day import DayEntry, DaySheet
from frontdesk.text import fit, harmless

_NEXT = {
    Status.PENDING: "c confirm  a arrive  m move",
    Status.CONFIRMED: "a arrive  m move  x cancel",
    Status.ARRIVED: "s start  p pay",
    Status.IN_SERVICE: "d done  p pay",
    Status.PROCESSING: "s next part  d done",
    Status.COMPLETED: "p pay  r rebook",
}
_COLOURS = {
    Status.PENDING: "fd-pending", Status.CONFIRMED: "fd-confirmed", Status.ARRIVED: "fd-arrived",
    Status.IN_SERVICE: "fd-service", Status.PROCESSING: "fd-processing", Status.COMPLETED: "fd-done",
}  # fmt: skip
WIDTH = 34


class VisitPanel(Widget):
    """What is under the cursor, in words. Only lines that differ are painted again: it follows every cursor key."""

    def __init__(self) -> None:
        super().__init__(id="panel")
        self._lines: list[Content] = []

    @property
    def words(self) -> str:
        """What it says."""
        return "\n".join(line.plain for line in self._lines)

    def show(self, spot: Spot | None, sheet: DaySheet, currency: str, *, private: bool) -> None:
        """Describe this spot."""
        before, self._lines = self._lines, _described(spot, sheet, currency, private=private).split("\n")
        nothing = Content("")
        for place, (was, now) in enumerate(zip_longest(before, self._lines, fillvalue=nothing)):
            if was != now or was.spans != now.spans:
                self.refresh(Region(0, place + 1, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """A line of it, with a cell free at both sides."""
        width = self.size.width
        if not 1 <= y <= len(self._lines):
            return Strip.blank(width, self.rich_style)
        line = self._lines[y - 1].truncate(max(0, width - 2), ellipsis=True)
        said = Strip([Segment(" ", self.rich_style), *line.render_segments(self.visual_style)])
        return said.adjust_cell_length(width, self.rich_style)


def _described(spot: Spot | None, sheet: DaySheet, currency: str, *, private: bool) -> Content:
    if spot is None:
        return Content.styled("Nobody works and nothing is booked on this day.", "$fd-muted")
    if spot.entry is None:
        return _free(spot, sheet)
    if spot.entry.session_id is not None:
        return _class(spot.entry, sheet)
    return _visit(spot.entry, sheet, currency, private=private)


def _class(entry: DayEntry, sheet: DaySheet) -> Content:
    return Content("\n").join([
        Content.styled(harmless(entry.customer), "bold"),
        Content(f"{_clock(entry.starts_at, sheet)}–{_clock(entry.ends_at, sheet)}"),
        Content(f"{entry.taken} of {entry.seats} seats taken"),
        Content(""),
        Content.styled("enter who sits in it", "$accent"),
    ])  # fmt: skip


def _visit(entry: DayEntry, sheet: DaySheet, currency: str, *, private: bool) -> Content:
    # What has left the book, and what stands on another day of a week, is told by itself.
    lines = [each for each in sheet.entries if each.appointment_id == entry.appointment_id] or [entry]
    names = {column.stylist_id: column.name for column in sheet.columns}
    tail = f"  {entry.phone_tail}" if entry.phone_tail and not private else ""
    said = [
        Content.assemble((harmless(entry.customer), "bold"), (tail, "$fd-muted")),
        Content.assemble(
            (f"{entry.status.letter} {entry.status.words}", f"${_COLOURS.get(entry.status, 'fd-muted')}"),
            ("  paid" if entry.paid else "", "$fd-muted"),
            ("  new" if entry.new_customer else "", "$accent"),
            ("  overbooked" if entry.overbooked else "", "$fd-amber"),
            ("  party" if entry.group_id is not None else "", "$fd-muted"),
            ("  comes again" if entry.in_series else "", "$fd-muted"),
        ),
        Content(""),
    ]
    for line in lines:
        span = f"{_clock(line.starts_at, sheet)}–{_clock(line.ends_at, sheet)}"
        who = names.get(line.stylist_id) or "nobody yet"
        price = plain(line.price, currency)
        said.append(Content(f"{span}  {fit(_service(line), WIDTH - 2 - 13 - len(price) - 1)} {price}"))
        where = "".join(f", {harmless(thing)}" for thing in line.things)
        said.append(Content.styled(f"             with {harmless(who)}{where}", "$fd-muted"))
    said += [Content(""), *_story(entry, sheet)]
    if entry.notes and not private:
        said.append(Content.styled("There is a note: enter reads it.", "$fd-amber"))
    said += [Content(""), Content.styled(_NEXT.get(entry.status, ""), "$accent")]
    said.append(Content.styled("enter all of it  e edit  H history", "$fd-muted"))
    return Content("\n").join(said)


def _service(line: DayEntry) -> str:
    return f"+ {harmless(line.service)}" if line.addon_of is not None else harmless(line.service)


def _story(entry: DayEntry, sheet: DaySheet) -> list[Content]:
    told = [("arrived", entry.arrived_at), ("started", entry.started_at), ("finished", entry.finished_at)]
    said = [Content.styled(f"{word} {_clock(at, sheet)}", "$fd-muted") for word, at in told if at]
    # Between two services of a visit nobody waits: the first is under way.
    is_served = any(each.started_at for each in sheet.entries if each.appointment_id == entry.appointment_id)
    if entry.status is Status.ARRIVED and entry.arrived_at and not is_served:
        waited = int((sheet.now - entry.arrived_at).total_seconds() // 60)
        said.append(Content.styled(f"waits for {waited}m", "$fd-arrived"))
    late = minutes_late(entry.starts_at, entry.status, sheet.now, sheet.late_minutes)
    if late is not None and sheet.now < entry.ends_at:
        said.append(Content.styled(f"late {late}: n marks a no-show", "$fd-amber"))
    return said


def _free(spot: Spot, sheet: DaySheet) -> Content:
    at = _clock(spot.at, sheet)
    said = [Content.styled(f"{harmless(spot.column.name)}  {at}", "bold"), Content("")]
    free = next((ends for starts, ends in spot.column.free if starts <= spot.at < ends), None)
    block = next((b for b in spot.column.blocks if b.starts_at <= spot.at < b.ends_at), None)
    if free is not None:
        minutes = int((free - spot.at).total_seconds() // 60)
        said.append(Content(f"Free until {_clock(free, sheet)}, {minutes}m"))
        said += [Content(""), Content.styled("b book here  k keep it free", "$accent")]
    elif block is not None:
        said.append(Content(f"{harmless(block.reason)} until {_clock(block.ends_at, sheet)}"))
    elif any(starts <= spot.at < ends for starts, ends in spot.column.shift):
        said.append(Content("Taken, or too short for anything."))
    else:
        said.append(Content("Not working then."))
    said.append(Content.styled("? why", "$fd-muted"))
    return Content("\n").join(said)


def _clock(at: dt.datetime, sheet: DaySheet) -> str:
    return f"{local(at, sheet.timezone):%H:%M}"
