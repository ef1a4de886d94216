"""Strips of time slots: held, laid out, and rebuilt after every change to a day (architecture.md 4).

Every change does three things in one transaction: hold the strip, put or remove facts, rebuild the derived pieces of
that day. `rebuild` is the only writer of derived pieces.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session

from frontdesk.clock import day_bounds, day_of
from frontdesk.rules.hours import DAY, HoursRule, Piece, ResourceHours, RuleKind, derived_pieces
from frontdesk.services.use_case import Work

LONGEST_PIECE = dt.timedelta(hours=25)
"""No piece is longer: derived ones end with their day, facts are parts of a service. Searches look back this far."""

PUBLISHED_AHEAD = dt.timedelta(days=365)
"""How far ahead upkeep lays out strips."""

StripDay = tuple[int, dt.date]
"""A resource and one day of its strip, in the zone of its home shop."""

_EPOCH = dt.date(2000, 1, 1)


def hold(session: Session, strip_days: Iterable[StripDay], *, customer_id: int | None = None) -> None:
    """Wait until nobody else changes these days of these strips, nor this customer's visits; until commit.

    The customer comes first, then strips in order of resource and day, each resource's own lock shared before its
    days: one order everywhere, so that no two terminals ever wait for each other.
    """
    days = sorted(set(strip_days))
    keys = {(resource, 0) for resource, _ in days} | {(resource, (day - _EPOCH).days) for resource, day in days}
    if customer_id is not None:
        keys.add((-1, customer_id % 2**31))
    session.execute(_HOLD, {"resources": [r for r, _ in sorted(keys)], "days": [d for _, d in sorted(keys)]})


def hold_whole(session: Session, resource_ids: Iterable[int]) -> None:
    """Wait until nobody else changes these strips at all: for rosters, where day by day would be thousands of locks."""
    session.execute(_HOLD_WHOLE, {"resources": sorted(set(resource_ids))})


_HOLD = text("""
    SELECT CASE WHEN day = 0 THEN pg_advisory_xact_lock_shared(resource, day)
                ELSE pg_advisory_xact_lock(resource, day) END
      FROM (SELECT resource, day FROM unnest(CAST(:resources AS int[]), CAST(:days AS int[])) AS key (resource, day)
             ORDER BY resource, day) AS ordered
""")
_HOLD_WHOLE = text("""
    SELECT pg_advisory_xact_lock(resource, 0)
      FROM (SELECT resource FROM unnest(CAST(:resources AS int[])) AS key (resource) ORDER BY resource) AS ordered
""")


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


def rebuild(session: Session, strip_days: Iterable[StripDay], now: dt.datetime) -> int:
    """Make the derived pieces of these days what the rules and facts say. Returns how many pieces changed.

    The caller holds the days. Lapsed holds are purged on the way.
    """
    by_resource: dict[int, list[dt.date]] = defaultdict(list)
    for resource_id, day in set(strip_days):
        by_resource[resource_id].append(day)
    if not by_resource:
        return 0
    days = [day for each in by_resource.values() for day in each]
    hours = _hours(session, by_resource, min(days), max(days) + DAY)
    existing = _existing(session, by_resource, hours, min(days), max(days), now)
    gone: list[int] = []
    new: list[dict[str, object]] = []
    for resource_id, its_days in by_resource.items():
        zone = hours[resource_id].zones[hours[resource_id].shop_id]
        facts, derived = existing[resource_id]
        for day in sorted(its_days):
            start, end = day_bounds(day, zone)
            near = [fact for fact in facts if fact[0] < end and fact[1] > start]
            wanted = set(derived_pieces(day, hours[resource_id], near))
            for piece, slot_id in derived.items():
                if start <= piece.starts_at < end and piece not in wanted:
                    gone.append(slot_id)
            new += [{"resource_id": resource_id, **piece._asdict()} for piece in sorted(wanted - derived.keys())]
    if gone:
        session.execute(text("DELETE FROM time_slots WHERE id = ANY (:gone)"), {"gone": gone})
    _insert(session, new)
    return len(gone) + len(new)


_Strip = tuple[list[tuple[dt.datetime, dt.datetime]], dict[Piece, int]]


def _existing(
    session: Session, resources: Iterable[int], hours: dict[int, ResourceHours], first: dt.date, last: dt.date,
    now: dt.datetime,
) -> dict[int, _Strip]:  # fmt: skip
    bounds = [day_bounds(day, zone) for h in hours.values() for zone in h.zones.values() for day in (first, last)]
    since, until = min(start for start, _ in bounds), max(end for _, end in bounds)
    found: dict[int, _Strip] = {resource: ([], {}) for resource in resources}
    lapsed: list[int] = []
    for row in pieces_between(session, found, since, until):
        facts, derived = found[row.resource_id]
        if row.status == "held" and row.held_until is not None and row.held_until <= now:
            lapsed.append(row.id)
        elif row.status in ("booked", "held"):
            facts.append((row.starts_at, row.ends_at))
        else:
            derived[Piece(row.starts_at, row.ends_at, row.shop_id, row.status, row.reason)] = row.id
    if lapsed:
        session.execute(text("DELETE FROM time_slots WHERE id = ANY (:lapsed)"), {"lapsed": lapsed})
    return found


@dataclass(frozen=True)
class Slot:
    """A piece of a strip as it lies there."""

    id: int
    resource_id: int
    shop_id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    status: str
    reason: str | None
    part_id: int | None
    held_until: dt.datetime | None


def pieces_between(session: Session, resource_ids: Iterable[int], since: dt.datetime, until: dt.datetime) -> list[Slot]:
    """Every piece of these strips that touches a stretch, in order of time."""
    rows = session.execute(
        _PIECES,
        {"resources": sorted(set(resource_ids)), "since": since, "until": until, "back": since - LONGEST_PIECE},
    )
    return [Slot(*row) for row in rows]


_PIECES = text("""
    SELECT id, resource_id, shop_id, starts_at, ends_at, status, reason, part_id, held_until FROM time_slots
     WHERE resource_id = ANY (:resources) AND starts_at >= :back AND starts_at < :until AND ends_at > :since
     ORDER BY starts_at
