"""Strips of time slots: held, laid out, and rebuilt after every change to a day (architecture.md 4).

Every change does three things in one transaction: hold the strip, put or remove facts, rebuild the derived pieces of
that day. `rebuild` is the only writer of derived pieces.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session

from frontdesk.clock import day_bounds
from frontdesk.rules.hours import DAY, Piece, ResourceHours, derived_pieces
from frontdesk.rules.intervals import joined
from frontdesk.services.team.strip_hours import StripDay, homes, hours_of
from frontdesk.services.use_case import Work

LONGEST_PIECE = dt.timedelta(hours=25)
"""No piece is longer: derived ones end with their day, facts are parts of a service. Searches look back this far."""

PUBLISHED_AHEAD = dt.timedelta(days=365)
"""How far ahead upkeep lays out strips."""

_EPOCH = dt.date(2000, 1, 1)


def hold(
    session: Session,
    strip_days: Iterable[StripDay],
    *,
    customer_id: int | None = None,
    customer_ids: Iterable[int | None] = (),
) -> None:
    """Wait until nobody else changes these days of these strips, nor these customers' visits; until commit.

    Customers come first, then strips in order of resource and day, each resource's own lock shared before its days:
    one order everywhere, so that no two terminals ever wait for each other.
    """
    days = sorted(set(strip_days))
    keys = {(resource, 0) for resource, _ in days} | {(resource, (day - _EPOCH).days) for resource, day in days}
    keys |= {(-1, each % 2**31) for each in (customer_id, *customer_ids) if each is not None}
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


def rebuild(session: Session, strip_days: Iterable[StripDay], now: dt.datetime) -> int:
    """Make the derived pieces of these days what the rules and facts say. Returns how many pieces changed.

    The caller holds the days. Lapsed holds are purged on the way.
    """
    change = difference(session, strip_days, now)
    if change.gone or change.lapsed:
        session.execute(_REMOVE, {"gone": [*change.gone, *change.lapsed]})
    _insert(session, change.missing)
    return len(change.gone) + len(change.missing)


_REMOVE = text("DELETE FROM time_slots WHERE id = ANY (:gone)")


@dataclass(frozen=True)
class Difference:
    """What lies on strips against what should."""

    missing: tuple[tuple[int, Piece], ...]
    """Derived pieces that should be there, with their resource."""
    gone: tuple[int, ...]
    """Derived pieces that should not."""
    lapsed: tuple[int, ...]
    """Holds whose time is over."""


def purge_lapsed(work: Work) -> int:
    """Give back the time of every hold of the shop that has lapsed. Returns how many pieces were held.

    Holds the strips concerned, so it stands at the beginning of a transaction or in one of its own.
    """
    lapsed = work.session.execute(_LAPSED, {"shop": work.shop.id, "now": work.now}).all()
    if not lapsed:
        return 0
    at_home = homes(work.session, {row.resource_id for row in lapsed})
    days = {day for row in lapsed for day in at_home[row.resource_id].days(row.starts_at, row.ends_at)}
    hold(work.session, days)
    rebuild(work.session, days, work.now)
    return len(lapsed)


_LAPSED = text("""
    SELECT resource_id, starts_at, ends_at FROM time_slots
     WHERE status = 'held' AND held_until <= :now AND shop_id = :shop
