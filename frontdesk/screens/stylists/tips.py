"""Whose the tips are: moved to somebody else, shared by hours, and a pool taken back (features CO4, ST16)."""

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
from frontdesk.errors import BadInput, NotAllowed, Refusal, TipsPaid, TipsPooled
from frontdesk.money import money_text, number_text, parse_money
from frontdesk.permissions import Deed, refusal_for
from frontdesk.rules.hours import DAY
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.stylists.hours_forms import day_in
from frontdesk.screens.wishes import Wishes
from frontdesk.services.pay.tip_sheet import ListTips, PoolCard, TipCard, TipSheet, UnpoolTips, list_tips, unpool_tips
from frontdesk.services.pay.tips import MoveTip, PoolTips, TipMoved, TipsPooledOut, move_tip, pool_tips
from frontdesk.services.team.stylists import ListStylists, list_stylists
from frontdesk.text import harmless
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form
from frontdesk.widgets.modal import Answer, Question
from frontdesk.widgets.plain_table import Column, PlainTable, Row

_KEYS = "m move   + share by hours   − take a pool back   < > period   esc back"


@dataclass(frozen=True)
class Wish:
    """What somebody wants of the tips."""

    what: str
    row: TipCard | PoolCard | None = None


async def tips_of(screen: DeskScreen) -> None:
    """The tips of this shop, a pay period at a time, until they are left."""
    day, word, at = screen.desk.today, "", None
    while True:
        sheet = await screen.ask(list_tips, ListTips(day=day))
        wish = await screen.app.wait_for(TipsSheet(sheet, screen.desk.shop, word=word, at=at))
        if wish is None:
            return
        word, at = "", _key(wish.row)
        if wish.what == "earlier":
            day = sheet.first_day - DAY
        elif wish.what == "later":
            day = sheet.last_day + DAY
        else:
            try:
                word = await _do(screen, sheet, wish)
            except Refusal as refusal:
                word = refusal.sentence


async def _do(screen: DeskScreen, sheet: TipSheet, wish: Wish) -> str:
    """What became of it, or why nothing did."""
    if wish.what == "pool":
        return await _share(screen, sheet)
    if wish.what == "unpool":
        return await _take_back(screen, sheet, wish.row)
    if not isinstance(wish.row, TipCard):
        return "A pool is shared as it is. − takes it back; then its tips can be moved."
    if sheet.is_closed:
        raise TipsPaid
    if wish.row.pool_id is not None:
        raise TipsPooled
    moved = await screen.fill(await _move_form(screen, wish.row))
    if moved is None:
        return ""
    shares = ", ".join(f"{one.stylist} {_amount(one.amount, screen.desk.shop)}" for one in moved.shares)
    return f"The tip of receipt {moved.sale_number} is {shares} now. m moves it back."


async def _move_form(screen: DeskScreen, tip: TipCard) -> Form[TipMoved]:
    """To whom, how much, why."""
    wishes, shop = Wishes(), screen.desk.shop
    people = (await screen.ask(list_stylists, ListStylists())).stylists
    others = [Offer(str(one.id), one.name) for one in people if one.id != tip.stylist_id]

    def amount(filled: Filled) -> Decimal:
        return parse_money(filled["amount"], shop.currency, shop.locale)

    def to(filled: Filled) -> int:
        if not filled.picked["to"]:
            raise BadInput(f"Choose who has it instead of {tip.stylist}.", field="to")
        return int(filled.picked["to"])

    async def save(filled: Filled) -> TipMoved:
        wish = MoveTip(
            sale_number=tip.sale_number, from_stylist_id=tip.stylist_id, to_stylist_id=to(filled),
            amount=amount(filled), reason=filled["reason"], request_id=wishes.id_for(filled),
        )  # fmt: skip
        return await screen.ask(move_tip, wish)

    async def preview(filled: Filled) -> str:
        who = next(one.label for one in others if one.value == str(to(filled)))
        part = amount(filled)
        if not 0 < part <= tip.amount:
            return ""
        keeps = f"{tip.stylist} keeps {_amount(tip.amount - part, shop)}, " if part < tip.amount else ""
        return f"{keeps}{who} has {_amount(part, shop)} of it."

    fields = [
        Field("to", "To", find=among(others)),
        Field("amount", "Amount", value=_amount(tip.amount, shop), hint="at most what they have"),
        Field("reason", "Why", hint="Bo helped"),
    ]
    title = f"{tip.stylist}'s tip of receipt {tip.sale_number} was somebody else's"
    name = f"tip {tip.sale_number} {tip.stylist_id}"
    return Form(title, fields, save, preview=preview, keeper=screen.keeper(name, title), focus="to")


