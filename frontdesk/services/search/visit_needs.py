"""What a visit of several services needs, read once: who could do each, in which rooms, and what is free of them.

Private to searches for visits, which hand in the open session.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self

from sqlalchemy import text

from frontdesk.errors import AddonUnasked
from frontdesk.rules.openings import Gap, Span, spans_joined
from frontdesk.rules.plan import LinePlan
from frontdesk.rules.team_ways import Hand, Things, late
from frontdesk.services.menu.terms import Own
from frontdesk.services.placing.booking_wishes import BookLine
from frontdesk.services.placing.candidates import Candidate, Wanted, the_one, wanted
from frontdesk.services.placing.gap_reading import read_gaps, read_late_gaps
from frontdesk.services.placing.visit_lines import LineWish, lines_asked
from frontdesk.services.use_case import Work


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


class Guest(NamedTuple):
    """What of a customer bears on their time."""

    name: str
    preferred_stylist_id: int | None


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
class VisitNeeds:
    """Services somebody wants, everybody who could do them, and how the shop likes its day."""

    work: Work
    lines: tuple[WantedLine, ...]
    steps: tuple[Step, ...]
    wait_minutes: int
    cleanup_may_overrun: bool
    shortest: int
    """Seconds that the shortest service takes somebody."""
    customer_id: int | None = None
    customer: Guest | None = None

    @classmethod
    def of(cls, work: Work, lines: Sequence[WantedLine], customer_id: int | None = None) -> Self:
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
                able = _asked(work, need, wish)
                people = tuple(one for one in able if all(each.by(one.stylist_id or 0) for each in added))
                steps.append(Step(places[place], (need, *added), people))
        row = work.session.execute(_HABITS, {"shop": work.shop.id, "customer": customer_id}).one()
        customer = Guest(row.first_name, row.preferred_stylist_id) if row.first_name is not None else None
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


def _asked(work: Work, need: Wanted, wish: LineWish) -> tuple[Candidate, ...]:
    if wish.stylist_id is None:
        return need.stylists
    if wish.if_able and need.by(wish.stylist_id) is None:
        return need.stylists
    return (the_one(work.session, need, wish.stylist_id),)


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
