"""The till: one checkout against its own writes sent bare, the Z of five hundred sales, what is owed on gift cards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from functools import partial
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from frontdesk.desk import Desk
from frontdesk.services.drawers.closing import CloseDay, close_day
from frontdesk.services.drawers.drawer_counts import CloseDrawer, CountDrawer, close_drawer, count_drawer
from frontdesk.services.drawers.drawers import OpenDrawer, open_drawer
from frontdesk.services.reports.liabilities import ReportLiabilities, report_liabilities
from frontdesk.services.ticket.ticket_wishes import Pay, SellProduct
from frontdesk.services.till.checkout import CheckOut, check_out
from tests.benchmarks.bare_client import Sent
from tests.benchmarks.bench_booking import Rehearsal, Rehearsed
from tests.benchmarks.figures import Figure, beside, lasting, median, ratio, timed
from tests.benchmarks.scratch import Scratch, Size, desk

_WRITES = ("INSERT", "UPDATE", "WITH told", "SELECT set_config", "SELECT next_sale_number", "SELECT write_commissions")
"""How a statement begins that leaves something behind: rows, the number, what the doors write."""

GIFT_CARDS = 50_000
SALES_OF_A_DAY = 500


def figures(scratch: Scratch) -> Iterator[Figure]:
    """One checkout of three lines with two tenders, then a day of them closed, then what cards are owed."""
    database = scratch.database("till", _fill)
    engine = scratch.engine(database)
    ria, mo = desk(engine), desk(engine, "mo")
    yield from _checkout(scratch, database, ria)
    with scratch.copied(database, "closing") as copy:
        yield _z(scratch, copy)
    owed = min(timed(lambda: report_liabilities(mo, ReportLiabilities())) for _ in range(scratch.size.rounds))
    yield lasting("till: what is owed on gift cards", owed, 100, f"{_cards_of(scratch.size):,} cards")


def _checkout(scratch: Scratch, database: str, ria: Desk) -> Iterator[Figure]:
    session = open_drawer(ria, OpenDrawer(total=Decimal(100))).session_id
    ours: list[float] = []
    bare: list[float] = []
    rehearsing = scratch.engine(database)
    with scratch.owner(database) as owner, scratch.driver(database) as plain:
        for turn in range(scratch.size.rounds + 10):
            sent = _rehearsed(rehearsing, ria, owner)
            writes = [each for each in sent if each[0].lstrip().startswith(_WRITES)]
            seconds = timed(partial(_send, plain, writes)), timed(lambda: _sell(ria))
            if turn >= 10:
                bare.append(seconds[0])
                ours.append(seconds[1])
    yield ratio("till: a checkout, to its own writes from psycopg", median(ours), median(bare), 4)
    yield beside("till: a checkout, the quickest", min(ours), f"{len(sent)} statements, {len(writes)} of them write")
    due = count_drawer(ria, CountDrawer(session_id=session, total=Decimal(0)))
    assert due.attempt == 1


def _z(scratch: Scratch, copy: str) -> Figure:
    engine = scratch.engine(copy)
    ria, mo = desk(engine), desk(engine, "mo")
    with scratch.owner(copy) as owner:
        [(done, session)] = owner.execute(
            "SELECT (SELECT count(*) FROM sales), (SELECT max(id) FROM drawer_sessions)"
        ).fetchall()
    many = SALES_OF_A_DAY if scratch.size.clients > 4 else 20
    for _ in range(max(0, many - done)):
        _sell(ria)
    with scratch.owner(copy) as owner:
        [(cash,)] = owner.execute("SELECT sum(amount) FROM drawer_cash WHERE session_id = %s", (session,)).fetchall()
    count_drawer(ria, CountDrawer(session_id=session, total=cash))
    close_drawer(ria, CloseDrawer(session_id=session, left=Decimal(100)))
    seconds = timed(lambda: close_day(mo, CloseDay(cards=_cards(scratch, copy))))
    engine.dispose()
    return lasting("till: the Z of a day", seconds, 300, f"{max(many, done)} sales")


def _cards(scratch: Scratch, copy: str) -> Decimal:
    with scratch.owner(copy) as owner:
        [(total,)] = owner.execute("SELECT sum(amount) FROM payments WHERE method = 'card'").fetchall()
    return Decimal(total)


def _sell(at: Desk) -> None:
    check_out(
        at,
        CheckOut(
            products=tuple(SellProduct(product_id=n) for n in (1, 2, 3)),
            tenders=(Pay(method="cash", amount=Decimal(20)), Pay(method="card", approval_code="A1")),
        ),
    )


def _rehearsed(engine: Engine, at: Desk, owner: psycopg.Connection) -> list[Sent]:
    """What the service sends for a sale, which is taken back: the same statements can be sent once more."""
    sent: list[Sent] = []

    def note(_: object, __: object, statement: str, parameters: Any, ___: object, ____: object) -> None:  # noqa: ANN401
        sent.append((statement, parameters))

    numbers = owner.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'").fetchall()
    event.listen(engine, "before_cursor_execute", note)
    with suppress(Rehearsed):
        _sell(Desk(at.actor, at.shop, at.token, at.clock, lambda: Rehearsal(engine)))
    event.remove(engine, "before_cursor_execute", note)
    for name, number in numbers:
        owner.execute("SELECT setval(CAST(%s AS regclass), %s, %s)", (name, number or 1, number is not None))
    return sent


def _send(plain: psycopg.Connection, sent: list[Sent]) -> None:
    for statement, parameters in sent:
        cursor = plain.execute(statement, parameters)
        if cursor.description:
            cursor.fetchall()
    plain.commit()


def _fill(connection: psycopg.Connection, size: Size) -> None:
    """Three products on the shelf and many gift cards that were used once."""
    connection.execute(_SHELF)
    connection.execute(_CARDS, {"cards": _cards_of(size)})


def _cards_of(size: Size) -> int:
    return GIFT_CARDS if size.clients > 4 else 100


_SHELF = """
    INSERT INTO products (id, business_id, code, name, price)
    SELECT n, 1, 'P' || n, 'Product ' || n, 10 * n FROM generate_series(1, 3) AS n;
    INSERT INTO taxes (business_id, name, percent, inclusive) VALUES (1, 'VAT', 20, true);
    INSERT INTO drawers (id, business_id, shop_id, name) VALUES (1, 1, 1, 'Drawer 1');
    SELECT setval(pg_get_serial_sequence('products', 'id'), 10), setval(pg_get_serial_sequence('drawers', 'id'), 10);
"""
_CARDS = """
    WITH cards AS (
        INSERT INTO prepayments (business_id, shop_id, kind, code, tax_point, forfeit, currency, issued_at)
        SELECT 1, 1, 'gift_card', 'CARD' || n, 'used', 'kept', 'GBP', '2026-01-01 09:00Z'
          FROM generate_series(1, CAST(%(cards)s AS integer)) AS n RETURNING id)
    INSERT INTO prepayment_entries (business_id, prepayment_id, shop_id, kind, amount, day, at)
    SELECT 1, id, 1, kind, amount, '2026-01-01', '2026-01-01 09:00Z'
      FROM cards CROSS JOIN (VALUES ('received', 50), ('redeemed', -20)) AS entry (kind, amount)
"""
