"""What a stylist is paid: the statement of a period, the arithmetic of each entry, the close (features ST7 to ST12)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from frontdesk.desk import Shop
from frontdesk.errors import BadInput, Refusal
from frontdesk.money import money_text, number_text, parse_money
from frontdesk.permissions import Deed, refusal_for
from frontdesk.rules.hours import DAY
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.stylists.hours_forms import day_in
from frontdesk.screens.stylists.pay_rules import rules_of
from frontdesk.screens.stylists.tips import tips_of
from frontdesk.screens.wishes import Wishes
from frontdesk.services.pay.pay import (
    AdjustPay,
    ClosePayPeriod,
    GuaranteeSet,
    PayAdjusted,
    SetGuarantee,
    ShowStatement,
    adjust_pay,
    close_period,
    set_guarantee,
    show_statement,
)
from frontdesk.services.pay.pay_statements import PayEntry, StatementSheet
from frontdesk.services.pay.tips import TipEntry
from frontdesk.text import harmless
from frontdesk.widgets.field import Field
from frontdesk.widgets.form import Filled, Form
from frontdesk.widgets.modal import Answer, Question
from frontdesk.widgets.plain_table import Column, PlainTable, Row

TIP_WORDS = {"own": "tip", "pool": "share of the tip pool", "paid_out": "tips paid out", "in_pay": "tips with the pay"}
_OWN_KEYS = "? how it was reckoned   < > period   esc back"
_KEYS = "? how reckoned   < > period   + add   e rules   T tips   Z close   esc back"


@dataclass(frozen=True)
class Wish:
    """What somebody wants of a statement: another period, a reason, or a change."""

    what: str
    entry: PayEntry | None = None


async def pay_of(screen: DeskScreen, stylist_id: int | None) -> None:
    """Somebody's statement, until it is left. Only managers adjust, set rules and close."""
    day, word = screen.desk.today, ""
    while True:
        sheet = await screen.ask(show_statement, ShowStatement(stylist_id=stylist_id, day=day))
        wish = await screen.app.wait_for(PaySheet(sheet, screen.desk.shop, manages=_manages(screen), word=word))
        word = ""
        if wish is None:
            return
        if wish.what == "earlier":
            day = sheet.first_day - DAY
        elif wish.what == "later":
            day = sheet.last_day + DAY
        elif wish.what == "why" and wish.entry is not None:
            await screen.read(f"{wish.entry.name}, {sheet.stylist}", arithmetic(wish.entry, screen.desk.shop))
        elif wish.what == "add":
            word = await _add(screen, sheet)
        elif wish.what == "tips":
            await tips_of(screen)
        elif wish.what == "rules":
            await rules_of(screen, sheet.stylist_id)
        elif wish.what == "close":
            word = await _close(screen, sheet)


def _manages(screen: DeskScreen) -> bool:
    return refusal_for(screen.desk.actor, Deed.EDIT_RATES) is None


async def _add(screen: DeskScreen, sheet: StatementSheet) -> str:
    """An amount by hand, or what they have at least; what became of it."""
    ways = [
        Answer("a", "an amount by hand, with a reason", "a"),
        Answer("g", "a guarantee: what they have at least each period", "g"),
    ]
    way = await screen.app.wait_for(Question(f"What shall be added to {sheet.stylist}'s pay?", ways))
    if way == "a" and await screen.fill(adjust_form(screen, sheet)) is not None:
        return f"{sheet.stylist}'s pay is adjusted."
    if way != "g":
        return ""
    done = await screen.fill(guarantee_form(screen, sheet))
    return f"{sheet.stylist}'s guarantee holds from {_day(done.valid_from)}." if done else ""


async def _close(screen: DeskScreen, sheet: StatementSheet) -> str:
    """Close the period, once asked again; what became of it."""
    days, shop = f"{_day(sheet.first_day)} to {_day(sheet.last_day)}", screen.desk.shop
    question = Question(
        f"Close the pay of everybody, {days}? Nothing in it changes any more.",
        [Answer("y", "close it and keep the statements", True)],
    )
    if not await screen.app.wait_for(question):
        return ""
    try:
        done = await screen.ask(close_period, ClosePayPeriod(day=sheet.first_day))
    except Refusal as refusal:
        return refusal.sentence
    total = sum((one.total for one in done.statements), Decimal(0))
    return f"{days} is closed: {money_text(total, shop.currency, shop.locale)} to pay."


