"""Times for a visit of several services, with several stylists: the best ones first, and why (features BK10, BK15)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import text

from frontdesk.clock import boundary, day_bounds
from frontdesk.errors import AddonUnasked, BadInput, CannotDo, NothingAsked
from frontdesk.permissions import Deed
from frontdesk.rules.best_time import Touched, Verdict, Wait, half_days, judged
from frontdesk.rules.hours import DAY
from frontdesk.rules.openings import Gap, Span, spans_joined
from frontdesk.rules.plan import LinePlan
from frontdesk.rules.teams import Hand, Pick, Things, Wish, best_teams, late, soonest_teams, touched
from frontdesk.services.availability import lay_out_first, search_windows
from frontdesk.services.booking_wishes import BookLine
from frontdesk.services.candidates import Candidate, Wanted, wanted
from frontdesk.services.gap_reading import instant, read_gaps, read_late_gaps
from frontdesk.services.terms import Own
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.visit_lines import LineWish, lines_asked

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
    addon_of: int | None = None
    """Which of the lines it is added to, by its place among them from 0."""


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
class Step:
    """A service of a visit with all that is added to it: one after the other, by the same hands."""

    place: int
    """Which of the lines that were asked for it belongs to."""
    needs: tuple[Wanted, ...]
    people: tuple[Candidate, ...]
    """Who is asked, as they stand for the first of the services."""

    def plans(self, one: Candidate | None) -> list[LinePlan]:
        """How each is laid out with somebody."""
        return [need.plan_for(need.by(one.stylist_id) if one and one.stylist_id else None) for need in self.needs]


@dataclass(frozen=True)
class Search:
    """Services somebody wants, everybody who could do them, and how the shop likes its day."""

    work: Work
    lines: tuple[WantedLine, ...]
    steps: tuple[Step, ...]
    wait_minutes: int
    cleanup_may_overrun: bool
    shortest: int
    """Seconds that the shortest service takes somebody."""
    customer_id: int | None = None
    customer: _Customer | None = None

    @classmethod
    def of(cls, work: Work, lines: Sequence[WantedLine], customer_id: int | None = None) -> Search:
        """Read what the services need, on a customer's terms: bundles taken apart, add-ons with what they go with.

        Raises NotFound, CannotDo, AddonAlone, BadInput.
        """
        wishes, places = _taken_apart(work, lines, customer_id)
        own = [Own(wish.minutes, wish.price) for wish in wishes]
        needs = wanted(work.session, work.shop.id, [w.service_id for w in wishes], customer_id=customer_id, own=own)
        steps = []
        for place, (wish, need) in enumerate(zip(wishes, needs, strict=True)):
            if wish.follows is None:
                added = [each for each, w in zip(needs, wishes, strict=True) if w.follows == place]
                people = tuple(one for one in _asked(need, wish) if all(each.by(one.stylist_id or 0) for each in added))
                steps.append(Step(places[place], (need, *added), people))
        row = work.session.execute(_HABITS, {"shop": work.shop.id, "customer": customer_id}).one()
        customer = _Customer(row.first_name, row.preferred_stylist_id) if row.first_name is not None else None
        shortest = row.shortest * 60
        habits = row.wait_minutes, row.cleanup_may_overrun, shortest
        return cls(work, tuple(lines), tuple(steps), *habits, customer_id, customer)

    @cached_property
    def hands(self) -> tuple[tuple[Hand, ...], ...]:
        """Everybody who could do each service, as the pure search knows them."""
        return tuple(
            tuple(self._hand(step, one) for one in step.people)
            or (() if "lead" in step.needs[0].plan.roles else (self._hand(step, None),))
            for step in self.steps
        )

    def _hand(self, step: Step, one: Candidate | None) -> Hand:
        told = 0
        spans: list[Span] = []
        things: list[Things] = []
        strip = one.resource_id if one else 0
        for need, plan in zip(step.needs, step.plans(one), strict=True):
            for role in plan.roles:
                kinds = Things(
                    (strip,) if role == "lead" else _strips(need, role, strip),
                    _later(plan.spans(role, with_cleanup=not self.cleanup_may_overrun), told),
                    _later(plan.spans(role), told),
                )
                if role == "lead":
                    spans += kinds.spans
                if role != "lead" or kinds.spans != kinds.all_spans:
                    things.append(kinds)
            told += plan.told_minutes * 60
        likes = bool(one and self.customer and self.customer.preferred_stylist_id == one.stylist_id)
        return Hand(strip, told, spans_joined(spans), tuple(things), likes)

    @property
    def names(self) -> dict[int, str]:
        """What the people are called, by their strip."""
        return {one.resource_id: one.name for step in self.steps for one in step.people}

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
        """What is free of everybody and everything that is concerned, in one statement; two where clean-up may go on
        after hours."""
        hands = [hand for line in self.hands for hand in line]
        strips = {hand.resource_id for hand in hands if hand.spans}
        strips.update(strip for hand in hands for things in hand.things for strip in things.strips)
        spans = [span for hand in hands for span in (*hand.spans, *(s for kind in hand.things for s in kind.all_spans))]
        before = min((span.offset for span in spans), default=0)
        after = max((span.offset + span.length for span in spans), default=0)
        found = read_gaps(
            self.work.session,
            self.work.shop.id,
            strips,
            since + min(before, 0),
            until + after,
            at_least=min((s.length for hand in hands for s in (*hand.spans, *_firm(hand))), default=0),
        )
        now = this_minute(self.work)
        for gaps in found.values():
            while gaps and gaps[0][1] <= now:
                gaps.pop(0)
            if gaps and gaps[0][0] < now:
                gaps[0] = (now, gaps[0][1])
        if any(kind.spans != kind.all_spans for hand in hands for kind in hand.things):
            after_hours = read_late_gaps(self.work.session, self.work.shop.id, strips, since + min(before, 0), until)
            found |= {late(strip): gaps for strip, gaps in after_hours.items()}
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


def this_minute(work: Work) -> int:
    """Now, as the search counts: the next whole minute."""
    return -(-int(work.now.timestamp()) // 60) * 60


def _taken_apart(
    work: Work, lines: Sequence[WantedLine], customer_id: int | None
) -> tuple[list[LineWish], dict[int, int]]:
    """The lines as they would be booked, and from which of those asked for each comes.

    What has to be asked of the customer before booking is not asked for a search.
    """
    asked = [
        BookLine(service_id=each.service_id, stylist_id=each.stylist_id, minutes=each.minutes, addon_of=each.addon_of)
        for each in lines
    ]
    declined: list[int] = []
    while True:
        try:
            wishes = lines_asked(work, asked, declined, customer_id)
        except AddonUnasked as unasked:
            declined.append(int(str(unasked.facts["addon_id"])))
            continue
        break
    return wishes, _places(lines, wishes)


def _places(lines: Sequence[WantedLine], wishes: Sequence[LineWish]) -> dict[int, int]:
    """Which of the lines that were asked for each service that stands for itself comes from; a bundle is several."""
    heads = [at for at, wish in enumerate(wishes) if wish.follows is None]
    hosts = [place for place, line in enumerate(lines) if line.addon_of is None]
    inside = Counter(wishes[at].bundle_id for at in heads)
    asked = Counter(lines[place].service_id for place in hosts)
    places: dict[int, int] = {}
    for place in hosts:
        bundle = lines[place].service_id
        is_bundle = bool(heads) and wishes[heads[0]].bundle_id == bundle
        for _ in range(inside[bundle] // asked[bundle] if is_bundle else 1):
            places[heads.pop(0)] = place
    return places


def _asked(need: Wanted, wish: LineWish) -> tuple[Candidate, ...]:
    if wish.stylist_id is None:
        return need.stylists
    one = need.by(wish.stylist_id)
    if one is None and wish.if_able:
        return need.stylists
    if one is None:
        able = ", ".join(c.name for c in need.stylists) or "Nobody"
        raise CannotDo(stylist="That stylist", service=need.name, instead=f"{able} can.")
    return (one,)


def _strips(need: Wanted, role: str, lead: int) -> tuple[int, ...]:
    return tuple(one.resource_id for one in need.others.get(role, ()) if one.resource_id != lead)


def _later(spans: Iterable[Span], seconds: int) -> tuple[Span, ...]:
    return tuple(Span(span.offset + seconds, span.length) for span in spans)


def _firm(hand: Hand) -> Iterable[Span]:
    return (span for kind in hand.things for span in kind.spans)


_HABITS = text("""
    SELECT s.wait_minutes, s.cleanup_may_overrun, c.first_name, c.preferred_stylist_id,
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
