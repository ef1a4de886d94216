"""What the keys do to a ticket: lines, discounts, a tip, the receipt, putting it aside."""

from __future__ import annotations

from dataclasses import replace

from frontdesk.screens.checkout import forms
from frontdesk.screens.checkout.counter import EMPTY, without_fee, without_product, without_tender, without_visits
from frontdesk.screens.checkout.drawing import Key
from frontdesk.screens.checkout.till import Till, alone
from frontdesk.services.receipts import ShowReceipt, copy_receipt
from frontdesk.services.ticket_wishes import Ticket
from frontdesk.widgets.modal import Answer, Question


class TicketActs(Till):
    """The keys on a ticket."""

    @alone
    async def do_add_line(self) -> None:
        """A product, by name or barcode."""
        served = [one.stylist_id for one in self.shown.tips] if self.shown and not self.sold else []
        fees = self.shown.open_fees if self.shown and not self.sold else ()
        changed = await self.fill(forms.product_form(self, self._open_ticket, await self.menu(), served, fees))
        if changed is not None:
            self.sold = None
            self.adopt(changed)

    def _open_ticket(self) -> Ticket:
        return EMPTY if self.sold else self.ticket

    @alone
    async def do_remove_line(self) -> None:
        """What is under the cursor comes off the ticket."""
        key = self.table.row.key if self.table.row else None
        if self.sold is not None or not isinstance(key, Key) or self.shown is None:
            self.say("There is nothing here to take off.", "amber")
            return
        if key.kind == "product":
            ticket = without_product(self.ticket, key.at)
        elif key.kind == "fee":
            ticket = without_fee(self.ticket, key.at)
        elif key.kind == "tender":
            ticket = without_tender(self.ticket, key.at)
        else:
            lines = {line.line_id: line.appointment_id for line in self.shown.lines if line.line_id}
            visit = lines[key.at]
            ticket = without_visits(self.ticket, [visit] if visit else [], [n for n, v in lines.items() if v == visit])
        if ticket.appointment_ids or ticket.products or ticket.fee_ids:
            await self.change(ticket)
        else:
            self.begin()
            self.keep()
            await self.load()

    @alone
    async def do_discount(self) -> None:
        """Something off."""
        changed = await self.fill(forms.discount_form(self, lambda: self.ticket, self._line_under_cursor()))
        if changed is not None:
            self.adopt(changed)

    def _line_under_cursor(self) -> tuple[Key, str] | None:
        row = self.table.row
        if row is None or not isinstance(row.key, Key) or row.key.kind in ("tender", "fee"):
            return None
        return row.key, row.cells[0]

    @alone
    async def do_tip(self) -> None:
        """A tip, and whose it is."""
        if self.shown is None:
            return
        menu = await self.menu()
        changed = await self.fill(forms.tip_form(self, lambda: self.ticket, self.shown, menu, self.ticket.tip))
        if changed is not None:
            self.adopt(changed)

    @alone
    async def do_print(self) -> None:
        """The receipt; again it says COPY."""
        receipt = self.receipt
        if receipt is None:
            return
        words = receipt.receipt
        if receipt.sale_id in self.printed:
            words = (await self.ask(copy_receipt, ShowReceipt(number=receipt.number))).receipt
        self.printed.add(receipt.sale_id)
        await self.read(f"Receipt {receipt.number}", words)

    async def do_park(self) -> None:
        """Put the ticket aside."""
        self.park()
        await self.load()
        self.say("Put aside; it stands at the top of the list.")

    async def do_back(self) -> None:
        """The line first; then a ticket on which nothing was done goes back to the list, and another one is asked."""
        if self.line.value:
            self.line.value = ""
        elif self.sold is not None or replace(self.ticket, appointment_ids=()) == EMPTY:
            self.begin()
            self.keep()
            await self.load()
        else:
            answers = [Answer("K", "put it aside", "park"), Answer("x", "throw it away; nothing was taken", "away")]
            answer = await self.app.wait_for(Question("This ticket is not paid.", answers))
            if answer == "park":
                await self.do_park()
            elif answer == "away":
                self.begin()
                self.keep()
                await self.load()
