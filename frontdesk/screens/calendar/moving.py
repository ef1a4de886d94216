"""A visit somewhere else: lifted and placed, in words, by mouse (features BK16)."""

from __future__ import annotations

import datetime as dt

from frontdesk.screens.calendar import booking as forms
from frontdesk.screens.calendar.acts import Shown, VisitActs
from frontdesk.services.booking import MoveAppointment, move
from frontdesk.services.day import DayColumn, DayEntry


class Moving(VisitActs):
    """The keys that move what is under the cursor."""

    def do_move(self) -> object:
        """Lift the visit; pressed again, ask for a time in words."""
        if self.lifted is not None:
            return self._move_to_words(self.lifted)
        entry = self.entry
        if entry is not None and self.shown is Shown.LIST:
            return self._move_to_words(entry)
        if entry is not None and self._week is not None:
            self.say("Enter opens the day, and there it can be moved.", "amber")
            return None
        if entry is not None:
            self.lifted = entry
            self.grid.lift(entry)
            self.say(f"Moving {entry.customer}: arrows, enter puts it down, m types a time, esc leaves it.")
        return None

    async def put_down(self) -> None:
        """The visit goes where its ghost is."""
        entry = self.lifted
        spot = self.grid.put_down() if entry is not None else None
        if entry is not None and spot is not None:
            self.lifted = None
            await self.move_to(entry, spot.column, spot.at)

    def leave_move(self) -> None:
        """It stays where it was."""
        if self.lifted is not None:
            self.lifted = None
            self.grid.cancel_lift()
            self.say("It stays where it was.")

    async def _move_to_words(self, entry: DayEntry) -> None:
        form = forms.when_form(self, f"Move {entry.customer}", instead_of=entry.starts_at)
        at = await self.fill(form)
        if at is not None:
            column = self._column_of(entry)
            self.leave_move()
            await self.move_to(entry, column, at)

    async def move_to(self, entry: DayEntry, column: DayColumn | None, at: dt.datetime) -> None:
        """Move the visit of a line so that the line begins then, with that column's stylist."""
        lines = self._lines_of(entry)
        stylist_id = None
        if column is not None and column.stylist_id != entry.stylist_id:
            if len(lines) > 1:
                self.say(
                    f"{entry.customer} has {len(lines)} services: move them in time, and change whose below.", "amber"
                )
                return
            stylist_id = column.stylist_id
        begins = min(line.starts_at for line in lines)
        starts_at = begins + (at - entry.starts_at)
        if starts_at == begins and stylist_id is None:
            self.say("It stays where it was.")
            return
        wish = MoveAppointment(
            appointment_id=entry.appointment_id, starts_at=starts_at, stylist_id=stylist_id, version=entry.version
        )
        await self.place(move, wish)
