"""Classes: one who leads, many who take part, and a list of those who wait for a seat (features BK22)."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from sqlalchemy import text

from frontdesk.clock import local
from frontdesk.errors import BadInput, InThePast, NotFound, NotWaiting, WrongStage
from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY
from frontdesk.rules.recurrence import MOST, Recurrence, Unit, coming
from frontdesk.rules.states import Status
from frontdesk.services.book.actions import Kind, VisitState, remember
from frontdesk.services.book.visit_moving import customer_called
from frontdesk.services.book.visits import LeaveVisit, cancel_visit
from frontdesk.services.classes import class_changing
from frontdesk.services.classes.class_reading import card_of, no_class, roster_of, sessions_of, waiting_for
from frontdesk.services.classes.class_wishes import (
    CancelSession,
    ChangeSession,
    JoinClass,
    Joined,
    LeaveClass,
    LeftClass,
    ListSessions,
    PlanSession,
    Roster,
    SessionCard,
    SessionChanged,
    Sessions,
    SessionsPlanned,
    ShowRoster,
    WaitingForSeat,
)
from frontdesk.services.placing import class_seats, unfree
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.placing.class_strips import Spot, days_of, find_spot, need_of, put
from frontdesk.services.placing.placing import Allowance
from frontdesk.services.placing.visit_codes import new_codes
from frontdesk.services.series.series_making import Attempts
from frontdesk.services.team import slots
from frontdesk.services.team.strip_hours import homes
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import day_and_time
from frontdesk.tables.appointments import Appointment, AppointmentService, AppointmentStep
from frontdesk.tables.catalogue import Service
from frontdesk.tables.classes import ClassSession
from frontdesk.text import clean, clean_lines

__all__ = [
    "cancel_session",
    "change_session",
    "join",
    "leave",
    "list_sessions",
    "plan_session",
    "roster",
    "sessions_of",
]

_MOST_SEATS = 500


@use_case(Deed.BOOK, before=lay_out_first)
def plan_session(work: Work, request: PlanSession) -> SessionsPlanned:
    """Put a class into the book, once or again and again; all of it or nothing.

    It holds who leads it, and its room. Raises BadInput, NotFound, CannotDo, SeriesClash naming every time that is in
    the way, or of a single one what `booking.book` raises.
    """
    starts = _starts(work, request)
    need = need_of(work, request.service_id, request.room_id)
    seats = _seats(work, request.service_id, request.seats)
    lead = need.by(request.stylist_id)
    price = amount_of(work, request.price, "price") if request.price is not None else lead.price if lead else need.price
    _hold_all(work, request, [at for _, at in starts])
    attempts = Attempts(work)
    planned: list[int] = []
    for number, starts_at in starts:
        spot = Spot(request.service_id, request.stylist_id, request.room_id, starts_at)

        def plan(spot: Spot = spot) -> None:
            found = find_spot(work, spot, Allowance(outside_hours=request.outside_hours))
            session = ClassSession(
                shop_id=work.shop.id, service_id=spot.service_id, stylist_id=spot.stylist_id,
                starts_at=spot.starts_at, ends_at=found.line.told_ends,
                starts_local=local(spot.starts_at, work.shop.timezone).replace(tzinfo=None), seats=seats, price=price,
            )  # fmt: skip
            put(work, session, found)
            planned.append(session.id)

        if len(starts) == 1:
            plan()
        else:
            attempts.attempt(number, starts_at, plan)
    attempts.refuse()
    for session_id in planned:
        work.tell("class.planned", session_id)
    return SessionsPlanned(tuple(card_of(work, session_id) for session_id in planned))


def _starts(work: Work, request: PlanSession) -> list[tuple[int, dt.datetime]]:
    zone = work.shop.timezone
    if not 1 <= request.count <= MOST:
        raise BadInput(f"A class comes from 1 to {MOST} times. Type x8, for example.", field="count")
    if request.unit not in list(Unit) or not 1 <= request.every <= 366:
        raise BadInput("Say how often: every week, every 2 weeks, every month.", field="every")
    first = request.first if request.first.tzinfo is None else local(request.first, zone).replace(tzinfo=None)
    rule = Recurrence(first.replace(second=0, microsecond=0), request.every, Unit(request.unit), request.count)
    starts: list[tuple[int, dt.datetime]] = []
    for one in coming(rule, zone):
        if one.number in request.skip:
            continue
        if one.is_skipped:
            raise BadInput(
                f"{one.wall:%a %-d %b %H:%M} does not exist: the clocks go forward. Leave it out.", field="skip"
            )
        if one.instants[0] < work.now.replace(second=0, microsecond=0):
            raise InThePast(time=day_and_time(one.instants[0], zone))
        again = request.first.tzinfo is not None and one.is_repeated and request.first == one.instants[1]
        starts.append((one.number, one.instants[1 if again else 0]))
    if not starts:
        raise BadInput("Every time of the class is left out. Keep one at least.", field="skip")
    return starts


def _seats(work: Work, service_id: int, seats: int | None) -> int:
    if seats is None:
        service = work.session.get(Service, service_id)
        seats = service.seats if service is not None else None
    if seats is None or not 1 <= seats <= _MOST_SEATS:
        raise BadInput(f"A class has between 1 and {_MOST_SEATS} seats. Type 8, for example.", field="seats")
    return seats


def _hold_all(work: Work, request: PlanSession, starts: list[dt.datetime]) -> None:
    """Hold the strips of every time at once, in the one order."""
    need = need_of(work, request.service_id, request.room_id)
    lead = need.by(request.stylist_id)
    things = {one.resource_id for them in need.others.values() for one in them}
    found = homes(work.session, {*things, *([lead.resource_id] if lead else [])})
    plan = need.plan_for(lead)
    spans = [(at + dt.timedelta(minutes=plan.starts), at + dt.timedelta(minutes=plan.ends)) for at in starts]
    slots.hold(work.session, {day for home in found.values() for span in spans for day in home.days(*span)})


@use_case(Deed.SEE_BOOK)
def list_sessions(work: Work, request: ListSessions) -> Sessions:
    """The classes of a day, or of some days, with how many seats are taken."""
    first = request.first_day or work.desk.today
    until = first + DAY * max(1, min(request.days, 366))
    found = sessions_of(work, first, until, cancelled=request.cancelled)
    mine = tuple(one for one in found if request.service_id in (None, one.service_id))
    return Sessions(first, until, mine)


@use_case(Deed.SEE_BOOK)
def roster(work: Work, request: ShowRoster) -> Roster:
    """Who is in a class, seat by seat, and who waits for one. Raises NotFound."""
    return roster_of(work, request.session_id)


@use_case(Deed.BOOK)
def join(work: Work, request: JoinClass) -> Joined:
    """Give somebody a seat, or when there is none a place on the class's waitlist, in the order of coming.

    While others wait, a free seat is theirs: whoever comes now waits behind them unless they are put ahead. Raises
    NotFound, CustomerBusy, InThePast, WrongStage, NotWaiting.
    """
    card = card_of(work, request.session_id)
    customer_id, guest, waits = _who(work, request)
    customer = customer_called(work, customer_id, guest)
    slots.hold(work.session, days_of(work, [card.id]), customer_id=customer_id)
    session = class_seats.locked(work, card.id)
    if session is None:
        raise no_class(card.id)
    _refuse_over(work, session, card)
    waiting = waiting_for(work, card.id)
    if waits is not None and waits.entry_id not in [one.entry_id for one in waiting]:
        raise NotWaiting(who=customer, why="given a seat, or off the list", remedy="Look at the class again.")
    if customer_id is not None and not request.for_guest:
        unfree.refuse_customer_elsewhere(work, customer_id, customer, session.starts_at, session.ends_at)
    _refuse_waiting_twice(waiting, customer_id, customer, waits)
    may_sit = waits is not None or request.ahead or not waiting
    number = class_seats.free_number(work, session) if may_sit else None
    if number is None:
        if waits is not None:
            raise class_seats.ClassFull(
                service=card.service, time=day_and_time(card.starts_at, work.shop.timezone), seats=card.seats
            )
        _wait(work, session, customer_id, guest, clean(request.notes))
        return Joined(card.id, card.service, card.starts_at, customer, None, None, None, len(waiting) + 1)
    visit = _visit(work, request, session, card, customer_id, guest)
    class_seats.seat(work, session, number, visit.id)
    if waits is not None:
        work.session.execute(_TIE, {"visit": visit.id, "entry": waits.entry_id})
    work.tell("class.joined", card.id, visit=visit.id)
    return Joined(card.id, card.service, card.starts_at, customer, number, visit.id, visit.code, None)


_TIE = text("UPDATE waitlist_entries SET appointment_id = :visit WHERE id = :entry")


def _who(work: Work, request: JoinClass) -> tuple[int | None, str, WaitingForSeat | None]:
    if request.entry_id is None:
        return request.customer_id, clean(request.guest_name), None
    waiting = waiting_for(work, request.session_id)
    entry = next((one for one in waiting if one.entry_id == request.entry_id), None)
    if entry is None:
        raise NotFound(what="entry", name=request.entry_id, remedy="Look at the class's waitlist.")
    return entry.customer_id, entry.customer if entry.customer_id is None else "", entry


def _refuse_over(work: Work, session: ClassSession, card: SessionCard) -> None:
    when = day_and_time(session.starts_at, work.shop.timezone)
    if session.is_cancelled:
        raise WrongStage(
            visit=f"{card.service}, {when},", status="cancelled", wish="joined", remedy="Choose another class."
        )
    if session.ends_at <= work.now:
        raise InThePast(time=when)


def _refuse_waiting_twice(
    waiting: tuple[WaitingForSeat, ...], customer_id: int | None, customer: str, waits: WaitingForSeat | None
) -> None:
    if waits is None and customer_id is not None and customer_id in [one.customer_id for one in waiting]:
        place = [one.customer_id for one in waiting].index(customer_id) + 1
        raise BadInput(f"{customer} waits for a seat already, at place {place}.", field="customer")


def _visit(
    work: Work, request: JoinClass, session: ClassSession, card: SessionCard, customer_id: int | None, guest: str
) -> Appointment:
    (code,) = new_codes(work.session, 1)
    visit = Appointment(
        shop_id=work.shop.id,
        code=code,
        customer_id=customer_id,
        guest_name=guest,
        for_guest=request.for_guest,
        status=Status.PENDING,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        starts_local=session.starts_local,
        source=request.source,
        notes=clean_lines(request.notes),
    )
    work.session.add(visit)
    work.session.flush()
    line = AppointmentService(
        appointment_id=visit.id,
        position=1,
        service_id=session.service_id,
        name=card.service,
        stylist_id=session.stylist_id,
        price=session.price,
        status=Status.PENDING,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        class_session_id=session.id,
    )
    work.session.add(line)
    work.session.flush()
    work.session.add(AppointmentStep(appointment_id=visit.id, to_status=Status.PENDING, at=work.now))
    state = VisitState.of(visit, [line], None)
    remember(work, Kind.BOOKED, visit, state.never_booked(), state)
    return visit


def _wait(work: Work, session: ClassSession, customer_id: int | None, guest: str, note: str) -> None:
    """Write somebody down behind those who wait."""
    if customer_id is None and not guest:
        raise BadInput("The class is full. Say who wants to wait: a customer, or a name.", field="customer")
    asked = {
        "shop": work.shop.id,
        "customer": customer_id,
        "guest": guest,
        "session": session.id,
        "day": session.starts_local.date(),
        "note": note,
        "at": work.now,
    }
    entry_id = work.session.execute(_WAIT, asked).scalar_one()
    work.tell("waitlist.added", entry_id)


_WAIT = text("""
    INSERT INTO waitlist_entries (shop_id, customer_id, guest_name, session_id, first_day, last_day, note, created_at)
    VALUES (:shop, :customer, :guest, :session, :day, :day, :note, :at) RETURNING id
