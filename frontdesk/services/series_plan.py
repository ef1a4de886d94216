"""Which dates a series would have and what is in the way of each, in a handful of questions for all of them.

Private to the services of series. A plan promises nothing: the dates are held and looked at again when it is booked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import text

from frontdesk.clock import day_bounds, day_of, local
from frontdesk.errors import BadInput, CannotDo, NotFound, NothingAsked
from frontdesk.rules.hours import DAY
from frontdesk.rules.intervals import Stretch
from frontdesk.rules.plan import LinePlan
from frontdesk.rules.recurrence import MOST, Coming, Recurrence, Unit, coming, instants_of
from frontdesk.rules.sequence import Laid, Layout, Option, SequenceLine, lay_out
from frontdesk.services.candidates import Candidate, Wanted, wanted
from frontdesk.services.placing import Choice, whole_minute
from frontdesk.services.series_wishes import Instead, Mark, PlannedDate, SeriesPick, SeriesPlan, SeriesWish
from frontdesk.services.shop_rules import rules_of
from frontdesk.services.strips_ahead import Lying, Stretches, StripsAhead, read_ahead
from frontdesk.services.use_case import Work
from frontdesk.services.wording import day_words, person, stretch
from frontdesk.text import clean

_WEEK = 3
"""So many days to either side are looked at when a day has nothing."""


def rule_of(wish: SeriesWish, zone: str) -> Recurrence:
    """The rule that is wished for. Raises BadInput for one without an end, or one that can't be."""
    if wish.count is None:
        raise BadInput(f"A series needs an end. Say how many times, from 1 to {MOST}: x8, for example.", field="count")
    if not 1 <= wish.count <= MOST:
        raise BadInput(f"A series has from 1 to {MOST} dates. Type x8, for example.", field="count")
    if not 1 <= wish.every <= 366:
        raise BadInput("Say how often: every week, every 6 weeks, every month.", field="every")
    if wish.unit not in list(Unit):
        raise BadInput(f"It can't come every {clean(wish.unit)!r}. Say day, week or month.", field="unit")
    first = wish.first if wish.first.tzinfo is None else local(wish.first, zone).replace(tzinfo=None)
    return Recurrence(first.replace(second=0, microsecond=0), wish.every, Unit(wish.unit), wish.count)


@dataclass(frozen=True)
class Chosen:
    """One date with what was decided about it."""

    coming: Coming
    pick: SeriesPick | None

    @property
    def number(self) -> int:
        """Which of them."""
        return self.coming.number

    @property
    def is_skipped(self) -> bool:
        """Left out on purpose."""
        return self.pick is not None and self.pick.starts_at is None and self.pick.stylist_id is None

    @property
    def starts_at(self) -> dt.datetime | None:
        """When it shall be; None of one that is skipped, or that no clock shows."""
        if self.pick is not None and self.pick.starts_at is not None:
            return whole_minute(self.pick.starts_at)
        return None if self.is_skipped or not self.coming.instants else self.coming.instants[0]

    @property
    def is_undecided(self) -> bool:
        """Whether the clocks show it twice and nobody has said which."""
        return self.coming.is_repeated and (self.pick is None or self.pick.starts_at is None) and not self.is_skipped


def chosen_dates(wish: SeriesWish, zone: str) -> list[Chosen]:
    """Every date of the rule with what was picked for it. Raises BadInput."""
    rule = rule_of(wish, zone)
    picks = {pick.number: pick for pick in wish.picks}
    if stray := sorted(number for number in picks if not 1 <= number <= rule.count):
        raise BadInput(f"The series has no date {stray[0]}: it has {rule.count}.", field="picks")
    return [Chosen(one, picks.get(one.number)) for one in coming(rule, zone)]


def choices_for(wish: SeriesWish, stylist_id: int | None) -> list[Choice]:
    """With whom the lines are; another stylist takes the place of whoever is named."""
    return [
        Choice(stylist_id if stylist_id and line.stylist_id else line.stylist_id, line.unassigned)
        for line in wish.lines
    ]


@dataclass
class _Scene:
    """Everything that was read, before one thinks."""

    work: Work
    wish: SeriesWish
    customer: str
    needs: list[Wanted]
    ahead: StripsAhead
    visits: list[tuple[dt.datetime, dt.datetime, str]]
    """The customer's own."""
    wait: int
    """How many minutes the customer may be left waiting between two lines."""

    @property
    def zone(self) -> str:
        return self.work.shop.timezone

    def laid_out(self, zero: dt.datetime, choices: Sequence[Choice]) -> Layout:
        """The visit's lines as booking would lay them."""
        lines = [
            SequenceLine(_options(need, choice), line.addon_of)
            for need, choice, line in zip(self.needs, choices, self.wish.lines, strict=True)
        ]
        return lay_out(lines, int(zero.timestamp()), self._fits, wait=self.wait * 60)

    def _fits(self, place: int, option: Option, starts: int, before: Sequence[Laid]) -> Mapping[str, int] | None:
        """Who and what a line takes when it starts then, or None."""
        put: dict[int, list[Stretch[dt.datetime]]] = {}
        for laid in before:
            for resource, start, end in laid.busy():
                put.setdefault(resource, []).append((_instant(start), _instant(end)))
        taken: dict[str, int] = {}
        for role in option.plan.roles:
            able = _able(self.needs[place], role, option)
            if able is None:
                continue
            when = _needed(option.plan, role, starts)
            free = [one for one in able if one not in taken.values()]
            one = next((one for one in free if self.ahead.is_open(one, when, put.get(one, ()))), None)
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


