"""What the service sent for a booking as a script, which plain clients and pgbench both run with other parameters.

Parameters are texts in a table, one row for each booking, so that both read them the same way. Ids that a booking
gets while it is made come from its own INSERT: a rehearsal had marks in their place. Where a mark is inside a text, as
in what is remembered for taking back, it stays; nothing looks into these texts when they are written.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier

import psycopg
from psycopg.adapt import PyFormat, Transformer

from tests.benchmarks.bare_client import PARAMETER, BareClient, Sent

MARKS = {"appointments": 900_000_001, "appointment_services": 910_000_001, "appointment_parts": 920_000_001}
"""The id that a rehearsed row gets, by its table."""
_GIVEN = {mark: table for table, mark in MARKS.items()}

PARAMETERS = "bench_bookings"


@dataclass(frozen=True)
class Column:
    """A parameter that stands in the row of the booking."""

    number: int

    def __str__(self) -> str:
        return f"p{self.number}"


@dataclass(frozen=True)
class GivenId:
    """A parameter that an INSERT before it returned."""

    table: str

    def __str__(self) -> str:
        return f"{self.table}_id"


@dataclass(frozen=True)
class Step:
    """One statement: its text around its parameters."""

    texts: tuple[str, ...]
    parameters: tuple[Column | GivenId, ...]

    @property
    def gives(self) -> str | None:
        """The table whose id it returns, when later statements ask for that."""
        return next((table for table in MARKS if self.texts[0].startswith(f"INSERT INTO {table} ")), None)

    def written(self, placeholders: Sequence[str]) -> str:
        """With something in the parameters' places."""
        return "".join(text + mark for text, mark in zip(self.texts, (*placeholders, ""), strict=True))


@dataclass(frozen=True)
class Script:
    """Everything between BEGIN and COMMIT. Two bookings of one script differ in the row of their parameters only."""

    steps: tuple[Step, ...]
    columns: int

    @property
    def reads(self) -> str:
        """The beginning of the statement that reads a booking's parameters."""
        return f"SELECT {', '.join(map(str, map(Column, range(self.columns))))} FROM {PARAMETERS} WHERE n = "

    def pgbench(self, each: int) -> str:
        """For pgbench: every client has so many bookings of its own and takes them in their order."""
        lines = [rf"\set n :client_id * {each} + :k", r"\set k :k + 1", rf"{self.reads}:n \gset", "BEGIN;"]
        for step in self.steps:
            end = rf" \gset {step.gives}_" if step.gives else ";"
            lines.append(step.written([f":{parameter}" for parameter in step.parameters]).strip() + end)
        return "\n".join([*lines, "COMMIT;", ""])


def taken_apart(sent: Sequence[Sent], connection: psycopg.Connection) -> tuple[Script, list[str]]:
    """The script of a rehearsed booking, and its row. NULL is part of the script: pgbench has no word for it."""
    row: list[str] = []
    steps = []
    form = Transformer(connection)
    for statement, values in sent:
        texts, at = [""], 0
        parameters: list[Column | GivenId] = []
        for found in PARAMETER.finditer(statement):
            texts[-1] += statement[at : found.start()].replace("%%", "%")
            at, value = found.end(), values[found[1]]
            if value is None:
                texts[-1] += "NULL"
                continue
            if isinstance(value, int) and value in _GIVEN:
                parameters.append(GivenId(_GIVEN[value]))
            else:
                parameters.append(Column(len(row)))
                [dumped] = form.dump_sequence([value], [PyFormat.TEXT])
                assert dumped is not None
                row.append(bytes(dumped).decode())
            texts.append("")
        texts[-1] += statement[at:].replace("%%", "%")
        steps.append(Step(tuple(texts), tuple(parameters)))
    return Script(tuple(steps), len(row)), row


def keep(owner: psycopg.Connection, rows: Sequence[Sequence[str]]) -> None:
    """Put the parameters where everybody can read them."""
    columns = ", ".join(f"{Column(n)} text NOT NULL" for n in range(len(rows[0])))
    owner.execute(f"CREATE TABLE {PARAMETERS} (n integer PRIMARY KEY, {columns})")
    owner.execute(f"GRANT SELECT ON {PARAMETERS} TO PUBLIC")
    with owner.cursor().copy(f"COPY {PARAMETERS} FROM STDIN") as copy:
        for n, row in enumerate(rows):
            copy.write_row((n, *row))
    owner.execute(f"VACUUM (ANALYZE, FREEZE) {PARAMETERS}")


_guns: list[Barrier] = []
"""This process's end of the barrier that everybody everywhere starts at."""


def take_gun(gun: Barrier) -> None:
    """For a process that will run some of the clients."""
    _guns.append(gun)


def plain_clients(conninfo: str, script: Script, each: int, clients: Sequence[int]) -> list[list[float]]:
    """Run some of the clients in this process, and tell when every booking was over: by client."""
    with ExitStack() as lines:
        runs = [
            _bookings(lines.enter_context(psycopg.connect(conninfo, autocommit=True)), script, each, client)
            for client in clients
        ]
        with ThreadPoolExecutor(len(runs)) as room:
            return list(room.map(_timed, runs))


def _timed(run: Iterator[None]) -> list[float]:
    next(run)  # everything is prepared
    _guns[0].wait(60)
    return [time.perf_counter() for _ in run]


def _bookings(connection: psycopg.Connection, script: Script, each: int, client: int) -> Iterator[None]:
    bare = BareClient(connection)
    reads = bare.prepared(script.reads + "$1")
    names = [
        bare.prepared(step.written([f"${n}" for n in range(1, len(step.parameters) + 1)])) for step in script.steps
    ]
    yield
    for n in range(client * each, (client + 1) * each):
        [row] = bare.run(reads, [str(n).encode()])
        kept = [value or b"" for value in row]
        ids: dict[str, bytes] = {}
        bare.say(b"BEGIN")
        for name, step in zip(names, script.steps, strict=True):
            values = [kept[p.number] if isinstance(p, Column) else ids[p.table] for p in step.parameters]
            rows = bare.run(name, values)
            if step.gives:
                ids[step.gives] = rows[0][0] or b""
        bare.say(b"COMMIT")
        yield


def rate(ends: Sequence[Sequence[float]], warm: int) -> float:
    """Bookings a second of all clients together, after each has made so many that its plans are made."""
    return sum((len(each) - warm) / (each[-1] - each[warm - 1]) for each in ends)
