"""What lies on the counter, how it changes, and how it is kept: beneath what the till's keys do."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from textual.timer import Timer

from frontdesk.money import money_text
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.checkout.counter import EMPTY, Kept, Parked
from frontdesk.screens.checkout.forms import Changed, quoted
from frontdesk.screens.checkout.keeping import keep, kept
from frontdesk.screens.checkout.tender_input import TenderInput
from frontdesk.services.checkout import CheckOut, Receipted
from frontdesk.services.menu import Menu, ShowMenu, show_menu
from frontdesk.services.ticket import Quote
from frontdesk.services.ticket_wishes import Ticket
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


class Till(DeskScreen):
    """A ticket on the counter, those put aside, and the sale that was closed last."""

    def __init__(self) -> None:
        super().__init__()
        self.ticket: Ticket = EMPTY
        self.shown: Quote | None = None
        self.parked: list[Parked] = []
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
        return bool(self.ticket.appointment_ids or self.ticket.products or self.ticket.fee_ids)

    def adopt(self, changed: Changed) -> None:
        """This is the ticket now."""
        self.ticket, self.shown = changed.ticket, changed.quote
        self.is_left_over = False
        self.keep()
        self.draw()

    async def change(self, ticket: Ticket) -> bool:
        """Put this on the counter, or say why it is no ticket and leave what is there."""
        with self.refusals_shown():
            self.adopt(await quoted(self, ticket))
        return self.ticket is ticket

    async def menu(self) -> Menu:
        """Who serves here."""
        return await self.ask(show_menu, ShowMenu())

    def begin(self) -> None:
        """An empty counter; the sale that stood there is history."""
        self.ticket, self.shown, self.sold = EMPTY, None, None

    def park(self) -> None:
        """Put the ticket aside, with what is typed."""
        shown, shop = self.shown, self.desk.shop
        due = money_text(shown.total_due, shop.currency, shop.locale) if shown else ""
        customer = shown.customer if shown else ""
        self.parked.append(Parked(self.ticket, customer, due, self.desk.clock.now(), self.line.value))
        self.begin()
        self.line.value = ""
        self.keep()

    def take_up_draft(self) -> None:
        """What was left on the counter, the first time anybody looks."""
        if self._has_looked_for_draft:
            return
        self._has_looked_for_draft = True
        found = kept(self.keeper("ticket", ""))
        if found is None or found.is_empty:
            return
        self.ticket, self.parked, self.sent = found.ticket, list(found.parked), found.sent
        self.is_left_over = True
        self.line.value = found.line
        self.say("This is how the counter was left. Nothing of it is paid.", "amber")

    def keep(self) -> None:
        """Write the counter down now."""
        open_ = Kept(EMPTY if self.sold else self.ticket, self.line.value, tuple(self.parked), self.sent)
        customer = self.shown.customer if self.shown and self.has_ticket else ""
        keep(self.keeper("ticket", f"Ticket of {customer}" if customer else "Ticket"), open_)

    def keep_soon(self) -> None:
        """Once nothing more is typed for a moment."""
        if self._keep_later is not None:
            self._keep_later.stop()
        self._keep_later = self.set_timer(KEPT_AFTER, self.keep)
