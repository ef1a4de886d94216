"""Who comes again to a made-up shop: packages and memberships, points for what was bought, cards on file."""

from __future__ import annotations

from typing import Any

import psycopg

from frontdesk.services.seeding.house import CURRENCY


def add_loyal(connection: psycopg.Connection[Any], business_id: int) -> None:
    """Add them as the owner of the tables, as of the shop's last day."""
    for statement in (_OFFERED, _CONTENTS, _HELD, _LOTS, _LEFT, _SHARED, _RULE, _TIERS, _EARNED, _CARDS):
        connection.execute(statement, {"business": business_id, "currency": CURRENCY})


_OFFERED = """
    INSERT INTO packages (business_id, kind, name, price, months, renews_months, percent_off, sharers, tax_point)
    SELECT %(business)s, p.kind, p.name, p.price, p.months, p.renews, p.off, p.sharers, p.tax
      FROM (VALUES ('package', 'Five cuts', 200, 12, NULL::int, 0, 2, 'received'),
                   ('package', 'Ten blow-dries', 240, 12, NULL, 0, 3, 'received'),
                   ('membership', 'A cut every month', 480, 12, 1, 0, 0, 'received'),
                   ('membership', 'Vale Club', 60, 12, NULL, 10, 0, 'received'))
           AS p (kind, name, price, months, renews, off, sharers, tax)
"""
# Whatever this shop's menu calls a cut and a blow-dry.
_CONTENTS = """
    INSERT INTO package_services (business_id, package_id, service_id, sessions)
    SELECT p.business_id, p.id, v.id, x.sessions
      FROM (VALUES ('Five cuts', '%%cut%%', 5), ('Ten blow-dries', '%%blow%%', 10), ('A cut every month', '%%cut%%', 1))
           AS x (name, called, sessions)
      JOIN packages p ON p.name = x.name AND p.business_id = %(business)s
      CROSS JOIN LATERAL (SELECT id FROM services v WHERE v.business_id = p.business_id AND lower(v.name) LIKE x.called
                             AND v.kind = 'service' ORDER BY length(v.name), v.id LIMIT 1) v
"""
# The same few of everybody: whoever's number ends so. What is left of them was sold before the book begins.
_HELD = """
    INSERT INTO customer_packages (business_id, shop_id, package_id, customer_id, kind, name, price, currency,
                                   percent_off, sharers, first_day, last_day, reason)
    SELECT p.business_id, (SELECT min(id) FROM shops WHERE business_id = p.business_id), p.id, c.id, p.kind, p.name,
           p.price, %(currency)s, p.percent_off, p.sharers, d.day - 30 * x.ends %% 200,
           d.day - 30 * x.ends %% 200 + 364, 'Sold before'
      FROM (VALUES ('Five cuts', 19), ('Ten blow-dries', 37), ('Vale Club', 61)) AS x (name, ends)
      JOIN packages p ON p.name = x.name AND p.business_id = %(business)s
      JOIN customers c ON c.business_id = p.business_id AND c.id %% 83 = x.ends AND c.is_active
      CROSS JOIN (SELECT max(day) AS day FROM sales WHERE business_id = %(business)s) d
     WHERE d.day IS NOT NULL
"""
_LOTS = """
    INSERT INTO package_lots (business_id, customer_package_id, service_id, first_day, last_day)
    SELECT p.business_id, p.id, s.service_id, p.first_day, p.last_day
      FROM customer_packages p JOIN package_services s ON s.package_id = p.package_id
     WHERE p.business_id = %(business)s
"""
_LEFT = """
    INSERT INTO package_entries (business_id, shop_id, lot_id, kind, sessions, value, customer_id, day, reason)
    SELECT p.business_id, p.shop_id, t.id, 'opened', x.sessions,
           CAST(p.price * x.sessions / s.sessions AS numeric(12, 2)), p.customer_id, p.first_day, 'Sold before'
      FROM package_lots t JOIN customer_packages p ON p.id = t.customer_package_id
      JOIN package_services s ON s.package_id = p.package_id AND s.service_id = t.service_id
      CROSS JOIN LATERAL (SELECT CAST(1 + p.customer_id %% s.sessions AS integer) AS sessions) x
     WHERE p.business_id = %(business)s
"""
_SHARED = """
    INSERT INTO package_sharers (business_id, customer_package_id, customer_id)
    SELECT p.business_id, p.id, c.id FROM customer_packages p
      JOIN customers c ON c.business_id = p.business_id AND c.id = p.customer_id + 1
     WHERE p.business_id = %(business)s AND p.sharers > 0 AND p.customer_id %% 2 = 0
"""
_RULE = """
    INSERT INTO loyalty_rules (business_id, valid_from, points_per_unit, point_value, months)
    SELECT %(business)s, min(day), 1, 0.05, 12 FROM sales WHERE business_id = %(business)s HAVING min(day) IS NOT NULL
"""
_TIERS = """
    INSERT INTO loyalty_tiers (business_id, name, from_points, multiplier)
    VALUES (%(business)s, 'Silver', 300, 1.5), (%(business)s, 'Gold', 800, 2)
"""
# What the year's receipts would have earned: without tiers, which began with the rule.
_EARNED = """
    INSERT INTO loyalty_entries (business_id, shop_id, customer_id, kind, points, base, rate, multiplier, expires_on,
                                 sale_id, day, at)
    SELECT s.business_id, s.shop_id, s.customer_id, 'earned', floor(n.net), n.net, 1, 1,
           CAST(s.day + INTERVAL '12 months' AS date), s.id, s.day, s.closed_at
      FROM sales s
      CROSS JOIN LATERAL (SELECT sum(l.taxable) AS net FROM sale_lines l
                           WHERE l.business_id = s.business_id AND l.sale_id = s.id
                             AND l.kind IN ('service', 'product')) n
     WHERE s.business_id = %(business)s AND s.kind = 'sale' AND s.customer_id IS NOT NULL AND n.net >= 1
"""
_CARDS = """
    INSERT INTO customer_cards (business_id, customer_id, provider, token, brand, last4, expires_on)
    SELECT c.business_id, c.id, 'simulated', 'tok_demo_' || c.id, x.brand, x.last4, d.day + 400
      FROM (VALUES (11, 'Visa', '4242'), (47, 'Mastercard', '4444')) AS x (ends, brand, last4)
      JOIN customers c ON c.business_id = %(business)s AND c.id %% 89 = x.ends AND c.is_active
      CROSS JOIN (SELECT max(day) AS day FROM sales WHERE business_id = %(business)s) d
     WHERE d.day IS NOT NULL
"""
