"""The book as it stood at any moment (features N4): what history says equals what was seen then."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import uuid4

from sqlalchemy import text

from frontdesk.clock import SetClock
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.errors import Refusal
from frontdesk.services.book import visits
from frontdesk.services.book.booking import MoveAppointment, move
from frontdesk.services.people.sign_in import Sessions, open_desk
from frontdesk.services.sheets.as_of import ShowDayAsOf, show_day_as_of
from frontdesk.services.sheets.day import DaySheet, ShowDay, View, show_day
from frontdesk.services.undo.undo import RedoLast, UndoLast, redo_last, undo_last
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, MASSAGE, OLA, booked, march
from tests.vale_street import token

DAYS = (dt.date(2026, 3, 10), dt.date(2026, 3, 11))


def moment(desk: Desk) -> dt.datetime:
    """The server's clock, by which history is written."""
    with transaction(desk) as session:
        now: dt.datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return now


@contextmanager
def perhaps() -> Iterator[None]:
    """What chance wishes for may be refused."""
    try:
        yield
    except Refusal:
        return


def as_drawn(sheet: DaySheet) -> tuple[object, ...]:
    """Everything of a sheet that has a history: no versions, no free time, no clock."""

    def plain(columns: object) -> list[object]:
        assert isinstance(columns, tuple)
        return [(one.name, [replace(entry, version=0) for entry in one.entries]) for one in columns if one.entries]

    left = sorted((replace(entry, version=0) for entry in sheet.left), key=lambda entry: entry.line_id)
    return plain(sheet.columns), plain(sheet.things), left


def test_a_hundred_changes_later_every_moment_is_as_it_was(ria: Desk, clock: SetClock) -> None:
    luck = random.Random(20260309)
    known: list[int] = []

    def some() -> int:
        return luck.choice(known) if known else 0

    def time() -> dt.datetime:
        return march(luck.choice((10, 11)), luck.randint(9, 16), luck.choice((0, 15, 30)))

    def book_one() -> None:
        lines = luck.sample([(CUT, ANNA), (BLOW_DRY, BO), (COLOUR, BO), (MASSAGE, ANNA)], luck.choice((1, 1, 2)))
        known.append(booked(ria, luck.choice((JANE, KIM, OLA)), time(), *lines).appointment_id)

    def step(service: Callable[[Desk, visits.StepVisit], object]) -> Callable[[], object]:
        return lambda: service(ria, visits.StepVisit(appointment_id=some()))

    def leave(service: Callable[[Desk, visits.LeaveVisit], object]) -> Callable[[], object]:
        return lambda: service(ria, visits.LeaveVisit(appointment_id=some(), reason="Ill"))

    changes: list[Callable[[], object]] = [
        book_one, book_one, book_one,
        lambda: move(ria, MoveAppointment(appointment_id=some(), starts_at=time())),
        lambda: move(ria, MoveAppointment(appointment_id=some(), starts_at=time(), stylist_id=luck.choice((1, 2)))),
        step(visits.confirm), step(visits.arrive), step(visits.start), step(visits.finish),
        leave(visits.cancel), leave(visits.no_show), leave(visits.put_back),
        lambda: undo_last(ria, UndoLast()), lambda: redo_last(ria, RedoLast()),
    ]  # fmt: skip
    seen: list[tuple[dt.datetime, dt.date, tuple[object, ...]]] = []
    for _ in range(120):
        clock.set(clock.now() + dt.timedelta(seconds=20))
        with perhaps():
            luck.choice(changes)()
        day = luck.choice(DAYS)
        seen.append((moment(ria), day, as_drawn(show_day(ria, ShowDay(day=day)))))
    then = luck.sample(seen, 50)
    for at, day, sheet in then:
        assert as_drawn(show_day_as_of(ria, ShowDayAsOf(day=day, at=at))) == sheet
    assert len({repr(sheet) for _, _, sheet in seen}) > 30, "the days did change"
    filled = [(at, day, sheet) for at, day, sheet in then if any(sheet)]
    assert len(filled) > 30
    for at, day, sheet in filled:
        before = show_day_as_of(ria, ShowDayAsOf(day=day, at=at - dt.timedelta(days=1)))
        assert as_drawn(before) != sheet, "the day before there was nothing: history is what tells them apart"


def test_the_book_as_it_stood_has_its_rooms_and_is_closed_to_the_neighbour(
    ria: Desk, sessions: Sessions, clock: SetClock
) -> None:
    visit = booked(ria, JANE, march(10, 10), (MASSAGE, ANNA))
    at = moment(ria)
    visits.cancel(ria, visits.LeaveVisit(appointment_id=visit.appointment_id, reason="Ill"))
    with transaction(ria, uuid4()) as session:
        session.execute(text("UPDATE customers SET last_name = 'Roe' WHERE id = :id"), {"id": JANE})
    sheet = show_day_as_of(ria, ShowDayAsOf(day=DAYS[0], at=at, view=View.ALL))
    assert [(column.name, len(column.entries)) for column in sheet.drawn] == [("Anna", 1), ("Bo", 0), ("Room 1", 1)]
    assert (sheet.as_of, sheet.now) == (at, at)
    assert sheet.entries[0].customer == "Jane Roe", "people are called as they are called now"
    eve = open_desk(sessions, token("eve"), clock)
    with transaction(eve) as session:
        rows = session.execute(
            text("SELECT * FROM book_as_of(1, '2026-03-01', '2026-04-01', :at)"), {"at": at}
        ).all()  # fmt: skip
    assert rows == []
