"""A visit half booked, waiting for what hangs, and a database that saves nothing or goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from frontdesk.db.server import Handle
from frontdesk.screens.calendar.screen import CalendarScreen
from frontdesk.widgets.form import Form
from tests import vale_street
from tests.screens.desk import Played
from tests.screens.desk import until as wait_until

NINE = vale_street.NOW


def form_of(desk: Played) -> Form[object]:
    """The form on top."""
    form = desk.app.screen
    assert isinstance(form, Form)
    return form


def book_of(desk: Played) -> CalendarScreen:
    """The book, when nothing stands over it."""
    screen = desk.app.screen
    assert isinstance(screen, CalendarScreen)
    return screen


def visits(server: Handle, shop: str) -> list[tuple[str, str]]:
    """Guest and state of what is booked."""
    with psycopg.connect(server.conninfo(shop)) as owner:
        return owner.execute("SELECT guest_name, status FROM appointments ORDER BY id").fetchall()


async def half_booked(desk: Played, who: str = "Noor Amin", stylist: str = "anna", when: str = "3pm") -> None:
    """The booking form, filled and not saved."""
    await desk.press("b")
    await until(desk, lambda: isinstance(desk.app.screen, Form))
    await desk.type(who)
    await desk.press("enter")
    await desk.type("cut")
    await desk.press("enter", "enter")
    assert form_of(desk).filled["also"] == "", "enter takes nothing that was not asked for"
    await desk.type(stylist)
    await desk.press("enter")
    await desk.type(when)


async def send(desk: Played, *keys: str) -> None:
    """Press keys without waiting for what they begin."""
    await desk.pilot.press(*keys)


async def soon(desk: Played, holds: str) -> None:
    """Wait for words on the screen while something hangs."""
    async with asyncio.timeout(60):
        while holds not in " ".join(desk.text.split()):
            await desk.pilot.pause(0.02)


async def until(desk: Played, holds: Callable[[], bool] | str) -> None:
    """Wait for what a key began: until the screen says this, however its lines are broken."""
    await wait_until(desk, (lambda: holds in " ".join(desk.text.split())) if isinstance(holds, str) else holds)


@contextmanager
def nobody_can_save(server: Handle, shop: str) -> Iterator[psycopg.Connection]:
    """Whatever writes waits, until the end of this or the lock timeout."""
    with psycopg.connect(server.conninfo(shop)) as owner:
        owner.execute("LOCK TABLE idempotency_keys IN ACCESS EXCLUSIVE MODE")
        yield owner
        if not owner.closed:
            owner.rollback()


def throw_out(server: Handle, shop: str, *, limit: int | None) -> None:
    """End every connection of the desk's role; with a limit of 0 it gets no new one."""
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as owner:
        if limit is not None:
            change = sql.SQL("ALTER DATABASE {} CONNECTION LIMIT {}")
            owner.execute(change.format(sql.Identifier(shop), sql.Literal(limit)))
        if limit != -1:
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename LIKE '%%desk'",
                (shop,),
            )
