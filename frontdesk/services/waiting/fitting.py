"""Who of the waitlist could take a free time: the live book against what they wait for (features BK20).

Three questions however many wait: who waits, what their services take, and what is free.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.clock import boundary, day_bounds, day_of
from frontdesk.permissions import Deed
from frontdesk.rules.fitting import Fit, Freed, Gaps, Need, Way, Wish, who_fits
from frontdesk.rules.hours import DAY
from frontdesk.rules.openings import Gap, Span, spans_joined
from frontdesk.rules.plan import LinePlan
from frontdesk.services.placing.availability import lay_out_first, read_gaps
from frontdesk.services.placing.candidates import Candidate, Wanted, wanted
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.waiting.who_waits import WaitingRow, who_waits

_MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, kw_only=True)
class WhoFits:
    """Whom a free time could be given: a whole day, or one stretch of one stylist."""

    day: dt.date | None = None
    """Today, when nothing is said."""
    stylist_id: int | None = None
    starts_at: dt.datetime | None = None
    """Of a stretch that has come free."""
    ends_at: dt.datetime | None = None


@dataclass(frozen=True)
class Fitting:
    """Somebody who waits and could have a time."""

    entry_id: int
    customer_id: int | None
    customer: str
    phone: str | None
    what: str
    """`Cut+Blow-dry`."""
    starts_at: dt.datetime
    ends_at: dt.datetime
    stylist_id: int
    stylist: str


@dataclass(frozen=True)
class Fits:
    """Who fits, in the order of asking."""

    day: dt.date
    fits: tuple[Fitting, ...]


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def who_fits_today(work: Work, request: WhoFits) -> Fits:
    """Who of the waitlist could take what is free on a day, or a stretch that has come free, in the order of asking."""
    stretch = None
    if request.starts_at and request.ends_at and request.stylist_id:
        stretch = (request.stylist_id, request.starts_at, request.ends_at)
    zone = work.shop.timezone
    day = request.day or (day_of(stretch[1], zone) if stretch else work.desk.today)
    return Fits(day, fits_of(work, day, [stretch] if stretch else []))


Stretch = tuple[int, dt.datetime, dt.datetime]
"""A stylist's time that has come free."""


def fits_of(
    work: Work,
    day: dt.date,
    freed: Sequence[Stretch] = (),
    *,
    besides_visit: int | None = None,
    beginning: bool = False,
) -> tuple[Fitting, ...]:
    """The same for a service with an open session; `besides_visit` is the one whose time it was.

    Whose visit makes use of a freed stretch fits, or only whose visit would be `beginning` in it.
    """
    waiting = [
        one
        for one in who_waits(work)
        if one.first_day <= day <= one.last_day
        and day.isoweekday() in one.weekdays
        and one.session_id is None
        and (besides_visit is None or one.appointment_id != besides_visit)
    ]
    if not waiting:
        return ()
    ways = ways_of(work, [(one.services, one.stylist_id) for one in waiting])
    gaps = gaps_between(work, ways, day, day + DAY)
    wishes = [
        wish for one, its in zip(waiting, ways, strict=True) if (wish := wish_on(work, one, its, day)) is not None
    ]
    seconds = [Freed(stylist, int(start.timestamp()), int(end.timestamp())) for stylist, start, end in freed]
    found = who_fits(wishes, gaps, step=work.shop.slot_minutes * 60, freed=seconds, beginning=beginning)
    names = stylist_names(work, {fit.stylist_id for fit in found})
    by_entry = {one.id: one for one in waiting}
    return tuple(_fitting(by_entry[fit.key], fit, names) for fit in found)


def _fitting(one: WaitingRow, fit: Fit, names: dict[int, str]) -> Fitting:
    return Fitting(
        one.id, one.customer_id, one.customer, one.phone, "+".join(one.names), moment(fit.start), moment(fit.end),
        fit.stylist_id, names[fit.stylist_id],
    )  # fmt: skip


