"""Presses at once: one person's own, and against everybody else's bookings. With the negative control."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.services.book.booking import MoveAppointment, move
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.undo import undo
from frontdesk.services.undo.undo import RedoLast, UndoLast, redo_last, undo_last
from tests import vale_street
from tests.conftest import desk_conninfo
from tests.services.desks import ANNA, CUT, JANE, KIM, booked, march
from tests.services.undo.test_undo_shuffled import Day

PRESSES = 6

NewDesk = Callable[[str], Desk]


@contextmanager
def desks(handle: Handle, database: str) -> Iterator[NewDesk]:
    """A maker of desks by login, each with a connection of its own, as terminals have."""
    engine = open_engine(desk_conninfo(handle, database), poolclass=NullPool)
    yield lambda login: open_desk(lambda: Session(engine), vale_street.token(login), SetClock(vale_street.NOW))
    engine.dispose()


def at_once(*doing: Callable[[], str]) -> list[str]:
    """Everything begins together; what each said, in their order."""
    gate = threading.Barrier(len(doing))

    def one(do: Callable[[], str]) -> str:
        gate.wait()
        return do()

    with ThreadPoolExecutor(len(doing)) as pool:
        return list(pool.map(one, doing))


def pressed(desk: Desk) -> str:
    try:
        undo_last(desk, UndoLast())
    except errors.Refusal as refused:
        return refused.code
    return "taken back"


@pytest.mark.parametrize(
    ("waiting", "said"), [(True, {"taken back": PRESSES}), (False, {"taken back": 1, "refused": PRESSES - 1})]
)
def test_quick_presses_of_one_person_go_one_step_further_each(
    server: Handle, committed: str, monkeypatch: pytest.MonkeyPatch, waiting: bool, said: dict[str, int]
) -> None:
    with desks(server, committed) as new_desk:
        ria = new_desk("ria")
        for hour in range(PRESSES):
            booked(ria, None, march(10, 10 + hour))
        if not waiting:
            gate = threading.Barrier(PRESSES)
            read = undo._read

            def all_read_the_same(*args: object, **named: object) -> object:
                gate.wait()
                return read(*args, **named)  # type: ignore[arg-type]  # handed through

            monkeypatch.setattr(undo, "one_at_a_time", lambda work: None)
            monkeypatch.setattr(undo, "_read", all_read_the_same)
        terminals = [new_desk("ria") for _ in range(PRESSES)]
        ended = at_once(*(lambda desk=desk: pressed(desk) for desk in terminals))
        assert Counter(one if one == "taken back" else "refused" for one in ended) == said
        assert examine_data(new_desk("mo"), ExamineData()).findings == ()


def test_a_move_taken_back_and_a_booking_of_its_time_are_one_or_the_other(server: Handle, committed: str) -> None:
    with desks(server, committed) as new_desk:
        ria, mo = new_desk("ria"), new_desk("mo")

        def book_it() -> str:
            try:
                booked(mo, KIM, march(10, 15, 15), (CUT, ANNA))
            except errors.StylistTaken:
                return "refused"
            return "booked"

        for _ in range(5):
            visit = booked(ria, JANE, march(10, 15)).appointment_id
            move(ria, MoveAppointment(appointment_id=visit, starts_at=march(10, 11)))
            ended = at_once(lambda: pressed(ria), book_it)
            assert ended in (["taken back", "refused"], ["StylistTaken", "booked"])
            assert examine_data(mo, ExamineData()).findings == ()
            _clear(mo, ria)


def _clear(*desks_: Desk) -> None:
    """Take everything back, so that the next round finds the day as it was."""
    for desk in desks_:
        while pressed(desk) == "taken back":
            pass


def test_no_press_dies_of_another_that_waits_for_it(server: Handle, committed: str) -> None:
    """Undoing, redoing and booking by one person at many terminals: refusals at most, never a deadlock."""
    with desks(server, committed) as new_desk:
        booked(new_desk("ria"), JANE, march(10, 9))
        said: list[str] = []

        def play(number: int) -> str:
            desk = new_desk("ria")
            for turn in range(6):
                try:
                    match (number + turn) % 3:
                        case 0:
                            booked(desk, None, march(10, 10 + turn))
                        case 1:
                            undo_last(desk, UndoLast())
                        case _:
                            redo_last(desk, RedoLast())
                except errors.Refusal as refused:
                    said.append(refused.code)
            return "through"

        assert at_once(*(lambda n=n: play(n) for n in range(6))) == ["through"] * 6
        assert set(said) <= {"StylistTaken", "NothingToDoAgain", "NothingToTakeBack", "Busy"}
        assert examine_data(new_desk("mo"), ExamineData()).findings == ()
        with psycopg.connect(server.conninfo(committed)) as connection:
            deadlocks = connection.execute(
                "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
            ).fetchone()
        assert deadlocks == (0,)


def test_four_terminals_click_about_and_the_book_holds_together(server: Handle, committed: str) -> None:
    """Every action, from several connections at once: there are refusals, and nothing lost or overlapping."""
    with desks(server, committed) as new_desk:
        first = new_desk("mo")
        booked(first, None, march(9, 10))
        days = [Day(seed, [new_desk(who)], SetClock(vale_street.NOW)) for seed, who in enumerate(FOUR)]
        for day in days:
            day.visits = days[0].visits  # they all click on the same visits
            day.groups = days[0].groups

        def click(day: Day) -> str:
            for _ in range(25):
                day.turn()
            return "done"

        assert at_once(*(lambda day=day: click(day) for day in days)) == ["done"] * len(FOUR)
        assert sum(sum(day.done.values()) for day in days) > 25
        assert sum(day.deadlocks for day in days) == 0
        assert examine_data(first, ExamineData()).findings == ()


FOUR = ("ria", "mo", "ada", "ria")
