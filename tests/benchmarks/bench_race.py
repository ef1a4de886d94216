"""Many terminals want the same hour at the same moment: one gets it, nobody waits long, nothing deadlocks.

Some of them book it, others move a visit of theirs there.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import islice
from multiprocessing.synchronize import Barrier

from sqlmodel import Session

from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.desk import Desk
from frontdesk.errors import Busy, Refusal
from frontdesk.services.book.booking import MoveAppointment, move
from frontdesk.services.people.sign_in import open_desk
from tests.benchmarks.bare_client import BareClient, Call, Declined
from tests.benchmarks.bench_booking import booked, rehearsed, rehearsed_deed
from tests.benchmarks.figures import Figure, beside, fact, lasting, percentile
from tests.benchmarks.full_book import fill_book
from tests.benchmarks.loading import NOW, token
from tests.benchmarks.openings import Opening, openings, without_visits
from tests.benchmarks.scratch import Scratch, desk

WON, LOST, STUCK = "won", "lost", "stuck"

_FIRST_ROUNDS = 12
"""By then plans are made: PostgreSQL plans a prepared statement anew five times before it keeps a plan."""


@dataclass(frozen=True)
class Outcome:
    """How it ended for one of them."""

    result: str
    seconds: float


def figures(scratch: Scratch) -> Iterator[Figure]:
    """Bare clients that send what the service sends, and then the service itself in two processes."""
    database = scratch.database("book", fill_book)
    racers = scratch.size.racers
    yield from _told(f"race: {racers} bare clients", list(_bare_rounds(scratch, database)), goal_milliseconds=100)
    mixed = list(_mixed_rounds(scratch, database))
    moving = sum(outcome.result == WON for each in mixed for outcome in each[: racers // 2])
    name, note = f"race: {racers} bare clients, half moving", f"{moving} of them moved there"
    yield from _told(name, mixed, goal_milliseconds=100, winners=note)
    desks = max(2, racers // 2)
    yield from _told(f"race: {desks} desks in two processes", _service_rounds(scratch, database, desks))


def _told(
    name: str, rounds: Sequence[Sequence[Outcome]], goal_milliseconds: float | None = None, winners: str = ""
) -> Iterator[Figure]:
    won = {sum(outcome.result == WON for outcome in each) for each in rounds}
    stuck = sum(outcome.result == STUCK for each in rounds for outcome in each)
    times = [outcome.seconds for each in rounds for outcome in each]
    most, note = percentile(times, 95), f"slowest {max(times) * 1000:.0f} ms"
    yield fact(f"{name}: winners in each of {len(rounds)} rounds", " or ".join(map(str, sorted(won))), "1", winners)
    yield fact(f"{name}: deadlocks and timeouts", stuck, 0)
    if goal_milliseconds is None:
        yield beside(f"{name}: 95 of 100 know within", most, note)
    else:
        yield lasting(f"{name}: 95 of 100 know within", most, goal_milliseconds, note)


def _bare_rounds(scratch: Scratch, database: str) -> Iterator[list[Outcome]]:
    at, rehearsing = desk(scratch.engine(database)), scratch.engine(database)
    with ExitStack() as lines, scratch.owner(database) as owner:
        free, customers = openings(at, owner), without_visits(owner)
        clients = [BareClient(lines.enter_context(scratch.driver(database))) for _ in range(scratch.size.racers)]
        for n in range(scratch.size.races + _FIRST_ROUNDS):
            opening = next(free)
            wishes = [replace(opening, customer_id=next(customers)) for _ in clients]
            plans = [rehearsed(rehearsing, at, wish, owner) for wish in wishes]
            outcomes = _race([_run(c, c.ready(plan), opening) for c, plan in zip(clients, plans, strict=True)])
            if n >= _FIRST_ROUNDS:
                yield outcomes


def _mixed_rounds(scratch: Scratch, database: str) -> Iterator[list[Outcome]]:
    """Half of them have a visit elsewhere that they want to move there, and keep when they lose."""
    at, rehearsing = desk(scratch.engine(database)), scratch.engine(database)
    with ExitStack() as lines, scratch.owner(database) as owner:
        free = openings(at, owner)
        clients = [BareClient(lines.enter_context(scratch.driver(database))) for _ in range(scratch.size.racers)]
        visits = [booked(at, opening).appointment_id for opening in islice(free, len(clients) // 2)]
        customers = without_visits(owner)
        for n in range(scratch.size.races // 2 + _FIRST_ROUNDS):
            opening = next(free)
            wishes: list[Callable[[Desk], object]] = [partial(_moved, visit, opening) for visit in visits]
            for _ in clients[len(visits) :]:
                wish = replace(opening, customer_id=next(customers))
                wishes.append(partial(booked, opening=wish))
            plans = [rehearsed_deed(rehearsing, at, wish, owner) for wish in wishes]
            outcomes = _race([_run(c, c.ready(plan), opening) for c, plan in zip(clients, plans, strict=True)])
            if n >= _FIRST_ROUNDS:
                yield outcomes


def _moved(visit: int, opening: Opening, at: Desk) -> object:
    there = MoveAppointment(appointment_id=visit, starts_at=opening.starts_at, stylist_id=opening.stylist_id)
    return move(at, there)


def _race(runners: Sequence[Callable[[], str]]) -> list[Outcome]:
    gun = threading.Barrier(len(runners))

    def run(runner: Callable[[], str]) -> Outcome:
        gun.wait()
        start = time.perf_counter()
        return Outcome(runner(), time.perf_counter() - start)

    with ThreadPoolExecutor(len(runners)) as track:
        return list(track.map(run, runners))


def _run(client: BareClient, calls: Sequence[Call], opening: Opening) -> Callable[[], str]:
    """Sends the service's statements, and gives up where the service would: when the strips show no room."""
    look = _look(calls)

    def run() -> str:
        try:
            client.say(b"BEGIN")
            for call in calls:
                rows = client.call(call)
                if call is look and not any(_has_room(row, opening) for row in rows):
                    client.say(b"ROLLBACK")
                    return LOST
            client.say(b"COMMIT")
        except Declined:
            client.say(b"ROLLBACK")
            return STUCK
        return WON

    return run


