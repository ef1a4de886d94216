"""How many there are: the sum of the moves per product and place, and every way a piece moves (features CA6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound, ReasonMissing
from frontdesk.permissions import Deed
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.stock import StockMove
from frontdesk.text import clean

_MOST = 1_000_000
_SHELF = "the shelf"


@dataclass(frozen=True, kw_only=True)
class ShowLevels:
    """How many there are of everything."""

    low: bool = False
    """Only what there is too little of."""
    product_id: int | None = None
    """Only this one."""


@dataclass(frozen=True)
class PlaceLevel:
    """How many lie in one place."""

    location_id: int | None
    """None is the shelf that is sold from."""
    place: str
    quantity: int


@dataclass(frozen=True)
class Level:
    """A product and how many there are of it in this shop."""

    product_id: int
    code: str
    name: str
    variant: str
    supplier: str
    quantity: int
    """Everywhere in the shop."""
    on_shelf: int
    on_order: int
    """Ordered and not here yet."""
    low_at: int | None
    """So many or fewer are too few; None when nobody has said."""
    order_to: int | None
    is_low: bool
    places: tuple[PlaceLevel, ...]
    """The shelf first."""


@dataclass(frozen=True)
class Levels:
    """The shop's stock by name."""

    levels: tuple[Level, ...]


@use_case(Deed.SEE_BOOK)
def levels(work: Work, request: ShowLevels) -> Levels:
    """How many there are of every product, in all and in each place, and what there is too little of."""
    rows = work.session.execute(_LEVELS, {"shop": work.shop.id, "low": request.low, "product": request.product_id})
    return Levels(
        tuple(
            Level(
                row.id, row.code, row.name, row.variant, row.supplier, row.quantity, row.on_shelf, row.on_order,
                row.low_at, row.order_to, row.is_low,
                tuple(PlaceLevel(place, name or _SHELF, quantity) for place, name, quantity in row.places or ()),
            )
            for row in rows
        )
    )  # fmt: skip


_LEVELS = text("""
    SELECT * FROM (
        SELECT p.id, p.code, p.name, p.variant, coalesce(s.name, '') AS supplier,
               CAST(coalesce(m.quantity, 0) AS bigint) AS quantity, CAST(coalesce(m.on_shelf, 0) AS bigint) AS on_shelf,
               CAST(coalesce(o.quantity, 0) AS bigint) AS on_order, v.low_at, v.order_to,
               v.low_at IS NOT NULL AND coalesce(m.quantity, 0) <= v.low_at AS is_low, m.places
          FROM products p
          LEFT JOIN suppliers s ON s.id = p.supplier_id
          LEFT JOIN stock_levels v ON v.product_id = p.id AND v.shop_id = :shop
          LEFT JOIN (SELECT product_id, sum(quantity) AS quantity,
                            sum(quantity) FILTER (WHERE location_id IS NULL) AS on_shelf,
                            jsonb_agg(jsonb_build_array(location_id, name, quantity)
                                      ORDER BY location_id IS NOT NULL, name) AS places
                       FROM (SELECT m.product_id, m.location_id, max(l.name) AS name, sum(m.quantity) AS quantity
                               FROM stock_moves m LEFT JOIN stock_locations l ON l.id = m.location_id
                              WHERE m.shop_id = :shop
                                AND (CAST(:product AS bigint) IS NULL OR m.product_id = CAST(:product AS bigint))
                              GROUP BY m.product_id, m.location_id) each
                      GROUP BY product_id) m ON m.product_id = p.id
          LEFT JOIN (SELECT l.product_id, sum(greatest(l.quantity - coalesce(r.quantity, 0), 0)) AS quantity
                       FROM purchase_orders o JOIN purchase_order_lines l ON l.order_id = o.id
                       LEFT JOIN LATERAL (SELECT sum(m.quantity) AS quantity FROM stock_moves m
                                           WHERE m.order_line_id = l.id) r ON true
                      WHERE o.shop_id = :shop AND o.closed_at IS NULL GROUP BY l.product_id) o ON o.product_id = p.id
         WHERE p.is_stocked AND (p.is_active OR coalesce(m.quantity, 0) <> 0)
           AND (CAST(:product AS bigint) IS NULL OR p.id = CAST(:product AS bigint))
         ORDER BY p.name, p.id) level
     WHERE is_low OR NOT :low
""")


@dataclass(frozen=True, kw_only=True)
class ShowMoves:
    """What came and went of a product here."""

    product_id: int
    limit: int = 100


