"""Holes in a day that are worth money, and whom to call about each: those who wait, then those who are due (N19)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.clock import day_bounds
from frontdesk.permissions import Deed
from frontdesk.rules.fitting import Fit, Freed, Gaps, Way, Wish, who_fits
from frontdesk.rules.hours import DAY
from frontdesk.rules.openings import Gap
from frontdesk.services.availability import lay_out_first
from frontdesk.services.booking_wishes import BookLine
from frontdesk.services.coming_again import LastVisit, Regular, due_on, last_visits
from frontdesk.services.fitting import gaps_between, ways_of, wish_on
from frontdesk.services.gap_reading import instant, read_gaps
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.who_waits import WaitingRow, who_waits
from frontdesk.services.wording import day_words

WAITS, DUE = "waits", "due"
_TOLD = 12
"""So many people at most are named for one hole."""


@dataclass(frozen=True, kw_only=True)
class ShowGaps:
    """A day's holes worth money."""

    day: dt.date | None = None
    """Today, when it is not given."""
    stylist_id: int | None = None
    """Only hers or his."""


@dataclass(frozen=True)
class Call:
    """Somebody who could be called about a hole."""

    kind: str
    """`waits` for somebody on the waitlist, `due` for somebody whose own rhythm says so."""
    entry_id: int | None
    """Of the waitlist."""
    customer_id: int | None
    customer: str
    phone: str | None
    what: str
    """`Cut+Blow-dry`."""
    why: str
    """`on the waitlist since Mon 2 Mar`, `every 41 days, last Tue 27 Jan`."""
    starts_at: dt.datetime
    ends_at: dt.datetime
    to_book: tuple[BookLine, ...]
    """What to ask for when they say yes; of somebody on the waitlist, `waitlist.book_from_waitlist` is better."""


@dataclass(frozen=True)
class Hole:
    """A stretch of a stylist's day that nobody has, long enough for something."""

    stylist_id: int
    stylist: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    minutes: int
    worth: Decimal
    """What could be earned in it at most with one service."""
    calls: tuple[Call, ...]
    """Whom to call, those who wait first."""


@dataclass(frozen=True)
class GapRadar:
    """A day's holes in the order of the book, and of time."""

    day: dt.date
    shortest_minutes: int
    """What the shortest service takes; a shorter hole is worth nothing."""
    holes: tuple[Hole, ...]


@use_case(Deed.SEE_CUSTOMERS, before=lay_out_first)
def show_gaps(work: Work, request: ShowGaps) -> GapRadar:
    """The holes of a day that are worth money, and who fits each of them: the waitlist in the order of asking, then
    customers within a week of their own rhythm."""
    day = max(request.day or work.desk.today, work.desk.today)
    shortest = work.session.execute(_SHORTEST, {"shop": work.shop.id}).scalar_one()
    holes = _holes(work, day, shortest, request.stylist_id)
    if not holes:
        return GapRadar(day, shortest, ())
    waiting = [one for one in who_waits(work) if one.services and _is_asked_for(one, day)]
    regulars = due_on(work, day)
    had = last_visits(work, [one.customer_id for one in regulars])
    regulars = [one for one in regulars if one.customer_id in had]
    asked = [(one.services, one.stylist_id) for one in waiting]
    asked += [(had[one.customer_id].services, _theirs(had[one.customer_id])) for one in regulars]
    ways = ways_of(work, asked)
    lying = gaps_between(work, ways, day, day + DAY)
    waits = _fits(holes, _waiting_wishes(work, waiting, ways, day), lying, work)
    dues = _fits(holes, _due_wishes(work, regulars, ways[len(waiting) :], day), lying, work)
    in_line, regular = {one.id: one for one in waiting}, {one.customer_id: one for one in regulars}
    found = []
    for at, (stylist_id, name, gap, worth) in enumerate(holes):
        calls = [_of_waiting(in_line[fit.key], fit) for fit in waits[at]]
        called = {call.customer_id for call in calls if call.customer_id}
        calls += [_of_regular(regular[fit.key], had[fit.key], fit) for fit in dues[at] if fit.key not in called]
        minutes = (gap[1] - gap[0]) // 60
        found.append(Hole(stylist_id, name, instant(gap[0]), instant(gap[1]), minutes, worth, tuple(calls[:_TOLD])))
    return GapRadar(day, shortest, tuple(found))


_Hole = tuple[int, str, Gap, Decimal]


