"""When somebody can be booked: shifts within business hours, less closures, breaks, time off and blocks.

architecture.md 4. Rules are wall times; what comes out are instants, because a day may have 23 or 25 hours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from frontdesk.clock import boundary, day_bounds
from frontdesk.rules.intervals import Stretch, joined, overlap, without

DAY = dt.timedelta(days=1)


class RuleKind(StrEnum):
    """What a rule of somebody's hours is."""

    BUSINESS = "business"
    WEEKLY = "weekly"
    DATED = "dated"
    BREAK = "break"
    TIME_OFF = "time_off"
    CLOSURE = "closure"
    BLOCKED = "blocked"
    MAINTENANCE = "maintenance"


class HoursRule(NamedTuple):
    """One rule of one resource, on every day from `first` up to and without `until` that has its weekday."""

    kind: RuleKind
    shop_id: int | None
    weekday: int | None
    first: dt.date
    until: dt.date
    starts: dt.time | None
    ends: dt.time | None
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    name: str

    def holds_on(self, day: dt.date) -> bool:
        """Whether it says something about this day."""
        return self.first <= day < self.until and self.weekday in (None, day.isoweekday())


class Piece(NamedTuple):
    """A derived piece of a strip."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    shop_id: int
    status: str
    """`available`, `blocked` or `maintenance`."""
    reason: str | None


@dataclass(frozen=True)
class ResourceHours:
    """A resource's home, its rules, and the zones of the shops they name."""

    shop_id: int
    is_stylist: bool
    zones: Mapping[int, str]
    rules: tuple[HoursRule, ...]


Facts = Iterable[Stretch[dt.datetime]]


def derived_pieces(day: dt.date, hours: ResourceHours, facts: Facts) -> list[Piece]:
    """The derived pieces of one day of a strip: published hours less facts, and what blocks the rest of the shift.

    The day is the home shop's. A shift in a shop of another zone may reach over its midnight, so the days beside are
    asked as well where zones differ.
    """
    pieces: list[Piece] = []
    window = day_bounds(day, hours.zones[hours.shop_id])
    facts = list(facts)
    for shop_id, zone in hours.zones.items():
        near = (day,) if zone == hours.zones[hours.shop_id] else (day - DAY, day, day + DAY)
        for shop_day in near:
            pieces += _shop_day(shop_day, shop_id, zone, hours, window, facts)
    return sorted(pieces)


def _shop_day(
    day: dt.date, shop_id: int, zone: str, hours: ResourceHours, window: Stretch[dt.datetime], facts: Facts
) -> list[Piece]:
    rules = [rule for rule in hours.rules if rule.holds_on(day) or rule.starts_at is not None]
    here = [rule for rule in rules if rule.shop_id in (None, shop_id)]
    if any(rule.kind is RuleKind.CLOSURE for rule in here):
        return []
    work = overlap(overlap(_shift(day, zone, here, hours), _walls(day, zone, here, RuleKind.BUSINESS)), [window])
    work = without(work, facts)
    out: list[Piece] = []
    for status, reason, stretch in _blocking(day, zone, rules):
        cut = overlap(work, [stretch])
        out += [Piece(start, end, shop_id, status, reason) for start, end in cut]
        work = without(work, [stretch])
    return out + [Piece(start, end, shop_id, "available", None) for start, end in joined(work)]


def _shift(day: dt.date, zone: str, rules: list[HoursRule], hours: ResourceHours) -> list[Stretch[dt.datetime]]:
    if not hours.is_stylist:
        return _walls(day, zone, rules, RuleKind.BUSINESS)
    dated = any(rule.kind is RuleKind.DATED and rule.holds_on(day) for rule in hours.rules)
    return _walls(day, zone, rules, RuleKind.DATED if dated else RuleKind.WEEKLY)


def _walls(day: dt.date, zone: str, rules: list[HoursRule], kind: RuleKind) -> list[Stretch[dt.datetime]]:
    return joined(
        (boundary(day, rule.starts, zone), boundary(day, rule.ends, zone))
        for rule in rules
        if rule.kind is kind and rule.starts is not None and rule.ends is not None
    )


def _blocking(day: dt.date, zone: str, rules: list[HoursRule]) -> Iterable[tuple[str, str, Stretch[dt.datetime]]]:
    """What takes time away, the weightier first: an outage shows through a holiday, a holiday through lunch."""
    for rule in rules:
        if rule.kind in (RuleKind.MAINTENANCE, RuleKind.BLOCKED) and rule.starts_at and rule.ends_at:
            yield str(rule.kind.value), rule.name, (rule.starts_at, rule.ends_at)
    whole = day_bounds(day, zone)
    for rule in rules:
        if rule.kind is RuleKind.TIME_OFF:
            start = boundary(day, rule.starts, zone) if rule.starts and day == rule.first else whole[0]
            end = boundary(day, rule.ends, zone) if rule.ends and day == rule.until - DAY else whole[1]
            yield "blocked", rule.name, (start, end)
    for rule in rules:
        if rule.kind is RuleKind.BREAK and rule.starts and rule.ends:
            yield "blocked", rule.name, (boundary(day, rule.starts, zone), boundary(day, rule.ends, zone))
