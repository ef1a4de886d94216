"""What the keys do to a ticket: lines, what comes off, tips, what lies ready, who pays, putting it aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from textual.content import Content

from frontdesk.money import money_text, number_text
from frontdesk.rules.explaining import Reason
from frontdesk.rules.pricing import CARD
from frontdesk.screens.checkout import drawing, forms, prices, selling
from frontdesk.screens.checkout.counter import (
    EMPTY,
    charges_of,
    has_goods,
    with_session,
    without_row,
    without_session,
    without_visits,
)
from frontdesk.screens.checkout.drawing import Key
from frontdesk.screens.checkout.forms import Changed
from frontdesk.screens.checkout.till import Till, alone
from frontdesk.services.cards.card_payments import OpenCharges, RefundCard, open_charges, refund_charge
from frontdesk.services.packages.packages import UsableSession
from frontdesk.services.papers.printing import print_text
from frontdesk.services.ticket.price_classes import ListPriceClasses, list_price_classes
from frontdesk.services.ticket.ticket_wishes import Pay, Ticket
from frontdesk.services.till.offered import OfferedTender
from frontdesk.services.till.parked import DropTicket, drop
from frontdesk.services.till.reckoning import ExplainTicket, explain
from frontdesk.text import fit, harmless
from frontdesk.widgets.modal import Answer, Question

_WHY_WIDTH = 66


class TicketActs(Till):
    """The keys on a ticket."""

    def _open_ticket(self) -> Ticket:
        return EMPTY if self.sold else self.ticket

    @alone
    async def do_add_line(self) -> None:
        """A product, a gift card, a package, a fee, what is owed, or another visit."""
        shown = None if self.sold else self.shown
        menu = await self.menu()
        shelf = await selling.shelf_of(self, shown, () if self.sold else self.around.balances)
        served = [one.stylist_id for one in shown.tips] if shown else []
        changed = await self.fill(selling.sell_form(self, self._open_ticket, menu, served, shelf))
        if isinstance(changed, selling.Asked):
            if changed.kind == "gift":
                changed = await self.fill(selling.gift_card_form(self, self._open_ticket, menu))
            elif shown is not None and shown.customer_id is not None:
                changed = await self.fill(selling.account_form(self, self._open_ticket, shown.customer_id, shelf.owed))
        if isinstance(changed, Changed):
            if self.sold is not None:
                self.begin()
            self.adopt(changed)

    @alone
    async def do_remove_line(self) -> None:
        """What is under the cursor comes off the ticket; a parked ticket is thrown away."""
        key = self.table.row.key if self.table.row else None
        if isinstance(key, tuple) and key[0] == "parked" and not self.has_ticket:
            await self._drop_parked(int(key[1]))
            return
        if self.sold is not None or not isinstance(key, Key) or self.shown is None:
            self.say("There is nothing here to take off.", "amber")
            return
        if key.kind in ("charge", "prepaid_tax", "rounding"):
            self.say("That comes with the rest of the ticket, and goes with it.", "amber")
            return
        if key.kind == "tender" and not await self._money_is_back(key.at):
            return
        ticket = self._without(key)
        if has_goods(ticket):
            await self.change(ticket)
        elif not self.is_charged():
            await self.clear()

    async def _drop_parked(self, parked_id: int) -> None:
        answers = [Answer("x", "throw it away; its visits stay to be paid", True)]
        if await self.app.wait_for(Question("Throw this parked ticket away?", answers)):
            await self.write(drop, DropTicket(parked_id=parked_id))
            await self.load()

    async def _money_is_back(self, at: int) -> bool:
        """Whether a tender can be taken off: what a terminal has charged goes back to the card first."""
        if at < 0:
            self.say("The sessions on the ticket pay that. − on their line takes them off.", "amber")
            return False
        number = self.ticket.tenders[at].card_payment_id
        if number is None:
            return True
        answers = [Answer("1", "give the money back to the card", True)]
        if not await self.app.wait_for(Question("The card terminal has charged this card.", answers)):
            return False
        back = await self.write(refund_charge, RefundCard(card_payment_id=number))
        if back is None or back.status != "approved":
            if back is not None:
                self.say(f"The money is not back: {back.message or back.next or back.status}.", "amber")
            return False
        return True

    def _without(self, key: Key) -> Ticket:
        if key.kind != "service":
            return without_row(self.ticket, key.kind, key.at)
        if any(one.line_id == key.at for one in self.ticket.sessions):
            return without_session(self.ticket, key.at)
        lines = {line.line_id: line.appointment_id for line in self.shown.lines if line.line_id} if self.shown else {}
        visit = lines.get(key.at)
        return without_visits(self.ticket, [visit] if visit else [], [n for n, v in lines.items() if v == visit])

    @alone
    async def do_discount(self) -> None:
        """Something off."""
        classes = (await self.ask(list_price_classes, ListPriceClasses())).classes
        changed = await self.fill(
            forms.discount_form(
                self, lambda: self.ticket, self._line_under_cursor(), [c for c in classes if c.is_active]
            )
        )
        if changed is not None:
            self.adopt(changed)

    def _line_under_cursor(self) -> tuple[Key, str] | None:
        row = self.table.row
        if row is None or not isinstance(row.key, Key) or row.key.kind not in ("service", "product"):
            return None
        return row.key, row.cells[0]

    @alone
    async def do_price(self) -> None:
        """Another price for the line under the cursor, or what was really done."""
        if self.shown is None:
            return
        key = prices.the_priced(self.shown, self.table.row.key if self.table.row else None)
        line = prices.line_of(self.shown, key)
        assert line is not None
        changed = await self.fill(await prices.price_form(self, lambda: self.ticket, key, line))
        if changed is not None:
            self.adopt(changed)

    @alone
    async def do_tip(self) -> None:
        """A tip, and whose it is."""
        if self.shown is None:
            return
        menu = await self.menu()
        changed = await self.tip_given(lambda: self.ticket, forms.tip_form(
            self, lambda: self.ticket, self.shown, menu, self.ticket.tip
        ))  # fmt: skip
        if changed is not None:
            self.adopt(changed)

    async def tip_given(self, ticket: forms.Now, form: forms.TipForm) -> Changed | None:
        """What a tip's form makes of the ticket; by hand it goes on to each one's part."""
        changed = await self.fill(form)
        if isinstance(changed, Changed) or changed is None:
            return changed
        assert self.shown is not None
        return await self.fill(forms.tips_form(self, ticket, self.shown, await self.menu()))

    @alone
    async def do_payer(self) -> None:
        """Somebody else pays."""
        changed = await self.fill(selling.payer_form(self, lambda: self.ticket))
        if changed is not None:
            self.adopt(changed)

    @alone
    async def do_use(self) -> None:
        """A session for the line under the cursor; otherwise whatever lies ready."""
        if self.shown is None:
            return
        await self.look()
        used = {one.line_id for one in self.ticket.sessions}
        free = [one for one in self.around.sessions if one.line_id not in used]
        key = self.table.row.key if self.table.row else None
        here = [one for one in free if isinstance(key, Key) and key == Key("service", one.line_id)]
        ways: list[tuple[str, UsableSession | OfferedTender | Pay]] = [
            (f"a session of {one.name}{_of(one.owner)}, {one.left} left: {one.service}", one) for one in here or free
        ]
        if not here:
            ways += [(f"{one.name} {self._money(one.amount)}", one) for one in self.shown.offers]
            ways += [*self._cards_on_file(), *await self._charged_already()]
        if not ways:
            self.say(
                "Nothing lies ready to pay with. + sells a package; a gift card is typed: gift and its code.", "amber"
            )
            return
        answers = [Answer(str(place), words, one) for place, (words, one) in enumerate(ways[:9], start=1)]
        is_plain = len(ways) == 1 and not isinstance(ways[0][1], Pay)  # a card is not charged unasked
        which = ways[0][1] if is_plain else await self.app.wait_for(Question("What is used?", answers))
        if which is None:
            return
        if isinstance(which, Pay):
            if await self.change(replace(self.ticket, tenders=(*self.ticket.tenders, which))):
                await self.take_when_settled()
        elif isinstance(which, UsableSession):
            await self.change(with_session(self.ticket, which.line_id, which.customer_package_id))
        else:
            await self.change(replace(self.ticket, tenders=(*self.ticket.tenders, Pay(method=which.method))))

    def _cards_on_file(self) -> list[tuple[str, Pay]]:
        """Those of whoever pays that this till can charge with what is left."""
        if self.shown is None or not self.shown.rest:
            return []
        used = {one.customer_card_id for one in self.ticket.tenders}
        left = self._money(self.shown.rest)
        return [
            (f"charge {self.around.card(one.id)}, on file: {left}", Pay(method=CARD, customer_card_id=one.id))
            for one in self.around.cards
            if one.id not in used and not one.why_not
        ]

    async def _charged_already(self) -> list[tuple[str, Pay]]:
        """What the card terminal has charged, and no ticket has used."""
        used = charges_of(self.ticket)
        loose = (await self.ask(open_charges, OpenCharges())).charges
        return [
            (f"{one.card}, charged already: {self._money(one.amount)}", Pay(method=CARD, card_payment_id=one.id))
            for one in loose
            if one.kind == "charge" and one.status == "approved" and one.sale_number is None and one.id not in used
            and one.left == one.amount
        ]  # fmt: skip

    async def take_when_settled(self) -> None:
        """Close the sale once everything is paid."""

    def _money(self, amount: Decimal) -> str:
        return money_text(amount, self.desk.shop.currency, self.desk.shop.locale)

    @alone
    async def do_why(self) -> None:
        """Why every figure is what it is; those of the line under the cursor first."""
        ticket = self.ticket
        if self.sold is not None or not self.has_ticket:
            await self.why_closed()
            return
        reasons = (await self.ask(explain, ExplainTicket(**vars(ticket)))).reasons
        await self.read("Why", self.explained(self._under_cursor_first(reasons)))

    async def why_closed(self) -> None:
        """Why a closed sale came to what it came to."""

    def _under_cursor_first(self, reasons: Sequence[Reason]) -> list[Reason]:
        key, lines = self.table.row.key if self.table.row else None, self.shown.lines if self.shown else ()
        line = prices.line_of(self.shown, key) if self.shown and isinstance(key, Key) else None
        if line is None or not lines:
            return list(reasons)
        first = [one for one in reasons if one.figure == line.name or one.figure.startswith(f"{line.name}: ")]
        return [*first, *(one for one in reasons if one not in first)]

    def explained(self, reasons: Sequence[Reason]) -> Content:
        """Each figure, and below it the rule and the sum behind it."""
        shop, parts = self.desk.shop, []
        for one in reasons:
            amount = number_text(one.amount, shop.currency, shop.locale)
            parts.append(
                Content.styled(fit(harmless(one.figure), _WHY_WIDTH - 12) + fit(amount, 12, right=True), "bold")
            )
            parts.append(Content.styled(f"  {harmless(one.rule)}: {harmless(one.arithmetic)}", "$fd-muted"))
        return Content("\n").join(parts)

    @alone
    async def do_quote(self) -> None:
        """What it would come to, on paper or on the screen."""
        if self.shown is None:
            return
        words, printer = drawing.quote_text(self.shown, self.desk.shop), self.app.settings.printer
        answers = [Answer("P", "print it", "print"), Answer("s", "show it", "show")]
        how = await self.app.wait_for(Question("A quote: nothing is sold.", answers)) if printer else "show"
        if how == "print":
            self.say((await self.app.aside(lambda: print_text(printer, words))).sentence)
        elif how == "show":
            await self.read("Quote", words)

    @alone
    async def do_park(self) -> None:
        """Put the ticket aside."""
        if await self.set_aside():
            self.say("Put aside; it stands at the top of the list.")

    async def do_back(self) -> None:
        """The line first; then a ticket on which nothing was done goes back to the list, and another one is asked."""
        if self.line.value:
            self.line.value = ""
        elif self.sold is not None or replace(self.ticket, appointment_ids=()) == EMPTY:
            await self.clear()
        elif charges_of(self.ticket) or self.charge is not None:
            self.is_charged()
        else:
            answers = [Answer("K", "put it aside", "park"), Answer("x", "throw it away; nothing was taken", "away")]
            answer = await self.app.wait_for(Question("This ticket is not paid.", answers))
            if answer == "park":
                await self.do_park()
            elif answer == "away":
                await self.clear()


def _of(owner: str) -> str:
    return f" of {owner}" if owner else ""
