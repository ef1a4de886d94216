"""The day sheet: what a screen draws without asking again."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from sqlalchemy import Engine, event, text

from frontdesk.clock import SetClock
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.services.book.booking import BookAppointment, BookLine, book
from frontdesk.services.book.visits import StepVisit, arrive, start
from frontdesk.services.sheets.day import DayBlock, DayColumn, ShowDay, View, show_day
from frontdesk.services.team.roster import Shift
from frontdesk.services.team.shop_hours import AddClosure, add_closure
from frontdesk.services.team.stylists import AddStylist, add_stylist
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, MASSAGE, OLA, booked, march

TUESDAY = dt.date(2026, 3, 10)


def column(desk: Desk, name: str, day: dt.date = TUESDAY) -> DayColumn:
    return next(one for one in show_day(desk, ShowDay(day=day)).columns if one.name == name)


def test_a_column_knows_what_is_free_and_when_next(ria: Desk, clock: SetClock) -> None:
    booked(ria, JANE, march(10, 10), (CUT, ANNA))
    assert column(ria, "Anna").free == (
        (march(10, 9), march(10, 10)),
        (march(10, 10, 45), march(10, 17)),
    )
    assert column(ria, "Anna").next_free == march(10, 9)
    clock.set(march(10, 9, 50) + dt.timedelta(seconds=30))
    assert column(ria, "Anna").next_free == march(10, 10, 45), "nine minutes are no slot"
    clock.set(march(10, 11, 7))
    assert column(ria, "Anna").next_free == march(10, 11, 7)
    clock.set(march(11, 9))
    assert column(ria, "Anna").next_free is None


def test_an_entry_carries_what_a_screen_asks_of_it(ria: Desk, clock: SetClock) -> None:
    visit = book(
        ria,
        BookAppointment(
            customer_id=JANE,
            lines=(BookLine(service_id=CUT, stylist_id=ANNA),),
            starts_at=march(10, 10),
            notes="Wants a fringe",
        ),
    )
    clock.set(march(10, 9, 55))
    arrive(ria, StepVisit(appointment_id=visit.appointment_id))
    (entry,) = column(ria, "Anna").entries
    assert (entry.stylist_id, entry.phone_tail, entry.notes) == (ANNA, "0123", True)
    assert (entry.arrived_at, entry.started_at, entry.version) == (march(10, 9, 55), None, 2)


def test_who_waits_is_counted_by_visit(ria: Desk, clock: SetClock) -> None:
    clock.set(march(10, 9))
    both = booked(ria, JANE, march(10, 10), (CUT, ANNA), (BLOW_DRY, BO))
    begun = booked(ria, KIM, march(10, 13), (CUT, ANNA))
    booked(ria, OLA, march(10, 14), (CUT, ANNA))
    assert show_day(ria, ShowDay(day=TUESDAY)).waiting == 0
    arrive(ria, StepVisit(appointment_id=both.appointment_id))
    arrive(ria, StepVisit(appointment_id=begun.appointment_id))
    assert show_day(ria, ShowDay(day=TUESDAY)).waiting == 2
    start(ria, StepVisit(appointment_id=begun.appointment_id))
    assert show_day(ria, ShowDay(day=TUESDAY)).waiting == 1


def test_the_sheet_says_when_the_shop_is_open(ria: Desk, mo: Desk, ada: Desk) -> None:
    sheet = show_day(ria, ShowDay(day=TUESDAY))
    assert sheet.hours == ((march(10, 9), march(10, 18)),)
    assert (sheet.now, sheet.slot_minutes, sheet.currency) == (march(9, 9), 15, "GBP")
    add_closure(ada, AddClosure(first_day=TUESDAY, last_day=TUESDAY, name="Stocktaking"))
    assert show_day(ria, ShowDay(day=TUESDAY)).hours == ()


def test_more_stylists_ask_no_more_questions(ria: Desk, ada: Desk, engine: Engine) -> None:
    def questions() -> int:
        asked: list[str] = []

        def note(*args: object) -> None:
            asked.append(str(args[2]))

        event.listen(engine, "before_cursor_execute", note)
        try:
            people = len(show_day(ria, ShowDay(day=TUESDAY)).columns)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        assert people == working
        return len([one for one in asked if "SAVEPOINT" not in one])

    booked(ria, JANE, march(10, 10))
    working = 2
    few = questions()
    for name in ("Cleo", "Dee"):
        week = tuple(Shift(weekday=day, starts=dt.time(9), ends=dt.time(17)) for day in range(1, 7))
        add_stylist(ada, AddStylist(first_name=name, shifts=week))
    working = 4
    assert questions() == few == 6, "who is asking, whether strips are laid out, lines, pieces, resources, the shop"


def test_a_room_has_a_column_of_what_it_is_used_for(ria: Desk) -> None:
    booked(ria, JANE, march(10, 10), (MASSAGE, ANNA))
    sheet = show_day(ria, ShowDay(day=TUESDAY, view=View.ALL))
    assert [column.name for column in sheet.drawn] == ["Anna", "Bo", "Room 1"]
    assert [column.name for column in show_day(ria, ShowDay(day=TUESDAY, view=View.ROOMS)).drawn] == ["Room 1"]
    (room,) = sheet.things
    (there,) = room.entries
    assert (there.customer, there.hands, there.starts_at, there.ends_at) == (
        "Jane Doe", "Anna", march(10, 10), march(10, 11),
    )  # fmt: skip
    assert room.free[1][0] == march(10, 11, 15), "it is cleaned before the next"
    (entry,) = sheet.entries
    assert (entry.hands, entry.things) == ("", ("Room 1",)), "a line is counted once, where its stylist stands"
    assert entry.ends_at == march(10, 11), "what the customer is told"
    assert sheet.columns[0].free[1][0] == march(10, 11), "and Anna does not clean"


def test_who_does_a_part_of_it_has_that_part_in_their_column(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 10), (COLOUR, ANNA))
    with transaction(ria, uuid4()) as session:
        session.execute(
            text(
                "UPDATE appointment_parts SET resource_id = 2 WHERE kind = 'finish' AND role = 'lead'"
                " AND appointment_service_id IN (SELECT id FROM appointment_services WHERE appointment_id = :id)"
            ),
            {"id": visit.appointment_id},
        )
    (begun,) = column(ria, "Anna").entries
    (ended,) = column(ria, "Bo").entries
    assert (begun.starts_at, begun.ends_at, begun.hands) == (march(10, 10), march(10, 10, 30), "")
    assert (ended.starts_at, ended.ends_at, ended.hands) == (march(10, 11, 15), march(10, 11, 45), "Anna")
    assert begun.line_id == ended.line_id
    assert len(show_day(ria, ShowDay(day=TUESDAY)).entries) == 1


def test_what_is_held_says_for_whom_until_it_lapses(ria: Desk, mo: Desk, clock: SetClock) -> None:
    booked(ria, JANE, march(10, 15))
    with transaction(mo, uuid4()) as session:
        session.execute(text("DELETE FROM time_slots WHERE resource_id = 1 AND starts_at = '2026-03-10 09:00Z'"))
        session.execute(
            text(
                "INSERT INTO time_slots"
                " (resource_id, shop_id, starts_at, ends_at, status, held_by, held_until, hold_key) VALUES (1, 1,"
                " '2026-03-10 10:00Z', '2026-03-10 10:45Z', 'held', actor_user(), '2026-03-09 09:10Z',"
                " gen_random_uuid())"
            )
        )
    assert column(ria, "Anna").blocks == (
        DayBlock(march(10, 10), march(10, 10, 45), "Mo is booking", "held", march(9, 9, 10)),
    )
    clock.set(march(9, 9, 10))
    assert column(ria, "Anna").blocks == ()


def test_who_works_in_another_shop_that_day_is_there(ria: Desk, ada: Desk) -> None:
    booked(ria, JANE, march(10, 15))
    with transaction(ada, uuid4()) as session:
        session.execute(
            text(
                "INSERT INTO shops (name, timezone, currency, locale, country)"
                " VALUES ('Soho', 'Europe/London', 'GBP', 'en_GB', 'GB')"
            )
        )
        session.execute(
            text(
                "UPDATE time_slots SET shop_id = (SELECT id FROM shops WHERE name = 'Soho')"
                " WHERE resource_id = 1 AND starts_at = '2026-03-10 09:00Z'"
            )
        )
    anna = column(ria, "Anna")
    assert anna.blocks == (DayBlock(march(10, 9), march(10, 15), "at Soho", "away"),)
    assert anna.free == ((march(10, 15, 45), march(10, 17)),)


def test_a_visit_over_midnight_is_in_both_days(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 23, 30), outside_hours=True)
    for day in (TUESDAY, TUESDAY + dt.timedelta(days=1)):
        entries = show_day(ria, ShowDay(day=day)).entries
        assert [entry.appointment_id for entry in entries] == [visit.appointment_id]
    assert show_day(ria, ShowDay(day=TUESDAY + dt.timedelta(days=2))).entries == ()


def test_a_class_is_one_entry_with_its_seats(ria: Desk, ada: Desk) -> None:
    visit = booked(ria, JANE, march(10, 15))
    with transaction(ada, uuid4()) as session:
        yoga = session.execute(
            text(
                "INSERT INTO class_sessions (shop_id, service_id, stylist_id, resource_id, starts_at, ends_at,"
                " starts_local, seats, price) VALUES (1, 1, 1, 3, '2026-03-10 11:00Z', '2026-03-10 12:00Z',"
                " '2026-03-10 11:00', 3, 10) RETURNING id"
            )
        ).scalar_one()
        session.execute(
            text(
                "INSERT INTO class_seats (session_id, seats, number, appointment_id) VALUES (:yoga, 3, 1, :visit)"
            ), {"visit": visit.appointment_id, "yoga": yoga},
        )  # fmt: skip
        session.execute(text("DELETE FROM time_slots WHERE resource_id IN (1, 3) AND status = 'available'"))
        session.execute(
            text(
                "INSERT INTO time_slots (resource_id, shop_id, starts_at, ends_at, status, class_session_id)"
                " SELECT r, 1, '2026-03-10 11:00Z', '2026-03-10 12:00Z', 'booked', :yoga FROM unnest(ARRAY[1, 3]) r"
            ),
            {"yoga": yoga},
        )
    sheet = show_day(ria, ShowDay(day=TUESDAY, view=View.ALL))
    held = [(one.name, one.entries[0].marks, one.entries[0].session_id) for one in sheet.drawn if one.entries]
    assert held == [("Anna", "1/3", yoga), ("Room 1", "1/3", yoga)]
    assert [entry.appointment_id for entry in sheet.entries] == [visit.appointment_id]