""")


def _insert(session: Session, pieces: Sequence[dict[str, object]]) -> None:
    if not pieces:
        return
    columns = {name: [piece[name] for piece in pieces] for name in _COLUMNS}
    session.execute(_INSERT, columns)


_COLUMNS = ("resource_id", "shop_id", "starts_at", "ends_at", "status", "reason")
_INSERT = text("""
    INSERT INTO time_slots (resource_id, shop_id, starts_at, ends_at, status, reason)
    SELECT * FROM unnest(CAST(:resource_id AS int[]), CAST(:shop_id AS bigint[]), CAST(:starts_at AS timestamptz[]),
                         CAST(:ends_at AS timestamptz[]), CAST(:status AS text[]), CAST(:reason AS text[]))
""")


def _hours(session: Session, resource_ids: Iterable[int], first: dt.date, until: dt.date) -> dict[int, ResourceHours]:
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


def relay(work: Work, resource_ids: Sequence[int], first: dt.date, last: dt.date) -> None:
    """After a change of hours: rebuild those of these days that are laid out. Holds the strips."""
    if not resource_ids:
        return
    hold_whole(work.session, resource_ids)
    days: list[StripDay] = []
    for row in work.session.execute(_LAID_OUT, {"resources": sorted(resource_ids)}):
        start, end = (
            max(first, row.published_from),
            min(last + DAY if last < dt.date.max else last, row.published_until),
        )
        days += [(row.resource_id, start + DAY * n) for n in range(max(0, (end - start).days))]
    rebuild(work.session, days, work.now)


_LAID_OUT = text("SELECT resource_id, published_from, published_until FROM strips WHERE resource_id = ANY (:resources)")


def publish(work: Work, resource_ids: Sequence[int], until: dt.date) -> int:
    """Lay out strips from today, or from where they end, up to a day. Returns how many pieces were laid."""
    hold_whole(work.session, resource_ids)
    laid = {row.resource_id: row for row in work.session.execute(_LAID_OUT, {"resources": sorted(resource_ids)})}
    today = work.desk.today
    days: list[StripDay] = []
    for resource_id in resource_ids:
        start = laid[resource_id].published_until if resource_id in laid else today
        days += [(resource_id, start + DAY * n) for n in range(max(0, (until - start).days))]
    pieces = rebuild(work.session, days, work.now)
    work.session.execute(_LAY_OUT, {"resources": sorted(resource_ids), "today": today, "until": until})
    return pieces


_LAY_OUT = text("""
    INSERT INTO strips AS s (resource_id, published_from, published_until)
    SELECT resource, CAST(:today AS date), greatest(CAST(:until AS date), CAST(:today AS date))
      FROM unnest(CAST(:resources AS int[])) AS resource
    ON CONFLICT (resource_id) DO UPDATE SET published_until = greatest(s.published_until, excluded.published_until)
""")
