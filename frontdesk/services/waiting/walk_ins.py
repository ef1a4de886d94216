"""Who comes without a time: queued in one line, told how long it will be, given to whose turn it is (CI3, CI4, CI5)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import text

from frontdesk.clock import day_bounds
from frontdesk.errors import BadInput, NobodyFree, NotFound, NotWaiting, OthersTurn, ReasonMissing
from frontdesk.permissions import Deed
from frontdesk.rules.fitting import Way, soonest
from frontdesk.rules.queue_line import read_line
from frontdesk.rules.states import Status
from frontdesk.rules.turns import TurnRules, passed_over, weight
from frontdesk.rules.vocabulary import Named, Vocabulary
from frontdesk.services.book.actions import Kind, VisitState, remember
from frontdesk.services.book.stepping import StepVisit, lines_for, write
from frontdesk.services.book.visit_making import make_visit
from frontdesk.services.customers.customer_search import find_by_number, find_by_words
from frontdesk.services.menu.menu import Menu, menu
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.placing.booking_wishes import BookAppointment, Booked, BookLine
from frontdesk.services.shop.shop_rules import rules_of
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.waiting import turns
from frontdesk.services.waiting.fitting import moment
from frontdesk.services.waiting.queueing import Floor, InQueue, TakesTurns, floor_now, turn_takers
from frontdesk.services.waiting.turns import Skipped, skipped_today
from frontdesk.services.waiting.who_waits import QUEUES
from frontdesk.services.wording import clock_time, person
from frontdesk.text import clean, tokens

_ANSWERS = 9
"""As many as there are digits to press."""


@dataclass(frozen=True, kw_only=True)
class ReadQueueLine:
    """A line as it was typed: `kim cut`, `kim lee beard trim with bo`."""

    text: str


@dataclass(frozen=True)
class QueueWish:
    """What a line means, or the one question it leaves."""

    question: str = ""
    options: tuple[tuple[str, str], ...] = ()
    """Answers: a label, and the whole line as it would then read."""
    customer_id: int | None = None
    customer: str = ""
    service_id: int | None = None
    service: str = ""
    minutes: int = 0
    stylist_id: int | None = None
    stylist: str = ""


@dataclass(frozen=True, kw_only=True)
class JoinQueue(Write):
    """Somebody has come without a time: a line as it was typed, or who and what."""

    text: str = ""
    customer_id: int | None = None
    guest_name: str = ""
    service_id: int | None = None
    stylist_id: int | None = None
    """Whom they asked for."""


@dataclass(frozen=True, kw_only=True)
class ShowQueue:
    """Who waits for a turn."""


@dataclass(frozen=True)
class QueueSheet:
    """The queue in the order of coming, whose turn it is, and which turns were passed on."""

    waiting: tuple[InQueue, ...]
    order: tuple[TakesTurns, ...]
    skipped: tuple[Skipped, ...]
    now: dt.datetime


@dataclass(frozen=True, kw_only=True)
class AssignWalkIn(Write):
    """Give somebody of the queue to a stylist, now."""

    walk_in_id: int
    stylist_id: int | None = None
    """Whose turn it is, when nobody is named."""
    reason: str = ""
    """Why the turn of those before is passed on."""


@dataclass(frozen=True)
class Assigned:
    """A walk-in in somebody's chair."""

    walk_in_id: int
    booked: Booked
    stylist: str
    passed_over: tuple[str, ...] = ()
    """Whose turn was passed on."""


@dataclass(frozen=True, kw_only=True)
class LeaveQueue(Write):
    """Somebody went before they had a turn."""

    walk_in_id: int
    reason: str = ""


@dataclass(frozen=True)
class LeftQueue:
    """Who went."""

    walk_in_id: int
    customer: str


@use_case(Deed.SEE_BOOK)
def read_queue_line(work: Work, request: ReadQueueLine) -> QueueWish:
    """What a line typed for a walk-in means. Changes nothing."""
    return _meant(work, request.text)


@use_case(Deed.BOOK, before=lay_out_first)
def join_queue(work: Work, request: JoinQueue) -> InQueue:
    """Put somebody at the end of the queue, with an estimate of when they will be served; a name will do.

    Raises BadInput with the question a line leaves open, NotFound.
    """
    wish = _meant(work, request.text) if request.service_id is None else _named(work, request)
    if wish.question:
        answers = f" {', '.join(label for label, _ in wish.options)}." if wish.options else ""
        raise BadInput(f"{wish.question}{answers}", field="text")
    guest = "" if wish.customer_id is not None else wish.customer
    added = {
        "shop": work.shop.id, "customer": wish.customer_id, "guest": guest, "service": wish.service_id,
        "stylist": wish.stylist_id, "now": work.now,
    }  # fmt: skip
    joined = work.session.execute(_JOIN, added).scalar_one()
    work.tell("queue.joined", joined)
    return next(one for one in floor_now(work).queue if one.id == joined)


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def show_queue(work: Work, request: ShowQueue) -> QueueSheet:
    """Who waits for a turn and for how long still, from the book as it is now; whose turn it is."""
    floor = floor_now(work)
    return QueueSheet(floor.queue, turn_takers(work, floor), skipped_today(work), work.now)


