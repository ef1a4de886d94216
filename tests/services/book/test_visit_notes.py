"""Notes of a visit, written after it was booked."""

from __future__ import annotations

import pytest

from frontdesk.desk import Desk
from frontdesk.errors import ChangedMeanwhile, NotFound
from frontdesk.services.book.visit_notes import WriteNotes, write_notes
from frontdesk.services.book.visits import ShowVisit, show
from frontdesk.services.sheets.day import ShowDay, show_day
from tests.services.desks import JANE, booked, march


def test_notes_are_written_and_nobody_overwrites_what_they_have_not_seen(ria: Desk, mo: Desk) -> None:
    visit = booked(ria, JANE, march(10, 10)).appointment_id
    written = write_notes(ria, WriteNotes(appointment_id=visit, notes=" likes it\x1b short \n\n", version=1))
    assert (written.notes, written.customer) == ("likes it short", "Jane Doe")
    assert show(ria, ShowVisit(appointment_id=visit)).notes == "likes it short"
    (entry,) = show_day(ria, ShowDay(day=march(10, 10).date())).entries
    assert entry.notes
    with pytest.raises(ChangedMeanwhile):
        write_notes(mo, WriteNotes(appointment_id=visit, notes="something else", version=1))
    with pytest.raises(NotFound):
        write_notes(mo, WriteNotes(appointment_id=999, notes=""))
