"""Points: what they are given for, who gets more, what each customer has and why (features CO10).

They are earned as a sale is closed, on its services and products net of tax, whatever paid for them but points: what
was sold as a gift card, a package or a deposit earns when it is used. A refund takes back what was earned on it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound, ReasonMissing
from frontdesk.permissions import Deed
from frontdesk.rules.points import PointsMoved, expired, worth_of
from frontdesk.services.points import points_held
from frontdesk.services.typed import given
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.loyalty import LoyaltyEntry
from frontdesk.text import clean

_MOST_MONTHS = 120


@dataclass(frozen=True, kw_only=True)
class SetLoyaltyRule(Write):
    """What points are given for from a day on, and what they are worth."""

    points_per_unit: Decimal
    """For each 1.00 net of tax; 0 gives none any more."""
    point_value: Decimal
    """What one point pays for."""
    months: int | None = None
    """After how many they expire; never when it is not said."""
    tier_months: int = 12
    """Over how many months a tier is reached."""
    on_services: bool = True
    on_products: bool = True
    valid_from: dt.date | None = None
    """Today when it is not said."""


@dataclass(frozen=True, kw_only=True)
class SetLoyaltyTier(Write):
    """Who gets more points; a name that is known is changed."""

    name: str
    from_points: int
    """Earned within the rule's months."""
    multiplier: Decimal


@dataclass(frozen=True, kw_only=True)
class DropLoyaltyTier(Write):
    """A tier that is no more."""

    name: str


@dataclass(frozen=True, kw_only=True)
class ShowLoyalty:
    """What holds for points."""


@dataclass(frozen=True)
class LoyaltyTierCard:
    """A tier."""

    name: str
    from_points: int
    multiplier: Decimal


@dataclass(frozen=True)
class LoyaltyRuleCard:
    """What holds from a day on."""

    valid_from: dt.date
    points_per_unit: Decimal
    point_value: Decimal
    months: int | None
    tier_months: int
    on_services: bool
    on_products: bool


@dataclass(frozen=True)
class Loyalty:
    """The rules, the newest first, and the tiers, the lowest first."""

    rules: tuple[LoyaltyRuleCard, ...]
    tiers: tuple[LoyaltyTierCard, ...]


@use_case(Deed.EDIT_CATALOGUE)
def set_rule(work: Work, request: SetLoyaltyRule) -> Loyalty:
    """Set what points are given for, from today or a later day on. Raises BadInput."""
    first = request.valid_from or work.desk.today
    if first < work.desk.today:
        raise BadInput("Points that are given stay as they are: say today or a later day.", field="valid_from")
    if not 0 <= request.points_per_unit <= 1000:
        raise BadInput("Say how many points for 1.00, between 0 and 1000.", field="points_per_unit")
    if not 0 < request.point_value <= 1000:
        raise BadInput("Say what one point pays, above 0: 0.05, for example.", field="point_value")
    if request.months is not None and not 1 <= request.months <= _MOST_MONTHS:
        raise BadInput(f"Points last between 1 and {_MOST_MONTHS} months, or for ever.", field="months")
    if not 1 <= request.tier_months <= _MOST_MONTHS:
        raise BadInput(f"A tier is reached within 1 to {_MOST_MONTHS} months. Type 12.", field="tier_months")
    asked = {
        "first": first, "points": request.points_per_unit, "value": request.point_value, "months": request.months,
        "tier_months": request.tier_months, "services": request.on_services, "products": request.on_products,
    }  # fmt: skip
    work.session.execute(_SET_RULE, asked)
    work.tell("loyalty_rule.changed", 0)
    return _loyalty(work)


_SET_RULE = text("""
    INSERT INTO loyalty_rules (valid_from, points_per_unit, point_value, months, tier_months, on_services, on_products)
    VALUES (:first, :points, :value, :months, :tier_months, :services, :products)
    ON CONFLICT (business_id, valid_from) DO UPDATE
       SET points_per_unit = excluded.points_per_unit, point_value = excluded.point_value, months = excluded.months,
           tier_months = excluded.tier_months, on_services = excluded.on_services, on_products = excluded.on_products
""")


