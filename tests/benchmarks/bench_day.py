"""The day's summary over ten million visits and five million sales, from covering indexes and nothing kept beside."""

from __future__ import annotations

import random
from collections.abc import Iterator

import psycopg
from sqlalchemy import Engine, TextClause

from frontdesk.clock import day_bounds
from frontdesk.services.reports.reports import TAKINGS, VISITS, ReportDay, day_report
from tests.benchmarks.figures import Figure, fact, interleaved, lasting
from tests.benchmarks.full_book import ZONE
from tests.benchmarks.loading import NOW
from tests.benchmarks.many_visits import VISITS_A_DAY, fill_visits
from tests.benchmarks.scratch import Scratch, desk


def figures(scratch: Scratch) -> Iterator[Figure]:
    """A day anywhere in those years, asked by the manager."""
    database = scratch.database("visits", fill_visits)
    engine = scratch.engine(database)
    at = desk(engine, "mo")
    back = random.Random(1).choices(range(max(1, scratch.size.visits // VISITS_A_DAY)), k=1000)
    days = (NOW.date().fromordinal(NOW.date().toordinal() - each) for each in back)
    with scratch.plain(database, "mo") as plain:

        def summary() -> None:
            day = next(days)
            since, until = day_bounds(day, ZONE)
            asked = {"shop": at.shop.id, "day": day, "since": since, "until": until}
            for statement in (TAKINGS, VISITS):
                plain.execute(_for_psycopg(statement, engine), asked, prepare=True).fetchall()

        def nothing() -> None:
            for _ in (TAKINGS, VISITS):
                plain.execute("SELECT 1", prepare=True).fetchall()

        def use_case() -> None:
            day_report(at, ReportDay(day=next(days)))

        asking, empty, whole = map(min, interleaved(scratch.size.rounds, summary, nothing, use_case))
        since, until = day_bounds(next(days), ZONE)
        asked = {"shop": at.shop.id, "day": next(days), "since": since, "until": until}
        plans = [_plan(plain, _for_psycopg(statement, engine), asked) for statement in (TAKINGS, VISITS)]
    size = f"{scratch.size.visits:,} visits, {scratch.size.sales:,} sales"
    yield lasting("day: takings and visits, at the database", asking - empty, 2, size)
    for name, plan in zip(("takings", "visits"), plans, strict=True):
        only = "from the index alone" if "Index Only Scan" in plan and "Heap Fetches: 0" in plan else "from the table"
        yield fact(f"day: {name}", only, "from the index alone")
    yield lasting("day: the whole report", whole, 20, size)


def _for_psycopg(statement: TextClause, engine: Engine) -> str:
    return str(statement.compile(engine))


def _plan(plain: psycopg.Connection, statement: str, asked: dict[str, object]) -> str:
    return "\n".join(line for (line,) in plain.execute(f"EXPLAIN (ANALYZE, COSTS OFF) {statement}", asked).fetchall())
