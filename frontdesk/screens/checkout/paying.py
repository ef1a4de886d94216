"""How a ticket is paid: what is typed is read, weighed against what is due, asked about, and taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from textual import events, work

from frontdesk.desk import Desk
from frontdesk.errors import BadInput, NotOnShelf, Refusal
from frontdesk.money import money_text
from frontdesk.rules.pricing import CARD
from frontdesk.rules.tender_line import typed_tenders
from frontdesk.rules.tender_said import TypedTip
from frontdesk.rules.tender_vocabulary import METHODS, ON_FILE, heads_of
from frontdesk.rules.tender_words import method_words
from frontdesk.screens.checkout import forms, prices
from frontdesk.screens.checkout.afterwards import Afterwards
from frontdesk.screens.checkout.counter import sale_of, with_charge, with_code, with_price, with_tips, with_typed
from frontdesk.screens.checkout.forms import Changed, quoted
from frontdesk.services.cards.card_payments import AskAgain, CardCharge, ChargeCard, ask_again, charge
from frontdesk.services.drawers.drawer_sessions import DrawerClosed, NoOpenDrawer, WhichDrawer
from frontdesk.services.drawers.drawers import ListDrawers, list_drawers
from frontdesk.services.stock.product_wishes import AddWish, add_wish
from frontdesk.services.stock.products import ListProducts, list_products
from frontdesk.services.till.checkout import check_out
from frontdesk.services.till.ticket import Quote
from frontdesk.widgets.modal import Answer, Question


class HowPaid(Question[str]):
    """How what is left is paid, in one key; a digit is the beginning of an amount, and nothing of it is lost."""

    def on_key(self, event: events.Key) -> None:
        """A digit goes to the line."""
        if event.character and event.character.isdigit():
            event.stop()
            event.prevent_default()
            self.dismiss(event.character)
        else:
            super().on_key(event)


class Paying(Afterwards):
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
            await self._ask_how(changed.quote)
        else:
            self.line.value = ""
            self.adopt(changed)
            self._say_rest(changed.quote)

    async def _ask_how(self, shown: Quote) -> None:
        """Enter on an empty line: what is left in one key, where nothing has to be counted."""
        if shown.is_empty or not shown.rest:
            self._say_rest(shown)
            return
        left = money_text(shown.rest, shown.currency, self.desk.shop.locale)
        ways = [Answer("c", "cash, exactly that", "cash"), Answer("d", "card", "card")]
        on_file = [one for one in await self.cards_of(shown.customer_id) if not one.why_not]
        ways += [Answer("f", f"{one.brand} …{one.last4}, on file", f"file {one.last4}") for one in on_file[:1]]
        how = await self.app.wait_for(HowPaid(f"{left} left to pay. An amount is typed: 50, card 20.", ways))
        if how is not None and how.isdigit():
            self.line.value = how + self.line.value  # the next digit may be there already
            self.line.cursor_position = len(self.line.value)
        elif how is not None:
            await self.pay(how)

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
            cards=await self._cards_named(typed),
        )
        ticket = with_typed(self.ticket, said)
        if said.price is not None and self.shown is not None:
            key = prices.the_priced(self.shown, self.table.row.key if self.table.row else None)
            ticket = with_price(ticket, key, prices.price_of(said.price, self.shown, key))
        if said.uses_sessions:
            ticket = await self.with_sessions(ticket)
        if any(one.percent is not None for one in said.tips):
            base = (await quoted(self, replace(ticket, tip=Decimal(0), tip_to={}, tenders=()))).quote.tip_base
        else:
            base = Decimal(0)
        changed = await quoted(self, with_tips(ticket, said.tips, base, shop.currency))
        self._refuse_empty(changed)
        return changed

    def _refuse_empty(self, changed: Changed) -> None:
        """A way to pay that goes towards nothing here is not put down. Raises BadInput."""
        put_down = len(self.ticket.tenders)
        unsaid = len(changed.quote.tenders) - len(changed.ticket.tenders)
        for tender in changed.quote.tenders[put_down + unsaid :]:
            if not tender.amount:
                what = method_words(tender.method)
                problem = f"{what} can pay for nothing that is left on this ticket. Take another way to pay."
                raise BadInput(problem, field="tenders")

    async def _cards_named(self, typed: str) -> tuple[tuple[int, str], ...]:
        """The payer's cards by their last digits, when the line can mean one: the newest of those with the same."""
        if not any(ON_FILE in (METHODS[head] for head in heads_of(word) if head in METHODS) for word in typed.split()):
            return ()
        cards = await self.cards_of(self.shown.customer_id if self.shown else None)
        return tuple({one.last4: (one.id, one.last4) for one in reversed(cards)}.values())

    async def take_when_settled(self) -> None:
        """Close the sale once everything is paid."""
        if self.shown is not None and self.shown.is_settled:
            await self._take(Changed(self.ticket, self.shown))
        elif self.shown is not None:
            self._say_rest(self.shown)

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
            more = (TypedTip(amount=shown.over, stylist_id=whom.stylist_id, is_more=True),)
            return await quoted(self, with_tips(changed.ticket, more, Decimal(0), shop.currency))
        if answer == "other":
            form = forms.tip_form(self, lambda: changed.ticket, shown, await self.menu(), tip)
            return await self.tip_given(lambda: changed.ticket, form)
        return None

    async def _take(self, changed: Changed) -> None:
        """Close the sale. Whatever is refused leaves ticket and line as they are."""
        if changed.quote.over_limit and not changed.ticket.discount_reason:
            title = f"The discount is {changed.quote.over_limit}"
            why = forms.reason_form(title, "late start, complaint, a friend", _itself)
            reason = await self.fill(why)
            if reason is None:
                self.say("Not taken yet: a discount above your limit needs its reason.", "amber")
                return
            changed = replace(changed, ticket=replace(changed.ticket, discount_reason=reason))
        charged = await self._with_cards(changed)
        if charged is None:
            return
        ticket = charged.ticket
        self.sent = sale_of(ticket, self.sent)
        self.keep()  # whoever takes this up after a crash sends the same sale and no second one
        receipt = await self.write(check_out, self.sent)
        if receipt is None:
            return
        self.sent = None
        self.ticket, self.shown = ticket, charged.quote
        self.sold = self.receipt = receipt
        self.line.value = ""
        self.keep()
        self.draw()
        taken = money_text(receipt.total + receipt.tip, self.desk.shop.currency, self.desk.shop.locale)
        self.say(f"Receipt {receipt.number}: {taken} taken.")

    async def _with_cards(self, changed: Changed) -> Changed | None:
        """Every card charged by the terminal, or with the approval code that it shows. None when one is not."""
        ticket, unsaid = changed.ticket, len(changed.quote.tenders) - len(changed.ticket.tenders)
        for index, tender in enumerate(changed.ticket.tenders):
            if tender.method != CARD or tender.approval_code or tender.card_payment_id is not None:
                continue
            amount = changed.quote.tenders[index + unsaid].amount
            if self.desk.card_terminal == "external" and tender.customer_card_id is None:
                code = await self.fill(forms.code_form(amount, self.desk.shop))
                if code is None:
                    self.say("Not taken yet: the card's approval code is missing. Enter asks again.", "amber")
                    return None
                ticket = with_code(ticket, index, code)
            else:
                done = await self._charged(amount, tender.customer_card_id)
                if done is None:
                    return None
                ticket = with_charge(ticket, index, done.id, done.amount)
                # What is charged is on the counter from now on, whatever becomes of the sale.
                self.line.value = ""
                self.charge = None
                self.adopt(Changed(ticket, changed.quote))
        return replace(changed, ticket=ticket)

    async def _charged(self, amount: Decimal, on_file: int | None) -> CardCharge | None:
        """Have the terminal charge a card: once, however often it is asked. None when it is not charged; that is
        said."""
        wish = ChargeCard(amount=amount, customer_card_id=on_file)
        if (
            self.charge is not None
            and replace(wish, request_id=self.charge.request_id, approval=self.charge.approval) != self.charge
            and not await self._is_over(self.charge)
        ):
            return None
        if self.charge is None:
            self.charge = wish
        asked, money = self.charge, money_text(amount, self.desk.shop.currency, self.desk.shop.locale)
        self.keep()
        waits = "waiting for the card…" if on_file is None else f"{self.around.card(on_file)} is charged…"
        self.say(f"{money} is on the card terminal: {waits}")
        done = await self.write(charge, asked)
        while done is not None and done.status == "pending":
            ways = [Answer("a", "ask the terminal again; it is never charged twice", True)]
            if not await self.app.wait_for(Question(f"The card terminal does not answer about {money}.", ways)):
                self.say("Not known yet whether the card was charged. Enter asks again before anything else.", "amber")
                return None
            found = await self.write(ask_again, AskAgain(card_payment_id=done.id))
            if found is None:
                return None
            done = found.charges[0]
        if done is None:
            return None
        if done.status != "approved":
            self.charge = None
            self.keep()
            why = f" ({done.message})" if done.message else ""
            is_put_down = any(one.method == CARD and one.card_payment_id is None for one in self.ticket.tenders)
            other = "− takes that payment off" if is_put_down else "or type another way to pay"
            self.say(f"The card was declined{why}. Enter asks again; {other}.", "red")
            return None
        return done

    async def _is_over(self, earlier: ChargeCard) -> bool:
        """Whether nothing was charged for what the terminal was asked for before; what was, is used first."""
        done = await self.write(charge, earlier)
        if done is not None and done.status not in ("approved", "pending"):
            self.charge = None
            return True
        money = money_text(earlier.amount, self.desk.shop.currency, self.desk.shop.locale)
        if done is not None:
            self.say(
                f"The card terminal was asked for {money} before. Type card {earlier.amount} to go on with that.",
                "amber",
            )
        return False

    def refused(self, service: Callable[[Desk, Any], Any], request: object, refusal: Refusal) -> None:
        """Cash without a drawer leads to the drawers; a product of which none is left, to what the customer wants."""
        super().refused(service, request, refusal)
        if isinstance(refusal, NoOpenDrawer | DrawerClosed):
            self._offer_drawer(refusal.sentence)
        elif isinstance(refusal, WhichDrawer):
            self._ask_drawer(refusal.sentence)
        elif isinstance(refusal, NotOnShelf):
            self._offer_wish(refusal.sentence)

    @work(group="wish", exclusive=True)
    async def _offer_wish(self, sentence: str) -> None:
        """Who pays may want it when it is back. A ticket of nobody's is left with what the refusal says."""
        customer_id = self.shown.customer_id if self.shown else None
        sold = {one.product_id for one in self.ticket.products}
        if customer_id is None or self.shown is None:
            return
        name = self.shown.customer
        with self.refusals_shown():
            shelf = (await self.ask(list_products, ListProducts())).products
            gone = [one for one in shelf if one.id in sold and (one.on_shelf or 0) <= 0 and one.is_stocked][:9]
            ways = [Answer(str(at), f"{name} wants {one.name} when it is back", one) for at, one in enumerate(gone, 1)]
            chosen = await self.app.wait_for(Question(sentence, ways)) if ways else None
            if chosen is None:
                return
            wish = await self.write(add_wish, AddWish(customer_id=customer_id, product_id=chosen.id))
            if wish is not None:
                self.say(f"{name} is named when {chosen.name} comes. − takes it off the ticket.")

    @work(group="drawer", exclusive=True)
    async def _offer_drawer(self, sentence: str) -> None:
        answers = [Answer("D", "open a drawer now; the ticket stays", True)]
        if await self.app.wait_for(Question(sentence, answers)):
            await self.app.switch_to("drawer")

    @work(group="drawer", exclusive=True)
    async def _ask_drawer(self, sentence: str) -> None:
        with self.refusals_shown():
            drawers = (await self.ask(list_drawers, ListDrawers())).drawers
            open_ones = [(one.name, one.session_id) for one in drawers if one.session_id is not None][:9]
            ways = [Answer(str(place), name, number) for place, (name, number) in enumerate(open_ones, start=1)]
            session_id = await self.app.wait_for(Question(sentence, ways))
            if session_id is not None:
                await self.change(replace(self.ticket, drawer_session_id=session_id))
                self.say("Enter takes the money into that drawer.")


async def _itself(reason: str) -> str:
    return reason
