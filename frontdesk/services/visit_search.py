"""Times for a visit of several services, with several stylists: the best ones first, and why (features BK10, BK15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import text

from frontdesk.clock import boundary, day_bounds
from frontdesk.errors import BadInput, CannotDo, NothingAsked
from frontdesk.permissions import Deed
from frontdesk.rules.best_time import Touched, Verdict, Wait, half_days, judged
from frontdesk.rules.hours import DAY
from frontdesk.rules.openings import Gap, Span
from frontdesk.rules.plan import LinePlan
from frontdesk.rules.teams import Hand, Pick, Things, Wish, best_teams, soonest_teams, touched
from frontdesk.services.availability import lay_out_first, read_gaps, search_windows
from frontdesk.services.candidates import Candidate, Wanted, wanted
from frontdesk.services.terms import Own
from frontdesk.services.use_case import Work, use_case

BEST, SOONEST = "best", "soonest"
_GOOD = 100
"""The score of a time that costs the day nothing."""


@dataclass(frozen=True, kw_only=True)
class WantedLine:
    """One service that is wanted."""

    service_id: int
    stylist_id: int | None = None
    """Anybody who does it when it is None."""
    minutes: int | None = None
    """What the customer shall be told of it, this once."""


@dataclass(frozen=True, kw_only=True)
class FindVisit:
    """When somebody could have these services one after the other."""

    lines: tuple[WantedLine, ...]
    customer_id: int | None = None
    """For whom: on their terms, beside their other visits, and rather with whom they prefer."""
    first_day: dt.date | None = None
    """Today, when it is not given."""
    days: int = 14
    limit: int = 10
    not_before: dt.time | None = None
    """Not to begin earlier, by the wall clock."""
    not_after: dt.time | None = None
    """To be over by then, as far as the customer is told."""
    weekdays: tuple[int, ...] = ()
    """Only on these, 1 Monday to 7 Sunday; any when it is empty."""
    sort: str = BEST
    """`best` or `soonest`."""


@dataclass(frozen=True)
class OfferedLine:
    """One service of an offer. Its times are what the customer is told."""

    service_id: int
    service: str
    stylist_id: int | None
    stylist: str | None
    starts_at: dt.datetime
    ends_at: dt.datetime
    price: Decimal


@dataclass(frozen=True)
class VisitOffer:
    """A time that can be booked as it stands."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    lines: tuple[OfferedLine, ...]
    price: Decimal
    score: int
    """100 for a time that leaves no gap at all; the less, the more it costs the day."""
    reasons: tuple[str, ...]
    """Why it is good or not, each a true sentence without its full stop: `fills a 45 min gap`."""


@dataclass(frozen=True)
class VisitOffers:
    """What could be had: one offer for each start, with the stylists who suit that time best."""

    offers: tuple[VisitOffer, ...]
    searched_until: dt.date


class _Customer(NamedTuple):
    """What of a customer bears on their time."""

    name: str
    preferred_stylist_id: int | None


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def find_visit(work: Work, request: FindVisit) -> VisitOffers:
    """Times for a visit of one or several services, with different stylists where it must be.

    Raises NothingAsked, NotFound, CannotDo, and BadInput for a length that is too short.
    """
    if request.sort not in (BEST, SOONEST):
        raise BadInput("Times are sorted by best or by soonest. Say one of them.", field="sort")
    if not request.lines:
        raise NothingAsked
    search = Search.of(work, request.lines, request.customer_id)
    first = max(request.first_day or work.desk.today, work.desk.today)
    until = first + DAY * request.days
    found: list[VisitOffer] = []
    for start, end in search_windows(first, until, widen=request.sort == SOONEST and request.limit > 0):
        windows = search.windows(start, end, request)
        found += search.offers(windows, request.limit and request.limit - len(found), sort=request.sort)
        if request.sort == SOONEST and request.limit and len(found) >= request.limit:
            return VisitOffers(tuple(found), end)
    return VisitOffers(tuple(found), until)