async def _share(screen: DeskScreen, sheet: TipSheet) -> str:
    """Throw what is in no pool together and share it by hours."""
    _require(screen, Deed.EDIT_RATES)
    if sheet.is_closed:
        raise TipsPaid
    if not sheet.pools_tips:
        sure = Question(
            "Everybody keeps their own tips here: Rules of the till (F7) has it so. Share these all the same?",
            [Answer("y", "share them by hours", True)],
        )
        if not await screen.app.wait_for(sure):
            return ""
    wishes, shop = Wishes(), screen.desk.shop
    last = min(sheet.last_day, screen.desk.today)

    async def save(filled: Filled) -> TipsPooledOut:
        first = day_in(screen, filled, "first_day") if filled["first_day"] else None
        until = day_in(screen, filled, "last_day")
        return await screen.ask(pool_tips, PoolTips(first_day=first, last_day=until, request_id=wishes.id_for(filled)))

    async def preview(filled: Filled) -> str:
        waiting = money_text(sheet.to_pool, shop.currency, shop.locale)
        return f"{waiting} are in no pool up to {_day(last)}. They are shared by the hours everybody was here."

    fields = [
        Field("first_day", "From", hint="the oldest that is in no pool"),
        Field("last_day", "Until", value="today" if last == screen.desk.today else f"{last}", hint="sunday, 31 mar"),
    ]
    title = "Share tips by hours"
    form = Form(title, fields, save, preview=preview, keeper=screen.keeper("tip pool", title), focus="last_day")
    done = await screen.fill(form)
    if done is None:
        return ""
    out = f" Without a share: {', '.join(done.left_out)}{f', by {done.by_law}' * bool(done.by_law)}."
    shares = ", ".join(f"{one.stylist} {_amount(one.amount, shop)}" for one in done.shares)
    return f"{_amount(done.total, shop)} shared: {shares}.{out * bool(done.left_out)}"


async def _take_back(screen: DeskScreen, sheet: TipSheet, row: TipCard | PoolCard | None) -> str:
    """A pool is no more: the one under the cursor, or the one in which the tip under it lies."""
    _require(screen, Deed.EDIT_RATES)
    number = row.pool_id if row is not None else None
    pool = next((one for one in sheet.pools if one.pool_id == number), None)
    if pool is None:
        return "No pool is under the cursor. + shares tips by hours."
    if sheet.is_closed:
        raise TipsPaid
    total = _amount(pool.total, screen.desk.shop)
    sure = Question(
        f"Take the pool of {total} back, {_days(pool)}? Its tips are whose they were, and in no pool again. What was "
        "paid out of it stays paid.",
        [Answer("y", "take it back", True)],
    )
    if not await screen.app.wait_for(sure):
        return ""
    done = await screen.ask(unpool_tips, UnpoolTips(pool_id=pool.pool_id))
    return f"{_amount(done.total, screen.desk.shop)} are in no pool again. m moves a tip, + shares them anew."


def _require(screen: DeskScreen, deed: Deed) -> None:
    remedy = refusal_for(screen.desk.actor, deed)
    if remedy:
        raise NotAllowed(who=screen.desk.actor.name, deed=deed.value, remedy=remedy)


def _key(row: TipCard | PoolCard | None) -> tuple[str, int, int] | None:
    """What stays the same of a row when it is read anew."""
    if row is None:
        return None
    return ("pool", row.pool_id, 0) if isinstance(row, PoolCard) else ("tip", row.sale_number, row.stylist_id)


def _amount(amount: Decimal, shop: Shop) -> str:
    return number_text(amount, shop.currency, shop.locale)


