"""Who does not come: a visit or a line of it cancelled, or missed (features BK26)."""

from __future__ import annotations

from frontdesk.screens import commands
from frontdesk.screens.calendar import booking as forms
from frontdesk.screens.calendar.acts import VisitActs
from frontdesk.services import visits
from frontdesk.services.cancel_reasons import ListCancelReasons, list_cancel_reasons
from frontdesk.services.visits import LeaveVisit, Stepped
from frontdesk.widgets.field import Offer
from frontdesk.widgets.modal import Answer, Question


class Leaving(VisitActs):
    """The keys with which a visit leaves the book."""

    async def do_no_show(self) -> None:
        """They did not come."""
        entry = self.entry
        if entry is None or self.twice(commands.NO_SHOW, entry.appointment_id):
            return
        left = await self.write(visits.no_show, LeaveVisit(appointment_id=entry.appointment_id))
        if left is not None:
            self._done(f"{left.customer} did not come.{_protected(left)}")

    async def do_cancel(self) -> None:
        """The line or the visit will not be: with a reason."""
        entry = self.entry
        if entry is None:
            return
        lines: tuple[int, ...] = ()
        if len(self._lines_of(entry)) > 1:
            ways = [
                Answer("v", "the whole visit", False),
                Answer("l", f"only {entry.service} at {self.wall(entry.starts_at)}", True),
            ]
            only = await self.app.wait_for(Question(f"Cancel what of {entry.customer}?", ways))
            if only is None:
                return
            lines = (entry.line_id,) if only else ()
        listed = await self.ask(list_cancel_reasons, ListCancelReasons())
        offers = [Offer(reason.name, reason.name) for reason in listed.reasons]
        reason = await self.fill(forms.reason_form(f"Cancel {entry.customer}, {entry.service}", "Why", offers))
        if reason is None:
            return
        wish = LeaveVisit(appointment_id=entry.appointment_id, line_ids=lines, reason=reason)
        left = await self.write(visits.cancel, wish)
        if left is not None:
            self._done(f"Cancelled {left.customer}.{_protected(left)}")


def _protected(left: Stepped) -> str:
    return " Who was overbooked has the time now." if left.protected else ""
