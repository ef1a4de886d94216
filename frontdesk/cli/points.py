"""frontdesk points: what a customer has, what is given for what, and what has expired (features CO10)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import customer_named
from frontdesk.cli.output import amount, facts, say, show, table, text
from frontdesk.cli.when import day_said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.points.loyalty import Loyalty, Points


@click.group("points")
def points() -> None:
    """Points for what customers buy. checkout --pay points spends them."""


@points.command("show", cls=Reading)
@click.argument("customer")
def show_(customer: str) -> None:
    """What a customer has, and how it came about."""
    from frontdesk.services.points.loyalty import ShowPoints, show_points

    with open_desk() as desk:
        found = show_points(desk, ShowPoints(customer_id=customer_named(desk, customer)))
        show(asked(), found, lambda: _drawn(desk, found))


@points.command(cls=Writing)
@click.argument("customer")
@click.argument("how_many", metavar="POINTS", type=int)
@click.option("--reason", "-r", required=True, help="Why.")
def give(customer: str, how_many: int, reason: str) -> None:
    """Give points by hand, or take some: give "jane doe" 50 -r "her birthday"; -- -50 takes them."""
    from frontdesk.services.points.loyalty import CorrectPoints, correct_points

    with open_desk() as desk:
        wish = CorrectPoints(
            customer_id=customer_named(desk, customer), points=how_many, reason=reason, **asked().once()
        )  # fmt: skip
        found = correct_points(desk, wish)
        show(asked(), found, lambda: _drawn(desk, found))


@points.command(cls=Reading)
def rules() -> None:
    """What points are given for, and the tiers."""
    from frontdesk.services.points.loyalty import ShowLoyalty, show_loyalty

    with open_desk() as desk:
        found = show_loyalty(desk, ShowLoyalty())
        show(asked(), found, lambda: _rules(found))
        if not found.rules:
            say("No points are given. frontdesk points rule 1 0.05 --months 12 begins to.")


@points.command(cls=Writing)
@click.argument("per_unit", metavar="POINTS")
@click.argument("value", metavar="VALUE")
@click.option("--months", type=int, metavar="N", help="After how many they expire; never otherwise.")
@click.option("--tier-months", type=int, default=12, metavar="N", help="Over how many a tier is reached.")
@click.option("--from", "first", metavar="DATE", help="From today otherwise.")
@click.option("--no-services", is_flag=True, help="Services give none.")
@click.option("--no-products", is_flag=True, help="Products give none.")
def rule(
    per_unit: str, value: str, months: int | None, tier_months: int, first: str | None, no_services: bool,
    no_products: bool,
) -> None:  # fmt: skip
    """So many points for each 1.00 net of tax, each worth so much: rule 1 0.05 --months 12. 0 points end it."""
    from frontdesk.services.points.loyalty import SetLoyaltyRule, set_rule

    with open_desk() as desk:
        wish = SetLoyaltyRule(
            points_per_unit=_number(per_unit), point_value=_number(value), months=months,
            tier_months=tier_months, on_services=not no_services, on_products=not no_products,
            valid_from=day_said(desk, first), **asked().once(),
        )  # fmt: skip
        found = set_rule(desk, wish)
        show(asked(), found, lambda: _rules(found))


@points.command(cls=Writing)
@click.argument("name")
@click.argument("from_points", metavar="FROM-POINTS", type=int, required=False)
@click.argument("times", required=False)
@click.option("--drop", is_flag=True, help="It is no more.")
def tier(name: str, from_points: int | None, times: str | None, drop: bool) -> None:
    """A tier that gives more points: tier Gold 500 2."""
    from frontdesk.services.points.loyalty import DropLoyaltyTier, SetLoyaltyTier, drop_tier, set_tier

    with open_desk() as desk:
        if drop:
            found = drop_tier(desk, DropLoyaltyTier(name=name, **asked().once()))
        elif from_points is None or times is None:
            raise click.UsageError("Say from how many points, and how many times as many: tier Gold 500 2.")
        else:
            wish = SetLoyaltyTier(
                name=name, from_points=from_points, multiplier=_number(times), **asked().once()
            )  # fmt: skip
            found = set_tier(desk, wish)
        show(asked(), found, lambda: _rules(found))


@points.command(cls=Writing)
def expire() -> None:
    """Enter what has expired, dated the day on which it did."""
    from frontdesk.services.points.loyalty import ExpirePoints, expire_points

    with open_desk() as desk:
        gone = expire_points(desk, ExpirePoints(**asked().once()))
        show(asked(), gone, lambda: [text(f"{gone.points} points of {gone.customers} customers")])


@points.command(cls=Reading)
def owed() -> None:
    """What everybody's points would pay for."""
    from frontdesk.services.points.loyalty import OwedPoints, points_owed

    with open_desk() as desk:
        found = points_owed(desk, OwedPoints())
        words = f"{found.points} points of {found.customers} customers, worth {amount(found.worth, desk.shop)}"
        show(asked(), found, lambda: [text(words)])


def _number(typed: str) -> Decimal:
    from decimal import InvalidOperation

    try:
        number = Decimal(typed.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise click.UsageError(f'"{typed}" is no number. Say it like 1 or 0.05.')
    return number


def _drawn(desk: Desk, found: Points) -> Iterator[RenderableType]:
    worth = "" if found.worth is None else amount(found.worth, desk.shop)
    expiring = ", ".join(f"{how_many} on {day}" for day, how_many in found.expiring)
    yield facts((("Points", str(found.points)), ("Worth", worth), ("Tier", found.tier), ("Expiring", expiring)))
    rows = [
        (str(one.day), one.kind.replace("_", " "), str(one.points), one.words, str(one.receipt or ""), one.who)
        for one in found.entries
    ]
    yield table(("Day", "What", "Points", "Why", "Receipt", "Who"), rows, right=("Points", "Receipt"))


def _rules(found: Loyalty) -> Iterator[RenderableType]:
    rows = [
        (
            str(one.valid_from), f"{one.points_per_unit:f}", f"{one.point_value:f}",
            f"{one.months} months" if one.months else "for ever",
            " and ".join(what for what, does in (("services", one.on_services), ("products", one.on_products)) if does),
        )
        for one in found.rules
    ]  # fmt: skip
    yield table(("From", "Points for 1.00", "Worth", "Good for", "On"), rows, right=("Points for 1.00", "Worth"))
    if found.tiers:
        tiers = [(one.name, str(one.from_points), f"{one.multiplier:f}") for one in found.tiers]
        yield table(("Tier", "From points", "Times"), tiers, right=("From points", "Times"))
