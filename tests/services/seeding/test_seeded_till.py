"""A made-up shop's till keeps every promise a real one keeps."""

from __future__ import annotations

import psycopg

from frontdesk.services.seeding import Seeded
from tests.services.seeding.made_up import ask


def test_sales_are_numbered_in_order_of_time_without_a_gap(database: psycopg.Connection, seeded: Seeded) -> None:
    numbers = ask(
        database,
        "SELECT number, row_number() OVER (ORDER BY closed_at, number) FROM sales WHERE business_id = %(business)s",
        seeded,
    )
    assert len(numbers) > 100
    assert all(number == place for number, place in numbers)
    assert ask(database, "SELECT last_number FROM sale_numbers WHERE shop_id = %(shop)s", seeded) == [(len(numbers),)]


def test_sales_are_the_sums_of_their_parts(database: psycopg.Connection, seeded: Seeded) -> None:
    wrong = ask(
        database,
        "SELECT s.id FROM sales s, LATERAL (SELECT sum(gross) AS gross, sum(discount) AS discount, sum(tax) AS tax,"
        " sum(total) AS total FROM sale_lines WHERE sale_id = s.id) l,"
        " LATERAL (SELECT coalesce(sum(amount), 0) AS paid FROM payments WHERE sale_id = s.id) p,"
        " LATERAL (SELECT coalesce(sum(amount), 0) AS tips FROM tips WHERE sale_id = s.id) t,"
        " LATERAL (SELECT sum(x.amount) AS taxes FROM sale_line_taxes x JOIN sale_lines y ON y.id = x.sale_line_id"
        "          WHERE y.sale_id = s.id) v"
        " WHERE s.business_id = %(business)s AND (s.status <> 'closed' OR (l.gross, l.discount, l.tax, l.total, p.paid,"
        " t.tips, v.taxes) <> (s.subtotal, s.discount, s.tax, s.total, s.total + s.tip, s.tip, s.tax))",
        seeded,
    )
    assert wrong == []


def test_commissions_are_what_the_door_would_write(database: psycopg.Connection, seeded: Seeded) -> None:
    wrong = ask(
        database,
        "WITH door AS (SELECT l.id, l.stylist_id, s.day, l.taxable, r.percent,"
        "     round(l.taxable * r.percent / 100, 2) AS amount, r.id AS rule_id"
        "   FROM sales s JOIN sale_lines l ON l.sale_id = s.id CROSS JOIN LATERAL ("
        "     SELECT id, percent FROM commission_rules WHERE stylist_id = l.stylist_id AND valid_from <= s.day"
        "        AND kind = CASE l.kind WHEN 'product' THEN 'product' ELSE 'service' END"
        "      ORDER BY valid_from DESC LIMIT 1) r"
        "  WHERE s.business_id = %(business)s AND l.kind IN ('service', 'product')),"
        " kept AS (SELECT sale_line_id, stylist_id, day, base, percent, amount, rule_id FROM commissions"
        "  WHERE business_id = %(business)s)"
        " (TABLE door EXCEPT TABLE kept) UNION ALL (TABLE kept EXCEPT TABLE door)",
        seeded,
    )
    assert wrong == []


def test_a_rate_that_was_raised_counts_from_its_day(database: psycopg.Connection, seeded: Seeded) -> None:
    rates = ask(
        database,
        "SELECT count(DISTINCT r.id) FROM commission_rules r WHERE r.business_id = %(business)s AND kind = 'service'"
        " GROUP BY stylist_id ORDER BY 1 DESC LIMIT 1",
        seeded,
    )
    assert rates == [(2,)]


