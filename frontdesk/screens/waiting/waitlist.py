"""The waitlist: who waits, what each could have, offered and booked from the list (features BK20, BK21)."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from frontdesk.clock import day_of
from frontdesk.permissions import Deed
from frontdesk.screens import commands
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.commands import Command
from frontdesk.screens.messages import BookFor
from frontdesk.screens.waiting import drawing
from frontdesk.screens.waiting.forms import why_form, wish_form
from frontdesk.services.classes.class_wishes import JoinClass
from frontdesk.services.classes.classes import join
from frontdesk.services.menu.menu import ShowMenu, show_menu
from frontdesk.services.waiting.offers import (
    AnswerOffer,
    ListOffers,
    Offer,
    OfferTime,
    decline_offer,
    list_offers,
    offer_time,
    take_offer,
    withdraw_offer,
)
from frontdesk.services.waiting.waitlist import (
    BookWaiting,
    LeaveWaitlist,
    ListWaiting,
    Waiting,
    book_from_waitlist,
    leave_waitlist,
    list_waiting,
)
from frontdesk.services.wording import day_and_time
from frontdesk.widgets.modal import Answer, Question
from frontdesk.widgets.plain_table import PlainTable

_EMPTY = "Nobody waits. + puts somebody on the list who wants a time that is not free."
_ABOUT_ONE = (commands.OFFER, commands.EDIT, commands.LEAVE, commands.OPEN, commands.BOOK, commands.WHY)


class WaitlistScreen(DeskScreen):
    """Who waits for a time. Enter books what they could have; esc goes back to the book."""

    CSS_PATH = "waiting.tcss"
    DEED = Deed.SEE_BOOK
    KEYS: ClassVar = (
        commands.ADD, commands.OFFER, commands.EDIT, commands.LEAVE, commands.BOOK, commands.OPEN, commands.WHY,
        commands.UNDO, commands.REDO, commands.BACK,
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._waiting: dict[int, Waiting] = {}
        self._offers: tuple[Offer, ...] = ()
        self._lapse: Timer | None = None

    def body(self) -> ComposeResult:
        """The list, and all about the one under the cursor."""
        with Container(id="body"):
            yield PlainTable(drawing.WAITING_COLUMNS, empty=_EMPTY, id="list")
            yield Static(Content(""), id="about", markup=False)

    def heading(self) -> str:
        """How many could have a time today, and what is being offered."""
        zone, today = self.desk.shop.timezone, self.desk.today
        fits = sum(one.fits_at is not None and day_of(one.fits_at, zone) == today for one in self._waiting.values())
        offered = sum(one.is_open for one in self._offers)
        said = [f"{fits} fit{'s' * (fits == 1)} today"] if fits else []
        said += [f"{offered} offer{'s' * (offered != 1)} open"] if offered else []
        return "   ".join(["Waitlist", *said])

    def find_focus(self) -> None:
        """The keys act on the list."""
        self._list.focus()

    @property
    def _list(self) -> PlainTable:
        return self.query_one("#list", PlainTable)

    @property
    def _one(self) -> Waiting | None:
        row = self._list.row
        return self._waiting.get(int(str(row.key))) if row else None

    async def load(self) -> None:
        """Who waits, and what is offered."""
        listed = await self.ask(list_waiting, ListWaiting())
        self._offers = (await self.ask(list_offers, ListOffers())).offers
        self._waiting = {one.id: one for one in listed.waiting}
        self._draw()
        self._look_when_one_lapses()

    def _look_when_one_lapses(self) -> None:
        """An offer ends by itself: then the time is somebody else's to have, and the list says whose."""
        if self._lapse is not None:
            self._lapse.stop()
        left = [one.seconds_left for one in self._offers if one.is_open]
        if left:
            self._lapse = self.set_timer(min(left) + 0.2, self.show_anew)

    def draw_header(self) -> None:
        """With the header's clock the minutes go on."""
        super().draw_header()
        if self.is_mounted and self.is_attached:
            self._draw()

    def _draw(self) -> None:
        if not self.app.is_signed_in:
            return
        now, shop = self.desk.clock.now(), self.desk.shop
        self._list.show([drawing.waiting_row(one, now, shop) for one in self._waiting.values()])
        self._tell_about()

    def _tell_about(self) -> None:
        now, shop = self.desk.clock.now(), self.desk.shop
        wide = self.has_class("-wide")
        about = drawing.waiting_about(self._one, self._offers, now, shop, private=self.app.private, wide=wide)
        self.query_one("#about", Static).update(about)

    def on_resize(self) -> None:
        """What there is to know stands below the list, or beside it."""
        super().on_resize()
        self.call_after_refresh(self._draw)

    @on(PlainTable.Moved, "#list")
    def _moved(self) -> None:
        self._tell_about()

    @on(PlainTable.Chosen, "#list")
    def _chosen(self) -> None:
        self.action_run(commands.OPEN.name)

    def reason_against(self, command: Command) -> str | None:
        """What a key needs under the cursor."""
        one = self._one
        if command in _ABOUT_ONE and one is None:
            return _EMPTY
        if command in (commands.OFFER, commands.OPEN) and one is not None and one.offer_id is None:
            if one.session_id is not None and (command is commands.OFFER or not one.seats_left):
                full = "which is full" if not one.seats_left else "and enter seats them"
                return f"{one.customer} wants a seat in {one.what}, {full}."
            if one.session_id is None and one.fits_at is None:
                return f"Nothing that {one.customer} waits for is free. e changes it, b books another time in the book."
        return None

    def do_back(self) -> None:
        """To the book."""
        self.action_run(commands.CALENDAR.name)

    async def do_add(self) -> None:
        """Somebody new on the list."""
        menu = await self.ask(show_menu, ShowMenu())
        one = await self.fill(wish_form(self, menu))
        self._placed(one, "waits")

    async def do_edit(self) -> None:
        """What they want now."""
        one = self._one
        if one is not None:
            menu = await self.ask(show_menu, ShowMenu())
            now = await self.fill(wish_form(self, menu, one))
            self._placed(now, "now waits")

    def _placed(self, one: Waiting | None, waits: str) -> None:
        if one is not None:
            self.say(f"{one.customer} {waits} for {one.what}.")
            self.show_anew()

    async def do_open(self) -> None:
        """Enter: they get the time that is held for them, or the first that they could have."""
        one = self._one
        if one is None or self.twice(commands.OPEN, one.id):
            return
        if one.session_id is not None:
            wish = JoinClass(session_id=one.session_id, customer_id=one.customer_id, entry_id=one.id)
            joined = await self.write(join, wish)
            if joined is not None:
                self.say(f"{joined.customer} has seat {joined.seat} of {joined.service}")
            self.show_anew()
            return
        if one.offer_id is not None:
            booked = await self.write(take_offer, AnswerOffer(offer_id=one.offer_id))
        elif one.fits_at is not None:
            first = BookWaiting(entry_id=one.id, starts_at=one.fits_at, stylist_id=one.fits_stylist_id)
            booked = await self.write(book_from_waitlist, first)
        else:
            return
        if booked is not None:
            when = day_and_time(booked.starts_at, self.desk.shop.timezone)
            self.say(f"Booked {booked.customer}, {one.what}, {when} with {booked.lines[0].stylist}")
        self.show_anew()

    async def do_offer(self) -> None:
        """Hold the time for them and ask; or what they said to the offer that is open."""
        one = self._one
        if one is None:
            return
        if one.offer_id is not None:
            await self._answered(one, one.offer_id)
            return
        after = next((each for each in self._offers if each.next is not None and each.next.entry_id == one.id), None)
        starts_at, stylist_id = one.fits_at, one.fits_stylist_id
        if after is not None and after.next is not None:  # the time that the one before them did not take
            starts_at, stylist_id = after.next.starts_at, after.next.stylist_id
        if starts_at is None:
            return
        offer = await self.write(offer_time, OfferTime(entry_id=one.id, starts_at=starts_at, stylist_id=stylist_id))
        if offer is not None:
            when = f"{day_and_time(offer.starts_at, self.desk.shop.timezone)} with {offer.stylist}"
            self.say(f"{when} is held for {offer.customer} until {self.wall(offer.until)}")
        self.show_anew()

    async def _answered(self, one: Waiting, offer_id: int) -> None:
        assert one.offered_at is not None
        when = f"{day_and_time(one.offered_at, self.desk.shop.timezone)} with {one.offered_with}"
        ways = [Answer("t", "they take it", "t"), Answer("d", "they don't want it", "d"),
                Answer("w", "withdraw it", "w")]  # fmt: skip
        said = await self.app.wait_for(Question(f"{when} is held for {one.customer}. What do they say?", ways))
        if said == "t":
            await self.do_open()
        elif said is not None:
            close = decline_offer if said == "d" else withdraw_offer
            answered = await self.write(close, AnswerOffer(offer_id=offer_id))
            if answered is not None:
                after = f" Next: {answered.next.customer}; O on their line offers it." if answered.next else ""
                self.say(f"The time is free again.{after}")
                if answered.next is not None:
                    self._list.go_to(answered.next.entry_id)
            self.show_anew()

    async def do_leave(self) -> None:
        """They wait no more."""
        one = self._one
        if one is None:
            return
        reason = await self.fill(why_form(f"Take {one.customer} off the waitlist", "went elsewhere"))
        if reason and await self.write(leave_waitlist, LeaveWaitlist(entry_id=one.id, reason=reason)) is not None:
            self.say(f"{one.customer} is off the waitlist.")
            self.show_anew()

    def do_book(self) -> None:
        """Another time than the one that is proposed, in the book."""
        one = self._one
        if one is not None and one.customer_id is not None:
            self.app.pass_on("calendar", BookFor(one.customer_id, one.customer))
        elif one is not None:
            self.say(f"{one.customer} has no card: type their name on the line in the book.", "amber")

    def do_why(self) -> None:
        """Why they still wait."""
        one = self._one
        if one is not None:
            self.say(
                str(drawing.waiting_about(one, (), self.desk.clock.now(), self.desk.shop, private=True)).splitlines()[
                    -1
                ]
            )
