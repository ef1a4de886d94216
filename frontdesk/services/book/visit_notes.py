"""What the stylist should know about a visit, written after it was booked, too."""

from __future__ import annotations

from dataclasses import dataclass

from frontdesk.permissions import Deed
from frontdesk.services.meanwhile import refuse_changed
from frontdesk.services.placing import freeing
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.text import clean_lines


@dataclass(frozen=True, kw_only=True)
class WriteNotes(Write):
    """A visit's notes, all of them."""

    appointment_id: int
    notes: str
    version: int | None = None
    """The visit's version that was seen."""


@dataclass(frozen=True)
class NotesWritten:
    """What stands there now."""

    appointment_id: int
    customer: str
    notes: str
    version: int


@use_case(Deed.SERVE)
def write_notes(work: Work, request: WriteNotes) -> NotesWritten:
    """Write a visit's notes anew; what they were is in its history, which `u` does not reach. Raises NotFound,
    ChangedMeanwhile."""
    visit = freeing.visit_to_change(work, request.appointment_id)
    work.session.refresh(visit, with_for_update=True)
    seen = visit.version if request.version is None else request.version
    refuse_changed(work, "appointments", visit.id, seen=seen, found=visit.version)
    visit.notes = clean_lines(request.notes)
    visit.version += 1
    work.session.flush()
    work.tell("appointment.changed", visit.id)
    return NotesWritten(visit.id, freeing.customer_of(work, visit), visit.notes, visit.version)
