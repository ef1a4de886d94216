"""How a ticket is paid: what is typed is read, weighed against what is due, asked about, and taken."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from frontdesk.money import money_text
from frontdesk.rules.tender_line import typed_tenders
from frontdesk.screens.checkout import forms
from frontdesk.screens.checkout.acts import TicketActs
from frontdesk.screens.checkout.counter import sale_of, with_code, with_tips, with_typed
from frontdesk.screens.checkout.forms import Changed, quoted
from frontdesk.services.checkout import check_out
from frontdesk.services.ticket import Quote
from frontdesk.widgets.modal import Answer, Question


class Paying(TicketActs):
    """The line of the till when there is a ticket."""

    async def pay(self, typed: str) -> None:
        """Take the payment typed: part of it is put down, all of it closes the sale. Raises refusals."""
        changed = await self.with_line(typed)
        if changed.quote.over:
            settled = await self._with_over(changed)
            if settled is None:
                return
            changed = settled
        if changed.quote.is_settled:
            await self._take(changed)
        elif not typed.strip():
            self._say_rest(changed.quote)
        else:
            self.line.value = ""
            self.adopt(changed)
            self._say_rest(changed.quote)

    def _say_rest(self, shown: Quote) -> None:
        if shown.is_empty:
            self.say("All of this is paid already. esc puts it away.", "amber")
        elif shown.rest:
            left = money_text(shown.rest, shown.currency, self.desk.shop.locale)
            self.say(f"{left} left to pay. Type cash, card, or an amount of each.")

    async def with_line(self, typed: str) -> Changed:
        """The ticket with what the line says. Raises what the line does not say well."""
        shop = self.desk.shop
        known = await self.known_words()
        said = typed_tenders(
            typed,
            currency=shop.currency,
            locale=shop.locale,
            stylists=known.stylists,
            issuers=known.issuers,
            classes=known.classes,
        )
        ticket = with_typed(self.ticket, said)
        if said.uses_sessions:
            ticket = await self.with_sessions(ticket)
        if any(one.percent is not None for one in said.tips):
            base = (await quoted(self, replace(ticket, tip=Decimal(0), tip_to={}, tenders=()))).quote.tip_base
        else:
            base = Decimal(0)
        return await quoted(self, with_tips(ticket, said.tips, base, shop.currency))

    async def _with_over(self, changed: Changed) -> Changed | None:
        """A card took more than is due: a tip, or a wrong figure. None leaves the line as it was typed."""
        shown, shop = changed.quote, self.desk.shop
        named = next((one for one in shown.tips if one.stylist_id == changed.ticket.tip_stylist_id), None)
        whom = named or (shown.tips[0] if shown.tips else None)
        answers = [Answer("1", f"tip {whom.name}", "tip")] if whom else []
        answers += [Answer("2", "tip for somebody else", "other"), Answer("3", "mistyped: back to the line", "back")]
        over = money_text(shown.over, shop.currency, shop.locale)
        answer = await self.app.wait_for(Question(f"{over} more than is due, by card.", answers))
        tip = changed.ticket.tip + shown.over
        if answer == "tip" and whom:
            return await quoted(self, replace(changed.ticket, tip=tip, tip_stylist_id=whom.stylist_id))
        if answer == "other":
            return await self.fill(forms.tip_form(self, lambda: changed.ticket, shown, await self.menu(), tip))
        return None

    async def _take(self, changed: Changed) -> None:
        """Close the sale. Whatever is refused leaves ticket and line as they are."""
        ticket = changed.ticket
        for index, tender in enumerate(ticket.tenders):
            if tender.method == "card" and not tender.approval_code:
                amount = changed.quote.tenders[index].amount
                code = await self.fill(forms.code_form(amount, self.desk.shop))
                if code is None:
                    self.say("Not taken yet: the card's approval code is missing. Enter asks again.", "amber")
                    return
                ticket = with_code(ticket, index, code)
        self.sent = sale_of(ticket, self.sent)
        self.keep()  # whoever takes this up after a crash sends the same sale and no second one
        receipt = await self.write(check_out, self.sent)
        if receipt is None:
            return
        self.sent = None
        self.ticket, self.shown = ticket, changed.quote
        self.sold = self.receipt = receipt
        self.line.value = ""
        self.keep()
        self.draw()
        taken = money_text(receipt.total + receipt.tip, self.desk.shop.currency, self.desk.shop.locale)
        self.say(f"Receipt {receipt.number}: {taken} taken.")
