"""Times for a visit of several services, with several stylists: the best ones first, and why (features BK10, BK15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.clock import boundary, day_bounds
from frontdesk.errors import BadInput, NothingAsked
from frontdesk.permissions import Deed
from frontdesk.rules.best_time import Touched, Verdict, Wait, half_days, judged
from frontdesk.rules.hours import DAY
from frontdesk.rules.openings import Gap
from frontdesk.rules.team_ways import Wish
from frontdesk.rules.teams import Pick, best_teams, soonest_teams, touched
from frontdesk.services.placing.availability import lay_out_first, search_windows
from frontdesk.services.placing.booking_wishes import BookLine
from frontdesk.services.placing.gap_reading import instant
from frontdesk.services.search.visit_needs import VisitNeeds, this_minute
from frontdesk.services.search.visit_needs import WantedLine as WantedLine  # a part of the request below
from frontdesk.services.use_case import Work, use_case

BEST, SOONEST = "best", "soonest"
_GOOD = 100
"""The score of a time that costs the day nothing."""


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
    to_book: tuple[BookLine, ...] = ()
    """What to ask for to have exactly this."""


@dataclass(frozen=True)
class VisitOffers:
    """What could be had: one offer for each start, with the stylists who suit that time best."""

    offers: tuple[VisitOffer, ...]
    searched_until: dt.date


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
class Search(VisitNeeds):
    """Services somebody wants, everybody who could do them, and how the shop likes its day."""

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

    def offers(
        self,
        windows: Sequence[Gap],
        limit: int,
        *,
        sort: str = BEST,
        gaps: Mapping[int, Sequence[Gap]] | None = None,
        besides: Sequence[Gap] | None = None,
        step: int | None = None,
    ) -> list[VisitOffer]:
        """Offers within these stretches, one for each start; all of them when the limit is 0.

        The gaps, and the customer's other visits, are read unless somebody has read them already. `step` is another
        grid than the shop's, in seconds.
        """
        windows = [window for window in windows if window[0] < window[1]]
        if not windows or not all(self.hands):
            return []
        lying = gaps if gaps is not None else self.gaps(windows[0][0], windows[-1][1])
        zone = self.work.shop.timezone
        days = [dt.datetime.fromtimestamp(moment, dt.UTC).date() for moment in (windows[0][0], windows[-1][1])]
        wish = Wish(
            self.hands,
            step or self.work.shop.slot_minutes * 60,
            self.wait_minutes * 60,
            self.shortest,
            tuple(windows),
            tuple(self.elsewhere(windows) if besides is None else besides),
            tuple(half_days(days[0] - DAY, days[1] + 2 * DAY, zone)),
        )
        if sort == SOONEST:
            return [self._offer(team, wish, lying)[1] for team in soonest_teams(wish, lying, limit)]
        judged_ = [self._offer(team, wish, lying) for team in best_teams(wish, lying, limit or _ALL)]
        judged_.sort(key=lambda one: (one[0].points, one[1].starts_at))
        return [offer for _, offer in judged_[: limit or None]]

    def elsewhere(self, windows: Sequence[Gap]) -> tuple[Gap, ...]:
        """When the customer has other visits."""
        if self.customer_id is None:
            return ()
        asked = {"customer": self.customer_id, "since": instant(windows[0][0]), "until": instant(windows[-1][1])}
        rows = self.work.session.execute(_ELSEWHERE, asked)
        return tuple((int(row.starts_at.timestamp()), int(row.ends_at.timestamp())) for row in rows)

    def _offer(
        self, team: tuple[Pick, ...], wish: Wish, gaps: Mapping[int, Sequence[Gap]]
    ) -> tuple[Verdict, VisitOffer]:
        verdict = self._verdict(team, wish, touched(team, gaps, self.names))
        lines: list[OfferedLine] = []
        with_whom: dict[int, set[int | None]] = {}
        for pick, step in zip(team, self.steps, strict=True):
            one = next((each for each in step.people if each.resource_id == pick.hand.resource_id), None)
            with_whom.setdefault(step.place, set()).add(one.stylist_id if one else None)
            starts = pick.starts
            for need, plan in zip(step.needs, step.plans(one), strict=True):
                theirs = need.by(one.stylist_id) if one and one.stylist_id else None
                ends = starts + plan.told_minutes * 60
                lines.append(
                    OfferedLine(
                        need.service_id,
                        need.name,
                        theirs.stylist_id if theirs else None,
                        theirs.name if theirs else None,
                        instant(starts),
                        instant(ends),
                        theirs.price if theirs else need.price,
                    )
                )
                starts = ends
        return verdict, VisitOffer(
            lines[0].starts_at,
            lines[-1].ends_at,
            tuple(lines),
            sum((line.price for line in lines), Decimal(0)),
            _GOOD - verdict.points,
            verdict.reasons,
            tuple(self._to_book(place, with_whom) for place in range(len(self.lines))),
        )

    def _to_book(self, place: int, with_whom: Mapping[int, set[int | None]]) -> BookLine:
        line = self.lines[place]
        theirs = with_whom.get(place if line.addon_of is None else line.addon_of, set())
        return BookLine(
            service_id=line.service_id,
            stylist_id=next(iter(theirs)) if len(theirs) == 1 else None,
            minutes=line.minutes,
            asked_for=line.stylist_id is not None,
            addon_of=line.addon_of,
        )

    def _verdict(self, team: tuple[Pick, ...], wish: Wish, gaps: Iterable[Touched]) -> Verdict:
        waits = [
            Wait((then.starts - pick.ends) // 60, step.needs[0].name)
            for pick, then, step in zip(team, team[1:], self.steps[1:], strict=False)
        ]
        likes = [
            (self.names[pick.hand.resource_id], self.customer.name)
            for pick in team
            if self.customer is not None and pick.hand.is_preferred
        ]
        return judged(gaps, shortest=wish.shortest, halves=wish.halves, waits=waits, preferred=likes)


_ALL = 1 << 30


_ELSEWHERE = text("""
    SELECT starts_at, ends_at FROM appointments
     WHERE customer_id = :customer AND starts_at < :until AND ends_at > :since AND NOT for_guest
       AND status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
""")
