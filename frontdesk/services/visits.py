"""What happens to a visit after it is booked: it is confirmed, begun, served, or left; and one to look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import text

from frontdesk.clock import day_of
from frontdesk.errors import NotFound, ReasonMissing, WrongStage
from frontdesk.permissions import Deed
from frontdesk.rules.states import EXITS, STAGES, Status, is_backwards, may_become, status_before, visit_status
from frontdesk.services import freeing, slots
from frontdesk.services.actions import STEPS, Kind, VisitState, remember
from frontdesk.services.restoring import forget_cancellation, step, take_again
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.wording import person
from frontdesk.tables.appointments import Appointment, AppointmentCancellation, AppointmentService
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class StepVisit(Write):
    """The next step of a visit, or of some of its lines."""

    appointment_id: int
    line_ids: tuple[int, ...] = ()
    """All lines for which the step makes sense, when none is named."""


@dataclass(frozen=True, kw_only=True)
class LeaveVisit(StepVisit):
    """A way out of a visit: it frees the time."""

    reason: str = ""


@dataclass(frozen=True)
class Stepped:
    """Where a visit stands now."""

    appointment_id: int
    code: str
    customer: str
    was: Status
    status: Status
    protected: tuple[int, ...] = ()
    """Lines that were overbooked and got the freed time."""


@use_case(Deed.BOOK)
def confirm(work: Work, request: StepVisit) -> Stepped:
    """The customer has said they will come. Raises WrongStage."""
    return _step(work, request, Status.CONFIRMED, "confirmed")


@use_case(Deed.SERVE)
def arrive(work: Work, request: StepVisit) -> Stepped:
    """The customer is here. Raises WrongStage."""
    return _step(work, request, Status.ARRIVED, "checked in")


@use_case(Deed.SERVE)
def start(work: Work, request: StepVisit) -> Stepped:
    """The service begins. Raises WrongStage."""
    return _step(work, request, Status.IN_SERVICE, "started")


@use_case(Deed.SERVE)
def finish(work: Work, request: StepVisit) -> Stepped:
    """The service is done. Raises WrongStage."""
    return _step(work, request, Status.COMPLETED, "finished")


@use_case(Deed.BOOK)
def no_show(work: Work, request: LeaveVisit) -> Stepped:
    """The customer did not come. It frees the time, first for who is overbooked on it. Raises WrongStage."""
    return _leave(work, request, Status.NO_SHOW, "marked as no-show")


@use_case(Deed.BOOK)
def cancel(work: Work, request: LeaveVisit) -> Stepped:
    """The visit will not be. It needs a reason, frees the time, and is kept with its notice. Raises ReasonMissing,
    WrongStage."""
    if not clean(request.reason):
        raise ReasonMissing
    stepped = _leave(work, request, Status.CANCELLED, "cancelled")
    _keep_cancellation(work, request)
    return stepped


@use_case(Deed.BOOK)
def put_back(work: Work, request: LeaveVisit) -> Stepped:
    """Undo the last step of a visit or of some lines: a check-in too many, a no-show who came after all.

    It needs a reason. Leaving an exit takes the time again, and is refused like a booking when somebody else has it.
    Raises ReasonMissing, WrongStage, StylistTaken, CustomerBusy.
    """
    reason = clean(request.reason)
    if not reason:
        raise ReasonMissing
    visit = freeing.visit_to_change(work, request.appointment_id)
    days = freeing.strip_days_of(work, [line.id for line in freeing.lines_of(work, visit.id)])
    slots.hold(work.session, days, customer_id=visit.customer_id)
    work.session.refresh(visit, with_for_update=True)
    before = _before(work, visit.id)
    all_lines = freeing.lines_of(work, visit.id)
    was = VisitState.of(visit, all_lines, None)
    lines = [line for line in all_lines if line.id in before and (not request.line_ids or line.id in request.line_ids)]
    if not lines:
        status = Status(visit.status).words
        raise WrongStage(visit=visit.code, status=status, wish="put back", remedy="Nothing has happened to it yet.")
    returning = [line for line in lines if Status(line.status) in EXITS]
    take_again(work, visit, returning)
    stepped = [_write(work, visit, [line], before[line.id], reason=reason) for line in lines]
    work.tell("appointment.put_back", visit.id)
    if returning:
        forget_cancellation(work, visit.id)
    slots.rebuild(work.session, days, work.now)
    remember(work, Kind.PUT_BACK, visit, was, VisitState.of(visit, all_lines, None))
    return Stepped(**{**vars(stepped[-1]), "was": stepped[0].was})


def _before(work: Work, appointment_id: int) -> dict[int, Status]:
    """What each line was before its last step."""
    steps: dict[int, list[tuple[Status, Status]]] = {}
    for row in work.session.execute(_LINE_STEPS, {"id": appointment_id}):
        steps.setdefault(row.line_id, []).append((Status(row.from_status), Status(row.to_status)))
    before = {line_id: status_before(its) for line_id, its in steps.items()}
    return {line_id: status for line_id, status in before.items() if status is not None}


_LINE_STEPS = text("""
    SELECT appointment_service_id AS line_id, from_status, to_status FROM appointment_status_history
     WHERE appointment_id = :id AND appointment_service_id IS NOT NULL AND from_status IS NOT NULL
     ORDER BY at, id
