"""What happens to a visit after it is booked: it is confirmed, begun, served, or left; and one to look at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text

from frontdesk.clock import day_of
from frontdesk.errors import ReasonMissing, WrongStage
from frontdesk.permissions import Deed
from frontdesk.rules.states import EXITS, Status, next_part, status_before
from frontdesk.services.book import fees
from frontdesk.services.book.actions import STEPS, Kind, VisitState, remember
from frontdesk.services.book.restoring import forget_cancellation, take_again
from frontdesk.services.book.stepping import (
    InHand,
    Stepped,
    StepVisit,
    lines_for,
    locked,
    processed,
    remedy_for,
    steps_of,
    write,
)
from frontdesk.services.book.visit_sheets import ShowVisit, VisitLine, VisitSheet, VisitStep, arrived_said, sheet_of
from frontdesk.services.placing import freeing
from frontdesk.services.team import slots
from frontdesk.services.use_case import Work, use_case
from frontdesk.tables.appointments import AppointmentCancellation
from frontdesk.text import clean

__all__ = [
    "LeaveVisit", "ShowVisit", "StepVisit", "Stepped", "VisitLine", "VisitSheet", "VisitStep", "arrive", "cancel",
    "confirm", "finish", "go_on", "no_show", "put_back", "show", "start",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class LeaveVisit(StepVisit):
    """A way out of a visit: it frees the time."""

    reason: str = ""
    fee: Decimal | None = None
    """What of the proposed fee is asked for (`fees.what_leaving_costs`); it has to be said where there is one."""
    waive_reason: str = ""
    """Why less is asked for than is proposed, or nothing."""


@use_case(Deed.BOOK)
def confirm(work: Work, request: StepVisit) -> Stepped:
    """The customer has said they will come. Raises WrongStage."""
    return _step(work, request, Status.CONFIRMED, "confirmed")


@use_case(Deed.SERVE)
def arrive(work: Work, request: StepVisit) -> Stepped:
    """The customer is here: `arrived 09:58 (2 min early)`. Raises WrongStage."""
    stepped = _step(work, request, Status.ARRIVED, "checked in")
    starts_at = freeing.visit_to_change(work, request.appointment_id).starts_at
    return replace(stepped, said=f"arrived {arrived_said(starts_at, [work.now], work.shop.timezone)}")


@use_case(Deed.SERVE)
def start(work: Work, request: StepVisit) -> Stepped:
    """The service begins. Raises WrongStage."""
    return _step(work, request, Status.IN_SERVICE, "started")


@use_case(Deed.SERVE)
def go_on(work: Work, request: StepVisit) -> Stepped:
    """The next part of a line: into the chair, left to process, in the chair again (features SV1).

    Of a visit without a named line, those under way go on; when none can, those that have not begun do. Raises
    WrongStage when only its end is left.
    """
    visit, lines = locked(work, request.appointment_id)
    chosen = [line for line in lines if not request.line_ids or line.id in request.line_ids]
    rounds = processed(work, visit.id)
    wishes = {line.id: next_part(Status(line.status), *rounds[line.id]) for line in chosen}
    under_way = [line for line in chosen if line.status in (Status.IN_SERVICE, Status.PROCESSING)]
    able = [line for line in under_way if wishes[line.id]] or [line for line in chosen if wishes[line.id]]
    wish = wishes[able[0].id] if able else None
    if wish is None:
        status = Status(chosen[0].status) if chosen else Status(visit.status)
        remedy = "Its last part has begun: d finishes it." if under_way else remedy_for(status)
        raise WrongStage(visit=visit.code, status=status.words, wish="taken further", remedy=remedy)
    back = any(line.status == Status.PROCESSING for line in able)
    hand = InHand(visit, [line for line in able if wishes[line.id] is wish], lines)
    said = {Status.PROCESSING: "processing"}.get(wish, "back in the chair" if back else "in service")
    return replace(_take(work, hand, wish), said=said)


@use_case(Deed.SERVE)
def finish(work: Work, request: StepVisit) -> Stepped:
    """The service is done. Raises WrongStage."""
    return _step(work, request, Status.COMPLETED, "finished")


@use_case(Deed.BOOK)
def no_show(work: Work, request: LeaveVisit) -> Stepped:
    """The customer did not come. It frees the time, first for who is overbooked on it.

    Raises WrongStage, and about its fee what `cancel` raises.
    """
    hand = _held(work, request, Status.NO_SHOW, "marked as no-show")
    left = _leave(work, request, hand, Status.NO_SHOW)
    charged = fees.charge(work, hand.visit, hand.lines, "no_show", request)
    return replace(left, said=f"no-show{charged}")


@use_case(Deed.BOOK)
def cancel(work: Work, request: LeaveVisit) -> Stepped:
    """The visit, or a line of it, will not be. It needs a reason, frees the time, and is kept with its notice.

    With less notice than its policy asks for it is `late_cancelled` and may cost something (features BK26). Raises
    ReasonMissing, WrongStage, FeeUndecided, FeeTooHigh, and NotAllowed when a fee is not this person's to waive.
    """
    return cancel_visit(work, request)


def cancel_visit(work: Work, request: LeaveVisit, *, batch_id: UUID | None = None, by_shop: bool = False) -> Stepped:
    """Cancel a visit as a part of something larger; the caller hands in the open session. Raises what `cancel` does.

    What the shop itself cancels is never late and costs nothing.
    """
    if not clean(request.reason):
        raise ReasonMissing
    hand = _held(work, request, Status.CANCELLED, "cancelled")
    late = not by_shop and fees.is_late(work, hand.visit, hand.lines)
    left = _leave(work, request, hand, Status.LATE_CANCELLED if late else Status.CANCELLED, batch_id)
    _keep_cancellation(work, request, hand, late=late)
    charged = "" if by_shop else fees.charge(work, hand.visit, hand.lines, "late_cancel", request)
    return replace(left, said=f"cancelled{' late' * late}{charged}")


@use_case(Deed.BOOK)
def put_back(work: Work, request: LeaveVisit) -> Stepped:
    """Undo the last step of a visit or of some lines: a check-in too many, a no-show who came after all.

    It needs a reason. Leaving an exit takes the time again, and is refused like a booking when somebody else has it;
    its fee is taken back. Raises ReasonMissing, WrongStage, StylistTaken, CustomerBusy, FeePaid.
    """
    reason = clean(request.reason)
    if not reason:
        raise ReasonMissing
    visit = freeing.visit_to_change(work, request.appointment_id)
    days = freeing.strip_days_of(work, [line.id for line in freeing.lines_of(work, visit.id)])
    slots.hold(work.session, days, customer_id=visit.customer_id)
    visit, all_lines = locked(work, visit.id)
    before = {line: status_before(steps) for line, steps in steps_of(work, visit.id).items()}
    was, stood = VisitState.of(visit, all_lines, None), Status(visit.status)
    able = [line for line in all_lines if before.get(line.id) is not None]
    lines = [line for line in able if not request.line_ids or line.id in request.line_ids]
    if not lines:
        status = Status(visit.status).words
        raise WrongStage(visit=visit.code, status=status, wish="put back", remedy="Nothing has happened to it yet.")
    returning = [line for line in lines if Status(line.status) in EXITS]
    cancelled = [line.id for line in returning if Status(line.status) is not Status.NO_SHOW]
    take_again(work, visit, returning)
    for line in lines:
        stepped = write(work, visit, [line], before[line.id] or Status.PENDING, reason=reason)
    work.tell("appointment.put_back", visit.id)
    if cancelled:
        forget_cancellation(work, visit.id, cancelled)
    if returning:
        fees.take_back(work, [line.id for line in returning])
    slots.rebuild(work.session, days, work.now)
    remember(work, Kind.PUT_BACK, visit, was, VisitState.of(visit, all_lines, None))
    return replace(stepped, was=stood, said=f"put back: {stepped.status.words}")


@use_case(Deed.SEE_BOOK)
def show(work: Work, request: ShowVisit) -> VisitSheet:
    """One visit with its lines and its story. Raises NotFound."""
    return sheet_of(work, request)


def _step(work: Work, request: StepVisit, wish: Status, word: str) -> Stepped:
    return _take(work, lines_for(work, request, wish, word), wish)


def _take(work: Work, hand: InHand, wish: Status) -> Stepped:
    visit, all_lines = hand.visit, hand.all_lines
    was = VisitState.of(visit, all_lines, None)
    stepped = write(work, visit, hand.lines, wish, reason=None)
    work.tell(f"appointment.{wish.value}", visit.id)
    remember(work, STEPS[wish], visit, was, VisitState.of(visit, all_lines, None))
    return replace(stepped, said=stepped.status.words)


def _held(work: Work, request: LeaveVisit, wish: Status, word: str) -> InHand:
    """The lines that leave, with their strips and their customer held."""
    visit = freeing.visit_to_change(work, request.appointment_id)
    ids = [line.id for line in freeing.lines_of(work, visit.id)]
    days = freeing.strip_days_of(work, [i for i in ids if not request.line_ids or i in request.line_ids])
    slots.hold(work.session, days, customer_id=visit.customer_id)
    return lines_for(work, request, wish, word)


def _leave(work: Work, request: LeaveVisit, hand: InHand, wish: Status, batch_id: UUID | None = None) -> Stepped:
    visit, ids = hand.visit, [line.id for line in hand.lines]
    was = VisitState.of(visit, hand.all_lines, None)
    freed = freeing.lift(work, ids)
    stepped = write(work, visit, hand.lines, wish, reason=clean(request.reason) or None)
    work.tell(f"appointment.{wish.value}", visit.id)
    protected = freeing.protect_overbooked(work, freed)
    slots.rebuild(work.session, list(freed.strip_days), work.now)
    after = VisitState.of(visit, hand.all_lines, None)
    remember(work, STEPS[wish], visit, replace(was, beside=protected), after, batch_id)
    return replace(stepped, protected=tuple(protected))


def _keep_cancellation(work: Work, request: LeaveVisit, hand: InHand, *, late: bool) -> None:
    visit = hand.visit
    reason = clean(request.reason)
    listed = work.session.execute(
        text("SELECT id FROM cancel_reasons WHERE lower(name) = lower(:reason)"), {"reason": reason}
    ).scalar()
    only = hand.lines[0].id if len(hand.lines) == 1 and len(hand.all_lines) > 1 else None
    work.session.add(
        AppointmentCancellation(
            shop_id=visit.shop_id,
            appointment_id=visit.id,
            appointment_service_id=only,
            customer_id=visit.customer_id,
            for_day=day_of(visit.starts_at, work.shop.timezone),
            cancelled_on=work.desk.today,
            cancelled_at=work.now,
            notice_minutes=fees.notice_of(work, visit),
            is_late=late,
            reason_id=listed,
            note="" if listed else reason,
            cancelled_by=work.actor.name,
        )
    )
    work.session.flush()
