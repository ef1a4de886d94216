"""The day as a list: every visit in order of time, also what was cancelled or missed, struck through (features BK2)."""

from __future__ import annotations

from rich.style import Style

from frontdesk.clock import local
from frontdesk.money import plain
from frontdesk.rules.states import EXITS, Status
from frontdesk.services.sheets.day import DayColumn, DayEntry, DaySheet
from frontdesk.widgets.plain_table import Column, PlainTable, Row

STRUCK = "struck"
"""The tone of what is no longer in any column."""

_COLUMNS = (
    Column("Time", 11), Column("", 5), Column("Customer"), Column("Service"), Column("With", 9),
    Column("Price", 8, right=True), Column("Visit", 5, least=18),
)  # fmt: skip


class DayList(PlainTable):
    """One line for each line of a visit."""

    def __init__(self) -> None:
        super().__init__(_COLUMNS, empty="Nothing is booked on this day. b books a visit.", id="list")
        self._entries: dict[int, DayEntry] = {}
        self._columns_by_stylist: dict[int | None, DayColumn] = {}

    def show_day(self, sheet: DaySheet, *, private: bool) -> None:
        """List this day; the cursor stays on its line."""
        self._columns_by_stylist = {column.stylist_id: column for column in sheet.columns}
        classes = (e for column in sheet.columns for e in column.entries if e.session_id is not None and not e.hands)
        left = (entry for entry in sheet.left if entry.status is not Status.VOID)
        lines = sorted((*sheet.entries, *sheet.seated, *classes, *left), key=lambda e: (e.starts_at, e.line_id))
        self._entries = {entry.line_id: entry for entry in lines}
        self.show([self._row(entry, sheet, private=private) for entry in lines])

    def _row(self, entry: DayEntry, sheet: DaySheet, *, private: bool) -> Row:
        zone = sheet.timezone
        span = f"{local(entry.starts_at, zone):%H:%M}–{local(entry.ends_at, zone):%H:%M}"
        is_class = entry.session_id is not None
        marks = entry.status.letter if private and not is_class else entry.marks
        column = self._columns_by_stylist.get(entry.stylist_id)
        who = column.name if column and entry.stylist_id is not None else "nobody"
        price = "" if is_class else plain(entry.price, sheet.currency)
        added = "+ " if entry.addon_of is not None else ""
        gone = entry.status in EXITS
        tone = STRUCK if gone else "fd-muted" if entry.status is Status.COMPLETED else ""
        return Row(entry.line_id, (span, marks, entry.customer, added + entry.service, who, price, entry.code), tone)

    @property
    def entry(self) -> DayEntry | None:
        """What is under the cursor."""
        return self._entries.get(self.row.key) if self.row and isinstance(self.row.key, int) else None

    @property
    def column(self) -> DayColumn | None:
        """In whose column it stands."""
        return self._columns_by_stylist.get(self.entry.stylist_id) if self.entry else None

    def _style(self, variable: str) -> Style:
        if variable == STRUCK:
            return super()._style("fd-muted") + Style(strike=True)
        return super()._style(variable)