def _able(need: Wanted, role: str, option: Option) -> tuple[int, ...] | None:
    """Who or what could take a role; None when nobody is held for it."""
    if role == "lead":
        return None if option.lead is None else (option.lead,)
    return tuple(one.resource_id for one in need.others.get(role, ()))


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
    clash: Lying | None = None
    until: dt.datetime | None = None
    """When the customer would be told that it ends."""


def plan(work: Work, wish: SeriesWish) -> SeriesPlan:
    """The dates of a series with what is in the way. Raises BadInput, NothingAsked, NotFound, CannotDo."""
    if not wish.lines:
        raise NothingAsked
    dates = chosen_dates(wish, work.shop.timezone)
    customer = _customer(work, wish)
    needs = needs_of(work, wish)
    _refuse_unable(needs, choices_for(wish, None))
    days = {one.coming.wall.date() for one in dates}
    days |= {day_of(one.starts_at, work.shop.timezone) for one in dates if one.starts_at is not None}
    ahead = read_ahead(work, _everybody(needs), _and_after(days))
    scene = _Scene(work, wish, customer, needs, ahead, _visits(work, wish, days), rules_of(work).wait_minutes)
    verdicts = [_judged(scene, one) for one in dates]
    in_doubt = [one for one, verdict in zip(dates, verdicts, strict=True) if _needs_instead(verdict)]
    nearby = _nearby(scene, in_doubt)
    names = scene.ahead.whose([v.clash for v in verdicts if v.clash is not None])
    planned = tuple(
        _planned(scene, one, verdict, names, nearby.get(one.number, ()))
        for one, verdict in zip(dates, verdicts, strict=True)
    )
    return SeriesPlan(customer, said(wish, needs, work.shop.timezone), planned)


def needs_of(work: Work, wish: SeriesWish) -> list[Wanted]:
    """What the lines need, on the customer's own terms. Raises NotFound."""
    services = [line.service_id for line in wish.lines]
    return wanted(work.session, work.shop.id, services, customer_id=wish.customer_id)


def said(wish: SeriesWish, needs: Sequence[Wanted], zone: str) -> str:
    """`Cut with Anna, every 6 weeks, 8 times`."""
    lines = []
    for need, line in zip(needs, wish.lines, strict=True):
        one = need.by(line.stylist_id) if line.stylist_id else None
        lines.append(f"{need.name} with {one.name}" if one else need.name)
    return f"{', '.join(lines)}, {rule_of(wish, zone).words}"


def _needs_instead(verdict: _Verdict) -> bool:
    return verdict.mark not in (Mark.FREE, Mark.SKIPPED, Mark.TWICE)


def _and_after(days: Iterable[dt.date]) -> set[dt.date]:
    """A visit that goes over midnight needs the day after as well."""
    return {each for day in days for each in (day, day + DAY)}


def _everybody(needs: Sequence[Wanted]) -> set[int]:
    people = {one.resource_id for need in needs for one in need.stylists}
    return people | {one.resource_id for need in needs for them in need.others.values() for one in them}


def _refuse_unable(needs: Sequence[Wanted], choices: Sequence[Choice]) -> None:
    for need, choice in zip(needs, choices, strict=True):
        if choice.stylist_id is not None and need.by(choice.stylist_id) is None:
            able = " or ".join(c.name for c in need.stylists)
            instead = f"{able} can." if able else "Nobody here does it yet: add it to a stylist's specialties."
            raise CannotDo(stylist="That stylist", service=need.name, instead=instead)


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
    return _verdict(scene, zero, choices_for(scene.wish, one.pick.stylist_id if one.pick else None))


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
    around = replace(scene, ahead=read_ahead(scene.work, _everybody(scene.needs), days))
    return {one.number: tuple(_instead(around, one)) for one in in_doubt}


def _instead(scene: _Scene, one: Chosen) -> list[Instead]:
    wall = one.coming.wall
    named = choices_for(scene.wish, None)
    found: list[Instead] = []
    at = _first_free(scene, _same_day(scene, wall), named)
    if at is not None:
        found.append(Instead(at[0], _names(at[1]), None))
    if any(choice.stylist_id for choice in named):
        at = _first_free(scene, instants_of(wall, scene.zone), [Choice(None, c.unassigned) for c in named])
        if at is not None and len(at[1]) == 1:
            found.append(Instead(at[0], at[1][0].name, at[1][0].stylist_id))
    days = [DAY * n for n in sorted(range(-_WEEK, _WEEK + 1), key=lambda n: (abs(n), -n)) if n]
    at = _first_free(scene, [at for each in days for at in instants_of(wall + each, scene.zone)[:1]], named)
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


def date_said(work: Work, number: int, starts_at: dt.datetime) -> str:
    """`3 (Tue 2 Jun 10:00)`, for a sentence about one date of many."""
    at = local(starts_at, work.shop.timezone)
    return f"{number} ({day_words(at.date())} {at:%H:%M})"
