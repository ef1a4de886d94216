"""How many there are of everything, and every way a piece moves: delivered, counted, used up, carried (features CA6).

How many is never written down: it is the sum of the moves per product and place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound, ReasonMissing
from frontdesk.permissions import Deed
from frontdesk.services.stock.awaited import who_waits
from frontdesk.services.stock.stock_moving import (
    MOST,
    Done,
    hold,
    in_place,
    in_shop,
    names_of,
    place_called,
    refuse_unless_some,
    sent,
    write_move,
)
from frontdesk.services.stock.stock_reading import Levels, Moves, levels_here, moves_of
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class ShowLevels:
    """How many there are of everything."""

    low: bool = False
    """Only what there is too little of."""
    product_id: int | None = None
    """Only this one."""


@use_case(Deed.SEE_BOOK)
def levels(work: Work, request: ShowLevels) -> Levels:
    """How many there are of every product, in all and in each place, and what there is too little of."""
    return levels_here(work, low=request.low, product_id=request.product_id)


@dataclass(frozen=True, kw_only=True)
class ShowMoves:
    """What came and went of a product here."""

    product_id: int
    limit: int = 100


@use_case(Deed.SEE_BOOK)
def moves(work: Work, request: ShowMoves) -> Moves:
    """What came and went of a product in this shop: when, how many, by whom and why. Raises NotFound, BadInput."""
    return moves_of(work, request.product_id, request.limit)


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """So many pieces of a product that came."""

    product_id: int
    quantity: int
    cost: Decimal | None = None
    """Of one."""


@dataclass(frozen=True, kw_only=True)
class ReceiveStock(Write):
    """A delivery."""

    arrived: tuple[Arrived, ...]
    order_id: int | None = None
    """The order it answers: products that stand on it count for it, others come along."""
    location_id: int | None = None
    """Where it is put; the shelf when empty."""
    note: str = ""
    """The delivery note's number."""


@use_case(Deed.MOVE_STOCK)
def receive(work: Work, request: ReceiveStock) -> Done:
    """Put a delivery on the shelf, or in another place; what is ordered of it is no longer waited for.

    The answer and the notice to the other terminals name the customers who want some of it.

    Raises BadInput, NotFound.
    """
    if not request.arrived:
        raise BadInput("Say what came, and how many.", field="arrived")
    for each in request.arrived:
        refuse_unless_some(each.quantity)
    ids = [each.product_id for each in request.arrived]
    names = names_of(work, ids)
    place = place_called(work, request.location_id)
    lines = _order_lines(work, request.order_id)
    hold(work, ids)
    before = in_shop(work, ids)
    written = [
        write_move(
            work, each.product_id, "received", each.quantity, request.location_id, reason=request.note,
            cost=None if each.cost is None else amount_of(work, each.cost, "cost"),
            order_line_id=lines.get(each.product_id),
        )
        for each in request.arrived
    ]  # fmt: skip
    done = sent(work, written, names, place)
    waiting = who_waits(work, ids)
    wanted = {one.product_id for one in waiting}
    for number in dict.fromkeys(ids):
        if before.get(number, 0) <= 0 or number in wanted:
            came = sum(each.quantity for each in request.arrived if each.product_id == number)
            work.tell("stock.received", number, name=names[number], now=before.get(number, 0) + came)
    if request.order_id is not None:
        work.session.execute(_CLOSE_FULL, {"order": request.order_id, "at": work.now})
    return replace(done, waiting=waiting)


_CLOSE_FULL = text("""
    UPDATE purchase_orders o SET closed_at = :at
     WHERE o.id = :order AND o.closed_at IS NULL AND NOT EXISTS (
           SELECT FROM purchase_order_lines l WHERE l.order_id = o.id AND l.quantity > (
                  SELECT coalesce(sum(m.quantity), 0) FROM stock_moves m WHERE m.order_line_id = l.id))
""")


def _order_lines(work: Work, order_id: int | None) -> dict[int, int]:
    """The lines of an open order, held so that nobody closes it meanwhile."""
    if order_id is None:
        return {}
    order = work.session.execute(_ORDER, {"order": order_id, "shop": work.shop.id}).one_or_none()
    if order is None or order.closed_at is not None:
        raise NotFound(what="open order", name=order_id, remedy="Look at the orders, or receive it without one.")
    found = text("SELECT product_id, id FROM purchase_order_lines WHERE order_id = :order")
    return {row.product_id: row.id for row in work.session.execute(found, {"order": order_id})}


