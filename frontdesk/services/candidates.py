"""What a service needs and who could give it: read once, for searching as for booking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlalchemy import text
from sqlmodel import Session

from frontdesk.errors import BadInput, NotFound
from frontdesk.rules.plan import LinePlan, Part, least_minutes, plan_of, told_within
from frontdesk.services.terms import Own, Terms, terms_of


@dataclass(frozen=True)
class Candidate:
    """Somebody or something that could take a role."""

    resource_id: int
    name: str
    stylist_id: int | None = None
    price: Decimal = Decimal(0)
    told_minutes: int | None = None
    """What the customer is told with them; None for the service's own length."""


@dataclass(frozen=True)
class Wanted:
    """One service of a visit: how it is laid out, and who could take each of its roles, in the order of the book.

    Stylists differ in speed, so that a plan depends on who it is: `plan_for` a candidate, or `plans` of many at once.
    Every plan begins at zero, when the customer is told that this service begins.
    """

    service_id: int
    name: str
    price: Decimal
    plan: LinePlan
    """As it is laid out when nobody has taken it yet."""
    stylists: tuple[Candidate, ...]
    others: dict[str, tuple[Candidate, ...]] = field(default_factory=dict)
    """Rooms, chairs and machines by role; who could assist, when it takes two."""
    kind: str = "service"
    parts: tuple[Part, ...] = ()

    def by(self, stylist_id: int) -> Candidate | None:
        """The stylist, if they do this service."""
        return next((c for c in self.stylists if c.stylist_id == stylist_id), None)

    def plan_for(self, stylist: Candidate | None) -> LinePlan:
        """How it is laid out with somebody; the service's own plan for nobody yet."""
        return plan_of(self.parts, stylist.told_minutes) if stylist and stylist.told_minutes else self.plan

    def plans(self, stylists: Sequence[Candidate]) -> dict[LinePlan, tuple[Candidate, ...]]:
        """These stylists by the plan they share, each in their order: most often one plan for all."""
        found: dict[LinePlan, tuple[Candidate, ...]] = {}
        for stylist in stylists:
            plan = self.plan_for(stylist)
            found[plan] = (*found.get(plan, ()), stylist)
        return found


def wanted(
    session: Session,
    shop_id: int,
    service_ids: Sequence[int],
    *,
    customer_id: int | None = None,
    own: Sequence[Own] = (),
    retired: bool = False,
) -> list[Wanted]:
    """The services of a visit, on the terms of one customer, and of this visit alone where `own` says so.

    Raises NotFound for one that is not offered (any more, unless `retired` ones are asked for too), BadInput for a
    length that is too short.
    """
    asked = {"services": list(set(service_ids)), "customer": customer_id, "retired": retired}
    rows = {row.id: row for row in session.execute(_SERVICES, asked)}
    for service_id in service_ids:
        if service_id not in rows or not rows[service_id].parts:
            raise NotFound(what="service", name=service_id, remedy="Look at the list of services.")
    parts = {s: tuple(Part(kind, minutes, tuple(holds)) for kind, minutes, holds in rows[s].parts) for s in rows}
    terms, others = terms_of(session, shop_id, rows, customer_id), _others(session, shop_id, rows)
    if any("assistant" in part.holds for row in parts.values() for part in row):
        hands = tuple(Candidate(*row) for row in session.execute(_HANDS, {"shop": shop_id}))
        for service_id, row in parts.items():
            if any("assistant" in part.holds for part in row):
                others[service_id]["assistant"] = hands
    agreed = [*own, *[Own()] * (len(service_ids) - len(own))]
    return [
        _on_terms(Wanted(s, rows[s].name, rows[s].price, plan_of(parts[s], told_within(parts[s], rows[s].minutes)),
                         (), others[s], rows[s].kind, parts[s]), terms[s], one)
        for s, one in zip(service_ids, agreed, strict=True)
    ]  # fmt: skip


def _on_terms(need: Wanted, terms: Iterable[Terms], own: Own) -> Wanted:
    if own.minutes is not None and own.minutes < least_minutes(need.parts):
        least = least_minutes(need.parts)
        raise BadInput(f"{need.name} takes at least {least} minutes. Give it {least} or more.", field="minutes")
    stylists = tuple(
        Candidate(
            each.resource_id,
            each.first_name,
            each.stylist_id,
            each.price if own.price is None else own.price,
            told_within(need.parts, own.minutes or each.minutes),
        )
        for each in terms
    )
    plan = plan_of(need.parts, told_within(need.parts, own.minutes)) if own.minutes else need.plan
    return replace(need, stylists=stylists, plan=plan, price=need.price if own.price is None else own.price)


_SERVICES = text("""
    SELECT v.id, v.name, coalesce(a.price, v.price) AS price, a.minutes, v.kind,
           (SELECT jsonb_agg(jsonb_build_array(p.kind, p.minutes, to_jsonb(p.holds)) ORDER BY p.position)
              FROM service_parts p WHERE p.service_id = v.id) AS parts
      FROM services v
      LEFT JOIN accommodations a ON a.customer_id = :customer AND a.service_id = v.id AND a.stylist_id IS NULL
     WHERE v.id = ANY (:services) AND (v.is_active OR :retired)
""")
_HANDS = text("""
    SELECT p.resource_id, p.first_name, p.id FROM stylists p JOIN resources r ON r.id = p.resource_id
     WHERE p.is_active AND r.is_active
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
