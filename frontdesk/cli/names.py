"""Services, stylists, products and visits as they are named on a command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from frontdesk.cli.ask import choose
from frontdesk.cli.mistyped import usage
from frontdesk.errors import Refusal

if TYPE_CHECKING:
    from decimal import Decimal

    from frontdesk.desk import Desk, Shop
    from frontdesk.rules.vocabulary import Pick, Vocabulary
    from frontdesk.services.book.visits import VisitSheet
    from frontdesk.services.menu.categories import CategoryCard
    from frontdesk.services.menu.menu import Menu, MenuService, MenuStylist
    from frontdesk.services.stock.products import ProductCard


class Unclear(Refusal):
    """{question}"""


def menu_of(desk: Desk) -> Menu:
    """What is on offer, and who serves."""
    from frontdesk.services.menu.menu import ShowMenu, show_menu

    return show_menu(desk, ShowMenu())


def service_named(menu: Menu, words: str) -> MenuService:
    """By its name, its code, its number, or a beginning that only one has. Raises NotFound."""
    from frontdesk.errors import NotFound
    from frontdesk.rules.vocabulary import Service

    found = {pick.id for pick in _picked(menu, words) if isinstance(pick, Service)}
    likely = [s for s in menu.services if s.id in found or str(s.id) == words]
    if not likely:
        raise NotFound(what="service", name=words, remedy=listed("On offer", [s.name for s in menu.services]))
    return likely[_the_one(words, [s.name for s in likely])]


def stylist_named(menu: Menu, words: str) -> MenuStylist:
    """By their name, their code, their number, or a beginning that only one has. Raises NotFound."""
    from frontdesk.errors import NotFound
    from frontdesk.rules.vocabulary import Stylist

    found = {pick.id for pick in _picked(menu, words) if isinstance(pick, Stylist)}
    likely = [s for s in menu.stylists if s.id in found or str(s.id) == words]
    if not likely:
        raise NotFound(what="stylist", name=words, remedy=listed("There are", [s.name for s in menu.stylists]))
    return likely[_the_one(words, [f"{s.name} {s.last_name}".strip() for s in likely])]


def percent_said(typed: str | None, desk: Desk) -> Decimal | None:
    """A rate as it is typed in the shop's country; None when nothing was. A usage error for what is none."""
    from frontdesk.money import parse_percent

    if typed is None:
        return None
    with usage():
        return parse_percent(typed, desk.shop.locale)


def money_said(typed: str, shop: Shop, field: str) -> Decimal:
    """An amount as it is typed in the shop's country. A usage error for what is none."""
    from frontdesk.money import parse_money

    with usage():
        return parse_money(typed, shop.currency, shop.locale, field)


def code_of(name: str) -> str:
    """A short name made of a long one: GLOSS."""
    from frontdesk.text import folded

    return "".join(folded(name).split())[:6].upper()


def category_named(desk: Desk, words: str) -> CategoryCard:
    """By its name or a beginning that only one has. Raises NotFound."""
    from frontdesk.errors import NotFound
    from frontdesk.services.menu.categories import ListCategories, list_categories
    from frontdesk.text import folded

    shelves = list_categories(desk, ListCategories()).categories
    exact = [one for one in shelves if folded(one.name) == folded(words)]
    likely = exact or [one for one in shelves if folded(words) and folded(one.name).startswith(folded(words))]
    if not likely:
        raise NotFound(what="category", name=words, remedy=listed("There are", [one.name for one in shelves]))
    return likely[_the_one(words, [one.name for one in likely])]


def product_named(desk: Desk, words: str, *, all_: bool = False) -> ProductCard:
    """By its code, its barcode, its name or a beginning that only one has. Raises NotFound."""
    from frontdesk.errors import NotFound
    from frontdesk.services.stock.products import ListProducts, list_products
    from frontdesk.text import folded

    shelf = list_products(desk, ListProducts(all=all_)).products
    exact = [one for one in shelf if folded(words) in map(folded, (one.code, one.barcode or one.code, one.name))]
    likely = exact or [one for one in shelf if folded(words) and folded(one.name).startswith(folded(words))]
    if not likely:
        raise NotFound(what="product", name=words, remedy=listed("On the shelf", [one.name for one in shelf]))
    return likely[_the_one(words, [one.name for one in likely])]


class Pieces(NamedTuple):
    """So many of a product."""

    product: ProductCard
    many: int


def pieces_named(desk: Desk, what: Sequence[str], least: int = 1) -> list[Pieces]:
    """Products with how many, in turns. A usage error for anything else."""
    if len(what) % 2:
        raise click.UsageError("Say each product with how many: sha 6 con250 12.")
    found = []
    for words, many in zip(what[::2], what[1::2], strict=True):
        if not many.isdecimal() or not least <= int(many) <= 1_000_000:
            raise click.UsageError(f'How many of {words}? "{many}" is no number of pieces. Type one from {least} up.')
        found.append(Pieces(product_named(desk, words), int(many)))
    return found


def visit_named(desk: Desk, words: str) -> VisitSheet:
    """By its code (7QK2X) or its number. Raises NotFound."""
    from frontdesk.errors import NotFound
    from frontdesk.services.book.visits import ShowVisit, show

    try:
        return show(desk, ShowVisit(code=words))
    except NotFound:
        if not words.isdecimal():
            raise
        return show(desk, ShowVisit(appointment_id=int(words)))


def customer_named(desk: Desk, words: str) -> int:
    """The number of a customer by that number, by name, or by the end of a telephone number.

    Several are asked about at a terminal. Raises NotFound, and Unclear where nobody can answer.
    """
    from frontdesk.errors import NotFound
    from frontdesk.services.customers.customer_search import FindCustomers, find_customers
    from frontdesk.services.customers.customers import ShowCustomer, show_customer

    number = words.removeprefix("#")
    if number.isdecimal() and not number.startswith("0"):
        try:
            return show_customer(desk, ShowCustomer(customer_id=int(number))).card.id
        except NotFound:
            if number != words:
                raise
    found = find_customers(desk, FindCustomers(text=words, limit=9)).customers
    if not found:
        raise NotFound(what="customer", name=words, remedy="Add them with frontdesk customer add.")
    labels = [f"{one.name} ({one.id}) {one.phone or ''}".strip() for one in found]
    picked = 0 if len(found) == 1 else choose(f"Which {words}?", labels)
    if picked is None:
        raise Unclear(question=f"Which {words}? Say the number.", options=labels)
    return found[picked].id


def _picked(menu: Menu, words: str) -> tuple[Pick, ...]:
    from frontdesk.rules.vocabulary import picks

    return picks(words.split() or [""], _vocabulary(menu))[0]


def _vocabulary(menu: Menu) -> Vocabulary:
    from frontdesk.rules.vocabulary import Named, Vocabulary

    return Vocabulary(
        tuple(Named(s.id, (s.name, s.code)) for s in menu.services),
        tuple(Named(p.id, tuple(filter(None, (p.name, f"{p.name} {p.last_name}", p.code)))) for p in menu.stylists),
    )


def _the_one(words: str, names: list[str]) -> int:
    if len(names) > 1:
        raise click.UsageError(f'Which "{words}" is meant: {", ".join(names)}?')
    return 0


def listed(before: str, names: list[str]) -> str:
    """`On offer: Cut, Colour.`, for a sentence that says what there is instead."""
    return f"{before}: {', '.join(names[:12])}{' …' if len(names) > 12 else ''}." if names else "There are none yet."
