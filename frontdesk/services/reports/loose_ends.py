"""What somebody should look at before the day ends: unpaid visits, visits nobody closed, visits outside hours."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from frontdesk.clock import day_bounds
from frontdesk.rules.hours import DAY
from frontdesk.services.team.stranded import stranded
from frontdesk.services.use_case import Work
from frontdesk.services.wording import person, when_said

_MOST = 50
"""So many visits of a kind are named; more are counted."""
_BACK = 14 * DAY
"""How far back a loose end is still worth tying."""
_AHEAD = 7 * DAY

UNPAID, PENDING, OPEN, STRANDED = "unpaid", "pending", "open", "stranded"


@dataclass(frozen=True)
class LooseVisit:
    """A visit to be looked at."""

    appointment_id: int
    code: str
    customer: str
    when: str
    """`15:00` on the day itself, `Tue 10 Mar 15:00` on others."""


@dataclass(frozen=True)
class LookAt:
    """One kind of thing to look at."""

    kind: str
    """unpaid, pending, open or stranded."""
    count: int
    sentence: str
    visits: tuple[LooseVisit, ...]
    """The first of them in order of time."""


def to_look_at(work: Work, day: dt.date, resource_ids: Iterable[int]) -> tuple[LookAt, ...]:
    """What is loose on this day; today also what the two weeks before have left, and the week ahead's stranded visits.

    `resource_ids` are the stylists' whose hours are asked.
    """
    is_today = day == work.desk.today
    since, until = day_bounds(day, work.shop.timezone)
    asked = {"shop": work.shop.id, "back": since - _BACK if is_today else since, "since": since, "until": until}
    rows: dict[str, list[Any]] = defaultdict(list)
    for row in work.session.execute(_LOOSE, {**asked, "now": work.now}):
        rows[row.kind].append(row)
    found = [_look_at(work, kind, rows[kind], day) for kind in (UNPAID, PENDING, OPEN) if rows[kind]]
    if is_today:
        found += _stranded(work, day, resource_ids)
    return tuple(found)


def _look_at(work: Work, kind: str, rows: Sequence[Any], day: dt.date) -> LookAt:
    visits = tuple(
        LooseVisit(
            row.id,
            row.code,
            person(row.first_name, row.last_name, row.customer_code, row.guest_name),
            when_said(row.starts_at, day, work.shop.timezone),
        )
        for row in rows[:_MOST]
    )
    return LookAt(kind, len(rows), f"{_visits(len(rows))} {_WORDS[kind]}", visits)


_WORDS = {UNPAID: "done and unpaid", PENDING: "over and still pending", OPEN: "of an earlier day not finished"}


def _visits(count: int) -> str:
    return "1 visit" if count == 1 else f"{count} visits"


def _stranded(work: Work, day: dt.date, resource_ids: Iterable[int]) -> list[LookAt]:
    found = stranded(work, resource_ids, day, day + _AHEAD, shop_id=work.shop.id)
    by_visit = {one.appointment_id: one for one in reversed(found)}
    visits = tuple(
        LooseVisit(one.appointment_id, one.code, one.customer, when_said(one.starts_at, day, work.shop.timezone))
        for one in sorted(by_visit.values(), key=lambda one: (one.starts_at, one.appointment_id))
    )
    if not visits:
        return []
    return [LookAt(STRANDED, len(visits), f"{_visits(len(visits))} outside hours this week", visits[:_MOST])]


_LOOSE = text("""
    SELECT v.*, c.first_name, c.last_name, c.code AS customer_code
      FROM (SELECT a.id, a.code, a.customer_id, a.guest_name, a.starts_at,
                   CASE WHEN a.status = 'completed' THEN 'unpaid'
                        WHEN a.status IN ('pending', 'confirmed') THEN 'pending' ELSE 'open' END AS kind
              FROM appointments a
             WHERE a.shop_id = :shop AND a.starts_at >= :back AND a.starts_at < :until
               AND ((a.status IN ('pending', 'confirmed') AND a.ends_at <= :now)
                    OR (a.status IN ('arrived', 'in_service', 'processing') AND a.ends_at <= :now
                        AND a.starts_at < :since)
                    OR (a.status = 'completed' AND EXISTS (
                        SELECT FROM appointment_services l WHERE l.appointment_id = a.id AND l.status = 'completed'
                           AND NOT EXISTS (SELECT FROM paid_visit_lines p WHERE p.appointment_service_id = l.id))))) v
      LEFT JOIN customers c ON c.id = v.customer_id
     ORDER BY v.starts_at, v.id
""")
