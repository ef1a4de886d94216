"""Taking visits from state to state. Private to the services that do so, which hand in the open session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.errors import WrongStage
from frontdesk.rules.states import EXITS, STAGES, Status, Step, is_backwards, may_become, visit_status, way_taken
from frontdesk.services.book.restoring import step
from frontdesk.services.placing import freeing
from frontdesk.services.use_case import Work, Write
from frontdesk.tables.appointments import Appointment, AppointmentService

DONE_AGAIN = "done again"
"""The reason with which `undo` writes a step that is not taken back but repeated."""


@dataclass(frozen=True, kw_only=True)
class StepVisit(Write):
    """The next step of a visit, or of some of its lines."""

    appointment_id: int
    line_ids: tuple[int, ...] = ()
    """All lines for which the step makes sense, when none is named."""


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
    said: str = ""
    """What has happened, as the desk says it: `arrived 09:58 (2 min early)`."""


def took_back(reason: str | None) -> bool:
    """Whether a step with this reason undid another: forward steps of a service have none."""
    return reason not in (None, DONE_AGAIN)


@dataclass(frozen=True)
class InHand:
    """A visit, locked against other terminals, its lines that take the step, and all its lines."""

    visit: Appointment
    lines: list[AppointmentService]
    all_lines: list[AppointmentService]


def locked(work: Work, appointment_id: int) -> tuple[Appointment, list[AppointmentService]]:
    """A visit and its lines as they are now, nobody else changing them. Raises NotFound."""
    visit = freeing.visit_to_change(work, appointment_id)
    work.session.refresh(visit, with_for_update=True)
    lines = freeing.lines_of(work, visit.id)
    for line in lines:
        work.session.refresh(line)
    return visit, lines


def lines_for(work: Work, request: StepVisit, wish: Status, word: str) -> InHand:
    """The visit with the lines that may take a step. Raises NotFound, WrongStage."""
    visit, lines = locked(work, request.appointment_id)
    chosen = [line for line in lines if not request.line_ids or line.id in request.line_ids]
    able = [line for line in chosen if may_become(Status(line.status), wish)]
    if not able or (request.line_ids and len(able) < len(request.line_ids)):
        status = Status(visit.status)
        raise WrongStage(visit=visit.code, status=status.words, wish=word, remedy=remedy_for(status))
    return InHand(visit, able, lines)


def remedy_for(status: Status) -> str:
    """What to do about a visit that is past a step."""
    if status in EXITS:
        return "Book a new visit."
    return _NEXT[status]


_NEXT = {
    Status.PENDING: "Its next step is to be confirmed, or to arrive.",
    Status.CONFIRMED: "Its next step is to arrive.",
    Status.ARRIVED: "Its next step is to be started.",
    Status.IN_SERVICE: "Its next step is to be finished.",
    Status.PROCESSING: "Its next step is to be taken on, or finished.",
    Status.COMPLETED: "It is done already.",
}


def steps_of(work: Work, appointment_id: int) -> dict[int, list[Step]]:
    """Every step of every line, in order."""
    steps: dict[int, list[Step]] = {}
    for row in work.session.execute(_LINE_STEPS, {"id": appointment_id}):
        taken = Step(Status(row.from_status), Status(row.to_status), took_back(row.reason), row.at)
        steps.setdefault(row.line_id, []).append(taken)
    return steps


_LINE_STEPS = text("""
    SELECT appointment_service_id AS line_id, from_status, to_status, reason, at FROM appointment_status_history
     WHERE appointment_id = :id AND appointment_service_id IS NOT NULL AND from_status IS NOT NULL
     ORDER BY at, id
""")


def processed(work: Work, appointment_id: int) -> dict[int, tuple[int, int]]:
    """By line: how many of its processings are over or under way, and how many its plan has."""
    walked = steps_of(work, appointment_id)
    planned = work.session.execute(_PROCESSINGS, {"id": appointment_id})
    return {
        row.line_id: (
            sum(stay.status is Status.PROCESSING for stay in way_taken(walked.get(row.line_id, ()))),
            row.processings,
        )
        for row in planned
    }


_PROCESSINGS = text("""
    SELECT l.id AS line_id, count(DISTINCT p.position) AS processings
      FROM appointment_services l
      LEFT JOIN appointment_parts p ON p.appointment_service_id = l.id AND p.kind = 'processing'
     WHERE l.appointment_id = :id GROUP BY l.id
""")

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


def write(
    work: Work, visit: Appointment, lines: Sequence[AppointmentService], wish: Status, *, reason: str | None
) -> Stepped:
    """Take the step, line by line; the visit's own state follows."""
    was = Status(visit.status)
    for line in lines:
        _stamp(line, wish, work.now)
        step(work, line, wish, reason)
    work.session.flush()
    visit.status = visit_status(Status(line.status) for line in freeing.lines_of(work, visit.id))
    visit.version += 1
    work.session.flush()
    return Stepped(visit.id, visit.code, freeing.customer_of(work, visit), was, Status(visit.status))