@use_case(Deed.EDIT_CATALOGUE)
def set_tier(work: Work, request: SetLoyaltyTier) -> Loyalty:
    """Set a tier. Raises BadInput."""
    name = given(request.name, "tier", "a name, like Gold", "name")
    if request.from_points < 1:
        raise BadInput("A tier begins at 1 point or more. Everybody else has none.", field="from_points")
    if not 1 <= request.multiplier <= 100:
        raise BadInput("A tier gives between 1 and 100 times as many points. Type 2.", field="multiplier")
    others = text("SELECT name FROM loyalty_tiers WHERE from_points = :points AND name <> :name")
    asked = {"name": name, "points": request.from_points, "times": request.multiplier}
    if other := work.session.execute(others, asked).scalar():
        raise BadInput(f"{other} begins at {request.from_points} points. Say another number.", field="from_points")
    work.session.execute(_SET_TIER, asked)
    work.tell("loyalty_tier.changed", 0)
    return _loyalty(work)


_SET_TIER = text("""
    INSERT INTO loyalty_tiers (name, from_points, multiplier) VALUES (:name, :points, :times)
    ON CONFLICT (business_id, name) DO UPDATE
       SET from_points = excluded.from_points, multiplier = excluded.multiplier
""")


@use_case(Deed.EDIT_CATALOGUE)
def drop_tier(work: Work, request: DropLoyaltyTier) -> Loyalty:
    """Give a tier up. Raises NotFound."""
    gone = text("DELETE FROM loyalty_tiers WHERE name = :name RETURNING id")
    if work.session.execute(gone, {"name": clean(request.name)}).scalar() is None:
        raise NotFound(what="tier", name=request.name, remedy="Look at the tiers.")
    work.tell("loyalty_tier.dropped", 0)
    return _loyalty(work)


@use_case(Deed.SEE_BOOK)
def show_loyalty(work: Work, request: ShowLoyalty) -> Loyalty:
    """What holds for points."""
    return _loyalty(work)


def _loyalty(work: Work) -> Loyalty:
    rules = work.session.execute(
        text(
            "SELECT valid_from, points_per_unit, point_value, months, tier_months, on_services, on_products"
            " FROM loyalty_rules ORDER BY valid_from DESC"
        )
    )
    tiers = work.session.execute(text("SELECT name, from_points, multiplier FROM loyalty_tiers ORDER BY from_points"))
    return Loyalty(tuple(LoyaltyRuleCard(*row) for row in rules), tuple(LoyaltyTierCard(*row) for row in tiers))


@dataclass(frozen=True, kw_only=True)
class ShowPoints:
    """A customer."""

    customer_id: int


@dataclass(frozen=True)
class PointsEntry:
    """Points that came or went, and why."""

    day: dt.date
    kind: str
    points: int
    words: str
    """`1 for each 1.00 of 66.67, times 2`, `paid 5.00`, or why somebody corrected it."""
    receipt: int | None
    expires_on: dt.date | None
    who: str


@dataclass(frozen=True)
class Points:
    """What a customer has: the sum of the entries."""

    customer_id: int
    points: int
    worth: Decimal | None
    """What they pay for today; None where no points are given."""
    expiring: tuple[tuple[dt.date, int], ...]
    """What expires within the rule's months if nothing is spent, by day."""
    tier: str
    """Empty when none is reached."""
    multiplier: Decimal
    entries: tuple[PointsEntry, ...]
    """Newest first."""


@use_case(Deed.SEE_CUSTOMERS)
def show_points(work: Work, request: ShowPoints) -> Points:
    """What a customer has and how it came about. What has expired is left out, entered or not."""
    return _points(work, request.customer_id)


def _points(work: Work, customer_id: int) -> Points:
    rule = points_held.rule_today(work)
    rows = points_held.moved(work, customer_id)
    moves = [PointsMoved(one.points, one.expires_on) for one in rows]
    gone = expired(moves, work.desk.today)
    left = sum(one.points for one in moves) - sum(points for _, points in gone)
    ahead = expired([*moves, *(PointsMoved(-points) for _, points in gone)], dt.date.max)
    tier = work.session.execute(
        _TIER,
        {
            "customer": customer_id,
            "since": work.desk.today - relativedelta(months=rule.tier_months if rule else 12),
        },
    ).one_or_none()
    entries = [
        PointsEntry(one.day, one.kind, one.points, _words(one), one.number, one.expires_on, one.who or "")
        for one in reversed(rows)
    ]
    entries = [PointsEntry(day, "expired", -points, "", None, None, "") for day, points in reversed(gone)] + entries
    return Points(
        customer_id,
        left,
        worth_of(left, rule.point_value, work.shop.currency) if rule else None,
        tuple(ahead),
        tier.name if tier else "",
        tier.multiplier if tier else Decimal(1),
        tuple(entries),
    )


