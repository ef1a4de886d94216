"""Whatever is done, taken back and done again in whatever order, the book holds together (features N3)."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from contextlib import suppress
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.rules.states import Status
from frontdesk.services.book import restoring
from frontdesk.services.book.adding import AddLine, add_line
from frontdesk.services.book.booking import BookLine, MoveAppointment, move
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
from frontdesk.services.book.fees import WhatLeavingCosts, what_leaving_costs
from frontdesk.services.book.groups import (
    ArriveGroup,
    BookGroup,
    GroupBooking,
    MakeGroup,
    Ungroup,
    arrive_group,
    book_group,
    make_group,
    ungroup,
)
from frontdesk.services.book.reassigning import Reassign, reassign
from frontdesk.services.book.reshuffling import (
    ApplyProposal,
    Leave,
    ProposeLate,
    ProposeSick,
    apply_proposal,
    propose_late,
    propose_sick,
)
from frontdesk.services.book.swapping import MoveSeveral, OneMove, SwapVisits, move_several, swap
from frontdesk.services.book.visits import (
    LeaveVisit,
    ShowVisit,
    StepVisit,
    VisitSheet,
    arrive,
    cancel,
    confirm,
    finish,
    go_on,
    no_show,
    put_back,
    show,
    start,
)
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.records.history import TellStory, tell_story
from frontdesk.services.sheets.day import ShowDay, show_day
from frontdesk.services.undo.undo import RedoLast, UndoLast, redo_last, undo_last
from tests.seeds import seeds
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, MASSAGE, OLA, booked, march

SERVICES = (CUT, BLOW_DRY, COLOUR, MASSAGE)
STEPS = (confirm, arrive, start, go_on, go_on, finish)
MINUTE = march(9, 0, 1) - march(9, 0)


class Day:
    """A day on which people click about."""

    def __init__(self, seed: int, desks: list[Desk], clock: SetClock) -> None:
        self._dice = random.Random(seed)
        self._desks = desks
        self._clock = clock
        self.visits: list[int] = []
        self.groups: list[int] = []
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.deadlocks = 0

    def turn(self) -> None:
        """One thing that somebody does; there is something in the book before anything else."""
        self._clock.set(self._clock.now() + self._dice.choice([MINUTE, 2 * MINUTE]))
        desk = self._dice.choice(self._desks)
        kind = self._dice.choices([each for each, _ in WEIGHTS], [weight for _, weight in WEIGHTS])[0]
        if len(self.visits) < 6:
            kind = "book"
        try:
            getattr(self, f"_{kind}")(desk)
        except errors.Refusal as refusal:
            self.refused[kind] += 1
            self.deadlocks += isinstance(refusal, errors.Busy) and refusal.__cause__ is not None
        else:
            self.done[kind] += 1

    def _at(self) -> dt.datetime:
        return march(9, self._dice.randrange(10, 17), self._dice.choice([0, 15, 30, 45]))

    def _visit(self) -> int:
        return self._dice.choice(self.visits[-12:] or [0])

    def _sheet(self, desk: Desk) -> VisitSheet:
        return show(desk, ShowVisit(appointment_id=self._visit()))

    def _line(self, desk: Desk) -> int:
        return self._dice.choice(self._sheet(desk).lines).id

    def _why(self) -> str | None:
        return self._dice.choice([None, None, "A wedding"])

    def _book(self, desk: Desk) -> None:
        services = self._dice.sample(SERVICES, self._dice.choice([1, 1, 2]))
        lines = [(service, self._dice.choice([ANNA, BO, None])) for service in services]
        customer = self._dice.choice([JANE, KIM, OLA, None])
        visit = booked(desk, customer, self._at(), *lines, overbook_reason=self._why(), in_past=True)
        self.visits.append(visit.appointment_id)

    def _book_group(self, desk: Desk) -> None:
        service = self._dice.choice([CUT, BLOW_DRY])
        people = [GroupBooking(lines=(BookLine(service_id=service, stylist_id=who),)) for who in (ANNA, BO)]
        party = book_group(desk, BookGroup(starts_at=self._at(), bookings=tuple(people), in_past=True))
        self.groups.append(party.id)
        self.visits += [visit.appointment_id for visit in party.visits]

    def _group(self, desk: Desk) -> None:
        party = make_group(desk, MakeGroup(appointment_ids=(self._visit(), self._visit())))
        self.groups.append(party.id)

    def _ungroup(self, desk: Desk) -> None:
        ungroup(desk, Ungroup(appointment_ids=(self._visit(),)))

    def _arrive_group(self, desk: Desk) -> None:
        arrive_group(desk, ArriveGroup(group_id=self._dice.choice(self.groups or [0])))

    def _move(self, desk: Desk) -> None:
        lines = self._sheet(desk).lines if self._dice.random() < 0.3 else ()
        visit = self._visit() if not lines else lines[0].id and self._owner(desk, lines[0].id)
        wish = MoveAppointment(
            appointment_id=visit,
            starts_at=self._at(),
            stylist_id=self._dice.choice([None, ANNA, BO]),
            line_ids=tuple(line.id for line in lines[:1]) if len(lines) > 1 else (),
            overbook_reason=self._why(),
            in_past=True,
        )
        move(desk, wish)

    def _owner(self, desk: Desk, line_id: int) -> int:
        with transaction(desk) as session:
            asked = text("SELECT appointment_id FROM appointment_services WHERE id = :line")
            return int(session.execute(asked, {"line": line_id}).scalar_one())

    def _chain(self, desk: Desk) -> None:
        moves = tuple(OneMove(appointment_id=self._visit(), starts_at=self._at()) for _ in range(2))
        move_several(desk, MoveSeveral(moves=moves, overbook_reason=self._why(), in_past=True))

    def _swap(self, desk: Desk) -> None:
        wish = SwapVisits(
            appointment_id=self._visit(), other_id=self._visit(), overbook_reason=self._why(), in_past=True
        )
        swap(desk, wish)

    def _change(self, desk: Desk) -> None:
        some: dict[str, object] = self._dice.choice(
            [{"service_id": self._dice.choice(SERVICES)}, {"minutes": 40}, {"price": Decimal(9)}, {"stylist_id": BO}]
        )
        wish = ChangeLine(line_id=self._line(desk), overbook_reason=self._why(), **some)  # type: ignore[arg-type]  # each of its own kind
        change_line(desk, wish)

    def _resize(self, desk: Desk) -> None:
        line = self._dice.choice(self._sheet(desk).lines)
        by = self._dice.choice([-10, 5, 15]) * MINUTE
        resize(desk, Resize(line_id=line.id, ends_at=line.ends_at + by, overbook_reason=self._why()))

    def _hand_over(self, desk: Desk) -> None:
        line = self._dice.choice(self._sheet(desk).lines)
        at = line.starts_at + self._dice.choice([10, 20]) * MINUTE
        hand_over(desk, HandOver(line_id=line.id, stylist_id=self._dice.choice([ANNA, BO]), at=at))

    def _add(self, desk: Desk) -> None:
        wish = AddLine(appointment_id=self._visit(), service_id=self._dice.choice([CUT, BLOW_DRY]), in_past=True)
        add_line(desk, wish)

    def _drop(self, desk: Desk) -> None:
        drop_line(desk, DropLine(line_id=self._line(desk), reason="No time"))

    def _reassign(self, desk: Desk) -> None:
        reassign(desk, Reassign(appointment_id=self._visit(), customer_id=self._dice.choice([JANE, KIM, OLA])))

    def _late(self, desk: Desk) -> None:
        proposal = propose_late(desk, ProposeLate(stylist_id=self._dice.choice([ANNA, BO]), minutes=20))
        apply_proposal(desk, ApplyProposal(steps=proposal.steps))

    def _sick(self, desk: Desk) -> None:
        day = march(9, 0).date()
        proposal = propose_sick(desk, ProposeSick(stylist_id=ANNA, day=day))
        stays = tuple(visit.appointment_id for visit in proposal.visits if visit.step is None)
        leave = Leave(stylist_id=ANNA, day=day, since=dt.time(16, 30))
        apply_proposal(
            desk, ApplyProposal(steps=proposal.steps, leave=leave if stays or proposal.steps else None, stays=stays)
        )

    def _step(self, desk: Desk) -> None:
        wish = StepVisit(appointment_id=self._visit())
        self._dice.choice(STEPS)(desk, wish)

    def _leave(self, desk: Desk) -> None:
        visit, gone = self._visit(), self._dice.choice([True, False])
        cost = what_leaving_costs(desk, WhatLeavingCosts(appointment_id=visit, no_show=gone)).total
        wish = LeaveVisit(appointment_id=visit, reason="So it goes", fee=cost)
        (no_show if gone else cancel)(desk, wish)

    def _put_back(self, desk: Desk) -> None:
        put_back(desk, LeaveVisit(appointment_id=self._visit(), reason="So it goes"))

    def _undo(self, desk: Desk) -> None:
        undo_last(desk, UndoLast())

    def _redo(self, desk: Desk) -> None:
        redo_last(desk, RedoLast())


WEIGHTS = (
    ("book", 8), ("move", 5), ("step", 5), ("leave", 3), ("put_back", 1), ("swap", 4), ("chain", 2), ("change", 4),
    ("resize", 4), ("hand_over", 3), ("add", 3), ("drop", 2), ("reassign", 2), ("group", 2), ("ungroup", 1),
    ("book_group", 1), ("arrive_group", 2), ("late", 1), ("sick", 1), ("undo", 6), ("redo", 3),
)  # fmt: skip


@pytest.fixture(autouse=True)
def with_a_policy(mo: Desk) -> None:
    """Late is late, and costs something; strips are laid out."""
    with transaction(mo, uuid4()) as session:
        session.execute(text(
            "INSERT INTO cancellation_policies (notice_minutes, late_percent, no_show_flat) VALUES (240, 50, 20)"
        ))  # fmt: skip
    booked(mo, None, march(9, 10))
    undo_last(mo, UndoLast())


@pytest.mark.parametrize("seed", seeds(0))
def test_the_book_holds_together_whatever_is_taken_back(ria: Desk, mo: Desk, clock: SetClock, seed: int) -> None:
    day = Day(seed, [ria, mo], clock)
    for turn in range(75):
        day.turn()
        if turn % 15 == 14:
            assert examine_data(mo, ExamineData()).findings == ()
            assert all(entry.status is not Status.VOID for entry in show_day(ria, ShowDay()).entries)
    assert all(tell_story(ria, TellStory(appointment_id=visit)).lines for visit in day.visits[::5])
    assert len(day.done) > 11, day.done


@pytest.mark.parametrize("seed", seeds(106))
def test_one_persons_day_is_taken_back_to_its_beginning_and_done_again(mo: Desk, clock: SetClock, seed: int) -> None:
    morning = everything(mo)
    day = Day(seed, [mo], clock)
    for _ in range(90):
        day.turn()
    evening = everything(mo)
    steps = 0
    with suppress(errors.NothingToTakeBack):
        while True:
            undo_last(mo, UndoLast())
            steps += 1
    assert everything(mo) == morning
    assert examine_data(mo, ExamineData()).findings == ()
    for _ in range(steps):
        redo_last(mo, RedoLast())
    assert everything(mo) == evening
    assert examine_data(mo, ExamineData()).findings == ()
    assert len(day.done) > 14, day.done


@pytest.mark.parametrize("forgetful", [False, True])
def test_the_comparison_sees_what_is_not_put_back(mo: Desk, monkeypatch: pytest.MonkeyPatch, forgetful: bool) -> None:
    visit = booked(mo, JANE, march(9, 11)).appointment_id
    before = everything(mo)
    change_line(mo, ChangeLine(line_id=show(mo, ShowVisit(appointment_id=visit)).lines[0].id, service_id=BLOW_DRY))
    if forgetful:
        monkeypatch.setattr(restoring, "_TERMS", ("name",))
    undo_last(mo, UndoLast())
    assert (everything(mo) == before) is not forgetful


HISTORY = frozenset({
    "audit_log", "outbox_events", "idempotency_keys", "booking_actions", "appointment_status_history", "sign_ins",
})  # fmt: skip
"""What tells that something was done; everything else has to be as if it had not been."""

_REAL = {
    "appointments": "status <> 'void'",
    "appointment_services": "status <> 'void'",
    "appointment_parts": "EXISTS (SELECT FROM appointment_services l WHERE l.id = t.appointment_service_id"
    " AND l.status <> 'void')",
    "appointment_cancellations": "taken_back_at IS NULL",
    "appointment_fees": "taken_back_at IS NULL",
    "appointment_groups": "EXISTS (SELECT FROM appointments a WHERE a.group_id = t.id AND a.status <> 'void')",
}
"""What was taken back stays as a void row, or one that counts for nothing."""

_WRITTEN_ANEW = frozenset({"time_slots", "appointment_parts", "time_off"})
"""Rows that come back under another number."""


def everything(desk: Desk) -> dict[str, list[str]]:
    """The whole database that this person can see, but for history, versions and times of change."""
    with transaction(desk) as session:
        tables = session.execute(text(
            "SELECT relname FROM pg_class c WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = 'public'::regnamespace AND has_table_privilege(oid, 'SELECT')"
        )).scalars()  # fmt: skip
        found = {}
        for table in sorted(set(tables) - HISTORY):
            without = ["version", "updated_at"]
            without += ["id", "part_id", "created_at"] if table in _WRITTEN_ANEW else []
            row = "to_jsonb(t)" + "".join(f" - '{column}'" for column in without)
            asked = text(f"SELECT ({row})::text FROM {table} t WHERE {_REAL.get(table, 'true')}")
            found[table] = sorted(session.execute(asked).scalars())
        return found