def _day(day: dt.date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _days(pool: PoolCard) -> str:
    first, last = _day(pool.first_day), _day(pool.last_day)
    return first if first == last else f"{first} to {last}"


class TipsSheet(ModalScreen["Wish | None"]):
    """Pools, then the tips of each ticket, the latest first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("m", "wish('move')", show=False),
        Binding("plus", "wish('pool')", show=False),
        Binding("minus", "wish('unpool')", show=False),
        Binding("less_than_sign", "wish('earlier')", show=False),
        Binding("greater_than_sign", "wish('later')", show=False),
        Binding("f8", "app.lock", show=False, id="lock"),
    ]
    CSS = """
    TipsSheet { align: center bottom; background: $background 40%; }
    TipsSheet PlainTable { height: auto; max-height: 12; min-height: 3; background: $surface; }
    TipsSheet #whole { margin-top: 1; height: auto; max-height: 3; }
    """

    def __init__(self, sheet: TipSheet, shop: Shop, *, word: str = "", at: tuple[str, int, int] | None = None) -> None:
        """`word` says what became of the last wish, `at` where the cursor was."""
        super().__init__()
        self._sheet, self._shop, self._word, self._at = sheet, shop, word, at
        cards: list[TipCard | PoolCard] = [*sheet.pools, *sheet.tips]
        self._cards = {_key(one): one for one in cards}

    def compose(self) -> ComposeResult:
        """When, the pools and tips, the one under the cursor in full, the keys."""
        sheet = self._sheet
        days = f"{_day(sheet.first_day)} – {_day(sheet.last_day)} {sheet.last_day.year}"
        state = "closed" if sheet.is_closed else "open"
        waiting = f"   {_amount(sheet.to_pool, self._shop)} in no pool" if sheet.pools_tips and sheet.to_pool else ""
        with Vertical(classes="panel"):
            yield Static(Content(f"Tips   {days}   {state}{waiting}"), classes="title")
            yield PlainTable(
                [
                    Column("Day", 10), Column("Receipt", 7, right=True), Column("Whose"), Column("", 16),
                    Column("Amount", 10, right=True),
                ],
                id="tips",
                empty="No tips were given in these days.",
            )  # fmt: skip
            yield Static(Content(""), id="whole")
            yield Static(Content(harmless(self._word)), classes="reason")
            yield Static(Content(_KEYS), classes="quiet")

    def on_mount(self) -> None:
        """Arrows choose at once."""
        table = self.query_one(PlainTable)
        rows = [self._pool(one) for one in self._sheet.pools] + [self._tip(one) for one in self._sheet.tips]
        table.show(rows)
        room = max(3, min(self.app.size.height - 11, 20))
        table.styles.max_height = room
        table.styles.height = max(3, min(len(rows) + 1, room))
        if self._at in self._cards:
            table.go_to(self._at)
        table.focus()

    def _pool(self, one: PoolCard) -> Row:
        whose = ", ".join(f"{harmless(each.stylist)} {_amount(each.amount, self._shop)}" for each in one.shares)
        return Row(_key(one), (_day(one.last_day), "pool", whose, "", _amount(one.total, self._shop)))

    def _tip(self, one: TipCard) -> Row:
        note = "in the pool" if one.pool_id else f"moved by {harmless(one.moved_by)}" if one.moved_by else ""
        cells = (_day(one.day), str(one.sale_number), harmless(one.stylist), note, _amount(one.amount, self._shop))
        return Row(_key(one), cells, "fd-muted" if one.pool_id or self._sheet.is_closed else "")

    @property
    def _card(self) -> TipCard | PoolCard | None:
        row = self.query_one(PlainTable).row
        return next((card for key, card in self._cards.items() if row is not None and key == row.key), None)

    @on(PlainTable.Moved)
    def _moved(self, moved: PlainTable.Moved) -> None:
        moved.stop()
        self.query_one("#whole", Static).update(Content(harmless(self._whole(self._card))))

    def _whole(self, card: TipCard | PoolCard | None) -> str:
        """The row under the cursor in full: a list has no room for hours and reasons."""
        if card is None:
            return ""
        if isinstance(card, PoolCard):
            shares = ", ".join(
                f"{one.stylist} {one.minutes // 60}:{one.minutes % 60:02d} h {_amount(one.amount, self._shop)}"
                for one in card.shares
            )
            return f"{_days(card)}, shared by {card.made_by}: {shares}."
        why = f": {card.reason}" if card.reason else ""
        moved = f" {card.moved_by} moved it{why}." if card.moved_by else ""
        return f"{card.stylist} has {_amount(card.amount, self._shop)} of the tip of receipt {card.sale_number}.{moved}"

    def action_wish(self, what: str) -> None:
        """Leave it with a wish."""
        card = self._card
        if what != "move" or card is not None:
            self.dismiss(Wish(what, card))

    def action_leave(self) -> None:
        """Back to the week, or to the pay."""
        self.dismiss(None)
