"""Strips as they will lie on many days at once: read in a handful of questions, however many days there are.

Private to the services that look at many dates together. Days that are not laid out yet are derived here and not
written; nothing is held, so what is free may be gone when it is booked.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import text

from frontdesk.clock import day_bounds, day_of
from frontdesk.rules.hours import DAY, HoursRule, ResourceHours, RuleKind, derived_pieces
from frontdesk.rules.intervals import Stretch, joined, without
from frontdesk.services.team.slots import LONGEST_PIECE, Slot
from frontdesk.services.team.strip_hours import StripHome, homes, hours_of
from frontdesk.services.use_case import Work
from frontdesk.services.wording import clock_time, day_words, person, stretch

Stretches = Sequence[Stretch[dt.datetime]]


@dataclass
class StripsAhead:
    """Many days of many strips."""

    work: Work
    days: frozenset[dt.date]
    """The shop's days that were read."""
    pieces: dict[int, list[Slot]]
    homes: dict[int, StripHome]
    _starts: dict[int, list[dt.datetime]] = field(default_factory=dict)

    def near(self, resource_id: int, since: dt.datetime, until: dt.datetime) -> list[Slot]:
        """The pieces that touch a stretch."""
        row = self.pieces.get(resource_id, [])
        starts = self._starts.setdefault(resource_id, [piece.starts_at for piece in row])
        found = row[bisect_left(starts, since - LONGEST_PIECE) : bisect_left(starts, until)]
        return [piece for piece in found if piece.ends_at > since]

    def is_open(self, resource_id: int, stretches: Stretches, besides: Stretches = ()) -> bool:
        """Whether all of it is free in this shop, but for what was just put there."""
        if not stretches:
            return True
        shop, (since, until) = self.work.shop.id, _around(stretches)
        free = [
            (piece.starts_at, piece.ends_at)
            for piece in self.near(resource_id, since, until)
            if piece.status == "available" and piece.shop_id == shop
        ]
        return not without(stretches, without(joined(free), besides))

    def clash(self, resource_id: int, stretches: Stretches) -> Slot | None:
        """The first fact in the way."""
        if not stretches:
            return None
        for piece in self.near(resource_id, *_around(stretches)):
            if piece.is_fact and any(start < piece.ends_at and piece.starts_at < end for start, end in stretches):
                return piece
        return None

    @cached_property
    def hours(self) -> dict[int, ResourceHours]:
        """Every rule about these strips and days: read when somebody asks why."""
        return hours_of(self.work.session, self.homes, min(self.days), max(self.days) + DAY)

    @cached_property
    def _shop_rules(self) -> list[HoursRule]:
        found = {rule for hours in self.hours.values() for rule in hours.rules if rule.shop_id == self.work.shop.id}
        return [rule for rule in found if rule.kind in (RuleKind.BUSINESS, RuleKind.CLOSURE)]

    def closed(self, day: dt.date) -> str | None:
        """Why the shop is shut that day: `closed (Easter Monday)`; None when it is not."""
        holding = [rule for rule in self._shop_rules if rule.holds_on(day)]
        closure = next((rule for rule in holding if rule.kind is RuleKind.CLOSURE), None)
        if closure is not None:
            return f"closed ({closure.name})" if closure.name else "closed"
        return None if holding else f"closed on {day:%a}"

    def away(self, resource_id: int, name: str, stretches: Stretches) -> str:
        """Why somebody whom no visit has is not to be had then: `Anna finishes at 17:00`."""
        zone = self.work.shop.timezone
        day = day_of(stretches[0][0], zone)
        hours = self.hours[resource_id]
        shift = [piece for piece in derived_pieces(day, hours, ()) if piece.shop_id == self.work.shop.id]
        for piece in shift:
            if piece.status != "available" and any(s < piece.ends_at and piece.starts_at < e for s, e in stretches):
                return f"{name}: {piece.reason or 'blocked'} {stretch(piece.starts_at, piece.ends_at, zone)}"
        if not shift:
            off = [rule for rule in hours.rules if rule.kind is RuleKind.TIME_OFF and rule.holds_on(day)]
            return f"{name} is away ({off[0].name})" if off and off[0].name else f"{name} is off"
        if stretches[0][0] < shift[0].starts_at:
            return f"{name} starts at {clock_time(shift[0].starts_at, zone)}"
        if stretches[-1][1] > max(piece.ends_at for piece in shift):
            return f"{name} finishes at {clock_time(max(piece.ends_at for piece in shift), zone)}"
        return f"{name} is not working all of that time on {day_words(day)}"

    def whose(self, facts: Iterable[Slot]) -> dict[int, str]:
        """Who has these pieces, in one question: `Kim Lee`, `the class Yoga`, or whoever is booking it."""
        rows = self.work.session.execute(_WHOSE, {"slots": sorted({fact.id for fact in facts})})
        return {
            row.id: f"the class {row.class_name}" if row.class_name
            else f"{row.held_by or 'somebody'}, who is booking it" if row.code is None
            else person(row.first_name, row.last_name, row.customer_code, row.guest_name)
            for row in rows
        }  # fmt: skip