def arithmetic(entry: PayEntry, shop: Shop) -> str:
    """How an entry was reckoned, a step below the other."""
    when = f"{_day(entry.day)}{f', receipt {entry.sale_number}' if entry.sale_number else ''}"
    if entry.for_day != entry.day:
        when += f", for {_day(entry.for_day)}"
    lines = [when, ""]
    for step in entry.steps:
        lines += [step.words, f"    {step.figures} = {step.value}" if step.figures else f"    {step.value}"]
    return "\n".join([*lines, "", f"{entry.kind.replace('_', ' ')}: {_amount(entry.amount, shop)}"])


def adjust_form(screen: DeskScreen, sheet: StatementSheet) -> Form[PayAdjusted]:
    """A correction by hand, dated today."""
    wishes, shop = Wishes(), screen.desk.shop

    async def save(filled: Filled) -> PayAdjusted:
        amount = parse_money(filled["amount"], shop.currency, shop.locale, allow_negative=True)
        wish = AdjustPay(
            stylist_id=sheet.stylist_id, amount=amount, reason=filled["reason"], request_id=wishes.id_for(filled)
        )
        return await screen.ask(adjust_pay, wish)

    async def preview(filled: Filled) -> str:
        if not filled["amount"]:
            raise BadInput("Say how much; with a minus to take off.", field="amount")
        amount = parse_money(filled["amount"], shop.currency, shop.locale, allow_negative=True)
        way = "less" if amount < 0 else "more"
        return f"{money_text(abs(amount), shop.currency, shop.locale)} {way}, dated today."

    fields = [Field("amount", "Amount", hint="12.50, or -12.50 to take off"), Field("reason", "Why")]
    title = f"Adjust the pay of {sheet.stylist}"
    return Form(title, fields, save, preview=preview, keeper=screen.keeper(f"adjust {sheet.stylist_id}", title))


def guarantee_form(screen: DeskScreen, sheet: StatementSheet) -> Form[GuaranteeSet]:
    """What somebody has at least for each pay period, from a day on."""
    wishes, shop = Wishes(), screen.desk.shop

    def amount(filled: Filled) -> Decimal:
        return parse_money(filled["amount"], shop.currency, shop.locale)

    async def save(filled: Filled) -> GuaranteeSet:
        wish = SetGuarantee(
            stylist_id=sheet.stylist_id, amount=amount(filled), valid_from=day_in(screen, filled, "since"),
            request_id=wishes.id_for(filled),
        )  # fmt: skip
        return await screen.ask(set_guarantee, wish)

    async def preview(filled: Filled) -> str:
        at_least, since = amount(filled), _day(day_in(screen, filled, "since"))
        if not at_least:
            return f"From {since} on nothing is guaranteed."
        said = money_text(at_least, shop.currency, shop.locale)
        return f"From {since} on a period that earns less than {said} is filled up to it as it is closed."

    now = _amount(sheet.guarantee, shop) if sheet.guarantee is not None else ""
    fields = [
        Field("amount", "At least", value=now, hint="1200.00 each pay period; 0 ends it"),
        Field("since", "From", value="today", hint="1 jun"),
    ]
    title = f"What {sheet.stylist} has at least"
    keeper = screen.keeper(f"guarantee {sheet.stylist_id}", title)
    return Form(title, fields, save, preview=preview, keeper=keeper, focus="amount")


