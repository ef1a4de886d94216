"""Free hours of the full book that do not touch each other: fresh ground for whoever wants to book."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import psycopg

from frontdesk.desk import Desk
from frontdesk.rules.hours import DAY
from frontdesk.services.placing.availability import FindFree, find_free
from tests.benchmarks.full_book import WITH_TWENTY


@dataclass(frozen=True)
class Opening:
    """An hour of one stylist, and a customer who has no other visit."""

    stylist_id: int
    starts_at: datetime
    customer_id: int


def openings(desk: Desk, owner: psycopg.Connection) -> Iterator[Opening]:
    """Every hour that is free, once, in an order that is the same in every run over the same book."""
    customers = without_visits(owner)
    found = find_free(desk, FindFree(service_id=WITH_TWENTY, first_day=desk.today + DAY, days=150, limit=0)).times
    taken_until: dict[int, datetime] = {}
    apart = []
    for time in found:
        if time.starts_at >= taken_until.get(time.stylist_id, time.starts_at):
            taken_until[time.stylist_id] = time.ends_at
            apart.append(time)
    random.Random(7).shuffle(apart)
    for time in apart:
        yield Opening(time.stylist_id, time.starts_at, next(customers))


def without_visits(owner: psycopg.Connection) -> Iterator[int]:
    """Customers who have none, each once."""
    rows = owner.execute(
        "SELECT id FROM customers c WHERE NOT EXISTS (SELECT FROM appointments WHERE customer_id = c.id) ORDER BY id"
    )
    return (customer_id for (customer_id,) in rows.fetchall())