def _words(row: Any) -> str:  # noqa: ANN401  a row
    if row.base is not None:
        times = f", times {row.multiplier:f}" if row.multiplier != 1 else ""
        return f"{row.rate.normalize():f} for each 1.00 of {row.base:.2f}{times}"
    if row.kind == "redeemed":
        return f"paid {-row.value:f}"
    return "back from a refund" if row.kind == "returned" else str(row.reason)


_TIER = text("""
    SELECT name, multiplier FROM loyalty_tiers
     WHERE from_points <= (SELECT coalesce(sum(points), 0) FROM loyalty_entries
                            WHERE customer_id = :customer AND kind IN ('earned', 'taken_back') AND day > :since)
     ORDER BY from_points DESC LIMIT 1
""")


@dataclass(frozen=True, kw_only=True)
class CorrectPoints(Write):
    """Points given or taken by hand."""

    customer_id: int
    points: int
    """Negative when they go."""
    reason: str


@dataclass(frozen=True, kw_only=True)
class ExpirePoints(Write):
    """What has expired is entered, for every customer, dated the day on which it did."""


@dataclass(frozen=True)
class PointsExpired:
    """What was entered."""

    customers: int
    points: int


@use_case(Deed.GIVE_CREDIT)
def correct_points(work: Work, request: CorrectPoints) -> Points:
    """Give points, or take some, with a reason. Raises BadInput, NotFound, ReasonMissing, PointsUsedUp."""
    if not clean(request.reason):
        raise ReasonMissing
    if not request.points:
        raise BadInput("Say how many points come, or go: 50, or -50.", field="points")
    known = work.session.execute(text("SELECT id FROM customers WHERE id = :id"), {"id": request.customer_id}).scalar()
    if known is None:
        raise NotFound(what="customer", name=request.customer_id, remedy="Look them up by name.")
    points_held.hold(work, request.customer_id)
    points_held.lapse(work, request.customer_id)
    rule = points_held.rule_today(work)
    lasts = request.points > 0 and rule is not None and rule.months is not None
    work.session.add(
        LoyaltyEntry(
            shop_id=work.shop.id,
            customer_id=request.customer_id,
            kind="corrected",
            points=request.points,
            reason=clean(request.reason),
            expires_on=work.desk.today + relativedelta(months=rule.months) if lasts and rule else None,
            day=work.desk.today,
            at=work.now,
        )
    )
    work.session.flush()
    work.tell("points.corrected", request.customer_id)
    return _points(work, request.customer_id)


@use_case(Deed.SELL)
def expire_points(work: Work, request: ExpirePoints) -> PointsExpired:
    """Enter what has expired. Nothing that is entered is entered again. Holds the customers concerned, in order."""
    gone = expire(work)
    work.tell("points.expired", 0)
    return gone


def expire(work: Work) -> PointsExpired:
    """The same over open work, and nobody is told."""
    due = work.session.execute(_DUE, {"today": work.desk.today}).scalars().all()
    work.session.execute(
        text("SELECT id FROM customers WHERE id = ANY (:ids) ORDER BY id FOR NO KEY UPDATE"), {"ids": list(due)}
    ).all()
    gone = [points_held.lapse(work, customer_id) for customer_id in due]
    return PointsExpired(sum(1 for points in gone if points), sum(gone))


_DUE = text("""
    SELECT customer_id FROM loyalty_entries
     GROUP BY customer_id
    HAVING sum(points) FILTER (WHERE points > 0 AND expires_on <= :today)
           > coalesce(-sum(points) FILTER (WHERE points < 0), 0)
     ORDER BY customer_id
""")


@dataclass(frozen=True, kw_only=True)
class OwedPoints:
    """All customers."""


@dataclass(frozen=True)
class PointsOwed:
    """What all customers have."""

    customers: int
    points: int
    worth: Decimal
    """By today's rule; nothing where no points are given."""
    currency: str


@use_case(Deed.SEE_TAKINGS)
def points_owed(work: Work, request: OwedPoints) -> PointsOwed:
    """The liability: the sum of everybody's points, and what they would pay for."""
    held = points_held.held_by_all(work)
    return PointsOwed(held.customers, held.points, held.worth, work.shop.currency)
