"""Who is in the walk-in queue, who takes turns today, and when each could be served.

Private to the services of the queue, but for what is shown. Read anew every time: an estimate is the earliest free
matching time in the live book, given those before (CI5).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.clock import day_bounds
from frontdesk.rules.fitting import Fit, Gaps, Way, estimates, holding
from frontdesk.rules.turns import Turner, in_order
from frontdesk.services.placing.availability import read_gaps
from frontdesk.services.team.slots import LONGEST_PIECE
from frontdesk.services.use_case import Work
from frontdesk.services.waiting.fitting import moment, ways_of
from frontdesk.services.waiting.who_waits import QUEUES
from frontdesk.services.wording import person

_REMEMBERED = dt.timedelta(days=31)
"""So far back a day's first turn looks for who was served longest ago."""


@dataclass(frozen=True)
class InQueue:
    """Somebody who came without a time and waits for a turn."""

    id: int
    customer_id: int | None
    customer: str
    service_id: int
    service: str
    asked_stylist_id: int | None
    asked_for: str | None
    """Whom they asked for; None for anybody."""
    joined_at: dt.datetime
    waited_minutes: int
    starts_at: dt.datetime | None = None
    """When they could begin, given everybody before them; None when nobody has time today any more."""
    stylist_id: int | None = None
    stylist: str | None = None
    """With whom that would be."""
    wait_minutes: int | None = None
    """From now on."""


@dataclass(frozen=True)
class TakesTurns:
    """Somebody who works today, and how often it was their turn."""

    stylist_id: int
    name: str
    turns: Decimal
    """What their turns of today come to: a request or a small service may count less."""
    served: int
    """How many walk-ins they have had today."""
    last_at: dt.datetime | None
    """When they had the last one today."""
    is_free: bool
    """For the shortest visit the shop books, now."""
    free_at: dt.datetime | None
    """When they are, at the earliest; None when not today any more."""


@dataclass(frozen=True)
class Floor:
    """The queue and the floor as they are now."""

    now: int
    """This minute, in seconds since 1970."""
    queue: tuple[InQueue, ...]
    ways: tuple[tuple[Way, ...], ...]
    """How each of the queue could be served, whoever's turn it is first."""
    gaps: Gaps
    order: tuple[Turner, ...]
    names: dict[int, str]
    served: dict[int, int]
    resources: dict[int, int]
    """The strip of each stylist."""
    earliest: dict[int, int]
    """From when on each may be given somebody: who runs over is not free although the plan says so."""

    def is_free(self, way: Way) -> bool:
        """Whether somebody could be served this way now."""
        return self.earliest.get(way.stylist_id) == self.now and holding(way, self.gaps, self.now) is not None


def floor_now(work: Work) -> Floor:
    """Everything about the queue, in as many questions however many wait: the queue, turns, services, free time."""
    since, until = day_bounds(work.desk.today, work.shop.timezone)
    now = int(work.now.timestamp()) // 60 * 60
    rows = work.session.execute(_QUEUE, {"shop": work.shop.id, "since": since}).all()
    at_work = work.session.execute(
        _AT_WORK,
        {
            "shop": work.shop.id, "since": since, "until": until, "back": since - LONGEST_PIECE,
            "today": work.desk.today, "long_ago": work.desk.today - _REMEMBERED, "now": work.now,
        },
    ).all()  # fmt: skip
    order = in_order(Turner(row.id, row.began_at, row.place, row.turns or Decimal(0), row.last_at) for row in at_work)
    place = {turner.stylist_id: at for at, turner in enumerate(order)}
    ways = [
        tuple(sorted((way for way in its if way.stylist_id in place), key=lambda way: place[way.stylist_id]))
        for its in ways_of(work, [((row.service_id,), row.stylist_id) for row in rows])
    ]
    resources = {row.id: row.resource_id for row in at_work}
    needed = {r for its in ways for way in its for need in way.needs for r in need.resources}
    gaps = read_gaps(
        work.session, work.shop.id, {*needed, *resources.values()}, now - 3600, int(until.timestamp()) + 3600
    )
    slot = work.shop.slot_minutes * 60
    earliest = {row.id: now + slot if row.runs_over else now for row in at_work}
    names = {row.id: row.first_name for row in at_work}
    fits = estimates(ways, gaps, earliest)
    return Floor(
        now,
        tuple(_in_queue(work, row, fit, names, now) for row, fit in zip(rows, fits, strict=True)),
        tuple(ways),
        gaps,
        tuple(order),
        names,
        {row.id: row.served for row in at_work},
        resources,
        earliest,
    )


