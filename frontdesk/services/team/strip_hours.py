"""Where a strip is at home and which rules make its hours: read in one question for many strips."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session

from frontdesk.clock import day_of
from frontdesk.rules.hours import DAY, HoursRule, ResourceHours, RuleKind

StripDay = tuple[int, dt.date]
"""A resource and one day of its strip, in the zone of its home shop."""


@dataclass(frozen=True)
class StripHome:
    """Where a resource is at home and what it is."""

    resource_id: int
    shop_id: int
    timezone: str
    is_stylist: bool
    published_from: dt.date | None
    published_until: dt.date | None

    def is_laid_out(self, day: dt.date) -> bool:
        """Whether that day of its strip has its derived pieces."""
        return bool(self.published_from and self.published_until and self.published_from <= day < self.published_until)

    def days(self, starts_at: dt.datetime, ends_at: dt.datetime) -> list[StripDay]:
        """The days of its strip that a stretch touches."""
        first, last = day_of(starts_at, self.timezone), day_of(ends_at - dt.timedelta(microseconds=1), self.timezone)
        return [(self.resource_id, first + DAY * n) for n in range((last - first).days + 1)]


def homes(session: Session, resource_ids: Iterable[int]) -> dict[int, StripHome]:
    """The homes of these resources."""
    rows = session.execute(_HOMES, {"resources": sorted(set(resource_ids))})
    return {
        row.id: StripHome(
            row.id, row.shop_id, row.timezone, row.kind == "stylist", row.published_from, row.published_until
        )
        for row in rows
    }


_HOMES = text("""
    SELECT r.id, r.shop_id, r.kind, s.timezone, p.published_from, p.published_until
      FROM resources r JOIN shops s ON s.id = r.shop_id LEFT JOIN strips p ON p.resource_id = r.id
     WHERE r.id = ANY (:resources)
""")


def hours_of(session: Session, resource_ids: Iterable[int], first: dt.date, until: dt.date) -> dict[int, ResourceHours]:
    """Every rule that says something about these resources between two days, in one question."""
    home = homes(session, resource_ids)
    rules: dict[int, list[HoursRule]] = defaultdict(list)
    zones: dict[int, dict[int, str]] = {r: {h.shop_id: h.timezone} for r, h in home.items()}
    rows = session.execute(
        _RULES, {"resources": sorted(home), "first": first - DAY, "until": until + DAY}
    )  # a shift in another zone may belong to the day beside
    for row in rows:
        rules[row.resource_id].append(HoursRule(RuleKind(row.rule), *row[2:11]))
        if row.shop_id is not None:
            zones[row.resource_id][row.shop_id] = row.timezone
    return {r: ResourceHours(h.shop_id, h.is_stylist, zones[r], tuple(rules[r])) for r, h in home.items()}


_RULES = text("""
    WITH mine AS (
        SELECT r.id AS resource_id, r.business_id, r.shop_id AS home, r.kind, p.id AS stylist_id
          FROM resources r LEFT JOIN stylists p ON p.resource_id = r.id WHERE r.id = ANY (:resources)
    ), places AS (
        SELECT resource_id, home AS shop_id FROM mine
        UNION SELECT m.resource_id, w.shop_id FROM mine m JOIN weekly_shifts w USING (stylist_id)
        UNION SELECT m.resource_id, d.shop_id FROM mine m JOIN dated_shifts d USING (stylist_id)
               WHERE d.day >= :first AND d.day < :until
    ), rules AS (
        SELECT 'business' AS rule, p.resource_id, h.shop_id, h.weekday, h.valid_from AS first,
               h.valid_until AS until, h.opens AS starts, h.closes AS ends,
               CAST(NULL AS timestamptz) AS starts_at, CAST(NULL AS timestamptz) AS ends_at, '' AS name
          FROM places p JOIN business_hours h USING (shop_id)
        UNION ALL
        SELECT 'weekly', m.resource_id, w.shop_id, w.weekday, w.valid_from, w.valid_until, w.starts, w.ends,
               NULL, NULL, '' FROM mine m JOIN weekly_shifts w USING (stylist_id)
        UNION ALL
        SELECT 'dated', m.resource_id, d.shop_id, NULL, d.day, d.day + 1, d.starts, d.ends, NULL, NULL, ''
          FROM mine m JOIN dated_shifts d USING (stylist_id)
        UNION ALL
        SELECT 'break', m.resource_id, NULL, b.weekday, coalesce(b.day, b.valid_from),
               coalesce(b.day + 1, b.valid_until), b.starts, b.ends, NULL, NULL, b.name
          FROM mine m JOIN breaks b USING (stylist_id)
        UNION ALL
        SELECT 'time_off', m.resource_id, NULL, NULL, t.first_day, t.last_day + 1, t.starts, t.ends, NULL, NULL,
               t.kind FROM mine m JOIN time_off t USING (stylist_id)
        UNION ALL
        SELECT 'closure', p.resource_id, c.shop_id, NULL, c.first_day, c.last_day + 1, NULL, NULL, NULL, NULL,
               c.name FROM places p JOIN closures c USING (shop_id)
        UNION ALL
        SELECT b.kind, b.resource_id, NULL, NULL, CAST(:first AS date), CAST(:until AS date), NULL, NULL,
               b.starts_at, b.ends_at, b.name FROM mine m JOIN blocks b USING (resource_id)
         WHERE b.ends_at > CAST(:first AS date) - 1 AND b.starts_at < CAST(:until AS date) + 1
    )
    SELECT rules.rule, rules.resource_id, rules.shop_id, rules.weekday, rules.first, rules.until, rules.starts,
           rules.ends, rules.starts_at, rules.ends_at, rules.name, s.timezone
      FROM rules LEFT JOIN shops s ON s.id = rules.shop_id
     WHERE rules.until > :first AND rules.first < :until
""")
