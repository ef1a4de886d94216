"""What a made-up shop has beside its year of visits: add-ons, bundles, classes, levels, alerts, a policy, who waits."""

from __future__ import annotations

import re
from typing import Any

import psycopg

from frontdesk.services.presets.extras import put_extras
from frontdesk.services.presets.reading import preset
from frontdesk.services.seeding.house import CURRENCY, PRESET
from frontdesk.services.seeding.loyal import add_loyal
from frontdesk.services.seeding.prepaid import add_prepaid
from frontdesk.services.seeding.stock import add_stock


def add_extras(connection: psycopg.Connection[Any], business_id: int) -> None:
    """Add them as the owner of the tables, inside the transaction that made the rest."""

    def run(statement: str, values: dict[str, Any]) -> None:
        connection.execute(re.sub(r":(\w+)", r"%(\1)s", statement), {"business": business_id, **values})

    put_extras(preset(PRESET), CURRENCY, run)
    for statement in (_LEVELS, _SENIOR_PRICES, _ALERTS, _POLICY, _WAITING):
        connection.execute(statement, {"business": business_id})
    add_loyal(connection, business_id)
    add_prepaid(connection, business_id)
    add_stock(connection, business_id)


_LEVELS = """
    UPDATE stylists s SET level = CASE WHEN x.best = 'expert' THEN 'senior' ELSE '' END
      FROM (SELECT stylist_id, max(proficiency) FILTER (WHERE proficiency = 'expert') AS best
              FROM stylist_specialties WHERE business_id = %(business)s GROUP BY 1) x
     WHERE s.id = x.stylist_id
"""
_SENIOR_PRICES = """
    INSERT INTO service_levels (business_id, service_id, level, price)
    SELECT s.business_id, s.id, 'senior', p.price FROM services s
      JOIN (VALUES ('CUT', 60), ('WCB', 75), ('UPDO', 80)) AS p (code, price) ON p.code = s.code
     WHERE s.business_id = %(business)s
"""
# The same few of everybody: whoever's number ends so.
_ALERTS = """
    INSERT INTO customer_alerts (business_id, customer_id, kind, words)
    SELECT c.business_id, c.id, a.kind, a.words FROM customers c
      JOIN (VALUES (17, 'allergy', 'ammonia'), (29, 'allergy', 'latex'), (41, 'health', 'pregnant: no strong colour'),
                   (53, 'alert', 'asks for quiet'), (71, 'allergy', 'PPD: patch test first')) AS a (ends, kind, words)
        ON c.id %% 97 = a.ends
     WHERE c.business_id = %(business)s
"""
_POLICY = """
    INSERT INTO cancellation_policies (business_id, notice_minutes, late_percent, no_show_percent)
    VALUES (%(business)s, 1440, 50, 50)
"""
# As of the moment when the last thing happened in the shop.
_WAITING = """
    WITH said AS (
        SELECT * FROM (VALUES
            (1, 'CUT', 0, 12, '{1,2,3,4,5,6,7}', '16:00', '24:00', 'Call after two', 3000),
            (2, 'WCB', 0, 5, '{2,5}', '00:00', '12:00', '', 1500),
            (3, 'UPDO', 6, 8, '{5,6,7}', '00:00', '24:00', 'A wedding', 700),
            (4, 'CUT', 0, 1, '{1,2,3,4,5,6,7}', '00:00', '24:00', 'Anybody will do', 95)
        ) AS said (place, code, first, last, weekdays, starts, ends, note, minutes)
    ), who AS (
        SELECT id, row_number() OVER (ORDER BY id %% 53, id) AS place FROM customers
         WHERE business_id = %(business)s AND is_active
    ), now AS (SELECT max(at) AS at FROM appointment_status_history WHERE business_id = %(business)s),
    added AS (
        INSERT INTO waitlist_entries (business_id, shop_id, customer_id, first_day, last_day, weekdays, starts, ends,
                                      note, created_at)
        SELECT %(business)s, (SELECT min(id) FROM shops WHERE business_id = %(business)s), who.id,
               now.at::date + said.first, now.at::date + said.last, said.weekdays::int[], said.starts::time,
               said.ends::time, said.note, now.at - said.minutes * interval '1 minute'
          FROM said JOIN who USING (place) CROSS JOIN now
         WHERE now.at IS NOT NULL
         ORDER BY said.minutes DESC
        RETURNING id, customer_id
    )
    INSERT INTO waitlist_services (business_id, entry_id, position, service_id)
    SELECT %(business)s, added.id, 1, v.id
      FROM added JOIN who ON who.id = added.customer_id JOIN said USING (place)
      JOIN services v ON v.code = said.code AND v.business_id = %(business)s
"""