def _day(day: dt.date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _amount(amount: Decimal, shop: Shop) -> str:
    return number_text(amount, shop.currency, shop.locale)


class PaySheet(ModalScreen["Wish | None"]):
    """A statement: its entries, how each was reckoned in one line, and what they come to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("question_mark", "wish('why')", show=False),
        Binding("less_than_sign", "wish('earlier')", show=False),
        Binding("greater_than_sign", "wish('later')", show=False),
        Binding("plus", "manage('add')", show=False),
        Binding("e", "manage('rules')", show=False),
        Binding("T", "manage('tips')", show=False),
        Binding("Z", "manage('close')", show=False),
        Binding("f8", "app.lock", show=False, id="lock"),
    ]
    CSS = """
    PaySheet { align: center bottom; background: $background 40%; }
    PaySheet PlainTable { height: auto; max-height: 12; min-height: 3; background: $surface; }
    PaySheet #sums { margin-top: 1; }
    """

    def __init__(self, sheet: StatementSheet, shop: Shop, *, manages: bool, word: str = "") -> None:
        """`word` says what became of the last wish."""
        super().__init__()
        self._sheet, self._shop, self._manages, self._word = sheet, shop, manages, word

    def compose(self) -> ComposeResult:
        """Whose and when, the entries, the sums, the keys."""
        sheet = self._sheet
        state = "closed" if sheet.closed_at else "open"
        days = f"{_day(sheet.first_day)} – {_day(sheet.last_day)} {sheet.last_day.year}"
        with Vertical(classes="panel"):
            yield Static(Content(f"Pay of {harmless(sheet.stylist)}   {days}   {state}"), classes="title")
            yield PlainTable(
                [
                    Column("Day", 10), Column("What"), Column("Reckoned", 24, least=12),
                    Column("Receipt", 7, right=True), Column("Amount", 10, right=True),
                ],
                id="entries",
                empty="Nothing was earned in these days yet.",
            )  # fmt: skip
            yield Static(self._sums(), id="sums")
            yield Static(Content(harmless(self._word)), classes="reason")
            yield Static(Content(_KEYS if self._manages else _OWN_KEYS), classes="quiet")

    def on_mount(self) -> None:
        """Arrows choose an entry at once."""
        table = self.query_one(PlainTable)
        rows = [self._entry(one) for one in self._sheet.entries]
        rows += [self._tip(number, tip) for number, tip in enumerate(self._sheet.tips)]
        table.show(rows)
        room = max(3, min(self.app.size.height - 9, 20))
        table.styles.max_height = room
        table.styles.height = max(3, min(len(rows) + 1, room))
        table.focus()

    def _tip(self, number: int, tip: TipEntry) -> Row:
        receipt = str(tip.number) if tip.kind == "own" and tip.number else ""
        cells = (_day(tip.day), TIP_WORDS[tip.kind], "", receipt, _amount(tip.amount, self._shop))
        return Row(("tip", number), cells, "fd-muted")

    def _entry(self, one: PayEntry) -> Row:
        figures = next((step.figures for step in reversed(one.steps) if step.figures), "")
        kind = "" if one.kind == "earned" else f" ({one.kind.replace('_', ' ')})"
        receipt = str(one.sale_number) if one.sale_number else ""
        cells = (_day(one.day), f"{harmless(one.name)}{kind}", figures, receipt, _amount(one.amount, self._shop))
        return Row(one, cells, "fd-amber" if one.amount < 0 else "")

    def _sums(self) -> Content:
        sheet = self._sheet
        said = [f"Commission {_amount(sheet.commission, self._shop)}"]
        if sheet.guarantee is not None:
            said.append(f"up to {_amount(sheet.guarantee, self._shop)}: {_amount(sheet.top_up, self._shop)}")
        before = f" ({_amount(sheet.tips_before, self._shop)} from before)" if sheet.tips_before else ""
        said.append(f"tips {_amount(sheet.tips_due, self._shop)}{before}")
        to_pay = money_text(sheet.total, sheet.currency, self._shop.locale)
        return Content.assemble("   ".join(said), "   ", (f"to pay {to_pay}", "bold"))

    @on(PlainTable.Chosen)
    def _chosen(self, chosen: PlainTable.Chosen) -> None:
        chosen.stop()
        self.action_wish("why")

    def action_wish(self, what: str) -> None:
        """Leave it with a wish."""
        row = self.query_one(PlainTable).row
        entry = row.key if row is not None and isinstance(row.key, PayEntry) else None
        if what != "why" or entry is not None:
            self.dismiss(Wish(what, entry))

    def action_manage(self, what: str) -> None:
        """What only managers do; for others these keys do nothing."""
        if self._manages:
            self.dismiss(Wish(what))

    def action_leave(self) -> None:
        """Back to the week."""
        self.dismiss(None)