@dataclass(frozen=True)
class Move:
    """One move, with who and why."""

    id: int
    at: dt.datetime
    day: dt.date
    kind: str
    quantity: int
    left: int
    """How many there were in the shop after it."""
    place: str
    counted: int | None
    cost: Decimal | None
    reason: str
    sale: str
    """The receipt's number, of what was sold or came back."""
    order_id: int | None
    who: str


@dataclass(frozen=True)
class Moves:
    """The moves of a product, the last one first."""

    product_id: int
    name: str
    moves: tuple[Move, ...]


@use_case(Deed.SEE_BOOK)
def moves(work: Work, request: ShowMoves) -> Moves:
    """What came and went of a product in this shop: when, how many, by whom and why. Raises NotFound."""
    name = _products(work, [request.product_id])[request.product_id]
    rows = work.session.execute(
        _MOVES, {"shop": work.shop.id, "product": request.product_id, "limit": max(1, request.limit)}
    )
    found = tuple(
        Move(
            row.id, row.at, row.day, row.kind, row.quantity, row.left, row.place or _SHELF, row.counted, row.cost,
            row.reason, row.sale, row.order_id, row.who,
        )
        for row in rows
    )  # fmt: skip
    return Moves(request.product_id, name, found)


_MOVES = text("""
    SELECT m.id, m.at, m.day, m.kind, m.quantity,
           CAST(sum(m.quantity) OVER (ORDER BY m.id) AS bigint) AS left,
           l.name AS place, m.counted, m.cost, m.reason, o.order_id, coalesce(u.name, '') AS who,
           coalesce(CAST(s.number AS text), s.imported_number, '') AS sale
      FROM stock_moves m
      LEFT JOIN stock_locations l ON l.id = m.location_id
      LEFT JOIN purchase_order_lines o ON o.id = m.order_line_id
      LEFT JOIN users u ON u.id = m.user_id
      LEFT JOIN sale_lines i ON i.id = m.sale_line_id
      LEFT JOIN sales s ON s.id = i.sale_id
     WHERE m.shop_id = :shop AND m.product_id = :product
     ORDER BY m.id DESC LIMIT :limit
""")


@dataclass(frozen=True)
class Moved:
    """How many there are of a product after it moved."""

    product_id: int
    name: str
    quantity: int
    """That came, or negative went."""
    now: int
    """In that place."""
    place: str


@dataclass(frozen=True)
class Done:
    """Everything that moved, as it was asked."""

    moves: tuple[Moved, ...]


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

    Raises BadInput, NotFound.
    """
    if not request.arrived:
        raise BadInput("Say what came, and how many.", field="arrived")
    for each in request.arrived:
        _some(each.quantity)
    ids = [each.product_id for each in request.arrived]
    names = _products(work, ids)
    place = place_called(work, request.location_id)
    lines = _order_lines(work, request.order_id)
    hold(work, ids)
    before = _held(work, ids)
    written = [
        _move(
            work, each.product_id, "received", each.quantity, request.location_id, reason=request.note,
            cost=None if each.cost is None else amount_of(work, each.cost, "cost"),
            order_line_id=lines.get(each.product_id),
        )
        for each in request.arrived
    ]  # fmt: skip
    done = _done(work, written, names, place)
    for number in dict.fromkeys(ids):
        if before.get(number, 0) <= 0:
            work.tell("stock.received", number, name=names[number], now=before.get(number, 0) + sum(
                each.quantity for each in request.arrived if each.product_id == number))  # fmt: skip
    if request.order_id is not None:
        work.session.execute(_CLOSE_FULL, {"order": request.order_id, "at": work.now})
    return done


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
        if not 0 <= each.counted <= _MOST:
            raise BadInput("A count is a number from 0 up.", field="counted")
    names, place = _products(work, ids), place_called(work, request.location_id)
    hold(work, ids)
    there = _there(work, ids, request.location_id)
    written = [
        _move(
            work, each.product_id, "counted", each.counted - there.get(each.product_id, 0), request.location_id,
            counted=each.counted, reason=request.note,
        )
        for each in request.found
    ]  # fmt: skip
    return _done(work, written, names, place)


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
    _some(request.quantity)
    if request.why == "damaged" and not clean(request.reason):
        raise ReasonMissing
    names, place = _products(work, [request.product_id]), place_called(work, request.location_id)
    gone = _move(work, request.product_id, request.why, -request.quantity, request.location_id, reason=request.reason)
    return _done(work, [gone], names, place)


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
    _some(abs(request.quantity))
    if not clean(request.reason):
        raise ReasonMissing
    names, place = _products(work, [request.product_id]), place_called(work, request.location_id)
    moved = _move(work, request.product_id, "corrected", request.quantity, request.location_id, reason=request.reason)
    return _done(work, [moved], names, place)


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
    _some(request.quantity)
    if request.from_location_id == request.to_location_id:
        raise BadInput("That is where it lies already. Say another place.", field="to_location_id")
    names = _products(work, [request.product_id])
    place = place_called(work, request.from_location_id)
    there = place_called(work, request.to_location_id)
    gone = _move(work, request.product_id, "transfer", -request.quantity, request.from_location_id)
    work.session.flush()
    came = _move(work, request.product_id, "transfer", request.quantity, request.to_location_id)
    came.counterpart_id = gone.id
    return Done((*_done(work, [gone], names, place).moves, *_done(work, [came], names, there).moves))


def hold(work: Work, product_ids: Iterable[int]) -> None:
    """Hold these products' stock for the rest of the transaction, in one order everywhere: counts wait for each other.

    The receptionist may not lock a product's row, which managers change, so this is a lock by name.
    """
    for number in sorted(set(product_ids)):
        work.session.execute(_HOLD, {"shop": work.shop.id, "product": number})


_HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended('stock ' || :shop || ' ' || :product, actor_business()))")


def _there(work: Work, product_ids: Sequence[int], location_id: int | None) -> dict[int, int]:
    asked = {"shop": work.shop.id, "products": list(product_ids), "place": location_id}
    return {row.product_id: row.quantity for row in work.session.execute(_THERE, asked)}


_THERE = text("""
    SELECT product_id, CAST(sum(quantity) AS bigint) AS quantity FROM stock_moves
     WHERE shop_id = :shop AND product_id = ANY (CAST(:products AS bigint[]))
       AND location_id IS NOT DISTINCT FROM CAST(:place AS bigint)
     GROUP BY product_id
