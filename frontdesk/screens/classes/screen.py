"""The classes of a day, and the seats of one: who is here, who waits, who gets the next seat (features BK22)."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from frontdesk.clock import local
from frontdesk.permissions import Deed
from frontdesk.screens import commands
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.classes import drawing, forms
from frontdesk.screens.classes.drawing import Spot
from frontdesk.screens.commands import Command
from frontdesk.screens.everywhere import Doing
from frontdesk.screens.messages import GoTo, PayFor, ShowClass
from frontdesk.screens.visits import arrival, leaving
from frontdesk.screens.visits.leaving import OnLine
from frontdesk.services.classes.class_wishes import (
    JoinClass,
    ListSessions,
    Roster,
    SessionCard,
    SessionChanged,
    ShowRoster,
    ToCall,
)
from frontdesk.services.classes.classes import join, list_sessions, roster
from frontdesk.services.menu.menu import ShowMenu, show_menu
from frontdesk.services.wording import day_words
from frontdesk.text import harmless
from frontdesk.widgets.plain_table import PlainTable

_DAY = dt.timedelta(days=1)


class ClassesScreen(DeskScreen):
    """Two lists: the day's classes, and the seats of the one under the cursor. Enter and esc go between them."""

    CSS_PATH = "classes.tcss"
    DEED = Deed.SEE_BOOK
    KEYS: ClassVar = (
        commands.ADD, commands.ARRIVE, commands.CANCEL, commands.PAY, commands.BOOK, commands.MOVE, commands.EDIT,
        commands.EARLIER, commands.LATER, commands.NOW, commands.GO, commands.OPEN, commands.UNDO, commands.REDO,
        commands.BACK,
    )  # fmt: skip
    FOOTER = frozenset({commands.CANCEL})

    def __init__(self) -> None:
        super().__init__()
        self._day: dt.date | None = None
        self._sessions: tuple[SessionCard, ...] = ()
        self._roster: Roster | None = None

    @property
    def day(self) -> dt.date:
        """Which day is shown; today until another is asked for."""
        return self._day or self.desk.today

    # What stands there

    def body(self) -> ComposeResult:
        """The day's classes, then the seats of one."""
        with Container(id="body"):
            yield PlainTable(drawing.CLASSES, empty="No class this day. b plans one.", id="classes")
            with Vertical(id="seats") as seats:
                seats.display = False  # until there is a class to have some
                yield Static(Content(""), id="which")
                yield PlainTable(drawing.ROSTER, id="roster")

    def heading(self) -> str:
        """Which day."""
        return f"Classes   {day_words(self.day)}" if self.app.is_signed_in else "Classes"

    def find_focus(self) -> None:
        """The keys act on the day's classes first."""
        self._list.focus()

    @property
    def _list(self) -> PlainTable:
        return self.query_one("#classes", PlainTable)

    @property
    def _seats(self) -> PlainTable:
        return self.query_one("#roster", PlainTable)

    @property
    def card(self) -> SessionCard | None:
        """The class under the cursor."""
        row = self._list.row
        return next((one for one in self._sessions if row is not None and one.id == row.key), None)

    @property
    def spot(self) -> Spot | None:
        """The seat, or who waits, under the cursor of the roster when it has the focus."""
        row = self._seats.row
        if self._roster is None or row is None or self.focused is not self._seats:
            return None
        return next((one for one in drawing.spots(self._roster) if one.key == row.key), None)

    async def load(self) -> None:
        """The day, and the seats of the class the cursor is on."""
        sheet = await self.ask(list_sessions, ListSessions(first_day=self.day))
        self._sessions = sheet.sessions
        zone = self.desk.shop.timezone
        self._list.show([drawing.class_row(one, zone) for one in self._sessions])
        await self._load_seats()

    @on(PlainTable.Moved, "#classes")
    def _other_class(self) -> None:
        if self.card is not None and (self._roster is None or self._roster.session.id != self.card.id):
            self._show_seats()

    @work(group="offers", exclusive=True)  # of the list's own load, a group of the same name would be the end
    async def _show_seats(self) -> None:
        with self.refusals_shown():
            await self._load_seats()

    async def _load_seats(self) -> None:
        card = self.card
        self._roster = await self.ask(roster, ShowRoster(session_id=card.id)) if card is not None else None
        self._draw_seats()

    def _draw_seats(self) -> None:
        found = self._roster
        self.query_one("#seats").display = found is not None
        self.query_one("#which", Static).update(Content(drawing.class_line(found.session) if found else ""))
        zone, today = self.desk.shop.timezone, self.desk.today
        rows = []
        for place, spot in enumerate(drawing.spots(found) if found else (), start=1):
            at = place - len(found.seats) if found and spot.waiting else place
            rows.append(drawing.spot_row(spot, at, zone=zone, today=today, private=self.app.private))
        self._seats.show(rows)

    @on(ShowClass)
    @work(group="commands")
    async def _show_class(self, wish: ShowClass) -> None:
        """A class that was asked for elsewhere: its day, its seats."""
        with self.refusals_shown():
            found = await self.ask(roster, ShowRoster(session_id=wish.session_id))
            self._day = local(found.session.starts_at, self.desk.shop.timezone).date()
            await self.load()
            self.draw_header()
            self._list.go_to(wish.session_id)
            self._seats.focus()

    # What can't be done now

    def reason_against(self, command: Command) -> str | None:
        """What a key needs under the cursor."""
        if command in _ON_A_CLASS and self.card is None:
            return "There is no class this day. b plans one; < and > go to other days."
        if command in _ON_A_SEAT:
            spot = self.spot
            if self.focused is not self._seats:
                return f"Go to a seat first: enter leads to them. Then {command.label}."
            if spot is None or spot.seat is None or not spot.seat.is_taken:
                return f"Nobody sits here to {command.label}. + gives somebody a seat."
        return None

    # The day

    def _go_to(self, day: dt.date) -> None:
        self._day = day
        self._roster = None
        self.show_anew()

    def do_earlier(self) -> None:
        """A day back."""
        self._go_to(self.day - _DAY)

    def do_later(self) -> None:
        """A day on."""
        self._go_to(self.day + _DAY)

    def do_now(self) -> None:
        """Today."""
        self._go_to(self.desk.today)

    async def do_go(self) -> None:
        """A day in words."""
        day = await self.fill(forms.day_form(self))
        if day is not None:
            self._go_to(day)

    # Classes

    async def do_book(self) -> None:
        """Plan a class, once or again and again."""
        menu = await self.ask(show_menu, ShowMenu())
        planned = await self.fill(forms.plan_form(self, menu, self.day))
        if planned is not None:
            first, count = planned.sessions[0], len(planned.sessions)
            more = f", {count} times" if count > 1 else ""
            self.say(f"Planned {first.service} with {first.stylist}, {self._when(first.starts_at)}{more}.")
            self._go_to(local(first.starts_at, self.desk.shop.timezone).date())

    async def do_move(self) -> None:
        """The class goes to another time, with everybody in it."""
        await self._change(only_when=True)

    async def do_edit(self) -> None:
        """Another time, somebody else, other seats."""
        await self._change(only_when=False)

    async def _change(self, *, only_when: bool) -> None:
        card = self.card
        if card is None:
            return
        menu = await self.ask(show_menu, ShowMenu())
        changed = await self.fill(forms.change_form(self, menu, card, only_when=only_when))
        if changed is not None:
            await self._tell("Changed", changed)

    async def _tell(self, word: str, changed: SessionChanged) -> None:
        session = changed.session
        self.say(f"{word} {session.service}, {self._when(session.starts_at)} with {session.stylist}.")
        self.show_anew()
        if changed.to_call:
            await self.read("Whom to call", "\n".join(_call(one, private=self.app.private) for one in changed.to_call))

    # Seats

    async def do_add(self) -> None:
        """Somebody wants a seat."""
        card = self.card
        if card is not None:
            joined = await self.fill(forms.join_form(self, card))
            if joined is not None:
                place = f"seat {joined.seat}" if joined.seat else f"waits at place {joined.place}"
                self.say(f"{joined.customer}: {place} in {joined.service}.")
                self.show_anew()

    async def do_arrive(self) -> None:
        """They are here; the card says what to know."""
        seat = self.spot.seat if self.spot else None
        if seat is None or seat.appointment_id is None or self.twice(commands.ARRIVE, seat.appointment_id):
            return
        arrived = await arrival.arrive(self, seat.appointment_id)
        if arrived is not None:
            self.say(f"{arrived.customer}: {arrived.said or arrived.status.words}.")
            self.show_anew()
            await arrival.show_card(self, seat.appointment_id)

    async def do_cancel(self) -> None:
        """A seat is given up, or from the list of classes the whole class does not take place."""
        card = self.card
        if card is None:
            return
        if self.focused is not self._seats:
            gone = await self.fill(forms.cancel_form(self, card))
            if gone is not None:
                await self._tell("Cancelled", gone)
            return
        seat = self.spot.seat if self.spot else None
        if seat is None or seat.appointment_id is None:
            self.say("Nobody sits here. To cancel the class, go to it: esc, then x.", "amber")
            return
        on_line = OnLine(seat.appointment_id, seat.line_id or 0, seat.customer, card.service, card.starts_at)
        left = await leaving.cancel(self, on_line)
        if left is not None:
            waits = self._roster.next_waiting if self._roster else None
            then = f" {waits.customer} waits for it: enter on their row gives it to them." if waits else ""
            self.say(f"{left.customer}: {left.said or left.status.words}.{then}")
            self.show_anew()

    def do_pay(self) -> None:
        """To the till with it."""
        seat = self.spot.seat if self.spot else None
        if seat is not None and seat.appointment_id is not None:
            self.app.pass_on("checkout", PayFor(seat.appointment_id))

    async def do_open(self) -> None:
        """From a class to its seats; a seat is shown in the book, who waits gets a seat, a free one is given away."""
        if self.focused is not self._seats:
            if self.card is not None:
                self._seats.focus()
            return
        spot, card = self.spot, self.card
        if spot is None or card is None:
            return
        if spot.waiting is not None:
            joined = await self.write(join, JoinClass(session_id=card.id, entry_id=spot.waiting.entry_id))
            if joined is not None:
                self.say(f"{joined.customer}: seat {joined.seat} in {joined.service}.")
                self.show_anew()
        elif spot.seat is not None and spot.seat.appointment_id is not None:
            self.app.pass_on("calendar", GoTo(spot.seat.appointment_id))
        else:
            await self.do_add()

    @on(PlainTable.Chosen)
    def _chosen(self, chosen: PlainTable.Chosen) -> None:
        chosen.stop()
        self.action_run(commands.OPEN.name)

    def do_back(self) -> Doing | None:
        """From the seats to the classes, from the classes to the book."""
        if self.focused is self._seats:
            self._list.focus()
            return None
        return partial(self.app.switch_to, "calendar")

    def _when(self, at: dt.datetime) -> str:
        return f"{day_words(local(at, self.desk.shop.timezone).date())} {self.wall(at)}"


_ON_A_CLASS = (commands.ADD, commands.CANCEL, commands.MOVE, commands.EDIT, commands.OPEN)
_ON_A_SEAT = (commands.ARRIVE, commands.PAY)


def _call(one: ToCall, *, private: bool) -> str:
    phone = "·····" if private else one.phone or "no telephone"
    waits = "" if one.code else "  (waited for a seat)"
    return f"{harmless(one.customer)}  {phone}{waits}"
