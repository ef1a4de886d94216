"""The day sheet: what a screen draws without asking again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Engine, event

from frontdesk.clock import SetClock
from frontdesk.desk import Desk
from frontdesk.services.booking import BookAppointment, BookLine, book
from frontdesk.services.day import DayColumn, ShowDay, show_day
from frontdesk.services.roster import Shift
from frontdesk.services.shop_hours import AddClosure, add_closure
from frontdesk.services.stylists import AddStylist, add_stylist
from frontdesk.services.visits import StepVisit, arrive, start
from tests.services.desks import ANNA, BLOW_DRY, BO, CUT, JANE, KIM, OLA, booked, march

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
    assert questions() == few == 6, "who is asking, whether strips are laid out, lines, pieces, stylists, hours"
