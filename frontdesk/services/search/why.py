"""Why a time can or can't be booked: every rule that says no, in the order in which one would ask (features BK32)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from frontdesk.clock import day_bounds, day_of
from frontdesk.errors import NotFound
from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY
from frontdesk.rules.intervals import joined, overlap, without
from frontdesk.services.menu.terms import Own
from frontdesk.services.placing import unfree
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.placing.candidates import Candidate, Wanted, wanted
from frontdesk.services.placing.placing import whole_minute
from frontdesk.services.search.visit_needs import this_minute
from frontdesk.services.search.visit_search import SOONEST, Search, WantedLine
from frontdesk.services.search.why_scene import Scene, Stretches, read_scene
from frontdesk.services.team import slots
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import clock_time, day_and_time, day_words, stretch

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
    customer_id: int | None = None
    """For whom: on their terms, and beside their other visits."""
    minutes: int | None = None
    """What they shall be told it takes, this once."""


@dataclass(frozen=True)
class Explained:
    """The answer, a sentence for each reason."""

    sentences: tuple[str, ...]
    is_free: bool


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def explain(work: Work, request: ExplainTime) -> Explained:
    """Why a time can or can't be booked, in the order: past, shop, customer, person, shift, breaks, visits, rooms.

    Raises NotFound.
    """
    need = _need(work, request)
    is_bundle = need is not None and need.service_id != request.service_id
    # Who is named for a bundle does what of it they can, and the rest is anybody's.
    others = is_bundle and need is not None and request.stylist_id and need.by(request.stylist_id) is None
    people = _people(work, None if others else request.stylist_id, need)
    at = whole_minute(request.at)
    scene = read_scene(work, at, need, people, hold_key=request.hold_key, customer_id=request.customer_id)
    if is_bundle:
        return _bundle(scene, request, people)
    if request.stylist_id is None:
        reasons, able = _anybody(scene, people)
        said = f"Free: {', '.join(f'{one.name} until {clock_time(_until(scene, one), scene.zone)}' for one in able)}."
        return Explained((*reasons, _next(scene, people)) if reasons else (said,), is_free=not reasons)
    (one,) = people
    reasons = _of_one(scene, one)
    if reasons:
        return Explained((*reasons, _next(scene, people)), is_free=False)
    return Explained(tuple(_free(scene, one)), is_free=True)


def _of_one(scene: Scene, one: Candidate) -> list[str]:
    said = [*_past(scene), *_shop(scene, one), *_customer(scene), *_cannot(scene, one), *_theirs(scene, one)]
    return list(dict.fromkeys(said))


def _bundle(scene: Scene, request: ExplainTime, people: Sequence[Candidate]) -> Explained:
    """Whether all of a bundle fits; what says no to its first service, or that the rest can't follow."""
    zone, work, service_id = scene.zone, scene.work, request.service_id or 0
    line = WantedLine(service_id=service_id, stylist_id=request.stylist_id)
    search = Search.of(work, [line], request.customer_id)
    since = max(int(scene.at.timestamp()), this_minute(work))
    today, look_ahead = (day_bounds(day_of(scene.at, zone) + DAY * n, zone)[1] for n in (0, 14))
    found = search.offers([(since, int(today.timestamp()))], 1, sort=SOONEST, step=60)
    name = work.session.execute(text("SELECT name FROM services WHERE id = :id"), {"id": service_id}).scalar()
    if found and found[0].starts_at == scene.at:
        who = ", ".join(
            f"{clock_time(line.starts_at, zone)} {line.service} with {line.stylist}" for line in found[0].lines
        )
        return Explained((f"{name} fits: {who}.",), is_free=True)
    is_one = request.stylist_id is not None and people[0].stylist_id == request.stylist_id
    reasons = _of_one(scene, people[0]) if is_one else _anybody(scene, people)[0]
    if not reasons:
        reasons = [f"{name} could begin at {clock_time(scene.at, zone)}, but the rest can't follow in time."]
    found = found or search.offers([(since, int(look_ahead.timestamp()))], 1, sort=SOONEST)
    if not found:
        return Explained((*reasons, "Nothing is free in the next two weeks."), is_free=False)
    start = found[0].starts_at
    same_day = day_of(start, zone) == day_of(scene.at, zone)
    return Explained(
        (*reasons, f"Free next: {clock_time(start, zone) if same_day else day_and_time(start, zone)}."), is_free=False
    )


