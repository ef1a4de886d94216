"""frontdesk shop: what the shop is called, what its receipts say, how its day is cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.output import facts, show, table

if TYPE_CHECKING:
    from rich.table import Table

    from frontdesk.services.shops import ShopCard


@click.group()
def shop() -> None:
    """The shop itself."""


@shop.command("list", cls=Reading)
def list_() -> None:
    """The business's shops."""
    from frontdesk.services.shops import ListShops, list_shops

    with open_desk() as desk:
        found = list_shops(desk, ListShops())
    rows = [(str(one.id), one.name, one.timezone, one.currency) for one in found.shops]
    show(asked(), found, lambda: [table(("No.", "Shop", "Zone", "Money"), rows)])


@shop.command("show", cls=Reading)
def show_() -> None:
    """This shop: name, address, receipts, how its day is cut."""
    from frontdesk.services.shops import ShowShop, show_shop

    with open_desk() as desk:
        card = show_shop(desk, ShowShop())
    show(asked(), card, lambda: _drawn(card))


@shop.command(cls=Writing)
@click.option("--name")
@click.option("--address", help="Printed on receipts.")
@click.option("--footer", "receipt_footer", help="The last lines of every receipt.")
@click.option("--slot", "slot_minutes", type=int, help="Minutes between offered starts: 5, 10, 15, 20, 30 or 60.")
@click.option("--locale", help="How dates and money are written: en_GB.")
@click.option("--country", help="Where local telephone numbers belong: GB.")
@click.option("--tax-rounding", type=click.Choice(["line", "ticket"]), help="Where a tax is rounded to the cent.")
def edit(**said: str | int | None) -> None:
    """Change the shop: shop edit --footer "See you soon". What is not said stays; zone and money always."""
    from frontdesk.services.shops import EditShop, ShowShop, edit_shop, show_shop

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


def _drawn(card: ShopCard) -> Iterator[Table]:
    yield facts(
        [
            ("Shop", f"{card.name} ({card.id}) of {card.business}"),
            ("Address", card.address),
            ("Receipts end", card.receipt_footer),
            ("Zone", card.timezone),
            ("Money", f"{card.currency}, written as in {card.locale}"),
            ("Country", card.country),
            ("Starts", f"every {card.slot_minutes} minutes"),
            ("Tax rounded", f"per {card.tax_rounding}"),
        ]
    )
