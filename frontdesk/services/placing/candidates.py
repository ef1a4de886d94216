"""What a service needs and who could give it: read once, for searching as for booking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlalchemy import text
from sqlmodel import Session

from frontdesk.errors import BadInput, CannotDo, NotFound
from frontdesk.rules.plan import LinePlan, Part, least_minutes, plan_of, told_within
from frontdesk.services.menu.terms import Agreed, Own, Said, Terms, terms_of


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


def the_one(session: Session, need: Wanted, stylist_id: int) -> Candidate:
    """The stylist who is asked for. Raises CannotDo, which names them and who could."""
    one = need.by(stylist_id)
    if one is not None:
        return one
    name = session.execute(_NAME, {"stylist": stylist_id}).scalar() or "That stylist"
    able = " or ".join(c.name for c in need.stylists)
    instead = f"{able} can." if able else "Nobody here does it yet: add it to a stylist's specialties."
    raise CannotDo(stylist=name, service=need.name, instead=instead)


_NAME = text("SELECT first_name FROM stylists WHERE id = :stylist")


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
    held = {kind for row in parts.values() for part in row for kind in part.holds}
    terms, others = terms_of(session, shop_id, rows), _others(session, shop_id, rows, held - {"lead", "assistant"})
    if "assistant" in held:
        hands = tuple(Candidate(*row) for row in session.execute(_HANDS, {"shop": shop_id}))
        for service_id, row in parts.items():
            if any("assistant" in part.holds for part in row):
                others[service_id]["assistant"] = hands
    said = {s: Agreed.of(row.levels, row.agreed) for s, row in rows.items()}
    needs = {
        s: Wanted(s, row.name, row.price, plan_of(parts[s], None), (), others[s], row.kind, parts[s])
        for s, row in rows.items()
        if parts[s]
    }
    each = [*own, *[Own()] * (len(service_ids) - len(own))]
    return [_on_terms(needs[s], terms[s], said[s], one) for s, one in zip(service_ids, each, strict=True)]


def _on_terms(need: Wanted, terms: Iterable[Terms], agreed: Agreed, own: Own) -> Wanted:
    least = least_minutes(need.parts)
    if own.minutes is not None and own.minutes < least:
        raise BadInput(f"{need.name} takes at least {least} minutes. Give it {least} or more.", field="minutes")

    def told(said: Said) -> int | None:
        return told_within(need.parts, said.minutes if own.minutes is None else own.minutes)

    def price(said: Said) -> Decimal:
        return next(amount for amount in (own.price, said.price, need.price) if amount is not None)

    offered = [(one, agreed.for_(one)) for one in terms]
    nobody = agreed.with_nobody
    return replace(
        need,
        stylists=tuple(
            Candidate(one.resource_id, one.first_name, one.stylist_id, price(said), told(said)) for one, said in offered
        ),
        plan=plan_of(need.parts, told(nobody)),
        price=price(nobody),
    )


_SERVICES = text("""
    SELECT v.id, v.name, v.price, v.kind,
           (SELECT jsonb_agg(jsonb_build_array(l.level, CAST(l.minutes AS text), CAST(l.price AS text)))
              FROM service_levels l WHERE l.service_id = v.id) AS levels,
           (SELECT jsonb_agg(jsonb_build_array(CAST(a.stylist_id AS text), CAST(a.minutes AS text),
                                               CAST(a.price AS text)))
              FROM accommodations a WHERE a.customer_id = :customer AND a.service_id = v.id) AS agreed,
           (SELECT jsonb_agg(jsonb_build_array(p.kind, p.minutes, to_jsonb(p.holds)) ORDER BY p.position)
              FROM service_parts p WHERE p.service_id = v.id) AS parts
      FROM services v WHERE v.id = ANY (:services) AND (v.is_active OR :retired)
""")
_HANDS = text("""
    SELECT p.resource_id, p.first_name, p.id FROM stylists p JOIN resources r ON r.id = p.resource_id
     WHERE p.is_active AND r.is_active
       AND (r.shop_id = :shop OR EXISTS (SELECT FROM weekly_shifts w WHERE w.stylist_id = p.id AND w.shop_id = :shop)
            OR EXISTS (SELECT FROM dated_shifts d WHERE d.stylist_id = p.id AND d.shop_id = :shop))
     ORDER BY r.position, p.id
""")


def _others(
    session: Session, shop_id: int, services: Iterable[int], kinds: Iterable[str]
) -> dict[int, dict[str, tuple[Candidate, ...]]]:
    found: dict[int, dict[str, tuple[Candidate, ...]]] = {service: {} for service in services}
    if not kinds:
        return found
    for row in session.execute(_OTHERS, {"services": list(found), "shop": shop_id}):
        mine = found[row.service_id]
        mine[row.kind] = (*mine.get(row.kind, ()), Candidate(row.id, row.name))
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
