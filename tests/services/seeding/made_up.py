"""The wish that the made-up shops of these tests are made of, and how one is asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import psycopg

from frontdesk.clock import boundary
from frontdesk.services.seeding import Seeded, SeedShop, Size
from frontdesk.services.seeding.wish import SCALES

TODAY = dt.date(2026, 3, 9)
AT = dt.time(11, 40)
NOW = boundary(TODAY, AT, "Europe/London")
WISH = SeedShop(today=TODAY, at=AT, size=Size.SMALL)
SCALE = SCALES[Size.SMALL]


def ask(database: psycopg.Connection, question: str, seeded: Seeded) -> list[tuple[Any, ...]]:
    """Rows of one made-up business."""
    return database.execute(question, {"business": seeded.business_id, "shop": seeded.shop_id, "now": NOW}).fetchall()
