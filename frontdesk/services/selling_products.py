"""Products on a ticket."""

from __future__ import annotations

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.services.items import Goods, Item
from frontdesk.services.ticket_wishes import Ticket
from frontdesk.services.use_case import Work


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
            )
        )
    return items


_PRODUCTS = text("""
    SELECT 'product' AS kind, id, name, price FROM products WHERE id = ANY (:products) AND is_active
     UNION ALL
    SELECT 'stylist', id, first_name, NULL FROM stylists WHERE id = ANY (CAST(:sellers AS bigint[]))
""")


GOODS = Goods(("product",), _items_of)
