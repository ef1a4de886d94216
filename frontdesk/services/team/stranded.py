"""Visits that a change of hours leaves outside them: they stay in the book and are listed (features ST1, ST4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import text

from frontdesk.clock import day_of
from frontdesk.rules.hours import DAY, ResourceHours, RuleKind, derived_pieces
from frontdesk.rules.intervals import without
from frontdesk.services.team import slots
from frontdesk.services.team.strip_hours import hours_of
from frontdesk.services.use_case import Work
from frontdesk.services.wording import person


@dataclass(frozen=True)
class StrandedVisit:
    """One service of a visit, outside the hours of whoever or whatever it needs."""

    appointment_id: int
    code: str
    customer: str
    service: str
    stylist: str | None
    starts_at: dt.datetime


@dataclass(frozen=True)
class Reach:
    """Whose hours a change touches, and on which days."""

    resource_ids: tuple[int, ...]
    first: dt.date
    last: dt.date
    shop_id: int | None
    """The shop whose own hours are asked: visits that nobody has taken yet count too."""


class HoursChange:
    """A change of hours from holding the strips to laying them out anew, and the visits it strands on the way."""

    def __init__(self, work: Work, reach: Reach) -> None:
        self._work, self._reach = work, reach
        slots.hold_whole(work.session, reach.resource_ids)
        self._before = _outside(work, reach)

    @classmethod
    def begin(
        cls, work: Work, resource_ids: Iterable[int], first: dt.date, last: dt.date, *, shop_id: int | None = None
    ) -> HoursChange:
        """Hold these strips and remember who stands outside hours already. Then change the rules, then finish."""
        return cls(work, Reach(tuple(resource_ids), first, last, shop_id))

    def finish(self) -> tuple[StrandedVisit, ...]:
        """Lay the days out anew and answer what that strands, in order of time.

        A visit that was outside hours before is not listed again: it was booked so on purpose, or listed then.
        """
        self._work.session.flush()
        wide = _widened(self._reach)
        slots.relay(self._work, wide.resource_ids, wide.first, wide.last)
        # A shop and a strip may have the same number.
        kind = "hours.changed" if self._reach.shop_id is None else "opening.changed"
        self._work.tell(
            kind,
            self._reach.shop_id or min(self._reach.resource_ids, default=0),
            resources=self._reach.resource_ids,
            first=self._reach.first,
            last=self._reach.last,
        )
        after = _outside(self._work, self._reach)
        return tuple(visit for line_id, visit in after.items() if line_id not in self._before)


def stranded(
    work: Work, resource_ids: Iterable[int], first: dt.date, last: dt.date, *, shop_id: int | None = None
) -> tuple[StrandedVisit, ...]:
    """Every coming visit outside hours, in order of time, those booked so on purpose among them."""
    return tuple(_outside(work, Reach(tuple(resource_ids), first, last, shop_id)).values())


def _widened(reach: Reach) -> Reach:
    """A day more on either side: a shift in a shop of another zone may belong to the day beside."""
    first = reach.first - DAY if reach.first > dt.date.min else reach.first
    return replace(reach, first=first, last=reach.last + DAY if reach.last < dt.date.max else reach.last)


def _outside(work: Work, reach: Reach) -> dict[int, StrandedVisit]:
    """By line: what is still to come and stands outside hours."""
    wide = _widened(reach)
    asked = {
        "resources": list(reach.resource_ids),
        "shop": reach.shop_id,
        "first": wide.first,
        "last": wide.last,
        "now": work.now,
    }
    parts = work.session.execute(_PARTS, asked).all()
    if not parts:
        return {}
    first, last = (day_of(part.part_starts, work.shop.timezone) for part in (parts[0], parts[-1]))
    hours = hours_of(work.session, reach.resource_ids, first - DAY, last + 2 * DAY)
    published = _Published(hours, reach.shop_id)
    found = {part.line_id: _visit(part) for part in parts if not published.covers(part)}
    return dict(sorted(found.items(), key=lambda one: (one[1].starts_at, one[0])))


_PARTS = text("""
    SELECT l.id AS line_id, a.id AS appointment_id, a.code, a.shop_id, a.guest_name, c.first_name, c.last_name,
           c.code AS customer_code, l.name AS service, s.first_name AS stylist, l.starts_at,
           p.resource_id, p.starts_at AS part_starts, p.ends_at AS part_ends
      FROM appointment_parts p
      JOIN appointment_services l ON l.id = p.appointment_service_id
      JOIN appointments a ON a.id = l.appointment_id
      LEFT JOIN customers c ON c.id = a.customer_id
      LEFT JOIN stylists s ON s.id = l.stylist_id
     WHERE (p.resource_id = ANY (:resources)
            OR (p.resource_id IS NULL AND p.role = 'lead' AND a.shop_id = CAST(:shop AS bigint)))
       AND l.status IN ('pending', 'confirmed', 'arrived', 'in_service', 'processing')
       AND p.ends_at > :now AND a.ends_at > :now - interval '2 days'
       AND p.ends_at > CAST(:first AS date) AND p.starts_at < CAST(:last AS date) + 1
     ORDER BY p.starts_at, l.id
""")


def _visit(part: Any) -> StrandedVisit:  # noqa: ANN401  a row
    customer = person(part.first_name, part.last_name, part.customer_code, part.guest_name)
    return StrandedVisit(part.appointment_id, part.code, customer, part.service, part.stylist, part.starts_at)


_NOBODY = 0
"""Stands for the shop itself, where nobody has taken a visit yet."""


class _Published:
    """Published hours, each day of each strip worked out once."""

    def __init__(self, hours: dict[int, ResourceHours], shop_id: int | None) -> None:
        self._hours = dict(hours)
        self._days: dict[tuple[int, dt.date], list[tuple[int, dt.datetime, dt.datetime]]] = {}
        if shop_id is not None:
            self._hours[_NOBODY] = _shop_hours(hours.values(), shop_id)

    def covers(self, part: Any) -> bool:  # noqa: ANN401  a row
        """Whether a part lies inside the hours of what it keeps busy, in its own shop."""
        resource_id = part.resource_id or _NOBODY
        hours = self._hours[resource_id]
        zone = hours.zones[hours.shop_id]
        days = {day_of(part.part_starts, zone), day_of(part.part_ends - dt.timedelta(microseconds=1), zone)}
        open_ = [
            (start, end)
            for day in days
            for shop_id, start, end in self._day(resource_id, day)
            if shop_id == part.shop_id
        ]
        return not without([(part.part_starts, part.part_ends)], open_)

    def _day(self, resource_id: int, day: dt.date) -> list[tuple[int, dt.datetime, dt.datetime]]:
        if (resource_id, day) not in self._days:
            pieces = derived_pieces(day, self._hours[resource_id], ())
            self._days[resource_id, day] = [
                (piece.shop_id, piece.starts_at, piece.ends_at) for piece in pieces if piece.status == "available"
            ]
        return self._days[resource_id, day]


def _shop_hours(known: Iterable[ResourceHours], shop_id: int) -> ResourceHours:
    """When the shop itself is open, for visits that nobody has taken."""
    one = next(hours for hours in known if shop_id in hours.zones)
    own = tuple(
        rule for rule in one.rules if rule.shop_id == shop_id and rule.kind in (RuleKind.BUSINESS, RuleKind.CLOSURE)
    )
    return ResourceHours(shop_id, False, {shop_id: one.zones[shop_id]}, own)
