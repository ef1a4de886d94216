"""A visit somewhere else: lifted and placed, in words, by mouse; two swapped, one stretched (features BK16, BK17)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

from frontdesk.screens.calendar import of_series
from frontdesk.screens.calendar.acts import Shown, VisitActs
from frontdesk.screens.everywhere import Doing
from frontdesk.screens.visits import booking as forms
from frontdesk.services.book.booking import MoveAppointment, move
from frontdesk.services.book.changing import Resize, VisitChanged, resize
from frontdesk.services.book.swapping import Rearranged, SwapVisits, swap
from frontdesk.services.series.series import Scope
from frontdesk.services.sheets.day import DayColumn, DayEntry
from frontdesk.widgets.modal import Answer, Question

_WHILE_LIFTED = (
    ("arrows", "move"), ("< >", "day"), ("shift+↑↓", "stretch"), ("m", "a time"), ("enter", "put down"),
    ("esc", "leave"),
)  # fmt: skip


class Moving(VisitActs):
    """The keys that move what is under the cursor."""

    _lifted_with: Sequence[DayEntry] = ()
    """The lines of the visit that was lifted last, which may go to a day where none of them is."""

    def do_move(self) -> Doing | None:
        """Lift the visit; pressed again, ask for a time in words."""
        if self.lifted is not None:
            return partial(self._move_to_words, self.lifted)
        entry = self.entry
        if entry is not None and self.shown is Shown.LIST:
            return partial(self._move_to_words, entry)
        if entry is not None and self._week is not None:
            self.say("Enter opens the day, and there it can be moved.", "amber")
            return None
        if entry is not None:
            self.lifted, self._lifted_with = entry, self._lines_of(entry)
            self.grid.lift(entry)
            self.say(f"Moving {entry.customer}, {entry.service}.")
        return None

    def keys_now(self) -> Sequence[tuple[str, str]]:
        """What moves what is lifted."""
        return _WHILE_LIFTED if self.lifted is not None else super().keys_now()

    async def put_down(self) -> None:
        """The visit goes where its ghost is, as long as its ghost is. Refused, it stays lifted: to be put elsewhere."""
        entry, spot = self.lifted, self.grid.cursor
        if entry is None or spot is None:
            return
        if self.grid.lifted is None:
            self.lifted = None
            self.say("Somebody else has taken it away from here.", "amber")
            return
        ghost = spot.entry or entry
        stretched = (ghost.ends_at - ghost.starts_at) - (entry.ends_at - entry.starts_at)
        stays = spot.at == entry.starts_at and spot.column.resource_id == self._resource_of(entry)
        if stretched and stays:
            await self.stretch(entry, entry.ends_at + stretched)
        elif await self.move_to(entry, spot.column, spot.at) and stretched:
            await self.stretch(entry, spot.at + (entry.ends_at - entry.starts_at) + stretched, version=None)

    def leave_move(self) -> None:
        """It stays where it was."""
        if self.lifted is not None:
            self._left_there()

    def _left_there(self) -> None:
        if self.lifted is not None:
            self.lifted = None
            self.grid.cancel_lift()
        self.say("It stays where it was.")

    async def _move_to_words(self, entry: DayEntry) -> None:
        form = forms.when_form(self, f"Move {entry.customer}", instead_of=entry.starts_at)
        at = await self.fill(form)
        if at is not None:
            await self.move_to(entry, self._column_of(entry), at)

    async def move_to(self, entry: DayEntry, column: DayColumn | None, at: dt.datetime) -> bool:
        """Move the visit of a line, or the line alone, so that the line begins then, with that column's stylist."""
        if column is not None and column.kind != "stylist":
            self.say(f"{column.name} is chosen by the booking itself. Move it in time, or to a stylist.", "amber")
            return False
        stylist_id = None
        if column is not None and column.stylist_id != entry.stylist_id:
            stylist_id = column.stylist_id
        if at == entry.starts_at and stylist_id is None:
            self._left_there()
            return False
        lines = self._lines_of(entry) or self._lifted_with
        line_ids: tuple[int, ...] = ()
        if len(lines) > 1:
            only = await self._only_the_line(entry, column if stylist_id is not None else None)
            if only is None:
                self._left_there()
                return False
            line_ids = (entry.line_id,) if only else ()
        begins = min((line.starts_at for line in lines), default=entry.starts_at)
        starts_at = at if line_ids else begins + (at - entry.starts_at)
        scope = Scope.THIS if line_ids else await of_series.ask_scope(self, entry, "Move")
        if scope is None:
            self._left_there()
            return False
        if scope is not Scope.THIS:
            changed = await of_series.move(self, entry, scope, starts_at, stylist_id)
            if changed is not None:
                self._done(of_series.said("Moved", entry, changed))
                self.go_to(self._day_of(starts_at), starts_at, visit=entry.appointment_id)
            return changed is not None
        wish = MoveAppointment(
            appointment_id=entry.appointment_id,
            starts_at=starts_at,
            stylist_id=stylist_id,
            version=entry.version,
            line_ids=line_ids,
        )
        moved = await self.place(move, wish)
        if moved:
            await self.tell_who_fits(entry, self.said_last)
        return moved

    async def _only_the_line(self, entry: DayEntry, column: DayColumn | None) -> bool | None:
        """Whether the line alone goes there; None when neither does."""
        whom = f", all of it with {column.name}" if column else ""
        ways = [Answer("v", f"the whole visit{whom}", False), Answer("l", f"only {entry.service}", True)]
        return await self.app.wait_for(Question(f"Move what of {entry.customer}?", ways))

    # Longer and shorter

    async def stretch(self, entry: DayEntry, ends_at: dt.datetime, *, version: int | None = 0) -> None:
        """Let a line end then; what follows it makes room."""
        seen = entry.version if version == 0 else version

        def say(changed: VisitChanged) -> None:
            line = next(each for each in changed.lines if each.line_id == entry.line_id)
            minutes = (line.ends_at - line.starts_at) // dt.timedelta(minutes=1)
            span = f"{self.wall(line.starts_at)}–{self.wall(line.ends_at)}"
            self._done(f"{changed.customer}, {line.service}: {minutes}m, {span}.")

        await self.carry_out(resize, Resize(line_id=entry.line_id, ends_at=ends_at, version=seen), say)

    # Two visits

    def do_mark(self) -> None:
        """Mark it, or take its mark away."""
        if self.entry is not None:
            self.grid.mark(self.entry)
            count = len(self.grid.marked)
            self.say(
                {2: "Two are marked: X swaps them, B makes them a party.", 1: "Marked. Mark another."}.get(count, "")
            )

    async def do_swap(self) -> None:
        """Each of the two marked to the other's time and stylist."""
        if len(self.grid.marked) != 2:
            self.say("Mark two visits with space first: X swaps them.", "amber")
            return
        one, other = self.grid.marked
        wish = SwapVisits(
            appointment_id=one.appointment_id,
            other_id=other.appointment_id,
            version=one.version,
            other_version=other.version,
        )
        await self.carry_out(swap, wish, self._swapped)

    def _swapped(self, done: Rearranged) -> None:
        self.grid.unmark()
        zone = " and ".join(f"{visit.customer} {self.wall(visit.starts_at)}" for visit in done.visits)
        self._done(f"Swapped: {zone}.")

    def _resource_of(self, entry: DayEntry) -> int | None:
        column = self._column_of(entry)
        return column.resource_id if column else None
