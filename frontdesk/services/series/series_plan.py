"""Which dates a series would have and what is in the way of each, in a handful of questions for all of them.

Private to the services of series. A plan promises nothing: the dates are held and looked at again when it is booked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import text

from frontdesk.clock import day_bounds, day_of
from frontdesk.errors import NotFound, NothingAsked
from frontdesk.rules.hours import DAY
from frontdesk.rules.intervals import Stretch
from frontdesk.rules.plan import LinePlan
from frontdesk.rules.recurrence import instants_of
from frontdesk.rules.sequence import Laid, Layout, Option, SequenceLine, lay_out
from frontdesk.services.book.visit_making import choices_of
from frontdesk.services.menu.terms import Own
from frontdesk.services.placing.candidates import Candidate, Wanted, the_one, wanted
from frontdesk.services.placing.placing import Choice
from frontdesk.services.placing.visit_lines import lines_asked
from frontdesk.services.series.series_dates import Chosen, chosen_dates, rule_of
from frontdesk.services.series.series_wishes import Instead, Mark, PlannedDate, SeriesPlan, SeriesWish
from frontdesk.services.shop.shop_rules import ShopRules, rules_of
from frontdesk.services.team.held_strips import Strips, busy_with
from frontdesk.services.team.slots import Slot
from frontdesk.services.team.strips_ahead import Stretches, StripsAhead, read_ahead
from frontdesk.services.use_case import Work
from frontdesk.services.wording import person, stretch
from frontdesk.text import clean

_WEEK = 3
"""So many days to either side are looked at when a day has nothing."""

_OFFERS = 2
"""With fewer than so many on the day itself, any time of the days beside it will do."""


def choices_for(scene: _Scene, stylist_id: int | None) -> list[Choice]:
    """With whom the lines are; another stylist takes the place of whoever is named."""
    return [
        replace(choice, stylist_id=stylist_id) if stylist_id and choice.stylist_id else choice
        for choice in scene.choices
    ]


@dataclass
class _Scene:
    """Everything that was read, before one thinks."""

    work: Work
    wish: SeriesWish
    customer: str
    needs: list[Wanted]
    choices: list[Choice]
    ahead: StripsAhead
    visits: list[tuple[dt.datetime, dt.datetime, str]]
    """The customer's own."""
    rules: ShopRules
    days: dict[dt.date, Strips] = field(default_factory=dict)
    """What was read, a day at a time, as booking reads it."""

    @property
    def zone(self) -> str:
        return self.work.shop.timezone

    def laid_out(self, zero: dt.datetime, choices: Sequence[Choice]) -> Layout:
        """The visit's lines as booking would lay them."""
        lines = [
            SequenceLine(_options(need, choice), choice.follows)
            for need, choice in zip(self.needs, choices, strict=True)
        ]
        strips = self._strips(day_of(zero, self.zone))

        def fits(place: int, option: Option, starts: int, before: Sequence[Laid]) -> Mapping[str, int] | None:
            return self._taken(strips, choices[place], self.needs[place], option, starts, before)

        return lay_out(lines, int(zero.timestamp()), fits, wait=self.rules.wait_minutes * 60)

    def _strips(self, day: dt.date) -> Strips:
        if day not in self.days:
            since, until = day_bounds(day, self.zone)[0], day_bounds(day + DAY, self.zone)[1]
            pieces = {resource: self.ahead.near(resource, since, until) for resource in self.ahead.pieces}
            late = self.rules.cleanup_may_overrun
            self.days[day] = Strips(self.work.shop.id, self.work.now, pieces, late)
        return self.days[day]

    def _taken(
        self, strips: Strips, choice: Choice, need: Wanted, option: Option, starts: int, before: Sequence[Laid]
    ) -> Mapping[str, int] | None:
        """Who and what a line takes when it starts then, or None."""
        busy = busy_with(before)
        taken: dict[str, int] = {}
        for role in option.plan.roles:
            able = _able(need, role, option, choice)
            if able is None:
                continue
            one = next((one for one in able if strips.has_room(one, role, option.plan, starts, busy)), None)
            if one is None:
                return None
            taken[role] = one
        return taken

    def told_end(self, laid: Layout, zero: dt.datetime) -> dt.datetime:
        """What the customer would be told, or as far as one came."""
        return _instant(laid.lines[-1].told_ends) if laid.lines else zero

    def with_whom(self, laid: Layout) -> list[Candidate]:
        """The stylists, each once, in the order of the lines."""
        found = [
            one
            for need, line in zip(self.needs, laid.lines, strict=False)
            for one in need.stylists
            if one.resource_id == line.option.lead
        ]
        return list({one.stylist_id: one for one in found}.values())


