"""Pieces that move, as rows: which products and places may be named, what is held, what is written and answered.

Private to the services of stock, which hand in the open session, but for what is answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.services.stock.awaited import Waiting
from frontdesk.services.use_case import Work
from frontdesk.tables.stock import StockMove
from frontdesk.text import clean

MOST = 1_000_000
"""Pieces at once: more is a slip of the hand."""
SHELF = "the shelf"


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
    waiting: tuple[Waiting, ...] = ()
    """Who waits for something of a delivery; whoever is told may come and buy it."""


def hold(work: Work, product_ids: Iterable[int]) -> None:
    """Hold these products' stock for the rest of the transaction, in one order everywhere: counts wait for each other.

    The receptionist may not lock a product's row, which managers change, so this is a lock by name.
    """
    for number in sorted(set(product_ids)):
        work.session.execute(_HOLD, {"shop": work.shop.id, "product": number})


_HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended('stock ' || :shop || ' ' || :product, actor_business()))")


def in_place(work: Work, product_ids: Sequence[int], location_id: int | None) -> dict[int, int]:
    """How many of these products lie in one place of the shop; what has never been there is missing."""
    asked = {"shop": work.shop.id, "products": list(product_ids), "place": location_id}
    return {row.product_id: row.quantity for row in work.session.execute(_IN_PLACE, asked)}


_IN_PLACE = text("""
    SELECT product_id, CAST(sum(quantity) AS bigint) AS quantity FROM stock_moves
     WHERE shop_id = :shop AND product_id = ANY (CAST(:products AS bigint[]))
       AND location_id IS NOT DISTINCT FROM CAST(:place AS bigint)
     GROUP BY product_id
""")


def in_shop(work: Work, product_ids: Sequence[int]) -> dict[int, int]:
    """How many of these products there are in the whole shop; what has never been there is missing."""
    asked = {"shop": work.shop.id, "products": list(product_ids)}
    return {row.product_id: row.quantity for row in work.session.execute(_IN_SHOP, asked)}


_IN_SHOP = text("""
    SELECT product_id, CAST(sum(quantity) AS bigint) AS quantity FROM stock_moves
     WHERE shop_id = :shop AND product_id = ANY (CAST(:products AS bigint[])) GROUP BY product_id
""")


def names_of(work: Work, product_ids: Sequence[int]) -> dict[int, str]:
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
        return SHELF
    name: str | None = work.session.execute(_PLACE, {"place": location_id, "shop": work.shop.id}).scalar()
    if name is None:
        raise NotFound(what="place", name=location_id, remedy="Look at the places of this shop.")
    return name


_PLACE = text("SELECT name FROM stock_locations WHERE id = :place AND shop_id = :shop AND is_active")


def refuse_unless_some(quantity: int) -> None:
    """A number of pieces that can move. Raises BadInput."""
    if not 1 <= quantity <= MOST:
        raise BadInput(f"Say how many, from 1 to {MOST:,}.", field="quantity")


def write_move(
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
    """One move of today, so many more or negative fewer; it is sent with the next flush."""
    row = StockMove(
        shop_id=work.shop.id, product_id=product_id, kind=kind, quantity=quantity, location_id=location_id,
        reason=clean(reason), counted=counted, cost=cost, order_line_id=order_line_id, day=work.desk.today, at=work.now,
    )  # fmt: skip
    work.session.add(row)
    return row


def sent(work: Work, written: Sequence[StockMove], names: dict[int, str], place: str) -> Done:
    """Send the moves and say how many there are now; other terminals hear of it."""
    work.session.flush()
    ids = [row.product_id for row in written]
    now = in_place(work, ids, written[0].location_id)
    for number in dict.fromkeys(ids):
        work.tell("stock.moved", number)
    return Done(
        tuple(Moved(row.product_id, names[row.product_id], row.quantity, now[row.product_id], place) for row in written)
    )
