"""Booking on the calendar: the line to type on, the form, the same again, and time kept free (features BK3, BK4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from textual import on, work

from frontdesk.screens.calendar.acts import VisitActs
from frontdesk.screens.calendar.line import TypeLine
from frontdesk.screens.calendar.verbs import carry_out
from frontdesk.screens.messages import BookFor, OpenLine
from frontdesk.screens.visits import booking as forms
from frontdesk.screens.visits.kept_time import KeptTime
from frontdesk.services.menu.menu import ShowMenu, show_menu
from frontdesk.services.phrases.phrases import (
    CompletePhrase,
    ReadPhrase,
    Understood,
    complete_phrase,
    read_phrase,
    with_customer,
)
from frontdesk.services.team.shop_hours import BlockTime, block_time
from frontdesk.widgets.modal import Answer, Question

LINE_DRAFT = "line"


class Bookings(VisitActs):
    """What is written into the book."""

    day: dt.date | None = None
    """The day that is shown; None for today, which may turn."""

    def do_line(self) -> None:
        """The line to type on."""
        self.query_one(TypeLine).open()

    @on(OpenLine)
    def _open_line(self) -> None:
        self.do_line()

    async def _read(self, text: str) -> Understood:
        return await self.ask(read_phrase, ReadPhrase(text=text, day=self.day))

    async def _complete(self, text: str) -> Sequence[str]:
        return (await self.ask(complete_phrase, CompletePhrase(text=text))).lines

    def _typist(self) -> tuple[int | None, dt.date]:
        return self.desk.actor.user_id, self.desk.today

    @on(TypeLine.Typed)
    def _line_typed(self, typed: TypeLine.Typed) -> None:
        keeper = self.keeper(LINE_DRAFT, f"the line: {typed.text}")
        if typed.text.strip():
            keeper.keep({"line": typed.text})
        else:
            keeper.drop()

    @on(TypeLine.Taken)
    @work(group="commands")
    async def _line_taken(self, taken: TypeLine.Taken) -> None:
        line, understood = self.query_one(TypeLine), taken.understood
        assert understood.wish is not None
        if await carry_out(self, understood.wish):
            self._line_done(line)
        else:
            line.say(self.said_last)

    @on(TypeLine.Unknown)
    @work(group="commands")
    async def _line_unknown(self, unknown: TypeLine.Unknown) -> None:
        """A name that nobody has: a guest's, or a new customer's."""
        ways = [Answer("g", "book them by their name alone", "guest"), Answer("a", "add them as a customer", "add")]
        way = await self.app.wait_for(Question(f"Nobody is called {unknown.name}.", ways))
        line = self.query_one(TypeLine)
        if way == "add":
            card = await self.fill(forms.newcomer_form(self, unknown.name))
            if card is not None:
                line.open(with_customer(unknown.text, unknown.name, f'"#{card.id}"'))
        elif way == "guest":
            meant = await self.ask(read_phrase, ReadPhrase(text=unknown.text, day=self.day, as_guest=True))
            if meant.wish is None:
                line.say(meant.question.text if meant.question else "")
            elif await carry_out(self, meant.wish):
                self._line_done(line)
            else:
                line.say(self.said_last)

    @on(TypeLine.Insisted)
    @work(group="commands")
    async def _line_insisted(self) -> None:
        line = self.query_one(TypeLine)
        if self.was_refused is None:
            line.say("Nothing was refused that could be booked all the same.")
        elif await self.insist():
            self._line_done(line)
        else:
            line.say(self.said_last)

    def _line_done(self, line: TypeLine) -> None:
        line.clear()
        self.keeper(LINE_DRAFT, "the line").drop()
        line.action_leave()

    @on(TypeLine.Left)
    def _line_left(self) -> None:
        self.find_focus()

    async def do_book(self) -> None:
        """The form, filled with where the cursor rests."""
        await self._fill_booking(self._start())

    async def do_rebook(self) -> None:
        """The same customer and service, four weeks on."""
        entry = self.entry
        if entry is not None:
            at = entry.starts_at + dt.timedelta(weeks=4)
            start = forms.Start(
                at, entry.stylist_id, entry.customer_id, entry.customer, entry.service, title="Book the same again"
            )
            await self._fill_booking(start)

    def _start(self, customer_id: int | None = None, customer: str = "") -> forms.Start:
        spot = self.spot
        now = self.desk.clock.now().replace(second=0, microsecond=0)
        at = spot.at if spot else now
        if at < now < at + dt.timedelta(minutes=self.grid.minutes or 15):
            at = now  # the row that has begun: who stands at the desk is meant
        return forms.Start(at, spot.column.stylist_id if spot else None, customer_id, customer)

    async def _fill_booking(self, start: forms.Start) -> None:
        menu = await self.ask(show_menu, ShowMenu())
        kept = KeptTime(self)
        if start.stylist_id is not None:
            await kept.keep(start.stylist_id, start.at, self.desk.shop.slot_minutes)
        try:
            booked = await self.fill(forms.booking_form(self, menu, start, kept))
        finally:
            await kept.release()
        if booked is not None:
            self.booked(booked)

    @on(BookFor)
    @work(group="commands")
    async def _book_for(self, wish: BookFor) -> None:
        await self._fill_booking(self._start(wish.customer_id, wish.name))

    async def do_block(self) -> None:
        """Keep time free in this column."""
        spot = self.spot
        if spot is None or spot.column.resource_id is None:
            self.say("Go to somebody's column first: time is kept free there.", "amber")
            return
        wish = await self.fill(forms.block_form(self, spot.at, spot.column.name))
        if wish is not None:
            name, starts_at, ends_at = wish
            request = BlockTime(resource_id=spot.column.resource_id, starts_at=starts_at, ends_at=ends_at, name=name)
            if await self.write(block_time, request) is not None:
                self.say(f"{name}, {self.wall(starts_at)}–{self.wall(ends_at)}: kept free with {spot.column.name}.")
                self.show_anew()
