"""frontdesk product, category, tax: what stands on the shelf, and what the state takes of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.mistyped import usage
from frontdesk.cli.names import category_named, code_of, listed, money_said, product_named
from frontdesk.cli.output import amount, say, show, table
from frontdesk.cli.when import day_said, words_of

if TYPE_CHECKING:
    from rich.table import Table

    from frontdesk.desk import Shop
    from frontdesk.services.menu.categories import CategoryCard
    from frontdesk.services.shop.taxes import TaxCard
    from frontdesk.services.stock.products import ProductCard


@click.group()
def product() -> None:
    """What stands on the shelf."""


@product.command("list", cls=Reading)
@click.option("--all", "all_", is_flag=True, help="With what is no longer sold.")
def list_products_(all_: bool) -> None:
    """The shelf."""
    from frontdesk.services.stock.products import ListProducts, list_products

    with open_desk() as desk:
        found = list_products(desk, ListProducts(all=all_))
        shop = desk.shop
    show(asked(), found, lambda: [_products(found.products, shop)] if found.products else ())
    if not found.products:
        say("The shelf is empty. Add something: frontdesk product add Shampoo --code SHA --price 18.")


@product.command("add", cls=Writing)
@click.argument("name", nargs=-1)
@click.option("--code", help="The shop's own; the beginning of its name otherwise.")
@click.option("--price", required=True, help="On the shelf.")
@click.option("--family", default="", help="What it is a size or shade of: Repair mask.")
@click.option("--variant", default="", help="Its size or shade: 250 ml.")
@click.option("--barcode", help="What the scanner reads.")
@click.option("--brand", default="", help="Who makes it.")
@click.option("--supplier", default="", help="Whom it is bought from.")
@click.option("--cost", help="What it costs the shop.")
def add_product_(
    name: tuple[str, ...],
    code: str | None,
    price: str,
    family: str,
    variant: str,
    barcode: str | None,
    brand: str,
    supplier: str,
    cost: str | None,
) -> None:
    """Put a product on the shelf: product add Shampoo 250 ml --code SHA --price 18. A size or shade of something may
    go without a name: product add --family "Repair mask" --variant "1 l" --price 40."""
    from frontdesk.services.stock.products import AddProduct, add_product

    said = words_of(name) or f"{family} {variant}".strip()
    if not said:
        raise click.UsageError("What is it called? product add Shampoo 250 ml --price 18.")
    with open_desk() as desk:
        wish = AddProduct(
            family=family,
            variant=variant,
            name=said,
            code=code or code_of(said),
            price=money_said(price, desk.shop, "price"),
            barcode=barcode,
            brand=brand,
            supplier=supplier,
            cost=money_said(cost, desk.shop, "cost") if cost else Decimal(0),
            **asked().once(),
        )
        card = add_product(desk, wish)
        show(asked(), card, lambda: [_products((card,), desk.shop)])


@product.command("edit", cls=Writing)
@click.argument("product", metavar="PRODUCT")
@click.option("--name", help="What it is called.")
@click.option("--code", help="The shop's own.")
@click.option("--price", help="On the shelf.")
@click.option("--barcode", help="What the scanner reads; empty for none.")
@click.option("--brand", help="Who makes it.")
@click.option("--supplier", help="Whom it is bought from.")
@click.option("--cost", help="What it costs the shop.")
@click.option("--family", help="What it is a size or shade of; empty for nothing.")
@click.option("--variant", help="Its size or shade.")
@click.option("--counted/--not-counted", "is_stocked", default=None, help="Whether pieces of it are counted.")
@click.option("--sold/--not-sold", "is_active", default=None, help="Whether it is still sold.")
def edit_product_(product: str, price: str | None, cost: str | None, **said: str | bool | None) -> None:
    """Change a product, by code, barcode or name: product edit sha --price 19.50. What is not said stays."""
    from frontdesk.services.stock.products import EditProduct, edit_product

    with open_desk() as desk:
        seen = product_named(desk, product, all_=said["is_active"] is not None)
        now = EditProduct(
            product_id=seen.id, version=seen.version, name=seen.name, code=seen.code, price=seen.price, cost=seen.cost,
            barcode=seen.barcode, brand=seen.brand, supplier=seen.supplier, category=seen.category,
            is_active=seen.is_active, family=seen.family, variant=seen.variant, is_stocked=seen.is_stocked,
            **asked().once(),
        )  # fmt: skip
        changes: dict[str, Any] = {key: value for key, value in said.items() if value is not None}
        for field, typed in (("price", price), ("cost", cost)):
            if typed is not None:
                changes[field] = money_said(typed, desk.shop, field)
        card = edit_product(desk, replace(now, **changes))
        show(asked(), card, lambda: [_products((card,), desk.shop)])


@click.group()
def category() -> None:
    """The shelves of the menu."""


@category.command("list", cls=Reading)
def list_categories_() -> None:
    """The shelves in the order of the menu."""
    from frontdesk.services.menu.categories import ListCategories, list_categories

    with open_desk() as desk:
        found = list_categories(desk, ListCategories())
    show(asked(), found, lambda: [_categories(found.categories)] if found.categories else ())
    if not found.categories:
        say("The menu has no shelves. Make one: frontdesk category add Colour.")


@category.command("add", cls=Writing)
@click.argument("name", nargs=-1, required=True)
def add_category_(name: tuple[str, ...]) -> None:
    """A new shelf at the end of the menu: category add Colour."""
    from frontdesk.services.menu.categories import AddCategory, add_category

    with open_desk() as desk:
        card = add_category(desk, AddCategory(name=words_of(name), **asked().once()))
    show(asked(), card, lambda: [_categories((card,))])


@category.command("rename", cls=Writing)
@click.argument("category", metavar="CATEGORY")
@click.argument("name", nargs=-1)
@click.option("--place", type=click.IntRange(1), help="Where it stands: 1 is the first on the menu.")
def rename_category_(category: str, name: tuple[str, ...], place: int | None) -> None:
    """Call a shelf something else, or put it elsewhere: category rename style Hair --place 1."""
    from frontdesk.services.menu.categories import RenameCategory, rename_category

    with open_desk() as desk:
        seen = category_named(desk, category)
        wish = RenameCategory(category_id=seen.id, name=words_of(name) or seen.name, place=place, **asked().once())
        card = rename_category(desk, wish)
    show(asked(), card, lambda: [_categories((card,))])


@click.group()
def tax() -> None:
    """What the state takes: rates and the days they hold."""


@tax.command("list", cls=Reading)
def list_taxes_() -> None:
    """Every rate: what was, what is and what is planned."""
    from frontdesk.services.shop.taxes import ListTaxes, list_taxes

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
@click.option("--of-taxes", "compounds", is_flag=True, help="Taken of the taxes before it as well.")
@click.option("--place", "position", type=int, default=0, help="In which order taxes are reckoned.")
@click.option("--code", default="", help="Links rates whose name changes: VAT for VAT 20 and VAT 21.")
def add_tax_(
    name: str, percent: str, on_top: bool, services: bool, products: bool, since: str | None, compounds: bool,
    position: int, code: str,
) -> None:  # fmt: skip
    """A rate from a day on: tax add VAT 20%. One of the same name or code that holds then ends the day before."""
    from frontdesk.money import parse_percent
    from frontdesk.services.shop.taxes import AddTax, add_tax

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
            compounds=compounds,
            position=position,
            code=code,
            **asked().once(),
        )
        card = add_tax(desk, wish)
    show(asked(), card, lambda: [_taxes((card,))])


@tax.command("end", cls=Writing)
@click.argument("name")
@click.argument("last", metavar="[LAST DAY]", required=False)
def end_tax_(name: str, last: str | None) -> None:
    """Take a rate no longer: tax end VAT 31/5. Without a day, today is the last. Past tickets keep it."""
    from frontdesk.errors import NotFound
    from frontdesk.services.shop.taxes import EndTax, ListTaxes, end_tax, list_taxes
    from frontdesk.text import folded

    with open_desk() as desk:
        known = list_taxes(desk, ListTaxes()).taxes
        day = day_said(desk, last) or desk.today
        named = [one for one in known if folded(name) in (folded(one.name), str(one.id))]
        held = [one for one in named if not one.valid_from or one.valid_from <= day] or named
        if not held:
            raise NotFound(what="tax", name=name, remedy=listed("There are", sorted({one.name for one in known})))
        card = end_tax(desk, EndTax(tax_id=held[-1].id, last_day=day, **asked().once()))
    show(asked(), card, lambda: [_taxes((card,))])


def _categories(cards: tuple[CategoryCard, ...]) -> Table:
    rows = [(str(one.place), one.name, str(one.services)) for one in cards]
    return table(("Place", "Shelf", "Services"), rows, right=("Place", "Services"))


def _products(cards: tuple[ProductCard, ...], shop: Shop) -> Table:
    rows = [
        (
            one.code, one.name, one.barcode or "", amount(one.price, shop),
            "" if one.on_shelf is None else str(one.on_shelf), one.brand, _off(one.is_active),
        )
        for one in cards
    ]  # fmt: skip
    return table(("Code", "Product", "Barcode", "Price", "Here", "Brand", ""), rows, right=("Price", "Here"))


def _taxes(cards: tuple[TaxCard, ...]) -> Table:
    rows = []
    for one in cards:
        borne = " and ".join(["services"] * one.on_services + ["products"] * one.on_products)
        until = f"before {one.valid_until}" if one.valid_until else ""
        where = ("inside" if one.inclusive else "on top") + (", of taxes too" if one.compounds else "")
        rows.append((one.name, f"{one.percent.normalize():f} %", where, borne, str(one.valid_from or ""), until))
    return table(("Tax", "Rate", "", "On", "From", "Until"), rows, right=("Rate",))


def _off(is_active: bool) -> str:
    return "" if is_active else "off"
