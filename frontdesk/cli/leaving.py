"""frontdesk cancel, no-show, policy: who does not come, and what that costs."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.mistyped import usage
from frontdesk.cli.names import menu_of, service_named, visit_named
from frontdesk.cli.output import show, table
from frontdesk.cli.visits import told

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.services.book.policies import Policies, PolicyCard
    from frontdesk.services.book.visits import LeaveVisit, Stepped

Way = Callable[["Desk", "LeaveVisit"], "Stepped"]

_FEE = click.option("--fee", metavar="AMOUNT", help="What of the fee is asked for: 25.00, or all.")
_WAIVE = click.option("--waive", metavar="WHY", default="", help="Why less is asked for, or nothing.")


@click.command("no-show", cls=Writing)
@click.argument("visit")
@click.option("--reason", default="", help="What is known about it.")
@_FEE
@_WAIVE
def no_show(visit: str, reason: str, fee: str | None, waive: str) -> None:
    """They did not come. It frees the time; where that costs something, say --fee or --waive."""
    from frontdesk.services.book import visits

    _leave(visits.no_show, visit, "", reason, fee, waive, missed=True)


@click.command(cls=Writing)
@click.argument("visit")
@click.option("--reason", default="", help="Why; it is kept.")
@click.option("--only", metavar="SERVICE", default="", help="Only this service of the visit.")
@_FEE
@_WAIVE
def cancel(visit: str, reason: str, only: str, fee: str | None, waive: str) -> None:
    """The visit will not be. It frees the time, and needs a reason; a late one may cost something."""
    from frontdesk.services.book import visits

    _leave(visits.cancel, visit, only, reason, fee, waive, missed=False)


def _leave(way: Way, visit: str, only: str, reason: str, fee: str | None, waive: str, *, missed: bool) -> None:
    from frontdesk.money import parse_money
    from frontdesk.services.book.fees import WhatLeavingCosts, what_leaving_costs
    from frontdesk.services.book.visits import LeaveVisit
    from frontdesk.text import folded

    with open_desk() as desk:
        sheet = visit_named(desk, visit)
        lines = tuple(line.id for line in sheet.lines if only and folded(line.service).startswith(folded(only)))
        if only and len(lines) != 1:
            known = ", ".join(line.service for line in sheet.lines)
            raise click.UsageError(f'"{only}" names no one service of this visit: {known}.')
        asked_for: Decimal | None = None
        if fee == "all":
            wish = WhatLeavingCosts(appointment_id=sheet.id, line_ids=lines, no_show=missed)
            asked_for = what_leaving_costs(desk, wish).total
        elif fee is not None:
            with usage():
                asked_for = parse_money(fee, desk.shop.currency, desk.shop.locale, "fee")
        told(
            way(
                desk,
                LeaveVisit(
                    appointment_id=sheet.id, line_ids=lines, reason=reason, fee=asked_for, waive_reason=waive,
                    **asked().once(),
                ),
            )
        )  # fmt: skip


@click.group()
def policy() -> None:
    """What leaving late and not coming cost."""


@policy.command("list", cls=Reading)
def list_() -> None:
    """The policies: the one for every other service first."""
    from frontdesk.services.book.policies import ListPolicies, list_policies

    with open_desk() as desk:
        found = list_policies(desk, ListPolicies())
    show(asked(), found, lambda: [_drawn(found)])


@policy.command("set", cls=Writing)
@click.argument("service", required=False)
@click.option("--notice", "hours", metavar="HOURS", type=click.FloatRange(0, 8760), required=True, help="24, or 0.5.")
@click.option("--late", metavar="OFF", help="What a late cancellation costs: 50% or 20.00.")
@click.option("--no-show", "missed", metavar="OFF", help="What not coming costs: 100% or 20.00.")
def set_(service: str | None, hours: float, late: str | None, missed: str | None) -> None:
    """Say what leaving costs: policy set --notice 24 --late 50% --no-show 100%. SERVICE for one service alone."""
    from frontdesk.services.book.policies import Policies, SetPolicy, set_policy

    with open_desk() as desk:
        with usage():
            charges = {**_charge(desk, late, "late"), **_charge(desk, missed, "no_show")}
        service_id = service_named(menu_of(desk), service).id if service else None
        card = set_policy(
            desk, SetPolicy(service_id=service_id, notice_minutes=round(hours * 60), **charges, **asked().once())
        )
    show(asked(), card, lambda: [_drawn(Policies((card,)))])


@policy.command(cls=Writing)
@click.argument("service", required=False)
def remove(service: str | None) -> None:
    """A policy no longer holds; without SERVICE the one for every other service."""
    from frontdesk.services.book.policies import RemovePolicy, remove_policy

    with open_desk() as desk:
        service_id = service_named(menu_of(desk), service).id if service else None
        left = remove_policy(desk, RemovePolicy(service_id=service_id, **asked().once()))
    show(asked(), left, lambda: [_drawn(left)])


def _charge(desk: Desk, typed: str | None, what: str) -> dict[str, Any]:
    from frontdesk.rules.pricing import percent_or_amount

    if typed is None:
        return {}
    said = percent_or_amount(typed, desk.shop.currency, desk.shop.locale)
    return {f"{what}_percent": said.percent, f"{what}_flat": said.amount}


def _drawn(found: Policies) -> Any:  # noqa: ANN401  a Rich table
    def row(card: PolicyCard) -> tuple[str, str]:
        return card.service, card.words

    return table(("Service", "Costs"), [row(card) for card in found.policies])
