"""What the keys do to the visit under the cursor: its steps, moving it, leaving it, taking it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from textual import work
from textual.widgets import Input

from frontdesk.clock import local
from frontdesk.desk import Desk
from frontdesk.errors import Refusal
from frontdesk.rules.states import Status, may_become
from frontdesk.screens import commands
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.calendar.day_list import DayList
from frontdesk.screens.calendar.grid import DayGrid, Spot
from frontdesk.screens.calendar.week_sheet import WeekSheet
from frontdesk.screens.commands import Command
from frontdesk.screens.messages import PayFor
from frontdesk.screens.visits import booking as forms
from frontdesk.screens.visits.arrival import show_card
from frontdesk.services.book import visits
from frontdesk.services.book.booking import BookAppointment, Booked, MoveAppointment
from frontdesk.services.book.visits import Stepped, StepVisit
from frontdesk.services.sheets.day import DayColumn, DayEntry, DaySheet
from frontdesk.services.undo.undo import RedoLast, UndoLast, redo_last, undo_last
from frontdesk.services.waiting.fitting import WhoFits, who_fits_today
from frontdesk.text import harmless, wrapped


class Shown(StrEnum):
    """The ways in which `v` shows the book, in its order."""

    STYLISTS = "stylists"
    ROOMS = "rooms"
    ALL = "all"
    LIST = "list"
    MONTH = "month"


@dataclass(frozen=True)
class Refused:
    """What was wished for and refused: `o` may go past it."""

    service: Callable[[Desk, Any], Any]
    request: Any
    refusal: Refusal
    then: Callable[[Any], None]
    """What to do with the answer."""


class VisitActs(DeskScreen):
    """The keys on a visit."""

    sheet: DaySheet | None = None
    lifted: DayEntry | None = None
    """The visit that is being moved."""
    shown: Shown = Shown.STYLISTS
    """In which way the book is shown."""
    as_of: dt.datetime | None = None
    """The moment at which the book stood as it is shown; None for now."""
    _week: WeekSheet | None = None
    was_refused: Refused | None = None
    _then: Callable[[Any], None] = staticmethod(lambda done: None)
    """What to do with the answer of what is under way."""
    _undo_past: int | None = None
    """An action that could not be taken back: the next `u` goes to those before it."""

    @property
    def grid(self) -> DayGrid:
        """The day."""
        return self.query_one(DayGrid)

    @property
    def spot(self) -> Spot | None:
        """Where the cursor rests; None before the first sheet, and where there are no columns."""
        if self.sheet is None or self.shown is Shown.MONTH:
            return None
        if self.shown is Shown.LIST:
            found = self.query_one(DayList)
            entry, column = found.entry, found.column
            return Spot(column, entry.starts_at, entry, (entry,)) if entry and column else None
        spot = self.grid.cursor
        return self._week.really(spot) if spot and self._week else spot

    @property
    def entry(self) -> DayEntry | None:
        """The line of a visit under the cursor; a class is none."""
        if self.shown is Shown.LIST and self.sheet is not None:
            entry = self.query_one(DayList).entry
        else:
            entry = self.spot.entry if self.spot else None
        return entry if entry is not None and entry.session_id is None else None

    @property
    def session_id(self) -> int | None:
        """The class under the cursor."""
        entry = self.spot.entry if self.spot else None
        return entry.session_id if entry else None

    # Steps

    async def do_confirm(self) -> None:
        """The customer has said they will come."""
        await self._take_step(commands.CONFIRM, visits.confirm, whole=True)

    async def do_arrive(self) -> None:
        """The customer is here: what everybody has to know about them is on a card."""
        entry = self.entry
        if await self._take_step(commands.ARRIVE, visits.arrive, whole=True) and entry is not None:
            await show_card(self, entry.appointment_id)

    async def do_start(self) -> None:
        """The line begins, or goes on with its next part."""
        await self._take_step(commands.START, visits.go_on, whole=False)

    async def do_finish(self) -> None:
        """The line is done."""
        await self._take_step(commands.FINISH, visits.finish, whole=False)

    async def _take_step(
        self, command: Command, service: Callable[[Desk, StepVisit], Stepped], *, whole: bool
    ) -> Stepped | None:
        entry = self.entry
        if entry is None or self.twice(command, entry.line_id):
            return None
        lines = () if whole else (entry.line_id,)
        stepped = await self.write(service, StepVisit(appointment_id=entry.appointment_id, line_ids=lines))
        if stepped is not None:
            self._done(f"{stepped.customer}: {stepped.said or stepped.status.words}.")
        return stepped

    def do_pay(self) -> None:
        """To the till with it."""
        entry = self.entry
        if entry is not None:
            self.app.pass_on("checkout", PayFor(entry.appointment_id))

    # Placing, and going past a refusal

    async def place(self, service: Callable[[Desk, Any], Booked], wish: BookAppointment | MoveAppointment) -> bool:
        """Book or move, say it, and go there. A refusal is kept for `o`."""
        return await self.carry_out(service, wish, self.booked)

    async def carry_out(self, service: Callable[[Desk, Any], Any], wish: object, then: Callable[[Any], None]) -> bool:
        """Do it and say it. A refusal that one may go past is kept for `o`."""
        self.was_refused, self._then = None, then
        done = await self.write(service, wish)
        if done is None:
            return False
        then(done)
        return True

    def refused(self, service: Callable[[Desk, Any], Any], request: object, refusal: Refusal) -> None:
        """Say why; where one may insist, say with which key."""
        said = refusal.sentence
        if hasattr(request, "overbook_reason") and (past := forms.insistence(refusal)):
            self.was_refused = Refused(service, request, refusal, self._then)
            key = "ctrl+o" if isinstance(self.focused, Input) else "o"
            said = f"{said} {key} {past}."
        elif isinstance(request, UndoLast) and isinstance(action := refusal.facts.get("action"), int):
            self._undo_past = action
            said = f"{said} u again goes further back."
        self.say(said, "amber")
        if self.is_long(said) and not isinstance(self.focused, Input):
            self._read_in_peace(said)
        self.show_anew()

    @work(group="commands")
    async def _read_in_peace(self, said: str) -> None:
        await self.read("That can't be done", said)

    async def do_overbook(self) -> None:
        """Past the last refusal."""
        await self.insist()

    async def insist(self) -> bool:
        """The wish that was refused, once more and on purpose."""
        refused = self.was_refused
        if refused is None:
            return False
        try:
            wish = await forms.insisted(self, refused.request, refused.refusal)
        except Refusal:
            self.say("Left as it is.")
            self.was_refused = refused
            return False
        return await self.carry_out(refused.service, wish, refused.then)

    def booked(self, booked: Booked) -> None:
        """It stands in the book: say what, show where."""
        zone = self.desk.shop.timezone
        begins = local(booked.starts_at, zone)
        day = "" if self.sheet is not None and begins.date() == self.sheet.day else f"{begins:%a %-d %b} "
        word = "Moved" if booked.moved_from else "Booked"
        names = dict.fromkeys(line.stylist for line in booked.lines if line.stylist)
        who = f" with {' and '.join(names)}" if names else ""
        services = "+".join(line.service for line in booked.lines)
        self._done(f"{word} {booked.customer}, {services}, {day}{begins:%H:%M}{who}")
        self.go_to(begins.date(), booked.starts_at, visit=booked.appointment_id)

    def go_to(self, day: dt.date, at: dt.datetime | None = None, *, visit: int | None = None) -> None:
        """Show a day, the cursor at a moment of it or on a visit that is there."""

    # Taking back

    async def do_undo(self) -> None:
        """The last thing I did to the book."""
        undone = await self.write(undo_last, UndoLast(older_than=self._undo_past))
        if undone is not None:
            self._undo_past = None
            self._done(f"{undone.sentence} U does it again.")
            day = local(undone.starts_at, self.desk.shop.timezone).date()
            self.go_to(day, undone.starts_at, visit=undone.appointment_id)

    async def do_redo(self) -> None:
        """What I took back last."""
        redone = await self.write(redo_last, RedoLast())
        if redone is not None:
            self._done(redone.sentence)
            day = local(redone.starts_at, self.desk.shop.timezone).date()
            self.go_to(day, redone.starts_at, visit=redone.appointment_id)

    async def tell_who_fits(self, freed: DayEntry, said: str) -> None:
        """After time has come free: how many of the waitlist it would do for."""
        if freed.stylist_id is None or freed.starts_at < self.desk.clock.now():
            return
        wish = WhoFits(stylist_id=freed.stylist_id, starts_at=freed.starts_at, ends_at=freed.ends_at)
        fits = (await self.ask(who_fits_today, wish)).fits
        if fits:
            one = len(fits) == 1
            self.say(f"{said} {len(fits)} waiting {'fits' if one else 'fit'}: w shows {'who' if one else 'them'}.")

    # Reasons

    def reason_against(self, command: Command) -> str | None:
        """What a key needs under the cursor."""
        if self.sheet is None:
            return "The day is still loading."
        if command in _ON_A_VISIT or command in _ON_THE_BOOK:
            if self.shown is Shown.MONTH:
                return "Enter opens the day under the cursor."
            if self.as_of is not None and command is not commands.HISTORY:
                then = local(self.as_of, self.desk.shop.timezone)
                return f"This is the book as it stood {then:%a %-d %b %H:%M}. J goes back to now."
        if command in _ON_A_VISIT and self.session_id is not None:
            return "This is a class: enter opens who sits in it."
        if command in _ON_A_VISIT and self.entry is None:
            return f"There is no visit under the cursor to {command.label}. Go to one, or press b to book here."
        if command in _ON_A_VISIT and command is not commands.PAY and self.entry is not None:
            return _too_late(command, self.entry, self._lines_of(self.entry) or [self.entry])
        if command is commands.OVERBOOK and self.was_refused is None:
            return "Nothing was refused that could be booked all the same."
        return None

    async def tell(self, title: str, sentences: Sequence[str]) -> None:
        """Say it on the line below; what takes more than two lines is put over the screen, to be read in peace."""
        said = " ".join(sentences)
        if self.is_long(said):
            await self.read(title, "\n".join(sentences))
        else:
            self.say(said)

    def is_long(self, said: str) -> bool:
        """Whether the line below and the footer's place under it have no room for all of it."""
        return len(wrapped(harmless(said), max(20, self.size.width - 2))) > 2

    def _done(self, words: str) -> None:
        self.was_refused, self._undo_past = None, None
        if self.lifted is not None:  # it lies where it was put
            self.lifted = None
            self.grid.put_down()
        self.say(words)
        self.show_anew()

    def _day_of(self, at: dt.datetime) -> dt.date:
        return local(at, self.desk.shop.timezone).date()

    def _lines_of(self, entry: DayEntry) -> list[DayEntry]:
        entries = self.sheet.entries if self.sheet else ()
        return [each for each in entries if each.appointment_id == entry.appointment_id]

    def _column_of(self, entry: DayEntry) -> DayColumn | None:
        columns = self.sheet.columns if self.sheet else ()
        return next((column for column in columns if column.stylist_id == entry.stylist_id), None)


