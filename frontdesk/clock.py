"""Now, and the way between a shop's wall clock and instants. The only module that asks the time.

Instants are aware datetimes in UTC. Wall times are naive and mean nothing without a shop's zone. Conversion happens
here and never in SQL: the machine's zone data, the pinned wheel's and the server's disagree about real cities.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from frontdesk.errors import Refusal

if TYPE_CHECKING:
    from frontdesk.zones import ZoneInfo


class TimeSkipped(Refusal):
    """{wall} does not exist on {day}: the clocks go forward then. Choose a time before or after."""


class TimeRepeated(Refusal):
    """{wall} comes twice on {day}: the clocks go back then. Say first or second."""


class UnknownZone(Refusal):
    """There is no time zone called {zone}. Use a name like Europe/London."""


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> dt.datetime:
        """This instant, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> dt.datetime:
        """This instant, in UTC."""
        return dt.datetime.now(dt.UTC)


@dataclass
class SetClock:
    """A clock that stands where it is put: for a scripted day and for tests."""

    at: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))

    def now(self) -> dt.datetime:
        """The instant it was set to."""
        return self.at

    def set(self, at: dt.datetime) -> None:
        """Put the hands elsewhere."""
        self.at = at.astimezone(dt.UTC)


@lru_cache
def zone(name: str) -> ZoneInfo:
    """The zone of that name. Raises UnknownZone."""
    from frontdesk.zones import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UnknownZone(zone=name) from error


def local(instant: dt.datetime, zone_name: str) -> dt.datetime:
    """An instant on a shop's wall clock, zone attached."""
    return instant.astimezone(zone(zone_name))


def day_of(instant: dt.datetime, zone_name: str) -> dt.date:
    """The shop's day in which an instant falls."""
    return local(instant, zone_name).date()


def instant(day: dt.date, wall: dt.time, zone_name: str, *, second: bool | None = None) -> dt.datetime:
    """What a receptionist means by a day and a time.

    A time that the spring change skips raises TimeSkipped; one that the autumn change repeats raises TimeRepeated
    unless `second` says which (features BK31).
    """
    here = dt.datetime.combine(day, wall, zone(zone_name))
    first = here.replace(fold=0).astimezone(dt.UTC)
    later = here.replace(fold=1).astimezone(dt.UTC)
    if first == later:
        return first
    if local(first, zone_name).replace(tzinfo=None) != dt.datetime.combine(day, wall):
        raise TimeSkipped(wall=f"{wall:%H:%M}", day=f"{day:%d %b %Y}")
    if second is None:
        raise TimeRepeated(wall=f"{wall:%H:%M}", day=f"{day:%d %b %Y}")
    return later if second else first


def boundary(day: dt.date, wall: dt.time, zone_name: str) -> dt.datetime:
    """When opening hours turn: like `instant`, but never in doubt.

    A skipped time is the moment of the change, a repeated one its first coming: a shop that opens at half past one
    on the night of the spring change opens when the clock jumps.
    """
    here = dt.datetime.combine(day, wall, zone(zone_name))
    first, later = here.replace(fold=0).astimezone(dt.UTC), here.replace(fold=1).astimezone(dt.UTC)
    if later >= first:
        return first
    return _change_between(later, first, zone_name)


def _change_between(before: dt.datetime, after: dt.datetime, zone_name: str) -> dt.datetime:
    offset = local(before, zone_name).utcoffset()
    low, high = before, after
    while high - low > dt.timedelta(seconds=1):
        middle = low + (high - low) / 2
        if local(middle, zone_name).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def day_bounds(day: dt.date, zone_name: str) -> tuple[dt.datetime, dt.datetime]:
    """The instants between which a shop's day lies, half-open. 23, 24 or 25 hours."""
    midnight = dt.time()
    return boundary(day, midnight, zone_name), boundary(day + dt.timedelta(days=1), midnight, zone_name)
