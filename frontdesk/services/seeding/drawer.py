"""The drawer of a made-up shop: opened this morning, with today's sales in it; no Z before today."""

from __future__ import annotations

import datetime as dt
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from frontdesk.clock import boundary
from frontdesk.services.seeding.house import ZONE
from frontdesk.services.seeding.wish import SeedShop

_OPENED = dt.time(8, 50)
_FLOAT = {"20.00": 2, "10.00": 3, "5.00": 4, "1.00": 10}


def open_drawer(connection: psycopg.Connection[Any], business_id: int, shop_id: int, wish: SeedShop) -> int | None:
    """Give the shop a drawer, open with 100.00 unless it is too early; its session. As the owner of the tables."""
    asked = {"business": business_id, "shop": shop_id, "today": wish.today, "pieces": Jsonb(_FLOAT)}
    connection.execute(_DRAWER, asked)
    connection.execute(_BEFORE, asked)
    if wish.at <= _OPENED:
        return None
    opened = connection.execute(_SESSION, {**asked, "at": boundary(wish.today, _OPENED, ZONE)}).fetchone()
    return int(opened[0]) if opened else None


_DRAWER = """
    INSERT INTO drawers (business_id, shop_id, name) VALUES (%(business)s, %(shop)s, 'Drawer 1')
    ON CONFLICT ON CONSTRAINT drawers_name_key DO NOTHING
"""
# The first Z takes today's sales, not a year's.
_BEFORE = """
    INSERT INTO z_numbers (business_id, shop_id, last_sale, began_after)
    SELECT %(business)s, %(shop)s, n, n
      FROM (SELECT coalesce(max(number), 0) AS n FROM sales
             WHERE business_id = %(business)s AND shop_id = %(shop)s AND day < %(today)s) x
"""
_SESSION = """
    WITH session AS (
        INSERT INTO drawer_sessions (business_id, shop_id, drawer_id, opening_float, opened_on, opened_at,
                                     opened_by)
        SELECT d.business_id, d.shop_id, d.id, 100, %(today)s, %(at)s, u.id
          FROM drawers d JOIN users u ON u.business_id = d.business_id AND u.role = 'receptionist'
         WHERE d.business_id = %(business)s AND d.shop_id = %(shop)s ORDER BY u.id LIMIT 1
        RETURNING id, business_id, opened_at, opened_by
    ), counted AS (
        INSERT INTO drawer_counts (business_id, session_id, kind, pieces, total, at, counted_by)
        SELECT business_id, id, 'opening', %(pieces)s, 100, opened_at, opened_by FROM session
    )
    SELECT id FROM session
"""
