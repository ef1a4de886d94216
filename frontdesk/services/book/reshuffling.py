"""A day put together again when somebody is ill or late, overruns, or a room is out of order: proposed as a whole,
applied as a whole, taken back by one `u` (features BK18, N11, SV2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import text

from frontdesk.clock import day_bounds, day_of, local
from frontdesk.errors import BadInput, BookedMeanwhile, NotFound, NothingAsked, WrongStage
from frontdesk.permissions import Deed, refusal_for
from frontdesk.rules.intervals import without
from frontdesk.rules.reshuffle import Place, propose, pushed
from frontdesk.rules.states import Status
from frontdesk.services.book.actions import Away, Kind, LineState, VisitState
from frontdesk.services.book.displaced import BEGUN, Card, cards_on, question
from frontdesk.services.book.proposals import (
    Applied,
    ApplyProposal,
    Leave,
    Proposal,
    ProposedVisit,
    Step,
    Take,
    of_visits,
    proposed,
)
from frontdesk.services.book.reshaping import stretched_to, told, with_lines
from frontdesk.services.book.strokes import NOT_BEGUN, NOT_DONE, Change, Stroke
from frontdesk.services.book.swapping import moved_to
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.team import slots
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import clock_time, day_words
from frontdesk.tables.appointments import AppointmentService
from frontdesk.tables.hours import TimeOff
from frontdesk.text import clean

__all__ = [
    "Applied", "ApplyProposal", "Leave", "Proposal", "ProposeLate", "ProposeOutage", "ProposeOverrun", "ProposeSick",
    "ProposedVisit", "Step", "Take", "apply_proposal", "propose_late", "propose_outage", "propose_overrun",
    "propose_sick",
]  # fmt: skip


Stretch = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, kw_only=True)
class ProposeSick:
    """A stylist is ill: all of a day, or from now on when it is today and has begun."""

    stylist_id: int
    day: dt.date | None = None
    """Today, when it is not given."""


@dataclass(frozen=True, kw_only=True)
class ProposeLate:
    """A stylist comes late today."""

    stylist_id: int
    minutes: int


@dataclass(frozen=True, kw_only=True)
class ProposeOverrun:
    """A line takes longer."""

    line_id: int
    minutes: int = 10
    """How many more from now, or from its planned end if that is later."""


@dataclass(frozen=True, kw_only=True)
class ProposeOutage:
    """A room, chair or machine is out of order."""

    resource_id: int
    since: dt.datetime
    until: dt.datetime


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def propose_sick(work: Work, request: ProposeSick) -> Proposal:
    """For each visit of somebody who is ill: the same time with another, else the nearest of that day, else a call.

    Raises NotFound. Nothing is changed; `apply_proposal` takes its steps.
    """
    stylist = _stylist(work, request.stylist_id)
    day = request.day or work.desk.today
    bounds = day_bounds(day, work.shop.timezone)
    since = max(bounds[0], work.now)
    cards = cards_on(work, stylist.resource_id, since, bounds[1])
    from_now = since > bounds[0]
    wall = local(since, work.shop.timezone).time().replace(second=0, microsecond=0)
    leave = Leave(stylist_id=stylist.id, day=day, since=wall if from_now else None)
    title = f"{stylist.name} is ill on {day_words(day)}" + (f" from {wall:%H:%M}" if from_now else "")
    closed = since, bounds[1]
    proposal = _elsewhere(work, title, cards, bounds, stylist.resource_id, closed, leave)
    also = _classes(work, stylist.id, closed)
    if refusal_for(work.actor, Deed.EDIT_ROSTER) is None:
        return replace(proposal, also=also)
    hours = f"A manager has to write down that {stylist.name} is away; until then the column can be booked."
    return replace(proposal, leave=None, also=(*also, hours))


def _classes(work: Work, stylist_id: int, span: Stretch) -> tuple[str, ...]:
    rows = work.session.execute(_CLASSES, {"stylist": stylist_id, "since": span[0], "until": span[1]})
    return tuple(
        f"{row.name} at {clock_time(row.starts_at, work.shop.timezone)} has {row.taken} seat{'s' * (row.taken != 1)}"
        " taken: give it to somebody else, or cancel it."
        for row in rows
    )


_CLASSES = text("""
    SELECT v.name, k.starts_at,
           (SELECT count(*) FROM class_seats c JOIN appointments a ON a.id = c.appointment_id
             WHERE c.session_id = k.id AND a.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')) AS taken
      FROM class_sessions k JOIN services v ON v.id = k.service_id
     WHERE k.stylist_id = :stylist AND k.ends_at > :since AND k.starts_at < :until AND NOT k.is_cancelled
     ORDER BY k.starts_at
""")


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def propose_outage(work: Work, request: ProposeOutage) -> Proposal:
    """For each visit in a room that fails: another room, else the nearest time of that day, else a call.

    Raises NotFound, BadInput.
    """
    if request.until <= request.since:
        raise BadInput("The outage ends before it begins. Change one of the times.", field="until")
    asked = text("SELECT name FROM resources WHERE id = :id AND shop_id = :shop AND kind <> 'stylist'")
    name = work.session.execute(asked, {"id": request.resource_id, "shop": work.shop.id}).scalar()
    if name is None:
        raise NotFound(what="room or machine", name=request.resource_id, remedy="Look at the shop's rooms.")
    zone = work.shop.timezone
    bounds = day_bounds(day_of(request.since, zone), zone)
    cards = cards_on(work, request.resource_id, request.since, request.until)
    title = f"{name} is out of order from {clock_time(request.since, zone)}"
    return _elsewhere(work, title, cards, bounds, request.resource_id, (request.since, request.until), None)


@dataclass(frozen=True)
class _Stylist:
    id: int
    name: str
    resource_id: int


def _stylist(work: Work, stylist_id: int) -> _Stylist:
    asked = text("SELECT id, first_name AS name, resource_id FROM stylists WHERE id = :id")
    row = work.session.execute(asked, {"id": stylist_id}).one_or_none()
    if row is None:
        raise NotFound(what="stylist", name=stylist_id, remedy="Look at the list of stylists.")
    return _Stylist(*row)


def _elsewhere(
    work: Work, title: str, cards: list[Card], day: Stretch, gone: int, closed: Stretch, leave: Leave | None
) -> Proposal:
    going = [card for card in cards if not card.has_begun]
    asked = question(work, going, day, gone=gone, closed=closed)
    places = propose(asked.displaced, asked.gaps)
    nobody = "nobody who does {} is free that day" if leave else "nothing is free for {} that day"
    visits = [
        proposed(work, asked, card, place, nobody.format(card.what)) for card, place in zip(going, places, strict=True)
    ]
    begun = [proposed(work, asked, card, None, "being served; hand it over") for card in cards if card.has_begun]
    return of_visits(title, [*visits, *begun], leave=leave)


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def propose_late(work: Work, request: ProposeLate) -> Proposal:
    """A late stylist's visits, each as soon as it can be; slack is taken up, and who is told another time is listed.

    He is reckoned with so many minutes after his day begins, or from now when it has begun. Raises NotFound, BadInput.
    """
    _refuse_no_minutes(request.minutes)
    stylist = _stylist(work, request.stylist_id)
    bounds = day_bounds(work.desk.today, work.shop.timezone)
    pieces = slots.pieces_between(work.session, [stylist.resource_id], *bounds)
    begins = min((p.starts_at for p in pieces if p.shop_id == work.shop.id), default=work.now)
    edge = max(begins, work.now) + dt.timedelta(minutes=request.minutes)
    cards = cards_on(work, stylist.resource_id, min(begins, work.now), bounds[1])
    title = f"{stylist.name} is {request.minutes} minutes late"
    return _later(work, title, [card for card in cards if not card.has_begun], bounds, edge)


def _later(
    work: Work, title: str, cards: list[Card], day: Stretch, edge: dt.datetime, *, more: tuple[Step, ...] = (),
    busy: Sequence[tuple[int, int, int]] = (),
) -> Proposal:  # fmt: skip
    asked = question(work, cards, day)
    gaps = {strip: list(its) for strip, its in asked.gaps.items()}
    for strip, start, end in busy:
        gaps[strip] = without(gaps.get(strip, []), [(start, end)])
    places = pushed(asked.displaced, gaps, -(-int(edge.timestamp()) // 60) * 60)
    visits = [
        proposed(work, asked, card, place, "there is no time left that day")
        for card, place in zip(cards, places, strict=True)
        if place is None or place != Place(int(card.starts_at.timestamp()), place.taken) or asked.takes(place, card.id)
    ]
    return of_visits(title, visits, more=more)


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def propose_overrun(work: Work, request: ProposeOverrun) -> Proposal:
    """A line that takes longer, and what that moves for its stylist; accepted, it is one stroke (features SV2).

    Raises NotFound, BadInput, WrongStage for a line that is not being served.
    """
    _refuse_no_minutes(request.minutes)
    line = work.session.get(AppointmentService, request.line_id)
    if line is None:
        raise NotFound(what="line", name=request.line_id, remedy="Look at the visit with frontdesk show.")
    strips = work.session.execute(_STRIPS, {"line": line.id}).all()
    bounds = day_bounds(work.desk.today, work.shop.timezone)
    card = next(
        (c for s in strips for c in cards_on(work, s.resource_id, *bounds) if c.id == line.appointment_id), None
    )
    if Status(line.status) not in BEGUN or card is None:
        code = card.code if card else line.appointment_id
        status = Status(line.status).words
        raise WrongStage(visit=code, status=status, wish="running over", remedy="Only a service under way can.")
    told_end = max(s.told_end for s in strips)
    ends_at = _five_up(max(work.now, told_end) + dt.timedelta(minutes=request.minutes))
    by = ends_at - told_end
    step = Step(appointment_id=card.id, version=card.version, resize_line_id=line.id, ends_at=ends_at)
    last = max(strips, key=lambda s: s.ends_at)
    busy = [(last.resource_id, int(last.ends_at.timestamp()), int((last.ends_at + by).timestamp()))]
    others = [c for c in cards_on(work, last.resource_id, work.now, bounds[1]) if c.id != card.id and not c.has_begun]
    title = f"{card.customer}'s {line.name} runs until {clock_time(ends_at, work.shop.timezone)}"
    return _later(work, title, others, bounds, last.ends_at + by, more=(step,), busy=busy)


_STRIPS = text("""
    SELECT p.resource_id, max(p.ends_at) AS ends_at,
           (SELECT max(t.ends_at) FROM appointment_parts t
             WHERE t.appointment_service_id = :line AND t.kind NOT IN ('buffer', 'cleanup')) AS told_end
      FROM appointment_parts p WHERE p.appointment_service_id = :line AND p.role = 'lead' AND p.resource_id IS NOT NULL
     GROUP BY p.resource_id
""")


def _five_up(instant: dt.datetime) -> dt.datetime:
    return dt.datetime.fromtimestamp(-(-int(instant.timestamp()) // 300) * 300, dt.UTC)


def _refuse_no_minutes(minutes: int) -> None:
    if not 0 < minutes <= 720:
        raise BadInput("Say how many minutes, from 1 to 720.", field="minutes")


@use_case(Deed.BOOK, before=lay_out_first)
def apply_proposal(work: Work, request: ApplyProposal) -> Applied:
    """Do what was accepted of a proposal as one stroke, the time off with it when asked.

    Raises ChangedVisit or BookedMeanwhile naming what somebody did to the book in between, and applies nothing then;
    also what a move raises, and NotAllowed for time off that is not this person's to give.
    """
    if not request.steps and request.leave is None:
        raise NothingAsked
    ids = [step.appointment_id for step in request.steps]
    if len(set(ids)) != len(ids):
        raise BadInput("Say for each visit once where it goes.", field="steps")
    away = None if request.leave is None else _away(work, request.leave)
    changes = [_change(work, step) for step in request.steps]
    if away is not None and not changes and request.stays:
        changes = [Change(request.stays[0], lambda state: state, only_from=frozenset(Status))]
    done = None
    if changes:
        if away is not None:
            first = changes[0].shall
            changes[0] = replace(changes[0], shall=lambda state: replace(first(state), away=away))
        done = Stroke(work, Kind.SHIFTED, changes, reason=clean(request.reason)).carry_out()
    elif away is not None:
        work.session.add(TimeOff(**vars(away)))
        work.session.flush()
    if request.leave is not None:
        _settle_leave(work, request.leave, {*ids, *request.stays})
    sentence = _sentence(len(request.steps), away is not None)
    batch_id, protected = (done.batch_id, done.protected) if done else (request.request_id, ())
    return Applied(tuple(ids), batch_id, protected, sentence)


def _sentence(visits: int, away: bool) -> str:
    said = [f"{visits} visit{'s' * (visits != 1)} shifted"] if visits else []
    return ", ".join([*said, *(["time off written down"] if away else [])]) + "."


def _away(work: Work, leave: Leave) -> Away | None:
    """The time off to be written down with the stroke; None when they are away already."""
    work.require(Deed.EDIT_ROSTER)
    asked = {"stylist": leave.stylist_id, "day": leave.day, "since": leave.since or dt.time.min}
    if work.session.execute(_IS_AWAY, asked).scalar():
        return None
    return Away(leave.stylist_id, leave.day, leave.day, leave.since, None, "sick")


def _settle_leave(work: Work, leave: Leave, known: set[int]) -> None:
    """Nobody may have come to the stylist since it was proposed: they would be forgotten. Raises BookedMeanwhile."""
    stylist = _stylist(work, leave.stylist_id)
    day = stylist.resource_id, leave.day
    slots.hold(work.session, [day])
    slots.rebuild(work.session, [day], work.now)
    bounds = day_bounds(leave.day, work.shop.timezone)
    since = bounds[0] if leave.since is None else max(bounds[0], work.now)
    for card in cards_on(work, stylist.resource_id, since, bounds[1]):
        if card.id not in known:
            raise BookedMeanwhile(visit=card.code, customer=card.customer)
    work.tell("hours.changed", stylist.resource_id, resources=[stylist.resource_id], first=leave.day, last=leave.day)


_IS_AWAY = text("""
    SELECT true FROM time_off WHERE stylist_id = :stylist AND first_day <= :day AND last_day >= :day
       AND (last_day > :day OR coalesce(ends, '24:00') > :since) LIMIT 1
""")


def _change(work: Work, step: Step) -> Change:
    leads = {take.line_id: take.stylist_id for take in step.takes if take.role == "lead"}
    moved = moved_to(work, step.starts_at, leads)
    others = {(take.line_id, take.role): take.resource_id for take in step.takes if take.role != "lead"}

    def shall(state: VisitState) -> VisitState:
        state = moved(state)
        state = with_lines(state, [_taken_over(line, others) for line in state.lines if line.holds_time])
        if step.drop_line_id is not None:
            gone = [line for line in state.lines if line.id == step.drop_line_id]
            state = with_lines(state, [replace(line, status=Status.CANCELLED) for line in gone if line.holds_time])
        return _resized(state, step)

    only_from = NOT_BEGUN if step.starts_at is not None else NOT_DONE
    unpaid = () if step.drop_line_id is None else (step.drop_line_id,)
    return Change(step.appointment_id, shall, step.version, only_from=only_from, unpaid=unpaid)


def _taken_over(line: LineState, others: Mapping[tuple[int, str], int]) -> LineState:
    parts = (replace(p, resource_id=others.get((line.id, p.role), p.resource_id)) for p in line.parts or ())
    return replace(line, parts=tuple(parts))


def _resized(state: VisitState, step: Step) -> VisitState:
    if step.resize_line_id is None or step.ends_at is None:
        return state
    line = next((line for line in state.lines if line.id == step.resize_line_id and line.holds_time), None)
    anew = stretched_to(line, step.ends_at) if line else None
    if line is None or anew is None:
        raise BadInput("That line can't be so short. Look at a new proposal.", field="ends_at")
    minutes = int((step.ends_at - told(line)[0]).total_seconds() // 60)
    return with_lines(state, [replace(anew, terms=replace(line.terms, own_minutes=minutes)) if line.terms else anew])
