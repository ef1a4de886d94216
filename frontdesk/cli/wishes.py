"""What a command line wishes of a ticket beside what is on it: prices, coupons, exemption, whose the tip is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from frontdesk.cli.names import listed, menu_of, money_said, stylist_named

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.services.book.visits import VisitSheet
    from frontdesk.services.ticket.price_classes import PriceClassCard

F = TypeVar("F", bound=Callable[..., Any])


def wishing(function: F) -> F:
    """The options of a command that makes a ticket."""
    for option in (
        click.option("--keep-change", is_flag=True, help="What cash is over is a tip."),
        click.option(
            "--tip-to", "tips_to", metavar="STYLIST:AMOUNT", multiple=True, help="Their part of the tip: cara:5, bo:0."
        ),
        click.option("--exempt", metavar="REASON", help="No tax is taken, and why."),
        click.option("--reason", metavar="WHY", help="Why something is taken off."),
        click.option("--price", "prices", metavar="SERVICE:PRICE", multiple=True, help="Another price: cut:42."),
        click.option("--class", "price_class", metavar="NAME", help="Whose prices: staff, model."),
        click.option("--coupon", "coupons", metavar="CODE", multiple=True, help="Takes off what it is for."),
    ):
        function = option(function)
    return function


def wishes_said(desk: Desk, sheets: Iterable[VisitSheet], said: dict[str, Any]) -> dict[str, Any]:
    """Fields of a ticket from those options. Usage errors for what can't be read, NotFound for who is not there."""
    wishes: dict[str, Any] = {"coupons": said["coupons"], "discount_reason": said["reason"] or ""}
    if said["price_class"]:
        wishes["price_class_id"] = price_class_named(desk, said["price_class"]).id
    if said["exempt"] is not None:
        wishes["tax_exempt_reason"] = said["exempt"] or " "
    if said["tips_to"]:
        menu, parts = menu_of(desk), [_parted(one, "cara:5") for one in said["tips_to"]]
        wishes["tip_to"] = {stylist_named(menu, who).id: money_said(how, desk.shop, "tip") for who, how in parts}
    if said["prices"]:
        parts = [_parted(one, "cut:42") for one in said["prices"]]
        wishes["line_prices"] = {line_named(sheets, name): money_said(how, desk.shop, "price") for name, how in parts}
    return wishes


def line_named(sheets: Iterable[VisitSheet], name: str) -> int:
    """The one line of these visits whose service begins so. A usage error for none or several."""
    from frontdesk.text import folded

    every = [line for sheet in sheets for line in sheet.lines]
    found = [line for line in every if folded(name) and folded(line.service).startswith(folded(name))]
    if len(found) != 1:
        known = ", ".join(line.service for line in every) or "there is none"
        raise click.UsageError(f'"{name}" names no one service of these visits: {known}.')
    return found[0].id


def price_class_named(desk: Desk, name: str, *, all_: bool = False) -> PriceClassCard:
    """By name, or by a beginning that only one has. Raises NotFound."""
    from frontdesk.errors import NotFound
    from frontdesk.services.ticket.price_classes import ListPriceClasses, list_price_classes
    from frontdesk.text import folded

    known = list_price_classes(desk, ListPriceClasses(all=all_)).classes
    likely = [one for one in known if folded(one.name) == folded(name) or str(one.id) == name]
    likely = likely or [one for one in known if folded(name) and folded(one.name).startswith(folded(name))]
    if len(likely) != 1:
        raise NotFound(what="price class", name=name, remedy=listed("There are", [one.name for one in likely or known]))
    return likely[0]


def _parted(typed: str, like: str) -> tuple[str, str]:
    name, _, said = typed.rpartition(":")
    if not name or not said:
        raise click.UsageError(f'"{typed}" has no name and amount. Say it like {like}.')
    return name, said