def moment(seconds: int) -> dt.datetime:
    """Seconds since 1970 as an instant."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def stylist_names(work: Work, stylist_ids: Iterable[int]) -> dict[int, str]:
    """What these stylists are called."""
    ids = sorted(set(stylist_ids))
    rows = work.session.execute(_NAMES, {"ids": ids}).all() if ids else []
    return {row.id: row.first_name for row in rows}


_NAMES = text("SELECT id, first_name FROM stylists WHERE id = ANY (:ids)")


def wish_on(work: Work, one: WaitingRow, ways: tuple[Way, ...], day: dt.date) -> Wish | None:
    """What somebody would take on a day, from now on; None when it is not one of their days."""
    if not (one.first_day <= day <= one.last_day and day.isoweekday() in one.weekdays):
        return None
    opens, closes = _wall(day, one.opens, work.shop.timezone), _wall(day, one.closes, work.shop.timezone)
    now = -(-int(work.now.timestamp()) // 60) * 60
    return Wish(one.id, max(opens, now), closes, ways)


def _wall(day: dt.date, minutes: int, zone: str) -> int:
    if minutes >= _MINUTES_A_DAY:
        return int(day_bounds(day, zone)[1].timestamp())
    return int(boundary(day, dt.time(minutes // 60, minutes % 60), zone).timestamp())


Asked = tuple[tuple[int, ...], int | None]
"""Services one after the other, and with whom if that matters."""


def ways_of(work: Work, asked: Sequence[Asked]) -> list[tuple[Way, ...]]:
    """How each of these could be served, read once for all. What is no longer offered can't be."""
    services = sorted({service for its, _ in asked for service in its})
    if not services:
        return [() for _ in asked]
    needs = dict(zip(services, wanted(work.session, work.shop.id, services, retired=True), strict=True))
    return [tuple(_ways([needs[service] for service in its], stylist)) for its, stylist in asked]


def _ways(needs: Sequence[Wanted], stylist_id: int | None) -> Iterable[Way]:
    if not needs:
        return
    for lead in needs[0].stylists:
        if stylist_id is None or lead.stylist_id == stylist_id:
            yield _way(needs, lead)


def _way(needs: Sequence[Wanted], lead: Candidate) -> Way:
    """One after the other: with the lead whatever they do, the rest with whoever does it."""
    zero = 0
    mine: list[Span] = []
    beside: list[Need] = []
    for need in needs:
        theirs = need.by(lead.stylist_id or 0)
        plan = need.plan_for(theirs)
        if theirs is not None:
            mine += _shifted(plan, "lead", zero)
        elif "lead" in plan.roles:
            beside.append(Need(tuple(_shifted(plan, "lead", zero)), tuple(c.resource_id for c in need.stylists)))
        for role, them in need.others.items():
            if role in plan.roles:
                others = tuple(c.resource_id for c in them if c.resource_id != lead.resource_id)
                beside.append(Need(tuple(_shifted(plan, role, zero)), others))
        zero += plan.told_minutes * 60
    return Way(lead.stylist_id or 0, zero, (Need(spans_joined(mine), (lead.resource_id,)), *beside))


def _shifted(plan: LinePlan, role: str, seconds: int) -> list[Span]:
    return [Span(span.offset + seconds, span.length) for span in plan.spans(role)]


def gaps_between(work: Work, ways: Iterable[tuple[Way, ...]], first: dt.date, until: dt.date) -> Gaps:
    """What is free of every strip that these ways could use, on these days, in one question."""
    resources = {r for its in ways for way in its for need in way.needs for r in need.resources}
    if not resources:
        return {}
    since, _ = day_bounds(first, work.shop.timezone)
    end, _ = day_bounds(until, work.shop.timezone)
    # A buffer before the first visit of a day may begin the day before.
    return read_gaps(work.session, work.shop.id, resources, int(since.timestamp()) - 3600, int(end.timestamp()) + 3600)


def first_fits(work: Work, waiting: Sequence[WaitingRow], days: int = 14) -> dict[int, Fit]:
    """For each of those who wait, the first time in the coming days that they could have."""
    wanting = [one for one in waiting if one.services]
    ways = ways_of(work, [(one.services, one.stylist_id) for one in wanting])
    first = work.desk.today
    gaps = gaps_between(work, ways, first, first + DAY * days)
    found: dict[int, Fit] = {}
    for day in (first + DAY * n for n in range(days)):
        wishes = [
            wish
            for one, its in zip(wanting, ways, strict=True)
            if one.id not in found and (wish := wish_on(work, one, its, day)) is not None
        ]
        if wishes:
            start, end = day_bounds(day, work.shop.timezone)
            near = _near(gaps, int(start.timestamp()), int(end.timestamp()))
            found |= {fit.key: fit for fit in who_fits(wishes, near, step=work.shop.slot_minutes * 60)}
    return found


def _near(gaps: Gaps, since: int, until: int) -> dict[int, list[Gap]]:
    return {resource: [gap for gap in its if gap[0] < until and gap[1] > since] for resource, its in gaps.items()}
