"""frontdesk service, product, tax: what there is to buy, and what the state takes of it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.mistyped import usage
from frontdesk.cli.output import amount, say, show, table
from frontdesk.cli.when import day_said, words_of

if TYPE_CHECKING:
    from rich.table import Table

    from frontdesk.desk import Shop
    from frontdesk.services.catalogue import ServiceCard, ServicePartWish
    from frontdesk.services.products import ProductCard
    from frontdesk.services.taxes import TaxCard


@click.group()
def service() -> None:
    """What the shop does for people."""


@service.command("list", cls=Reading)
@click.option("--all", "all_", is_flag=True, help="With what is no longer offered.")
def list_services_(all_: bool) -> None:
    """The menu."""
    from frontdesk.services.catalogue import ListServices, list_services

    with open_desk() as desk:
        found = list_services(desk, ListServices(all=all_))
        shop = desk.shop
    show(asked(), found, lambda: [_services(found.services, shop)] if found.services else ())
    if not found.services:
        say("Nothing is on the menu. Add something: frontdesk service add Cut --price 50 --minutes 45.")


@service.command("add", cls=Writing)
@click.argument("name", nargs=-1, required=True)
@click.option("--code", help="What the booking line calls it; the beginning of its name otherwise.")
@click.option("--price", required=True)
@click.option("--minutes", type=int, help="How long, for a service of one piece.")
@click.option(
    "--part",
    "parts",
    metavar="KIND:MINUTES[:WHO]",
    multiple=True,
    help="For one of several: --part active:30 --part processing:45 --part finish:30, or active:60:lead,room.",
)
@click.option("--category", help="On which shelf of the menu.")
@click.option("--cost", help="Product used, for commission after cost.")
@click.option("--description", default="")
def add_service_(
    name: tuple[str, ...],
    code: str | None,
    price: str,
    minutes: int | None,
    parts: tuple[str, ...],
    category: str | None,
    cost: str | None,
    description: str,
) -> None:
    """Put a service on the menu: service add Cut --price 50 --minutes 45."""
    from frontdesk.services.catalogue import AddService, add_service

    said = words_of(name)
    with open_desk() as desk:
        wish = AddService(
            name=said,
            code=code or _code(said),
            price=_money(price, desk.shop, "price"),
            category=category,
            minutes=minutes,
            parts=tuple(map(_part, parts)),
            cost=_money(cost, desk.shop, "cost") if cost else Decimal(0),
            description=description,
            **asked().once(),
        )
        card = add_service(desk, wish)
        show(asked(), card, lambda: [_services((card,), desk.shop)])


@click.group()
def product() -> None:
    """What stands on the shelf."""


@product.command("list", cls=Reading)
@click.option("--all", "all_", is_flag=True, help="With what is no longer sold.")
def list_products_(all_: bool) -> None:
    """The shelf."""
    from frontdesk.services.products import ListProducts, list_products

    with open_desk() as desk:
        found = list_products(desk, ListProducts(all=all_))
        shop = desk.shop
    show(asked(), found, lambda: [_products(found.products, shop)] if found.products else ())
    if not found.products:
        say("The shelf is empty. Add something: frontdesk product add Shampoo --code SHA --price 18.")


@product.command("add", cls=Writing)
@click.argument("name", nargs=-1, required=True)
@click.option("--code", help="The shop's own; the beginning of its name otherwise.")
@click.option("--price", required=True)
@click.option("--barcode", help="What the scanner reads.")
@click.option("--brand", default="")
@click.option("--supplier", default="")
@click.option("--cost", help="What it costs the shop.")
def add_product_(
    name: tuple[str, ...],
    code: str | None,
    price: str,
    barcode: str | None,
    brand: str,
    supplier: str,
    cost: str | None,
) -> None:
    """Put a product on the shelf: product add Shampoo 250 ml --code SHA --price 18."""
    from frontdesk.services.products import AddProduct, add_product

    said = words_of(name)
    with open_desk() as desk:
        wish = AddProduct(
            name=said,
            code=code or _code(said),
            price=_money(price, desk.shop, "price"),
            barcode=barcode,
            brand=brand,
            supplier=supplier,
            cost=_money(cost, desk.shop, "cost") if cost else Decimal(0),
            **asked().once(),
        )
        card = add_product(desk, wish)
        show(asked(), card, lambda: [_products((card,), desk.shop)])


@click.group()
def tax() -> None:
    """What the state takes: rates and the days they hold."""


@tax.command("list", cls=Reading)
def list_taxes_() -> None:
    """Every rate: what was, what is and what is planned."""
    from frontdesk.services.taxes import ListTaxes, list_taxes

    with open_desk() as desk:
        found = list_taxes(desk, ListTaxes())
    show(asked(), found, lambda: [_taxes(found.taxes)] if found.taxes else ())


@tax.command("add", cls=Writing)
@click.argument("name")
@click.argument("percent")
@click.option("--on-top", is_flag=True, help="Added to prices; otherwise it is inside them.")
@click.option("--services/--no-services", default=True, help="Whether services bear it.")
@click.option("--products/--no-products", default=True, help="Whether products bear it.")
@click.option("--from", "since", metavar="DATE", help="From this day on; today otherwise.")
def add_tax_(name: str, percent: str, on_top: bool, services: bool, products: bool, since: str | None) -> None:
    """A rate from a day on: tax add VAT 20%. One of the same name that holds then ends the day before."""
    from frontdesk.money import parse_percent
    from frontdesk.services.taxes import AddTax, add_tax

    with open_desk() as desk:
        with usage():
            rate = parse_percent(percent, desk.shop.locale)
        wish = AddTax(
            name=name,
            percent=rate,
            inclusive=not on_top,
            on_services=services,
            on_products=products,
            valid_from=day_said(desk, since),
            **asked().once(),
        )
        card = add_tax(desk, wish)
    show(asked(), card, lambda: [_taxes((card,))])


def _money(typed: str, shop: Shop, field: str) -> Decimal:
    from frontdesk.money import parse_money

    with usage():
        return parse_money(typed, shop.currency, shop.locale, field)


def _code(name: str) -> str:
    from frontdesk.text import folded

    return "".join(folded(name).split())[:6].upper()


def _part(typed: str) -> ServicePartWish:
    from frontdesk.services.catalogue import ServicePartWish

    kind, *rest = typed.split(":")
    if not rest or not rest[0].isdecimal() or len(rest) > 2:
        raise click.UsageError(f'"{typed}" is no part of a service. Say it like active:30 or active:60:lead,room.')
    usual = () if kind == "processing" else ("lead",)
    who = tuple(filter(None, rest[1].split(","))) if len(rest) == 2 else usual
    return ServicePartWish(kind=kind, minutes=int(rest[0]), holds=who)


def _services(cards: tuple[ServiceCard, ...], shop: Shop) -> Table:
    rows = [
        (one.code, one.name, f"{one.minutes}m", amount(one.price, shop), one.category or "", _off(one.is_active))
        for one in cards
    ]
    return table(("Code", "Service", "Time", "Price", "Shelf", ""), rows, right=("Time", "Price"))


def _products(cards: tuple[ProductCard, ...], shop: Shop) -> Table:
    rows = [
        (one.code, one.name, one.barcode or "", amount(one.price, shop), one.brand, _off(one.is_active))
        for one in cards
    ]
    return table(("Code", "Product", "Barcode", "Price", "Brand", ""), rows, right=("Price",))


def _taxes(cards: tuple[TaxCard, ...]) -> Table:
    rows = []
    for one in cards:
        borne = " and ".join(["services"] * one.on_services + ["products"] * one.on_products)
        until = f"before {one.valid_until}" if one.valid_until else ""
        where = "inside" if one.inclusive else "on top"
        rows.append((one.name, f"{one.percent.normalize():f} %", where, borne, str(one.valid_from or ""), until))
    return table(("Tax", "Rate", "", "On", "From", "Until"), rows, right=("Rate",))


def _off(is_active: bool) -> str:
    return "" if is_active else "off"
