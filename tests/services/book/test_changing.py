"""Lines made otherwise while their visit stays: service, length, price, hands, one more and one less."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.rules.states import Status
from frontdesk.services.book.adding import AddLine, add_line
from frontdesk.services.book.changing import (
    ChangeLine,
    DropLine,
    HandOver,
    Resize,
    change_line,
    drop_line,
    hand_over,
    resize,
)
from frontdesk.services.book.visits import StepVisit, finish, start
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.undo.undo import RedoLast, UndoLast, redo_last, undo_last
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, MASSAGE, OLA, booked, march
from tests.services.undo.test_undo import book_of, sheet


def line_of(desk: Desk, visit: int, at: int = 0) -> int:
    return sheet(desk, visit).lines[at].id


def busy(desk: Desk, resource: int, day: int = 10) -> list[str]:
    """When somebody is busy, by the clock."""
    asked = text("""
        SELECT to_char(starts_at, 'HH24:MI') || '-' || to_char(ends_at, 'HH24:MI') FROM time_slots
         WHERE resource_id = :resource AND status = 'booked' AND starts_at::date = :day ORDER BY starts_at
    """)
    with transaction(desk) as session:
        return list(session.execute(asked, {"resource": resource, "day": march(day, 0).date()}).scalars())


def taken_back(desk: Desk, before: object, sentence: str) -> None:
    """The stroke goes and comes again, and what was before is so again."""
    after = book_of(desk)
    assert undo_last(desk, UndoLast()).sentence == f"Taken back: {sentence}."
    assert book_of(desk) == before
    redo_last(desk, RedoLast())
    assert book_of(desk) == after


def test_another_service_in_mid_visit_is_the_same_line(ria: Desk, mo: Desk) -> None:
    visit = booked(ria, JANE, march(9, 9), (BLOW_DRY, ANNA), (CUT, BO), outside_hours=True).appointment_id
    start(ria, StepVisit(appointment_id=visit, line_ids=(line_of(ria, visit),)))
    before = book_of(ria)
    changed = change_line(ria, ChangeLine(line_id=line_of(ria, visit), service_id=CUT))
    assert [(line.service, line.price, line.starts_at, line.ends_at) for line in changed.lines] == [
        ("Cut", Decimal(50), march(9, 9), march(9, 9, 45)),
        ("Cut", Decimal(50), march(9, 9, 45), march(9, 10, 30)),
    ]
    assert changed.lines[0].status is Status.IN_SERVICE
    assert examine_data(mo, ExamineData()).findings == ()
    taken_back(ria, before, "Jane Doe changed")


def test_price_minutes_and_stylist_of_one_visit_alone(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 10), (CUT, ANNA)).appointment_id
    line, before = line_of(ria, visit), book_of(ria)
    change_line(ria, ChangeLine(line_id=line, minutes=60, price=Decimal(42)))
    change_line(ria, ChangeLine(line_id=line, stylist_id=BO))
    now = sheet(ria, visit)
    assert (now.lines[0].stylist, now.lines[0].price, now.ends_at) == ("Bo", Decimal(42), march(10, 11))
    assert (busy(ria, ANNA), busy(ria, BO)) == ([], ["10:00-11:00"])
    undo_last(ria, UndoLast())
    undo_last(ria, UndoLast())
    assert book_of(ria) == before
    for minutes in (0, -5):
        with pytest.raises(errors.BadInput, match="at least"):
            change_line(ria, ChangeLine(line_id=line, minutes=minutes))
    with pytest.raises(errors.BadInput, match="below zero"):
        change_line(ria, ChangeLine(line_id=line, price=Decimal(-1)))
    with pytest.raises(errors.BadInput, match="shall be otherwise"):
        change_line(ria, ChangeLine(line_id=line))


def test_a_line_is_stretched_and_shrunk_and_what_follows_moves_with_it(ria: Desk, mo: Desk) -> None:
    visit = booked(ria, JANE, march(10, 10), (CUT, ANNA), (BLOW_DRY, BO)).appointment_id
    line, before = line_of(ria, visit), book_of(ria)
    longer = resize(ria, Resize(line_id=line, ends_at=march(10, 11)))
    assert [(each.starts_at, each.ends_at) for each in longer.lines] == [
        (march(10, 10), march(10, 11)),
        (march(10, 11), march(10, 11, 30)),
    ]
    shorter = resize(ria, Resize(line_id=line, ends_at=march(10, 10, 30)))
    assert (shorter.ends_at, busy(ria, BO)) == (march(10, 11), ["10:30-11:00"])
    assert examine_data(mo, ExamineData()).findings == ()
    undo_last(ria, UndoLast())
    taken_back(ria, before, "Jane Doe given another length")


def test_a_stretch_meets_the_next_one_and_the_end_of_the_day(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 10), (CUT, ANNA)).appointment_id
    booked(ria, KIM, march(10, 11), (CUT, ANNA))
    line = line_of(ria, visit)
    with pytest.raises(errors.StylistTaken, match="11:00–11:45 by Kim Lee"):
        resize(ria, Resize(line_id=line, ends_at=march(10, 11, 15)))
    with pytest.raises(errors.BadInput, match="Cut takes at least 1 minutes"):
        resize(ria, Resize(line_id=line, ends_at=march(10, 10)))
    late = booked(ria, OLA, march(10, 16, 15), (CUT, ANNA)).appointment_id
    with pytest.raises(errors.OutsideShift, match="finishes at 17:00"):
        resize(ria, Resize(line_id=line_of(ria, late), ends_at=march(10, 17, 15)))
    resize(ria, Resize(line_id=line_of(ria, late), ends_at=march(10, 17, 15), outside_hours=True))
    resize(ria, Resize(line_id=line_of(ria, late), ends_at=march(10, 17, 10)))


def test_work_that_changes_hands_is_split_at_that_minute(ria: Desk, mo: Desk, clock: SetClock) -> None:
    visit = booked(ria, JANE, march(10, 10), (COLOUR, ANNA)).appointment_id
    line, before = line_of(ria, visit), book_of(ria)
    handed = hand_over(ria, HandOver(line_id=line, stylist_id=BO, at=march(10, 10, 20)))
    assert handed.lines[0].stylist_id == ANNA
    assert (busy(ria, ANNA), busy(ria, BO)) == (["10:00-10:20"], ["10:20-10:30", "11:15-11:45"])
    with transaction(ria) as session:
        parts = session.execute(text("SELECT position, role, resource_id FROM appointment_parts ORDER BY position"))
        assert [tuple(part) for part in parts] == [(1, "lead", 1), (2, "lead", 2), (3, "nobody", None), (4, "lead", 2)]
    assert examine_data(mo, ExamineData()).findings == ()
    taken_back(ria, before, "Jane Doe handed over")
    with pytest.raises(errors.BadInput, match="while it lasts"):
        hand_over(ria, HandOver(line_id=line, stylist_id=BO))
    massage = booked(ria, KIM, march(10, 13), (MASSAGE, ANNA)).appointment_id
    booked(ria, OLA, march(10, 13, 30), (CUT, BO))
    with pytest.raises(errors.StylistTaken, match="Bo is taken 13:30–14:15 by Ola Berg"):
        hand_over(ria, HandOver(line_id=line_of(ria, massage), stylist_id=BO, at=march(10, 13, 20)))


def test_a_line_is_added_and_another_dropped(ria: Desk, mo: Desk) -> None:
    visit = booked(ria, JANE, march(10, 10), (CUT, ANNA)).appointment_id
    before = book_of(ria)
    added = add_line(ria, AddLine(appointment_id=visit, service_id=BLOW_DRY))
    assert [(line.service, line.starts_at, line.stylist_id) for line in added.lines] == [
        ("Cut", march(10, 10), ANNA),
        ("Blow-dry", march(10, 10, 45), ANNA),
    ]
    assert added.ends_at == march(10, 11, 15)
    dropped = drop_line(ria, DropLine(line_id=added.lines[1].line_id, reason="No time"))
    assert (dropped.ends_at, dropped.lines[1].status, busy(ria, ANNA)) == (
        march(10, 10, 45),
        Status.CANCELLED,
        ["10:00-10:45"],
    )
    with transaction(ria) as session:
        assert session.execute(text("SELECT count(*) FROM appointment_cancellations")).scalar() == 0
        assert session.execute(text("SELECT count(*) FROM appointment_fees")).scalar() == 0
    with pytest.raises(errors.OnlyLine, match="Cancel the visit instead"):
        drop_line(ria, DropLine(line_id=added.lines[0].line_id, reason="No time"))
    assert examine_data(mo, ExamineData()).findings == ()
    undo_last(ria, UndoLast())
    assert undo_last(ria, UndoLast()).sentence == "Taken back: Jane Doe given one more service."
    kept = book_of(ria)
    assert {table: rows for table, rows in kept.items() if table != "appointment_services"} | {
        "appointment_services": [row for row in kept["appointment_services"] if '"void"' not in row]
    } == before
    redo_last(ria, RedoLast())
    assert busy(ria, ANNA) == ["10:00-10:45", "10:45-11:15"]


def test_one_more_goes_to_whoever_is_free(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 10), (CUT, ANNA)).appointment_id
    booked(ria, KIM, march(10, 11), (CUT, ANNA))
    assert add_line(ria, AddLine(appointment_id=visit, service_id=BLOW_DRY)).lines[1].stylist_id == BO
    with pytest.raises(errors.StylistTaken, match="Anna is taken"):
        add_line(ria, AddLine(appointment_id=visit, service_id=CUT, stylist_id=ANNA))


PAID: list[Callable[[Desk, int], object]] = [
    lambda desk, line: change_line(desk, ChangeLine(line_id=line, service_id=COLOUR)),
    lambda desk, line: change_line(desk, ChangeLine(line_id=line, price=Decimal(1))),
    lambda desk, line: resize(desk, Resize(line_id=line, ends_at=march(10, 10, 30))),
    lambda desk, line: hand_over(desk, HandOver(line_id=line, stylist_id=BO, at=march(10, 10, 20))),
    lambda desk, line: drop_line(desk, DropLine(line_id=line, reason="Oh")),
]


def test_no_way_of_changing_a_line_leaves_its_ticket_alone_in_the_world(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 10), (CUT, ANNA), (BLOW_DRY, BO)).appointment_id
    line = line_of(ria, visit)
    check_out(ria, CheckOut(appointment_ids=(visit,), tenders=(Pay(method="cash"),)))
    before = book_of(ria)
    for change in PAID:
        with pytest.raises(errors.LinePaid, match="Refund it at the till first"):
            change(ria, line)
    assert book_of(ria) == before


def test_price_length_and_ticket_follow_a_service_that_was_changed(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 10), (CUT, ANNA)).appointment_id
    line = line_of(ria, visit)
    change_line(ria, ChangeLine(line_id=line, service_id=COLOUR))
    finish(ria, StepVisit(appointment_id=visit))
    check_out(ria, CheckOut(appointment_ids=(visit,), tenders=(Pay(method="cash"),)))
    with transaction(ria) as session:
        sold = session.execute(text("SELECT appointment_service_id, service_id, name, total FROM sale_lines")).one()
        orphans = session.execute(
            text("""
            SELECT count(*) FROM appointments a WHERE NOT EXISTS (
                SELECT FROM appointment_services l WHERE l.appointment_id = a.id AND l.status <> 'void')
        """)
        ).scalar()
    assert (tuple(sold), orphans) == ((line, COLOUR, "Colour", Decimal(120)), 0)


def test_what_is_over_stays_as_it_was(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 10), (CUT, ANNA)).appointment_id
    finish(ria, StepVisit(appointment_id=visit))
    line = line_of(ria, visit)
    with pytest.raises(errors.LineAway, match="is completed: it can't be resized"):
        resize(ria, Resize(line_id=line, ends_at=march(10, 11)))
    with pytest.raises(errors.WrongStage):
        add_line(ria, AddLine(appointment_id=visit, service_id=CUT))
    assert change_line(ria, ChangeLine(line_id=line, price=Decimal(10))).lines[0].price == Decimal(10)
    with pytest.raises(errors.NotFound):
        resize(ria, Resize(line_id=12345, ends_at=march(10, 11)))