@use_case(Deed.BOOK, before=lay_out_first)
def assign_walk_in(work: Work, request: AssignWalkIn) -> Assigned:
    """Give somebody of the queue to whoever's turn it is among those who can and are free, or to somebody named.

    They are booked for now and are here; taken back in one stroke, they wait again. Whoever passes over somebody's
    turn has to say why, unless the customer asked for the stylist. Raises NobodyFree, OthersTurn, NotWaiting and what
    booking raises.
    """
    turns.one_at_a_time(work)
    walk_in = _to_serve(work, request.walk_in_id)
    floor = floor_now(work)
    place = next(at for at, one in enumerate(floor.queue) if one.id == walk_in)
    one, ways = floor.queue[place], floor.ways[place]
    free = {way.stylist_id: way for way in ways if floor.is_free(way)}
    order = [turner for turner in floor.order if turner.stylist_id in free]
    stylist_id = request.stylist_id or (order[0].stylist_id if order else None)
    if stylist_id is None:
        raise NobodyFree(service=one.service, instead=_instead(work, floor, ways))
    passed = [] if one.asked_stylist_id == stylist_id else passed_over(order, stylist_id)
    reason = clean(request.reason)
    if passed and stylist_id in free and not reason:
        first = floor.names[passed[0].stylist_id]
        raise OthersTurn(whose=f"{first}'s", stylist=floor.names[stylist_id], name=first)
    booked = _seat(work, one, stylist_id, floor)
    if stylist_id in free:
        for turner in passed:
            turns.skip(work, turner.stylist_id, reason)
    minutes = int((booked.ends_at - booked.starts_at).total_seconds() // 60)
    rules = rules_of(work)
    counts = weight(
        TurnRules(rules.request_turn, rules.small_turn, rules.small_minutes),
        asked_for=one.asked_stylist_id == stylist_id,
        minutes=minutes,
    )
    turns.take(work, stylist_id, one.id, counts)
    work.session.execute(_TIE, {"id": one.id, "visit": booked.appointment_id})
    work.tell("queue.assigned", one.id)
    name = floor.names.get(stylist_id, booked.lines[0].stylist or "")
    return Assigned(one.id, booked, name, tuple(floor.names[t.stylist_id] for t in passed))


@use_case(Deed.BOOK)
def leave_queue(work: Work, request: LeaveQueue) -> LeftQueue:
    """Somebody went before they had a turn. Raises ReasonMissing, NotWaiting."""
    reason = clean(request.reason)
    if not reason:
        raise ReasonMissing
    walk_in = _to_serve(work, request.walk_in_id)
    work.session.execute(_LEAVE, {"id": walk_in, "now": work.now, "reason": reason})
    work.tell("queue.left", walk_in)
    row = work.session.execute(_WHO, {"id": walk_in}).one()
    return LeftQueue(walk_in, person(row.first_name, row.last_name, row.code, row.guest_name))


def _seat(work: Work, one: InQueue, stylist_id: int, floor: Floor) -> Booked:
    """Book them for this minute, and check them in, in one stroke."""
    stroke = uuid4()
    line = BookLine(service_id=one.service_id, stylist_id=stylist_id, asked_for=one.asked_stylist_id == stylist_id)
    booked = make_visit(
        work,
        BookAppointment(
            customer_id=one.customer_id,
            guest_name="" if one.customer_id is not None else one.customer,
            lines=(line,),
            starts_at=moment(floor.now),
            source="walk_in",
        ),
        batch_id=stroke,
    )
    hand = lines_for(work, StepVisit(appointment_id=booked.appointment_id), Status.ARRIVED, "checked in")
    was = VisitState.of(hand.visit, hand.all_lines, None)
    write(work, hand.visit, hand.lines, Status.ARRIVED, reason=None)
    remember(work, Kind.ARRIVED, hand.visit, was, VisitState.of(hand.visit, hand.all_lines, None), stroke)
    return booked


def _instead(work: Work, floor: Floor, ways: tuple[Way, ...]) -> str:
    fit = soonest(ways, floor.gaps, floor.earliest)
    if fit is None:
        return "There is no time for it today any more; book another day with b."
    at = clock_time(moment(fit.start), work.shop.timezone)
    return f"{floor.names[fit.stylist_id]} is at {at}; they keep their place."


def _to_serve(work: Work, walk_in_id: int) -> int:
    """Somebody of today's queue, whom nobody else gives a turn until commit. Raises NotFound, NotWaiting."""
    row = work.session.execute(_LOCK, {"id": walk_in_id, "shop": work.shop.id}).one_or_none()
    if row is None:
        raise NotFound(what="walk-in", name=walk_in_id, remedy="Look at the queue.")
    since, _ = day_bounds(work.desk.today, work.shop.timezone)
    if work.session.execute(_WAITS, {"id": walk_in_id, "shop": work.shop.id, "since": since}).first() is None:
        gone = work.session.execute(_WHO, {"id": walk_in_id}).one()
        why = f"they left, {gone.left_reason}" if gone.left_reason else "they have had their turn"
        who = person(gone.first_name, gone.last_name, gone.code, gone.guest_name)
        raise NotWaiting(who=who, why=why, remedy="Put them in the queue again if they do.")
    return walk_in_id


_LOCK = text("SELECT id FROM walk_ins WHERE id = :id AND shop_id = :shop FOR UPDATE")
_WAITS = text(f"SELECT k.id FROM walk_ins k WHERE k.id = :id AND {QUEUES}")  # noqa: S608  a condition of this house
_WHO = text("""
    SELECT c.first_name, c.last_name, c.code, k.guest_name, k.left_reason
      FROM walk_ins k LEFT JOIN customers c ON c.id = k.customer_id WHERE k.id = :id
""")
_JOIN = text("""
    INSERT INTO walk_ins (shop_id, customer_id, guest_name, service_id, stylist_id, joined_at)
    VALUES (:shop, :customer, :guest, :service, :stylist, :now) RETURNING id
""")
_TIE = text("UPDATE walk_ins SET appointment_id = :visit WHERE id = :id")
_LEAVE = text("UPDATE walk_ins SET left_at = :now, left_reason = :reason WHERE id = :id")


def _named(work: Work, request: JoinQueue) -> QueueWish:
    """The wish of a program, which knows numbers."""
    menu_ = menu(work.session)
    service = next((one for one in menu_.services if one.id == request.service_id), None)
    stylist = next((one for one in menu_.stylists if one.id == request.stylist_id), None)
    known = find_by_number(work.session, request.customer_id) if request.customer_id is not None else None
    if service is None:
        raise NotFound(what="service", name=request.service_id, remedy="Look at the list of services.")
    if request.stylist_id is not None and stylist is None:
        raise NotFound(what="stylist", name=request.stylist_id, remedy="Look at who works here.")
    if request.customer_id is not None and known is None:
        raise NotFound(what="customer", name=request.customer_id, remedy="Look them up, or queue a name.")
    who = known.name if known else clean(request.guest_name)
    if not who:
        return QueueWish("Who is it? A first name will do.")
    return QueueWish(
        customer_id=request.customer_id, customer=who, service_id=service.id, service=service.name,
        minutes=service.minutes, stylist_id=request.stylist_id, stylist=stylist.name if stylist else "",
    )  # fmt: skip


def _meant(work: Work, typed: str) -> QueueWish:
    menu_ = menu(work.session)
    words = clean(typed)
    line = read_line(words, _vocabulary(menu_))
    services = {one.id: one for one in menu_.services}
    if line.service_id is None:
        offered = [services[id_] for id_ in line.between] or [s for s in menu_.services if s.kind != "addon"]
        options = tuple((one.name, f"{line.who or words} {one.name}".strip()) for one in offered[:_ANSWERS])
        return QueueWish("Which service?" if line.between else "What for?", options)
    service = services[line.service_id]
    stylist = next((one for one in menu_.stylists if one.id == line.stylist_id), None)
    rest = f"{service.name}{f' with {stylist.name}' if stylist else ''}"
    meant = {
        "service_id": service.id, "service": service.name, "minutes": service.minutes,
        "stylist_id": line.stylist_id, "stylist": stylist.name if stylist else "",
    }  # fmt: skip
    if not line.who:
        return QueueWish("Who is it? A first name will do: kim cut.")
    if line.who.startswith("#") and line.who[1:].isdigit():
        known = find_by_number(work.session, int(line.who[1:]))
        if known is None:
            return QueueWish(f"There is no customer {line.who}.")
        return QueueWish(customer_id=known.id, customer=known.name, **meant)  # type: ignore[arg-type]
    name = line.who.strip('"')
    found = [] if line.who != name else find_by_words(work.session, name, _ANSWERS - 1)
    if found and (len(found) > 1 or not _is_called(found[0].name, name)):
        options = tuple((_label(one.name, one.phone), f"#{one.id} {rest}") for one in found)
        guest = (f"somebody else called {name}", f'"{name}" {rest}')
        return QueueWish(f"Which {name}?", (*options, guest))
    if found:
        return QueueWish(customer_id=found[0].id, customer=found[0].name, **meant)  # type: ignore[arg-type]
    return QueueWish(customer=name.title() if name.islower() else name, **meant)  # type: ignore[arg-type]


def _is_called(full_name: str, typed: str) -> bool:
    """Whether every word typed is a whole name of theirs, or digits: "ben" alone is not yet Siân Bennett."""
    theirs = set(tokens(full_name))
    return all(word in theirs or word.isdecimal() for word in tokens(typed))


def _label(name: str, phone: str | None) -> str:
    return f"{name} {phone[-4:]}" if phone else name


def _vocabulary(menu_: Menu) -> Vocabulary:
    return Vocabulary(
        tuple(Named(s.id, (s.name, s.code)) for s in menu_.services if s.kind != "addon"),
        tuple(Named(p.id, tuple(filter(None, (p.name, f"{p.name} {p.last_name}", p.code)))) for p in menu_.stylists),
    )