def _around(stretches: Stretches) -> Stretch[dt.datetime]:
    return min(start for start, _ in stretches), max(end for _, end in stretches)


def read_ahead(work: Work, resource_ids: Iterable[int], days: Iterable[dt.date]) -> StripsAhead:
    """The strips of these resources on these days of the shop, from midnight to midnight."""
    wished = frozenset(days)
    found = homes(work.session, resource_ids)
    windows = _windows(wished, work.shop.timezone)
    pieces: dict[int, list[Slot]] = defaultdict(list)
    asked = {
        "resources": sorted(found),
        "since": [start for start, _ in windows],
        "back": [start - LONGEST_PIECE for start, _ in windows],
        "until": [end for _, end in windows],
        "now": work.now,
    }
    for row in work.session.execute(_PIECES, asked):
        pieces[row.resource_id].append(Slot(*row))
    ahead = StripsAhead(work, wished, pieces, found)
    _derive_unlaid(ahead)
    return ahead


def _windows(days: Iterable[dt.date], zone: str) -> Sequence[Stretch[dt.datetime]]:
    return joined(day_bounds(day, zone) for day in days)


def _derive_unlaid(ahead: StripsAhead) -> None:
    """What upkeep would lay out on the days it has not come to yet."""
    unlaid = [(home, day) for home in ahead.homes.values() for day in sorted(ahead.days) if not home.is_laid_out(day)]
    for home, day in unlaid:
        its = ahead.pieces[home.resource_id]
        window = day_bounds(day, home.timezone)
        facts = [(p.starts_at, p.ends_at) for p in its if p.is_fact and p.ends_at > window[0]]
        lying = [piece for piece in its if piece.is_fact or not window[0] <= piece.starts_at < window[1]]
        lying += [
            Slot(0, home.resource_id, p.shop_id, p.starts_at, p.ends_at, p.status, p.reason, None, None)
            for p in derived_pieces(day, ahead.hours[home.resource_id], facts)
        ]
        ahead.pieces[home.resource_id] = sorted(lying, key=lambda piece: piece.starts_at)


_PIECES = text("""
    SELECT t.id, t.resource_id, t.shop_id, t.starts_at, t.ends_at, t.status, t.reason, t.part_id, t.held_until
      FROM unnest(CAST(:resources AS int[])) AS r (id)
     CROSS JOIN unnest(CAST(:since AS timestamptz[]), CAST(:back AS timestamptz[]), CAST(:until AS timestamptz[]))
                AS w (since, back, until)
      JOIN time_slots t ON t.resource_id = r.id AND t.starts_at >= w.back AND t.starts_at < w.until
       AND t.ends_at > w.since
     WHERE t.held_until IS NULL OR t.held_until > :now
     GROUP BY t.id ORDER BY t.starts_at
""")
_WHOSE = text("""
    SELECT t.id, a.code, c.first_name, c.last_name, c.code AS customer_code, a.guest_name, k.name AS held_by,
           v.name AS class_name
      FROM time_slots t
      LEFT JOIN appointment_parts p ON p.id = t.part_id
      LEFT JOIN appointment_services l ON l.id = p.appointment_service_id
      LEFT JOIN appointments a ON a.id = l.appointment_id
      LEFT JOIN customers c ON c.id = a.customer_id
      LEFT JOIN class_sessions e ON e.id = t.class_session_id
      LEFT JOIN services v ON v.id = e.service_id
      LEFT JOIN users k ON k.id = t.held_by
     WHERE t.id = ANY (:slots)
""")
