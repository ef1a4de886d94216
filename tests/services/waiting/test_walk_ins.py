"""Walk-ins: queued in one line, told how long, given to whose turn it is (features CI3, CI4, CI5)."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from decimal import Decimal

import psycopg
import pytest

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.rules.states import Status
from frontdesk.services.book.visits import LeaveVisit, ShowVisit, StepVisit, cancel, show, start
from frontdesk.services.customers.customers import AddCustomer, add_customer
from frontdesk.services.shop.shop_rules import EditShopRules, edit_shop_rules
from frontdesk.services.undo.undo import UndoLast, undo_last
from frontdesk.services.waiting.queueing import InQueue
from frontdesk.services.waiting.turns import ShowTurns, SkipTurn, show_turns, skip_turn
from frontdesk.services.waiting.waitlist import CountWaiting, count_waiting
from frontdesk.services.waiting.walk_ins import (
    Assigned,
    AssignWalkIn,
    JoinQueue,
    LeaveQueue,
    ReadQueueLine,
    ShowQueue,
    assign_walk_in,
    join_queue,
    leave_queue,
    read_queue_line,
    show_queue,
)
from tests.services.book.test_races import _at_once, _desks, _overlaps
from tests.services.desks import ANNA, BO, COLOUR, CUT, JANE, KIM, booked, march


def _joins(desk: Desk, line: str) -> InQueue:
    return join_queue(desk, JoinQueue(text=line))


def _turn(desk: Desk, walk_in: InQueue, stylist: int | None = None, reason: str = "") -> Assigned:
    return assign_walk_in(desk, AssignWalkIn(walk_in_id=walk_in.id, stylist_id=stylist, reason=reason))


def _estimates(desk: Desk) -> list[tuple[str, str | None, int | None]]:
    return [(one.customer, one.stylist, one.wait_minutes) for one in show_queue(desk, ShowQueue()).waiting]


def test_a_line_is_enough_a_known_name_is_the_customer_and_any_other_is_a_guest(ria: Desk) -> None:
    kim, zoe = _joins(ria, "kim cut"), _joins(ria, "zoe colour with bo")
    assert (kim.customer_id, kim.customer, kim.service, kim.wait_minutes) == (KIM, "Kim Lee", "Cut", 0)
    assert (zoe.customer_id, zoe.customer, zoe.asked_for) == (None, "Zoe", "Bo")
    assert count_waiting(ria, CountWaiting()).walk_ins == 2


def test_what_is_not_clear_is_asked_and_never_guessed(ria: Desk) -> None:
    add_customer(ria, AddCustomer(first_name="Kim", last_name="Poe", phone="07700 900456"))
    asked = read_queue_line(ria, ReadQueueLine(text="kim cut"))
    assert asked.question == "Which kim?"
    assert [label for label, _ in asked.options][-1] == "somebody else called kim"
    for label, line in asked.options:
        meant = read_queue_line(ria, ReadQueueLine(text=line))
        assert (meant.question, meant.service) == ("", "Cut"), label
    assert read_queue_line(ria, ReadQueueLine(text=asked.options[-1][1])).customer_id is None
    with pytest.raises(errors.BadInput, match="Which kim"):
        _joins(ria, "kim cut")
    assert read_queue_line(ria, ReadQueueLine(text="ber cut")).options[0] == ("Ola Berg", "#3 Cut"), "not all of a name"
    assert read_queue_line(ria, ReadQueueLine(text="ola cut")).customer == "Ola Berg"
    for line, question in (("kim", "What for?"), ("cut", "Who is it?"), ("", "What for?"), ("#99 cut", "no customer")):
        with pytest.raises(errors.BadInput, match=question):
            _joins(ria, line)
    for service, stylist, customer in ((99, None, None), (CUT, 99, None), (CUT, None, 99)):
        with pytest.raises(errors.NotFound):
            join_queue(ria, JoinQueue(service_id=service, stylist_id=stylist, customer_id=customer, guest_name="Kim"))
    with pytest.raises(errors.BadInput, match="Who is it"):
        join_queue(ria, JoinQueue(service_id=CUT))


def test_three_walk_ins_go_to_anna_bo_and_anna(ria: Desk, clock: SetClock) -> None:
    clock.set(march(9, 10))
    went = []
    for minute, line in ((0, "kim cut"), (50, "ola cut"), (100, "zoe cut")):
        clock.set(march(9, 10) + dt.timedelta(minutes=minute))
        went.append(_turn(ria, _joins(ria, line)).stylist)
    assert went == ["Anna", "Bo", "Anna"]
    bo, anna = show_turns(ria, ShowTurns()).order
    assert (bo.name, bo.turns, bo.served) == ("Bo", Decimal(1), 1)
    assert (anna.name, anna.turns, anna.served, anna.is_free) == ("Anna", Decimal(2), 2, False)
    assert (anna.last_at, anna.free_at) == (march(9, 11, 40), march(9, 12, 25))


def test_over_a_seeded_week_the_turns_of_equals_differ_by_one_at_most(ria: Desk, clock: SetClock) -> None:
    rolls, went = random.Random(2026), Counter[str]()
    for day in range(9, 15):
        now = march(day, 10, rolls.randint(0, 20))
        for number in range(rolls.randint(1, 5)):
            clock.set(now)
            went[_turn(ria, _joins(ria, f"guest{number} cut")).stylist] += 1
            now += dt.timedelta(minutes=45 + rolls.randint(0, 25))
    assert sum(went.values()) > 10
    assert abs(went["Anna"] - went["Bo"]) <= 1


def test_whoever_is_given_a_turn_is_in_the_book_and_here_and_undo_puts_them_back_in_the_queue(
    ria: Desk, clock: SetClock
) -> None:
    clock.set(march(9, 10, 7) + dt.timedelta(seconds=40))
    kim = _joins(ria, "kim cut")
    given = _turn(ria, kim)
    visit = show(ria, ShowVisit(appointment_id=given.booked.appointment_id))
    assert (visit.customer, visit.status, visit.starts_at) == ("Kim Lee", Status.ARRIVED, march(9, 10, 7))
    assert show_queue(ria, ShowQueue()).waiting == ()
    with pytest.raises(errors.NotWaiting, match="they have had their turn"):
        _turn(ria, kim)
    undo_last(ria, UndoLast())
    assert show(ria, ShowVisit(appointment_id=visit.id)).status is Status.VOID
    assert [one.id for one in show_queue(ria, ShowQueue()).waiting] == [kim.id]
    assert show_turns(ria, ShowTurns()).order[0].name == "Anna", "a turn that was taken back was none"
    assert _turn(ria, kim).stylist == "Anna"


def test_an_estimate_is_the_earliest_free_time_given_those_before_and_is_made_anew_after_a_start(
    ria: Desk, clock: SetClock
) -> None:
    clock.set(march(9, 10))
    jane = booked(ria, JANE, march(9, 10), (COLOUR, ANNA))
    booked(ria, None, march(9, 10), (CUT, BO))
    for line in ("kim cut", "ola cut", "zoe cut", "ann colour"):
        _joins(ria, line)
    assert _estimates(ria) == [
        ("Kim Lee", "Anna", 30),  # while Jane's colour takes
        ("Ola Berg", "Bo", 45),
        ("Zoe", "Bo", 90),
        ("Ann", "Anna", 105),
    ]
    kim = show_queue(ria, ShowQueue()).waiting[0]
    with pytest.raises(errors.NobodyFree) as refused:
        _turn(ria, kim)
    assert refused.value.sentence == (
        "Nobody who does Cut is free for it now. Anna is at 10:30; they keep their place."
    )
    cancel(ria, LeaveVisit(appointment_id=jane.appointment_id, reason="Ill"))
    assert _estimates(ria)[:3] == [("Kim Lee", "Anna", 0), ("Ola Berg", "Anna", 45), ("Zoe", "Bo", 45)]
    _turn(ria, kim)
    clock.set(march(9, 10, 10))
    assert _estimates(ria) == [("Ola Berg", "Bo", 35), ("Zoe", "Anna", 35), ("Ann", "Bo", 80)]


def test_who_runs_over_is_not_free_although_the_plan_says_so(ria: Desk, clock: SetClock) -> None:
    clock.set(march(9, 9))
    visit = booked(ria, JANE, march(9, 9))
    start(ria, StepVisit(appointment_id=visit.appointment_id))
    clock.set(march(9, 9, 50))
    kim = _joins(ria, "kim cut")
    assert (kim.stylist, kim.wait_minutes) == ("Bo", 10)
    assert not show_turns(ria, ShowTurns()).order[0].is_free


def test_who_asked_for_somebody_waits_for_them_and_counts_as_the_shop_says(
    ria: Desk, ada: Desk, clock: SetClock
) -> None:
    edit_shop_rules(ada, EditShopRules(request_turn=Decimal("0.5"), small_turn=Decimal(0), small_minutes=30))
    clock.set(march(9, 10))
    kim, ola = _joins(ria, "kim cut bo"), _joins(ria, "ola blow-dry")
    assert _turn(ria, kim).passed_over == (), "nobody is passed over by a customer's wish"
    assert _turn(ria, ola).stylist == "Anna"
    order = show_turns(ria, ShowTurns()).order
    assert [(one.name, one.turns, one.served) for one in order] == [("Anna", Decimal(0), 1), ("Bo", Decimal("0.5"), 1)]


def test_a_turn_is_passed_on_with_a_reason_that_stands_on_the_board(ria: Desk, mo: Desk, clock: SetClock) -> None:
    clock.set(march(9, 10))
    kim = _joins(ria, "kim cut")
    with pytest.raises(errors.OthersTurn) as refused:
        _turn(ria, kim, BO)
    assert refused.value.sentence == (
        "It is Anna's turn, not Bo's. Say why the turn is passed on, or give them to Anna."
    )
    given = _turn(ria, kim, BO, "Anna is on the phone")
    assert (given.stylist, given.passed_over) == ("Bo", ("Anna",))
    with pytest.raises(errors.ReasonMissing):
        skip_turn(ria, SkipTurn(stylist_id=ANNA, reason=" "))
    with pytest.raises(errors.NotFound):
        skip_turn(ria, SkipTurn(stylist_id=99, reason="Lunch"))
    skip_turn(ria, SkipTurn(stylist_id=ANNA, reason="Lunch"))
    board = show_turns(mo, ShowTurns())
    assert [(one.stylist, one.reason, one.by) for one in board.skipped] == [
        ("Anna", "Anna is on the phone", "Ria"), ("Anna", "Lunch", "Ria"),
    ]  # fmt: skip
    assert [(one.name, one.turns) for one in board.order] == [("Bo", Decimal(1)), ("Anna", Decimal(2))]


def test_who_leaves_says_why_and_yesterdays_queue_is_over(ria: Desk, clock: SetClock) -> None:
    kim = _joins(ria, "kim cut")
    with pytest.raises(errors.ReasonMissing):
        leave_queue(ria, LeaveQueue(walk_in_id=kim.id))
    assert leave_queue(ria, LeaveQueue(walk_in_id=kim.id, reason="Too long")).customer == "Kim Lee"
    with pytest.raises(errors.NotWaiting, match="they left, Too long"):
        leave_queue(ria, LeaveQueue(walk_in_id=kim.id, reason="Too long"))
    with pytest.raises(errors.NotFound):
        leave_queue(ria, LeaveQueue(walk_in_id=99, reason="Too long"))
    _joins(ria, "ola cut")
    clock.set(march(10, 9))
    assert show_queue(ria, ShowQueue()).waiting == ()


def test_an_evening_without_time_says_so(ria: Desk, clock: SetClock) -> None:
    clock.set(march(9, 17, 30))
    kim = _joins(ria, "kim cut")
    assert kim.wait_minutes is None
    with pytest.raises(errors.NobodyFree, match="no time for it today any more"):
        _turn(ria, kim)


def test_two_desks_give_one_walk_in_one_turn(server: Handle, committed: str) -> None:
    with _desks(server, committed) as new_desk:
        one = _joins(new_desk(), "kim cut")
        desks = [new_desk() for _ in range(6)]

        def want(number: int) -> str:
            try:
                _turn(desks[number], one)
            except errors.NotWaiting:
                return "had it"
            return "given"

        assert _at_once(want, 6) == {"given": 1, "had it": 5}
    with psycopg.connect(server.conninfo(committed)) as connection:
        assert _overlaps(connection) == 0
        assert connection.execute("SELECT count(*) FROM turns").fetchone() == (1,)