_ON_A_VISIT = (
    commands.CONFIRM, commands.ARRIVE, commands.START, commands.FINISH, commands.PAY, commands.MOVE, commands.CANCEL,
    commands.NO_SHOW, commands.HISTORY, commands.REBOOK, commands.MARK, commands.EDIT,
)  # fmt: skip
_ON_THE_BOOK = (commands.BOOK, commands.BLOCK, commands.OVERBOOK, commands.WHY, commands.SWAP, commands.GROUP)


def _too_late(command: Command, entry: DayEntry, lines: Sequence[DayEntry]) -> str | None:
    status = entry.status
    if command is commands.MOVE and status not in (Status.PENDING, Status.CONFIRMED, Status.ARRIVED):
        return f"{entry.customer} is {status.words}: it can't be moved any more. r books the same again."
    wish = _LEAVING.get(command)
    if wish is None or any(may_become(line.status, wish) for line in lines):
        return None
    if status is Status.ARRIVED:
        return f"{entry.customer} has been checked in. x cancels the visit; u takes back that they are here."
    gone = "they came" if command is commands.NO_SHOW else "it can't be cancelled any more"
    instead = "p takes it to the till." if status is Status.COMPLETED else "d finishes it."
    return f"{entry.customer} is {status.words}: {gone}. {instead}"


_LEAVING = {commands.NO_SHOW: Status.NO_SHOW, commands.CANCEL: Status.CANCELLED}
