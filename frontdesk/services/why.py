"""Why a time can or can't be booked: every rule that says no, in the order in which one would ask (features BK32)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from frontdesk.clock import boundary, day_bounds, day_of
from frontdesk.errors import NotFound
from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY, Piece, ResourceHours, derived_pieces
from frontdesk.rules.intervals import Stretch, joined, overlap, without
from frontdesk.services import slots, unfree
from frontdesk.services.availability import lay_out_first
from frontdesk.services.candidates import Candidate, Wanted, wanted
from frontdesk.services.placing import whole_minute
from frontdesk.services.strip_hours import hours_of
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import clock_time, day_and_time, day_words, person, stretch, when_said

Stretches = Sequence[Stretch[dt.datetime]]

_LOOK_AHEAD = 14 * DAY


@dataclass(frozen=True, kw_only=True)
class ExplainTime:
    """Why can, or can't, this time be booked?"""

    stylist_id: int | None
    """Anybody when it is None."""
    at: dt.datetime
    service_id: int | None = None
    """Time for this; otherwise for the shop's shortest slot."""
    hold_key: UUID | None = None
    """The hold of whoever asks: what they keep for themselves is not in their way."""


@dataclass(frozen=True)
class Explained:
    """The answer, a sentence for each reason."""

    sentences: tuple[str, ...]
    is_free: bool


@dataclass(frozen=True)
class _Fact:
    """Who has a stretch of somebody's time."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    words: str
    """` by Kim Lee (booked by Ria, 09:12)`."""


@dataclass(frozen=True)
class _Scene:
    """Everything that was read, before one thinks."""

    work: Work
    at: dt.datetime
    need: Wanted | None
    closure: str | None
    """Why the shop is shut that day, if it is."""
    shop_hours: Stretches
    hours: dict[int, ResourceHours]
    facts: dict[int, list[_Fact]]

    @property
    def zone(self) -> str:
        return self.work.shop.timezone

    @property
    def told(self) -> Stretch[dt.datetime]:
        """What the customer would be told."""
        minutes = self.need.plan.told_minutes if self.need else self.work.shop.slot_minutes
        return self.at, self.at + dt.timedelta(minutes=minutes)

    def needed(self, role: str = "lead") -> Stretches:
        """When somebody or something would be busy."""
        if self.need is None:
            return [self.told]
        return [
            (self.at + dt.timedelta(seconds=s.offset), self.at + dt.timedelta(seconds=s.offset + s.length))
            for s in self.need.plan.spans(role)
        ]

    def pieces(self, resource_id: int, *, free: bool) -> list[Piece]:
        """The day of a strip by its rules, with what is booked cut out when only free time is asked for."""
        hours = self.hours[resource_id]
        zone = hours.zones[hours.shop_id]
        days = sorted({day_of(self.at, zone), day_of(self.told[1] - dt.timedelta(microseconds=1), zone)})
        cut = [(fact.starts_at, fact.ends_at) for fact in self.facts[resource_id]] if free else []
        return [piece for day in days for piece in derived_pieces(day, hours, cut)]

    def run(self, resource_id: int) -> Stretches:
        """What is free of a strip in this shop."""
        here = self.work.shop.id
        return joined(
            (p.starts_at, p.ends_at)
            for p in self.pieces(resource_id, free=True)
            if p.status == "available" and p.shop_id == here
        )


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def explain(work: Work, request: ExplainTime) -> Explained:
    """Why a time can or can't be booked, in the order: past, shop, person, shift, breaks, visits, rooms.

    Raises NotFound.
    """
    need = wanted(work.session, work.shop.id, [request.service_id])[0] if request.service_id else None
    people = _people(work, request.stylist_id, need)
    scene = _scene(work, whole_minute(request.at), need, people, request.hold_key)
    shop = [*_past(scene), *_shop(scene)]
    if request.stylist_id is None:
        return _anybody(scene, people, shop)
    (one,) = people
    reasons = [*shop, *_cannot(scene, one), *_person(scene, one), *_things(scene)]
    if reasons:
        return Explained((*reasons, _next(scene, people)), is_free=False)
    return Explained(tuple(_free(scene, one)), is_free=True)


def _anybody(scene: _Scene, people: Sequence[Candidate], shop: list[str]) -> Explained:
    reasons = [*shop, *_things(scene)]
    if not reasons:
        each = {one: list(_person(scene, one)) for one in people}
        able = [one for one in people if not each[one]]
        if able:
            said = ", ".join(f"{one.name} until {clock_time(_until(scene, one), scene.zone)}" for one in able)
            return Explained((f"Free: {said}.",), is_free=True)
        reasons = [said[0] for said in each.values()] or ["Nobody does it yet."]
    return Explained((*reasons, _next(scene, people)), is_free=False)


def _past(scene: _Scene) -> Iterator[str]:
    if scene.at < scene.work.now.replace(second=0, microsecond=0):
        yield f"{day_and_time(scene.at, scene.zone)} is in the past."


def _shop(scene: _Scene) -> Iterator[str]:
    if scene.closure is not None:
        yield f"The shop is closed ({scene.closure})."
    elif not scene.shop_hours:
        yield f"The shop is closed on {day_words(day_of(scene.at, scene.zone))}."
    else:
        yield from _uncovered("The shop", "opens", "closes", "closed", scene.needed(), scene.shop_hours, scene.zone)


def _uncovered(
    who: str, begins: str, ends: str, away: str, needed: Stretches, hours: Stretches, zone: str, why: str = ""
) -> Iterator[str]:
    """What lies outside of somebody's hours, said by the hour that is crossed."""
    for start, end in without(needed, hours):
        if start < hours[0][0]:
            yield f"{who} {begins} {clock_time(hours[0][0], zone)}{why}."
        elif end > hours[-1][1]:
            yield f"{who} {ends} {clock_time(hours[-1][1], zone)}{why}."
        else:
            before = max(stop for _, stop in hours if stop <= start)
            after = min(begin for begin, _ in hours if begin >= end)
            yield f"{who} is {away} {stretch(before, after, zone)}{why}."