""")


def difference(session: Session, strip_days: Iterable[StripDay], now: dt.datetime) -> Difference:
    """How the derived pieces of these days differ from what rules and facts say. Changes nothing."""
    days: dict[int, list[dt.date]] = defaultdict(list)
    for resource_id, day in sorted(set(strip_days)):
        days[resource_id].append(day)
    if not days:
        return Difference((), (), ())
    first, last = min(its[0] for its in days.values()), max(its[-1] for its in days.values())
    hours = hours_of(session, days, first, last + DAY)
    lying = _lying(session, hours, {day for its in days.values() for day in its})
    missing: list[tuple[int, Piece]] = []
    gone: list[int] = []
    lapsed: list[int] = []
    for resource_id, its_days in days.items():
        zone = hours[resource_id].zones[hours[resource_id].shop_id]
        row = lying.get(resource_id, [])
        over = [p.id for p in row if p.held_until is not None and p.held_until <= now]
        lapsed += over
        starts = [p.starts_at for p in row]
        for day in its_days:
            start, end = day_bounds(day, zone)
            near = row[bisect_left(starts, start - LONGEST_PIECE) : bisect_left(starts, end)]
            facts = [(p.starts_at, p.ends_at) for p in near if p.is_fact and p.ends_at > start and p.id not in over]
            there = {p.piece: p.id for p in near if not p.is_fact and p.starts_at >= start}
            wanted = set(derived_pieces(day, hours[resource_id], facts))
            missing += [(resource_id, piece) for piece in sorted(wanted - there.keys())]
            gone += [slot_id for piece, slot_id in there.items() if piece not in wanted]
    return Difference(tuple(missing), tuple(gone), tuple(lapsed))


def _lying(session: Session, hours: dict[int, ResourceHours], days: Iterable[dt.date]) -> dict[int, list[Slot]]:
    zones = {h.zones[h.shop_id] for h in hours.values()}
    lying: dict[int, list[Slot]] = defaultdict(list)
    windows = joined(day_bounds(day, zone) for zone in zones for day in days)
    for slot in pieces_within(session, hours, windows):
        lying[slot.resource_id].append(slot)
    return lying


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

    @property
    def is_fact(self) -> bool:
        """Booked or held, not derived."""
        return self.status in ("booked", "held")

    @property
    def piece(self) -> Piece:
        """The same without its numbers, to be compared."""
        return Piece(self.starts_at, self.ends_at, self.shop_id, self.status, self.reason)


def pieces_between(session: Session, resource_ids: Iterable[int], since: dt.datetime, until: dt.datetime) -> list[Slot]:
    """Every piece of these strips that touches a stretch, in order of time."""
    rows = session.execute(
        _PIECES,
        {"resources": sorted(set(resource_ids)), "since": since, "until": until, "back": since - LONGEST_PIECE},
    )
    return [Slot(*row) for row in rows]


def pieces_within(
    session: Session, resource_ids: Iterable[int], windows: Sequence[tuple[dt.datetime, dt.datetime]]
) -> list[Slot]:
    """Every piece of these strips that touches one of these stretches, once and in order of time, in one question."""
    if len(windows) == 1:
        return pieces_between(session, resource_ids, *windows[0])
    asked = {
        "resources": sorted(set(resource_ids)),
        "since": [since for since, _ in windows],
        "back": [since - LONGEST_PIECE for since, _ in windows],
        "until": [until for _, until in windows],
    }
    return [Slot(*row) for row in session.execute(_PIECES_WITHIN, asked)]


# One resource and one stretch at a time, so that each is a walk along the strip's index.
_PIECES_WITHIN = text("""
    SELECT t.id, t.resource_id, t.shop_id, t.starts_at, t.ends_at, t.status, t.reason, t.part_id, t.held_until
      FROM unnest(CAST(:resources AS int[])) AS r (id)
     CROSS JOIN unnest(CAST(:since AS timestamptz[]), CAST(:back AS timestamptz[]), CAST(:until AS timestamptz[]))
                AS w (since, back, until)
      JOIN time_slots t ON t.resource_id = r.id AND t.starts_at >= w.back AND t.starts_at < w.until
       AND t.ends_at > w.since
     GROUP BY t.id ORDER BY t.starts_at
""")
_PIECES = text("""
    SELECT id, resource_id, shop_id, starts_at, ends_at, status, reason, part_id, held_until FROM time_slots
     WHERE resource_id = ANY (:resources) AND starts_at >= :back AND starts_at < :until AND ends_at > :since
     ORDER BY starts_at
""")


def _insert(session: Session, pieces: Sequence[tuple[int, Piece]]) -> None:
    if not pieces:
        return
    rows = [{"resource_id": resource_id, **piece._asdict()} for resource_id, piece in pieces]
    session.execute(_INSERT, {name: [row[name] for row in rows] for name in _COLUMNS})


_COLUMNS = ("resource_id", "shop_id", "starts_at", "ends_at", "status", "reason")
_INSERT = text("""
    INSERT INTO time_slots (resource_id, shop_id, starts_at, ends_at, status, reason)
    SELECT * FROM unnest(CAST(:resource_id AS int[]), CAST(:shop_id AS bigint[]), CAST(:starts_at AS timestamptz[]),
                         CAST(:ends_at AS timestamptz[]), CAST(:status AS text[]), CAST(:reason AS text[]))
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
