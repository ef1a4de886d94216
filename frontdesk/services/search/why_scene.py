"""What lies around one moment of the book: rules, facts and needs, read once before anybody asks why.

Private to `why`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from frontdesk.clock import boundary, day_bounds, day_of
from frontdesk.rules.hours import DAY, Piece, ResourceHours, derived_pieces
from frontdesk.rules.intervals import Stretch, joined, without
from frontdesk.rules.plan import LinePlan
from frontdesk.services.placing.candidates import Candidate, Wanted
from frontdesk.services.placing.whose_time import OWNER_COLUMNS, OWNER_JOINS, owner_name
from frontdesk.services.team.strip_hours import hours_of
from frontdesk.services.use_case import Work
from frontdesk.services.wording import clock_time, person, when_said

Stretches = Sequence[Stretch[dt.datetime]]

_EVENING = dt.timedelta(hours=12)
"""Nobody cleans up for longer than this after closing."""


@dataclass(frozen=True)
class Fact:
    """Who has a stretch of somebody's time."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    words: str
    """` is taken 15:00–15:45 by Kim Lee (booked by Ria, 09:12)` without the times: ` by Kim Lee …`, `: Ria is …`."""


@dataclass(frozen=True)
class Scene:
    """Everything that was read, before one thinks."""

    work: Work
    at: dt.datetime
    need: Wanted | None
    cleanup_may_overrun: bool
    closure: str | None
    """Why the shop is shut that day, if it is."""
    shop_hours: Stretches
    shops: dict[str, str]
    """What the shops are called, by number."""
    hours: dict[int, ResourceHours]
    facts: dict[int, list[Fact]]
    elsewhere: str | None = None
    """Of the customer's other visit then, if there is one."""

    @property
    def zone(self) -> str:
        """Of the shop."""
        return self.work.shop.timezone

    def plan(self, one: Candidate | None) -> LinePlan | None:
        """How the service is laid out with somebody."""
        if self.need is None:
            return None
        return self.need.plan_for(self.need.by(one.stylist_id) if one is not None and one.stylist_id else None)

    def told(self, one: Candidate | None) -> Stretch[dt.datetime]:
        """What the customer would be told with somebody."""
        plan = self.plan(one)
        minutes = plan.told_minutes if plan else self.work.shop.slot_minutes
        return self.at, self.at + dt.timedelta(minutes=minutes)

    def needed(self, one: Candidate | None, role: str = "lead", *, with_cleanup: bool = True) -> Stretches:
        """When somebody or something would be busy, if it is done by somebody."""
        plan = self.plan(one)
        if plan is None:
            return [self.told(one)] if role == "lead" else []
        return [
            (self.at + dt.timedelta(seconds=s.offset), self.at + dt.timedelta(seconds=s.offset + s.length))
            for s in plan.spans(role, with_cleanup=with_cleanup)
        ]

    def in_hours(self, one: Candidate | None, role: str = "lead") -> Stretches:
        """What of it has to lie in published hours: all of it, unless clean-up may go on after them."""
        return self.needed(one, role, with_cleanup=not self.cleanup_may_overrun)

    def pieces(self, resource_id: int, *, free: bool) -> list[Piece]:
        """The days of a strip by its rules, with what is booked cut out when only free time is asked for."""
        hours = self.hours[resource_id]
        zone = hours.zones[hours.shop_id]
        day = day_of(self.at, zone)
        cut = [(fact.starts_at, fact.ends_at) for fact in self.facts[resource_id]] if free else []
        return [piece for n in (-1, 0, 1) for piece in derived_pieces(day + DAY * n, hours, cut)]

    def run(self, resource_id: int) -> Stretches:
        """What is free of a strip in this shop."""
        here = self.work.shop.id
        return joined(
            (p.starts_at, p.ends_at)
            for p in self.pieces(resource_id, free=True)
            if p.status == "available" and p.shop_id == here
        )

    def has_room(self, resource_id: int, one: Candidate | None, role: str = "lead") -> bool:
        """Whether a strip is free for all of it, as a booking would find it."""
        free, needed = self.run(resource_id), self.needed(one, role)
        if not self.cleanup_may_overrun:
            return not without(needed, free)
        return not without(self.in_hours(one, role), free) and not without(needed, self._late(resource_id, free))

    def _late(self, resource_id: int, free: Stretches) -> Stretches:
        """The same for clean-up, which may go on after a strip's last piece of a day."""
        begins = sorted(
            [piece.starts_at for piece in self.pieces(resource_id, free=True)]
            + [fact.starts_at for fact in self.facts[resource_id]]
        )
        return [(start, next((b for b in begins if b >= end), end + _EVENING)) for start, end in free]


