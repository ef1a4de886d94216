"""What a new shop starts with, by trade and country, and its way into the book (features 1.6 and AD8).

The data lies in the TOML files beside this one. A preset is a starting point: installing it again adds what is missing
and changes nothing that is there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.permissions import Deed
from frontdesk.services.presets.extras import put_extras
from frontdesk.services.presets.reading import PRESETS, Preset, advice_for, in_money, preset, taxes_of
from frontdesk.services.team import slots
from frontdesk.services.use_case import Work, Write, use_case

__all__ = ["PRESETS", "InstallPreset", "PresetInstalled", "install_preset"]


@dataclass(frozen=True, kw_only=True)
class InstallPreset(Write):
    """Fill a new shop's menu, hours, taxes and lists."""

    preset: str


@dataclass(frozen=True)
class PresetInstalled:
    """How much of it was new."""

    preset: str
    services: int
    resources: int
    taxes: int
    cancel_reasons: int
    hours: int
    advice: str = ""
    """What to look at before the first sale."""


@use_case(Deed.EDIT_CATALOGUE)
def install_preset(work: Work, request: InstallPreset) -> PresetInstalled:
    """Fill the menu, rooms, hours, taxes and cancel reasons of a new shop; what is there already stays as it is.

    Hours are set only for a shop that has none, taxes only for a business that has none. Raises BadInput, NotAllowed.
    """
    chosen = preset(request.preset)
    work.require(Deed.EDIT_ROSTER)
    shop = work.shop.id
    hours = _put(work, _HOURS, [vars(each) for each in chosen.hours], shop=shop)
    resources = _put(work, _RESOURCES, [vars(each) for each in chosen.resources], shop=shop)
    if hours:
        slots.relay(work, work.session.execute(_STRIPS, {"shop": shop}).scalars().all(), work.desk.today, dt.date.max)
    work.tell("menu.filled", shop)
    return PresetInstalled(
        chosen.name,
        _put_menu(work, chosen),
        resources,
        _put(work, _TAXES, [vars(each) for each in taxes_of(work.shop.country)]),
        _put(work, _REASONS, [{"name": name} for name in chosen.cancel_reasons]),
        hours,
        advice_for(work.shop.country),
    )


def _put_menu(work: Work, chosen: Preset) -> int:
    _put(work, _CATEGORIES, [{"name": name} for name in chosen.categories])
    currency = work.shop.currency
    rows = [
        {**vars(each), "price": in_money(each.price, currency), "cost": in_money(each.cost, currency)}
        for each in chosen.services
    ]
    added = work.session.execute(_SERVICES, _columns(rows, {})).scalars().all()
    _put(work, _PARTS, _parts(chosen, added))
    _put(
        work, _USES, [{"code": s.code, "resource": name} for s in chosen.services if s.code in added for name in s.uses]
    )
    business = {"business": work.actor.business_id}
    put_extras(chosen, currency, lambda statement, values: work.session.execute(text(statement), business | values))
    return len(added)


def _parts(chosen: Preset, codes: Collection[str]) -> list[dict[str, object]]:
    return [
        {
            "code": each.code,
            "position": position,
            "kind": part.kind,
            "minutes": part.minutes,
            "holds": "{" + ",".join(part.holds) + "}",
        }
        for each in chosen.services
        if each.code in codes
        for position, part in enumerate(each.parts, start=1)
    ]


def _put(work: Work, statement: str, rows: Sequence[Mapping[str, object]], **beside: object) -> int:
    """Run one INSERT ... SELECT FROM unnest over all rows. Returns how many were new."""
    if not rows:
        return 0
    return len(work.session.execute(text(statement), _columns(rows, beside)).all())


def _columns(rows: Sequence[Mapping[str, object]], beside: Mapping[str, object]) -> dict[str, object]:
    return {**{name: [row[name] for row in rows] for name in rows[0]}, **beside}


_HOURS = """
    INSERT INTO business_hours (shop_id, weekday, opens, closes)
    SELECT :shop, * FROM unnest(CAST(:weekday AS int[]), CAST(:opens AS time[]), CAST(:closes AS time[]))
     WHERE NOT EXISTS (SELECT FROM business_hours WHERE shop_id = :shop) RETURNING id
"""
_RESOURCES = """
    INSERT INTO resources (shop_id, kind, name, position)
    SELECT :shop, * FROM unnest(CAST(:kind AS text[]), CAST(:name AS text[])) WITH ORDINALITY
    ON CONFLICT ON CONSTRAINT resources_name_key DO NOTHING RETURNING id
"""
_REASONS = """
    INSERT INTO cancel_reasons (name, position)
    SELECT * FROM unnest(CAST(:name AS text[])) WITH ORDINALITY
    ON CONFLICT ON CONSTRAINT cancel_reasons_name_key DO NOTHING RETURNING id
"""
_CATEGORIES = """
    INSERT INTO service_categories (name, position)
    SELECT * FROM unnest(CAST(:name AS text[])) WITH ORDINALITY
    ON CONFLICT ON CONSTRAINT service_categories_name_key DO NOTHING RETURNING id
"""
_TAXES = """
    INSERT INTO taxes (name, percent, inclusive, on_services, on_products)
    SELECT * FROM unnest(CAST(:name AS text[]), CAST(:percent AS numeric[]), CAST(:inclusive AS boolean[]),
                         CAST(:on_services AS boolean[]), CAST(:on_products AS boolean[]))
     WHERE NOT EXISTS (SELECT FROM taxes) RETURNING id
"""
_SERVICES = text("""
    INSERT INTO services (category_id, code, name, price, cost)
    SELECT c.id, s.code, s.name, s.price, s.cost
      FROM unnest(CAST(:category AS text[]), CAST(:code AS text[]), CAST(:name AS text[]), CAST(:price AS numeric[]),
                  CAST(:cost AS numeric[])) WITH ORDINALITY AS s (category, code, name, price, cost, place)
      JOIN service_categories c ON c.name = s.category ORDER BY s.place
    ON CONFLICT ON CONSTRAINT services_code_key DO NOTHING RETURNING code
""")
_PARTS = """
    INSERT INTO service_parts (service_id, position, kind, minutes, holds)
    SELECT s.id, p.position, p.kind, p.minutes, CAST(p.holds AS text[])
      FROM unnest(CAST(:code AS text[]), CAST(:position AS int[]), CAST(:kind AS text[]), CAST(:minutes AS int[]),
                  CAST(:holds AS text[])) AS p (code, position, kind, minutes, holds)
      JOIN services s ON s.code = p.code RETURNING id
"""
_USES = """
    INSERT INTO service_resources (service_id, resource_id)
    SELECT s.id, r.id FROM unnest(CAST(:code AS text[]), CAST(:resource AS text[])) AS u (code, name)
      JOIN services s ON s.code = u.code JOIN resources r ON r.name = u.name AND r.kind <> 'stylist'
    ON CONFLICT ON CONSTRAINT service_resources_key DO NOTHING RETURNING id
"""
_STRIPS = text("SELECT id FROM resources WHERE shop_id = :shop ORDER BY id")
