"""What is done with a sale once it is made: its receipt, a refund, a void, the next visit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from frontdesk.errors import BadInput, NotFound
from frontdesk.money import money_text
from frontdesk.rules.pricing import CARD
from frontdesk.screens.checkout import drawing, forms, refunds
from frontdesk.screens.checkout.acts import TicketActs
from frontdesk.screens.checkout.till import alone
from frontdesk.screens.visits.booking import Start, booking_form
from frontdesk.screens.visits.kept_time import KeptTime
from frontdesk.services.cards.card_backs import SendBack, SentBack, send_back
from frontdesk.services.cards.card_payments import AskAgain, CardCharge, RefundCard, ask_again, refund_charge
from frontdesk.services.papers.invoices import (
    InvoicedAlready,
    IssuedInvoice,
    IssueInvoice,
    ShowInvoice,
    issue_invoice,
    show_invoice,
)
from frontdesk.services.papers.outbox import MailReceipt, Queued, mail_receipt
from frontdesk.services.papers.printing import BeginPrint, Document, print_receipt
from frontdesk.services.papers.receipts import ShowReceipt, copy_receipt
from frontdesk.services.till.refunding import NothingToGiveBack, Refundable, ShowRefundable, refundable
from frontdesk.services.till.sale_reasons import ExplainSale, SaleExplained, explain_sale
from frontdesk.services.till.voiding import ShowLastSale, Voided, VoidSale, last_sale, void
from frontdesk.widgets.form import Form
from frontdesk.widgets.modal import Answer, Question

T = TypeVar("T")

_AGAIN_AFTER = dt.timedelta(weeks=4)


class Afterwards(TicketActs):
    """The keys on a sale."""

    @alone
    async def do_print(self) -> None:
        """The receipt: printed, shown, sent, or without prices; again it says COPY. Without a sale, any receipt."""
        number = self.receipt.number if self.receipt else None
        if number is None:
            found = await self.fill(self._which("Which receipt", self._explained_sale))
            if found is None:
                return
            number = found.number
        ways = [
            *([Answer("P", "print it", "print")] if self.app.settings.printer else []),
            Answer("s", "show it", "show"),
            Answer("e", "send it by e-mail", "mail"),
            Answer("g", "for a present, without prices", "gift"),
            Answer("i", "an invoice, with a number of its own", "invoice"),
        ]
        how = await self.app.wait_for(Question(f"Receipt {number}", ways))
        if how == "print":
            await self._print(number, "receipt")
        elif how == "mail":
            await self._mail(number)
        elif how == "invoice":
            await self._invoice(number)
        elif how == "gift":
            if self.app.settings.printer:
                await self._print(number, "gift_receipt")
            else:
                gift = await self.ask(copy_receipt, ShowReceipt(number=number, gift=True))
                await self.read(f"Receipt {number}", gift.receipt)
        elif how == "show":
            await self._show(number)

    def _which(self, title: str, look: Callable[[str], Awaitable[T]]) -> Form[T]:
        return forms.number_form(title, self.receipt.number if self.receipt else None, look)

    async def _explained_sale(self, typed: str) -> SaleExplained:
        return await self.ask(explain_sale, ExplainSale(number=forms.own_number(typed)))

    async def why_closed(self) -> None:
        """Why a closed sale came to what it came to: the one that stands there, or any by its number."""
        if self.sold is not None:
            told: SaleExplained | None = await self._explained_sale(str(self.sold.number))
        else:
            told = await self.fill(self._which("Why? Of which receipt", self._explained_sale))
        if told is not None:
            whose = f", {told.customer}" if told.customer and not self.app.private else ""
            await self.read(f"Why receipt {told.number}{whose}", self.explained(told.reasons))

    async def _show(self, number: int) -> None:
        receipt = self.receipt
        if receipt is not None and receipt.number == number and receipt.sale_id not in self.printed:
            self.printed.add(receipt.sale_id)
            await self.read(f"Receipt {number}", receipt.receipt)
        else:
            await self.read(f"Receipt {number}", (await self.ask(copy_receipt, ShowReceipt(number=number))).receipt)

    async def _print(self, number: int, document: Document) -> None:
        desk, printer = self.desk, self.app.settings.printer
        self.say("Printing…")
        done = await self.app.aside(lambda: print_receipt(desk, printer, BeginPrint(number=number, document=document)))
        self.say(done.sentence, "" if done.printed else "amber")

    async def _invoice(self, number: int) -> None:
        """The invoice of a receipt, made now or shown again; sent, when somebody says where to."""

        async def issue(wish: IssueInvoice, address: str) -> IssuedInvoice:
            try:
                made = await self.ask_surely(issue_invoice, wish)
            except InvoicedAlready as there:
                made = await self.ask(show_invoice, ShowInvoice(number=int(str(there.facts["number"]))))
            if address:
                await self.ask_surely(mail_receipt, MailReceipt(number=number, address=address, document="invoice"))
                self.say(f"Invoice {made.number} goes to {address}.")
            else:
                self.say(f"Invoice {made.number}. frontdesk invoice show {made.number} --pdf FILE makes a page of it.")
            return made

        made = await self.fill(forms.invoice_form(number, issue))
        if made is not None:
            await self.read(f"Invoice {made.number} of receipt {number}", drawing.page(made.text, self.size.width - 5))

    async def _mail(self, number: int) -> None:
        async def send(address: str) -> Queued:
            return await self.ask_surely(mail_receipt, MailReceipt(number=number, address=address))

        queued = await self.fill(forms.address_form(send))
        if queued is not None:
            self.say(f"Receipt {number} goes to {queued.address}.")

    @alone
    async def do_void(self) -> None:
        """The sale that stands there, or the last one that was taken here."""
        if self.sold is not None:
            number, whose = self.sold.number, ""
        else:
            last = (await self.ask(last_sale, ShowLastSale())).sale
            if last is None:
                self.say("You have taken nothing today that can be voided. R gives back of any receipt.", "amber")
                return
            whole = money_text(last.total, self.desk.shop.currency, self.desk.shop.locale)
            number, whose = last.number, f", {last.customer or 'nobody in particular'}, {whole}"

        async def take_back(reason: str) -> Voided:
            return await self.ask_surely(void, VoidSale(number=number, reason=reason))

        title = f"Void receipt {number}{whose}"
        done = await self.fill(forms.reason_form(title, "wrong visit, taken twice", take_back))
        if done is None:
            return
        if self.receipt is not None and self.receipt.number == number:
            self.receipt = None
        if self.sold is not None:
            await self.clear()
        else:
            await self.load()
        again = " Its visits are to be paid again." if done.visits else ""
        said = f"Receipt {number} is void, under number {done.number}."
        await self._hand_back(done.sale_id, said, done.payments, again)

    @alone
    async def do_refund(self) -> None:
        """Money back of an earlier receipt: its number, then what of it, how, and why."""
        left = await self.fill(self._which("Give back of which receipt", self._refundable))
        if left is None:
            return
        done = await self.fill(refunds.refund_form(self, left))
        if done is None:
            return
        said, payments = (
            f"Refund {done.number} of receipt {left.called}.",
            [(one.method, one.amount) for one in done.payments],
        )
        await self._hand_back(done.sale_id, said, payments)
        await self.read(f"Refund {done.number}", done.receipt)

    async def _refundable(self, typed: str) -> Refundable:
        """A receipt of ours; of the system before, where we have none of that number."""
        try:
            left = await self.ask(refundable, ShowRefundable(number=forms.own_number(typed)))
        except (NotFound, BadInput) as refusal:
            try:
                left = await self.ask(refundable, ShowRefundable(imported=typed))
            except NotFound:
                raise refusal from None
        if not (left.tip or any(one.total or one.quantity for one in left.lines)):
            raise NothingToGiveBack(number=left.called)
        return left

    async def _hand_back(
        self, sale_id: int, said: str, payments: Sequence[tuple[str, Decimal]], then: str = ""
    ) -> None:
        """Send what a connected card paid back to that card, and say what is to be handed over besides."""
        sent = await self.write(send_back, SendBack(sale_id=sale_id))
        by_terminal = sum((one.amount for one in sent.charges), Decimal(0)) if sent else Decimal(0)
        shop, parts, by_itself = self.desk.shop, [], []
        for method, amount in payments:
            by_hand = max(amount - by_terminal, Decimal(0)) if method == CARD else amount
            by_terminal -= amount - by_hand
            money = money_text(by_hand, shop.currency, shop.locale)
            if method in refunds.BY_ITSELF:
                by_itself.append(refunds.BY_ITSELF[method].format(money))
            elif by_hand:
                parts.append(f"{money} {refunds.called(method)}")
        words = [said, *([f"Give back {' and '.join(parts)}."] if parts else []), *by_itself]
        if sent is not None and not sent.is_done:
            await self.read("Not on the card yet", "\n".join([*words, *sent.sentences]))
        elif sent is not None:
            words += sent.sentences
        self.say(" ".join(words) + then)
        if not self.has_ticket:
            await self.load()

    async def settle_card(self, open_: CardCharge) -> None:
        """What a card terminal has left open: it is asked again, or the money goes back."""
        if open_.status == "pending":
            found = await self.write(ask_again, AskAgain(card_payment_id=open_.id))
            if found is not None:
                self.say(_settled(found.charges[0]), "amber" if found.charges[0].next else "")
        elif open_.sale_number is None:
            money = money_text(open_.amount, open_.currency, self.desk.shop.locale)
            ways = [Answer("1", f"give {money} back to {open_.card}", True)]
            if not await self.app.wait_for(Question(f"{open_.next} * on a ticket pays with it.", ways)):
                return
            back = await self.write(refund_charge, RefundCard(card_payment_id=open_.id))
            if back is not None:
                self.say(_settled(back), "" if back.status == "approved" else "amber")
        else:
            sent = await self.write(send_back, SendBack(card_payment_id=open_.id))
            if sent is not None:
                self.say(sent.sentences[-1] if sent.sentences else "The card has its money.", _tone(sent))
        await self.load()

    @alone
    async def do_rebook(self) -> None:
        """The same customer and service again, while they stand here."""
        shown = self.shown
        first = next((line for line in shown.lines if line.kind == "service"), None) if shown else None
        if shown is None or first is None:
            self.say("There was no service on this ticket. F2 books from the book.", "amber")
            return
        menu, kept = await self.menu(), KeptTime(self)
        at = self.desk.clock.now().replace(minute=0, second=0, microsecond=0) + _AGAIN_AFTER
        start = Start(at, first.stylist_id, shown.customer_id, shown.customer, first.name, title="Book the same again")
        try:
            booked = await self.fill(booking_form(self, menu, start, kept))
        finally:
            await kept.release()
        if booked is not None:
            self.say(f"Booked {shown.customer}, visit {booked.code}. Enter begins the next ticket.")


def _tone(sent: SentBack) -> str:
    return "" if sent.is_done else "amber"


def _settled(charge: CardCharge) -> str:
    """What became of a charge, and what to do with it."""
    if charge.status == "approved":
        return charge.next or "The money is back on the card."
    if charge.status == "declined":
        return f"The card was declined{f' ({charge.message})' if charge.message else ''}: nothing was moved."
    if charge.status == "failed":
        return "The terminal has never heard of it: nothing was moved."
    return charge.next