def _need(work: Work, request: ExplainTime) -> Wanted | None:
    if request.service_id is None:
        return None
    own = (Own(minutes=request.minutes),)
    first = work.session.execute(_FIRST, {"service": request.service_id}).scalar_one()
    return wanted(work.session, work.shop.id, [first], customer_id=request.customer_id, own=own)[0]


def _anybody(scene: Scene, people: Sequence[Candidate]) -> tuple[list[str], list[Candidate]]:
    """Of everybody the first reason, or who is able."""
    for_all = [*_past(scene), *_customer(scene)]
    each = {one: [*_shop(scene, one), *_theirs(scene, one)] for one in people}
    able = [one for one in people if not each[one]]
    if able and not for_all:
        return [], able
    reasons = for_all + [said[0] for said in each.values() if said]
    return list(dict.fromkeys(reasons or ["Nobody does it yet."])), []


def _past(scene: Scene) -> Iterator[str]:
    if scene.at < scene.work.now.replace(second=0, microsecond=0):
        yield f"{day_and_time(scene.at, scene.zone)} is in the past."


def _shop(scene: Scene, one: Candidate) -> Iterator[str]:
    if scene.closure is not None:
        yield f"The shop is closed ({scene.closure})."
    elif not scene.shop_hours:
        yield f"The shop is closed on {day_words(day_of(scene.at, scene.zone))}."
    else:
        yield from _uncovered(
            "The shop", "opens", "closes", "closed", scene.in_hours(one), scene.shop_hours, scene.zone
        )


def _customer(scene: Scene) -> Iterator[str]:
    if scene.elsewhere is not None:
        yield scene.elsewhere


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


def _cannot(scene: Scene, one: Candidate) -> Iterator[str]:
    need = scene.need
    if need is not None and need.by(one.stylist_id or 0) is None:
        able = " or ".join(c.name for c in need.stylists)
        yield f"{one.name} does not do {need.name}." + (f" {able} can." if able else "")


def _theirs(scene: Scene, one: Candidate) -> list[str]:
    """What of one stylist, and of the rooms and hands they would need, says no."""
    return [*_person(scene, one), *_things(scene, one)]


def _person(scene: Scene, one: Candidate) -> Iterator[str]:
    """Shift, breaks and visits of one stylist."""
    needed = overlap(scene.in_hours(one), scene.shop_hours)
    day = day_of(scene.at, scene.zone)
    pieces = [p for p in scene.pieces(one.resource_id, free=False) if day_of(p.starts_at, scene.zone) == day]
    here = [piece for piece in pieces if piece.shop_id == scene.work.shop.id]
    shift = joined((piece.starts_at, piece.ends_at) for piece in here)
    if needed and not shift:
        yield _off(scene, one, needed)
    elif needed:
        yield from _uncovered(one.name, "starts", "finishes", "off", needed, shift, scene.zone, " (shift)")
    for piece in here:
        if piece.status != "available" and overlap([(piece.starts_at, piece.ends_at)], scene.needed(one)):
            yield f"{_named(piece.reason or piece.status)} {stretch(piece.starts_at, piece.ends_at, scene.zone)}."
    yield from _taken(scene, one, scene.needed(one))


def _off(scene: Scene, one: Candidate, needed: Stretches) -> str:
    """Where they are instead, if they are anywhere."""
    day = day_of(scene.at, scene.zone)
    for piece in scene.pieces(one.resource_id, free=False):
        if piece.shop_id != scene.work.shop.id and overlap([(piece.starts_at, piece.ends_at)], needed):
            return f"{one.name} is at {scene.shops.get(str(piece.shop_id), 'another shop')} on {day_words(day)}."
    return f"{one.name} is off on {day_words(day)}."


def _named(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}"


def _taken(scene: Scene, one: Candidate, needed: Stretches) -> Iterator[str]:
    for fact in scene.facts[one.resource_id]:
        if overlap([(fact.starts_at, fact.ends_at)], needed):
            yield f"{one.name} is taken {stretch(fact.starts_at, fact.ends_at, scene.zone)}{fact.words}."


