"""The strips of a made-up shop while its book fills up: what is free of each, day by day. Moments are whole seconds
since 1970, as in `rules.openings`."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from frontdesk.clock import day_bounds
from frontdesk.rules.hours import Piece, ResourceHours, derived_pieces
from frontdesk.rules.intervals import without
from frontdesk.rules.openings import Gap
from frontdesk.services.seeding.house import ZONE

StripDay = tuple[int, dt.date]


def moment(seconds: int) -> dt.datetime:
    """Seconds since 1970 as an instant."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


class Book:
    """What is free and what is taken."""

    def __init__(self, hours: Mapping[int, ResourceHours]) -> None:
        self._hours = hours
        self._midnights: dict[dt.date, int] = {}
        self._published: dict[StripDay, list[Piece]] = {}
        self._gaps: dict[StripDay, list[Gap]] = {}
        self.facts: dict[StripDay, list[Gap]] = defaultdict(list)

    def midnight(self, day: dt.date) -> int:
        """When a day begins."""
        if day not in self._midnights:
            self._midnights[day] = int(day_bounds(day, ZONE)[0].timestamp())
        return self._midnights[day]

    def published(self, resource: int, day: dt.date) -> list[Piece]:
        """A day of a strip before anybody comes."""
        key = (resource, day)
        if key not in self._published:
            self._published[key] = derived_pieces(day, self._hours[resource], ())
        return self._published[key]

    def gaps(self, resource: int, day: dt.date) -> list[Gap]:
        """What is free of it."""
        key = (resource, day)
        if key not in self._gaps:
            self._gaps[key] = [
                (int(piece.starts_at.timestamp()), int(piece.ends_at.timestamp()))
                for piece in self.published(resource, day)
                if piece.status == "available"
            ]
        return self._gaps[key]

    def works(self, resource: int, day: dt.date) -> bool:
        """Whether it can be had at all on that day."""
        return any(piece.status == "available" for piece in self.published(resource, day))

    def is_open_at(self, resource: int, day: dt.date, at: int) -> bool:
        """Whether a moment lies in its published time."""
        return any(piece.starts_at <= moment(at) < piece.ends_at for piece in self.published(resource, day))

    def take(self, resource: int, day: dt.date, stretch: Gap) -> None:
        """Put a fact on a strip."""
        self._gaps[resource, day] = without(self.gaps(resource, day), [stretch])
        self.facts[resource, day].append(stretch)

    def share_taken(self, resources: Iterable[int], day: dt.date) -> float:
        """How full a day is: taken time in published time."""
        taken = free = 0
        for resource in resources:
            free += sum(end - start for start, end in self.gaps(resource, day))
            taken += sum(end - start for start, end in self.facts.get((resource, day), ()))
        return taken / (taken + free) if taken + free else 1.0

    def derived(self, resource: int, day: dt.date) -> list[Piece]:
        """The derived pieces of a day, once it is full: facts cut holes into what was published, and join nothing."""
        facts = [(moment(start), moment(end)) for start, end in self.facts.get((resource, day), ())]
        return [
            piece._replace(starts_at=start, ends_at=end)
            for piece in self.published(resource, day)
            for start, end in without([(piece.starts_at, piece.ends_at)], facts)
        ]