@dataclass(frozen=True)
class Search:
    """Services somebody wants, everybody who could do them, and how the shop likes its day."""

    work: Work
    needs: tuple[Wanted, ...]
    people: tuple[tuple[Candidate, ...], ...]
    """Who is asked for each service, in the order of the book."""
    wait_minutes: int
    shortest: int
    """Seconds that the shortest service takes somebody."""
    customer_id: int | None = None
    customer: _Customer | None = None

    @classmethod
    def of(cls, work: Work, lines: Sequence[WantedLine], customer_id: int | None = None) -> Search:
        """Read what the services need, on a customer's terms. Raises NotFound, CannotDo, BadInput."""
        own = [Own(minutes=line.minutes) for line in lines]
        services = [line.service_id for line in lines]
        needs = wanted(work.session, work.shop.id, services, customer_id=customer_id, own=own)
        people = tuple(_asked(need, line.stylist_id) for need, line in zip(needs, lines, strict=True))
        row = work.session.execute(_HABITS, {"shop": work.shop.id, "customer": customer_id}).one()
        customer = _Customer(row.first_name, row.preferred_stylist_id) if row.first_name is not None else None
        return cls(work, tuple(needs), people, row.wait_minutes, row.shortest * 60, customer_id, customer)

    @cached_property
    def hands(self) -> tuple[tuple[Hand, ...], ...]:
        """Everybody who could do each service, as the pure search knows them."""
        return tuple(
            tuple(self._hand(need, one) for one in people) or (() if "lead" in need.plan.roles else (_nobody(need),))
            for need, people in zip(self.needs, self.people, strict=True)
        )

    def _hand(self, need: Wanted, one: Candidate) -> Hand:
        plan = need.plan_for(one)
        likes = self.customer is not None and self.customer.preferred_stylist_id == one.stylist_id
        return Hand(one.resource_id, plan.told_minutes * 60, plan.spans("lead"), _things(need, plan), likes)

    @property
    def names(self) -> dict[int, str]:
        """What the people are called, by their strip."""
        return {one.resource_id: one.name for people in self.people for one in people}

    def windows(self, first: dt.date, until: dt.date, request: FindVisit) -> tuple[Gap, ...]:
        """From when to when a visit may lie: these days, half-open, from now on and within the hours asked for."""
        zone, now = self.work.shop.timezone, this_minute(self.work)
        if request.not_before is None and request.not_after is None and not request.weekdays:
            begins, ends = (int(day_bounds(day, zone)[0].timestamp()) for day in (first, until))
            return ((max(begins, now), ends),)
        found = []
        for day in (first + DAY * n for n in range((until - first).days)):
            if request.weekdays and day.isoweekday() not in request.weekdays:
                continue
            start, end_of_day = day_bounds(day, zone)
            since = boundary(day, request.not_before, zone) if request.not_before else start
            by = boundary(day, request.not_after, zone) if request.not_after else end_of_day
            found.append((max(int(since.timestamp()), now), int(by.timestamp())))
        return tuple(found)

    def gaps(self, since: int, until: int) -> dict[int, list[Gap]]:
        """What is free of everybody and everything that is concerned, in one statement."""
        hands = [hand for line in self.hands for hand in line]
        strips = {hand.resource_id for hand in hands if hand.spans}
        strips.update(thing for hand in hands for things, _ in hand.things for thing in things)
        spans = [span for hand in hands for span in (*hand.spans, *(s for _, them in hand.things for s in them))]
        before = min((span.offset for span in spans), default=0)
        after = max((span.offset + span.length for span in spans), default=0)
        least = min((span.length for span in spans), default=0)
        found = read_gaps(
            self.work.session, self.work.shop.id, strips, since + min(before, 0), until + after, at_least=least
        )
        now = this_minute(self.work)
        for gaps in found.values():
            while gaps and gaps[0][1] <= now:
                gaps.pop(0)
            if gaps and gaps[0][0] < now:
                gaps[0] = (now, gaps[0][1])
        return found

    def offers(
        self,
        windows: Sequence[Gap],
        limit: int,
        *,
        sort: str = BEST,
        gaps: Mapping[int, Sequence[Gap]] | None = None,
    ) -> list[VisitOffer]:
        """Offers within these stretches, one for each start; all of them when the limit is 0.

        The gaps are read unless somebody has read them already.
        """
        windows = [window for window in windows if window[0] < window[1]]
        if not windows or not all(self.hands):
            return []
        lying = gaps if gaps is not None else self.gaps(windows[0][0], windows[-1][1])
        zone = self.work.shop.timezone
        days = [dt.datetime.fromtimestamp(moment, dt.UTC).date() for moment in (windows[0][0], windows[-1][1])]
        step = self.work.shop.slot_minutes * 60
        wish = Wish(
            self.hands,
            step,
            self.wait_minutes * 60,
            self.shortest,
            tuple(windows),
            self._elsewhere(windows),
            tuple(half_days(days[0] - DAY, days[1] + 2 * DAY, zone)),
        )
        if sort == SOONEST:
            return [self._offer(team, wish, lying)[1] for team in soonest_teams(wish, lying, limit)]
        judged_ = [self._offer(team, wish, lying) for team in best_teams(wish, lying, limit or _ALL)]
        judged_.sort(key=lambda one: (one[0].points, one[1].starts_at))
        return [offer for _, offer in judged_[: limit or None]]

    def _elsewhere(self, windows: Sequence[Gap]) -> tuple[Gap, ...]:
        if self.customer_id is None:
            return ()
        asked = {"customer": self.customer_id, "since": instant(windows[0][0]), "until": instant(windows[-1][1])}
        rows = self.work.session.execute(_ELSEWHERE, asked)
        return tuple((int(row.starts_at.timestamp()), int(row.ends_at.timestamp())) for row in rows)

    def _offer(
        self, team: tuple[Pick, ...], wish: Wish, gaps: Mapping[int, Sequence[Gap]]
    ) -> tuple[Verdict, VisitOffer]:
        verdict = self._verdict(team, wish, touched(team, gaps, self.names))
        lines = []
        for pick, need, people in zip(team, self.needs, self.people, strict=True):
            one = next((each for each in people if each.resource_id == pick.hand.resource_id), None)
            lines.append(
                OfferedLine(
                    need.service_id,
                    need.name,
                    one.stylist_id if one else None,
                    one.name if one else None,
                    instant(pick.starts),
                    instant(pick.ends),
                    one.price if one else need.price,
                )
            )
        price = sum((line.price for line in lines), Decimal(0))
        score = _GOOD - verdict.points
        return verdict, VisitOffer(lines[0].starts_at, lines[-1].ends_at, tuple(lines), price, score, verdict.reasons)

    def _verdict(self, team: tuple[Pick, ...], wish: Wish, gaps: Iterable[Touched]) -> Verdict:
        waits = [
            Wait((then.starts - pick.ends) // 60, need.name)
            for pick, then, need in zip(team, team[1:], self.needs[1:], strict=False)
        ]
        likes = [
            (self.names[pick.hand.resource_id], self.customer.name)
            for pick in team
            if self.customer is not None and pick.hand.is_preferred
        ]
        return judged(gaps, shortest=wish.shortest, halves=wish.halves, waits=waits, preferred=likes)


_ALL = 1 << 30


def instant(seconds: int) -> dt.datetime:
    """A moment of the search as the book has it."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def this_minute(work: Work) -> int:
    """Now, as the search counts: the next whole minute."""
    return -(-int(work.now.timestamp()) // 60) * 60


def _asked(need: Wanted, stylist_id: int | None) -> tuple[Candidate, ...]:
    if stylist_id is None:
        return need.stylists
    one = need.by(stylist_id)
    if one is None:
        able = ", ".join(c.name for c in need.stylists) or "Nobody"
        raise CannotDo(stylist="That stylist", service=need.name, instead=f"{able} can.")
    return (one,)


def _nobody(need: Wanted) -> Hand:
    return Hand(0, need.plan.told_minutes * 60, (), _things(need, need.plan))


def _things(need: Wanted, plan: LinePlan) -> tuple[Things, ...]:
    return tuple(_thing(need, role, plan.spans(role)) for role in plan.roles if role != "lead")


def _thing(need: Wanted, role: str, spans: tuple[Span, ...]) -> Things:
    return tuple(one.resource_id for one in need.others.get(role, ())), spans


_HABITS = text("""
    SELECT s.wait_minutes, c.first_name, c.preferred_stylist_id,
           (SELECT coalesce(min(least(parts.minutes, own.minutes)), s.slot_minutes)
              FROM services v
              JOIN LATERAL (SELECT sum(p.minutes) AS minutes FROM service_parts p
                             WHERE p.service_id = v.id AND p.kind NOT IN ('buffer', 'cleanup')) parts ON true
              LEFT JOIN LATERAL (SELECT min(x.minutes) AS minutes FROM stylist_specialties x
                                  WHERE x.service_id = v.id) own ON true
             WHERE v.is_active AND v.kind = 'service'
               AND EXISTS (SELECT FROM service_parts p WHERE p.service_id = v.id AND 'lead' = ANY (p.holds)))
               AS shortest
      FROM shops s LEFT JOIN customers c ON c.id = :customer WHERE s.id = :shop
""")
_ELSEWHERE = text("""
    SELECT starts_at, ends_at FROM appointments
     WHERE customer_id = :customer AND starts_at < :until AND ends_at > :since AND NOT for_guest
       AND status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
""")
