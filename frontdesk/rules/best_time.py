"""Which of the times that are free costs the day least, and why: fewest useless gaps (features BK15).

Points are counted against a time; the fewer, the better. A rest too short for any service counts as many points as it
has minutes and fifteen more, any other rest five, since two long rests are worth less than one; a free half-day that
is broken into counts ten, each minute that the customer waits between two services one. Whoever the customer prefers
takes twelve away. Instants are seconds since 1970.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from frontdesk.clock import boundary
from frontdesk.rules.hours import DAY
from frontdesk.rules.openings import Gap

USELESS, REST, BROKEN, PREFERRED = 15, 5, 10, 12

HALF_DAYS = ((dt.time(9), dt.time(12), "morning"), (dt.time(13), dt.time(17), "afternoon"))
"""What is called a morning and an afternoon, by the wall clock."""


class HalfDay(NamedTuple):
    """A morning or an afternoon."""

    starts: int
    ends: int
    word: str


class Touched(NamedTuple):
    """A gap of somebody's that a visit would lie in, and from when to when it would."""

    who: str
    gap: Gap
    begins: int
    ends: int
    between: tuple[int, ...] = ()
    """Seconds left between two services that they do one after the other."""

    @property
    def rests(self) -> tuple[int, ...]:
        """Seconds left before, after and between."""
        return self.begins - self.gap[0], self.gap[1] - self.ends, *self.between


class Wait(NamedTuple):
    """How long the customer sits between two services."""

    minutes: int
    before: str
    """Which service comes then."""


class Verdict(NamedTuple):
    """What a time costs and why it is good or not."""

    points: int
    reasons: tuple[str, ...]


def half_days(first: dt.date, until: dt.date, zone: str) -> list[HalfDay]:
    """Every morning and afternoon of these days, half-open, in order."""
    days = [first + DAY * n for n in range((until - first).days)]
    return [
        HalfDay(int(boundary(day, starts, zone).timestamp()), int(boundary(day, ends, zone).timestamp()), word)
        for day in days
        for starts, ends, word in HALF_DAYS
    ]


def within(gap: Gap, halves: Sequence[HalfDay]) -> Sequence[HalfDay]:
    """The half-days that a gap leaves whole."""
    first = bisect_left(halves, (gap[0],))
    last = first
    while last < len(halves) and halves[last].ends <= gap[1]:
        last += 1
    return halves[first:last]


def rest_points(seconds: int, shortest: int) -> int:
    """What a rest counts against a time; nothing when there is none."""
    if seconds >= shortest:
        return REST
    return USELESS + -(-seconds // 60) if seconds else 0


def judged(
    touched: Iterable[Touched],
    *,
    shortest: int,
    halves: Sequence[HalfDay] = (),
    waits: Sequence[Wait] = (),
    preferred: Sequence[tuple[str, str]] = (),
) -> Verdict:
    """What a visit would cost the day, in points and in true sentences.

    `preferred` holds a stylist and the customer who prefers them, once for each service that they would do.
    """
    touched = list(touched)
    many = len({one.who for one in touched}) > 1
    points = sum(wait.minutes for wait in waits) - PREFERRED * len(preferred)
    fills, keeps, breaks = [], [], []
    useless: dict[str, int] = defaultdict(int)
    for one in touched:
        points += sum(rest_points(rest, shortest) for rest in one.rests)
        if not any(one.rests):
            fills.append(f"fills a {_minutes(one.gap[1] - one.gap[0])} gap" + (f" of {one.who}'s" if many else ""))
        useless[one.who] += sum(rest for rest in one.rests if rest < shortest)
        for half in within(one.gap, halves):
            if half.ends <= one.begins or one.ends <= half.starts:
                keeps.append(f"keeps {one.who}'s {half.word} whole")
            else:
                points += BROKEN
                breaks.append(f"breaks into {one.who}'s free {half.word}")
    leaves = [
        f"leaves {f'{who} ' if many else ''}{_minutes(rest)} that nothing fits" for who, rest in useless.items() if rest
    ]
    if touched and not leaves and len(fills) < len(touched):
        keeps.append("leaves no gap that nothing fits")
    likes = [f"with {stylist}, whom {customer} prefers" for stylist, customer in dict.fromkeys(preferred)]
    waited = [f"{wait.minutes} min to wait before {wait.before}" for wait in waits if wait.minutes]
    return Verdict(points, tuple(dict.fromkeys((*fills, *likes, *keeps, *leaves, *breaks, *waited))))


def _minutes(seconds: int) -> str:
    return f"{-(-seconds // 60)} min"
