"""Who of those who wait could take a free time, and when at the earliest (features BK20, CI5).

Instants are whole seconds since 1970, stretches half-open. What somebody wants can usually be done in several ways:
one per stylist, with that stylist's own length, and every way needs some strips at some times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from frontdesk.rules.intervals import without
from frontdesk.rules.openings import Gap, Span, open_starts

Gaps = Mapping[int, Sequence[Gap]]
"""What is free of each strip, by resource."""


class Need(NamedTuple):
    """One of these strips, at these times from the start."""

    spans: tuple[Span, ...]
    resources: tuple[int, ...]
    """Any one of them will do, in this order."""


class Way(NamedTuple):
    """How somebody could be served: with whom, and what that takes."""

    stylist_id: int
    told_seconds: int
    """How long the customer is told it takes."""
    needs: tuple[Need, ...]


class Wish(NamedTuple):
    """What one of those who wait would take on a day."""

    key: int
    opens: int
    """Not before this instant."""
    closes: int
    """And over by this one, as far as the customer is told."""
    ways: tuple[Way, ...]


class Fit(NamedTuple):
    """Somebody who could have a time."""

    key: int
    stylist_id: int
    start: int
    end: int


class Freed(NamedTuple):
    """A time that has just come free."""

    stylist_id: int
    start: int
    end: int


def who_fits(
    wishes: Iterable[Wish], gaps: Gaps, *, step: int, freed: Sequence[Freed] = (), beginning: bool = False
) -> list[Fit]:
    """Everybody who could have a time, in the order given, each at the earliest start with the first who has it.

    When times have come free, only starts that make use of one of them count, or only those `beginning` in one.
    """
    found: list[Fit] = []
    for wish in wishes:
        fits = [
            Fit(wish.key, way.stylist_id, start, start + way.told_seconds)
            for way in wish.ways
            for start in _starts(way, gaps, step, wish.opens, wish.closes - way.told_seconds + 1)
            if not freed or _uses(way, start, 1 if beginning else way.told_seconds, freed)
        ]
        if fits:
            found.append(min(fits, key=lambda fit: fit.start))
    return found


def _starts(way: Way, gaps: Gaps, step: int, earliest: int, latest: int) -> list[int]:
    """On the grid, every start at which each need has a strip of its own that is free."""
    allowed: set[int] | None = None
    for need in way.needs:
        starts = {
            start
            for resource in need.resources
            for start in open_starts(gaps.get(resource, ()), need.spans, step=step, earliest=earliest, latest=latest)
        }
        allowed = starts if allowed is None else allowed & starts
    return sorted(allowed or ())


def _uses(way: Way, start: int, seconds: int, freed: Sequence[Freed]) -> bool:
    """Whether so many seconds from the start lie in a time of this stylist that has come free."""
    return any(one.stylist_id == way.stylist_id and start < one.end and one.start < start + seconds for one in freed)


def soonest(ways: Sequence[Way], gaps: Gaps, earliest: Mapping[int, int]) -> Fit | None:
    """The earliest moment, on whatever minute, at which one of these ways is open; of equals the first.

    `earliest` says from when on each stylist may be given somebody.
    """
    fits = [
        Fit(0, way.stylist_id, start, start + way.told_seconds)
        for way in ways
        if way.stylist_id in earliest and (start := _first(way, gaps, earliest[way.stylist_id])) is not None
    ]
    return min(fits, key=lambda fit: fit.start, default=None)


def _first(way: Way, gaps: Gaps, earliest: int) -> int | None:
    """A visit starts now, or when a gap begins for one of its parts: nothing in between can be the first."""
    begins = {
        start - span.offset
        for need in way.needs
        for resource in need.resources
        for start, _ in gaps.get(resource, ())
        for span in need.spans
    }
    candidates = sorted({earliest, *(start for start in begins if start > earliest)})
    return next((start for start in candidates if holding(way, gaps, start) is not None), None)


def holding(way: Way, gaps: Gaps, start: int) -> dict[int, list[Gap]] | None:
    """Which strips would be kept busy when, from that start; None when it does not fit."""
    busy: dict[int, list[Gap]] = {}
    for need in way.needs:
        wanted = [(start + span.offset, start + span.offset + span.length) for span in need.spans]
        free = next((r for r in need.resources if not without(wanted, gaps.get(r, ()))), None)
        if free is None:
            return None
        busy[free] = [*busy.get(free, ()), *wanted]
    return busy


def estimates(queue: Sequence[Sequence[Way]], gaps: Gaps, earliest: Mapping[int, int]) -> list[Fit | None]:
    """When each of a queue will have a turn, given everybody before; None when nobody has time today any more.

    The key of each is its place. Everybody gets what is soonest then, and it is gone for those behind.
    """
    left: dict[int, Sequence[Gap]] = dict(gaps)
    found: list[Fit | None] = []
    for place, ways in enumerate(queue):
        fit = soonest(ways, left, earliest)
        found.append(None if fit is None else fit._replace(key=place))
        if fit is None:
            continue
        theirs = (holding(way, left, fit.start) for way in ways if way.stylist_id == fit.stylist_id)
        for resource, busy in next(filter(None, theirs)).items():
            left[resource] = without(left[resource], busy)
    return found
