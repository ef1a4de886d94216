"""Many terminals at once, and terminals that die: one wins, nothing is half-written. Each with its negative control."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

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
from frontdesk.services.reports.journal import VerifyJournal, verify_journal
from tests import vale_street
from tests.conftest import desk_conninfo
from tests.seeds import seeds
from tests.services.desks import ANNA, BO, CUT, JANE, KIM, OLA, booked, march

WRITERS = 20


@contextmanager
def _desks(handle: Handle, database: str, login: str = "ria") -> Iterator[Callable[[], Desk]]:
    """A maker of desks, each with a connection of its own, as terminals have."""
    engine = open_engine(desk_conninfo(handle, database), poolclass=NullPool)
    yield lambda: open_desk(lambda: Session(engine), vale_street.token(login), SetClock(vale_street.NOW))
    engine.dispose()


def _at_once(doing: Callable[[int], str], writers: int = WRITERS) -> Counter[str]:
    gate = threading.Barrier(writers)

    def one(number: int) -> str:
        gate.wait()
        return doing(number)

    with ThreadPoolExecutor(writers) as pool:
        return Counter(pool.map(one, range(writers)))


def _overlaps(connection: psycopg.Connection) -> int:
    row = connection.execute(
        "SELECT count(*) FROM time_slots a JOIN time_slots b ON a.resource_id = b.resource_id AND a.id < b.id"
        " AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"
        " WHERE a.status IN ('booked', 'held') AND b.status IN ('booked', 'held')"
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_of_twenty_desks_that_want_one_time_one_gets_it(server: Handle, committed: str) -> None:
    with _desks(server, committed) as new_desk:
        desks = [new_desk() for _ in range(WRITERS)]

        def want(number: int) -> str:
            try:
                booked(desks[number], None, march(10, 15))
            except errors.StylistTaken as refused:
                return "told" if "Anna is taken 15:00–15:45" in refused.sentence else refused.sentence
            return "booked"

        assert _at_once(want) == {"booked": 1, "told": WRITERS - 1}


@pytest.mark.parametrize(("guarded", "winners"), [(True, 1), (False, WRITERS)])
def test_plain_sql_can_not_double_book_while_the_constraint_stands(
    server: Handle, committed: str, guarded: bool, winners: int
) -> None:
    """Without the constraint the same writers must double-book, or this test tests nothing."""
    conninfo = server.conninfo(committed)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        if not guarded:
            connection.execute("ALTER TABLE time_slots DROP CONSTRAINT time_slots_no_overlap")

    looked = threading.Barrier(WRITERS)

    def want(number: int) -> str:
        with psycopg.connect(conninfo) as connection:
            taken = connection.execute(
                "SELECT 1 FROM time_slots WHERE resource_id = 1 AND status = 'held' AND starts_at = '2026-03-10 15:00Z'"
            ).fetchone()
            looked.wait()  # between looking and writing everybody else looks: so every double booking happens
            if taken:
                return "refused"
            row = connection.execute(
                "INSERT INTO time_slots (business_id, resource_id, shop_id, starts_at, ends_at, status, held_by,"
                " held_until, hold_key) VALUES (1, 1, 1, '2026-03-10 15:00Z', '2026-03-10 15:45Z', 'held', 1,"
                " '2026-03-10Z', gen_random_uuid())"
                " ON CONFLICT DO NOTHING RETURNING id"
            ).fetchone()
            return "held" if row else "refused"

    assert _at_once(want)["held"] == winners
    with psycopg.connect(conninfo) as connection:
        assert (_overlaps(connection) == 0) is guarded


def test_visits_of_one_customer_with_many_stylists_neither_overlap_nor_deadlock(server: Handle, committed: str) -> None:
    with _desks(server, committed) as new_desk:
        desks = [new_desk() for _ in range(16)]

        def want(number: int) -> str:
            lines = [(CUT, ANNA), (CUT, BO)] if number % 2 else [(CUT, BO), (CUT, ANNA)]
            try:
                booked(desks[number], JANE, march(10, 11), *lines)
            except (errors.CustomerBusy, errors.SlotTaken):
                return "refused"
            return "booked"

        assert _at_once(want, 16) == {"booked": 1, "refused": 15}


def test_two_visits_that_move_onto_each_other_s_days_never_deadlock(server: Handle, committed: str) -> None:
    with _desks(server, committed) as new_desk:
        first = booked(new_desk(), KIM, march(10, 10), (CUT, ANNA)).appointment_id
        second = booked(new_desk(), OLA, march(11, 11), (CUT, BO)).appointment_id
        desks = [new_desk() for _ in range(8)]

        def shuffle(number: int) -> str:
            visit, day, stylist = (first, 11, BO) if number % 2 else (second, 10, ANNA)
            try:
                wish = MoveAppointment(appointment_id=visit, starts_at=march(day, 10 + number), stylist_id=stylist)
                move(desks[number], wish)
            except (errors.SlotTaken, errors.ChangedMeanwhile):
                return "refused"
            return "moved"

        assert set(_at_once(shuffle, 8)) <= {"moved", "refused"}
        with psycopg.connect(server.conninfo(committed)) as connection:
            assert _overlaps(connection) == 0


def test_of_desks_that_book_and_move_into_one_time_one_gets_it(server: Handle, committed: str) -> None:
    with _desks(server, committed) as new_desk:
        visits = [booked(new_desk(), None, march(11, 9 + n), (CUT, ANNA)).appointment_id for n in range(6)]
        desks = [new_desk() for _ in range(WRITERS)]

        def want(number: int) -> str:
            try:
                if number < len(visits):
                    move(desks[number], MoveAppointment(appointment_id=visits[number], starts_at=march(10, 15)))
                else:
                    booked(desks[number], None, march(10, 15))
            except errors.StylistTaken as refused:
                return "told" if "Anna is taken 15:00–15:45" in refused.sentence else refused.sentence
            return "won"

        assert _at_once(want) == {"won": 1, "told": WRITERS - 1}


def test_anybody_is_chosen_and_taken_in_one_transaction(server: Handle, committed: str) -> None:
    """BK14: of a dozen desks that want anybody at one time, as many win as there are stylists."""
    with _desks(server, committed) as new_desk:
        desks = [new_desk() for _ in range(12)]

        def want(number: int) -> str:
            try:
                return str(booked(desks[number], None, march(10, 15), (CUT, None)).lines[0].stylist)
            except errors.NothingFree:
                return "told"

        assert _at_once(want, 12) == {"Anna": 1, "Bo": 1, "told": 10}


HALVES = """
    SELECT count(*) FROM sales s
     WHERE s.status <> 'closed'
        OR s.total + s.tip <> (SELECT coalesce(sum(amount), 0) FROM payments WHERE sale_id = s.id)
        OR s.total <> (SELECT coalesce(sum(total), 0) FROM sale_lines WHERE sale_id = s.id)
