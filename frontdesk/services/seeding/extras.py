"""What a made-up shop has beside its year of visits: add-ons, bundles, classes, levels, alerts, a policy."""

from __future__ import annotations

import re
from typing import Any

import psycopg

from frontdesk.services.presets.extras import put_extras
from frontdesk.services.presets.reading import preset
from frontdesk.services.seeding.house import CURRENCY, PRESET


def add_extras(connection: psycopg.Connection[Any], business_id: int) -> None:
    """Add them as the owner of the tables, inside the transaction that made the rest."""

    def run(statement: str, values: dict[str, Any]) -> None:
        connection.execute(re.sub(r":(\w+)", r"%(\1)s", statement), {"business": business_id, **values})

    put_extras(preset(PRESET), CURRENCY, run)
    for statement in (_LEVELS, _SENIOR_PRICES, _ALERTS, _POLICY):
        connection.execute(statement, {"business": business_id})


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
