"""Customers found as one types: every beginning of many people's names, and their telephones' ends, in a million.

What is timed is what the service asks the database for each key, as a round trip of bare psycopg less that of SELECT 1.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from sqlalchemy import event

from frontdesk.services.customers.customer_search import FindCustomers, find_customers
from tests.benchmarks.bare_client import Sent
from tests.benchmarks.figures import Figure, lasting, median, percentile, timed
from tests.benchmarks.many_customers import Person, fill_customers, people
from tests.benchmarks.scratch import Scratch, desk

_TRIES = 3
"""The quickest counts: what else the machine does is not the search's."""


def figures(scratch: Scratch) -> Iterator[Figure]:
    """By what was typed, and all together."""
    database = scratch.database("customers", fill_customers)
    everybody = people(scratch.size.customers)
    sampled = set(random.Random(1).sample(range(1, scratch.size.customers + 1), scratch.size.searched))
    chosen = [person for person in everybody if person.id in sampled]
    engine = scratch.engine(database)
    sent: list[Sent] = []

    def note(_: object, __: object, statement: str, parameters: Any, ___: object, ____: object) -> None:  # noqa: ANN401
        if "customer_tokens" in statement:
            sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    at = desk(engine)
    times: dict[str, list[float]] = {}
    with scratch.plain(database) as plain:
        nothing = median([timed(lambda: plain.execute("SELECT 1", prepare=True).fetchall()) for _ in range(300)])
        for kind, typed in _typed(chosen):
            sent.clear()
            find_customers(at, FindCustomers(text=typed))
            seconds = min(_asked(plain, sent) for _ in range(_TRIES)) - nothing * len(sent)
            times.setdefault(kind, []).append(max(seconds, 0))
    for kind, its in times.items():
        yield _figure(f"customers: {kind}", its)
    yield _figure("customers: every key of all these", [each for its in times.values() for each in its])


def _figure(name: str, times: Sequence[float]) -> Figure:
    note = f"{len(times)} searches, half within {median(times) * 1000:.2f} ms, slowest {max(times) * 1000:.1f} ms"
    return lasting(f"{name}: 95 of 100 within", percentile(times, 95), 2, note)


def _typed(chosen: Sequence[Person]) -> list[tuple[str, str]]:
    """What stands in the search box after each key, by what is being typed; each once."""
    found: dict[str, str] = {}
    for person in chosen:
        ways = {
            "first name, then last name": f"{person.first_name} {person.last_name}",
            "last name, then first name": f"{person.last_name} {person.first_name}",
            "the end of a telephone": person.phone[-4:],
            "a whole telephone": "0" + person.phone[3:],
        }
        for kind, text in ways.items():
            for length in range(1, len(text) + 1):
                found.setdefault(text[:length].lower().strip(), kind)
    return [(kind, text) for text, kind in found.items()]


def _asked(plain: psycopg.Connection, sent: Sequence[Sent]) -> float:
    start = time.perf_counter()
    for statement, parameters in sent:
        plain.execute(statement, parameters, prepare=True).fetchall()
    return time.perf_counter() - start
