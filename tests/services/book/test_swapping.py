"""Visits that change places, and chains of moves."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import psycopg
import pytest

from frontdesk import errors
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.services.book.booking import MoveAppointment, move
from frontdesk.services.book.swapping import MoveSeveral, OneMove, SwapVisits, move_several, swap
from frontdesk.services.book.visits import StepVisit, start
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.undo.undo import RedoLast, UndoLast, redo_last, undo_last
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, MASSAGE, OLA, booked, march
from tests.services.undo.test_undo import book_of, sheet
from tests.services.undo.test_undo_races import at_once, desks


def test_two_visits_swap_times_and_stylists_and_keep_their_lengths(ria: Desk, mo: Desk) -> None:
    jane = booked(ria, JANE, march(10, 10), (CUT, ANNA)).appointment_id
    kim = booked(ria, KIM, march(10, 15), (COLOUR, BO)).appointment_id
    before = book_of(ria)
    swapped = swap(ria, SwapVisits(appointment_id=jane, other_id=kim))
    assert [(v.customer, v.starts_at, v.stylist_ids) for v in swapped.visits] == [
        ("Jane Doe", march(10, 15), (BO,)),
        ("Kim Lee", march(10, 10), (ANNA,)),
    ]
    assert (sheet(ria, kim).ends_at, sheet(ria, jane).ends_at) == (march(10, 11, 45), march(10, 15, 45))
    after = book_of(ria)
    assert examine_data(mo, ExamineData()).findings == ()
    assert undo_last(ria, UndoLast()).sentence == "Taken back: Jane Doe and Kim Lee swapped."
    assert book_of(ria) == before
    assert redo_last(ria, RedoLast()).sentence == "Done again: Jane Doe and Kim Lee swapped."
    assert book_of(ria) == after


def test_neighbours_of_one_customer_swap(ria: Desk) -> None:
    first = booked(ria, JANE, march(10, 10), (CUT, ANNA)).appointment_id
    second = booked(ria, JANE, march(10, 11), (BLOW_DRY, ANNA)).appointment_id
    before = book_of(ria)
    swap(ria, SwapVisits(appointment_id=first, other_id=second))
    assert sheet(ria, first).starts_at == march(10, 11)
    undo_last(ria, UndoLast())
    assert book_of(ria) == before


def test_a_swap_that_a_third_is_in_the_way_of_changes_nothing(ria: Desk) -> None:
    jane = booked(ria, JANE, march(10, 10), (COLOUR, ANNA)).appointment_id
    kim = booked(ria, KIM, march(10, 15), (CUT, ANNA)).appointment_id
    booked(ria, OLA, march(10, 16, 15), (CUT, ANNA))
    before = book_of(ria)
    with pytest.raises(errors.StylistTaken, match="taken 16:15–17:00 by Ola Berg"):
        swap(ria, SwapVisits(appointment_id=jane, other_id=kim))
    assert book_of(ria) == before
    swap(ria, SwapVisits(appointment_id=jane, other_id=kim, overbook_reason="A wedding"))
    assert [line.overbook_reason for line in sheet(ria, jane).lines] == ["A wedding"]
    undo_last(ria, UndoLast())
    assert book_of(ria) == before


def test_what_can_not_be_swapped_is_said(ria: Desk) -> None:
    jane = booked(ria, JANE, march(10, 10), (CUT, ANNA)).appointment_id
    late = booked(ria, KIM, march(10, 17), (CUT, BO)).appointment_id
    with pytest.raises(errors.BadInput, match="itself"):
        swap(ria, SwapVisits(appointment_id=jane, other_id=jane))
    with pytest.raises(errors.NotFound):
        swap(ria, SwapVisits(appointment_id=jane, other_id=999))
    with pytest.raises(errors.ChangedMeanwhile):
        swap(ria, SwapVisits(appointment_id=jane, other_id=late, other_version=9))
    colour = booked(ria, OLA, march(10, 11), (COLOUR, BO)).appointment_id
    with pytest.raises(errors.OutsideShift, match="Bo finishes at 18:00"):
        swap(ria, SwapVisits(appointment_id=colour, other_id=late))
    start(ria, StepVisit(appointment_id=colour))
    with pytest.raises(errors.WrongStage, match="is in service: it can't be swapped"):
        swap(ria, SwapVisits(appointment_id=jane, other_id=colour))


def test_a_chain_of_moves_goes_through_where_no_single_move_could(ria: Desk, mo: Desk) -> None:
    ring = [booked(ria, who, march(10, hour), (CUT, ANNA)).appointment_id for who, hour in AROUND]
    before = book_of(ria)
    moves = tuple(
        OneMove(appointment_id=visit, starts_at=march(10, AROUND[at - 2][1])) for at, visit in enumerate(ring)
    )
    with pytest.raises(errors.StylistTaken):
        move(ria, MoveAppointment(appointment_id=ring[0], starts_at=moves[0].starts_at))
    moved = move_several(ria, MoveSeveral(moves=moves))
    assert [visit.starts_at for visit in moved.visits] == [march(10, 11), march(10, 12), march(10, 10)]
    assert examine_data(mo, ExamineData()).findings == ()
    assert undo_last(ria, UndoLast()).sentence == "Taken back: Jane Doe, Kim Lee and Ola Berg moved."
    assert book_of(ria) == before


def test_a_clash_at_the_end_of_a_chain_rolls_all_of_it_back(ria: Desk) -> None:
    ring = [booked(ria, who, march(10, hour), (CUT, ANNA)).appointment_id for who, hour in AROUND]
    booked(ria, None, march(10, 14), (CUT, BO))
    before = book_of(ria)
    moves = [OneMove(appointment_id=visit, starts_at=march(10, 15 + at)) for at, visit in enumerate(ring)]
    moves[2] = OneMove(appointment_id=ring[2], starts_at=march(10, 14, 15), stylist_id=BO)
    with pytest.raises(errors.StylistTaken, match="Bo is taken 14:00–14:45"):
        move_several(ria, MoveSeveral(moves=tuple(moves)))
    assert book_of(ria) == before


AROUND = ((JANE, 10), (KIM, 11), (OLA, 12))


def test_two_massages_in_one_room_are_refused_by_its_name(ria: Desk) -> None:
    one = booked(ria, JANE, march(10, 10), (MASSAGE, ANNA)).appointment_id
    booked(ria, KIM, march(10, 13), (MASSAGE, BO))
    with pytest.raises(errors.NoResource, match="Room 1"):
        move_several(ria, MoveSeveral(moves=(OneMove(appointment_id=one, starts_at=march(10, 12, 30)),)))


def _holes(connection: psycopg.Connection) -> int:
    """How many of the two times are free at this moment, in one snapshot."""
    row = connection.execute(
        "SELECT count(*) FROM time_slots WHERE status = 'booked' AND ("
        " (resource_id = 1 AND starts_at <= %(one)s AND ends_at > %(one)s)"
        " OR (resource_id = 2 AND starts_at <= %(two)s AND ends_at > %(two)s))",
        {"one": march(10, 10), "two": march(10, 15)},
    ).fetchone()
    return 2 - int(row[0] if row else 0)


def test_no_moment_exists_when_either_time_is_free(server: Handle, committed: str) -> None:
    with desks(server, committed) as new_desk, psycopg.connect(server.conninfo(committed), autocommit=True) as seeing:
        ria, mo = new_desk("ria"), new_desk("mo")
        jane = booked(ria, JANE, march(10, 10), (CUT, ANNA)).appointment_id
        kim = booked(ria, KIM, march(10, 15), (CUT, BO)).appointment_id
        done, looks, free = threading.Event(), Counter[int](), Counter[str]()

        def look() -> str:
            while not done.is_set():
                looks[_holes(seeing)] += 1
            return "looked"

        def snatch() -> str:
            while not done.is_set():
                try:
                    booked(mo, OLA, march(10, 10), (CUT, ANNA))
                except errors.SlotTaken:
                    free["refused"] += 1
                else:
                    free["got in"] += 1
            return "tried"

        def swap_about() -> str:
            for _ in range(8):
                swap(ria, SwapVisits(appointment_id=jane, other_id=kim))
            done.set()
            return "swapped"

        at_once(look, snatch, swap_about)
        assert looks[0] > 8
        assert set(looks) == {0}
        assert set(free) == {"refused"}

        # With a parking place instead, as without a swap, everybody sees a time that is free.
        move(ria, MoveAppointment(appointment_id=jane, starts_at=march(10, 12)))
        assert _holes(seeing) == 1


def test_swaps_that_cross_do_not_wait_for_each_other_for_ever(server: Handle, committed: str) -> None:
    with desks(server, committed) as new_desk:
        ria = new_desk("ria")
        jane = booked(ria, JANE, march(10, 10), (CUT, ANNA)).appointment_id
        kim = booked(ria, KIM, march(10, 15), (CUT, BO)).appointment_id

        def press(one: int, other: int) -> Callable[[], str]:
            def swap_them() -> str:
                desk = new_desk("ria")
                for _ in range(5):
                    with suppress(errors.Busy):
                        swap(desk, SwapVisits(appointment_id=one, other_id=other))
                return "done"

            return swap_them

        at_once(press(jane, kim), press(kim, jane))
        assert {sheet(ria, jane).starts_at, sheet(ria, kim).starts_at} == {march(10, 10), march(10, 15)}