""")


@use_case(Deed.BOOK)
def leave(work: Work, request: LeaveClass) -> LeftClass:
    """Cancel somebody's seat, and say who could have it now. Raises NotFound, and what `visits.cancel` raises."""
    session_id = work.session.execute(_SESSION_OF, {"visit": request.appointment_id}).scalar()
    if session_id is None:
        raise NotFound(what="seat of visit", name=request.appointment_id, remedy="Look at the class again.")
    wish = LeaveVisit(
        appointment_id=request.appointment_id,
        reason=request.reason,
        fee=request.fee,
        waive_reason=request.waive_reason,
    )
    left = cancel_visit(work, wish)
    work.tell("class.left", session_id, visit=request.appointment_id)
    waiting = waiting_for(work, session_id)
    return LeftClass(session_id, left.customer, left.said, waiting[0] if waiting else None)


_SESSION_OF = text("""
    SELECT class_session_id FROM appointment_services
     WHERE appointment_id = :visit AND class_session_id IS NOT NULL LIMIT 1
""")


@use_case(Deed.BOOK, before=lay_out_first)
def change_session(work: Work, request: ChangeSession) -> SessionChanged:
    """Put a class somewhere else with everybody in it, or give it more or fewer seats; says whom to tell.

    Raises what `booking.move` raises about time, CustomerBusy for somebody who is elsewhere then, ChangedMeanwhile,
    BadInput for fewer seats than are taken.
    """
    return class_changing.change(work, request)


@use_case(Deed.BOOK)
def cancel_session(work: Work, request: CancelSession) -> SessionChanged:
    """A class does not take place: every seat's visit is cancelled without a fee; says whom to call.

    Taken back in one stroke when somebody had a seat. Raises ReasonMissing, NotFound, WrongStage.
    """
    return class_changing.cancel(work, request, uuid4())
