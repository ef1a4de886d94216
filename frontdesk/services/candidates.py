"""What a service needs and who could give it: read once, for searching as for booking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import text
from sqlmodel import Session

from frontdesk.errors import NotFound
from frontdesk.rules.plan import LinePlan, Part, visit_plan


@dataclass(frozen=True)
class Candidate:
    """Somebody or something that could take a role."""

    resource_id: int
    name: str
    stylist_id: int | None = None
    price: Decimal = Decimal(0)


@dataclass(frozen=True)
class Wanted:
    """One service of a visit: how it is laid out, and who could take each of its roles, in the order of the book."""

    service_id: int
    name: str
    price: Decimal
    plan: LinePlan
    stylists: tuple[Candidate, ...]
    others: dict[str, tuple[Candidate, ...]] = field(default_factory=dict)
    """Rooms, chairs and machines by role."""

    def by(self, stylist_id: int) -> Candidate | None:
        """The stylist, if they do this service."""
        return next((c for c in self.stylists if c.stylist_id == stylist_id), None)


def wanted(session: Session, shop_id: int, service_ids: Sequence[int]) -> list[Wanted]:
    """The services of a visit, one after the other. Raises NotFound for one that is not offered."""
    rows = {row.id: row for row in session.execute(_SERVICES, {"services": list(set(service_ids))})}
    for service_id in service_ids:
        if service_id not in rows or not rows[service_id].parts:
            raise NotFound(what="service", name=service_id, remedy="Look at the list of services.")
    parts = [[Part(kind, minutes, tuple(holds)) for kind, minutes, holds in rows[s].parts] for s in service_ids]
    plans = visit_plan(parts)
    stylists, others = _stylists(session, shop_id, rows), _others(session, shop_id, rows)
    return [
        Wanted(s, rows[s].name, rows[s].price, plan, stylists[s], others[s])
        for s, plan in zip(service_ids, plans, strict=True)
    ]


_SERVICES = text("""
    SELECT v.id, v.name, v.price, v.category_id,
           (SELECT jsonb_agg(jsonb_build_array(p.kind, p.minutes, to_jsonb(p.holds)) ORDER BY p.position)
              FROM service_parts p WHERE p.service_id = v.id) AS parts
      FROM services v WHERE v.id = ANY (:services) AND v.is_active
""")


def _stylists(session: Session, shop_id: int, services: Iterable[int]) -> dict[int, tuple[Candidate, ...]]:
    found: dict[int, list[Candidate]] = {service: [] for service in services}
    for row in session.execute(_STYLISTS, {"services": list(services), "shop": shop_id}):
        found[row.service_id].append(Candidate(row.resource_id, row.first_name, row.stylist_id, row.price))
    return {service: tuple(them) for service, them in found.items()}


# A stylist without any specialty does everything; a service's own price goes before its category's.
_STYLISTS = text("""
    SELECT v.id AS service_id, p.id AS stylist_id, p.resource_id, p.first_name, coalesce(own.price, v.price) AS price
      FROM services v CROSS JOIN stylists p JOIN resources r ON r.id = p.resource_id
      LEFT JOIN LATERAL (
          SELECT x.id, x.price FROM stylist_specialties x
           WHERE x.stylist_id = p.id AND (x.service_id = v.id OR x.category_id = v.category_id)
           ORDER BY x.service_id NULLS LAST LIMIT 1) own ON true
     WHERE v.id = ANY (:services) AND p.is_active AND r.is_active
       AND (own.id IS NOT NULL OR NOT EXISTS (SELECT FROM stylist_specialties x WHERE x.stylist_id = p.id))
       AND (r.shop_id = :shop OR EXISTS (SELECT FROM weekly_shifts w WHERE w.stylist_id = p.id AND w.shop_id = :shop)
            OR EXISTS (SELECT FROM dated_shifts d WHERE d.stylist_id = p.id AND d.shop_id = :shop))
     ORDER BY r.position, p.id
""")


def _others(session: Session, shop_id: int, services: Iterable[int]) -> dict[int, dict[str, tuple[Candidate, ...]]]:
    found: dict[int, dict[str, tuple[Candidate, ...]]] = {service: {} for service in services}
    for row in session.execute(_OTHERS, {"services": list(services), "shop": shop_id}):
        kinds = found[row.service_id]
        kinds[row.kind] = (*kinds.get(row.kind, ()), Candidate(row.id, row.name))
    return found


_OTHERS = text("""
    SELECT v.id AS service_id, r.id, r.kind, r.name
      FROM services v CROSS JOIN resources r
     WHERE v.id = ANY (:services) AND r.shop_id = :shop AND r.is_active AND r.kind <> 'stylist'
       AND EXISTS (SELECT FROM service_parts p WHERE p.service_id = v.id AND r.kind = ANY (p.holds))
       AND (EXISTS (SELECT FROM service_resources n WHERE n.service_id = v.id AND n.resource_id = r.id)
            OR NOT EXISTS (SELECT FROM service_resources n JOIN resources k ON k.id = n.resource_id
                            WHERE n.service_id = v.id AND k.kind = r.kind))
     ORDER BY r.position, r.id
""")
