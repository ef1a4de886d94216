"""From gaps to visits of several hands: who does which service when, the times that cost the day least first.

Every service begins when the one before is told to end, or as soon after as its stylist is free, at most so much
later (features BK10). Instants are whole seconds since 1970, stretches half-open. What a time costs is told by
`rules.best_time`.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from typing import NamedTuple

from frontdesk.rules.best_time import BROKEN, PREFERRED, HalfDay, Touched, rest_points, within
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


class Pick(NamedTuple):
    """One service of a visit: when it begins and who does it."""

    starts: int
    hand: Hand

    @property
    def ends(self) -> int:
        """When the customer is told that it ends."""
        return self.starts + self.hand.told


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


class _Way(NamedTuple):
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


def best_teams(wish: Wish, gaps: Mapping[int, Sequence[Gap]], limit: int) -> list[tuple[Pick, ...]]:
    """The visits that cost the day least, one for each time, each with the hands that cost least then.

    At most `limit`, and those that cost no more than the last of them; in the order of what they seem to cost, which
    is not exact when the same hands are wanted again after somebody else's.
    """
    search = _Search(wish, gaps)
    costs = sorted(
        (cost, start) for start in search.starts(off_grid=True) if (cost := search.least(0, start)) is not None
    )
    found: list[tuple[Pick, ...]] = []
    last = 0
    for cost, start in costs:
        if len(found) >= limit and cost > last:
            break
        team = next(search.teams(start), None)
        if team is not None:
            found.append(team)
            last = cost
        if len(found) >= limit * 2:
            break
    return found


def soonest_teams(wish: Wish, gaps: Mapping[int, Sequence[Gap]], limit: int) -> list[tuple[Pick, ...]]:
    """The first visits that are possible, one for each time on the grid, each with the hands that cost least."""
    search = _Search(wish, gaps)
    found: list[tuple[Pick, ...]] = []
    for start in search.starts():
        team = next(search.teams(start), None)
        if team is not None:
            found.append(team)
        if limit and len(found) >= limit:
            break
    return found


def touched(team: Sequence[Pick], gaps: Mapping[int, Sequence[Gap]], names: Mapping[int, str]) -> list[Touched]:
    """Which gaps of whom a visit lies in, each once, with all that one person does in it."""
    lies: dict[tuple[int, Gap], list[Gap]] = defaultdict(list)
    for pick in team:
        mine: dict[Gap, Gap] = {}
        for begins, ends in _placed(pick.starts, pick.hand.spans):
            gap = gap_at(gaps[pick.hand.resource_id], begins)
            mine[gap] = mine.get(gap, (begins, ends))[0], ends
        for gap, stretch in mine.items():
            lies[pick.hand.resource_id, gap].append(stretch)
    return [
        Touched(
            names[resource_id],
            gap,
            its[0][0],
            its[-1][1],
            tuple(then[0] - one[1] for one, then in pairwise(its) if then[0] > one[1]),
        )
        for (resource_id, gap), its in lies.items()
    ]


def gap_at(gaps: Sequence[Gap], moment: int) -> Gap:
    """The gap in which a moment lies."""
    return gaps[bisect_right(gaps, (moment, _FAR)) - 1]


_FAR = 1 << 60


class _Search:
    """One wish over the gaps as they lie."""

    def __init__(self, wish: Wish, gaps: Mapping[int, Sequence[Gap]]) -> None:
        self.wish = wish
        self.gaps = gaps
        self.lines = [_Line(wish, gaps, place) for place in range(len(wish.lines))]
        self._least: dict[tuple[int, int], int | None] = {}
        self._rest: dict[tuple[int, _Way], int | None] = {}

    def starts(self, *, off_grid: bool = False) -> Iterator[int]:
        """Every time at which the first service could begin, in order."""
        step, first = self.wish.step, self.lines[0]
        for since, until in self.wish.windows:
            on_grid = range(-(-since // step) * step, until, step)
            also = {lo for lo in first.flush if since < lo < until and lo % step} if off_grid else set()
            times = sorted(also.union(on_grid)) if also else on_grid
            yield from (time for time in times if first.has(time))

    def least(self, line: int, arrival: int) -> int | None:
        """The fewest points that this service and all that follow could cost; None when they can't be done."""
        key = line, arrival
        if key not in self._least:
            found = [
                way.points + rest for way in self.lines[line].at(arrival) if (rest := self.rest(line, way)) is not None
            ]
            self._least[key] = min(found, default=None)
        return self._least[key]

    def rest(self, line: int, way: _Way) -> int | None:
        """The fewest points that what follows a service could cost; less where the same hands go straight on."""
        if line + 1 == len(self.lines):
            return 0
        ends = way.starts + way.hand.told
        least = self.least(line + 1, ends)
        if least is None:
            return None
        for then, saved in self.going_on(line, way):
            after = self.rest(line + 1, then)
            if after is not None:
                least = min(least, then.points - saved + after)
        return least

    def going_on(self, line: int, way: _Way) -> Iterator[tuple[_Way, int]]:
        """The next service by the same hands in the same gap, and the points that are saved when one goes on."""
        for then in self.lines[line + 1].at(way.starts + way.hand.told):
            if then.hand.resource_id == way.hand.resource_id and then.gaps[0] is way.gaps[1]:
                yield then, way.after + then.before - rest_points(max(0, then.begins - way.ends), self.wish.shortest)

    def teams(self, start: int) -> Iterator[tuple[Pick, ...]]:
        """Every team with which a visit could begin then, the cheapest first."""
        ties = count()
        heap: list[tuple[int, int, tuple[_Way, ...]]] = []
        for way in self.lines[0].at(start):
            rest = self.rest(0, way)
            if rest is not None:
                heapq.heappush(heap, (way.points + rest, next(ties), (way,)))
        while heap:
            points, _, ways = heapq.heappop(heap)
            last = ways[-1]
            if len(ways) == len(self.lines):
                team = self._as_booked(ways)
                if team is not None and self._is_possible(team):
                    yield team
                continue
            line = len(ways) - 1
            spent = points - (self.rest(line, last) or 0)
            saved = {id(then): less for then, less in self.going_on(line, last)}
            for then in self.lines[line + 1].at(last.starts + last.hand.told):
                rest = self.rest(line + 1, then)
                if rest is not None:
                    cost = spent + then.points - saved.get(id(then), 0) + rest
                    heapq.heappush(heap, (cost, next(ties), (*ways, then)))

    def _as_booked(self, ways: tuple[_Way, ...]) -> tuple[Pick, ...] | None:
        """The same hands as a booking lays them out: nobody waits for the sake of the day."""
        team = tuple(Pick(way.starts, way.hand) for way in ways)
        if all(then.starts == one.ends for one, then in pairwise(team)):
            return team
        return self._earliest(team[:1], [way.hand for way in ways[1:]])

    def _earliest(self, before: tuple[Pick, ...], hands: Sequence[Hand]) -> tuple[Pick, ...] | None:
        if not hands:
            return before
        arrival = before[-1].ends
        for starts in (arrival, *_later(arrival, arrival + self.wish.wait)):
            team = (*before, Pick(starts, hands[0]))
            mine = _placed(starts, hands[0].spans)
            if fits(self.gaps.get(hands[0].resource_id, ()), mine) and _is_seated(team, self.gaps):
                found = self._earliest(team, hands[1:])
                if found is not None:
                    return found
        return None

    def _is_possible(self, team: tuple[Pick, ...]) -> bool:
        """Whether it ends in time, the customer is not elsewhere, and nobody and nothing is needed twice at once."""
        since, until = team[0].starts, team[-1].ends
        if not any(start <= since and until <= end for start, end in self.wish.windows):
            return False
        if any(since < end and start < until for start, end in self.wish.besides):
            return False
        if len(team) == 1 and not team[0].hand.things:
            return True
        return _is_seated(team, self.gaps)


