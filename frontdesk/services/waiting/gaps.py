"""Holes in a day that are worth money, and whom to call about each: those who wait, then those who are due (N19)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import text

from frontdesk.clock import day_bounds
from frontdesk.permissions import Deed
from frontdesk.rules.fitting import Fit, Freed, Gaps, Way, Wish, who_fits
from frontdesk.rules.hours import DAY
from frontdesk.rules.openings import Gap
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.placing.booking_wishes import BookLine
from frontdesk.services.placing.gap_reading import instant, read_gaps
from frontdesk.services.search.visit_needs import this_minute
from frontdesk.services.search.visit_search import SOONEST, Search, WantedLine
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.waiting.coming_again import due_on, last_visits
from frontdesk.services.waiting.fitting import gaps_between, ways_of, wish_on
from frontdesk.services.waiting.who_waits import WaitingRow, who_waits
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
    return gap_radar(work, request)


def gap_radar(work: Work, request: ShowGaps) -> GapRadar:
    """The same for a service with an open session."""
    day = max(request.day or work.desk.today, work.desk.today)
    shortest = work.session.execute(_SHORTEST, {"shop": work.shop.id}).scalar_one()
    holes = _holes(work, day, shortest, request.stylist_id)
    people = _whom_to_call(work, day) if holes else []
    ways = ways_of(work, [(one.services, one.stylist_id) for one in people])
    lying = gaps_between(work, ways, day, day + DAY)
    wishes = [_wish(work, place, one, its, day) for place, (one, its) in enumerate(zip(people, ways, strict=True))]
    special = _special(work, [one.customer_id for one in people if one.customer_id], day)
    theirs = _Theirs(work, day)
    found = []
    for hole in holes:
        stylist_id, name, (start, end), worth = hole
        calls: list[Call] = []
        for fit in _fits(hole, [wish for wish in wishes if wish is not None], lying, work):
            one = people[fit.key]
            if one.customer_id is not None and one.customer_id in {call.customer_id for call in calls}:
                continue  # who waits and is due is called once
            exact = theirs.exactly(one, hole, wishes[fit.key]) if one.customer_id in special else fit
            if exact is not None:
                calls.append(_call(one, exact))
        minutes = (end - start) // 60
        found.append(Hole(stylist_id, name, instant(start), instant(end), minutes, worth, tuple(calls[:_TOLD])))
    return GapRadar(day, shortest, tuple(found))


@dataclass(frozen=True)
class _Likely:
    """Somebody who might like to come that day."""

    kind: str
    entry: WaitingRow | None
    customer_id: int | None
    customer: str
    phone: str | None
    services: tuple[int, ...]
    names: tuple[str, ...]
    stylist_id: int | None
    asked_for: bool
    why: str


def _whom_to_call(work: Work, day: dt.date) -> list[_Likely]:
    """Those who wait for this day in the order of asking, then those who are due, the nearest to their rhythm first."""
    found = [
        _Likely(
            WAITS, one, one.customer_id, one.customer, one.phone, one.services, one.names, one.stylist_id,
            one.stylist_id is not None, f"on the waitlist since {day_words(one.since.date())}",
        )
        for one in who_waits(work)
        if one.services and one.first_day <= day <= one.last_day and day.isoweekday() in one.weekdays
    ]  # fmt: skip
    regulars = due_on(work, day)
    had = last_visits(work, [one.customer_id for one in regulars])
    for one in regulars:
        if last := had.get(one.customer_id):
            why = f"every {one.every} days, last {day_words(one.last)}"
            found.append(
                _Likely(
                    DUE, None, one.customer_id, one.customer, one.phone, last.services, last.names, last.stylists[0],
                    False, why,
                )
            )  # fmt: skip
    return found


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


def _wish(work: Work, place: int, one: _Likely, ways: tuple[Way, ...], day: dt.date) -> Wish | None:
    if one.entry is not None:
        wish = wish_on(work, one.entry, ways, day)
        return wish._replace(key=place) if wish is not None else None
    since, until = (int(moment.timestamp()) for moment in day_bounds(day, work.shop.timezone))
    return Wish(place, max(since, this_minute(work)), until, ways)


def _special(work: Work, customers: Sequence[int], day: dt.date) -> set[int]:
    """Whose own lengths or other visits that day have to be asked for one by one."""
    since, until = day_bounds(day, work.shop.timezone)
    asked = {"customers": list(customers), "since": since, "until": until}
    return set(work.session.execute(_SPECIAL, asked).scalars()) if customers else set()


_SPECIAL = text("""
    SELECT customer_id FROM accommodations WHERE customer_id = ANY (:customers) AND minutes IS NOT NULL
    UNION
    SELECT customer_id FROM appointments
     WHERE customer_id = ANY (:customers) AND starts_at < :until AND ends_at > :since AND NOT for_guest
       AND status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
""")


@dataclass
class _Theirs:
    """Times for people with lengths of their own or another visit that day: read once for each, and each stylist."""

    work: Work
    day: dt.date
    read: dict[tuple[int, int], tuple[Search, dict[int, list[Gap]], tuple[Gap, ...]]] = field(default_factory=dict)

    def exactly(self, one: _Likely, hole: _Hole, wish: Wish | None) -> Fit | None:
        """The first time in a hole that they could have."""
        if wish is None:
            return None
        stylist_id, _, (start, end), _ = hole
        key = wish.key, stylist_id
        if key not in self.read:
            self.read[key] = self._search(one, stylist_id)
        search, lying, besides = self.read[key]
        window = (max(start, wish.opens), wish.closes)
        offers = search.offers([window], 1, sort=SOONEST, gaps=lying, besides=besides)
        if not offers or offers[0].starts_at >= instant(end):
            return None
        begins, ends = (int(moment.timestamp()) for moment in (offers[0].starts_at, offers[0].ends_at))
        return Fit(wish.key, stylist_id, begins, ends)

    def _search(self, one: _Likely, stylist_id: int) -> tuple[Search, dict[int, list[Gap]], tuple[Gap, ...]]:
        rest = (WantedLine(service_id=service) for service in one.services[1:])
        lines = (WantedLine(service_id=one.services[0], stylist_id=stylist_id), *rest)
        search = Search.of(self.work, lines, one.customer_id)
        since, until = (int(moment.timestamp()) for moment in day_bounds(self.day, self.work.shop.timezone))
        return search, search.gaps(since, until), search.elsewhere([(since, until)])


def _fits(hole: _Hole, wishes: Sequence[Wish], lying: Gaps, work: Work) -> list[Fit]:
    """Who fits a hole; a start counts for the hole in which it lies."""
    stylist_id, _, (start, end), _ = hole
    mine = [
        wish._replace(opens=max(wish.opens, start), ways=ways)
        for wish in wishes
        if (ways := tuple(way for way in wish.ways if way.stylist_id == stylist_id))
    ]
    fits = who_fits(mine, lying, step=work.shop.slot_minutes * 60, freed=[Freed(stylist_id, start, end)])
    return [fit for fit in fits if fit.start < end]


def _call(one: _Likely, fit: Fit) -> Call:
    """The first service with the stylist of the hole, the others with whoever can: the same, where they do it."""
    to_book = tuple(
        BookLine(service_id=service, stylist_id=None if place else fit.stylist_id, asked_for=one.asked_for)
        for place, service in enumerate(one.services)
    )
    return Call(
        one.kind, one.entry.id if one.entry else None, one.customer_id, one.customer, one.phone, "+".join(one.names),
        one.why, instant(fit.start), instant(fit.end), to_book,
    )  # fmt: skip
