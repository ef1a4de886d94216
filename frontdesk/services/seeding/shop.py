"""A busy shop around today, made up and written in one transaction."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg

from frontdesk.db.making import connected
from frontdesk.services.seeding import access, rows, staff
from frontdesk.services.seeding.drawer import open_drawer
from frontdesk.services.seeding.extras import add_extras
from frontdesk.services.seeding.house import COUNTRY, CURRENCY, LOCALE, PRESET, ZONE
from frontdesk.services.seeding.plan import Plan
from frontdesk.services.seeding.story import plan_by_weeks
from frontdesk.services.seeding.wish import NotEmpty, OnProgress, Seeded, SeedShop
from frontdesk.services.seeding.writer import PlanWriter, without_history


def nobody_looks(doing: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def seed(owner: str, wish: SeedShop, on_progress: OnProgress = nobody_looks) -> Seeded:
    """Make a business of its own with a year of visits, people to sign in and a registered terminal.

    `owner` is how to connect as the owner of the tables; other terminals of the database can look but not write until
    it is done. `on_progress` is called from two threads: one plans, one writes what was planned. Raises NotEmpty if
    the code is taken, Unreachable.
    """
    with connected(owner) as connection:
        _refuse_taken(connection, wish.code)
        business_id, shop_id = _found(connection, wish)
        writer = PlanWriter(connection, business_id, shop_id)
        with without_history(connection):
            plan = _write(writer, wish, on_progress)
            writer.close_sales(wish.today, open_drawer(connection, business_id, shop_id, wish))
            add_extras(connection, business_id)
        people = access.people(staff.PEOPLE)
        users = {row.login: writer.number(rows.User, row.id) for row in plan.of(rows.User)}
        access.give_secrets(connection, people, users)
        secret = access.register_terminal(connection, business_id, shop_id)
    return Seeded(business_id, shop_id, wish.code, wish.name, access.TERMINAL, secret, people, writer.counts)


def _write(writer: PlanWriter, wish: SeedShop, on_progress: OnProgress) -> Plan:
    """Plan some weeks while those before are written: the server has a core of its own."""
    with ThreadPoolExecutor(max_workers=1) as hand:
        written: list[Future[None]] = []
        for plan in plan_by_weeks(wish, on_progress):
            planned = sum(map(len, plan.rows.values()))
            written.append(hand.submit(writer.write, plan.fresh(), planned, on_progress))
            if written[0].done():
                written.pop(0).result()
        for weeks in written:
            weeks.result()
    return plan


def _refuse_taken(connection: psycopg.Connection[Any], code: str) -> None:
    if connection.execute("SELECT FROM businesses WHERE code = %s", (code,)).fetchone() is not None:
        raise NotEmpty(code=code)


def _found(connection: psycopg.Connection[Any], wish: SeedShop) -> tuple[int, int]:
    made = connection.execute(
        "WITH business AS (INSERT INTO businesses (code, name, preset) VALUES (%s, %s, %s) RETURNING id)"
        " INSERT INTO shops (business_id, name, address, timezone, currency, locale, country, receipt_footer)"
        " SELECT id, %s, %s, %s, %s, %s, %s, %s FROM business RETURNING business_id, id",
        (wish.code, wish.name, PRESET, wish.name, "12 Vale Street\nLondon", ZONE, CURRENCY, LOCALE, COUNTRY,
         "See you soon"),
    ).fetchone()  # fmt: skip
    assert made is not None
    return int(made[0]), int(made[1])
