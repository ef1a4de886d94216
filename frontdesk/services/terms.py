"""Whose minutes and price count: this customer's, the stylist's, their level's, or the menu's (features CA2, SV7).

Minutes and price are asked separately, and the first that says something wins: what was agreed for one visit, the
customer's own with this stylist, the customer's own with anybody, the stylist's for the service, the stylist's for its
category, their level's, the service's. Private to the services that book and search.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import text
from sqlmodel import Session


class Terms(NamedTuple):
    """How long a stylist takes for a service here, and for how much."""

    service_id: int
    stylist_id: int
    resource_id: int
    first_name: str
    price: Decimal
    minutes: int | None
    """What the customer is told; None for the service's own."""


@dataclass(frozen=True)
class Own:
    """What was agreed for one visit alone."""

    minutes: int | None = None
    price: Decimal | None = None


def terms_of(
    session: Session, shop_id: int, service_ids: Iterable[int], customer_id: int | None = None
) -> dict[int, list[Terms]]:
    """Who does these services in this shop and on which terms, in the order of the book: one question for all."""
    found: dict[int, list[Terms]] = {service: [] for service in service_ids}
    asked = {"services": list(found), "shop": shop_id, "customer": customer_id}
    for row in session.execute(_TERMS, asked):
        found[row.service_id].append(Terms(*row))
    return found


# A stylist without any specialty does everything; a specialty for the service itself goes before one for its category.
_TERMS = text("""
    SELECT v.id AS service_id, p.id AS stylist_id, p.resource_id, p.first_name,
           coalesce(theirs.price, anybody.price, own.price, shelf.price, level.price, v.price) AS price,
           coalesce(theirs.minutes, anybody.minutes, own.minutes, shelf.minutes, level.minutes) AS minutes
      FROM services v CROSS JOIN stylists p JOIN resources r ON r.id = p.resource_id
      LEFT JOIN stylist_specialties own ON own.stylist_id = p.id AND own.service_id = v.id
      LEFT JOIN stylist_specialties shelf ON shelf.stylist_id = p.id AND shelf.category_id = v.category_id
      LEFT JOIN service_levels level ON level.service_id = v.id AND level.level = p.level
      LEFT JOIN accommodations theirs
             ON theirs.customer_id = :customer AND theirs.service_id = v.id AND theirs.stylist_id = p.id
      LEFT JOIN accommodations anybody
             ON anybody.customer_id = :customer AND anybody.service_id = v.id AND anybody.stylist_id IS NULL
     WHERE v.id = ANY (:services) AND p.is_active AND r.is_active
       AND (coalesce(own.id, shelf.id) IS NOT NULL
            OR NOT EXISTS (SELECT FROM stylist_specialties x WHERE x.stylist_id = p.id))
       AND (r.shop_id = :shop OR EXISTS (SELECT FROM weekly_shifts w WHERE w.stylist_id = p.id AND w.shop_id = :shop)
            OR EXISTS (SELECT FROM dated_shifts d WHERE d.stylist_id = p.id AND d.shop_id = :shop))
     ORDER BY r.position, p.id
""")
