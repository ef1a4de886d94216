"""Products on a ticket: what is sold leaves the shelf and is awaited no longer, what comes back lies there again.

What comes back damaged does not.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.services.stock.awaited import end_bought
from frontdesk.services.ticket.items import BackLine, Goods, Item, SoldLine
from frontdesk.services.ticket.ticket_wishes import Ticket
from frontdesk.services.use_case import Work
from frontdesk.tables.sales import Sale
from frontdesk.tables.stock import StockMove


def _items_of(work: Work, ticket: Ticket) -> list[Item]:
    if not ticket.products:
        return []
    sellers = [wish.stylist_id for wish in ticket.products if wish.stylist_id]
    asked = {"products": [wish.product_id for wish in ticket.products], "sellers": sellers}
    rows = {(row.kind, row.id): row for row in work.session.execute(_PRODUCTS, asked)}
    items = []
    for wish in ticket.products:
        row = rows.get(("product", wish.product_id))
        if row is None:
            raise NotFound(what="product", name=wish.product_id, remedy="Look at the list of products.")
        if wish.quantity < 1:
            raise BadInput("Sell at least one of a product; what comes back is a refund.", field="quantity")
        seller = rows.get(("stylist", wish.stylist_id)) if wish.stylist_id else None
        items.append(
            Item(
                "product",
                row.name,
                wish.quantity,
                row.price,
                wish.stylist_id,
                ticket.customer_id,
                seller.name if seller else "",
                product_id=wish.product_id,
                discount=wish.discount,
                typed_price=wish.price,
                cost=row.cost,
                wish=row.is_stocked,
            )
        )
    return items


_PRODUCTS = text("""
    SELECT 'product' AS kind, id, name, price, cost, is_stocked FROM products WHERE id = ANY (:products) AND is_active
     UNION ALL
    SELECT 'stylist', id, first_name, NULL, NULL, false FROM stylists WHERE id = ANY (CAST(:sellers AS bigint[]))
""")


def _sold(work: Work, sale: Sale, lines: Sequence[SoldLine]) -> None:
    # In one order everywhere, because where a shop sells only what is there each waits for its product.
    moving = sorted((line for line in lines if line.item.wish), key=lambda line: line.item.product_id or 0)
    for line in moving:
        work.session.add(_move(work, sale, line.item.product_id, "sold", -line.item.quantity, line.row.id))
    work.session.flush()
    buyers = [(line.item.customer_id or sale.customer_id, line.item.product_id) for line in lines]
    end_bought(work, [(who, what) for who, what in buyers if who and what])


def _given_back(work: Work, sale: Sale, lines: Sequence[BackLine]) -> None:
    stocked = set(work.session.execute(_STOCKED, {"products": [line.original.product_id for line in lines]}).scalars())
    for line in lines:
        back = -int(line.row.quantity)
        if line.original.product_id not in stocked or not back:
            continue
        work.session.add(_move(work, sale, line.original.product_id, "returned", back, line.row.id))
        if line.is_damaged:
            gone = _move(work, sale, line.original.product_id, "damaged", -back, line.row.id)
            gone.reason = "came back damaged"
            work.session.add(gone)
    work.session.flush()


_STOCKED = text("SELECT id FROM products WHERE id = ANY (CAST(:products AS bigint[])) AND is_stocked")


def _move(work: Work, sale: Sale, product_id: int | None, kind: str, quantity: int, line_id: int) -> StockMove:
    assert product_id is not None
    return StockMove(
        shop_id=work.shop.id, product_id=product_id, kind=kind, quantity=quantity, sale_line_id=line_id, day=sale.day,
        at=work.now,
    )  # fmt: skip


GOODS = Goods(("product",), _items_of, _sold, _given_back)
