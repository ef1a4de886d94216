"""Stylists as the book lists them: their names, the week that holds today, what they can do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.services.team.stylist_hours import Shift
from frontdesk.services.use_case import Work


@dataclass(frozen=True)
class StylistCard:
    """Somebody who serves, with the week that holds today. What they earn is not on it."""

    id: int
    resource_id: int
    name: str
    first_name: str
    last_name: str
    code: str | None
    phone: str | None
    email: str | None
    is_active: bool
    shifts: tuple[Shift, ...]
    service_ids: tuple[int, ...]
    category_ids: tuple[int, ...]
    version: int
    level: str = ""
    """Senior, as prices by level speak of it."""


def cards_of(work: Work, stylist_id: int | None = None) -> Iterator[StylistCard]:
    """One stylist or all of them, in the order of the book."""
    rows = work.session.execute(_STYLISTS, {"stylist": stylist_id, "today": work.desk.today})
    for row in rows:
        yield StylistCard(
            id=row.id,
            resource_id=row.resource_id,
            name=f"{row.first_name} {row.last_name}".strip(),
            first_name=row.first_name,
            last_name=row.last_name,
            code=row.code,
            phone=row.phone,
            email=row.email,
            is_active=row.is_active,
            shifts=tuple(
                Shift(weekday=weekday, starts=_wall(starts), ends=_wall(ends), shop_id=shop_id)
                for weekday, starts, ends, shop_id in row.shifts
            ),
            service_ids=tuple(row.services),
            category_ids=tuple(row.categories),
            version=row.version,
            level=row.level,
        )


def _wall(said: str) -> dt.time:
    return dt.time.fromisoformat(said)


_STYLISTS = text("""
    SELECT p.id, p.resource_id, p.first_name, p.last_name, p.code, p.phone, p.email, p.is_active, p.version, p.level,
           (SELECT coalesce(jsonb_agg(jsonb_build_array(w.weekday, w.starts, w.ends, w.shop_id)
                                      ORDER BY w.weekday, w.starts), '[]')
              FROM weekly_shifts w
             WHERE w.stylist_id = p.id AND w.valid_from <= :today AND w.valid_until > :today) AS shifts,
           ARRAY(SELECT x.service_id FROM stylist_specialties x
                  WHERE x.stylist_id = p.id AND x.service_id IS NOT NULL ORDER BY 1) AS services,
           ARRAY(SELECT x.category_id FROM stylist_specialties x
                  WHERE x.stylist_id = p.id AND x.category_id IS NOT NULL ORDER BY 1) AS categories
      FROM stylists p JOIN resources r ON r.id = p.resource_id
     WHERE p.id = CAST(:stylist AS bigint) OR CAST(:stylist AS bigint) IS NULL
     ORDER BY r.position, p.id
""")
