"""Whatever is done, taken back and done again in whatever order, the book holds together."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress

import pytest

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.desk import Desk
from frontdesk.rules.states import Status
from frontdesk.services.booking import MoveAppointment, move
from frontdesk.services.day import ShowDay, show_day
from frontdesk.services.doctor import ExamineData, examine_data
from frontdesk.services.history import TellStory, tell_story
from frontdesk.services.undo import RedoLast, UndoLast, redo_last, undo_last
from frontdesk.services.visits import LeaveVisit, arrive, cancel, confirm, finish, no_show, put_back, start
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, MASSAGE, OLA, booked, march

STEPS = (confirm, arrive, start, finish, no_show, cancel, put_back)


class Day:
    """A day on which two people click about."""

    def __init__(self, seed: int, desks: list[Desk], clock: SetClock) -> None:
        self._dice = random.Random(seed)
        self._desks = desks
        self._clock = clock
        self.visits: list[int] = []
        self.done: Counter[str] = Counter()

    def turn(self) -> None:
        """One thing that somebody does."""
        self._clock.set(self._clock.now() + self._dice.choice([MINUTE, 2 * MINUTE]))
        desk = self._dice.choice(self._desks)
        kind = self._dice.choices(("book", "move", "step", "undo", "redo"), (3, 3, 4, 5, 3))[0]
        with suppress(errors.Refusal):
            getattr(self, f"_{kind}")(desk)
            self.done[kind] += 1

    def _at(self) -> tuple[int, int]:
        return self._dice.randrange(10, 17), self._dice.choice([0, 15, 30, 45])

    def _book(self, desk: Desk) -> None:
        services = self._dice.sample([CUT, BLOW_DRY, COLOUR, MASSAGE], self._dice.choice([1, 1, 2]))
        lines = [(service, self._dice.choice([ANNA, BO, None])) for service in services]
        reason = self._dice.choice([None, None, "A wedding"])
        customer = self._dice.choice([JANE, KIM, OLA, None])
        visit = booked(desk, customer, march(9, *self._at()), *lines, overbook_reason=reason, in_past=True)
        self.visits.append(visit.appointment_id)

    def _move(self, desk: Desk) -> None:
        wish = MoveAppointment(
            appointment_id=self._dice.choice(self.visits or [0]),
            starts_at=march(9, *self._at()),
            stylist_id=self._dice.choice([None, ANNA, BO]),
            overbook_reason=self._dice.choice([None, "A wedding"]),
            in_past=True,
        )
        move(desk, wish)

    def _step(self, desk: Desk) -> None:
        wish = LeaveVisit(appointment_id=self._dice.choice(self.visits or [0]), reason="So it goes")
        self._dice.choice(STEPS)(desk, wish)

    def _undo(self, desk: Desk) -> None:
        undo_last(desk, UndoLast())

    def _redo(self, desk: Desk) -> None:
        redo_last(desk, RedoLast())


MINUTE = march(9, 0, 1) - march(9, 0)


@pytest.mark.parametrize("seed", range(2, 4))
def test_the_book_holds_together_whatever_is_taken_back(ria: Desk, mo: Desk, clock: SetClock, seed: int) -> None:
    day = Day(seed, [ria, mo], clock)
    for turn in range(80):
        day.turn()
        if turn % 10 == 9:
            assert examine_data(mo, ExamineData()).findings == ()
            assert all(entry.status is not Status.VOID for entry in show_day(ria, ShowDay()).entries)
    assert all(tell_story(ria, TellStory(appointment_id=visit)).lines for visit in day.visits)
    assert min(day.done.values()) > 2, day.done


@pytest.mark.parametrize("seed", range(4, 6))
def test_one_persons_day_is_taken_back_to_its_beginning_and_done_again(mo: Desk, clock: SetClock, seed: int) -> None:
    day = Day(seed, [mo], clock)
    for _ in range(40):
        day.turn()
    there = _columns(mo)
    while True:
        try:
            undo_last(mo, UndoLast())
        except errors.NothingToTakeBack:
            break
    assert _columns(mo) == []
    for _ in range(200):
        with suppress(errors.NothingToDoAgain):
            redo_last(mo, RedoLast())
    assert len(_columns(mo)) >= len(there)


def _columns(desk: Desk) -> list[tuple[object, ...]]:
    entries = show_day(desk, ShowDay()).entries
    return sorted((e.line_id, e.status, e.starts_at, e.stylist_id or 0, e.arrived_at, e.parts) for e in entries)
