"""Where one service of a visit could begin, and what each way costs the day: of this, `rules.teams` makes visits.

Instants are whole seconds since 1970, stretches half-open.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from frontdesk.rules.best_time import BROKEN, PREFERRED, HalfDay, rest_points, within
from frontdesk.rules.openings import Gap, Span
from frontdesk.rules.sequence import GRID


class Things(NamedTuple):
    """Strips of which one is needed, the first that is free, and when."""

    strips: tuple[int, ...]
    spans: tuple[Span, ...]
    """In published hours, from when the customer is told that the service begins."""
    all_spans: tuple[Span, ...]
    """With the clean-up, which may go on after hours in some shops."""


class Hand(NamedTuple):
    """Somebody who could do one service of a visit, and what it takes with them."""

    resource_id: int
    """Their strip; 0 when the service needs nobody."""
    told: int
    """How long the customer is told it takes."""
    spans: tuple[Span, ...]
    """When they are busy, from when the customer is told that the service begins."""
    things: tuple[Things, ...] = ()
    """What else it takes; their own strip too when they may clean up after hours."""
    is_preferred: bool = False


@dataclass(frozen=True)
class Wish:
    """What is looked for: the services in order, with everybody who could do each."""

    lines: tuple[tuple[Hand, ...], ...]
    step: int
    """The grid on which a visit may begin; where a gap begins, it may too."""
    wait: int
    """How long the customer may be left waiting between two services."""
    shortest: int
    """What is shorter than this is of no use to anybody."""
    windows: tuple[tuple[int, int], ...]
    """From when to when the visit may lie."""
    besides: tuple[Gap, ...] = ()
    """When the customer is elsewhere."""
    halves: tuple[HalfDay, ...] = ()


class Way(NamedTuple):
    """One service at one time with one pair of hands."""

    starts: int
    hand: Hand
    points: int
    before: int
    """Of the points, those for the rest before it."""
    after: int
    gaps: tuple[Gap, Gap]
    """Where it begins and where it ends."""
    begins: int = 0
    """When its hands are needed first."""
    ends: int = 0
    """And when no more."""


class Line:
    """Where one service of the visit could begin, by the customer's arrival at it."""

    def __init__(self, wish: Wish, gaps: Mapping[int, Sequence[Gap]], place: int) -> None:
        self.wish = wish
        self.gaps = gaps
        self.wait = wait = wish.wait if place else 0
        self.is_between = 0 < place < len(wish.lines) - 1
        hands = wish.lines[place]
        self.flush: set[int] = set()
        """Where the gaps begin in which it could."""
        self._anywhen = [hand for hand in hands if not hand.spans]
        self._near: dict[int, list[tuple[int, int, Hand, int]]] = defaultdict(list)
        self._at: dict[int, list[Way]] = {}
        self._free: dict[tuple[Things, int], bool] = {}
        step, near = wish.step, self._near
        for hand in hands:
            if not hand.spans:
                continue
            offset, length = hand.spans[0]
            for place, (start, end) in enumerate(gaps.get(hand.resource_id, ())):
                first, last = start - offset, end - length - offset
                if first <= last:
                    entry = (first, last, hand, place)
                    for bucket in range((first - wait) // step, last // step + 1):
                        near[bucket].append(entry)
                    if not first % GRID:
                        self.flush.add(first)

    def has(self, arrival: int) -> bool:
        """Whether it is worth asking."""
        return arrival // self.wish.step in self._near or bool(self._anywhen)

    def at(self, arrival: int) -> list[Way]:
        """Every way to do it for a customer who is there at this moment."""
        found = self._at.get(arrival)
        if found is None:
            found = self._at[arrival] = []
            for first, last, hand, place in self._near.get(arrival // self.wish.step, ()):
                soonest = arrival if arrival >= first else -(-first // GRID) * GRID
                latest = min(last, arrival + self.wait)
                if soonest <= latest:
                    for starts in (soonest, *waits(soonest, latest)) if self._may_wait(hand) else (soonest,):
                        way = self._way(starts, hand, place, starts - arrival)
                        if way is not None:
                            found.append(way)
            for hand in self._anywhen:
                if self._things_free(hand, arrival):
                    found.append(Way(arrival, hand, 0, 0, 0, (_NOWHERE, _NOWHERE)))
        return found

    def _may_wait(self, hand: Hand) -> bool:
        """Whether beginning later than its stylist could may help: a room may be a while behind them, or the second
        of two parts, or whoever comes next."""
        return self.is_between or bool(hand.things) or len(hand.spans) > 1

    def _way(self, starts: int, hand: Hand, place: int, waited: int) -> Way | None:
        if hand.things and not self._things_free(hand, starts):
            return None
        gaps, shortest = self.gaps[hand.resource_id], self.wish.shortest
        offset, length = hand.spans[0]
        first = last = gaps[place]
        begins = starts + offset
        ends = begins + length
        between = 0
        for offset, length in hand.spans[1:]:
            again = starts + offset
            gap = gap_at(gaps, again)
            if again + length > gap[1]:
                return None
            if gap is not last:
                between += rest_points(last[1] - ends, shortest) + rest_points(again - gap[0], shortest)
                last = gap
            ends = again + length
        before, after = rest_points(begins - first[0], shortest), rest_points(last[1] - ends, shortest)
        points = before + after + between + waited // 60 - (PREFERRED if hand.is_preferred else 0)
        if self.wish.halves:
            points += self._broken(first, begins, ends) + (self._broken(last, begins, ends) if last is not first else 0)
        return Way(starts, hand, points, before, after, (first, last), begins, ends)

    def _broken(self, gap: Gap, begins: int, ends: int) -> int:
        if gap[1] - gap[0] < _HALF_A_DAY:
            return 0
        return BROKEN * sum(begins < half.ends and half.starts < ends for half in within(gap, self.wish.halves))

    def _things_free(self, hand: Hand, starts: int) -> bool:
        for things in hand.things:
            key = things, starts
            if key not in self._free:
                self._free[key] = any(lies(strip, things, starts, self.gaps) for strip in things.strips)
            if not self._free[key]:
                return False
        return True


_NOWHERE: Gap = (0, 0)
_HALF_A_DAY = 3 * 3600


def gap_at(gaps: Sequence[Gap], moment: int) -> Gap:
    """The gap in which a moment lies."""
    return gaps[bisect_right(gaps, (moment, _FAR)) - 1]


_FAR = 1 << 60


def lies(strip: int, things: Things, starts: int, gaps: Mapping[int, Sequence[Gap]]) -> bool:
    """Whether a strip is free whenever it is needed; after hours it is where the strip's late gaps lie."""
    if not fits(gaps.get(strip, ()), placed(starts, things.spans)):
        return False
    return things.all_spans == things.spans or fits(gaps.get(late(strip), ()), placed(starts, things.all_spans))


def late(strip: int) -> int:
    """Where the gaps of a strip stand when they go on after hours."""
    return -strip


def waits(moment: int, latest: int) -> range:
    """The five minutes after a moment at which somebody who waits may be served."""
    return range(-(-(moment + 1) // GRID) * GRID, latest + 1, GRID)


def placed(starts: int, spans: Sequence[Span]) -> list[Gap]:
    """When a service that begins at a moment needs somebody or something."""
    return [(starts + span.offset, starts + span.offset + span.length) for span in spans]


def meets(some: Sequence[Gap], others: Sequence[Gap]) -> bool:
    """Whether any of some stretches lies over any of others."""
    return any(start < end and begin < until for start, until in some for begin, end in others)


def fits(gaps: Sequence[Gap], stretches: Sequence[Gap]) -> bool:
    """Whether every stretch lies in a gap. Gaps are sorted and don't overlap."""
    for begins, ends in stretches:
        place = bisect_right(gaps, (begins, _FAR)) - 1
        if place < 0 or gaps[place][1] < ends:
            return False
    return True
