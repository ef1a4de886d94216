"""What lay on a made-up shop's shelf: what there was at the beginning, what was sold off it, what is low by now."""

from __future__ import annotations

from typing import Any

import psycopg


def add_stock(connection: psycopg.Connection[Any], business_id: int) -> None:
    """Add it as the owner of the tables, as of the shop's last day.

    There was as much as was sold and some more, so that everything is there and a few things are low. Its history is
    left out as that of the rest is.
    """
    for statement in (_SUPPLIERS, _OURS, _LEVELS):
        connection.execute(statement, {"business": business_id})
    connection.execute("ALTER TABLE stock_moves DISABLE TRIGGER stock_moves_history")
    for statement in (_OPENING, _SOLD):
        connection.execute(statement, {"business": business_id})
    connection.execute("ALTER TABLE stock_moves ENABLE TRIGGER stock_moves_history")
    connection.execute("ANALYZE stock_moves")


_SUPPLIERS = """
    INSERT INTO suppliers (business_id, name, email, note)
    SELECT business_id, brand || ' Ltd', 'orders@' || lower(brand) || '.example', 'Delivers on Tuesdays'
      FROM products WHERE business_id = %(business)s AND brand <> '' GROUP BY business_id, brand ORDER BY brand
"""
_OURS = """
    UPDATE products p SET supplier_id = s.id FROM suppliers s
     WHERE p.business_id = %(business)s AND s.business_id = p.business_id AND s.name = p.brand || ' Ltd'
"""
_LEVELS = """
    INSERT INTO stock_levels (business_id, shop_id, product_id, low_at, order_to)
    SELECT p.business_id, s.id, p.id, 3, 12 FROM products p JOIN shops s ON s.business_id = p.business_id
     WHERE p.business_id = %(business)s
"""
_OPENING = """
    INSERT INTO stock_moves (business_id, shop_id, product_id, kind, quantity, reason, day, at)
    SELECT p.business_id, s.id, p.id, 'opening',
           coalesce(sum(l.quantity), 0) + 2 + (7 * row_number() OVER (ORDER BY p.id)) %% 11,
           'there at the beginning', coalesce(min(x.day), current_date), coalesce(min(x.closed_at), now())
      FROM products p JOIN shops s ON s.business_id = p.business_id
      LEFT JOIN sale_lines l ON l.business_id = p.business_id AND l.product_id = p.id
      LEFT JOIN sales x ON x.id = l.sale_id
     WHERE p.business_id = %(business)s GROUP BY p.business_id, s.id, p.id
"""
_SOLD = """
    INSERT INTO stock_moves (business_id, shop_id, product_id, kind, quantity, sale_line_id, day, at, user_id)
    SELECT l.business_id, x.shop_id, l.product_id, 'sold', -l.quantity, l.id, x.day, x.closed_at, x.cashier_id
      FROM sale_lines l JOIN sales x ON x.id = l.sale_id
     WHERE l.business_id = %(business)s AND l.kind = 'product' AND l.quantity > 0 ORDER BY x.id, l.position
"""
