"""What lies on the counter, how it changes, and how it is kept: beneath what the till's keys do."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from textual import work
from textual.timer import Timer

from frontdesk.errors import BadInput, Refusal
from frontdesk.rules.tender_said import Known
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.checkout.counter import EMPTY, Kept, charges_of, has_goods, with_usable_sessions
from frontdesk.screens.checkout.drawing import Aside
from frontdesk.screens.checkout.forms import Changed, quoted
from frontdesk.screens.checkout.keeping import keep, kept
from frontdesk.screens.checkout.tender_input import TenderInput
from frontdesk.services.cards.card_payments import CardCharge, ChargeCard
from frontdesk.services.cards.customer_cards import CardOnFile, ShowCards, show_cards
from frontdesk.services.menu.menu import Menu, ShowMenu, show_menu
from frontdesk.services.packages.packages import FindSessions, UsableSession, usable_sessions
from frontdesk.services.prepaid.vouchers import ListIssuers, list_issuers
from frontdesk.services.reports.balances import Balance, ShowBalances, balances
from frontdesk.services.ticket.price_classes import ListPriceClasses, list_price_classes
from frontdesk.services.ticket.ticket_wishes import Ticket
from frontdesk.services.till.checkout import CheckOut, Receipted
from frontdesk.services.till.parked import ParkedCard, ParkTicket, park
from frontdesk.services.till.ticket import Quote
from frontdesk.widgets.form import KEPT_AFTER
from frontdesk.widgets.plain_table import PlainTable

S = TypeVar("S", bound="Till")


def alone(act: Callable[[S], Awaitable[None]]) -> Callable[[S], Coroutine[Any, Any, None]]:
    """One thing at a time: a key that comes while another one's form is on its way, or money is taken, is none."""

    @functools.wraps(act)
    async def guarded(till: S) -> None:
        if till.is_busy:
            return
        till.is_busy = True
        try:
            await act(till)
        finally:
            till.is_busy = False

    return guarded


def find_sessions(ticket: Ticket, payer: int | None) -> FindSessions:
    """Which sessions could pay for lines of this ticket: those the customer has, and those it sells."""
    sold = tuple(one.package_id for one in ticket.packages)
    return FindSessions(appointment_ids=ticket.appointment_ids, customer_id=payer, package_ids=sold)


