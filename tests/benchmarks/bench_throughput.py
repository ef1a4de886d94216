"""Many clients book at once, each an hour of its own: plain clients against pgbench with the same statements."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from frontdesk.db.server import bin_directory
from tests.benchmarks.bench_booking import rehearsed
from tests.benchmarks.figures import Figure, fact, median, share
from tests.benchmarks.full_book import fill_book
from tests.benchmarks.openings import Opening, openings
from tests.benchmarks.replaying import MARKS, Script, keep, plain_clients, rate, take_gun, taken_apart
from tests.benchmarks.scratch import Scratch, desk

_PROCESSES = 2
"""So many share the clients, here as there."""


def figures(scratch: Scratch) -> Iterator[Figure]:
    """In turns, every time on a fresh copy of the same book."""
    clients, each = scratch.size.clients, scratch.size.bookings_each
    name = f"throughput: {clients} plain clients, to pgbench"
    if not _pgbench().exists():
        yield Figure(name, "not taken", note="the server's programs came without pgbench")
        return
    warm = max(1, each // 5)  # PostgreSQL plans a prepared statement anew five times before it keeps a plan
    rates: dict[Way, list[float]] = defaultdict(list)
    made = set()
    with scratch.copied(scratch.database("book", fill_book), "rehearsed") as book:
        script = _rehearse(scratch, book, clients * each)
        for _ in range(scratch.size.turns):
            for way in (_plain, _by_pgbench):
                with scratch.copied(book, "turn") as turn:
                    rates[way].append(rate(way(scratch, turn, script), warm))
                    made.add(_made(scratch, turn))
    yield share(name, median(rates[_plain]), median(rates[_by_pgbench]), 0.8, "bookings a second")
    yield fact("throughput: bookings made in every turn", " or ".join(map(str, made)), str(clients * each))


Way = Callable[[Scratch, str, Script], list[list[float]]]
"""Makes all the bookings, and tells when every one of them was over: by client."""


def _pgbench() -> Path:
    return bin_directory() / "pgbench"


def _rehearse(scratch: Scratch, book: str, many: int) -> Script:
    """Keep so many rows of parameters of one script: the one that most openings ask for.

    No strip is booked twice on a day, so that what one booking does to its strip is not in what another one read.
    """
    rehearsing = scratch.engine(book)
    at = desk(rehearsing)
    found: Counter[Script] = Counter()
    rows = defaultdict(list)
    with scratch.owner(book) as owner:
        for table, mark in MARKS.items():
            owner.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", (table, mark))
        for opening in _apart(openings(at, owner)):
            script, row = taken_apart(rehearsed(rehearsing, at, opening, owner), owner)
            found[script] += 1
            rows[script].append(row)
            if found[script] == many:
                break
        rehearsing.dispose()
        [(script, most)] = found.most_common(1)
        assert most == many, f"{most} openings of {many} that are alike"
        keep(owner, rows[script])
    return script


def _apart(free: Iterator[Opening]) -> Iterator[Opening]:
    seen = set()
    for opening in free:
        strip_day = opening.stylist_id, opening.starts_at.date()
        if strip_day not in seen:
            seen.add(strip_day)
            yield opening


def _made(scratch: Scratch, book: str) -> int:
    with scratch.owner(book) as owner:
        [(made,)] = owner.execute(
            "SELECT count(DISTINCT a.id) FROM appointments a JOIN appointment_services l ON l.appointment_id = a.id"
            "  JOIN appointment_parts p ON p.appointment_service_id = l.id JOIN time_slots t ON t.part_id = p.id"
            " WHERE a.id >= %s",
            (MARKS["appointments"],),
        ).fetchall()
    return int(made)


def _plain(scratch: Scratch, book: str, script: Script) -> list[list[float]]:
    clients, conninfo = scratch.size.clients, scratch.desk_conninfo(book)
    spawning = multiprocessing.get_context("spawn")
    shares = [range(n, clients, _PROCESSES) for n in range(_PROCESSES)]
    with spawning.Pool(_PROCESSES, initializer=take_gun, initargs=(spawning.Barrier(clients),)) as pool:
        asked = [(conninfo, script, scratch.size.bookings_each, share) for share in shares]
        return [ends for ended in pool.starmap(plain_clients, asked, 1) for ends in ended]


def _by_pgbench(scratch: Scratch, book: str, script: Script) -> list[list[float]]:
    clients, each = scratch.size.clients, scratch.size.bookings_each
    with TemporaryDirectory() as folder:
        path = Path(folder, "script")
        path.write_text(script.pgbench(each))
        command = [
            str(_pgbench()), "--no-vacuum", "--protocol=prepared", f"--file={path}", "--define=k=0",
            f"--transactions={each}", f"--client={clients}", f"--jobs={_PROCESSES}", "--log",
            f"--log-prefix={folder}/log", scratch.desk_conninfo(book),
        ]  # fmt: skip
        done = subprocess.run(command, env={**os.environ, "LC_ALL": "C"}, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        ends = defaultdict(list)
        for log in Path(folder).glob("log.*"):
            for line in log.read_text().splitlines():
                client, _, _, _, seconds, microseconds, *_ = map(int, line.split())
                ends[client].append(seconds + microseconds / 1e6)
    return list(ends.values())