def read_scene(
    work: Work,
    at: dt.datetime,
    need: Wanted | None,
    people: Sequence[Candidate],
    *,
    hold_key: UUID | None = None,
    customer_id: int | None = None,
) -> Scene:
    """Read what lies around a moment, in a handful of questions however many people are asked about."""
    things = [thing.resource_id for them in need.others.values() for thing in them] if need else []
    resources = [*(one.resource_id for one in people), *things]
    zone = work.shop.timezone
    day = day_of(at, zone)
    asked = {"shop": work.shop.id, "day": day, "weekday": day.isoweekday()}
    shop = work.session.execute(_SHOP, asked).one()
    rows = work.session.execute(_HOURS, asked).all() if shop.closure is None else []
    shop_hours = joined((boundary(day, row.opens, zone), boundary(day, row.closes, zone)) for row in rows)
    hours = hours_of(work.session, resources, day - 2 * DAY, day + 3 * DAY)
    facts = _facts(work, resources, day, hold_key)
    scene = Scene(work, at, need, shop.cleanup_may_overrun, shop.closure, shop_hours, shop.shops, hours, facts)
    if customer_id is None:
        return scene
    told_end = max((scene.told(one)[1] for one in people), default=scene.told(None)[1])
    asked = {"customer": customer_id, "starts_at": at, "ends_at": told_end}
    elsewhere = work.session.execute(_ELSEWHERE, asked).one_or_none()
    if elsewhere is None:
        return scene
    when = f"{clock_time(elsewhere.starts_at, zone)}–{clock_time(elsewhere.ends_at, zone)}"
    who = person(elsewhere.first_name, elsewhere.last_name, elsewhere.customer_code)
    words = f"{who} already has visit {elsewhere.code} {when}."
    return Scene(work, at, need, shop.cleanup_may_overrun, shop.closure, shop_hours, shop.shops, hours, facts, words)


def _facts(work: Work, resources: Iterable[int], day: dt.date, hold_key: UUID | None) -> dict[int, list[Fact]]:
    since, until = day_bounds(day, work.shop.timezone)[0] - 2 * DAY, day_bounds(day, work.shop.timezone)[1] + DAY
    asked = {"resources": list(resources), "since": since, "until": until, "now": work.now, "mine": hold_key}
    found: dict[int, list[Fact]] = defaultdict(list)
    for row in work.session.execute(_FACTS, asked):
        fact, its = Fact(row.starts_at, row.ends_at, _whose(work, row)), found[row.resource_id]
        if its and (its[-1].ends_at, its[-1].words) == (fact.starts_at, fact.words):
            fact = Fact(its.pop().starts_at, fact.ends_at, fact.words)  # parts of one visit without a break
        its.append(fact)
    return found


def _whose(work: Work, row: Any) -> str:  # noqa: ANN401  a row of _FACTS
    zone = work.shop.timezone
    if row.held_for is not None:
        return f": it is kept for {row.held_for} until {clock_time(row.held_until, zone)}"
    if row.held_by is not None:
        return f": {row.held_by} is booking it"
    when = when_said(row.booked_at, work.desk.today, zone)
    return f" by {owner_name(row)} (booked by {row.booked_by or 'another system'}, {when})"


_SHOP = text("""
    SELECT s.cleanup_may_overrun,
           (SELECT c.name FROM closures c WHERE c.shop_id = s.id AND :day BETWEEN c.first_day AND c.last_day LIMIT 1)
               AS closure,
           (SELECT jsonb_object_agg(o.id, o.name) FROM shops o) AS shops
      FROM shops s WHERE s.id = :shop
""")
_HOURS = text("""
    SELECT opens, closes FROM business_hours
     WHERE shop_id = :shop AND weekday = :weekday AND valid_from <= :day AND valid_until > :day
""")
_FACTS = text(f"""
    SELECT t.resource_id, t.starts_at, t.ends_at, {OWNER_COLUMNS}
      FROM time_slots t {OWNER_JOINS}
     WHERE t.resource_id = ANY (:resources) AND t.status IN ('booked', 'held')
       AND (t.held_until IS NULL OR t.held_until > :now) AND t.starts_at >= :since AND t.starts_at < :until
       AND (t.hold_key IS NULL OR t.hold_key IS DISTINCT FROM CAST(:mine AS uuid))
     ORDER BY t.starts_at
""")  # noqa: S608  put together from what this house wrote
_ELSEWHERE = text("""
    SELECT a.code, a.starts_at, a.ends_at, c.first_name, c.last_name, c.code AS customer_code
      FROM appointments a JOIN customers c ON c.id = a.customer_id
     WHERE a.customer_id = :customer AND a.starts_at < :ends_at AND a.ends_at > :starts_at AND NOT a.for_guest
       AND a.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
     ORDER BY a.starts_at LIMIT 1
""")
