"""Searches use their indexes though row-level security stands before them, as the program's role on both servers."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.db.conftest import Place, signed_in

QUESTIONS = {
    "free pieces of many strips": (
        "SELECT resource_id, starts_at, ends_at FROM time_slots WHERE status = 'available'"
        " AND resource_id = ANY ('{1,2,3}') AND starts_at >= '2026-03-09' AND starts_at < '2026-03-14' AND shop_id = 1",
        "time_slots_available_index",
        "starts_at < ",
    ),
    "a day of a strip": (
        "SELECT id FROM time_slots WHERE resource_id = ANY ('{1}') AND starts_at >= '2026-03-09'"
        " AND starts_at < '2026-03-10' AND ends_at > '2026-03-09'",
        "time_slots_strip_index",
        "starts_at < ",
    ),
    "customers as one types": (
        "SELECT customer_id FROM customer_tokens WHERE token ~>=~ 'smi' AND token ~<~ 'smj' LIMIT 20",
        "customer_tokens_prefix_index",
        "token ~<~ ",
    ),
    "a customer's visits": (
        "SELECT id FROM appointments WHERE customer_id = 17 ORDER BY starts_at DESC LIMIT 1",
        "appointments_customer_index",
        "customer_id = ",
    ),
    "a day's visits": (
        "SELECT id FROM appointments WHERE shop_id = 1 AND starts_at >= '2026-03-09' AND starts_at < '2026-03-10'",
        "appointments_day_index",
        "starts_at < ",
    ),
    "the lines of a visit": (
        "SELECT id FROM appointment_services WHERE appointment_id = 17",
        "appointment_services_position_key",
        "appointment_id = ",
    ),
    "the lines of a sale": (
        "SELECT id FROM sale_lines WHERE sale_id = 17",
        "sale_lines_position_key",
        "sale_id = ",
    ),
    "a day's takings": (
        "SELECT sum(total) FROM sales WHERE shop_id = 1 AND day >= '2026-03-09' AND day < '2026-03-10'",
        "sales_day_index",
        "day < ",
    ),
}


@pytest.fixture(scope="module")
def busy(place: Place) -> Iterator[str]:
    """A shop of some years: its name. One for all questions; dropped with the server."""
    with place.database("busy") as name, psycopg.connect(place.owner(name)) as owner:
        owner.execute(YEARS)
        owner.commit()
        owner.autocommit = True
        owner.execute("VACUUM ANALYZE")
        yield name


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_of_every_minute_reads_a_range_of_an_index(place: Place, busy: str, question: str) -> None:
    statement, index, condition = QUESTIONS[question]
    with psycopg.connect(place.desk(busy)) as desk:
        lines = signed_in(desk, "mo").execute(f"EXPLAIN (COSTS off) {statement}").fetchall()
    plan = "\n".join(line for (line,) in lines)
    assert index in plan, plan
    assert any("Index Cond" in line and condition in line for (line,) in lines), plan
    assert "actor_" not in plan, plan


def test_a_pattern_is_no_range_behind_a_policy(place: Place, busy: str) -> None:
    """LIKE is not leakproof: the negative control for why searches are written as ranges."""
    with psycopg.connect(place.desk(busy)) as desk:
        lines = signed_in(desk, "mo").execute(
            "EXPLAIN (COSTS off) SELECT customer_id FROM customer_tokens WHERE token LIKE 'smi%'"
        )
        assert not any("Index Cond" in line and "smi" in line for (line,) in lines)


YEARS = """
SET LOCAL session_replication_role = replica;
INSERT INTO customers (business_id, first_name, last_name, sort_key)
    SELECT 1, 'Ann', 'Smith ' || n, 'smith' || n FROM generate_series(1, 3000) AS n;
INSERT INTO customer_tokens (business_id, customer_id, kind, token)
    SELECT 1, id, 'last', substr(md5(id::text), 1, 9) FROM customers WHERE business_id = 1 AND first_name = 'Ann';
INSERT INTO appointments (business_id, shop_id, code, customer_id, status, starts_at, ends_at, starts_local)
    SELECT 1, 1, upper(substr(md5(n::text), 1, 8)), NULL, 'void', at, at + interval '30 minutes', '2025-01-01 10:00'
      FROM generate_series(1, 6000) AS n, LATERAL (SELECT timestamptz '2025-01-01' + n * interval '1 hour') AS t (at);
UPDATE appointments SET customer_id = id % 2999 + 5 WHERE code <> 'AAAA';
INSERT INTO appointment_services (business_id, appointment_id, position, service_id, name, price, status, starts_at,
                                  ends_at)
    SELECT 1, id, 1, 1, 'Cut', 50, 'void', starts_at, ends_at FROM appointments WHERE code <> 'AAAA';
INSERT INTO time_slots (business_id, resource_id, shop_id, starts_at, ends_at, status)
    SELECT 1, resource, 1, at, at + interval '30 minutes', 'available' FROM generate_series(1, 3) AS resource,
           generate_series(timestamptz '2026-01-01', '2026-12-31', '3 hours') AS at;
INSERT INTO sales (business_id, shop_id, number, day, currency, status, total)
    SELECT 1, 1, n, date '2024-01-01' + n / 8, 'GBP', 'closed', 10 FROM generate_series(2, 6000) AS n;
INSERT INTO sale_lines (business_id, sale_id, position, kind, name, quantity, unit_price, gross, taxable, tax, total)
    SELECT 1, id, 9, 'other', 'Comb', 1, 10, 10, 10, 0, 10 FROM sales WHERE business_id = 1;
"""
