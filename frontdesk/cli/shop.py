"""frontdesk shop: what the shop is called, what its receipts say, how its day is cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.output import facts, show, table
from frontdesk.cli.till_rules import till

if TYPE_CHECKING:
    from rich.table import Table

    from frontdesk.services.shop.shop_rules import ShopRules
    from frontdesk.services.shop.shops import ShopCard


@click.group()
def shop() -> None:
    """The shop itself."""


shop.add_command(till)


@shop.command("list", cls=Reading)
def list_() -> None:
    """The business's shops."""
    from frontdesk.services.shop.shops import ListShops, list_shops

    with open_desk() as desk:
        found = list_shops(desk, ListShops())
    rows = [(str(one.id), one.name, one.timezone, one.currency) for one in found.shops]
    show(asked(), found, lambda: [table(("No.", "Shop", "Zone", "Money"), rows)])


@shop.command("show", cls=Reading)
def show_() -> None:
    """This shop: name, address, receipts, how its day is cut."""
    from frontdesk.services.shop.shops import ShowShop, show_shop

    with open_desk() as desk:
        card = show_shop(desk, ShowShop())
    show(asked(), card, lambda: _drawn(card))


@shop.command(cls=Writing)
@click.option("--name", help="What it is called.")
@click.option("--address", help="Printed on receipts.")
@click.option("--footer", "receipt_footer", help="The last lines of every receipt.")
@click.option("--tax-number", help="Under which the shop pays taxes; on receipts and invoices.")
@click.option("--slot", "slot_minutes", type=int, help="Minutes between offered starts: 5, 10, 15, 20, 30 or 60.")
@click.option("--locale", help="How dates and money are written: en_GB.")
@click.option("--country", help="Where local telephone numbers belong: GB.")
@click.option("--tax-rounding", type=click.Choice(["line", "ticket"]), help="Where a tax is rounded to the cent.")
def edit(**said: str | int | None) -> None:
    """Change the shop: shop edit --footer "See you soon". What is not said stays; zone and money always."""
    from frontdesk.services.shop.shops import EditShop, ShowShop, edit_shop, show_shop

    with open_desk() as desk:
        seen = show_shop(desk, ShowShop())
        now = EditShop(
            version=seen.version, name=seen.name, address=seen.address, receipt_footer=seen.receipt_footer,
            slot_minutes=seen.slot_minutes, locale=seen.locale, country=seen.country, tax_rounding=seen.tax_rounding,
            **asked().once(),
        )  # fmt: skip
        changes: dict[str, Any] = {key: value for key, value in said.items() if value is not None}
        card = edit_shop(desk, replace(now, **changes))
    show(asked(), card, lambda: _drawn(card))


@shop.command(cls=Writing)
@click.option("--wait", "wait_minutes", type=int, help="Longest wait between two services of a visit, in minutes.")
@click.option("--overbook", "overbook_minutes", type=int, help="Minutes a visit may lie over another without a reason.")
@click.option(
    "--cleanup-overrun/--no-cleanup-overrun", "cleanup_may_overrun", default=None, help="Clean up after hours."
)
@click.option("--late", "late_minutes", type=int, help="Minutes after which somebody who has not come is late.")
@click.option("--alert", "alert_minutes", type=int, help="Minutes of waiting after which the board calls.")
@click.option("--overrun", "overrun_minutes", type=int, help="Minutes beyond its plan that make an overrun.")
@click.option("--hold", "hold_minutes", type=int, help="Minutes a time is kept for whoever is typing.")
@click.option("--offer", "offer_minutes", type=int, help="Minutes a time is kept for whoever was offered it.")
@click.option("--request-turn", help="What a walk-in who asks for somebody counts as: 0, 0.5 or 1 turn.")
@click.option("--small-turn", help="What a small service counts as: 0, 0.5 or 1 turn.")
@click.option("--small", "small_minutes", type=int, help="Up to how many minutes a service is small.")
def rules(request_turn: str | None, small_turn: str | None, **said: int | bool | None) -> None:
    """How the shop keeps its book: shop rules --wait 15. Shown when nothing is said."""
    from frontdesk.services.shop.shop_rules import EditShopRules, ShowShopRules, edit_shop_rules, show_shop_rules

    changes: dict[str, Any] = {key: value for key, value in said.items() if value is not None}
    turns = {"request_turn": request_turn, "small_turn": small_turn}
    changes |= {key: _turn(key, typed) for key, typed in turns.items() if typed is not None}
    with open_desk() as desk:
        if changes:
            found = edit_shop_rules(desk, EditShopRules(**changes, **asked().once()))
        else:
            found = show_shop_rules(desk, ShowShopRules())
    show(asked(), found, lambda: _rules_drawn(found))


def _turn(field: str, typed: str) -> Decimal:
    from frontdesk.errors import BadInput

    try:
        return Decimal(typed)
    except InvalidOperation:
        raise BadInput("A turn counts as 0, 0.5 or 1. Say one of them.", field=field) from None


def _rules_drawn(found: ShopRules) -> Iterator[Table]:
    yield facts(
        [
            ("Wait between services", f"{found.wait_minutes} min at most"),
            ("Over another visit", f"{found.overbook_minutes} min without a reason"),
            ("Clean-up after hours", "allowed" if found.cleanup_may_overrun else "not allowed"),
            ("Late", f"after {found.late_minutes} min"),
            ("Waiting too long", f"after {found.alert_minutes} min"),
            ("Overrun", f"after {found.overrun_minutes} min"),
            ("Kept while typing", f"{found.hold_minutes} min"),
            ("Kept for an offer", f"{found.offer_minutes} min"),
            ("Somebody asked for", f"counts as {found.request_turn} of a turn"),
            ("Small service", f"up to {found.small_minutes} min, counts as {found.small_turn} of a turn"),
        ]
    )


def _drawn(card: ShopCard) -> Iterator[Table]:
    yield facts(
        [
            ("Shop", f"{card.name} ({card.id}) of {card.business}"),
            ("Address", card.address),
            ("Receipts end", card.receipt_footer),
            ("Tax number", card.tax_number),
            ("Zone", card.timezone),
            ("Money", f"{card.currency}, written as in {card.locale}"),
            ("Country", card.country),
            ("Starts", f"every {card.slot_minutes} minutes"),
            ("Tax rounded", f"per {card.tax_rounding}"),
        ]
    )
