"""Rules of commission are written here: a new one ends the one before it, and what somebody earned by stays."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from sqlalchemy import text

from frontdesk.rules.commission import Reckoning, Scope
from frontdesk.services.use_case import Work


def put_rule(work: Work, scope: Scope, how: Reckoning, first: dt.date) -> int:
    """A rule from a day on, until the next one of the same scope begins; its number. The one before it ends."""
    asked = asdict(scope) | {"first": first}
    work.session.execute(_END, asked)
    new = asked | {"form": how.form, "base": how.base, "percent": how.percent, "flat": how.flat}
    number: int = work.session.execute(_ADD, new).scalar_one()
    for tier in how.tiers:
        work.session.execute(_TIER, {"rule": number, "from_amount": tier.from_amount, "percent": tier.percent})
    return number


_END = text("""
    UPDATE commission_rules SET valid_until = :first
     WHERE (stylist_id, level, kind, service_id, product_id, category_id, coupon_id, price_class_id)
        IS NOT DISTINCT FROM
           (CAST(:stylist_id AS bigint), CAST(:level AS text), CAST(:kind AS text), CAST(:service_id AS bigint),
            CAST(:product_id AS bigint), CAST(:category_id AS bigint), CAST(:coupon_id AS bigint),
            CAST(:price_class_id AS bigint))
       AND valid_from <= :first AND valid_until > :first
""")
_ADD = text("""
    INSERT INTO commission_rules (stylist_id, level, kind, service_id, product_id, category_id, coupon_id,
                                  price_class_id, form, base, percent, flat, valid_from, valid_until)
    SELECT w.*, :form, :base, CAST(:percent AS numeric), CAST(:flat AS numeric), :first, coalesce((
           SELECT min(r.valid_from) FROM commission_rules r
            WHERE (r.stylist_id, r.level, r.kind, r.service_id, r.product_id, r.category_id, r.coupon_id,
                   r.price_class_id) IS NOT DISTINCT FROM w
              AND r.valid_from > :first AND r.valid_from < r.valid_until), 'infinity')
      FROM (SELECT CAST(:stylist_id AS bigint), CAST(:level AS text), CAST(:kind AS text),
                   CAST(:service_id AS bigint), CAST(:product_id AS bigint), CAST(:category_id AS bigint),
                   CAST(:coupon_id AS bigint), CAST(:price_class_id AS bigint)) w
    RETURNING id
""")
_TIER = text("INSERT INTO commission_tiers (rule_id, from_amount, percent) VALUES (:rule, :from_amount, :percent)")