def _is_seated(team: Sequence[Pick], gaps: Mapping[int, Sequence[Gap]]) -> bool:
    """Give each service its stylist and then the first thing that is free, as the book will."""
    put: dict[int, list[Gap]] = defaultdict(list)
    for pick in team:
        mine = _placed(pick.starts, pick.hand.spans)
        if _meets(mine, put[pick.hand.resource_id]):
            return False
        taken: list[tuple[int, list[Gap]]] = [(pick.hand.resource_id, mine)]
        for things in pick.hand.things:
            when = _placed(pick.starts, things.all_spans)
            free = (t for t in things.strips if _lies(t, things, pick.starts, gaps) and not _meets(when, put[t]))
            thing = next(free, None)
            if thing is None:
                return False
            taken.append((thing, when))
        for strip, when in taken:
            put[strip] += when
    return True


def _lies(strip: int, things: Things, starts: int, gaps: Mapping[int, Sequence[Gap]]) -> bool:
    """Whether a strip is free whenever it is needed; after hours it is where the strip's late gaps lie."""
    if not fits(gaps.get(strip, ()), _placed(starts, things.spans)):
        return False
    return things.all_spans == things.spans or fits(gaps.get(late(strip), ()), _placed(starts, things.all_spans))


def late(strip: int) -> int:
    """Where the gaps of a strip stand when they go on after hours."""
    return -strip