def _things(scene: Scene, one: Candidate) -> Iterator[str]:
    """Rooms, chairs, machines and second hands of which none is free."""
    plan = scene.plan(one)
    if scene.need is None or plan is None:
        return
    for role in plan.roles:
        if role == "lead":
            continue
        them = [thing for thing in scene.need.others.get(role, ()) if thing.resource_id != one.resource_id]
        if any(scene.has_room(thing.resource_id, one, role) for thing in them):
            continue
        said = [sentence for thing in them for sentence in _taken(scene, thing, scene.needed(one, role))]
        if not scene.shop_hours:  # what is said of the shop is said of its rooms
            yield from said
            continue
        said += [sentence for thing in them for sentence in _shut(scene, one, thing, role)]
        what = "Nobody is free to assist" if role == "assistant" else f"No {role} is free"
        yield from said or ([f"{what} with {scene.need.name}."] if not any(_shop(scene, one)) else [])


def _shut(scene: Scene, one: Candidate, thing: Candidate, role: str) -> Iterator[str]:
    """Why something that nobody has is not free: it is out of order, or the day is over."""
    needed = scene.needed(one, role)
    day = day_of(scene.at, scene.zone)
    pieces = [p for p in scene.pieces(thing.resource_id, free=False) if day_of(p.starts_at, scene.zone) == day]
    for piece in pieces:
        if piece.status != "available" and overlap([(piece.starts_at, piece.ends_at)], needed):
            when = stretch(piece.starts_at, piece.ends_at, scene.zone)
            yield f"{thing.name} is out {when}: {piece.reason or piece.status}."
    hours = joined((piece.starts_at, piece.ends_at) for piece in pieces)
    if not hours:
        yield f"{thing.name} is not there on {day_words(day)}."
        return
    # Where the stylist's own time lies outside of hours, too, the shop's hours have been said already.
    must, lead = scene.in_hours(one, role), scene.in_hours(one)
    if must and must[-1][1] > hours[-1][1] and not (lead and lead[-1][1] > hours[-1][1]):
        over = stretch(needed[-1][0], needed[-1][1], scene.zone)
        yield f"{thing.name} is needed {over}, and the day ends {clock_time(hours[-1][1], scene.zone)}."
    if must and must[0][0] < hours[0][0] and not (lead and lead[0][0] < hours[0][0]):
        since = clock_time(must[0][0], scene.zone)
        yield f"{thing.name} is needed from {since}, and the day begins {clock_time(hours[0][0], scene.zone)}."


def _free(scene: Scene, one: Candidate) -> Iterator[str]:
    if scene.need is not None:
        yield f"{scene.need.name} with {one.name} fits, {stretch(*scene.told(one), scene.zone)}."
    yield f"Free until {clock_time(_until(scene, one), scene.zone)}."


def _until(scene: Scene, one: Candidate) -> dt.datetime:
    needed = scene.needed(one)
    start = needed[0][0] if needed else scene.at
    return next((end for begin, end in scene.run(one.resource_id) if begin <= start < end), scene.told(one)[1])


def _next(scene: Scene, people: Sequence[Candidate]) -> str:
    if scene.need is not None:
        able = [c for one in people if (c := scene.need.by(one.stylist_id or 0))]
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


_FIRST = text("""
    SELECT coalesce((SELECT service_id FROM bundle_services WHERE bundle_id = :service ORDER BY position LIMIT 1),
                    :service)
""")
_STYLISTS = text("""
    SELECT p.id, p.resource_id, p.first_name FROM stylists p JOIN resources r ON r.id = p.resource_id
     WHERE CASE WHEN CAST(:stylist AS bigint) IS NULL THEN p.is_active AND r.is_active AND r.shop_id = :shop
                ELSE p.id = :stylist END
     ORDER BY r.position, p.id
""")
_NEXT = text("""
    SELECT resource_id, greatest(starts_at, :since) AS starts_at FROM time_slots
     WHERE status = 'available' AND resource_id = ANY (:resources) AND shop_id = :shop
       AND starts_at >= :back AND starts_at < :until AND ends_at > :since
       AND ends_at - greatest(starts_at, :since) >= :shortest
     ORDER BY greatest(starts_at, :since), resource_id LIMIT 1
""")
