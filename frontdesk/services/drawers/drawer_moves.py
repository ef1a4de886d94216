"""Cash that goes in and out of drawers without a sale: for milk, to the safe, to another drawer, as tips (CD2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound, ReasonMissing, Refusal
from frontdesk.money import money_text, plain, rounded
from frontdesk.permissions import Deed
from frontdesk.services.drawers.drawer_sessions import NoOpenDrawer, open_session_for
from frontdesk.services.drawers.drawers import drawer_name, expected_in, held_session
from frontdesk.services.pay.tips import tips_owed
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.drawers import DrawerMove
from frontdesk.tables.stylists import Stylist
from frontdesk.text import clean


class NotThatMuch(Refusal):
    """There is not that much in {drawer} by the books. Look at the amount; if it is right, pay in what is missing
    first."""


class MoreThanOwed(Refusal):
    """{stylist} is owed {owed} in tips. Pay out that or less; what is no tip is paid out with a reason."""


@dataclass(frozen=True, kw_only=True)
class PayIn(Write):
    """Cash that comes into a drawer from elsewhere: change from the bank."""

    amount: Decimal
    reason: str
    session_id: int | None = None
    """Of an open drawer; the shop's only open one when it is not said."""


@dataclass(frozen=True, kw_only=True)
class PayOut(Write):
    """Cash that is taken out for something: milk, a courier."""

    amount: Decimal
    reason: str
    session_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class DropCash(Write):
    """Cash that goes from a drawer into the safe."""

    amount: Decimal
    reason: str = ""
    session_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class TransferCash(Write):
    """Cash that goes from one open drawer into another."""

    amount: Decimal
    to_session_id: int
    session_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class TipOut(Write):
    """Tips that a stylist is given in cash."""

    stylist_id: int
    amount: Decimal
    session_id: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class CashMoved:
    """Cash that has gone in or out. The amount is as it was said, without a sign."""

    move_id: int
    kind: str
    drawer: str
    amount: Decimal
    reason: str
    to_drawer: str
    """Of a transfer."""
    stylist: str
    """Of tips."""
    at: dt.datetime


@use_case(Deed.USE_DRAWER)
def pay_in(work: Work, request: PayIn) -> CashMoved:
    """Put cash into a drawer, and say what for. Raises ReasonMissing, NoOpenDrawer, DrawerClosedBy, BadInput."""
    return _moved(work, "pay_in", request.session_id, request.amount, _reason(request.reason))


@use_case(Deed.USE_DRAWER)
def pay_out(work: Work, request: PayOut) -> CashMoved:
    """Take cash out of a drawer, and say what for.

    Raises ReasonMissing, NotThatMuch, NoOpenDrawer, DrawerClosedBy, BadInput.
    """
    return _moved(work, "pay_out", request.session_id, request.amount, _reason(request.reason))


@use_case(Deed.USE_DRAWER)
def drop(work: Work, request: DropCash) -> CashMoved:
    """Put cash from a drawer into the safe. Raises NotThatMuch, NoOpenDrawer, DrawerClosedBy, BadInput."""
    return _moved(work, "drop", request.session_id, request.amount, clean(request.reason))


@use_case(Deed.USE_DRAWER)
def transfer(work: Work, request: TransferCash) -> CashMoved:
    """Put cash from one drawer into another: one entry with two sides.

    Raises NotThatMuch, NoOpenDrawer, DrawerClosedBy, BadInput.
    """
    return _moved(
        work, "transfer", request.session_id, request.amount, clean(request.reason), to_id=request.to_session_id
    )


@use_case(Deed.USE_DRAWER)
def tip_out(work: Work, request: TipOut) -> CashMoved:
    """Give a stylist tips in cash out of a drawer, as much as is owed at most.

    Raises MoreThanOwed, NotThatMuch, NoOpenDrawer, DrawerClosedBy, BadInput. Two desks that pay the same tips out take
    turns.
    """
    stylist = work.session.get(Stylist, request.stylist_id)
    if stylist is None:
        raise NotFound(what="stylist", name=request.stylist_id, remedy="Look at the list of stylists.")
    work.session.execute(_ONE_AT_A_TIME, {"stylist": stylist.id})
    owed = tips_owed(work, [stylist.id])[stylist.id]
    if request.amount > owed:
        shop = work.shop
        said = money_text(max(owed, Decimal(0)), shop.currency, shop.locale)
        raise MoreThanOwed(stylist=stylist.first_name, owed=said)
    return _moved(work, "tip_out", request.session_id, request.amount, clean(request.reason), stylist=stylist)


