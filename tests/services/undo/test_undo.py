"""Taking back what one did to the book, step by step, and doing it again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.rules.states import Status
from frontdesk.services.book.booking import MoveAppointment, move
from frontdesk.services.book.visits import (
    LeaveVisit,
    ShowVisit,
    Stepped,
    VisitSheet,
    arrive,
    cancel,
    confirm,
    finish,
    no_show,
    put_back,
    show,
    start,
)
from frontdesk.services.customers.customers import ShowCustomer, show_customer
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.undo.undo import RedoLast, UndoLast, Undone, redo_last, undo_last
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, MASSAGE, OLA, booked, march

BOOK = {
    "appointments": "to_jsonb(t) - 'updated_at' - 'version'",
    "appointment_services": "to_jsonb(t) - 'updated_at' - 'version'",
    "appointment_parts": "to_jsonb(t) - 'id'",
    "time_slots": "to_jsonb(t) - 'id' - 'part_id'",
    "appointment_cancellations": "to_jsonb(t) - 'taken_back_at' - 'id'",
}


def undo(desk: Desk) -> Undone:
    return undo_last(desk, UndoLast())


def redo(desk: Desk) -> Undone:
    return redo_last(desk, RedoLast())


def step(visit: int, reason: str = "") -> LeaveVisit:
    return LeaveVisit(appointment_id=visit, reason=reason)


def sheet(desk: Desk, visit: int) -> VisitSheet:
    return show(desk, ShowVisit(appointment_id=visit))


def book_of(desk: Desk) -> dict[str, list[str]]:
    """Everything that lies in the book, as text."""
    with transaction(desk) as session:
        return {
            table: sorted(session.execute(text(f"SELECT ({row})::text FROM {table} t")).scalars())
            for table, row in BOOK.items()
        }


def test_a_move_is_taken_back_and_done_again(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 15), (CUT, ANNA), (COLOUR, BO)).appointment_id
    before = book_of(ria)
    move(ria, MoveAppointment(appointment_id=visit, starts_at=march(11, 10)))
    after = book_of(ria)
    assert undo(ria) == Undone("Taken back: Jane Doe moved to Wed 11 Mar 10:00.", visit, march(10, 15))
    assert book_of(ria) == before
    assert redo(ria) == Undone("Done again: Jane Doe moved to Wed 11 Mar 10:00.", visit, march(11, 10))
    assert book_of(ria) == after


def test_a_move_to_somebody_else_comes_back_with_its_price(ria: Desk, mo: Desk) -> None:
    visit = booked(ria, JANE, march(10, 15)).appointment_id
    before = book_of(ria)
    move(ria, MoveAppointment(appointment_id=visit, starts_at=march(10, 15), stylist_id=BO))
    assert undo(ria).sentence == "Taken back: Jane Doe moved to Bo."
    assert book_of(ria) == before


def test_a_booking_leaves_the_book_and_comes_back(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 15)).appointment_id
    assert undo(ria) == Undone("Taken back: Jane Doe booked for 15:00.", visit, march(9, 15))
    assert sheet(ria, visit).status is Status.VOID
    other = booked(ria, KIM, march(9, 15))
    assert other.starts_at == march(9, 15), "the time is free again"
    with pytest.raises(errors.NothingToDoAgain):
        redo(ria)


def test_a_booking_is_done_again_where_it_was(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 15), (MASSAGE, BO)).appointment_id
    before = book_of(ria)
    undo(ria)
    assert redo(ria).sentence == "Done again: Jane Doe booked for 15:00."
    assert book_of(ria) == before
    assert [one.what for one in sheet(ria, visit).steps] == ["booked", "void", "pending"]


@pytest.mark.parametrize(
    ("take", "words"),
    [
        (confirm, "confirmed"),
        (arrive, "arrived"),
        (start, "started"),
        (finish, "finished"),
        (no_show, "marked as no-show"),
        (cancel, "cancelled"),
    ],
)
def test_every_step_is_taken_back_and_done_again(
    ria: Desk, take: Callable[[Desk, LeaveVisit], Stepped], words: str
) -> None:
    visit = booked(ria, JANE, march(9, 15), (COLOUR, ANNA)).appointment_id
    before = book_of(ria)
    take(ria, LeaveVisit(appointment_id=visit, reason="Ill"))
    after = book_of(ria)
    assert undo(ria).sentence == f"Taken back: Jane Doe {words}."
    assert {**book_of(ria), "appointment_cancellations": []} == before
    assert redo(ria).sentence == f"Done again: Jane Doe {words}."
    assert book_of(ria) == after


def test_repeated_presses_go_further_back_and_forward_again(ria: Desk, clock: SetClock) -> None:
    visit = booked(ria, JANE, march(9, 15)).appointment_id
    move(ria, MoveAppointment(appointment_id=visit, starts_at=march(9, 16)))
    clock.set(march(9, 15, 58))
    arrive(ria, step(visit))
    there = book_of(ria)
    clock.set(march(9, 16, 5))
    said = [undo(ria).sentence for _ in range(3)]
    assert said == [
        "Taken back: Jane Doe arrived.",
        "Taken back: Jane Doe moved to 16:00.",
        "Taken back: Jane Doe booked for 15:00.",
    ]
    with pytest.raises(errors.NothingToTakeBack, match="nothing of today to take back"):
        undo(ria)
    said = [redo(ria).sentence for _ in range(3)]
    assert said == [
        "Done again: Jane Doe booked for 15:00.",
        "Done again: Jane Doe moved to 16:00.",
        "Done again: Jane Doe arrived.",
    ]
    assert book_of(ria) == there, "she arrived when she arrived, not when it was done again"
    with pytest.raises(errors.NothingToDoAgain):
        redo(ria)


def test_nothing_can_be_done_again_after_something_new(ria: Desk) -> None:
    first = booked(ria, JANE, march(9, 15)).appointment_id
    confirm(ria, step(first))
    undo(ria)
    booked(ria, KIM, march(9, 11))
    with pytest.raises(errors.NothingToDoAgain):
        redo(ria)
    assert undo(ria).sentence == "Taken back: Kim Lee booked for 11:00."
    assert undo(ria).sentence == "Taken back: Jane Doe booked for 15:00."
    assert redo(ria).sentence == "Done again: Jane Doe booked for 15:00."


def test_a_step_put_back_by_hand_is_put_forward_again(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 15)).appointment_id
    no_show(ria, step(visit))
    missed = book_of(ria)
    put_back(ria, step(visit, "She came after all"))
    undo(ria)
    assert book_of(ria) == missed
    put_back(ria, step(visit, "She really came"))
    assert sheet(ria, visit).status is Status.PENDING


def test_nobody_takes_back_what_another_did(ria: Desk, mo: Desk) -> None:
    visit = booked(mo, JANE, march(9, 15)).appointment_id
    with pytest.raises(errors.NothingToTakeBack):
        undo(ria)
    confirm(ria, step(visit))
    undo(ria)
    assert undo(mo).appointment_id == visit, "what came and went between does not stand in the way"


def test_what_another_changed_since_stays_and_they_are_named(ria: Desk, mo: Desk) -> None:
    visit = booked(ria, JANE, march(9, 15))
    move(mo, MoveAppointment(appointment_id=visit.appointment_id, starts_at=march(9, 16)))
    with pytest.raises(
        errors.ChangedMeanwhile, match=f"Mo has changed visit {visit.code} of Jane Doe since you booked"
    ):
        undo(ria)
    assert sheet(ria, visit.appointment_id).starts_at == march(9, 16)


def test_going_past_what_was_refused(ria: Desk, mo: Desk) -> None:
    other = booked(ria, KIM, march(9, 11)).appointment_id
    visit = booked(ria, JANE, march(9, 15)).appointment_id
    confirm(mo, step(visit))
    with pytest.raises(errors.ChangedSince) as refused:
        undo(ria)
    gone = undo_last(ria, UndoLast(older_than=int(str(refused.value.facts["action"]))))
    assert gone.appointment_id == other


def test_a_time_that_another_has_by_now_is_refused_in_words(ria: Desk, mo: Desk) -> None:
    visit = booked(ria, JANE, march(9, 15)).appointment_id
    move(ria, MoveAppointment(appointment_id=visit, starts_at=march(9, 16)))
    booked(mo, KIM, march(9, 15))
    with pytest.raises(errors.StylistTaken, match=r"Anna is taken 15:00–15:45 by Kim Lee \(booked by Mo") as refused:
        undo(ria)
    assert "Free next" in refused.value.sentence
    assert sheet(ria, visit).starts_at == march(9, 16)


def test_an_exit_is_taken_back_only_while_the_time_is_free(ria: Desk, mo: Desk) -> None:
    visit = booked(ria, JANE, march(9, 15)).appointment_id
    cancel(ria, step(visit, "Ill"))
    booked(mo, KIM, march(9, 15, 30))
    with pytest.raises(errors.StylistTaken):
        undo(ria)
    assert sheet(ria, visit).status is Status.CANCELLED


def test_a_customer_who_is_elsewhere_by_now_stays_there(ria: Desk, mo: Desk) -> None:
    visit = booked(ria, JANE, march(9, 15)).appointment_id
    no_show(ria, step(visit))
    booked(mo, JANE, march(9, 15), (CUT, BO))
    with pytest.raises(errors.CustomerBusy):
        undo(ria)


def test_a_paid_visit_is_not_taken_back_from_the_book(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 9))
    finish(ria, step(visit.appointment_id))
    check_out(ria, CheckOut(appointment_ids=(visit.appointment_id,), tenders=(Pay(method="cash"),)))
    with pytest.raises(errors.AlreadyPaid, match=f"{visit.code} of Jane Doe is paid.*Void or refund its ticket"):
        undo(ria)
    assert sheet(ria, visit.appointment_id).status is Status.COMPLETED


def test_what_was_paid_before_may_still_be_checked_out_of_the_shop(ria: Desk, clock: SetClock) -> None:
    visit = booked(ria, JANE, march(9, 15)).appointment_id
    check_out(ria, CheckOut(appointment_ids=(visit,), tenders=(Pay(method="cash"),)))
    clock.set(march(9, 14, 55))
    arrive(ria, step(visit))
    assert undo(ria).sentence == "Taken back: Jane Doe arrived."
    with pytest.raises(errors.PaidSince):
        undo(ria)


def test_a_cancellation_taken_back_counts_for_nothing(ria: Desk) -> None:
    def counted() -> int:
        return show_customer(ria, ShowCustomer(customer_id=JANE)).cancellations

    visit = booked(ria, JANE, march(9, 15)).appointment_id
    cancel(ria, step(visit, "Ill"))
    assert counted() == 1
    undo(ria)
    assert counted() == 0
    redo(ria)
    assert counted() == 1
    put_back(ria, step(visit, "Better again"))
    assert counted() == 0


def test_an_overbooked_visit_comes_back_overbooked(ria: Desk, mo: Desk) -> None:
    booked(ria, JANE, march(9, 15))
    squeezed = booked(mo, KIM, march(9, 15), (CUT, ANNA), overbook_reason="A wedding").appointment_id
    before = book_of(mo)
    move(mo, MoveAppointment(appointment_id=squeezed, starts_at=march(9, 16)))
    undo(mo)
    assert book_of(mo) == before
    no_show(mo, step(squeezed))
    undo(mo)
    assert book_of(mo) == before


def test_freed_time_goes_first_to_whoever_waits_on_it_and_back(ria: Desk, mo: Desk) -> None:
    booked(ria, JANE, march(9, 15))
    waiting = booked(mo, KIM, march(9, 15), (CUT, ANNA), overbook_reason="A wedding").appointment_id
    before = book_of(mo)
    undo(ria)
    assert sheet(ria, waiting).lines[0].overbook_reason is None
    redo(ria)
    assert book_of(mo) == before, "who only got the time because it was free waits again"


@pytest.mark.parametrize("leave", ["move", "cancel"])
def test_who_got_the_time_when_it_was_left_waits_again(ria: Desk, mo: Desk, leave: str) -> None:
    visit = booked(ria, JANE, march(9, 15)).appointment_id
    booked(mo, KIM, march(9, 15), (CUT, ANNA), overbook_reason="A wedding")
    before = book_of(mo)
    if leave == "move":
        move(ria, MoveAppointment(appointment_id=visit, starts_at=march(9, 11)))
    else:
        cancel(ria, step(visit, "Ill"))
    assert undo(ria).starts_at == march(9, 15)
    assert {**book_of(mo), "appointment_cancellations": []} == before


def test_who_moved_on_with_the_time_they_got_is_left_alone(ria: Desk, mo: Desk) -> None:
    visit = booked(ria, JANE, march(9, 15)).appointment_id
    waiting = booked(mo, KIM, march(9, 15), (CUT, ANNA), overbook_reason="A wedding").appointment_id
    move(ria, MoveAppointment(appointment_id=visit, starts_at=march(9, 11)))
    move(mo, MoveAppointment(appointment_id=waiting, starts_at=march(9, 16)))
    undo(ria)
    assert sheet(ria, waiting).lines[0].overbook_reason is None


def test_yesterday_is_not_taken_back(ria: Desk, clock: SetClock) -> None:
    booked(ria, JANE, march(10, 15))
    clock.set(march(10, 9))
    with pytest.raises(errors.NothingToTakeBack):
        undo(ria)


def test_a_stylist_takes_back_what_a_stylist_does(ria: Desk, anna: Desk) -> None:
    visit = booked(ria, JANE, march(9, 15)).appointment_id
    start(anna, step(visit))
    assert undo(anna).sentence == "Taken back: Jane Doe started."
    assert redo(anna).sentence == "Done again: Jane Doe started."


def test_no_personal_data_lies_in_what_is_remembered(ria: Desk) -> None:
    booked(ria, JANE, march(9, 15), (CUT, ANNA), (BLOW_DRY, BO))
    with transaction(ria) as session:
        kept = session.execute(text("SELECT before::text || after::text FROM booking_actions")).scalar_one()
    assert "Jane" not in kept
    assert "Doe" not in kept


def test_the_same_press_sent_twice_is_one(ria: Desk) -> None:
    booked(ria, OLA, march(9, 11))
    booked(ria, JANE, march(9, 15))
    press = UndoLast()
    assert undo_last(ria, press) == undo_last(ria, press)
    assert undo(ria).sentence == "Taken back: Ola Berg booked for 11:00."


def test_the_doctor_finds_nothing_after_a_day_of_second_thoughts(mo: Desk) -> None:
    visit = booked(mo, JANE, march(9, 15), (MASSAGE, BO)).appointment_id
    booked(mo, KIM, march(9, 15), (CUT, BO), overbook_reason="A wedding")
    move(mo, MoveAppointment(appointment_id=visit, starts_at=march(9, 11)))
    cancel(mo, step(visit, "Ill"))
    for press in (undo, undo, redo, redo, undo, undo, undo, undo, redo):
        with suppress(errors.Refusal):
            press(mo)
        assert examine_data(mo, ExamineData()).findings == ()
