"""Who did what to a visit or to a customer, in words."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.services.book.adding import AddLine, add_line
from frontdesk.services.book.booking import MoveAppointment, move
from frontdesk.services.book.changing import Resize, resize
from frontdesk.services.book.swapping import SwapVisits, swap
from frontdesk.services.book.visits import (
    LeaveVisit,
    ShowVisit,
    StepVisit,
    arrive,
    cancel,
    finish,
    put_back,
    show,
    start,
)
from frontdesk.services.customers.customers import ArchiveCustomer, EditCustomer, archive_customer, edit_customer
from frontdesk.services.records.history import Story, TellStory, tell_story
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.undo.undo import UndoLast, undo_last
from tests.services.desks import ANNA, BLOW_DRY, BO, CUT, JANE, KIM, booked, march


def told(desk: Desk, visit: int) -> list[tuple[str, str]]:
    return [(line.who, line.sentence) for line in story_of(desk, visit).lines]


def story_of(desk: Desk, visit: int) -> Story:
    return tell_story(desk, TellStory(appointment_id=visit))


def test_a_visit_tells_its_way_with_reasons(ria: Desk, mo: Desk) -> None:
    visit = booked(ria, JANE, march(10, 15))
    number = visit.appointment_id
    move(mo, MoveAppointment(appointment_id=number, starts_at=march(10, 15, 45)))
    move(mo, MoveAppointment(appointment_id=number, starts_at=march(11, 10), stylist_id=BO))
    arrive(ria, StepVisit(appointment_id=number))
    put_back(ria, LeaveVisit(appointment_id=number, reason="Somebody else"))
    cancel(ria, LeaveVisit(appointment_id=number, reason="Ill"))
    undo_last(ria, UndoLast())
    assert told(ria, number) == [
        ("Ria", "booked for Tue 10 Mar 15:00: Cut with Anna"),
        ("Mo", "moved from Tue 10 Mar 15:00 to 15:45"),
        ("Mo", "moved from Tue 10 Mar 15:45 to Wed 11 Mar 10:00"),
        ("Mo", "from Anna to Bo"),
        ("Ria", "arrived"),
        ("Ria", "back to pending: Somebody else"),
        ("Ria", "cancelled: Ill"),
        ("Ria", "back to pending: taken back"),
    ]
    assert story_of(ria, number).title == f"{visit.code}  Jane Doe"


def test_what_concerns_one_line_names_it_and_what_concerns_all_does_not(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 15), (CUT, ANNA), (BLOW_DRY, BO)).appointment_id
    first, _ = show(ria, ShowVisit(appointment_id=visit)).lines
    arrive(ria, StepVisit(appointment_id=visit))
    start(ria, StepVisit(appointment_id=visit, line_ids=(first.id,)))
    assert [words for _, words in told(ria, visit)] == [
        "booked for Mon 9 Mar 15:00: Cut with Anna, Blow-dry with Bo",
        "arrived",
        "Cut: started",
    ]


def test_prices_and_notes_are_told(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 15)).appointment_id
    with transaction(ria, uuid4()) as session:
        session.execute(text("UPDATE appointment_services SET price = 45 WHERE appointment_id = :id"), {"id": visit})
        session.execute(text("UPDATE appointments SET notes = E'Fringe\\nonly' WHERE id = :id"), {"id": visit})
    assert [words for _, words in told(ria, visit)][1:] == ["price 50.00 → 45.00", 'note "Fringe only"']


def test_the_ticket_is_told_to_who_may_see_tickets(ria: Desk, anna: Desk) -> None:
    visit = booked(ria, JANE, march(9, 9)).appointment_id
    finish(ria, StepVisit(appointment_id=visit))
    check_out(ria, CheckOut(appointment_ids=(visit,), tenders=(Pay(method="cash"),)))
    assert [words for _, words in told(ria, visit)][1:] == ["finished", "paid, ticket 1"]
    assert [words for _, words in told(anna, visit)][1:] == ["finished"]


def test_a_visit_without_history_tells_its_steps(ria: Desk) -> None:
    """As one that came with an import, whose steps are older than its history."""
    visit = booked(ria, JANE, march(9, 9)).appointment_id
    with transaction(ria, uuid4()) as session:
        session.execute(
            text(
                "INSERT INTO appointment_status_history"
                " (appointment_id, appointment_service_id, from_status, to_status, at, user_id)"
                " SELECT :id, id, 'pending', 'confirmed', '2026-03-08 10:00Z', NULL"
                " FROM appointment_services WHERE appointment_id = :id"
            ),
            {"id": visit},
        )
    line = story_of(ria, visit).lines[0]
    assert (line.at, line.who, line.sentence) == (march(8, 10), "another system", "confirmed")


def test_a_customer_tells_which_fields_changed_and_no_number(ria: Desk, mo: Desk) -> None:
    edit_customer(
        ria,
        EditCustomer(
            customer_id=JANE, version=1, first_name="Jane", last_name="Day", phone="+447700900999", notes="Allergic"
        ),
    )
    archive_customer(mo, ArchiveCustomer(customer_id=JANE))
    story = tell_story(ria, TellStory(customer_id=JANE))
    assert story.title == "Jane Day"
    assert [(line.who, line.sentence) for line in story.lines if not line.who.startswith("sql:")] == [
        ("Ria", "name Doe → Day, telephone, notes"),
        ("Mo", "taken out of the search"),
    ]
    said = " ".join(line.sentence for line in story.lines)
    assert "900" not in said
    assert "Allergic" not in said


def test_an_erased_customer_has_no_former_name(ria: Desk) -> None:
    edit_customer(ria, EditCustomer(customer_id=JANE, version=1, first_name="Jane", last_name="Day"))
    with transaction(ria, uuid4()) as session:
        session.execute(text("UPDATE customers SET erased_at = now(), last_name = '' WHERE id = :id"), {"id": JANE})
    said = " ".join(line.sentence for line in tell_story(ria, TellStory(customer_id=JANE)).lines)
    assert "Doe" not in said
    assert "Day" not in said
    assert "erased" in said


def test_it_has_to_be_said_whose(ria: Desk) -> None:
    with pytest.raises(errors.BadInput):
        tell_story(ria, TellStory())
    with pytest.raises(errors.NotFound):
        story_of(ria, 99999)


def test_a_visit_tells_what_was_changed_in_it(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 10)).appointment_id
    line = show(ria, ShowVisit(appointment_id=visit)).lines[0].id
    add_line(ria, AddLine(appointment_id=visit, service_id=BLOW_DRY))
    resize(ria, Resize(line_id=line, ends_at=march(10, 11)))
    swap(ria, SwapVisits(appointment_id=visit, other_id=booked(ria, KIM, march(10, 15), (CUT, BO)).appointment_id))
    said = " | ".join(words for _, words in told(ria, visit))
    for words in ("Blow-dry with Anna", "until 11:15", "until 11:30", "moved from Tue 10 Mar 10:00 to 15:00"):
        assert words in said, said
    assert "back to pending" not in said