_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('tips of ' || :stylist, 0))")


def _moved(
    work: Work,
    kind: str,
    session_id: int | None,
    said: Decimal,
    reason: str,
    *,
    to_id: int | None = None,
    stylist: Stylist | None = None,
) -> CashMoved:
    amount = _amount(work, said)
    session_id = session_id if to_id is not None and session_id is not None else _session(work, session_id, to_id)
    if to_id == session_id:
        raise BadInput("That is the same drawer. Say another to put it into.", field="to_session_id")
    held = {each: held_session(work, each, alone=False) for each in sorted({session_id, to_id or session_id})}
    drawer = drawer_name(work, held[session_id].drawer_id)
    if kind != "pay_in" and expected_in(work, session_id) < amount:
        raise NotThatMuch(drawer=drawer)
    move = DrawerMove(
        shop_id=work.shop.id,
        session_id=session_id,
        kind=kind,
        amount=amount if kind == "pay_in" else -amount,
        to_session_id=to_id,
        stylist_id=stylist.id if stylist else None,
        reason=reason,
        day=work.desk.today,
        at=work.now,
    )
    work.session.add(move)
    work.session.flush()
    for each in held.values():
        work.tell("drawer.changed", each.drawer_id)
    to_drawer = drawer_name(work, held[to_id].drawer_id) if to_id is not None else ""
    return CashMoved(move.id, kind, drawer, amount, reason, to_drawer, stylist.first_name if stylist else "", move.at)


def _session(work: Work, wished_id: int | None, to_id: int | None) -> int:
    """The named session, else the only open one; of a transfer, the only other one."""
    if wished_id is not None:
        return wished_id
    if to_id is not None:
        others = work.session.execute(_OTHERS, {"shop": work.shop.id, "to": to_id}).scalars().all()
        if len(others) == 1:
            return int(others[0])
    found = open_session_for(work, None, takes_cash=True)
    if found is None:
        raise NoOpenDrawer
    return found


_OTHERS = text("SELECT id FROM drawer_sessions WHERE shop_id = :shop AND closed_at IS NULL AND id <> :to")


def _amount(work: Work, said: Decimal) -> Decimal:
    currency = work.shop.currency
    if said <= 0:
        raise BadInput(f"Say how much, above nothing: {plain(Decimal(20), currency)}.", field="amount")
    if rounded(said, currency) != said:
        raise BadInput(f"{said} is finer than {currency} can be paid.", field="amount")
    return rounded(said, currency)


def _reason(typed: str) -> str:
    reason = clean(typed)
    if not reason:
        raise ReasonMissing
    return reason


@dataclass(frozen=True, kw_only=True)
class ListMoves:
    """Of an open or closed session of a drawer."""

    session_id: int


@dataclass(frozen=True)
class MoveLine:
    """A move as that drawer sees it: negative for what left it."""

    id: int
    kind: str
    amount: Decimal
    reason: str
    other_drawer: str
    stylist: str
    at: dt.datetime
    who: str


@dataclass(frozen=True)
class Moves:
    """What went in and out of a drawer without a sale, in order."""

    session_id: int
    moves: tuple[MoveLine, ...]


@use_case(Deed.USE_DRAWER)
def list_moves(work: Work, request: ListMoves) -> Moves:
    """What went in and out of a drawer without a sale."""
    rows = work.session.execute(_MOVES, {"session": request.session_id, "shop": work.shop.id})
    return Moves(request.session_id, tuple(MoveLine(*row) for row in rows))


_MOVES = text("""
    SELECT m.id, m.kind, CASE WHEN m.to_session_id = :session THEN -m.amount ELSE m.amount END, m.reason,
           coalesce(d.name, ''), coalesce(p.first_name, ''), m.at, u.name
      FROM drawer_moves m JOIN users u ON u.id = m.moved_by
      LEFT JOIN stylists p ON p.id = m.stylist_id
      LEFT JOIN drawer_sessions o
        ON o.id = CASE WHEN m.to_session_id = :session THEN m.session_id ELSE m.to_session_id END
      LEFT JOIN drawers d ON d.id = o.drawer_id
     WHERE m.shop_id = :shop AND :session IN (m.session_id, m.to_session_id) ORDER BY m.at, m.id
""")
