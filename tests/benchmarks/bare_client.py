"""A terminal reduced to its connection: statements prepared, parameters ready, nothing but libpq when it counts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer

Sent = tuple[str, Mapping[str, Any]]
"""A statement and its parameters, as the driver got them."""

PARAMETER = re.compile(r"%\((\w+)\)s")
"""A parameter within a statement, as the driver gets it."""


class Declined(Exception):
    """The server's answer is an error."""

    def __init__(self, sqlstate: str, sentence: str) -> None:
        self.sqlstate = sqlstate
        super().__init__(sqlstate, sentence)  # both, or it can't travel from one process to another


@dataclass(frozen=True)
class Call:
    """A prepared statement with everything it needs."""

    statement: str
    name: bytes
    values: list[Any]
    formats: list[int]


class BareClient:
    """One connection that only calls what was made ready before."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._prepared: dict[tuple[str, tuple[int, ...]], bytes] = {}

    def ready(self, sent: Sequence[Sent]) -> list[Call]:
        """Prepare the statements that are new to this connection, and put every parameter into the server's form."""
        return [self._call(statement, parameters) for statement, parameters in sent]

    def _call(self, statement: str, parameters: Mapping[str, Any]) -> Call:
        names = list(dict.fromkeys(PARAMETER.findall(statement)))
        form = Transformer(self._connection)
        values = list(form.dump_sequence([parameters[name] for name in names], [PyFormat.AUTO] * len(names)))
        types = tuple(form.types or ())  # the driver calls a number by its size: small ones and large are two types
        if (statement, types) not in self._prepared:
            numbered = PARAMETER.sub(lambda found: f"${names.index(found[1]) + 1}", statement).replace("%%", "%")
            name = f"bare_{len(self._prepared)}".encode()
            _checked(self._connection.pgconn.prepare(name, numbered.encode(), list(types)))
            self._prepared[statement, types] = name
        return Call(statement, self._prepared[statement, types], values, [int(each) for each in form.formats or ()])

    def prepared(self, statement: str) -> bytes:
        """The name of a statement with numbered parameters, whose types the server finds by itself."""
        if (statement, ()) not in self._prepared:
            name = f"plain_{len(self._prepared)}".encode()
            _checked(self._connection.pgconn.prepare(name, statement.encode()))
            self._prepared[statement, ()] = name
        return self._prepared[statement, ()]

    def run(self, name: bytes, values: Sequence[bytes]) -> list[list[bytes | None]]:
        """Rows of a statement prepared that way, as text; so are the values."""
        return self._rows(self._connection.pgconn.exec_prepared(name, values))

    def call(self, call: Call) -> list[list[bytes | None]]:
        """Its rows, as text."""
        return self._rows(self._connection.pgconn.exec_prepared(call.name, call.values, call.formats))

    @staticmethod
    def _rows(answer: pq.abc.PGresult) -> list[list[bytes | None]]:
        _checked(answer)
        return [[answer.get_value(row, n) for n in range(answer.nfields)] for row in range(answer.ntuples)]

    def say(self, command: bytes) -> None:
        """BEGIN, COMMIT or ROLLBACK."""
        _checked(self._connection.pgconn.exec_(command))


def _checked(answer: pq.abc.PGresult) -> None:
    if answer.status not in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
        state = answer.error_field(pq.DiagnosticField.SQLSTATE) or b""
        raise Declined(state.decode(), answer.error_message.decode(errors="replace"))