def _options(need: Wanted, choice: Choice) -> tuple[Option, ...]:
    if choice.unassigned:
        return (Option(None, need.plan),)
    able = need.stylists if choice.stylist_id is None else tuple(filter(None, [need.by(choice.stylist_id)]))
    return tuple(Option(one.resource_id, need.plan_for(one)) for one in able)


def _able(need: Wanted, role: str, option: Option, choice: Choice) -> tuple[int, ...] | None:
    """Who or what could take a role; None when nobody is held for it."""
    if role == "lead":
        return None if option.lead is None else (option.lead,)
    them = [one for one in need.others.get(role, ()) if one.resource_id != option.lead]
    if role == "assistant" and choice.assistant_id is not None:
        them = [one for one in them if one.stylist_id == choice.assistant_id]
    return tuple(one.resource_id for one in them)


def _needed(plan: LinePlan, role: str, starts: int) -> list[Stretch[dt.datetime]]:
    return [(_instant(starts + span.offset), _instant(starts + span.offset + span.length)) for span in plan.spans(role)]


def _instant(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


@dataclass(frozen=True)
class _Verdict:
    """What there is to say of one time."""

    mark: Mark
    words: str = ""
    """Who it is with, or what is in the way; without the name of who has it, which is asked for all at once."""
    clash: Slot | None = None
    until: dt.datetime | None = None
    """When the customer would be told that it ends."""


def plan(work: Work, wish: SeriesWish) -> SeriesPlan:
    """The dates of a series with what is in the way. Raises BadInput, NothingAsked, NotFound, CannotDo."""
    if not wish.lines:
        raise NothingAsked
    dates = chosen_dates(wish, work.shop.timezone)
    customer = _customer(work, wish)
    needs, choices = needs_of(work, wish)
    _refuse_unable(work, needs, choices)
    days = {one.coming.wall.date() for one in dates}
    days |= {day_of(one.starts_at, work.shop.timezone) for one in dates if one.starts_at is not None}
    ahead = read_ahead(work, _everybody(needs), _and_after(days))
    scene = _Scene(work, wish, customer, needs, choices, ahead, _visits(work, wish, days), rules_of(work))
    verdicts = [_judged(scene, one) for one in dates]
    in_doubt = [one for one, verdict in zip(dates, verdicts, strict=True) if _needs_instead(verdict)]
    nearby = _nearby(scene, in_doubt)
    names = scene.ahead.whose([v.clash for v in verdicts if v.clash is not None])
    planned = tuple(
        _planned(scene, one, verdict, names, nearby.get(one.number, ()))
        for one, verdict in zip(dates, verdicts, strict=True)
    )
    return SeriesPlan(customer, said(wish, needs, choices, work.shop.timezone), planned)


def needs_of(work: Work, wish: SeriesWish) -> tuple[list[Wanted], list[Choice]]:
    """What the lines need and with whom they are, bundles and add-ons laid out, on the customer's own terms.

    Raises what `booking.book` raises about what is asked for.
    """
    theirs = None if wish.for_guest else wish.customer_id
    wishes = lines_asked(work, wish.lines, wish.declined_addons, theirs)
    own = [Own(one.minutes, one.price) for one in wishes]
    needs = wanted(work.session, work.shop.id, [one.service_id for one in wishes], customer_id=theirs, own=own)
    _, choices = choices_of(wishes, needs)
    return needs, choices


def said(wish: SeriesWish, needs: Sequence[Wanted], choices: Sequence[Choice], zone: str) -> str:
    """`Cut with Anna, every 6 weeks, 8 times`."""
    lines = []
    for need, choice in zip(needs, choices, strict=True):
        one = need.by(choice.stylist_id) if choice.stylist_id else None
        lines.append(f"{need.name} with {one.name}" if one and choice.follows is None else need.name)
    return f"{', '.join(lines)}, {rule_of(wish, zone).words}"


def _needs_instead(verdict: _Verdict) -> bool:
    return verdict.mark not in (Mark.FREE, Mark.SKIPPED, Mark.TWICE)


def _and_after(days: Iterable[dt.date]) -> set[dt.date]:
    """A visit that goes over midnight needs the day after as well."""
    return {each for day in days for each in (day, day + DAY)}


def _everybody(needs: Sequence[Wanted]) -> set[int]:
    people = {one.resource_id for need in needs for one in need.stylists}
    return people | {one.resource_id for need in needs for them in need.others.values() for one in them}


def _refuse_unable(work: Work, needs: Sequence[Wanted], choices: Sequence[Choice]) -> None:
    for need, choice in zip(needs, choices, strict=True):
        if choice.stylist_id is not None:
            the_one(work.session, need, choice.stylist_id)


def _customer(work: Work, wish: SeriesWish) -> str:
    guest = clean(wish.guest_name)
    if wish.customer_id is None:
        return person(None, None, None, guest)
    row = work.session.execute(_CUSTOMER, {"id": wish.customer_id}).one_or_none()
    if row is None:
        raise NotFound(what="customer", name=wish.customer_id, remedy="Look them up, or add them first.")
    return person(row.first_name, row.last_name, row.code, guest)


_CUSTOMER = text("SELECT first_name, last_name, code FROM customers WHERE id = :id")


def _visits(work: Work, wish: SeriesWish, days: set[dt.date]) -> list[tuple[dt.datetime, dt.datetime, str]]:
    if wish.customer_id is None or wish.for_guest:
        return []
    zone = work.shop.timezone
    since, until = day_bounds(min(days) - _WEEK * DAY, zone)[0], day_bounds(max(days) + _WEEK * DAY, zone)[1]
    rows = work.session.execute(_VISITS, {"customer": wish.customer_id, "since": since, "until": until})
    return [(row.starts_at, row.ends_at, row.code) for row in rows]


_VISITS = text("""
    SELECT starts_at, ends_at, code FROM appointments
     WHERE customer_id = :customer AND starts_at < :until AND ends_at > :since AND NOT for_guest
       AND status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
     ORDER BY starts_at
""")


def _judged(scene: _Scene, one: Chosen) -> _Verdict:
    zero = one.starts_at
    if one.is_skipped:
        return _Verdict(Mark.SKIPPED, "skipped")
    if zero is None:
        return _Verdict(Mark.NO_SUCH_TIME, f"{one.coming.wall:%H:%M} does not exist: the clocks go forward")
    if one.is_undecided:
        return _Verdict(Mark.TWICE, f"{one.coming.wall:%H:%M} comes twice: the clocks go back")
    return _verdict(scene, zero, choices_for(scene, one.pick.stylist_id if one.pick else None))


def _verdict(scene: _Scene, zero: dt.datetime, choices: Sequence[Choice]) -> _Verdict:
    """Whether a time can be had, thought through in the order in which booking would refuse."""
    if zero < scene.work.now.replace(second=0, microsecond=0):
        return _Verdict(Mark.PAST, "in the past")
    laid = scene.laid_out(zero, choices)
    if laid.stuck is not None:
        return _stuck(scene, laid, zero, choices)
    until = scene.told_end(laid, zero)
    for starts_at, ends_at, code in scene.visits:
        if starts_at < until and zero < ends_at:
            taken = f"{scene.customer} has visit {code} {stretch(starts_at, ends_at, scene.zone)}"
            return _Verdict(Mark.ELSEWHERE, taken, until=until)
    names = " and ".join(one.name for one in scene.with_whom(laid))
    return _Verdict(Mark.FREE, f"with {names}" if names else "with nobody yet", until=until)


def _stuck(scene: _Scene, laid: Layout, zero: dt.datetime, choices: Sequence[Choice]) -> _Verdict:
    """Why one line of it finds no place."""
    place, starts = laid.stuck or 0, int(scene.told_end(laid, zero).timestamp())
    need, choice = scene.needs[place], choices[place]
    closed = scene.ahead.closed(day_of(zero, scene.zone))
    if closed is not None:
        return _Verdict(Mark.CLOSED, closed)
    named = need.by(choice.stylist_id) if choice.stylist_id is not None else None
    plan = need.plan_for(named)
    when = _needed(plan, "lead", starts)
    if named is not None and not scene.ahead.is_open(named.resource_id, when):
        return _not_to_be_had(scene, named, when)
    for role in plan.roles:
        things = need.others.get(role, ())
        when = _needed(plan, role, starts)
        if role == "lead" or any(scene.ahead.is_open(one.resource_id, when) for one in things):
            continue
        if len(things) == 1:
            return _not_to_be_had(scene, things[0], when)
        return _Verdict(Mark.TAKEN, f"no {role} is free")
    return _Verdict(Mark.NOBODY, f"nobody is free for {need.name}")


def _not_to_be_had(scene: _Scene, one: Candidate, when: Stretches) -> _Verdict:
    clash = scene.ahead.clash(one.resource_id, when)
    if clash is None:
        return _Verdict(Mark.OFF, scene.ahead.away(one.resource_id, one.name, when))
    return _Verdict(Mark.TAKEN, f"{one.name} is taken {stretch(clash.starts_at, clash.ends_at, scene.zone)}", clash)


def _nearby(scene: _Scene, in_doubt: Sequence[Chosen]) -> dict[int, tuple[Instead, ...]]:
    """The nearest that is free instead of each of these dates: that day, with somebody else, or that week."""
    if not in_doubt:
        return {}
    days = {one.coming.wall.date() + DAY * n for one in in_doubt for n in range(-_WEEK, _WEEK + 2)}
    days = {day for day in days if day >= scene.work.desk.today}
    if not days:
        return {}
    around = replace(scene, ahead=read_ahead(scene.work, _everybody(scene.needs), days), days={})
    return {one.number: tuple(_instead(around, one)) for one in in_doubt}


def _instead(scene: _Scene, one: Chosen) -> list[Instead]:
    wall = one.coming.wall
    named = scene.choices
    found: list[Instead] = []
    at = _first_free(scene, _same_day(scene, wall), named)
    if at is not None:
        found.append(Instead(at[0], _names(at[1]), None))
    if any(choice.stylist_id for choice in named):
        at = _first_free(scene, instants_of(wall, scene.zone), [replace(choice, stylist_id=None) for choice in named])
        if at is not None and len(at[1]) == 1:
            found.append(Instead(at[0], at[1][0].name, at[1][0].stylist_id))
    days = [DAY * n for n in sorted(range(-_WEEK, _WEEK + 1), key=lambda n: (abs(n), -n)) if n]
    same_time = [at for each in days for at in instants_of(wall + each, scene.zone)[:1]]
    at = _first_free(scene, same_time, named)
    if at is None and len(found) < _OFFERS:
        at = _first_free(scene, [at for each in days for at in _same_day(scene, wall + each)], named)
    if at is not None:
        found.append(Instead(at[0], _names(at[1]), None))
    return found


def _names(people: Sequence[Candidate]) -> str:
    return " and ".join(one.name for one in people) or "nobody yet"


def _same_day(scene: _Scene, wall: dt.datetime) -> list[dt.datetime]:
    """The starts of that day, the nearest to the wished time first."""
    start, end = day_bounds(wall.date(), scene.zone)
    step = dt.timedelta(minutes=scene.work.shop.slot_minutes)
    count = int((end - start) / step)
    wished = (instants_of(wall, scene.zone) or (start + (wall - dt.datetime.combine(wall.date(), dt.time())),))[0]
    return sorted((start + step * n for n in range(count)), key=lambda at: (abs(at - wished), at))


def _first_free(
    scene: _Scene, starts: Iterable[dt.datetime], choices: Sequence[Choice]
) -> tuple[dt.datetime, list[Candidate]] | None:
    """The first of these times that can be had, and with whom."""
    for zero in starts:
        if zero < scene.work.now or day_of(zero, scene.zone) not in scene.ahead.days:
            continue
        laid = scene.laid_out(zero, choices)
        until = scene.told_end(laid, zero)
        if laid.stuck is None and not any(start < until and zero < end for start, end, _ in scene.visits):
            return zero, scene.with_whom(laid)
    return None


def _planned(
    scene: _Scene, one: Chosen, verdict: _Verdict, names: dict[int, str], instead: tuple[Instead, ...]
) -> PlannedDate:
    words = verdict.words
    if verdict.clash is not None and verdict.clash.id in names:
        words = f"{words} by {names[verdict.clash.id]}"
    if verdict.mark is Mark.TWICE:
        instead = tuple(Instead(at, which, None) for at, which in zip(one.coming.instants, _WHICH, strict=True))
    shifted = one.pick is not None and not one.is_skipped
    return PlannedDate(
        one.number, one.coming.wall, one.starts_at, verdict.until, shifted, verdict.mark, words, instead,
    )  # fmt: skip


_WHICH = ("the first time", "the second time")