""")


def _step(work: Work, request: StepVisit, wish: Status, word: str) -> Stepped:
    visit, lines, all_lines = _lines_for(work, request, wish, word)
    was = VisitState.of(visit, all_lines, None)
    stepped = _write(work, visit, lines, wish, reason=None)
    work.tell(f"appointment.{wish.value}", visit.id)
    remember(work, STEPS[wish], visit, was, VisitState.of(visit, all_lines, None))
    return stepped


def _lines_for(
    work: Work, request: StepVisit, wish: Status, word: str
) -> tuple[Appointment, list[AppointmentService], list[AppointmentService]]:
    """The visit, locked against other terminals, its lines that take the step, and all its lines."""
    visit = freeing.visit_to_change(work, request.appointment_id)
    work.session.refresh(visit, with_for_update=True)
    lines = freeing.lines_of(work, visit.id)
    for line in lines:
        work.session.refresh(line)
    chosen = [line for line in lines if not request.line_ids or line.id in request.line_ids]
    able = [line for line in chosen if may_become(Status(line.status), wish)]
    if not able or (request.line_ids and len(able) < len(request.line_ids)):
        status = Status(visit.status)
        raise WrongStage(visit=visit.code, status=status.words, wish=word, remedy=_remedy(status))
    return visit, able, lines


def _remedy(status: Status) -> str:
    if status in EXITS:
        return "Book a new visit."
    return "It is done already." if status is Status.COMPLETED else "Look at where it stands with frontdesk show."


def _leave(work: Work, request: LeaveVisit, wish: Status, word: str) -> Stepped:
    visit = freeing.visit_to_change(work, request.appointment_id)
    ids = [line.id for line in freeing.lines_of(work, visit.id)]
    days = freeing.strip_days_of(work, [i for i in ids if not request.line_ids or i in request.line_ids])
    slots.hold(work.session, days, customer_id=visit.customer_id)
    visit, lines, all_lines = _lines_for(work, request, wish, word)
    was = VisitState.of(visit, all_lines, None)
    freed = freeing.lift(work, [line.id for line in lines])
    stepped = _write(work, visit, lines, wish, reason=clean(request.reason) or None)
    work.tell(f"appointment.{wish.value}", visit.id)
    protected = freeing.protect_overbooked(work, freed)
    slots.rebuild(work.session, days, work.now)
    remember(work, STEPS[wish], visit, replace(was, beside=protected), VisitState.of(visit, all_lines, None))
    return Stepped(**{**vars(stepped), "protected": tuple(protected)})


_STAMPS = {Status.ARRIVED: "arrived_at", Status.IN_SERVICE: "started_at", Status.COMPLETED: "finished_at"}


def _stamp(line: AppointmentService, wish: Status, now: dt.datetime) -> None:
    """When it really happened. A step back unsays what lies ahead of it and leaves what lies behind as it was."""
    if not is_backwards(Status(line.status), wish):
        if wish in _STAMPS:
            setattr(line, _STAMPS[wish], now)
        return
    for status, stamp in _STAMPS.items():
        if STAGES.index(status) > STAGES.index(wish):
            setattr(line, stamp, None)


def _write(
    work: Work, visit: Appointment, lines: Sequence[AppointmentService], wish: Status, *, reason: str | None
) -> Stepped:
    was = Status(visit.status)
    for line in lines:
        _stamp(line, wish, work.now)
        step(work, line, wish, reason)
    work.session.flush()
    visit.status = visit_status(Status(line.status) for line in freeing.lines_of(work, visit.id))
    visit.version += 1
    work.session.flush()
    return Stepped(visit.id, visit.code, freeing.customer_of(work, visit), was, Status(visit.status))


def _keep_cancellation(work: Work, request: LeaveVisit) -> None:
    visit = freeing.visit_to_change(work, request.appointment_id)
    reason = clean(request.reason)
    listed = work.session.execute(
        text("SELECT id FROM cancel_reasons WHERE lower(name) = lower(:reason)"), {"reason": reason}
    ).scalar()
    zone = work.shop.timezone
    work.session.add(
        AppointmentCancellation(
            shop_id=visit.shop_id,
            appointment_id=visit.id,
            customer_id=visit.customer_id,
            for_day=day_of(visit.starts_at, zone),
            cancelled_on=work.desk.today,
            cancelled_at=work.now,
            notice_minutes=int((visit.starts_at - work.now).total_seconds() // 60),
            reason_id=listed,
            note="" if listed else reason,
            cancelled_by=work.actor.name,
        )
    )
    work.session.flush()


@dataclass(frozen=True, kw_only=True)
class ShowVisit:
    """One visit, by its number or by its code."""

    appointment_id: int | None = None
    code: str | None = None


@dataclass(frozen=True)
class VisitLine:
    """One service of a visit as it stands."""

    id: int
    service_id: int
    service: str
    stylist_id: int | None
    stylist: str | None
    status: Status
    price: Decimal
    starts_at: dt.datetime
    ends_at: dt.datetime
    arrived_at: dt.datetime | None
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    overbook_reason: str | None
    paid: bool


@dataclass(frozen=True)
class VisitStep:
    """What somebody did to a visit."""

    at: dt.datetime
    who: str
    what: str
    reason: str | None


@dataclass(frozen=True)
class VisitSheet:
    """Everything about one visit."""

    id: int
    code: str
    customer_id: int | None
    customer: str
    phone: str | None
    status: Status
    starts_at: dt.datetime
    ends_at: dt.datetime
    notes: str
    version: int
    lines: tuple[VisitLine, ...]
    steps: tuple[VisitStep, ...]


@use_case(Deed.SEE_BOOK)
def show(work: Work, request: ShowVisit) -> VisitSheet:
    """One visit with its lines and its story. Raises NotFound."""
    row = work.session.execute(_VISIT, {"id": request.appointment_id, "code": (request.code or "").upper()}).first()
    if row is None:
        asked = request.code or request.appointment_id
        raise NotFound(what="visit", name=asked, remedy="Look at the day's book for its code.")
    lines = work.session.execute(_LINES, {"id": row.id})
    steps = work.session.execute(_STEPS, {"id": row.id})
    return VisitSheet(
        row.id,
        row.code,
        row.customer_id,
        person(row.first_name, row.last_name, row.customer_code, row.guest_name),
        row.phone,
        Status(row.status),
        row.starts_at,
        row.ends_at,
        row.notes,
        row.version,
        tuple(VisitLine(**{**line._mapping, "status": Status(line.status)}) for line in lines),
        tuple(
            VisitStep(
                step.at,
                step.who or "another system",
                Status(step.to_status).words if step.from_status else "booked",
                step.reason,
            )
            for step in steps
        ),
    )


_VISIT = text("""
    SELECT a.*, c.first_name, c.last_name, c.code AS customer_code, c.phone
      FROM appointments a LEFT JOIN customers c ON c.id = a.customer_id
     WHERE a.id = :id OR a.code = :code
""")
_LINES = text("""
    SELECT l.id, l.service_id, l.name AS service, l.stylist_id, s.first_name AS stylist, l.status, l.price, l.starts_at,
           l.ends_at, l.arrived_at, l.started_at, l.finished_at, l.overbook_reason,
           EXISTS (SELECT FROM sale_lines p WHERE p.appointment_service_id = l.id) AS paid
      FROM appointment_services l LEFT JOIN stylists s ON s.id = l.stylist_id
     WHERE l.appointment_id = :id ORDER BY l.position
""")
_STEPS = text("""
    SELECT h.at, u.name AS who, h.from_status, h.to_status, h.reason
      FROM appointment_status_history h LEFT JOIN users u ON u.id = h.user_id
     WHERE h.appointment_id = :id ORDER BY h.at, h.id
""")
