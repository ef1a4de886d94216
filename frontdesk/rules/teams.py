"""From gaps to visits of several hands: who does which service when, the times that cost the day least first.

Every service begins when the one before is told to end, or as soon after as its stylist is free, at most so much
later (features BK10). Instants are whole seconds since 1970, stretches half-open. What a time costs is told by
`rules.best_time`, where one service could begin by `rules.team_ways`.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, pairwise
from typing import NamedTuple

from frontdesk.rules.best_time import Touched, rest_points
from frontdesk.rules.openings import Gap
from frontdesk.rules.team_ways import Hand, Line, Way, Wish, fits, gap_at, lies, meets, placed, waits


class Pick(NamedTuple):
    """One service of a visit: when it begins and who does it."""

    starts: int
    hand: Hand

    @property
    def ends(self) -> int:
        """When the customer is told that it ends."""
        return self.starts + self.hand.told


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
        for begins, ends in placed(pick.starts, pick.hand.spans):
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


class _Search:
    """One wish over the gaps as they lie."""

    def __init__(self, wish: Wish, gaps: Mapping[int, Sequence[Gap]]) -> None:
        self.wish = wish
        self.gaps = gaps
        self.lines = [Line(wish, gaps, place) for place in range(len(wish.lines))]
        self._least: dict[tuple[int, int], int | None] = {}
        self._rest: dict[tuple[int, Way], int | None] = {}

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

    def rest(self, line: int, way: Way) -> int | None:
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

    def going_on(self, line: int, way: Way) -> Iterator[tuple[Way, int]]:
        """The next service by the same hands in the same gap, and the points that are saved when one goes on."""
        for then in self.lines[line + 1].at(way.starts + way.hand.told):
            if then.hand.resource_id == way.hand.resource_id and then.gaps[0] is way.gaps[1]:
                yield then, way.after + then.before - rest_points(max(0, then.begins - way.ends), self.wish.shortest)

    def teams(self, start: int) -> Iterator[tuple[Pick, ...]]:
        """Every team with which a visit could begin then, the cheapest first."""
        ties = count()
        heap: list[tuple[int, int, tuple[Way, ...]]] = []
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

    def _as_booked(self, ways: tuple[Way, ...]) -> tuple[Pick, ...] | None:
        """The same hands as a booking lays them out: nobody waits for the sake of the day."""
        team = tuple(Pick(way.starts, way.hand) for way in ways)
        if all(then.starts == one.ends for one, then in pairwise(team)):
            return team
        return self._earliest(team[:1], [way.hand for way in ways[1:]])

    def _earliest(self, before: tuple[Pick, ...], hands: Sequence[Hand]) -> tuple[Pick, ...] | None:
        if not hands:
            return before
        arrival = before[-1].ends
        for starts in (arrival, *waits(arrival, arrival + self.wish.wait)):
            team = (*before, Pick(starts, hands[0]))
            mine = placed(starts, hands[0].spans)
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
        mine = placed(pick.starts, pick.hand.spans)
        if meets(mine, put[pick.hand.resource_id]):
            return False
        taken: list[tuple[int, list[Gap]]] = [(pick.hand.resource_id, mine)]
        for things in pick.hand.things:
            when = placed(pick.starts, things.all_spans)
            free = (t for t in things.strips if lies(t, things, pick.starts, gaps) and not meets(when, put[t]))
            thing = next(free, None)
            if thing is None:
                return False
            taken.append((thing, when))
        for strip, when in taken:
            put[strip] += when
    return True
