"""What people have paid before in a made-up shop, and who still owes: gift cards, credit, a deposit, house accounts."""

from __future__ import annotations

from typing import Any

import psycopg

from frontdesk.services.seeding.house import CURRENCY


def add_prepaid(connection: psycopg.Connection[Any], business_id: int) -> None:
    """Add them as the owner of the tables, as of the shop's last day."""
    for statement in (_RULE, _ISSUER, _CARDS, _CREDIT, _DEPOSIT, _ACCOUNTS):
        connection.execute(statement, {"business": business_id, "currency": CURRENCY})


_RULE = """
    INSERT INTO deposit_rules (business_id, service_id, who, percent)
    SELECT business_id, id, 'new', 30 FROM services
     WHERE business_id = %(business)s AND kind = 'service' AND code IN ('COL', 'BALA')
"""
_ISSUER = "INSERT INTO voucher_issuers (business_id, name, fee_percent) VALUES (%(business)s, 'City gift card', 5)"
# DEMO1001 is anybody's, DEMO1004 is for a cut; the last has ended.
_CARDS = """
    WITH day AS (SELECT max(day) AS day FROM sales WHERE business_id = %(business)s),
    sold AS (
        INSERT INTO prepayments (business_id, shop_id, kind, code, customer_id, service_id, tax_point, forfeit,
                                 currency, expires_on, issued_at)
        SELECT %(business)s, (SELECT min(id) FROM shops WHERE business_id = %(business)s), 'gift_card', x.code,
               CASE WHEN x.ends IS NOT NULL THEN (SELECT min(id) FROM customers
                                                   WHERE business_id = %(business)s AND id %% 89 = x.ends) END,
               CASE WHEN x.for_cut THEN (SELECT min(id) FROM services
                                          WHERE business_id = %(business)s AND code = 'CUT') END,
               'used', 'kept', %(currency)s,
               CASE WHEN x.months IS NOT NULL THEN day.day + x.months * 30 END, now()
          FROM (VALUES ('DEMO1001', NULL::int, false, NULL::int), ('DEMO1002', 7, false, NULL),
                       ('DEMO1003', 23, false, 6), ('DEMO1004', 31, true, NULL),
                       ('DEMO1005', NULL, false, NULL), ('DEMO1006', 43, false, -1))
               AS x (code, ends, for_cut, months)
         CROSS JOIN day WHERE day.day IS NOT NULL
        RETURNING id, shop_id, code, service_id
    )
    INSERT INTO prepayment_entries (business_id, prepayment_id, shop_id, kind, amount, day, at, reason)
    SELECT %(business)s, s.id, s.shop_id, 'received', coalesce(v.price, x.amount), day.day, now(), 'Sold before'
      FROM sold s JOIN (VALUES ('DEMO1001', 50), ('DEMO1002', 25), ('DEMO1003', 100), ('DEMO1004', 45),
                               ('DEMO1005', 20), ('DEMO1006', 30)) AS x (code, amount) ON x.code = s.code
      LEFT JOIN services v ON v.id = s.service_id CROSS JOIN day
"""
_CREDIT = """
    WITH day AS (SELECT max(day) AS day FROM sales WHERE business_id = %(business)s),
    given AS (
        INSERT INTO prepayments (business_id, shop_id, kind, customer_id, limited_to, tax_point, forfeit, currency,
                                 expires_on, reason, issued_at)
        SELECT %(business)s, (SELECT min(id) FROM shops WHERE business_id = %(business)s), 'credit', c.id, x.limited,
               'used', 'kept', %(currency)s, day.day + x.days, x.reason, now()
          FROM (VALUES (11, 'services', 60, 'Colour was too warm'), (47, '', NULL::int, 'Shampoo brought back'))
               AS x (ends, limited, days, reason)
          JOIN customers c ON c.business_id = %(business)s AND c.id %% 211 = x.ends AND c.is_active
         CROSS JOIN day WHERE day.day IS NOT NULL
        RETURNING id, shop_id, limited_to, reason
    )
    INSERT INTO prepayment_entries (business_id, prepayment_id, shop_id, kind, amount, day, at, reason)
    SELECT %(business)s, g.id, g.shop_id, 'received', CASE g.limited_to WHEN 'services' THEN 20 ELSE 18 END, day.day,
           now(), g.reason
      FROM given g CROSS JOIN day
"""
# Whoever comes for a colour next left something for it.
_DEPOSIT = """
    WITH day AS (SELECT max(day) AS day FROM sales WHERE business_id = %(business)s),
    visit AS (
        SELECT a.id, a.shop_id, a.customer_id, l.price FROM appointments a
          JOIN appointment_services l ON l.appointment_id = a.id JOIN services v ON v.id = l.service_id CROSS JOIN day
         WHERE a.business_id = %(business)s AND v.code = 'COL' AND a.status IN ('pending', 'confirmed')
           AND a.customer_id IS NOT NULL AND a.starts_at >= day.day + 1
         ORDER BY a.starts_at, a.id LIMIT 1
    ),
    left_for AS (
        INSERT INTO prepayments (business_id, shop_id, kind, customer_id, appointment_id, tax_point, forfeit, currency,
                                 issued_at)
        SELECT %(business)s, shop_id, 'deposit', customer_id, id, 'used', 'kept', %(currency)s, now() FROM visit
        RETURNING id, shop_id
    )
    INSERT INTO prepayment_entries (business_id, prepayment_id, shop_id, kind, amount, day, at, reason)
    SELECT %(business)s, f.id, f.shop_id, 'received', CAST(v.price * 30 / 100 AS numeric(12, 2)), day.day, now(),
           'Left by transfer'
      FROM left_for f CROSS JOIN visit v CROSS JOIN day
"""
_ACCOUNTS = """
    WITH day AS (SELECT max(day) AS day FROM sales WHERE business_id = %(business)s),
    allowed AS (
        INSERT INTO house_accounts (business_id, customer_id, limit_amount, currency, opened_at)
        SELECT %(business)s, c.id, 200, %(currency)s, now() FROM customers c CROSS JOIN day
         WHERE c.business_id = %(business)s AND c.id %% 199 = 13 AND c.is_active AND day.day IS NOT NULL
        RETURNING id
    )
    INSERT INTO account_entries (business_id, account_id, shop_id, kind, amount, day, at, reason)
    SELECT %(business)s, a.id, (SELECT min(id) FROM shops WHERE business_id = %(business)s), 'owed', 45, day.day - 20,
           now() - interval '20 days', 'From last month'
      FROM allowed a CROSS JOIN day
"""
