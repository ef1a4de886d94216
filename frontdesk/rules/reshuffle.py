"""Where visits go when somebody is ill, late or overruns, or a room is out of order (features BK18, N11, SV2).

Pure: strips come in as gaps, visits as what they need of whom. Instants are whole seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from frontdesk.rules.intervals import joined, overlap, without
from frontdesk.rules.openings import Gap, Span

STEP = 300
"""Times are proposed five minutes apart."""


class Need(NamedTuple):
    """Somebody or something that a visit keeps busy."""

    options: tuple[int, ...]
    """Whose strip it could be, the best first."""
    spans: tuple[Span, ...]
    """When, from the visit's start."""


class Displaced(NamedTuple):
    """A visit that may have to go elsewhere."""

    visit_id: int
    starts: int
    length: int
    """What the customer is told."""
    needs: tuple[Need, ...]
    own: tuple[tuple[int, Gap], ...]
    """What it keeps busy itself, of strips that go on."""
    earliest: int
    latest: int
    """When it has to be over."""
    elsewhere: tuple[Gap, ...] = ()
    """The customer's other visits."""


class Place(NamedTuple):
    """Where a visit could go."""

    starts: int
    taken: tuple[int, ...]
    """Whose strip, need by need."""


@dataclass
class Strips:
    """Gaps that get fewer as places are given away."""

    gaps: dict[int, list[Gap]] = field(default_factory=dict)

    @classmethod
    def of(cls, gaps: Mapping[int, Iterable[Gap]]) -> Strips:
        """A copy to play with."""
        return cls({resource: joined(its) for resource, its in gaps.items()})

    def lift(self, visit: Displaced) -> None:
        """What it kept busy is free."""
        for resource, gap in visit.own:
            self.gaps[resource] = joined([*self.gaps.get(resource, ()), gap])

    def put_back(self, visit: Displaced) -> None:
        """It stays where it is."""
        for resource, gap in visit.own:
            self.gaps[resource] = without(self.gaps.get(resource, ()), [gap])

    def fits(self, visit: Displaced, starts: int) -> Place | None:
        """Whether it could begin then, and with whom."""
        if overlap([(starts, starts + visit.length)], visit.elsewhere):
            return None
        busy: dict[int, list[Gap]] = {}
        taken = []
        for need in visit.needs:
            when = [(starts + span.offset, starts + span.offset + span.length) for span in need.spans]
            one = next((o for o in need.options if self._is_free(o, when, busy.get(o, ()))), None)
            if one is None:
                return None
            busy.setdefault(one, []).extend(when)
            taken.append(one)
        return Place(starts, tuple(taken))

    def _is_free(self, resource: int, when: list[Gap], busy: Iterable[Gap]) -> bool:
        return not without(when, self.gaps.get(resource, ())) and not overlap(when, busy)

    def take(self, visit: Displaced, place: Place) -> None:
        """Give it away."""
        for need, resource in zip(visit.needs, place.taken, strict=True):
            when = [(place.starts + span.offset, place.starts + span.offset + span.length) for span in need.spans]
            self.gaps[resource] = without(self.gaps[resource], when)


def propose(displaced: Sequence[Displaced], gaps: Mapping[int, Iterable[Gap]]) -> list[Place | None]:
    """A place for each, or None for whom one has to call.

    First everybody who can stay at their time with somebody else, those with the least choice first; then the nearest
    time of the same day. Nobody is put where another is, and nobody is put where somebody already proposed for goes.
    """
    strips = Strips.of(gaps)
    found: dict[int, Place] = {}
    by_choice = sorted(displaced, key=lambda v: (min((len(n.options) for n in v.needs), default=0), v.starts))
    for visit in by_choice:
        if visit.starts >= visit.earliest:
            _try(strips, visit, [visit.starts], found)
    for visit in sorted(displaced, key=lambda v: v.starts):
        if visit.visit_id not in found:
            _try(strips, visit, _nearest(visit), found)
    return [found.get(visit.visit_id) for visit in displaced]


def _try(strips: Strips, visit: Displaced, starts: Iterable[int], found: dict[int, Place]) -> None:
    strips.lift(visit)
    place = next((place for each in starts if (place := strips.fits(visit, each))), None)
    if place is None:
        strips.put_back(visit)
        return
    strips.take(visit, place)
    found[visit.visit_id] = place


def _nearest(visit: Displaced) -> list[int]:
    """Every time of the day, the nearest to what was agreed first; of two as near the later is easier to keep."""
    first = -(-visit.earliest // STEP) * STEP
    times = range(first, visit.latest - visit.length + 1, STEP)
    return sorted(times, key=lambda each: (abs(each - visit.starts), -each))


def pushed(displaced: Sequence[Displaced], gaps: Mapping[int, Iterable[Gap]], edge: int) -> list[Place | None]:
    """A column that begins at an edge: each in its order as soon as it can, slack taken up, nobody earlier than agreed.

    None for whom there is no place left on that day.
    """
    strips = Strips.of(gaps)
    for visit in displaced:
        strips.lift(visit)
    found: list[Place | None] = []
    not_before = edge
    for visit in sorted(displaced, key=lambda v: v.starts):
        first = max(visit.starts, not_before, visit.earliest)
        place = next(
            (p for s in range(first, visit.latest - visit.length + 1, STEP) if (p := strips.fits(visit, s))), None
        )
        if place is not None:
            strips.take(visit, place)
            not_before = max(not_before, place.starts)
        found.append(place)
    order = {visit.visit_id: at for at, visit in enumerate(sorted(displaced, key=lambda v: v.starts))}
    return [found[order[visit.visit_id]] for visit in displaced]
