"""Eleven years of a large shop: some 2,500 visits a day, half of them paid one by one."""

from __future__ import annotations

import psycopg

from tests.benchmarks.loading import NOW, indexed_afterwards
from tests.benchmarks.scratch import Size

VISITS_A_DAY = 2_500

_NOT_ASKED = (
    "appointments_customer_no_overlap",
    "appointments_code_key",
    "appointments_customer_index",
    "sales_customer_index",
    "sales_imported_number_key",
)
"""They take longer to build than all the rest, and no summary reads them."""


def fill_visits(connection: psycopg.Connection, size: Size) -> None:
    """Put visits and sales into the book, the last ones today."""
    known = {"visits": size.visits, "a_day": VISITS_A_DAY, "today": NOW.date()}
    with indexed_afterwards(connection, "appointments", without=_NOT_ASKED):
        connection.execute(_VISITS, known)
    with indexed_afterwards(connection, "sales", without=_NOT_ASKED):
        connection.execute(_SALES, {**known, "sales": size.sales})


_VISITS = """
    INSERT INTO appointments (id, business_id, shop_id, code, status, starts_at, ends_at, starts_local)
    SELECT n, 1, 1, to_char(n, 'FM00000000'),
           (ARRAY['completed', 'completed', 'completed', 'completed', 'completed', 'completed', 'completed',
                  'confirmed', 'cancelled', 'no_show'])[1 + n %% 10], at, at + interval '45 minutes',
           at AT TIME ZONE 'UTC'
      FROM (SELECT n, CAST(%(today)s AS timestamptz) + (n - %(visits)s) / %(a_day)s * interval '1 day'
                      + interval '9 hours' + n %% 32 * interval '15 minutes' AS at
              FROM generate_series(1, CAST(%(visits)s AS bigint)) AS n) AS visits
"""
_SALES = """
    INSERT INTO sales (id, business_id, shop_id, number, status, day, closed_at, currency, subtotal, discount, tax,
                       total, tip)
    SELECT n, 1, 1, n, 'closed', CAST(%(today)s AS date) + CAST((n - %(sales)s) * 2 / %(a_day)s AS integer), NULL,
           'GBP', 50 + n %% 70, n %% 3, round((50 + n %% 70 - n %% 3) / 6.0, 2), 50 + n %% 70 - n %% 3, n %% 5
      FROM generate_series(1, CAST(%(sales)s AS bigint)) AS n
"""
