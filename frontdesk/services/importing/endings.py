"""No-shows and cancellations of an import: marked on the booking they are about, or kept as history without a time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from frontdesk.rules.export_rows import CancellationRow, NoShowRow
from frontdesk.rules.states import EXITS, Status
from frontdesk.services.importing.answers import Fate
from frontdesk.services.importing.catalogue import Menu
from frontdesk.services.importing.draft import Draft, DraftLine


class Book:
    """The lines of an import by client and day, to match other rows with."""

    def __init__(self, lines: list[DraftLine]) -> None:
        self._lines: dict[tuple[str, dt.date], list[DraftLine]] = defaultdict(list)
        for line in lines:
            self._lines[line.customer, line.day].append(line)

    def lines(self, customer: str, day: dt.date) -> list[DraftLine]:
        """What a client had that day."""
        return self._lines[customer, day]

    def like(self, row: NoShowRow | CancellationRow) -> list[DraftLine]:
        """The lines a row may be about, the same staff first. Without a client only the same staff counts."""
        same = [line for line in self.lines(row.customer, row.day) if line.service == row.service]
        exact = [line for line in same if line.staff == row.staff]
        return exact + [line for line in same if line.staff != row.staff and row.customer]


def plan_no_shows(draft: Draft, menu: Menu) -> None:
    """Mark what was missed. Comes before times are given out: a no-show takes none."""
    book = Book(draft.lines)
    marked: set[DraftLine] = set()
    for row in draft.export.no_shows:
        if not draft.is_new(row) or _unknown(draft, row, menu):
            continue
        found = [line for line in book.like(row) if line not in marked and line.status not in EXITS]
        if not found:
            draft.history.append((row, None))
            draft.tell(row, Fate.HISTORY, "it matches no booking and has no time of day")
            continue
        line = found[0]
        marked.add(line)
        line.status = Status.NO_SHOW
        draft.no_shows.append((row, line))
        draft.tell(row, Fate.MARKED, f"the booking of {draft.wall(line.starts_at):%H:%M}")


def plan_cancellations(draft: Draft, menu: Menu) -> None:
    """Keep what was cancelled. A booking that stands all the same was made again and stays."""
    book = Book(draft.lines)
    met: set[DraftLine] = set()
    for row in draft.export.cancellations:
        if not draft.is_new(row) or _unknown(draft, row, menu):
            continue
        line = next((line for line in book.like(row) if line not in met), None)
        if line is None:
            draft.tell(row, Fate.HISTORY, "it matches no booking; kept without a time")
        else:
            met.add(line)
            draft.tell(row, Fate.HISTORY, f"booked again: the visit of {draft.wall(line.starts_at):%H:%M} stays")
        draft.history.append((row, line))
    if met:
        draft.notes.append(f"{len(met)} cancellations match a booking that stands all the same: the visits stay.")


def _unknown(draft: Draft, row: NoShowRow | CancellationRow, menu: Menu) -> bool:
    if row.service in menu.services:
        return False
    draft.refuse(row, "service", f"there is no service {row.service}, neither in the export nor in the catalogue.")
    return True
