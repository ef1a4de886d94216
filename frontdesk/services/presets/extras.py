"""What a preset has beside plain services: add-ons, bundles, classes and discount limits, as statements that add what
is missing.

The made-up shop runs the same statements as the owner of the tables, so the business is always said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from frontdesk.services.presets.reading import Preset, in_money

Run = Callable[[str, dict[str, Any]], object]
"""Runs a statement with its values, named like `:code`."""


def put_extras(chosen: Preset, currency: str, run: Run) -> None:
    """Add what is not there yet. A preset's codes are known: its services have been put before."""
    for statement, values in _statements(chosen, currency):
        run(statement, values)


def _statements(chosen: Preset, currency: str) -> Iterator[tuple[str, dict[str, Any]]]:
    plain = {"seats": None, "minutes": None}
    for addon in chosen.addons:
        said = {"code": addon.code, "name": addon.name, "category": addon.category, "minutes": addon.minutes}
        yield SERVICE, {**plain, **said, "price": in_money(addon.price, currency), "kind": "addon"}
        for code in addon.to:
            yield ADDON, {"code": code, "addon": addon.code, "asked": code in addon.asked}
    for bundle in chosen.bundles:
        said = {"code": bundle.code, "name": bundle.name, "category": bundle.category}
        yield SERVICE, {**plain, **said, "price": in_money(bundle.price, currency), "kind": "bundle"}
        for position, code in enumerate(bundle.contains, start=1):
            yield BUNDLED, {"bundle": bundle.code, "position": position, "code": code}
    for course in chosen.classes:
        said = {"code": course.code, "name": course.name, "category": course.category, "minutes": course.minutes}
        yield SERVICE, {**said, "seats": course.seats, "price": in_money(course.price, currency), "kind": "class"}
    for role, percent in chosen.discounts.items():
        yield LIMIT, {"role": role, "percent": percent}


SERVICE = """
    WITH new AS (
        INSERT INTO services (business_id, category_id, code, name, price, kind, seats)
        SELECT :business, c.id, :code, :name, :price, :kind, CAST(:seats AS int)
          FROM service_categories c WHERE c.business_id = :business AND c.name = :category
        ON CONFLICT ON CONSTRAINT services_code_key DO NOTHING RETURNING id)
    INSERT INTO service_parts (business_id, service_id, position, kind, minutes, holds)
    SELECT :business, id, 1, 'active', CAST(:minutes AS int), '{lead}' FROM new WHERE CAST(:minutes AS int) IS NOT NULL
"""
ADDON = """
    INSERT INTO service_addons (business_id, service_id, addon_id, is_required)
    SELECT :business, s.id, a.id, :asked FROM services s, services a
     WHERE s.business_id = :business AND a.business_id = :business AND s.code = :code AND a.code = :addon
       AND a.kind = 'addon'
    ON CONFLICT ON CONSTRAINT service_addons_key DO NOTHING
"""
BUNDLED = """
    INSERT INTO bundle_services (business_id, bundle_id, position, service_id)
    SELECT :business, b.id, :position, s.id FROM services b, services s
     WHERE b.business_id = :business AND s.business_id = :business AND b.code = :bundle AND s.code = :code
       AND b.kind = 'bundle'
    ON CONFLICT ON CONSTRAINT bundle_services_key DO NOTHING
"""
LIMIT = """
    INSERT INTO discount_limits (business_id, role, percent) VALUES (:business, :role, :percent)
    ON CONFLICT ON CONSTRAINT discount_limits_role_key DO NOTHING
"""
