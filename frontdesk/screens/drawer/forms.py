"""The forms of drawers: cash in, cash out, what stays in a counted drawer, and the close of the day."""

from __future__ import annotations

from decimal import Decimal

from frontdesk.errors import BadInput
from frontdesk.money import money_text, parse_money, plain
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.drawer import drawing
from frontdesk.services.drawers.closing import CloseDay, DayClosed, close_day
from frontdesk.services.drawers.drawer_counts import ClosedDrawer, CloseDrawer, CountedDrawer, close_drawer
from frontdesk.services.drawers.drawer_moves import (
    CashMoved,
    DropCash,
    PayIn,
    PayOut,
    TipOut,
    TransferCash,
    drop,
    pay_in,
    pay_out,
    tip_out,
    transfer,
)
from frontdesk.services.drawers.drawers import AddDrawer, DrawerState, add_drawer
from frontdesk.services.pay.tips import TipsOwed
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form

_PAY_OUT, _SAFE, _TO, _TIPS = "out", "safe", "to ", "tips "


def drawer_form(screen: DeskScreen, name: str) -> Form[DrawerState]:
    """What it is called."""

    async def save(filled: Filled) -> DrawerState:
        return await screen.ask_surely(add_drawer, AddDrawer(name=filled["name"]))

    return Form("A new drawer", [Field("name", "Name", value=name)], save)


def pay_in_form(screen: DeskScreen, drawer: DrawerState) -> Form[CashMoved]:
    """How much, and where from."""

    async def save(filled: Filled) -> CashMoved:
        wish = PayIn(amount=_amount(screen, filled), reason=filled["reason"], session_id=drawer.session_id)
        return await screen.ask_surely(pay_in, wish)

    return Form(
        f"{drawer.name}: cash in",
        [Field("amount", "Amount", hint="50"), Field("reason", "From where", hint="change from the bank")],
        save,
        keeper=screen.keeper(f"pay in {drawer.id}", f"{drawer.name}: cash in"),
    )


def pay_out_form(
    screen: DeskScreen, drawer: DrawerState, others: tuple[DrawerState, ...], tips: TipsOwed
) -> Form[CashMoved]:
    """How much, and where to: for something, into the safe, into another drawer, or somebody's tips."""
    offers = [Offer(_PAY_OUT, "paid out, for"), Offer(_SAFE, "into the safe")]
    offers += [Offer(f"{_TO}{one.session_id}", f"into {one.name}") for one in others]
    offers += [
        Offer(f"{_TIPS}{one.stylist_id}", f"tips of {one.stylist}, {plain(one.amount, tips.currency)} owed")
        for one in tips.owed
        if one.amount > 0
    ]

    async def save(filled: Filled) -> CashMoved:
        return await _take_out(screen, filled, drawer)

    return Form(
        f"{drawer.name}: cash out",
        [
            Field("amount", "Amount", hint="20"),
            Field("kind", "How", value=offers[0].label, picked=offers[0].value, find=among(offers)),
            Field("reason", "For", hint="milk"),
        ],
        save,
        keeper=screen.keeper(f"pay out {drawer.id}", f"{drawer.name}: cash out"),
        focus="amount",
    )


async def _take_out(screen: DeskScreen, filled: Filled, drawer: DrawerState) -> CashMoved:
    amount, reason, kind = _amount(screen, filled), filled["reason"], filled.picked["kind"]
    session = drawer.session_id
    if kind == _SAFE:
        return await screen.ask_surely(drop, DropCash(amount=amount, reason=reason, session_id=session))
    if kind.startswith(_TO):
        to = int(kind.removeprefix(_TO))
        wish = TransferCash(amount=amount, to_session_id=to, session_id=session, reason=reason)
        return await screen.ask_surely(transfer, wish)
    if kind.startswith(_TIPS):
        stylist = int(kind.removeprefix(_TIPS))
        return await screen.ask_surely(
            tip_out, TipOut(stylist_id=stylist, amount=amount, session_id=session, reason=reason)
        )
    if kind != _PAY_OUT:
        raise BadInput("Say where it goes: paid out, into the safe, another drawer, or somebody's tips.", field="kind")
    return await screen.ask_surely(pay_out, PayOut(amount=amount, reason=reason, session_id=session))


def _amount(screen: DeskScreen, filled: Filled) -> Decimal:
    return parse_money(filled["amount"], screen.desk.shop.currency, screen.desk.shop.locale)


def close_form(screen: DeskScreen, drawer: DrawerState, counted: CountedDrawer) -> Form[ClosedDrawer]:
    """What stays in the drawer; the rest goes to the bank. Off, it needs a note and a manager."""
    shop = screen.desk.shop
    usual = min(drawer.opening_float or Decimal(0), counted.total)

    async def save(filled: Filled) -> ClosedDrawer:
        left = parse_money(filled["left"], shop.currency, shop.locale, "left")
        note = filled["note"] if counted.needs_note else ""
        return await screen.ask_surely(close_drawer, CloseDrawer(session_id=counted.session_id, left=left, note=note))

    async def preview(filled: Filled) -> str:
        words = drawing.counted_words(counted, shop)
        left = parse_money(filled["left"], shop.currency, shop.locale, "left")
        if left > counted.total:
            return f"{words}\nThere is not that much in it."
        return f"{words}\n{money_text(counted.total - left, shop.currency, shop.locale)} to the bank."

    fields = [Field("left", "Left in it", value=plain(usual, shop.currency))]
    if counted.needs_note:
        fields.insert(0, Field("note", "Why it is off", hint="a note; a manager accepts it"))
    return Form(f"Close {drawer.name}", fields, save, preview=preview, focus=fields[0].name)


def day_form(screen: DeskScreen, left_open: str) -> Form[DayClosed]:
    """What the card terminal shows; and why, when something is left open."""
    shop = screen.desk.shop

    async def save(filled: Filled) -> DayClosed:
        cards = parse_money(filled["cards"], shop.currency, shop.locale, "cards") if filled["cards"] else None
        wish = CloseDay(cards=cards, cards_note=filled["cards_note"], reason=filled["reason"] if left_open else "")
        return await screen.ask_surely(close_day, wish)

    async def preview(filled: Filled) -> str:
        return left_open or "The Z takes everything since the last one, and is kept as it is printed."

    fields = [
        Field("cards", "Card terminal", hint="the total it shows; nothing when no card was charged"),
        Field("cards_note", "If that is off", hint="why it is not what was charged here"),
    ]
    if left_open:
        fields.insert(0, Field("reason", "Why anyway", hint="a manager's reason"))
    return Form("Close the day", fields, save, preview=preview, keeper=screen.keeper("close day", "Close the day"))