def _look(calls: Sequence[Call]) -> Call:
    """The last time that strips are read before something is put on them. A move reads those it leaves before that."""
    put = next(n for n, call in enumerate(calls) if call.statement.startswith("INSERT INTO appointment_parts"))
    return next(call for call in reversed(calls[:put]) if "status, reason, part_id" in call.statement)


def _has_room(row: Sequence[bytes | None], opening: Opening) -> bool:
    """The server writes moments in UTC, all in one form, so their text has their order."""
    _, _, _, opens, closes, status, *_ = row
    starts, ends = (str(opening.starts_at + timedelta(hours=n))[:19].encode() for n in (0, 1))
    assert opens
    assert closes
    return status == b"available" and opens[:19] <= starts and ends <= closes[:19]


def _service_rounds(scratch: Scratch, database: str, desks: int) -> list[list[Outcome]]:
    at = desk(scratch.engine(database))
    with scratch.owner(database) as owner:
        free, customers = openings(at, owner), without_visits(owner)
        wishes = [
            [replace(opening, customer_id=next(customers)) for _ in range(desks)]
            for opening, _ in zip(free, range(scratch.size.races), strict=False)
        ]
    spawning = multiprocessing.get_context("spawn")
    gun = spawning.Barrier(desks)
    halves = [[each[n::2] for each in wishes] for n in range(2)]
    with spawning.Pool(2, initializer=_take_gun, initargs=(gun,)) as pool:
        found = pool.starmap(_half_the_desks, [(scratch.desk_conninfo(database), half) for half in halves], 1)
    return [[*first, *second] for first, second in zip(*found, strict=True)]


_guns: list[Barrier] = []
"""This process's end of the barrier that starts every round everywhere."""


def _take_gun(gun: Barrier) -> None:
    _guns.append(gun)


def _half_the_desks(conninfo: str, rounds: Sequence[Sequence[Opening]]) -> list[list[Outcome]]:
    with ThreadPoolExecutor(len(rounds[0])) as room:
        by_desk = room.map(lambda wishes: _one_desk(conninfo, wishes), zip(*rounds, strict=True))
        return [list(each) for each in zip(*by_desk, strict=True)]


def _one_desk(conninfo: str, wishes: Sequence[Opening]) -> list[Outcome]:
    engine = open_engine(conninfo)
    at = open_desk(lambda: Session(engine), token("ria"), SetClock(NOW))
    outcomes = []
    for wish in wishes:
        _guns[0].wait()
        start = time.perf_counter()
        try:
            booked(at, wish)
            result = WON
        except Busy:
            result = STUCK
        except Refusal:
            result = LOST
        outcomes.append(Outcome(result, time.perf_counter() - start))
    engine.dispose()
    return outcomes
