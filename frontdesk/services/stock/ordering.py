"""What is ordered from suppliers: proposed from what is low, awaited, received, closed (features CA6)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.permissions import Deed
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.stock import PurchaseOrder, PurchaseOrderLine
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class ProposeOrders:
    """What should be ordered."""

    supplier_id: int | None = None
    """From one supplier only."""


@dataclass(frozen=True)
class ProposedLine:
    """A product of which there is too little."""

    product_id: int
    code: str
    name: str
    quantity: int
    """To order, so that there are as many as there should be."""
    here: int
    cost: Decimal
    """Of one, as it was last received, or as it stands on its card."""


@dataclass(frozen=True)
class ProposedOrder:
    """What should be ordered from one supplier."""

    supplier_id: int | None
    """None for products without one."""
    supplier: str
    lines: tuple[ProposedLine, ...]
    total: Decimal


@dataclass(frozen=True)
class ProposedOrders:
    """By supplier."""

    orders: tuple[ProposedOrder, ...]


@use_case(Deed.MOVE_STOCK)
def propose(work: Work, request: ProposeOrders) -> ProposedOrders:
    """What there is too little of, by supplier, with how many to order; what is on its way counts as here."""
    by_supplier: dict[tuple[int | None, str], list[ProposedLine]] = defaultdict(list)
    for row in work.session.execute(_LOW, {"shop": work.shop.id, "supplier": request.supplier_id}):
        line = ProposedLine(row.id, row.code, row.name, row.quantity, row.here, row.cost)
        by_supplier[row.supplier_id, row.supplier].append(line)
    return ProposedOrders(
        tuple(
            ProposedOrder(number, name, tuple(lines), sum((each.cost * each.quantity for each in lines), Decimal(0)))
            for (number, name), lines in by_supplier.items()
        )
    )


_LOW = text("""
    SELECT p.id, p.code, p.name, p.supplier_id, coalesce(s.name, '') AS supplier,
           CAST(v.order_to - here.quantity - coming.quantity AS bigint) AS quantity,
           CAST(here.quantity AS bigint) AS here,
           coalesce((SELECT m.cost FROM stock_moves m WHERE m.product_id = p.id AND m.kind = 'received'
                        AND m.cost IS NOT NULL ORDER BY m.id DESC LIMIT 1), p.cost) AS cost
      FROM stock_levels v JOIN products p ON p.id = v.product_id AND p.is_active AND p.is_stocked
      LEFT JOIN suppliers s ON s.id = p.supplier_id
      CROSS JOIN LATERAL (SELECT coalesce(sum(m.quantity), 0) AS quantity FROM stock_moves m
                           WHERE m.shop_id = v.shop_id AND m.product_id = p.id) here
      CROSS JOIN LATERAL (SELECT coalesce(sum(greatest(l.quantity - r.quantity, 0)), 0) AS quantity
                            FROM purchase_order_lines l JOIN purchase_orders o ON o.id = l.order_id
                            CROSS JOIN LATERAL (SELECT coalesce(sum(m.quantity), 0) AS quantity FROM stock_moves m
                                                 WHERE m.order_line_id = l.id) r
                           WHERE l.product_id = p.id AND o.shop_id = v.shop_id AND o.closed_at IS NULL) coming
     WHERE v.shop_id = :shop AND here.quantity + coming.quantity <= v.low_at
       AND v.order_to > here.quantity + coming.quantity
       AND (CAST(:supplier AS bigint) IS NULL OR p.supplier_id = CAST(:supplier AS bigint))
     ORDER BY s.name NULLS LAST, p.name
