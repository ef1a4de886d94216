"""Random days of classes and standing visits, taken back and done again: no seat and no strip is given twice."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import pytest
from sqlalchemy import text

from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.errors import Refusal
from frontdesk.services.book.booking import BookLine
from frontdesk.services.classes.class_wishes import CancelSession, ChangeSession, JoinClass, LeaveClass, ShowRoster
from frontdesk.services.classes.classes import cancel_session, change_session, join, leave, roster
from frontdesk.services.placing import class_seats
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.series.series import (
    BookSeries,
    CancelSeries,
    ChangeSeries,
    Scope,
    book_series,
    cancel_series,
    change_series,
)
from frontdesk.services.undo.undo import RedoLast, UndoLast, redo_last, undo_last
from tests.seeds import seeds
from tests.services.classes.test_classes import planned, yoga
from tests.services.desks import ANNA, BO, CUT, JANE, KIM, OLA, march


class Days:
    """Somebody who does anything, in any order."""

    def __init__(self, seed: int, desk: Desk, sessions: list[int]) -> None:
        self._dice = random.Random(seed)
        self._desk = desk
        self._sessions = sessions
        self._visits: list[int] = []
        self._seats: list[int] = []
        self.done: Counter[str] = Counter()

    def turn(self) -> None:
        """One wish, granted or refused."""
        name = self._dice.choice(
            [
                "join",
                "join",
                "join",
                "leave",
                "leave",
                "move",
                "cancel",
                "repeat",
                "shift",
                "stop",
                "undo",
                "undo",
                "undo",
                "redo",
            ]
        )
        try:
            getattr(self, f"_{name}")()
        except Refusal:
            self.done["refused"] += 1
        else:
            self.done[name] += 1

    def _when(self) -> dt.datetime:
        return march(self._dice.choice([12, 13]), self._dice.randrange(10, 17))

    def _join(self) -> None:
        who = self._dice.choice([JANE, KIM, OLA, None])
        session = self._dice.choice(self._sessions)
        joined = join(self._desk, JoinClass(session_id=session, customer_id=who, guest_name="" if who else "Guest"))
        self._seats += [joined.appointment_id] if joined.appointment_id else []

    def _leave(self) -> None:
        leave(self._desk, LeaveClass(appointment_id=self._dice.choice(self._seats[-3:] or [0]), reason="Ill"))

    def _move(self) -> None:
        wish = ChangeSession(
            session_id=self._dice.choice(self._sessions), starts_at=self._when(),
            stylist_id=self._dice.choice([None, ANNA, BO]), seats=self._dice.choice([None, None, 2, 4]),
        )  # fmt: skip
        change_session(self._desk, wish)

    def _cancel(self) -> None:
        if self._dice.random() < 0.2:
            cancel_session(self._desk, CancelSession(session_id=self._dice.choice(self._sessions), reason="Ill"))

    def _repeat(self) -> None:
        sheet = book_series(
            self._desk,
            BookSeries(
                customer_id=self._dice.choice([JANE, KIM, OLA]), every=1, unit="day", count=2,
                lines=(BookLine(service_id=CUT, stylist_id=self._dice.choice([ANNA, BO])),),
                first=dt.datetime.combine(dt.date(2026, 3, 12), self._when().time()),
            ),
        )  # fmt: skip
        self._visits += [one.appointment_id for one in sheet.dates if one.appointment_id]

    def _shift(self) -> None:
        visit = self._dice.choice(self._visits or [0])
        scope = self._dice.choice(list(Scope))
        change_series(self._desk, ChangeSeries(appointment_id=visit, scope=scope, starts_at=self._when()))

    def _stop(self) -> None:
        visit = self._dice.choice(self._visits or [0])
        cancel_series(self._desk, CancelSeries(appointment_id=visit, scope=Scope.LATER, reason="Ill"))

    def _undo(self) -> None:
        undo_last(self._desk, UndoLast())

    def _redo(self) -> None:
        redo_last(self._desk, RedoLast())


def _looks(desk: Desk, sessions: list[int]) -> list[object]:
    """Where every class and visit stands, without history, versions and update times."""
    with transaction(desk) as session:
        return [tuple(row) for row in session.execute(_STANDS)]


_STANDS = text("""
    SELECT 'visit', a.id, a.starts_at, a.ends_at, a.status FROM appointments a WHERE a.status <> 'void'
    UNION ALL SELECT 'class', k.id, k.starts_at, k.ends_at, k.stylist_id || '/' || k.is_cancelled FROM class_sessions k
    UNION ALL SELECT 'piece', t.resource_id, t.starts_at, t.ends_at, t.status FROM time_slots t
               WHERE t.starts_at >= '2026-03-12' AND t.starts_at < '2026-03-14'
     ORDER BY 1, 2, 3