def _cannot(scene: _Scene, one: Candidate) -> Iterator[str]:
    need = scene.need
    if need is not None and need.by(one.stylist_id or 0) is None:
        able = " or ".join(c.name for c in need.stylists)
        yield f"{one.name} does not do {need.name}." + (f" {able} can." if able else "")


def _person(scene: _Scene, one: Candidate) -> Iterator[str]:
    """Shift, breaks and visits of one stylist."""
    needed = overlap(scene.needed(), scene.shop_hours)
    pieces = scene.pieces(one.resource_id, free=False)
    here = [piece for piece in pieces if piece.shop_id == scene.work.shop.id]
    shift = joined((piece.starts_at, piece.ends_at) for piece in here)
    day = day_of(scene.at, scene.zone)
    if needed and not shift:
        yield f"{one.name} is off on {day_words(day)}."
    elif needed:
        yield from _uncovered(one.name, "starts", "finishes", "off", needed, shift, scene.zone, " (shift)")
    for piece in here:
        if piece.status != "available" and overlap([(piece.starts_at, piece.ends_at)], scene.needed()):
            reason = piece.reason or piece.status
            yield f"{reason[:1].upper()}{reason[1:]} {stretch(piece.starts_at, piece.ends_at, scene.zone)}."
    yield from _taken(scene, one, scene.needed())


def _taken(scene: _Scene, one: Candidate, needed: Stretches) -> Iterator[str]:
    for fact in scene.facts[one.resource_id]:
        if overlap([(fact.starts_at, fact.ends_at)], needed):
            yield f"{one.name} is taken {stretch(fact.starts_at, fact.ends_at, scene.zone)}{fact.words}."


def _things(scene: _Scene) -> Iterator[str]:
    """Rooms, chairs and machines of which none is free."""
    for role, things in scene.need.others.items() if scene.need else ():
        needed = scene.needed(role)
        if any(not without(needed, scene.run(thing.resource_id)) for thing in things):
            continue
        said = [sentence for thing in things for sentence in _taken(scene, thing, needed)]
        yield from said or [f"No {role} is free for {scene.need.name if scene.need else 'it'}."]


def _free(scene: _Scene, one: Candidate) -> Iterator[str]:
    if scene.need is not None:
        yield f"{scene.need.name} with {one.name} fits, {stretch(*scene.told, scene.zone)}."
    yield f"Free until {clock_time(_until(scene, one), scene.zone)}."


def _until(scene: _Scene, one: Candidate) -> dt.datetime:
    start = scene.needed()[0][0] if scene.needed() else scene.at
    return next((end for begin, end in scene.run(one.resource_id) if begin <= start < end), scene.told[1])


def _next(scene: _Scene, people: Sequence[Candidate]) -> str:
    if scene.need is not None:
        able = [one for one in people if scene.need.by(one.stylist_id or 0)]
        return unfree.next_free(scene.work, scene.need, able or scene.need.stylists, scene.at)
    since = max(scene.at, scene.work.now.replace(second=0, microsecond=0))
    row = scene.work.session.execute(
        _NEXT,
        {
            "resources": [one.resource_id for one in people],
            "shop": scene.work.shop.id,
            "since": since,
            "back": since - slots.LONGEST_PIECE,
            "until": since + _LOOK_AHEAD,
            "shortest": dt.timedelta(minutes=scene.work.shop.slot_minutes),
        },
    ).one_or_none()
    if row is None:
        return "Nothing is free in the next two weeks."
    same_day = day_of(row.starts_at, scene.zone) == day_of(scene.at, scene.zone)
    when = clock_time(row.starts_at, scene.zone) if same_day else day_and_time(row.starts_at, scene.zone)
    name = next(one.name for one in people if one.resource_id == row.resource_id)
    return f"Free next: {when}." if len(people) == 1 else f"Free next: {when} with {name}."


