"""Times that are kept while somebody types: seen by others, lapsing by themselves, won by one desk (features BK28)."""

from __future__ import annotations

import datetime as dt
import json
from uuid import UUID, uuid4

import psycopg
import pytest

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.services.book.holds import HeldTime, HoldTime, LetGo, hold_time, let_go
from frontdesk.services.placing.availability import FindFree, find_free
from frontdesk.services.records.notices import ReadNotice, read_notice
from tests.services.book.test_races import _at_once, _desks, _overlaps
from tests.services.desks import ANNA, BO, CUT, JANE, booked, march

THREE = march(10, 15)


def _held(desk: Desk, key: UUID, at: dt.datetime = THREE, stylist: int = ANNA, minutes: int = 45) -> HeldTime:
    return hold_time(desk, HoldTime(stylist_id=stylist, starts_at=at, minutes=minutes, hold_key=key))


def _starts(desk: Desk, stylist: int = ANNA, day: int = 10) -> set[dt.datetime]:
    wish = FindFree(service_id=CUT, stylist_id=stylist, first_day=dt.date(2026, 3, day), days=1, limit=0)
    return {free.starts_at for free in find_free(desk, wish).times}


def test_a_time_is_kept_for_ten_minutes_and_others_read_who_is_booking_it(ria: Desk, mo: Desk) -> None:
    key = uuid4()
    assert _held(ria, key) == HeldTime(True, march(9, 9, 10))
    assert march(10, 15) not in _starts(mo)
    refused = _held(mo, uuid4(), march(10, 15, 30))
    assert (refused.held, refused.in_the_way) == (False, "Ria is booking 15:00–15:45")
    with pytest.raises(errors.SlotTaken):
        booked(mo, JANE, march(10, 15))
    assert let_go(ria, LetGo(hold_key=key)).pieces == 1
    assert let_go(ria, LetGo(hold_key=key)).pieces == 0
    assert march(10, 15) in _starts(mo)


def test_the_next_time_of_a_key_replaces_the_one_before(ria: Desk, mo: Desk) -> None:
    key = uuid4()
    _held(ria, key)
    assert _held(ria, key, march(10, 15, 15)).held
    assert _held(ria, key, march(11, 11), BO).held
    assert march(10, 15) in _starts(mo)
    assert march(11, 11) not in _starts(mo, BO, 11)


def test_what_can_not_be_kept_is_said_and_refuses_nothing(ria: Desk, mo: Desk) -> None:
    key = uuid4()
    _held(ria, key)
    booked(mo, JANE, march(10, 12))
    assert _held(ria, key, march(10, 12, 30)).in_the_way == "Jane Doe 12:00–12:45"
    assert march(10, 15) in _starts(mo)
    assert _held(ria, key, march(10, 17)).in_the_way == "Anna does not work then"
    with pytest.raises(errors.BadInput):
        _held(ria, key, minutes=0)
    with pytest.raises(errors.NotFound):
        _held(ria, key, stylist=99)


def test_a_lapsed_hold_is_in_nobodys_way(ria: Desk, mo: Desk, clock: SetClock) -> None:
    _held(ria, uuid4())
    clock.set(march(9, 9, 10))
    assert _held(mo, uuid4(), march(10, 15, 15)).held
    clock.set(march(9, 9, 20))
    assert march(10, 15) in _starts(mo)


def test_who_may_not_book_keeps_nothing(anna: Desk) -> None:
    with pytest.raises(errors.NotAllowed):
        _held(anna, uuid4())


def test_of_many_desks_that_type_one_time_one_keeps_it(server: Handle, committed: str) -> None:
    with _desks(server, committed) as new_desk:
        desks = [new_desk() for _ in range(12)]

        def want(number: int) -> str:
            answer = _held(desks[number], uuid4())
            return "held" if answer.held else answer.in_the_way

        assert _at_once(want, 12) == {"held": 1, "Ria is booking 15:00–15:45": 11}
    with psycopg.connect(server.conninfo(committed)) as connection:
        assert _overlaps(connection) == 0


def test_other_terminals_hear_of_it_within_a_second(server: Handle, committed: str) -> None:
    with (
        _desks(server, committed) as ria,
        _desks(server, committed, "mo") as mo,
        psycopg.connect(server.conninfo(committed), autocommit=True) as listening,
    ):
        listening.execute("LISTEN frontdesk")
        key = uuid4()
        _held(ria(), key)
        (told,) = listening.notifies(timeout=1, stop_after=1)
        notice = json.loads(told.payload)
        read = read_notice(mo(), ReadNotice(kind=notice["kind"], id=notice["id"], by=notice["by"]))
        assert read.sentence == "Ria is booking Tue 10 Mar 15:00 with Anna."
        assert read.day == dt.date(2026, 3, 10)
        let_go(ria(), LetGo(hold_key=key))
        (told,) = listening.notifies(timeout=1, stop_after=1)
        notice = json.loads(told.payload)
        assert notice["kind"] == "hold.let_go"
        assert read_notice(mo(), ReadNotice(kind="hold.let_go", id=0, by=notice["by"])).sentence == ""
