"""Searching is reading: which start times are free, with whom, soonest first (features BK5, BK14)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import text

from frontdesk.clock import day_bounds
from frontdesk.desk import Desk
from frontdesk.permissions import Deed, refusal_for
from frontdesk.rules.hours import DAY
from frontdesk.rules.openings import Gap, open_starts
from frontdesk.rules.plan import LinePlan
from frontdesk.services.menu.terms import Own
from frontdesk.services.placing.candidates import Candidate, Wanted, the_one, wanted
from frontdesk.services.placing.gap_reading import instant, read_late_gaps
from frontdesk.services.placing.gap_reading import read_gaps as read_gaps  # where others look for it
from frontdesk.services.placing.scarcity import LITTLE, scarcity
from frontdesk.services.team import slots
from frontdesk.services.use_case import Beforehand, Work, Write, use_case

WINDOWS = (1, 5, 21, 90, 365)
"""How many days a search for the first free time looks ahead, one window after the other."""


@dataclass(frozen=True, kw_only=True)
class FindFree:
    """Which start times are free for a service."""

    service_id: int
    stylist_id: int | None = None
    customer_id: int | None = None
    """On whose terms: some take longer, or pay less."""
    minutes: int | None = None
    """What the customer shall be told, this once."""
    first_day: dt.date | None = None
    """Today, when it is not given."""
    days: int = 14
    limit: int = 12
    """How many to answer at most; 0 for all."""
    explain: bool = False
    """Say what it needs and what there is, even where much is free."""


@dataclass(frozen=True)
class FreeTime:
    """A start that can be booked."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    """What the customer is told."""
    stylist_id: int
    stylist: str
    price: Decimal


@dataclass(frozen=True)
class FreeTimes:
    """What is free, soonest first; at one time, in the order of the book."""

    service: str
    times: tuple[FreeTime, ...]
    searched_until: dt.date
    explained: str | None = None
    """Why there is little or nothing: what it needs, and the longest gap of everybody."""


@dataclass(frozen=True, kw_only=True)
class LayOutStrips(Write):
    """Lay out every strip of the shop up to a day."""

    until: dt.date


@dataclass(frozen=True)
class LaidOut:
    """How many pieces were laid."""

    pieces: int


@use_case(Deed.BOOK)
def lay_out_strips(work: Work, request: LayOutStrips) -> LaidOut:
    """Lay out the strips of everybody and everything in the shop up to a day; upkeep does it daily."""
    unlaid = work.session.execute(_UNLAID, {"shop": work.shop.id, "until": request.until}).scalars().all()
    return LaidOut(slots.publish(work, unlaid, request.until) if unlaid else 0)


@dataclass(frozen=True, kw_only=True)
class GiveBackLapsed(Write):
    """Give back the time that was held for somebody who did not come back to it."""


@dataclass(frozen=True)
class GivenBack:
    """How many pieces had been held."""

    pieces: int


@use_case(Deed.BOOK)
def give_back_lapsed(work: Work, request: GiveBackLapsed) -> GivenBack:
    """Make the time of lapsed holds free again; searches and bookings do it when there are any."""
    return GivenBack(slots.purge_lapsed(work))


def _is_to_be_done(work: Work) -> bool:
    """One question for both; whoever may not book sees the strips as they lie."""
    if refusal_for(work.actor, Deed.BOOK) is not None:
        return False
    soon = work.desk.today + slots.PUBLISHED_AHEAD / 2
    return work.session.execute(_TO_DO, {"shop": work.shop.id, "until": soon, "now": work.now}).first() is not None


def _make_ready(desk: Desk) -> None:
    give_back_lapsed(desk, GiveBackLapsed())
    lay_out_strips(desk, LayOutStrips(until=desk.today + slots.PUBLISHED_AHEAD))


lay_out_first = Beforehand(_is_to_be_done, _make_ready)
"""Before a search or a booking: when less than half a year is laid out, lay out the whole year; give back what was
held and has lapsed."""

_UNLAID = text("""
    SELECT r.id FROM resources r LEFT JOIN strips p ON p.resource_id = r.id
     WHERE r.shop_id = :shop AND r.is_active AND coalesce(p.published_until < :until, true) ORDER BY r.id
""")
_TO_DO = text("""
    SELECT FROM time_slots WHERE status = 'held' AND held_until <= :now AND shop_id = :shop
    UNION ALL
    SELECT FROM resources r LEFT JOIN strips p ON p.resource_id = r.id
     WHERE r.shop_id = :shop AND r.is_active AND coalesce(p.published_until < :until, true)
     LIMIT 1