""")


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """So many of a product."""

    product_id: int
    quantity: int
    cost: Decimal = Decimal(0)
    """Of one."""


@dataclass(frozen=True, kw_only=True)
class PlaceOrder(Write):
    """An order as it goes to a supplier."""

    supplier_id: int
    lines: tuple[OrderLine, ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CloseOrder(Write):
    """Nothing more is waited for."""

    order_id: int


@dataclass(frozen=True, kw_only=True)
class ListOrders:
    """What was ordered."""

    all: bool = False
    """With what is closed."""
    order_id: int | None = None


@dataclass(frozen=True)
class OrderedLine:
    """A line of an order, and how much of it has come."""

    product_id: int
    code: str
    name: str
    quantity: int
    received: int
    cost: Decimal


@dataclass(frozen=True)
class Order:
    """What was ordered from a supplier."""

    id: int
    supplier_id: int
    supplier: str
    ordered_at: dt.datetime
    ordered_by: str
    note: str
    closed_at: dt.datetime | None
    lines: tuple[OrderedLine, ...]
    total: Decimal


@dataclass(frozen=True)
class Orders:
    """Orders, the last one first."""

    orders: tuple[Order, ...]


@use_case(Deed.MOVE_STOCK)
def place(work: Work, request: PlaceOrder) -> Order:
    """Write down what is ordered; it counts as on its way until it is received or closed. Raises BadInput, NotFound."""
    if not request.lines:
        raise BadInput("An order needs at least one product. Say which, and how many.", field="lines")
    products = [line.product_id for line in request.lines]
    if len(set(products)) < len(products):
        raise BadInput("A product stands on the order twice. Say how many in all.", field="lines")
    if any(line.quantity < 1 for line in request.lines):
        raise BadInput("Order at least one of a product.", field="quantity")
    found = work.session.execute(_MEANT, {"supplier": request.supplier_id, "products": products}).one()
    if not found.supplier:
        raise NotFound(what="supplier", name=request.supplier_id, remedy="Look at the suppliers.")
    if missing := set(products) - set(found.products):
        raise NotFound(what="product", name=min(missing), remedy="Look at the list of products.")
    order = PurchaseOrder(
        shop_id=work.shop.id, supplier_id=request.supplier_id, ordered_at=work.now, note=clean(request.note)
    )
    work.session.add(order)
    work.session.flush()
    assert order.id is not None
    for line in request.lines:
        cost = amount_of(work, line.cost, "cost")
        row = PurchaseOrderLine(order_id=order.id, product_id=line.product_id, quantity=line.quantity, cost=cost)
        work.session.add(row)
    work.session.flush()
    work.tell("stock.ordered", order.id)
    return _orders(work, order_id=order.id)[0]


_MEANT = text("""
    SELECT EXISTS (SELECT FROM suppliers WHERE id = :supplier AND is_active) AS supplier,
           ARRAY(SELECT id FROM products WHERE id = ANY (CAST(:products AS bigint[])) AND is_active AND is_stocked)
               AS products
""")


@use_case(Deed.MOVE_STOCK)
def close(work: Work, request: CloseOrder) -> Order:
    """Wait for nothing more of an order: what has not come is not on its way any longer. Raises NotFound."""
    asked = {"order": request.order_id, "shop": work.shop.id, "at": work.now}
    if work.session.execute(_CLOSE, asked).scalar() is None:
        raise NotFound(what="open order", name=request.order_id, remedy="Look at the orders.")
    work.tell("stock.ordered", request.order_id)
    return _orders(work, order_id=request.order_id)[0]


_CLOSE = text("""
    UPDATE purchase_orders SET closed_at = :at WHERE id = :order AND shop_id = :shop AND closed_at IS NULL RETURNING id
""")


@use_case(Deed.SEE_BOOK)
def list_orders(work: Work, request: ListOrders) -> Orders:
    """What is on its way, and with `all` what came."""
    return Orders(tuple(_orders(work, order_id=request.order_id, everything=request.all)))


def _orders(work: Work, *, order_id: int | None = None, everything: bool = False) -> list[Order]:
    asked = {"shop": work.shop.id, "order": order_id, "all": everything or order_id is not None}
    found: dict[int, Order] = {}
    for row in work.session.execute(_ORDERS, asked):
        line = OrderedLine(row.product_id, row.code, row.name, row.quantity, row.received, row.cost)
        order = found.get(row.id) or Order(
            row.id, row.supplier_id, row.supplier, row.ordered_at, row.who, row.note, row.closed_at, (), Decimal(0)
        )
        total = order.total + line.cost * line.quantity
        found[row.id] = replace(order, lines=(*order.lines, line), total=total)
    return list(found.values())


_ORDERS = text("""
    SELECT o.id, o.supplier_id, s.name AS supplier, o.ordered_at, u.name AS who, o.note, o.closed_at,
           l.product_id, p.code, p.name, l.quantity, l.cost,
           CAST((SELECT coalesce(sum(m.quantity), 0) FROM stock_moves m WHERE m.order_line_id = l.id) AS bigint)
               AS received
      FROM purchase_orders o JOIN suppliers s ON s.id = o.supplier_id JOIN users u ON u.id = o.ordered_by
      JOIN purchase_order_lines l ON l.order_id = o.id JOIN products p ON p.id = l.product_id
     WHERE o.shop_id = :shop AND (o.closed_at IS NULL OR :all)
       AND (CAST(:order AS bigint) IS NULL OR o.id = CAST(:order AS bigint))
     ORDER BY o.id DESC, p.name
""")