def _people(work: Work, stylist_id: int | None, need: Wanted | None) -> list[Candidate]:
    if stylist_id is None and need is not None:
        return list(need.stylists)
    rows = work.session.execute(_STYLISTS, {"stylist": stylist_id, "shop": work.shop.id})
    people = [Candidate(row.resource_id, row.first_name, row.id) for row in rows]
    if stylist_id is not None and not people:
        raise NotFound(what="stylist", name=stylist_id, remedy="Look at the day's columns.")
    return people


def _scene(
    work: Work, at: dt.datetime, need: Wanted | None, people: Sequence[Candidate], hold_key: UUID | None
) -> _Scene:
    things = [thing.resource_id for them in need.others.values() for thing in them] if need else []
    resources = [*(one.resource_id for one in people), *things]
    zone = work.shop.timezone
    day = day_of(at, zone)
    asked = {"shop": work.shop.id, "day": day, "weekday": day.isoweekday()}
    closure = work.session.execute(_CLOSURE, asked).scalar()
    rows = work.session.execute(_HOURS, asked).all() if closure is None else []
    shop_hours = joined((boundary(day, row.opens, zone), boundary(day, row.closes, zone)) for row in rows)
    hours = hours_of(work.session, resources, day - DAY, day + 2 * DAY)
    return _Scene(work, at, need, closure, shop_hours, hours, _facts(work, resources, day, hold_key))


def _facts(work: Work, resources: Iterable[int], day: dt.date, hold_key: UUID | None) -> dict[int, list[_Fact]]:
    since, until = day_bounds(day, work.shop.timezone)[0] - DAY, day_bounds(day, work.shop.timezone)[1] + DAY
    asked = {"resources": list(resources), "since": since, "until": until, "now": work.now, "mine": hold_key}
    found: dict[int, list[_Fact]] = defaultdict(list)
    for row in work.session.execute(_FACTS, asked):
        fact, its = _Fact(row.starts_at, row.ends_at, _whose(work, row)), found[row.resource_id]
        if its and (its[-1].ends_at, its[-1].words) == (fact.starts_at, fact.words):
            fact = _Fact(its.pop().starts_at, fact.ends_at, fact.words)  # parts of one visit without a break
        its.append(fact)
    return found


def _whose(work: Work, row: Any) -> str:  # noqa: ANN401  a row of _FACTS
    if row.code is None:
        return f": {row.held_by or 'somebody'} is booking it"
    who = person(row.first_name, row.last_name, row.customer_code, row.guest_name)
    when = when_said(row.booked_at, work.desk.today, work.shop.timezone)
    return f" by {who} (booked by {row.booked_by or 'another system'}, {when})"


_STYLISTS = text("""
    SELECT p.id, p.resource_id, p.first_name FROM stylists p JOIN resources r ON r.id = p.resource_id
     WHERE CASE WHEN CAST(:stylist AS bigint) IS NULL THEN p.is_active AND r.is_active AND r.shop_id = :shop
                ELSE p.id = :stylist END
     ORDER BY r.position, p.id
""")
_HOURS = text("""
    SELECT opens, closes FROM business_hours
     WHERE shop_id = :shop AND weekday = :weekday AND valid_from <= :day AND valid_until > :day
""")
_CLOSURE = text("SELECT name FROM closures WHERE shop_id = :shop AND :day BETWEEN first_day AND last_day LIMIT 1")
_FACTS = text("""
    SELECT t.resource_id, t.starts_at, t.ends_at, a.code, a.guest_name, c.first_name, c.last_name,
           c.code AS customer_code, u.name AS booked_by, coalesce(h.at, a.created_at) AS booked_at, k.name AS held_by
      FROM time_slots t
      LEFT JOIN appointment_parts p ON p.id = t.part_id
      LEFT JOIN appointment_services l ON l.id = p.appointment_service_id
      LEFT JOIN appointments a ON a.id = l.appointment_id
      LEFT JOIN customers c ON c.id = a.customer_id
      LEFT JOIN LATERAL (SELECT user_id, at FROM appointment_status_history
                          WHERE appointment_id = a.id ORDER BY at, id LIMIT 1) h ON true
      LEFT JOIN users u ON u.id = h.user_id
      LEFT JOIN users k ON k.id = t.held_by
     WHERE t.resource_id = ANY (:resources) AND t.status IN ('booked', 'held')
       AND (t.held_until IS NULL OR t.held_until > :now) AND t.starts_at >= :since AND t.starts_at < :until
       AND (t.hold_key IS NULL OR t.hold_key IS DISTINCT FROM CAST(:mine AS uuid))
     ORDER BY t.starts_at
""")
_NEXT = text("""
    SELECT resource_id, greatest(starts_at, :since) AS starts_at FROM time_slots
     WHERE status = 'available' AND resource_id = ANY (:resources) AND shop_id = :shop
       AND starts_at >= :back AND starts_at < :until AND ends_at > :since
       AND ends_at - greatest(starts_at, :since) >= :shortest
     ORDER BY greatest(starts_at, :since), resource_id LIMIT 1
""")