""")


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def find_free(work: Work, request: FindFree) -> FreeTimes:
    """Free start times of a service, with any stylist who does it or with one. Raises NotFound, CannotDo."""
    own = (Own(minutes=request.minutes),)
    (need,) = wanted(work.session, work.shop.id, [request.service_id], customer_id=request.customer_id, own=own)
    stylists = _asked(work, need, request.stylist_id)
    first = max(request.first_day or work.desk.today, work.desk.today)
    until = first + DAY * request.days
    found: list[FreeTime] = []
    for start, end in search_windows(first, until, widen=request.limit > 0):
        found += free_between(work, need, stylists, start, end)
        if request.limit and len(found) >= request.limit:
            found, until = found[: request.limit], end
            break
    # A search that asked for one and found one found enough.
    is_little = len(found) < min(LITTLE, request.limit or LITTLE)
    why = scarcity(work, need, stylists, first, until) if is_little or request.explain else None
    return FreeTimes(need.name, tuple(found), until, why)


def _asked(work: Work, need: Wanted, stylist_id: int | None) -> tuple[Candidate, ...]:
    return need.stylists if stylist_id is None else (the_one(work.session, need, stylist_id),)


def search_windows(first: dt.date, until: dt.date, *, widen: bool) -> Iterator[tuple[dt.date, dt.date]]:
    """The days of a search, one window after the other, half-open; all at once when it is not to stop early."""
    start = first
    for days in WINDOWS if widen else ():
        end = min(first + DAY * days, until)
        if start < end:
            yield start, end
        start = end
    if start < until:
        yield start, until


def free_between(
    work: Work, need: Wanted, stylists: Sequence[Candidate], first: dt.date, until: dt.date
) -> list[FreeTime]:
    """Every free start from now within these days, soonest first."""
    told = {one: need.plan_for(one).told_minutes * 60 for one in stylists}
    return [
        FreeTime(instant(start), instant(start + told[c]), c.stylist_id or 0, c.name, c.price)
        for start, c in free_starts(work, need, stylists, first, until)
    ]


def free_starts(
    work: Work, need: Wanted, stylists: Sequence[Candidate], first: dt.date, until: dt.date
) -> list[tuple[int, Candidate]]:
    """Every free start, in seconds since 1970, with whom; soonest first and at one time in the order of the book."""
    window = Window.of(work, first, until)
    plans = need.plans(stylists)
    things = {c.resource_id for plan in plans for role in plan.roles for c in need.others.get(role, ())}
    strips = things.union(c.resource_id for c in stylists)
    overruns = _cleanup_overruns(work, plans)
    asked = work.session, work.shop.id, strips, window.earliest + min((p.starts for p in plans), default=0) * 60
    end = window.latest + max((plan.ends for plan in plans), default=0) * 60
    spans = (s for plan in plans for role in plan.roles for s in plan.spans(role, with_cleanup=not overruns))
    gaps = read_gaps(*asked, end, at_least=min((span.length for span in spans), default=0))
    late = read_late_gaps(*asked, end) if overruns else None
    places = {one: order for order, one in enumerate(stylists)}
    found: list[tuple[int, int]] = []
    for plan, them in plans.items():
        allowed = _with_things(plan, need, gaps, late, window)
        hands = _with_hands(plan, need, gaps, late, window)
        for one in them:
            starts = _starts(one, plan, "lead", gaps, late, window)
            if hands is not None:
                helped = set().union(*(their for resource_id, their in hands.items() if resource_id != one.resource_id))
                starts = [start for start in starts if start in helped]
            order = places[one]
            found += [(start, order) for start in starts if allowed is None or start in allowed]
    found.sort()
    return [(start, stylists[order]) for start, order in found]


class Window(NamedTuple):
    """Which starts are looked at, in seconds since 1970: those on the shop's grid, half-open."""

    step: int
    earliest: int
    latest: int

    @classmethod
    def of(cls, work: Work, first: dt.date, until: dt.date) -> Window:
        """The shop's days, half-open, from this minute on."""
        zone = work.shop.timezone
        now = -(-int(work.now.timestamp()) // 60) * 60
        earliest, latest = (int(day_bounds(day, zone)[0].timestamp()) for day in (first, until))
        return cls(work.shop.slot_minutes * 60, max(earliest, now), latest)


def things_of(plan: LinePlan) -> tuple[str, ...]:
    """What it needs besides people."""
    return tuple(role for role in plan.roles if role not in ("lead", "assistant"))


def _cleanup_overruns(work: Work, plans: Iterable[LinePlan]) -> bool:
    """Whether clean-up may go on after hours here; asked only where somebody or something is kept for it."""
    if not any(part.kind == "cleanup" and part.role != "nobody" for plan in plans for part in plan.parts):
        return False
    rule = text("SELECT cleanup_may_overrun FROM shops WHERE id = :shop")
    return bool(work.session.execute(rule, {"shop": work.shop.id}).scalar())


Gaps = dict[int, list[Gap]]


def _starts(one: Candidate, plan: LinePlan, role: str, gaps: Gaps, late: Gaps | None, window: Window) -> Iterable[int]:
    """Every start at which somebody or something is free for a role, clean-up after hours included."""
    lying = gaps.get(one.resource_id, ())
    if late is None:
        return open_starts(lying, plan.spans(role), **window._asdict())
    firm = open_starts(lying, plan.spans(role, with_cleanup=False), **window._asdict())
    whole = set(open_starts(late.get(one.resource_id, ()), plan.spans(role), **window._asdict()))
    return [start for start in firm if start in whole]


def _with_things(plan: LinePlan, need: Wanted, gaps: Gaps, late: Gaps | None, window: Window) -> set[int] | None:
    """The starts at which there is a room, a chair and a machine, as far as it needs them; None for any start."""
    allowed: set[int] | None = None
    for role in things_of(plan):
        starts = {
            start for thing in need.others.get(role, ()) for start in _starts(thing, plan, role, gaps, late, window)
        }
        allowed = starts if allowed is None else allowed & starts
    return allowed


def _with_hands(
    plan: LinePlan, need: Wanted, gaps: Gaps, late: Gaps | None, window: Window
) -> dict[int, set[int]] | None:
    """When each of those who could assist is free to; None where one pair of hands is enough."""
    if "assistant" not in plan.roles:
        return None
    return {
        one.resource_id: set(_starts(one, plan, "assistant", gaps, late, window))
        for one in need.others.get("assistant", ())
    }