"""


@pytest.mark.parametrize("till", ["careful", "careless"])
def test_a_till_killed_half_way_leaves_no_half_sale(server: Handle, committed: str, till: str) -> None:
    """The careless till, without transactions and without the check at commit, must leave halves."""
    with _desks(server, committed) as new_desk:
        desk = new_desk()
        visits = [
            booked(desk, None, march(day, hour)).appointment_id for day in (10, 11, 12, 13) for hour in range(9, 17)
        ]
    wishes = [(visit, str(uuid4())) for visit in visits]
    conninfo = desk_conninfo(server, committed)
    if till == "careless":
        conninfo = server.conninfo(committed)
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute("DROP TRIGGER sales_add_up ON sales")
    dice = random.Random(7)
    acknowledged: set[str] = set()
    for _ in range(5 * len(seeds(0))):
        acknowledged |= _killed_run(till, conninfo, [w for w in wishes if w[1] not in acknowledged], dice)
    with psycopg.connect(server.conninfo(committed)) as connection:
        halves = connection.execute(HALVES).fetchone()
    assert halves is not None
    if till == "careless":
        assert halves[0] > 0
        return
    assert halves[0] == 0
    _run(till, conninfo, [w for w in wishes if w[1] not in acknowledged])
    with psycopg.connect(server.conninfo(committed)) as connection:
        counts = connection.execute("SELECT count(*), count(DISTINCT number), max(number) FROM sales").fetchone()
    assert counts == (len(visits),) * 3
    with _desks(server, committed, "mo") as new_desk:
        seen = verify_journal(new_desk(), VerifyJournal())
    assert (seen.entries, seen.is_whole) == (len(visits), True)


def _child(till: str, conninfo: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.services.book.till_child", till, conninfo]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def _killed_run(till: str, conninfo: str, wishes: list[tuple[int, str]], dice: random.Random) -> set[str]:
    """Start a till on these visits, kill it at a random moment, and return the keys it acknowledged."""
    with _child(till, conninfo) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write("".join(f"{visit} {key}\n" for visit, key in wishes))
        child.stdin.flush()
        timer = threading.Timer(dice.uniform(0.0, 0.06), child.kill)
        timer.start()
        said = child.stdout.read()
        timer.join()
    return set(said.split())


def _run(till: str, conninfo: str, wishes: list[tuple[int, str]]) -> None:
    with _child(till, conninfo) as child:
        child.communicate("".join(f"{visit} {key}\n" for visit, key in wishes), timeout=120)
    assert child.returncode == 0