def _in_queue(
    work: Work,
    row: Any,  # noqa: ANN401  a row of _QUEUE
    fit: Fit | None,
    names: dict[int, str],
    now: int,
) -> InQueue:
    return InQueue(
        row.id,
        row.customer_id,
        person(row.first_name, row.last_name, row.code, row.guest_name),
        row.service_id,
        row.service,
        row.stylist_id,
        row.asked_for,
        row.joined_at,
        int((work.now - row.joined_at).total_seconds() // 60),
        moment(fit.start) if fit else None,
        fit.stylist_id if fit else None,
        names[fit.stylist_id] if fit else None,
        (fit.start - now) // 60 if fit else None,
    )


def turn_takers(work: Work, floor: Floor) -> tuple[TakesTurns, ...]:
    """Whose turn it is, then whose after that."""
    since, _ = day_bounds(work.desk.today, work.shop.timezone)
    shortest = work.shop.slot_minutes * 60
    found: list[TakesTurns] = []
    for turner in floor.order:
        gaps = floor.gaps.get(floor.resources[turner.stylist_id], ())
        from_now = floor.earliest[turner.stylist_id]
        free_at = next((max(start, from_now) for start, end in gaps if end - max(start, from_now) >= shortest), None)
        found.append(
            TakesTurns(
                turner.stylist_id,
                floor.names[turner.stylist_id],
                turner.turns,
                floor.served[turner.stylist_id],
                turner.last_at if turner.last_at and turner.last_at >= since else None,
                free_at == floor.now,
                moment(free_at) if free_at is not None else None,
            )
        )
    return tuple(found)


_QUEUE = text(f"""
    SELECT k.id, k.customer_id, k.guest_name, c.first_name, c.last_name, c.code, k.service_id, v.name AS service,
           k.stylist_id, p.first_name AS asked_for, k.joined_at
      FROM walk_ins k JOIN services v ON v.id = k.service_id
      LEFT JOIN customers c ON c.id = k.customer_id LEFT JOIN stylists p ON p.id = k.stylist_id
     WHERE {QUEUES} ORDER BY k.joined_at, k.id
""")  # noqa: S608  nothing but a condition of this house

# A turn whose visit was taken back was none; a walk-in who got another stylist then counts for that one alone.
COUNTS = """
    (t.walk_in_id IS NULL OR (
        t.id = (SELECT max(l.id) FROM turns l WHERE l.walk_in_id = t.walk_in_id)
        AND EXISTS (SELECT FROM walk_ins k JOIN appointments a ON a.id = k.appointment_id
                     WHERE k.id = t.walk_in_id AND a.status NOT IN ('void', 'cancelled', 'late_cancelled'))))
"""
_AT_WORK = text(f"""
    SELECT p.id, p.first_name, p.resource_id, d.began_at,
           row_number() OVER (ORDER BY r.position, p.id) AS place, s.turns, coalesce(s.served, 0) AS served, s.last_at,
           EXISTS (SELECT FROM appointment_services l JOIN appointments a ON a.id = l.appointment_id
                    WHERE l.stylist_id = p.id AND l.status = 'in_service' AND l.ends_at <= :now
                      AND a.starts_at >= :since AND a.starts_at < :until) AS runs_over
      FROM stylists p JOIN resources r ON r.id = p.resource_id
      JOIN (SELECT resource_id, min(starts_at) AS began_at FROM time_slots
             WHERE shop_id = :shop AND starts_at >= :back AND starts_at < :until AND ends_at > :since
               AND status IN ('available', 'booked', 'held')
             GROUP BY resource_id) d ON d.resource_id = p.resource_id
      LEFT JOIN (SELECT t.stylist_id, sum(t.weight) FILTER (WHERE t.day = :today) AS turns,
                        count(t.walk_in_id) FILTER (WHERE t.day = :today) AS served, max(t.at) AS last_at
                   FROM turns t WHERE t.shop_id = :shop AND t.day > :long_ago AND {COUNTS}
                  GROUP BY t.stylist_id) s ON s.stylist_id = p.id
     WHERE p.is_active
""")  # noqa: S608  nothing but a condition of this house
