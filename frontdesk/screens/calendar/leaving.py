"""Who does not come: a visit, a line of it or a series cancelled, or missed (features BK19, BK26, CI7)."""

from __future__ import annotations

from frontdesk.screens import commands
from frontdesk.screens.calendar import of_series
from frontdesk.screens.calendar.acts import VisitActs
from frontdesk.screens.visits import leaving
from frontdesk.screens.visits.leaving import OnLine
from frontdesk.services.book.visits import Stepped
from frontdesk.services.series.series import Scope
from frontdesk.services.sheets.day import DayEntry


class Leaving(VisitActs):
    """The keys with which a visit leaves the book."""

    async def do_no_show(self) -> None:
        """They did not come."""
        entry = self.entry
        if entry is None or self.twice(commands.NO_SHOW, entry.appointment_id):
            return
        left = await leaving.no_show(self, self._on(entry))
        if left is not None:
            await self._has_left(entry, left)

    async def do_cancel(self) -> None:
        """The line, the visit or the series will not be: with a reason, and what it costs."""
        entry = self.entry
        if entry is None:
            return
        scope = await of_series.ask_scope(self, entry, "Cancel")
        if scope is None:
            return
        if scope is not Scope.THIS:
            changed = await of_series.cancel(self, entry, scope)
            if changed is not None:
                self._done(of_series.said("Cancelled", entry, changed))
            return
        left = await leaving.cancel(self, self._on(entry))
        if left is not None:
            await self._has_left(entry, left)

    def _on(self, entry: DayEntry) -> OnLine:
        return OnLine(
            entry.appointment_id,
            entry.line_id,
            entry.customer,
            entry.service,
            entry.starts_at,
            max(1, len(self._lines_of(entry))),
        )

    async def _has_left(self, entry: DayEntry, left: Stepped) -> None:
        protected = " Who was overbooked has the time now." if left.protected else ""
        said = f"{left.customer}: {left.said or left.status.words}.{protected}"
        self._done(said)
        if not left.protected:
            await self.tell_who_fits(entry, said)