""")


def _faults(ria: Desk, mo: Desk, seed: int) -> list[str]:
    """What is wrong after any turn of a random day."""
    service = yoga(mo)
    sessions = [planned(ria, service, day=day, hour=hour).id for day, hour in ((12, 10), (12, 14), (13, 10))]
    days, faults = Days(seed, ria, sessions), []
    for turn in range(72):
        days.turn()
        for session_id in sessions:
            sheet = roster(ria, ShowRoster(session_id=session_id))
            seated = [seat.appointment_id for seat in sheet.seats if seat.is_taken]
            standing = _standing(ria, session_id)
            if sorted(seated, key=str) != standing or len(seated) > sheet.session.seats:
                faults.append(f"turn {turn}: {seated} of {sheet.session.seats} seats, {standing} come")
        if turn % 12 == 11:
            faults += [finding.promise for finding in examine_data(mo, ExamineData()).findings]
    assert min(days.done[name] for name in ("join", "leave", "undo", "redo")) > 0, days.done
    return faults


def _standing(desk: Desk, session_id: int) -> list[int]:
    """Whose visits say that they are in the class, at its time."""
    with transaction(desk) as session:
        return sorted(session.execute(_IN_CLASS, {"session": session_id}).scalars(), key=str)


_IN_CLASS = text("""
    SELECT a.id FROM appointments a JOIN appointment_services l ON l.appointment_id = a.id
      JOIN class_sessions k ON k.id = l.class_session_id AND k.starts_at = a.starts_at AND NOT k.is_cancelled
     WHERE k.id = :session AND a.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
""")


@pytest.mark.parametrize("seed", seeds(2))
def test_no_seat_and_no_strip_is_given_twice_whatever_is_done_and_taken_back(ria: Desk, mo: Desk, seed: int) -> None:
    assert _faults(ria, mo, seed) == []


def test_a_way_back_without_its_seat_would_be_found(ria: Desk, mo: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_seats, "sit_again", lambda work, lines: None)
    assert _faults(ria, mo, 2) != []


@pytest.mark.parametrize("seed", seeds(10))
def test_everything_taken_back_is_as_if_it_had_never_been(ria: Desk, mo: Desk, seed: int) -> None:
    service = yoga(mo)
    sessions = [planned(ria, service, day=day, hour=hour).id for day, hour in ((12, 10), (12, 14), (13, 10))]
    before = _looks(ria, sessions)
    days = Days(seed, ria, sessions)
    for _ in range(30):
        days.turn()
    older: int | None = None
    for _ in range(200):
        try:
            undo_last(ria, UndoLast(older_than=older))
        except Refusal as refusal:
            older = refusal.facts.get("action") if isinstance(refusal.facts.get("action"), int) else None  # type: ignore[assignment]
            if older is None:
                break
    with transaction(ria) as session:
        left = session.execute(text("SELECT count(*) FROM booking_actions WHERE state = 'done'")).scalar_one()
    moved_empty = [row for row in _looks(ria, sessions) if row not in before and row[0] == "visit"]  # type: ignore[index]
    assert (left, moved_empty) == (0, [])
