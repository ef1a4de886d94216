"""What is still on 50,000 gift cards, as the report of liabilities asks for it: its one statement by bare psycopg, and
the whole use-case beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
from sqlalchemy import event

from frontdesk.services.prepaid.gift_cards import ShowGiftCard, show_gift_card
from frontdesk.services.reports.liabilities import ReportLiabilities, report_liabilities
from tests.benchmarks.bare_client import Sent
from tests.benchmarks.figures import Figure, beside, interleaved, lasting, median
from tests.benchmarks.scratch import Scratch, Size, desk


def figures(scratch: Scratch) -> Iterator[Figure]:
    """One statement, and the use-case around it."""
    database = scratch.database("prepaid", fill_cards)
    engine = scratch.engine(database)
    at = desk(engine, "mo")
    sent: list[Sent] = []

    def note(_: object, __: object, statement: str, parameters: Any, ___: object, ____: object) -> None:  # noqa: ANN401
        if "prepayment_entries" in statement:
            sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    found = report_liabilities(at, ReportLiabilities())
    ((statement, parameters),) = sent
    with scratch.plain(database, "mo") as plain:
        bare, whole, card = interleaved(
            scratch.size.rounds,
            lambda: plain.execute(statement, parameters, prepare=True).fetchall(),
            lambda: report_liabilities(at, ReportLiabilities()),
            lambda: show_gift_card(at, ShowGiftCard(code="BENCH00100")),
        )
    (cards,) = [one for one in found.kinds if one.kind == "gift_card"]
    note_ = f"{cards.count:,} of {scratch.size.gift_cards:,} cards have {cards.total:,} on them"
    yield lasting("liabilities of gift cards: the question", median(bare), 100, note_)
    yield beside("liabilities of gift cards: the use-case", median(whole))
    yield beside("one gift card of them, shown", median(card))


def fill_cards(connection: psycopg.Connection, size: Size) -> None:
    """Cards of 10.00 to 109.00: each third used up, each third used once, the others as they were sold."""
    connection.execute(_CARDS, {"cards": size.gift_cards})
    for entries in (_SOLD, _USED, _USED_UP):
        connection.execute(entries)
    connection.execute("ANALYZE prepayments, prepayment_entries")


_CARDS = """
    INSERT INTO prepayments (business_id, shop_id, kind, code, tax_point, forfeit, currency, issued_at)
    SELECT 1, 1, 'gift_card', 'BENCH' || to_char(n, 'FM00000'), 'used', 'kept', 'GBP', '2026-01-01 10:00Z'
      FROM generate_series(1, %(cards)s) AS n
"""
_SOLD = """
    INSERT INTO prepayment_entries (business_id, prepayment_id, shop_id, kind, amount, day, at)
    SELECT 1, id, 1, 'received', 10 + id % 100, '2026-01-01', issued_at FROM prepayments
"""
_USED = """
    INSERT INTO prepayment_entries (business_id, prepayment_id, shop_id, kind, amount, day, at)
    SELECT 1, id, 1, 'redeemed', -7, '2026-02-01', issued_at FROM prepayments WHERE id % 3 <> 0
"""
_USED_UP = """
    INSERT INTO prepayment_entries (business_id, prepayment_id, shop_id, kind, amount, day, at)
    SELECT 1, p.id, 1, 'redeemed', -sum(e.amount), '2026-02-02', p.issued_at
      FROM prepayments p JOIN prepayment_entries e ON e.prepayment_id = p.id WHERE p.id % 3 = 1 GROUP BY p.id
"""
