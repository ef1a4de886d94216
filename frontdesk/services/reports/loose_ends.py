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
LETTERS, CHORES = "letters", "chores"


@dataclass(frozen=True)
class LooseVisit:
    """A visit to be looked at."""

    appointment_id: int
    code: str
    customer: str
    when: str
    """`15:00` on the day itself, `Tue 10 Mar 15:00` on others."""


@dataclass(frozen=True)
class LooseNote:
    """What went wrong by itself, with nobody's visit to go to."""

    when: str
    words: str


@dataclass(frozen=True)
class LookAt:
    """One kind of thing to look at."""

    kind: str
    """unpaid, pending, open, stranded, letters or chores."""
    count: int
    sentence: str
    visits: tuple[LooseVisit, ...]
    """The first of them in order of time."""
    notes: tuple[LooseNote, ...] = ()
    """What was not sent, and what is due every day and goes wrong."""


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
        found += _went_wrong(work, day)
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


def _went_wrong(work: Work, day: dt.date) -> list[LookAt]:
    """Letters that were not sent, and what is due every day and goes wrong."""
    notes: dict[str, list[LooseNote]] = {LETTERS: [], CHORES: []}
    for row in work.session.execute(_WRONG, {"shop": work.shop.id, "back": work.now - _BACK, "late": work.now - LATE}):
        said = f"{row.subject}: {row.error or 'no terminal that is on has a mail server'}"
        notes[row.kind].append(LooseNote(when_said(row.since, day, work.shop.timezone), said))
    return [
        LookAt(kind, len(its), words.format(its="1 letter was" if len(its) == 1 else f"{len(its)} letters were"), (),
               tuple(its[:_MOST]))
        for kind, words in ((LETTERS, "{its} not sent"), (CHORES, "daily upkeep goes wrong"))
        if (its := notes[kind])
    ]  # fmt: skip


LATE = dt.timedelta(hours=1)
"""A letter that was asked for longer ago and waits still is looked at."""
# A letter that was given up and sent again, or to another address, is no longer loose.
_WRONG = text("""
    SELECT 'letters' AS kind, p.asked_at AS since, 'receipt ' || s.number || ' to ' || p.address AS subject, p.error
      FROM prints p JOIN sales s ON s.id = p.sale_id
     WHERE p.shop_id = :shop AND p.channel = 'mail' AND p.done_at IS NULL AND p.asked_at >= :back
       AND (p.failed_at IS NOT NULL OR p.asked_at < :late)
       AND NOT EXISTS (SELECT FROM prints q WHERE q.sale_id = p.sale_id AND q.document = p.document
                          AND q.channel = 'mail' AND q.id > p.id AND q.failed_at IS NULL)
     UNION ALL
    SELECT 'chores', failed_at, name, error FROM chores WHERE shop_id = :shop AND failed_at IS NOT NULL
     ORDER BY 1, 2
""")
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
