"""A customer's points over open work: read, held, lapsed. Private to whoever pays with them and shows them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.rules.points import PointsMoved, expired, worth_of
from frontdesk.services.use_case import Work
from frontdesk.tables.loyalty import LoyaltyEntry


@dataclass(frozen=True)
class Rule:
    """What holds for points today."""

    points_per_unit: Decimal
    point_value: Decimal
    months: int | None
    tier_months: int
    on_services: bool
    on_products: bool


def rule_today(work: Work) -> Rule | None:
    """The rule of today; None where no points are given."""
    row = work.session.execute(_RULE, {"today": work.desk.today}).one_or_none()
    return None if row is None else Rule(*row)


_RULE = text("""
    SELECT points_per_unit, point_value, months, tier_months, on_services, on_products FROM loyalty_rules
     WHERE valid_from <= :today ORDER BY valid_from DESC LIMIT 1
""")


@dataclass(frozen=True)
class HeldByAll:
    """Everybody's points, and what they would pay for by today's rule; nothing where none are given."""

    customers: int
    points: int
    worth: Decimal


def held_by_all(work: Work) -> HeldByAll:
    """The sum of all balances."""
    rule = rule_today(work)
    customers, points = work.session.execute(_HELD).one()
    worth = worth_of(int(points), rule.point_value, work.shop.currency) if rule else Decimal(0)
    return HeldByAll(customers, int(points), worth)


_HELD = text("SELECT count(*) FILTER (WHERE points <> 0), coalesce(sum(points), 0) FROM point_balances")


def hold(work: Work, customer_id: int) -> None:
    """Hold a customer's points for the rest of the transaction."""
    work.session.execute(text("SELECT id FROM customers WHERE id = :id FOR NO KEY UPDATE"), {"id": customer_id}).all()


def moved(work: Work, customer_id: int) -> list[Any]:
    """Every entry of a customer, oldest first."""
    return list(work.session.execute(_ENTRIES, {"customer": customer_id}).all())


_ENTRIES = text("""
    SELECT e.id, e.kind, e.points, e.value, e.base, e.rate, e.multiplier, e.expires_on, e.day, e.at, e.reason,
           s.number, u.name AS who
      FROM loyalty_entries e LEFT JOIN sales s ON s.id = e.sale_id LEFT JOIN users u ON u.id = e.user_id
     WHERE e.customer_id = :customer ORDER BY e.day, e.id
""")


def usable(work: Work, customer_id: int) -> int:
    """How many points can be spent today: their sum without those that have expired."""
    entries = moved(work, customer_id)
    gone = expired([PointsMoved(one.points, one.expires_on) for one in entries], work.desk.today)
    return sum(int(one.points) for one in entries) - sum(points for _, points in gone)


def lapse(work: Work, customer_id: int) -> int:
    """Enter what has expired, dated the day on which it did; once. Hold the customer before."""
    entries = moved(work, customer_id)
    gone = expired([PointsMoved(one.points, one.expires_on) for one in entries], work.desk.today)
    work.session.add_all(
        LoyaltyEntry(
            shop_id=work.shop.id, customer_id=customer_id, kind="expired", points=-points, day=expires_on, at=work.now
        )
        for expires_on, points in gone
    )
    work.session.flush()
    return sum(points for _, points in gone)