def test_tickets_are_paid_in_every_way(database: psycopg.Connection, seeded: Seeded) -> None:
    (found,) = ask(
        database,
        "SELECT bool_or(p.change > 0), bool_or(n.methods = 2), bool_or(s.tip > 0), bool_or(s.discount > 0),"
        " bool_or(n.lines > 1 AND n.stylists > 1), bool_or(n.products > 0)"
        " FROM sales s JOIN payments p ON p.sale_id = s.id, LATERAL (SELECT"
        "   (SELECT count(DISTINCT method) FROM payments WHERE sale_id = s.id) AS methods, count(*) AS lines,"
        "   count(DISTINCT stylist_id) AS stylists, count(product_id) AS products"
        "   FROM sale_lines WHERE sale_id = s.id) n WHERE s.business_id = %(business)s",
        seeded,
    )
    assert all(found)


def test_only_what_is_done_is_paid_and_what_is_done_is_paid_but_for_the_last(
    database: psycopg.Connection, seeded: Seeded
) -> None:
    (counts,) = ask(
        database,
        "SELECT count(*) FILTER (WHERE l.status <> 'completed' AND p.id IS NOT NULL),"
        " count(*) FILTER (WHERE l.status = 'completed' AND p.id IS NULL"
        "                  AND l.finished_at < CAST(%(now)s AS timestamptz) - interval '3 hours')"
        " FROM appointment_services l LEFT JOIN sale_lines p ON p.appointment_service_id = l.id"
        " WHERE l.business_id = %(business)s",
        seeded,
    )
    assert counts == (0, 0)


def test_the_drawer_is_open_with_todays_sales_in_it(database: psycopg.Connection, seeded: Seeded) -> None:
    found = database.execute(
        "SELECT d.name, s.closed_at, (SELECT sum(amount) FROM drawer_cash c WHERE c.session_id = s.id)"
        "       = 100 + (SELECT coalesce(sum(p.amount), 0) FROM sales v JOIN payments p ON p.sale_id = v.id"
        "                 WHERE v.shop_id = d.shop_id AND p.method = 'cash' AND v.day = (s.opened_at)::date),"
        "       (SELECT began_after FROM z_numbers WHERE shop_id = d.shop_id)"
        "       = (SELECT max(number) FROM sales v WHERE v.shop_id = d.shop_id AND v.day < (s.opened_at)::date)"
        "  FROM drawers d JOIN drawer_sessions s ON s.drawer_id = d.id WHERE d.business_id = %s",
        (seeded.business_id,),
    ).fetchall()
    assert found == [("Drawer 1", None, True, True)]


def test_some_have_paid_before_and_some_still_owe(database: psycopg.Connection, seeded: Seeded) -> None:
    left = database.execute(
        "SELECT p.kind, count(DISTINCT p.id) FROM prepayments p JOIN prepayment_entries e ON e.prepayment_id = p.id"
        " WHERE p.business_id = %s AND e.amount > 0 GROUP BY 1",
        (seeded.business_id,),
    ).fetchall()
    found: dict[str, int] = dict(left)
    assert found["gift_card"] == 6
    assert {"credit", "deposit"} <= set(found)
    owing = "SELECT count(*) FROM account_entries WHERE business_id = %s AND amount > 0"
    assert database.execute(owing, (seeded.business_id,)).fetchone() != (0,)


def test_what_was_sold_has_left_the_shelf_and_a_few_things_are_low(
    database: psycopg.Connection, seeded: Seeded
) -> None:
    ask = "SELECT {} FROM {} WHERE m.business_id = %s AND {}"
    sold = database.execute(
        ask.format("-sum(m.quantity)", "stock_moves m", "m.kind = 'sold'"), (seeded.business_id,)
    ).fetchone()
    lines = database.execute(
        ask.format("sum(m.quantity)", "sale_lines m", "m.kind = 'product'"), (seeded.business_id,)
    ).fetchone()
    assert sold == lines != (None,)
    levels = database.execute(
        "SELECT sum(m.quantity) <= v.low_at AS low FROM stock_moves m JOIN stock_levels v USING (product_id)"
        " WHERE m.business_id = %s GROUP BY m.product_id, v.low_at HAVING sum(m.quantity) >= 0",
        (seeded.business_id,),
    ).fetchall()
    low = sum(is_low for (is_low,) in levels)
    assert 0 < low < len(levels) == 16
