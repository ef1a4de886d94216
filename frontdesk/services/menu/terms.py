"""Whose minutes and price count: this customer's, the stylist's, their level's, or the menu's (features CA2, SV7).

Minutes and price are asked separately, and the first that says something wins: what was agreed for one visit, the
customer's own with this stylist, the customer's own with anybody, the stylist's for the service, the stylist's for its
category, their level's, the service's. Private to the services that book and search.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import text
from sqlmodel import Session


@dataclass(frozen=True)
class Own:
    """What was agreed for one visit alone."""

    minutes: int | None = None
    price: Decimal | None = None


class Said(NamedTuple):
    """What one of those who are asked says; None where they say nothing."""

    minutes: int | None = None
    price: Decimal | None = None


NOTHING = Said()


class Terms(NamedTuple):
    """A stylist who does a service here, and what they say of their own."""

    stylist_id: int
    resource_id: int
    first_name: str
    level: str
    own: Said
    """For the service itself."""
    shelf: Said
    """For its category."""


@dataclass(frozen=True)
class Agreed:
    """What a level and a customer say of one service."""

    levels: dict[str, Said]
    customer: dict[int | None, Said]
    """By stylist; of None with anybody."""

    @classmethod
    def of(
        cls, levels: Sequence[Sequence[str | None]] | None, customer: Sequence[Sequence[str | None]] | None
    ) -> Agreed:
        """From the rows as the database packs them: level or stylist, minutes, price, each as text."""
        return cls(
            {str(level): _said(minutes, price) for level, minutes, price in levels or ()},
            {None if who is None else int(who): _said(minutes, price) for who, minutes, price in customer or ()},
        )

    def for_(self, one: Terms) -> Said:
        """What counts with this stylist: minutes and price apart, of the first that says something."""
        asked = (
            self.customer.get(one.stylist_id, NOTHING),
            self.customer.get(None, NOTHING),
            one.own,
            one.shelf,
            self.levels.get(one.level, NOTHING),
        )
        return Said(
            next((said.minutes for said in asked if said.minutes is not None), None),
            next((said.price for said in asked if said.price is not None), None),
        )

    @property
    def with_nobody(self) -> Said:
        """What counts while nobody has taken it."""
        return self.customer.get(None, NOTHING)


def _said(minutes: str | None, price: str | None) -> Said:
    return Said(None if minutes is None else int(minutes), None if price is None else Decimal(price))


def terms_of(session: Session, shop_id: int, service_ids: Iterable[int]) -> dict[int, list[Terms]]:
    """Who does these services in this shop and what they say of their own, in the order of the book."""
    found: dict[int, list[Terms]] = {service: [] for service in service_ids}
    for row in session.execute(_TERMS, {"services": list(found), "shop": shop_id}):
        own, shelf = Said(row.own_minutes, row.own_price), Said(row.shelf_minutes, row.shelf_price)
        found[row.service_id].append(Terms(row.stylist_id, row.resource_id, row.first_name, row.level, own, shelf))
    return found


# A stylist without any specialty does everything. Only the specialties that speak of these services are joined:
# row-level security hides from the planner how many there are, and it would hold each of them against each stylist.
_TERMS = text("""
    SELECT v.id AS service_id, p.id AS stylist_id, p.resource_id, p.first_name, p.level,
           max(x.minutes) FILTER (WHERE x.service_id = v.id) AS own_minutes,
           max(x.price) FILTER (WHERE x.service_id = v.id) AS own_price,
           max(x.minutes) FILTER (WHERE x.category_id = v.category_id) AS shelf_minutes,
           max(x.price) FILTER (WHERE x.category_id = v.category_id) AS shelf_price
      FROM services v CROSS JOIN stylists p JOIN resources r ON r.id = p.resource_id
      LEFT JOIN stylist_specialties x
             ON x.stylist_id = p.id AND (x.service_id = v.id OR x.category_id = v.category_id)
     WHERE v.id = ANY (:services) AND p.is_active AND r.is_active
       AND (x.id IS NOT NULL OR NOT EXISTS (SELECT FROM stylist_specialties y WHERE y.stylist_id = p.id))
       AND (r.shop_id = :shop OR EXISTS (SELECT FROM weekly_shifts w WHERE w.stylist_id = p.id AND w.shop_id = :shop)
            OR EXISTS (SELECT FROM dated_shifts d WHERE d.stylist_id = p.id AND d.shop_id = :shop))
     GROUP BY v.id, p.id, r.position
     ORDER BY r.position, p.id
""")
