"""The till: a ticket, what it comes to, and the line on which it is paid."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Digits, Input, Static

from frontdesk.errors import BadInput, Refusal
from frontdesk.money import money_text
from frontdesk.permissions import MAY, Deed
from frontdesk.screens import commands
from frontdesk.screens.checkout import drawing
from frontdesk.screens.checkout.counter import EMPTY, with_fee, with_product, with_visit
from frontdesk.screens.checkout.forms import Changed, quoted
from frontdesk.screens.checkout.paying import Paying
from frontdesk.screens.checkout.selling import deposit_form, product_form
from frontdesk.screens.checkout.tender_input import TenderInput
from frontdesk.screens.checkout.till import alone
from frontdesk.screens.commands import Command
from frontdesk.screens.keyboard.scanner import Scanned
from frontdesk.screens.messages import PayFor
from frontdesk.services.cards.card_payments import OpenCharges, open_charges
from frontdesk.services.prepaid.deposits import DepositOf, deposit_of
from frontdesk.services.prepaid.gift_cards import ShowGiftCard, show_gift_card
from frontdesk.services.till.parked import ListParked, ResumeTicket, list_parked, resume
from frontdesk.services.till.ticket import FindProduct, UnpaidVisit, UnpaidVisits, find_product, unpaid_visits
from frontdesk.widgets.bar import Bar
from frontdesk.widgets.form import PREVIEW_AFTER
from frontdesk.widgets.modal import Answer, Question
from frontdesk.widgets.plain_table import PlainTable

_NEEDS_TICKET = (
    commands.DISCOUNT, commands.TIP, commands.PARK, commands.USE, commands.PAYER, commands.QUOTE, commands.PRICE,
)  # fmt: skip
_WITHOUT_TICKET = (commands.PRIVACY, commands.REFUND, commands.VOID, commands.PRINT, commands.DRAWER)
"""Capitals that are keys where a name can be typed, too."""
_SHORTEST_BARCODE = 6
_AFTERWARDS = (commands.REBOOK, commands.VOID, commands.REFUND)
"""What stands in the footer once a ticket is paid."""


class CheckoutScreen(Paying):
    """How a ticket is paid is typed, in any order: 50, cash 50 keep, card 20, file 4242, gift 7K2Q 30, credit, points,
    deposit, session, owe 20, voucher AB12 30, transfer 100; tip 5 anna, 10% off for waiting, coupon XMAS, class staff,
    price 45 for short hair, exempt diplomat; no tip takes it back. Enter on an empty line asks.
    """

    CSS_PATH = "checkout.tcss"
    DEED = Deed.SELL
    KEYS = (
        commands.ADD_LINE, commands.REMOVE_LINE, commands.DISCOUNT, commands.TIP, commands.USE, commands.PARK,
        commands.PRINT, commands.PAYER, commands.QUOTE, commands.PRICE, commands.VOID, commands.REFUND,
        commands.REBOOK, commands.WHY, commands.FIND, commands.BACK,
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._unpaid: tuple[UnpaidVisit, ...] = ()
        self._shows_list: bool | None = None
        self._look_later: Timer | None = None

    def body(self) -> ComposeResult:
        """The ticket left, its sums right, the line below."""
        with Horizontal(id="counter"):
            lines = PlainTable(drawing.LIST_COLUMNS, id="lines")
            lines.can_focus = False  # keys are the line's; it passes the arrows on
            yield lines
            with Vertical(id="right"):
                yield Static(Content(""), id="sums", markup=False)
                yield Digits("", id="change")
        yield Static(Content(""), id="asks", markup=False)
        with Horizontal(id="line-row"):
            yield Static(Content(">"), id="prompt", markup=False)
            yield TenderInput(self._is_command, id="tender")

    def heading(self) -> str:
        """Whose ticket it is."""
        return drawing.heading(self.shown if self.has_ticket else None, self.desk.shop)

    def find_focus(self) -> None:
        """On the line: whatever is typed is how it is paid."""
        self.line.focus()

    def reason_against(self, command: Command) -> str | None:
        """What needs a ticket says how to get one."""
        if self.sold is not None and command in _NEEDS_TICKET:
            return "That ticket is paid, and nothing paid is edited. Enter begins the next one."
        if not self.has_ticket and command in _NEEDS_TICKET:
            return "There is no ticket yet. Choose who pays with ↑ ↓ and enter, or press + for a product."
        if command is commands.REBOOK and self.sold is None:
            return "r books again once this is paid. F2 goes to the book."
        return None

    # Showing

    async def load(self) -> None:
        """The ticket as it is now, or who has not paid."""
        self.take_up_draft()
        self._known, self._around_of = None, ()
        if self.sold is not None:
            return
        if self.has_ticket:
            ticket = self.ticket
            try:
                changed = await quoted(self, ticket)
            except Refusal:
                # The news of a sale may be here before its answer: what this till has just closed is no surprise.
                if self.is_busy or self.sold is not None:
                    return
                raise
            if ticket is not self.ticket or self.sold is not None:
                return
            self.shown = changed.quote
            if self.is_left_over and self.shown.is_empty:
                self._forget_left_over()
        if not self.has_ticket:
            self._unpaid = (await self.ask(unpaid_visits, UnpaidVisits())).visits
            self.parked = (await self.ask(list_parked, ListParked())).tickets
            self.loose = (await self.ask(open_charges, OpenCharges())).charges
        self.draw()
        self.look_around()

    def _forget_left_over(self) -> None:
        """Somebody else has taken the money for what was left on the counter."""
        self.begin()
        self.line.value = ""
        self.is_left_over = False
        self.keep()
        self.say("What was left on the counter has been paid meanwhile.")

    def draw(self) -> None:
        """Everything anew."""
        shop, typed = self.desk.shop, self.line.value
        self._recolumn()
        right = self.query_one("#right")
        right.set_class(not self.has_ticket, "-hidden")
        change = self.sold.change if self.sold else Decimal(0)
        digits = self.query_one("#change", Digits)
        digits.update(drawing.big(change, shop) if change else "")
        digits.set_class(bool(change), "-due")
        if self.has_ticket and self.shown is not None:
            width = self.sums_width
            aside = None if self.app.private else self.around
            if self.sold:
                said = drawing.sold(self.sold, self.shown, shop, width)
            else:
                said = drawing.sums(self.shown, self.ticket, aside, shop, width)
            self.query_one("#sums", Static).update(said)
            self.table.show(list(drawing.ticket_rows(self.shown, self.ticket, self.around, shop)))
        else:
            rows = list(drawing.list_rows(self._unpaid, self.parked, self.loose, shop, typed))
            self.table.show(rows, empty=drawing.nobody(typed))
        self.query_one("#asks", Static).update(Content(self._asks()))
        self.draw_header()
        self.draw_footer()

    @property
    def sums_width(self) -> int:
        """Cells for the sums."""
        return 44 if self.size.width >= 120 else 34

    def on_resize(self) -> None:
        """Other widths."""
        if self.app.is_signed_in and self.is_attached:
            self.draw()

    def draw_footer(self) -> None:
        """While the line is empty its letters are keys; while something is typed they are text."""
        super().draw_footer()
        if self.is_attached and self._rest is None and self.focused is self.line and not self.line.value:
            also = _AFTERWARDS if self.sold is not None else () if self.has_ticket else _WITHOUT_TICKET
            offered = (*self.KEYS, commands.HELP)
            shown = [c for c in offered if (c.in_footer or c in also) and self.reason_against(c) is None]
            self.query_one("#footer", Bar).show(self._keys(shown), "F2 book")

    def _recolumn(self) -> None:
        shows_list = not self.has_ticket
        if shows_list is not self._shows_list:
            self._shows_list = shows_list
            self.table.recolumn(drawing.LIST_COLUMNS if shows_list else drawing.TICKET_COLUMNS)

    def _asks(self) -> str:
        if self.sold is not None:
            return "Paid. Enter or a scan begins the next ticket; P receipt, r book again, V void."
        if not self.has_ticket:
            return "Who pays? ↑ ↓ enter, or type a name."
        if self.size.width >= 120:
            return (
                "How is it paid? 50 · cash 50 keep · card 20 A1B2 · gift 7K2Q · credit · points · owe 20 · "
                "tip 5 anna · 10% off"
            )
        return "How is it paid? 50 · card · gift 7K2Q · credit · owe 20 · tip 5 · 10% off"

    def _is_command(self, key: str, character: str) -> bool:
        """Whether the empty line leaves this key to the screen: signs always, capitals when there is a ticket."""
        if self.sold is not None and key == self.app.key_of(commands.REBOOK):
            return True
        if character.isdigit() or character.islower() or character.isspace():
            return False
        if character.isalpha() and not self.has_ticket:
            return key in (self.app.key_of(one) for one in _WITHOUT_TICKET)
        offered = (*self.KEYS, *commands.EVERYWHERE)
        return any(self.app.key_of(command) == key for command in offered)

    def action_step(self, by: int) -> None:
        """Up and down from the line go through what stands above."""
        self.table.action_step(by)

    @on(Input.Changed)
    def _typed(self) -> None:
        if not self.has_ticket:
            self.draw()
        else:
            self.draw_footer()
            if self._look_later is not None:
                self._look_later.stop()
            self._look_later = self.set_timer(PREVIEW_AFTER, self._look_ahead)
        self.keep_soon()

    @work(group="preview", exclusive=True)
    async def _look_ahead(self) -> None:
        typed, said = self.line.value, self._asks()
        if typed.strip() and self.has_ticket and self.sold is None:
            with suppress(Refusal):  # half a word is no mistake yet; enter says what is wrong
                said = drawing.ahead((await self.with_line(typed)).quote, self.desk.shop)
        if typed == self.line.value:
            self.query_one("#asks", Static).update(Content(said))

    # Coming in: from the book, from a scanner, from the list

    @on(PayFor)
    @work(group="commands")
    async def _pay_for(self, asked: PayFor) -> None:
        with self.refusals_shown():
            await self._bring(asked.appointment_id)

    async def _bring(self, appointment_id: int) -> None:
        if self.sold is not None:
            self.begin()
        self.take_up_draft()
        if self.has_ticket and self.shown is None:
            await self.change(self.ticket)
        if self.has_ticket and appointment_id not in self.ticket.appointment_ids:
            whose = (self.shown.customer if self.shown else "") or "another"
            answers = [Answer("1", "pay both together", "join"), Answer("2", "put that one aside", "park")]
            answer = await self.app.wait_for(Question(f"The ticket of {whose} is not paid yet.", answers))
            if answer is None or (answer == "park" and not await self.set_aside()):
                return
        visit = (await quoted(self, with_visit(EMPTY, appointment_id))).quote.visits[0]
        if not self.has_ticket and (parked := await self._put_aside(visit.code)) is not None:
            await self._open(("parked", parked))
            return
        if visit.arrived_at is None and await self._is_deposit(appointment_id):
            return
        payer = self.shown.customer_id if self.shown and self.has_ticket else None
        await self.change(with_visit(self.ticket, appointment_id, payer))
        await self._with_its_fees(appointment_id)
        if self.shown is not None and self.shown.is_empty and self.shown.lines:
            self.say("That visit is paid already. esc puts it away.", "amber")

    async def _put_aside(self, code: str) -> int | None:
        """The parked ticket that this visit is on."""
        parked = (await self.ask(list_parked, ListParked())).tickets
        return next((one.id for one in parked if code in one.visits), None)

    async def _with_its_fees(self, appointment_id: int) -> None:
        """A visit that was missed has nothing to pay but its fee: that is on the ticket at once."""
        if self.shown is None or any(one.appointment_id == appointment_id for one in self.shown.lines):
            return
        codes = {one.code for one in self.shown.visits if one.id == appointment_id}
        ticket = self.ticket
        for fee in self.shown.open_fees:
            ticket = with_fee(ticket, fee.id) if fee.code in codes else ticket
        if ticket is not self.ticket and await self.change(ticket):
            self.say("The fee for the visit is on the ticket.")

    async def _is_deposit(self, appointment_id: int) -> bool:
        """Of a visit that is still to come a deposit is taken, or all of it: that is asked."""
        stand = await self.ask(deposit_of, DepositOf(appointment_id=appointment_id))
        if not stand.missing:
            return False
        asked = money_text(stand.missing, self.desk.shop.currency, self.desk.shop.locale)
        answers = [Answer("1", f"take the deposit of {asked}", "deposit"), Answer("2", "pay the visit", "visit")]
        answer = await self.app.wait_for(Question(f"{stand.customer} is not here yet.", answers))
        if answer == "deposit":
            form = deposit_form(self, lambda: self.ticket, appointment_id, stand.missing, stand.customer)
            if (changed := await self.fill(form)) is not None:
                self.adopt(changed)
        return answer != "visit"

    @on(Scanned)
    @work(group="save")
    async def _scanned(self, scanned: Scanned) -> None:
        with self.refusals_shown():
            found = await self.ask(find_product, FindProduct(text=scanned.code))
            if not found.exact:
                await self._scanned_other(scanned.code)
                return
            await self._put_on(found.products[0].id)

    async def _put_on(self, product_id: int) -> Changed | None:
        if self.sold is not None:
            self.begin()
        ticket = with_product(self.ticket, product_id)
        if not await self.change(ticket) or self.shown is None:
            return None
        name = next(one.name for one in self.shown.lines if one.product_id == product_id)
        self.say(f"{name} is on the ticket.")
        return Changed(ticket, self.shown)

    async def _scanned_other(self, code: str) -> None:
        """What was scanned is no product: a gift card goes onto the line, and anything else may be a new product."""
        with suppress(Refusal):
            card = await self.ask(show_gift_card, ShowGiftCard(code=code))
            left = money_text(card.balance, self.desk.shop.currency, self.desk.shop.locale)
            if self.has_ticket and self.sold is None:
                self.line.value = f"gift {card.code}"
            self.say(f"Gift card {card.code}: {left} left. Enter pays with it." if self.line.value else
                     f"Gift card {card.code}: {left} left.")  # fmt: skip
            return
        self.say(f"No product has the barcode {code}. + finds one by its name.", "amber")
        if Deed.EDIT_CATALOGUE not in MAY[self.desk.actor.role]:
            return
        answers = [Answer("n", "new product", True)]
        if await self.app.wait_for(Question(f"No product has the barcode {code}.", answers)):
            await self.fill(product_form(self, code, self._added))

    async def _added(self, product_id: int) -> Changed:
        changed = await self._put_on(product_id)
        if changed is None:
            raise BadInput("It is on the shelf by now, but not on this ticket. + adds it.", field="name")
        return changed

    @on(PlainTable.Chosen)
    @work(group="commands")
    async def _chosen(self, chosen: PlainTable.Chosen) -> None:
        if chosen.row is not None and not self.has_ticket:
            with self.refusals_shown():
                await self._open(chosen.row.key)

    async def _open(self, key: object) -> None:
        match key:
            case ("visit", int(appointment_id)):
                if await self.change(with_visit(EMPTY, appointment_id)):
                    self.line.value = ""
            case ("card", int(number)):
                await self.settle_card(next(one for one in self.loose if one.id == number))
            case ("parked", int(parked_id)):
                back = await self.write(resume, ResumeTicket(parked_id=parked_id))
                if back is None:
                    await self.load()
                elif await self.change(back.ticket):
                    self.line.value = ""
                    if back.lost:
                        self.say(f"Gone with the change at the chair: {', '.join(back.lost)}.", "amber")

    # The line

    @on(Input.Submitted)
    @work(group="commands")
    async def _take_line(self) -> None:
        with self.refusals_shown():
            await self._enter()

    @alone
    async def _enter(self) -> None:
        typed = self.line.value
        if self.sold is not None:
            self.begin()
            await self.load()
            if not typed.strip():
                return
        if await self._typed_code(typed.strip()):
            return
        if not self.has_ticket:
            if self.table.row is not None:
                await self._open(self.table.row.key)
            return
        await self.pay(typed)

    async def _typed_code(self, typed: str) -> bool:
        """Whether it was a barcode, by hand or by a slow scanner: its product is on the ticket, and nobody has handed
        over so much."""
        if not typed.isdecimal() or len(typed) < _SHORTEST_BARCODE:
            return False
        found = await self.ask(find_product, FindProduct(text=typed))
        if not found.exact:
            return False
        self.line.value = ""
        await self._put_on(found.products[0].id)
        return True