_ORDER = text("SELECT id, closed_at FROM purchase_orders WHERE id = :order AND shop_id = :shop FOR UPDATE")


@dataclass(frozen=True, kw_only=True)
class Counted:
    """So many were found."""

    product_id: int
    counted: int


@dataclass(frozen=True, kw_only=True)
class CountStock(Write):
    """What somebody found in a place. What is not named is not counted."""

    found: tuple[Counted, ...]
    location_id: int | None = None
    note: str = ""


@use_case(Deed.MOVE_STOCK)
def count(work: Work, request: CountStock) -> Done:
    """Say how many there are: the difference moves, and what was found is kept beside it. Raises BadInput, NotFound."""
    if not request.found:
        raise BadInput("Say what you counted, and how many there are.", field="found")
    ids = [each.product_id for each in request.found]
    if len(set(ids)) < len(ids):
        raise BadInput("A product was counted twice. Say how many there are in all.", field="found")
    for each in request.found:
        if not 0 <= each.counted <= MOST:
            raise BadInput("A count is a number from 0 up.", field="counted")
    names, place = names_of(work, ids), place_called(work, request.location_id)
    hold(work, ids)
    were = in_place(work, ids, request.location_id)
    written = [
        write_move(
            work, each.product_id, "counted", each.counted - were.get(each.product_id, 0), request.location_id,
            counted=each.counted, reason=request.note,
        )
        for each in request.found
    ]  # fmt: skip
    return sent(work, written, names, place)


@dataclass(frozen=True, kw_only=True)
class UseStock(Write):
    """Pieces that leave without being sold."""

    product_id: int
    quantity: int
    why: Literal["used", "tester", "damaged", "sent_back"] = "used"
    """At the backbar, to be tried out, broken, or back to the supplier."""
    reason: str = ""
    """Needed for what is damaged."""
    location_id: int | None = None


@use_case(Deed.MOVE_STOCK)
def use(work: Work, request: UseStock) -> Done:
    """Take pieces away that nobody buys: used at the backbar, a tester, damaged, sent back.

    Raises BadInput, NotFound, ReasonMissing, and NotOnShelf where the shop takes only what is there.
    """
    refuse_unless_some(request.quantity)
    if request.why == "damaged" and not clean(request.reason):
        raise ReasonMissing
    names, place = names_of(work, [request.product_id]), place_called(work, request.location_id)
    gone = write_move(
        work, request.product_id, request.why, -request.quantity, request.location_id, reason=request.reason
    )
    return sent(work, [gone], names, place)


@dataclass(frozen=True, kw_only=True)
class CorrectStock(Write):
    """What stock says is wrong by so many, and why."""

    product_id: int
    quantity: int
    """More, or negative fewer."""
    reason: str
    location_id: int | None = None


@use_case(Deed.EDIT_STOCK)
def correct(work: Work, request: CorrectStock) -> Done:
    """Put right what stock says without counting, with a reason. Raises BadInput, NotFound, ReasonMissing."""
    refuse_unless_some(abs(request.quantity))
    if not clean(request.reason):
        raise ReasonMissing
    names, place = names_of(work, [request.product_id]), place_called(work, request.location_id)
    moved = write_move(
        work, request.product_id, "corrected", request.quantity, request.location_id, reason=request.reason
    )
    return sent(work, [moved], names, place)


@dataclass(frozen=True, kw_only=True)
class MoveStock(Write):
    """From one place to another. None is the shelf."""

    product_id: int
    quantity: int
    from_location_id: int | None = None
    to_location_id: int | None = None


@use_case(Deed.MOVE_STOCK)
def move(work: Work, request: MoveStock) -> Done:
    """Carry pieces from one place to another: how many there are in all stays.

    Raises BadInput, NotFound, and NotOnShelf where the shop takes only what is there.
    """
    refuse_unless_some(request.quantity)
    if request.from_location_id == request.to_location_id:
        raise BadInput("That is where it lies already. Say another place.", field="to_location_id")
    names = names_of(work, [request.product_id])
    place = place_called(work, request.from_location_id)
    there = place_called(work, request.to_location_id)
    gone = write_move(work, request.product_id, "transfer", -request.quantity, request.from_location_id)
    work.session.flush()
    came = write_move(work, request.product_id, "transfer", request.quantity, request.to_location_id)
    came.counterpart_id = gone.id
    return Done((*sent(work, [gone], names, place).moves, *sent(work, [came], names, there).moves))