class Till(DeskScreen):
    """A ticket on the counter, those put aside, and the sale that was closed last."""

    def __init__(self) -> None:
        super().__init__()
        self.ticket: Ticket = EMPTY
        self.shown: Quote | None = None
        self.parked: tuple[ParkedCard, ...] = ()
        self.loose: tuple[CardCharge, ...] = ()
        """What the card terminal has left open."""
        self.charge: ChargeCard | None = None
        """What the card terminal was asked for last, until it has answered."""
        self.around = Aside()
        """What else belongs to who pays."""
        self._around_of: tuple[object, ...] = ()
        self._known: Known | None = None
        self.sent: CheckOut | None = None
        """The sale as it was sent last, until an answer came."""
        self.sold: Receipted | None = None
        """The sale that stands there, paid, until the next ticket begins."""
        self.receipt: Receipted | None = None
        self.printed: set[int] = set()
        self.is_busy = False
        self.is_left_over = False
        """What lies there is a draft that nobody has touched since it was taken up."""
        self._has_looked_for_draft = False
        self._keep_later: Timer | None = None

    def draw(self) -> None:
        """Everything anew."""

    @property
    def line(self) -> TenderInput:
        """Where one types."""
        return self.query_one(TenderInput)

    @property
    def table(self) -> PlainTable:
        """The ticket, or who has not paid."""
        return self.query_one(PlainTable)

    @property
    def has_ticket(self) -> bool:
        """Whether there is something on the counter, paid or not."""
        return has_goods(self.ticket)

    def adopt(self, changed: Changed) -> None:
        """This is the ticket now."""
        self.ticket, self.shown = changed.ticket, changed.quote
        self.is_left_over = False
        self.say("")  # what was said of the ticket as it was is not true of it any more
        self.keep()
        self.draw()
        self.look_around()

    @work(group="offers", exclusive=True)
    async def look_around(self) -> None:
        """What else belongs to who pays, beside the ticket."""
        await self.look()

    async def look(self) -> None:
        """Sessions and balances and cards of who pays; asked anew for other visits and other people."""
        payer = self.shown.customer_id if self.shown else None
        asked = (self.ticket.appointment_ids, self.ticket.packages, payer)
        if not self.has_ticket or asked == self._around_of:
            return
        sessions: tuple[UsableSession, ...] = ()
        held: tuple[Balance, ...] = ()
        cards: tuple[CardOnFile, ...] = ()
        with suppress(Refusal):  # whoever may not see customers takes their money all the same
            if self.ticket.appointment_ids:
                sessions = (await self.ask(usable_sessions, find_sessions(self.ticket, payer))).sessions
            cards = await self.cards_of(payer)
            if payer is not None:
                held = (await self.ask(balances, ShowBalances(customer_id=payer))).balances
        self._around_of, self.around = asked, Aside(sessions, held, cards)
        if self.sold is None:
            self.draw()

    async def cards_of(self, payer: int | None) -> tuple[CardOnFile, ...]:
        """The cards on file of whoever pays."""
        return () if payer is None else (await self.ask(show_cards, ShowCards(customer_id=payer))).cards

    async def change(self, ticket: Ticket) -> bool:
        """Put this on the counter, or say why it is no ticket and leave what is there."""
        with self.refusals_shown():
            self.adopt(await quoted(self, ticket))
        return self.ticket is ticket

    async def menu(self) -> Menu:
        """Who serves here."""
        return await self.ask(show_menu, ShowMenu())

    async def known_words(self) -> Known:
        """Whom and what the line can name, asked once for each sheet."""
        if self._known is not None:
            return self._known
        menu = await self.menu()
        issuers = (await self.ask(list_issuers, ListIssuers())).issuers
        classes = (await self.ask(list_price_classes, ListPriceClasses())).classes
        self._known = Known(
            tuple((one.id, one.name) for one in menu.stylists),
            tuple((one.id, one.name) for one in issuers),
            tuple((one.id, one.name) for one in classes if one.is_active),
        )
        return self._known

    async def with_sessions(self, ticket: Ticket) -> Ticket:
        """The ticket with a session for every line that one could pay for. Raises BadInput when there is none."""
        if not ticket.appointment_ids:
            raise BadInput("Sessions pay for visits, and there is none on this ticket.", field="tenders")
        found = (await self.ask(usable_sessions, find_sessions(ticket, ticket.customer_id))).sessions
        added = with_usable_sessions(ticket, found)
        if added is ticket:
            raise BadInput("No package pays for anything more on this ticket. Take another tender.", field="tenders")
        return added

    def begin(self) -> None:
        """An empty counter; the sale that stood there is history."""
        self.ticket, self.shown, self.sold = EMPTY, None, None
        self.around, self._around_of = Aside(), ()

    async def clear(self) -> None:
        """An empty counter, and the list."""
        self.begin()
        self.say("")
        self.line.value = ""
        self.keep()
        await self.load()

    async def set_aside(self) -> bool:
        """Park the ticket. False when that was refused, which has been said."""
        if self.is_charged():
            return False
        card = await self.write(park, ParkTicket(ticket=self.ticket))
        if card is None:
            return False
        await self.clear()
        return True

    def is_charged(self) -> bool:
        """Whether a card was charged for this ticket already; that is said."""
        if charges_of(self.ticket) or self.charge is not None:
            self.say("A card was charged for this ticket: − on its payment gives the money back first.", "amber")
            return True
        return False

    def take_up_draft(self) -> None:
        """What was left on the counter, the first time anybody looks."""
        if self._has_looked_for_draft:
            return
        self._has_looked_for_draft = True
        found = kept(self.keeper("ticket", ""))
        if found is None or found.is_empty:
            return
        self.ticket, self.sent, self.charge = found.ticket, found.sent, found.charge
        self.is_left_over = True
        self.line.value = found.line
        self.say("This is how the counter was left. Nothing of it is paid.", "amber")

    def keep(self) -> None:
        """Write the counter down now."""
        open_ = Kept(EMPTY if self.sold else self.ticket, self.line.value, self.sent, self.charge)
        customer = self.shown.customer if self.shown and self.has_ticket else ""
        keep(self.keeper("ticket", f"Ticket of {customer}" if customer else "Ticket"), open_)

    def keep_soon(self) -> None:
        """Once nothing more is typed for a moment."""
        if self._keep_later is not None:
            self._keep_later.stop()
        self._keep_later = self.set_timer(KEPT_AFTER, self.keep)