def _holes(work: Work, day: dt.date, shortest: int, stylist_id: int | None) -> list[_Hole]:
    asked = {"shop": work.shop.id, "stylist": stylist_id}
    people = work.session.execute(_PEOPLE, asked).all()
    since, until = (int(one.timestamp()) for one in day_bounds(day, work.shop.timezone))
    now = -(-int(work.now.timestamp()) // 60) * 60
    lying = read_gaps(
        work.session, work.shop.id, [one.resource_id for one in people], max(since, now), until, at_least=shortest * 60
    )
    found = []
    for one in people:
        for start, end in lying.get(one.resource_id, ()):
            start = max(start, now)
            worth = max((Decimal(price) for minutes, price in one.does if minutes * 60 <= end - start), default=None)
            if worth is not None:
                found.append((one.id, one.first_name, (start, end), worth))
    return found


# What a stylist could do in a hole, with their own minutes and price; somebody without a specialty does everything.
_PEOPLE = text("""
    SELECT p.id, p.resource_id, p.first_name,
           (SELECT coalesce(jsonb_agg(jsonb_build_array(coalesce(own.minutes, shelf.minutes, parts.minutes),
                                                        coalesce(own.price, shelf.price, v.price))), '[]')
              FROM services v
              JOIN LATERAL (SELECT sum(x.minutes) AS minutes FROM service_parts x
                             WHERE x.service_id = v.id AND x.kind NOT IN ('buffer', 'cleanup')) parts
                ON parts.minutes > 0
              LEFT JOIN stylist_specialties own ON own.stylist_id = p.id AND own.service_id = v.id
              LEFT JOIN stylist_specialties shelf ON shelf.stylist_id = p.id AND shelf.category_id = v.category_id
             WHERE v.is_active AND v.kind = 'service'
               AND (coalesce(own.id, shelf.id) IS NOT NULL
                    OR NOT EXISTS (SELECT FROM stylist_specialties x WHERE x.stylist_id = p.id))) AS does
      FROM stylists p JOIN resources r ON r.id = p.resource_id
     WHERE p.is_active AND r.is_active AND (CAST(:stylist AS bigint) IS NULL OR p.id = :stylist)
       AND (r.shop_id = :shop OR EXISTS (SELECT FROM weekly_shifts w WHERE w.stylist_id = p.id AND w.shop_id = :shop)
            OR EXISTS (SELECT FROM dated_shifts d WHERE d.stylist_id = p.id AND d.shop_id = :shop))
     ORDER BY r.position, p.id
""")
_SHORTEST = text("""
    SELECT coalesce(min(parts.minutes), (SELECT slot_minutes FROM shops WHERE id = :shop))
      FROM (SELECT sum(p.minutes) AS minutes FROM services v JOIN service_parts p ON p.service_id = v.id
             WHERE v.is_active AND v.kind = 'service' AND p.kind NOT IN ('buffer', 'cleanup') GROUP BY v.id) parts
""")


def _is_asked_for(one: WaitingRow, day: dt.date) -> bool:
    return one.first_day <= day <= one.last_day and day.isoweekday() in one.weekdays


def _theirs(last: LastVisit) -> int | None:
    """With whom somebody was last; nobody in particular when several served them."""
    people = set(last.stylists)
    return people.pop() if len(people) == 1 else last.stylists[0]


def _waiting_wishes(
    work: Work, waiting: Sequence[WaitingRow], ways: Sequence[tuple[Way, ...]], day: dt.date
) -> list[Wish]:
    wishes = (wish_on(work, one, its, day) for one, its in zip(waiting, ways, strict=False))
    return [wish for wish in wishes if wish is not None]


def _due_wishes(work: Work, regulars: Sequence[Regular], ways: Sequence[tuple[Way, ...]], day: dt.date) -> list[Wish]:
    since, until = (int(one.timestamp()) for one in day_bounds(day, work.shop.timezone))
    now = -(-int(work.now.timestamp()) // 60) * 60
    return [Wish(one.customer_id, max(since, now), until, its) for one, its in zip(regulars, ways, strict=True)]


def _fits(holes: Sequence[_Hole], wishes: Sequence[Wish], lying: Gaps, work: Work) -> list[list[Fit]]:
    """Who fits each hole; a start counts for the hole in which it lies."""
    step = work.shop.slot_minutes * 60
    found = []
    for stylist_id, _, (start, end), _ in holes:
        mine = [
            wish._replace(opens=max(wish.opens, start), ways=ways)
            for wish in wishes
            if (ways := tuple(way for way in wish.ways if way.stylist_id == stylist_id))
        ]
        fits = who_fits(mine, lying, step=step, freed=[Freed(stylist_id, start, end)])
        found.append([fit for fit in fits if fit.start < end])
    return found


def _of_waiting(one: WaitingRow, fit: Fit) -> Call:
    return Call(
        WAITS, one.id, one.customer_id, one.customer, one.phone, "+".join(one.names),
        f"on the waitlist since {day_words(one.since.date())}", instant(fit.start), instant(fit.end),
        _to_book(one.services, fit, asked_for=one.stylist_id is not None),
    )  # fmt: skip


def _of_regular(one: Regular, had: LastVisit, fit: Fit) -> Call:
    return Call(
        DUE, None, one.customer_id, one.customer, one.phone, "+".join(had.names),
        f"every {one.every} days, last {day_words(one.last)}", instant(fit.start), instant(fit.end),
        _to_book(had.services, fit, asked_for=False),
    )  # fmt: skip


def _to_book(services: Sequence[int], fit: Fit, *, asked_for: bool) -> tuple[BookLine, ...]:
    """The first with the stylist of the hole, the others with whoever can: the same, where they do it."""
    return tuple(
        BookLine(service_id=service, stylist_id=None if place else fit.stylist_id, asked_for=asked_for)
        for place, service in enumerate(services)
    )
