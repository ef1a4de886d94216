"""Stock as it stands: how many there are of everything, and what came and went of one product (features CA6).

Private to the services of stock, but for what is shown.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.services.stock.stock_moving import SHELF, names_of
from frontdesk.services.use_case import Work


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


def levels_here(work: Work, *, low: bool, product_id: int | None) -> Levels:
    """Of every product, or of one; or only what there is too little of."""
    rows = work.session.execute(_LEVELS, {"shop": work.shop.id, "low": low, "product": product_id})
    return Levels(
        tuple(
            Level(
                row.id, row.code, row.name, row.variant, row.supplier, row.quantity, row.on_shelf, row.on_order,
                row.low_at, row.order_to, row.is_low,
                tuple(PlaceLevel(place, name or SHELF, quantity) for place, name, quantity in row.places or ()),
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


def moves_of(work: Work, product_id: int, limit: int) -> Moves:
    """The last moves of a product. Raises NotFound, BadInput for one that is not counted."""
    name = names_of(work, [product_id])[product_id]
    rows = work.session.execute(_MOVES, {"shop": work.shop.id, "product": product_id, "limit": max(1, limit)})
    found = tuple(
        Move(
            row.id, row.at, row.day, row.kind, row.quantity, row.left, row.place or SHELF, row.counted, row.cost,
            row.reason, row.sale, row.order_id, row.who,
        )
        for row in rows
    )  # fmt: skip
    return Moves(product_id, name, found)


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