def _later(moment: int, latest: int) -> range:
    return range(-(-(moment + 1) // GRID) * GRID, latest + 1, GRID)


def _placed(starts: int, spans: Sequence[Span]) -> list[Gap]:
    return [(starts + span.offset, starts + span.offset + span.length) for span in spans]


def _meets(some: Sequence[Gap], others: Sequence[Gap]) -> bool:
    return any(start < end and begin < until for start, until in some for begin, end in others)


def fits(gaps: Sequence[Gap], stretches: Sequence[Gap]) -> bool:
    """Whether every stretch lies in a gap. Gaps are sorted and don't overlap."""
    for begins, ends in stretches:
        place = bisect_right(gaps, (begins, _FAR)) - 1
        if place < 0 or gaps[place][1] < ends:
            return False
    return True


class _Line:
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
        self._at: dict[int, list[_Way]] = {}
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

    def at(self, arrival: int) -> list[_Way]:
        """Every way to do it for a customer who is there at this moment."""
        found = self._at.get(arrival)
        if found is None:
            found = self._at[arrival] = []
            for first, last, hand, place in self._near.get(arrival // self.wish.step, ()):
                soonest = arrival if arrival >= first else -(-first // GRID) * GRID
                latest = min(last, arrival + self.wait)
                if soonest <= latest:
                    for starts in (soonest, *_later(soonest, latest)) if self._may_wait(hand) else (soonest,):
                        way = self._way(starts, hand, place, starts - arrival)
                        if way is not None:
                            found.append(way)
            for hand in self._anywhen:
                if self._things_free(hand, arrival):
                    found.append(_Way(arrival, hand, 0, 0, 0, (_NOWHERE, _NOWHERE)))
        return found

    def _may_wait(self, hand: Hand) -> bool:
        """Whether beginning later than its stylist could may help: a room may be a while behind them, or the second
        of two parts, or whoever comes next."""
        return self.is_between or bool(hand.things) or len(hand.spans) > 1

    def _way(self, starts: int, hand: Hand, place: int, waited: int) -> _Way | None:
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
        return _Way(starts, hand, points, before, after, (first, last), begins, ends)

    def _broken(self, gap: Gap, begins: int, ends: int) -> int:
        if gap[1] - gap[0] < _HALF_A_DAY:
            return 0
        return BROKEN * sum(begins < half.ends and half.starts < ends for half in within(gap, self.wish.halves))

    def _things_free(self, hand: Hand, starts: int) -> bool:
        for things in hand.things:
            key = things, starts
            if key not in self._free:
                self._free[key] = any(_lies(strip, things, starts, self.gaps) for strip in things.strips)
            if not self._free[key]:
                return False
        return True


_NOWHERE: Gap = (0, 0)
_HALF_A_DAY = 3 * 3600
