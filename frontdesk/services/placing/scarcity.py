"""Why a search finds little or nothing: what a service needs, against the longest gap of everybody (features BK32).

Private to searches, which hand in the open session.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise

from frontdesk.clock import day_bounds, day_of
from frontdesk.rules.openings import Gap, Span
from frontdesk.services.placing.candidates import Candidate, Wanted
from frontdesk.services.placing.gap_reading import instant, read_gaps
from frontdesk.services.use_case import Work
from frontdesk.services.wording import day_words, stretch

LITTLE = 3
"""Fewer times than these are explained."""

_NAMED = 4
"""So many people are named; of the others it is said how many they are."""


def scarcity(work: Work, need: Wanted, people: Sequence[Candidate], first: dt.date, until: dt.date) -> str:
    """`Colour needs 30 min, then 30 min 45 min later; Anna's longest gap on Tue 10 Mar is 25 min (9:00–9:25), Bo has
    none.` Rooms and machines are said in the same way."""
    if not people:
        return f"Nobody here does {need.name} yet."
    zone = work.shop.timezone
    since, end = (int(day_bounds(day, zone)[0].timestamp()) for day in (first, until))
    now = -(-int(work.now.timestamp()) // 60) * 60
    things = {thing.resource_id: thing for them in need.others.values() for thing in them}
    strips = [*(one.resource_id for one in people), *things]
    gaps = read_gaps(work.session, work.shop.id, strips, max(since, now), end)
    last = until - _DAY
    when = f"on {day_words(first)}" if first == last else f"from {day_words(first)} to {day_words(last)}"
    said = []
    for plan, them in need.plans(people).items():
        who = "" if len(need.plans(people)) == 1 else f" with {_listed([one.name for one in them])}"
        said.append(f"{need.name}{who} needs {_needs(plan.spans('lead'))}; {_longest(them, gaps, now, zone, when)}")
    for role in (role for role in need.plan.roles if role != "lead"):
        theirs = need.others.get(role, ())
        needs = _needs(need.plan.spans(role))
        a = "a second pair of hands" if role == "assistant" else f"a {role}"
        there = _longest(theirs, gaps, now, zone, when) if theirs else "there is none"
        said.append(f"it needs {a} for {needs}; {there}")
    return ". ".join(_capital(one) for one in said) + "."


_DAY = dt.timedelta(days=1)


def _longest(them: Sequence[Candidate], gaps: dict[int, list[Gap]], now: int, zone: str, when: str) -> str:
    """Everybody's longest gap, the longest first."""
    many = when.startswith("from")
    longest = [(_best(gaps.get(one.resource_id, ()), now), one.name) for one in them]
    longest.sort(key=lambda each: each[0][0] - each[0][1])
    said: list[str] = []
    for (start, end), name in longest[:_NAMED]:
        if start == end:
            said.append(f"{name} has none" if said else f"{name} has no gap {when}")
            continue
        at = f"{(end - start) // 60} min ({_said(start, end, zone, with_day=many)})"
        said.append(f"{name}'s {at}" if said else f"{name}'s longest gap {when} is {at}")
    more = len(longest) - _NAMED
    return ", ".join(said) + (f", {more} more have no longer one" if more > 0 else "")


def _best(gaps: Iterable[Gap], now: int) -> Gap:
    cut = [(max(start, now), end) for start, end in gaps if end > now]
    return max(cut, key=lambda gap: (gap[1] - gap[0], -gap[0]), default=(0, 0))


def _said(start: int, end: int, zone: str, *, with_day: bool) -> str:
    since, until = instant(start), instant(end)
    day = f"{day_words(day_of(since, zone))} " if with_day else ""
    return f"{day}{stretch(since, until, zone)}"


def _needs(spans: Sequence[Span]) -> str:
    """`60 min`, `30 min, and 30 min again 45 min later`."""
    if not spans:
        return "nobody"
    said = [f"{spans[0].length // 60} min"]
    for before, span in pairwise(spans):
        wait = (span.offset - before.offset - before.length) // 60
        said.append(f"{span.length // 60} min {wait} min later")
    return ", then ".join(said)


def _listed(names: Sequence[str]) -> str:
    return " or ".join(names)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
