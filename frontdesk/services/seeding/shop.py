"""A busy shop around today, made up and written in one transaction."""

from __future__ import annotations

from typing import Any

import psycopg

from frontdesk.db.making import connected
from frontdesk.services.seeding import access, rows, staff
from frontdesk.services.seeding.house import COUNTRY, CURRENCY, LOCALE, PRESET, ZONE
from frontdesk.services.seeding.story import plan_shop
from frontdesk.services.seeding.wish import NotEmpty, OnProgress, Seeded, SeedShop
from frontdesk.services.seeding.writer import PlanWriter


def nobody_looks(doing: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def seed(owner: str, wish: SeedShop, on_progress: OnProgress = nobody_looks) -> Seeded:
    """Make a business of its own with a year of visits, people to sign in and a registered terminal.

    `owner` is how to connect as the owner of the tables. While it writes, other terminals of the database wait: their
    tables are locked against writing for some seconds. Raises NotEmpty if the code is taken, Unreachable.
    """
    with connected(owner) as connection:
        _refuse_taken(connection, wish.code)
        connection.rollback()  # planning takes seconds, and nobody should wait for it
        plan = plan_shop(wish, on_progress)
        _refuse_taken(connection, wish.code)
        business_id, shop_id = _found(connection, wish)
        writer = PlanWriter(connection, business_id, shop_id)
        counts = writer.write(plan, on_progress)
        people = access.people(staff.PEOPLE)
        users = {row.login: writer.numbers[rows.User][row.id - 1] for row in plan.of(rows.User)}
        access.give_secrets(connection, people, users)
        secret = access.register_terminal(connection, business_id, shop_id)
    return Seeded(business_id, shop_id, wish.code, wish.name, access.TERMINAL, secret, people, counts)


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
