"""No card number is kept: every place where one could be typed refuses it, and a scan finds none (features BK25)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.errors import Refusal
from frontdesk.rules.card_numbers import holds_card_number
from frontdesk.services.cards.customer_cards import DropCard, KeepCard, ShowCards, drop_card, keep_card, show_cards
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.till.checkout import CheckOut, check_out
from tests.services.desks import JANE, booked, march

VISA = "4242 4242 4242 4242"
NUMBERS = (VISA, "4242424242424242", "5555-5555-5555-4444", "378282246310005", "call 4000.0566.5566.5556 now")
HARMLESS = ("tok_1PqX42424242", "+44 20 7946 0991", "4242424242424241", "2026-03-09 10:00", "", "12345678901234567890")


def _kept(**other: str) -> KeepCard:
    said = {"token": "tok_jane", "brand": "Visa", "last4": "4242", "expires": "08/28", **other}
    return KeepCard(customer_id=JANE, **said)  # type: ignore[arg-type]


def test_a_card_on_file_is_its_brand_its_last_four_and_its_month(ria: Desk) -> None:
    keep_card(ria, _kept())
    shown = show_cards(ria, ShowCards(customer_id=JANE)).cards
    assert [(one.words, one.has_expired) for one in shown] == [("Visa 4242 exp 08/28", False)]
    assert drop_card(ria, DropCard(card_id=shown[0].id)).cards == ()


@pytest.mark.parametrize("field", ["token", "brand", "last4", "expires", "provider"])
@pytest.mark.parametrize("number", NUMBERS[:3])
def test_no_field_of_a_card_takes_a_number(ria: Desk, field: str, number: str) -> None:
    with pytest.raises(errors.CardNumberTyped):
        keep_card(ria, _kept(**{field: number}))


@pytest.mark.parametrize(
    "wrong", [{"last4": "42"}, {"last4": "٤٢٤٢"}, {"expires": "13/28"}, {"expires": "soon"}, {"token": "123456789012"}]
)
def test_what_is_no_card_is_refused_by_field(ria: Desk, wrong: dict[str, str]) -> None:
    with pytest.raises(errors.BadInput) as refused:
        keep_card(ria, _kept(**wrong))
    assert refused.value.facts["field"] == next(iter(wrong))


def test_the_database_and_the_program_know_the_same_numbers(ria: Desk) -> None:
    for words in (*NUMBERS, *HARMLESS):
        with transaction(ria) as session:
            known = session.execute(text("SELECT holds_card_number(:words)"), {"words": words}).scalar_one()
        assert known == holds_card_number(words) == (words in NUMBERS), words


def _typed(desk: Desk) -> Iterator[Callable[[], object]]:
    visit = booked(desk, JANE, march(9, 10)).appointment_id
    paid = CheckOut(appointment_ids=(visit,), tenders=(Pay(method="card", approval_code=VISA),))
    yield lambda: check_out(desk, paid)
    for field in ("token", "brand", "last4", "expires", "provider"):
        yield lambda field=field: keep_card(desk, _kept(**{field: VISA}))  # type: ignore[misc]


BY_SQL = (
    "UPDATE customers SET notes = :number WHERE id = 1",
    "UPDATE appointments SET notes = :number",
    "UPDATE appointments SET internal_notes = 'card ' || :number",
    "INSERT INTO customer_alerts (customer_id, kind, words) VALUES (1, 'alert', :number)",
    "INSERT INTO customer_cards (customer_id, provider, token, brand, last4, expires_on)"
    " VALUES (1, 'x', :number, 'Visa', '4242', '2028-08-31')",
    "INSERT INTO customer_cards (customer_id, provider, token, brand, last4, expires_on)"
    " VALUES (1, 'x', 't', :number, '4242', '2028-08-31')",
    "INSERT INTO customer_cards (customer_id, provider, token, brand, last4, expires_on)"
    " VALUES (1, :number, 't', 'Visa', '4242', '2028-08-31')",
    "INSERT INTO card_payments (shop_id, provider, reference, amount, currency, asked_at, message)"
    " VALUES (1, 'x', gen_random_uuid(), 5, 'GBP', now(), :number)",
)


def _by_hand(desk: Desk, statement: str) -> None:
    with transaction(desk, uuid4()) as session:
        session.execute(text(statement), {"number": VISA})


def _scanned(desk: Desk) -> list[str]:
    """Every text column of every table that holds something like a card's number."""
    with transaction(desk) as session:
        columns = session.execute(text("""
            SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
              JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type b ON b.oid = t.typbasetype
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
               AND coalesce(b.typname, t.typname) IN ('text', 'varchar', 'jsonb')
               AND has_column_privilege(c.oid, a.attnum, 'SELECT')
        """)).all()  # fmt: skip
        assert len(columns) > 100
        found = []
        for table, column in columns:
            held = f'SELECT EXISTS (SELECT FROM "{table}" WHERE holds_card_number(CAST("{column}" AS text)))'
            if session.execute(text(held)).scalar_one():
                found.append(f"{table}.{column}")
        return found


def test_after_numbers_were_typed_wherever_they_can_be_none_is_in_the_database(ria: Desk, ada: Desk) -> None:
    keep_card(ria, _kept())
    for attempt in _typed(ria):
        with pytest.raises(Refusal):
            attempt()
    for statement in BY_SQL:
        with pytest.raises(errors.CardNumberTyped):
            _by_hand(ria, statement)
    assert _scanned(ada) == []


def test_the_scan_finds_a_number_where_nothing_refuses_it(ria: Desk, ada: Desk) -> None:
    _by_hand(ria, "UPDATE customers SET first_name = :number WHERE id = 1")
    assert "customers.first_name" in _scanned(ada)