""")


def _held(work: Work, product_ids: Sequence[int]) -> dict[int, int]:
    asked = {"shop": work.shop.id, "products": list(product_ids)}
    return {row.product_id: row.quantity for row in work.session.execute(_HELD, asked)}


_HELD = text("""
    SELECT product_id, CAST(sum(quantity) AS bigint) AS quantity FROM stock_moves
     WHERE shop_id = :shop AND product_id = ANY (CAST(:products AS bigint[])) GROUP BY product_id
""")


def _products(work: Work, product_ids: Sequence[int]) -> dict[int, str]:
    """Names of products that are counted. Raises NotFound, BadInput for one that is not counted."""
    rows = {row.id: row for row in work.session.execute(_NAMES, {"products": list(product_ids)})}
    for number in product_ids:
        if number not in rows:
            raise NotFound(what="product", name=number, remedy="Look at the list of products.")
        if not rows[number].is_stocked:
            name = rows[number].name
            raise BadInput(f"{name} is not counted in stock. Say on its card that it is, then try again.")
    return {number: row.name for number, row in rows.items()}


_NAMES = text("SELECT id, name, is_stocked FROM products WHERE id = ANY (CAST(:products AS bigint[]))")


def place_called(work: Work, location_id: int | None) -> str:
    """A place's name; none is the shelf. Raises NotFound for one that is not in this shop, or no longer used."""
    if location_id is None:
        return _SHELF
    name: str | None = work.session.execute(_PLACE, {"place": location_id, "shop": work.shop.id}).scalar()
    if name is None:
        raise NotFound(what="place", name=location_id, remedy="Look at the places of this shop.")
    return name


_PLACE = text("SELECT name FROM stock_locations WHERE id = :place AND shop_id = :shop AND is_active")


def _some(quantity: int) -> None:
    if not 1 <= quantity <= _MOST:
        raise BadInput(f"Say how many, from 1 to {_MOST:,}.", field="quantity")


def _move(
    work: Work,
    product_id: int,
    kind: str,
    quantity: int,
    location_id: int | None,
    *,
    reason: str = "",
    counted: int | None = None,
    cost: Decimal | None = None,
    order_line_id: int | None = None,
) -> StockMove:
    row = StockMove(
        shop_id=work.shop.id, product_id=product_id, kind=kind, quantity=quantity, location_id=location_id,
        reason=clean(reason), counted=counted, cost=cost, order_line_id=order_line_id, day=work.desk.today, at=work.now,
    )  # fmt: skip
    work.session.add(row)
    return row


def _done(work: Work, written: Sequence[StockMove], names: dict[int, str], place: str) -> Done:
    """Send the moves and say how many there are now; other terminals hear of it."""
    work.session.flush()
    ids = [row.product_id for row in written]
    now = _there(work, ids, written[0].location_id)
    for number in dict.fromkeys(ids):
        work.tell("stock.moved", number)
    return Done(
        tuple(Moved(row.product_id, names[row.product_id], row.quantity, now[row.product_id], place) for row in written)
    )
