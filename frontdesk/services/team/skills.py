"""What a stylist can do: services or whole shelves, their own price, and what they no longer do (features ST5, CA2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import NotFound
from frontdesk.services.team.stranded import StrandedVisit
from frontdesk.services.use_case import Work
from frontdesk.services.wording import person
from frontdesk.tables.stylists import StylistSpecialty


@dataclass(frozen=True)
class Skill:
    """A service on offer that a stylist does."""

    service_id: int
    name: str
    category: str | None
    minutes: int
    """What the customer is told by this stylist."""
    price: Decimal
    """What it costs with this stylist."""
    own_price: Decimal | None
    """Their own; None when it is their level's or the list's."""
    own_minutes: int | None = None
    """Their own; None when they are their level's or the list's."""


def skills_of(work: Work, stylist_id: int) -> tuple[Skill, ...]:
    """What they do, in the order of the menu. Somebody without any skill written down does everything."""
    rows = work.session.execute(_SKILLS, {"stylist": stylist_id})
    return tuple(Skill(*row) for row in rows)


_DOES = """
    FROM services v
    LEFT JOIN LATERAL (
        SELECT x.id, x.price, x.minutes FROM stylist_specialties x
         WHERE x.stylist_id = :stylist AND (x.service_id = v.id OR x.category_id = v.category_id)
         ORDER BY x.service_id NULLS LAST LIMIT 1) own ON true
"""
_CAN = "(own.id IS NOT NULL OR NOT EXISTS (SELECT FROM stylist_specialties x WHERE x.stylist_id = :stylist))"
_SKILLS = text(f"""
    SELECT v.id, v.name, c.name AS category,
           coalesce(own.minutes, at.minutes,
                    (SELECT coalesce(sum(p.minutes), 0) FROM service_parts p
                      WHERE p.service_id = v.id AND p.kind NOT IN ('buffer', 'cleanup'))) AS minutes,
           coalesce(own.price, at.price, v.price) AS price, own.price AS own_price, own.minutes AS own_minutes
    {_DOES} LEFT JOIN service_categories c ON c.id = v.category_id
      LEFT JOIN service_levels at
        ON at.service_id = v.id AND at.level = (SELECT level FROM stylists WHERE id = :stylist)
     WHERE v.is_active AND {_CAN}
     ORDER BY c.position NULLS LAST, v.name, v.id
""")  # noqa: S608  put together from what stands here


def write_skills(work: Work, stylist_id: int, service_ids: Sequence[int], category_ids: Sequence[int]) -> None:
    """Make these all that they do; neither services nor categories: everything. What stays keeps its price.

    Raises NotFound for a service or category that is not there.
    """
    services, categories = dict.fromkeys(service_ids), dict.fromkeys(category_ids)
    for what, wanted, known in (("service", services, _SERVICES), ("category", categories, _CATEGORIES)):
        found = set(work.session.execute(known, {"ids": list(wanted)}).scalars())
        missing = next((each for each in wanted if each not in found), None)
        if missing is not None:
            raise NotFound(what=what, name=missing, remedy="Look at the list of services.")
    asked = {"stylist": stylist_id, "services": list(services), "categories": list(categories)}
    work.session.execute(_FORGET, asked)
    kept = work.session.execute(_KEPT, asked).all()
    new_services, new_categories = services.keys() - {r[0] for r in kept}, categories.keys() - {r[1] for r in kept}
    work.session.add_all(StylistSpecialty(stylist_id=stylist_id, service_id=each) for each in sorted(new_services))
    work.session.add_all(StylistSpecialty(stylist_id=stylist_id, category_id=each) for each in sorted(new_categories))
    work.session.flush()


_SERVICES = text("SELECT id FROM services WHERE id = ANY (:ids)")
_CATEGORIES = text("SELECT id FROM service_categories WHERE id = ANY (:ids)")
_FORGET = text("""
    DELETE FROM stylist_specialties
     WHERE stylist_id = :stylist AND NOT coalesce(service_id = ANY (:services), category_id = ANY (:categories))
""")
_KEPT = text("SELECT service_id, category_id FROM stylist_specialties WHERE stylist_id = :stylist")


def beyond_skills(work: Work, stylist_id: int) -> dict[int, StrandedVisit]:
    """By line: coming visits that are booked with them for what they don't do, soonest first."""
    rows = work.session.execute(_BEYOND, {"stylist": stylist_id, "now": work.now})
    return {
        r.line_id: StrandedVisit(
            r.appointment_id, r.code, person(r.first_name, r.last_name, r.customer_code, r.guest_name), r.service,
            r.stylist, r.starts_at,
        )
        for r in rows
    }  # fmt: skip


_BEYOND = text(f"""
    SELECT l.id AS line_id, a.id AS appointment_id, a.code, c.first_name, c.last_name, c.code AS customer_code,
           a.guest_name, l.name AS service, s.first_name AS stylist, l.starts_at
    {_DOES} JOIN appointment_services l ON l.service_id = v.id JOIN appointments a ON a.id = l.appointment_id
      JOIN stylists s ON s.id = l.stylist_id LEFT JOIN customers c ON c.id = a.customer_id
     WHERE l.stylist_id = :stylist AND l.starts_at >= :now AND l.status IN ('pending', 'confirmed')
       AND NOT {_CAN}
     ORDER BY l.starts_at, l.id
""")
