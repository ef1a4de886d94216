"""What `+` sells: something from the shelf, a package, a gift card, what is owed, another visit on the ticket."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from frontdesk.desk import Shop
from frontdesk.errors import BadInput
from frontdesk.money import number_text, parse_money
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.checkout.counter import with_fee, with_product, with_visit
from frontdesk.screens.checkout.forms import NOBODY, Changed, Now, quoted
from frontdesk.services.customers.customer_search import FindCustomers, find_customers
from frontdesk.services.menu.menu import Menu
from frontdesk.services.packages.packages import ListPackages, PackageCard, list_packages
from frontdesk.services.reports.balances import Balance
from frontdesk.services.stock.products import AddProduct, add_product
from frontdesk.services.ticket.ticket_wishes import PayAccount, SellGiftCard, SellPackage, TakeDeposit
from frontdesk.services.till.ticket import (
    FindProduct,
    ProductFound,
    Quote,
    UnpaidVisit,
    UnpaidVisits,
    find_product,
    unpaid_visits,
)
from frontdesk.text import clean, folded
from frontdesk.widgets.field import Field, Find, Offer, among
from frontdesk.widgets.form import Filled, Form

GIFT_CARD = Offer("gift", "Gift card")


@dataclass(frozen=True)
class Asked:
    """Something whose amount is still to be said."""

    kind: str
    """gift or account."""


@dataclass(frozen=True)
class Shelf:
    """What can be chosen before anything is typed, or by its name."""

    fees: Sequence[Offer]
    packages: Sequence[PackageCard]
    visits: Sequence[UnpaidVisit]
    owed: Decimal
    payer: int | None


async def shelf_of(screen: DeskScreen, shown: Quote | None, held: Sequence[Balance]) -> Shelf:
    """Everything but products: those are looked up as they are typed."""
    shop = screen.desk.shop
    fees = (
        [Offer(f"fee {one.id}", f"{one.name}  {_number(one.amount, shop)}") for one in shown.open_fees] if shown else []
    )
    on_ticket = {visit.id for visit in shown.visits} if shown else set()
    packages = (await screen.ask(list_packages, ListPackages())).packages
    waiting = (await screen.ask(unpaid_visits, UnpaidVisits())).visits
    owed = sum((-one.amount for one in held if one.kind == "account" and one.amount), Decimal(0))
    others = [one for one in waiting if one.appointment_id not in on_ticket]
    return Shelf(fees, packages, others, owed, shown.customer_id if shown else None)


def sell_form(
    screen: DeskScreen, ticket: Now, menu: Menu, served: Sequence[int], shelf: Shelf
) -> Form[Changed | Asked]:
    """What, how many, and who sold it."""
    shop = screen.desk.shop
    stylists = sorted(menu.stylists, key=lambda one: one.id not in served)
    sellers = [*(Offer(str(one.id), one.name) for one in stylists), NOBODY]
    seller = sellers[0] if served else NOBODY
    first = [*shelf.fees]
    if shelf.owed:
        first.append(Offer("account", f"Pay off the account  {_number(shelf.owed, shop)}"))
    named = [
        GIFT_CARD,
        *(Offer(f"package {one.id}", f"{one.name}  {_number(one.price, shop)}") for one in shelf.packages),
    ]
    visits = [Offer(f"visit {one.appointment_id}", _visit(one, shop)) for one in shelf.visits]

    async def find(typed: str) -> Sequence[Offer]:
        if not clean(typed):
            return [*first, *named]
        found = await screen.ask(find_product, FindProduct(text=typed))
        meant = [one for one in (*first, *named) if folded(typed) in folded(one.label)]
        others = [one for one in visits if folded(typed) in folded(one.label)]
        return [*meant, *(Offer(str(one.id), _labelled(one, shop)) for one in found.products), *others]

    async def save(filled: Filled) -> Changed | Asked:
        what, _, number = filled.picked["product"].partition(" ")
        if what == "fee":
            return await quoted(screen, with_fee(ticket(), int(number)))
        if what == "visit":
            return await quoted(screen, with_visit(ticket(), int(number), shelf.payer))
        if what in ("gift", "account"):
            return Asked(what)
        seller_id = _seller(filled)
        if what == "package":
            sold = SellPackage(package_id=int(number), stylist_id=seller_id)
            return await quoted(screen, replace(ticket(), packages=(*ticket().packages, sold)))
        product_id = int(what) if what else await _the_one(screen, filled["product"])
        many = filled["quantity"]
        if not many.isdecimal() or not 1 <= int(many) <= 999:
            raise BadInput("How many? Type a number from 1 to 999.", field="quantity")
        return await quoted(screen, with_product(ticket(), product_id, int(many), seller_id))

    fields = [
        Field("product", "What", find=find, hint="a product or barcode, gift card, package, another visit"),
        Field("quantity", "How many", value="1"),
        Field("seller", "Sold by", value=seller.label, picked=seller.value, find=among(sellers)),
    ]
    return Form("Add to the ticket", fields, save)


def _visit(visit: UnpaidVisit, shop: Shop) -> str:
    return f"Visit of {visit.customer}, {', '.join(visit.services)}  {_number(visit.amount, shop)}"


async def _the_one(screen: DeskScreen, typed: str) -> int:
    found = await screen.ask(find_product, FindProduct(text=typed))
    if len(found.products) != 1:
        problem = "Several products are called so. Choose one." if found.products else "There is no such product."
        raise BadInput(problem, field="product")
    return found.products[0].id


def _labelled(product: ProductFound, shop: Shop) -> str:
    here = "" if product.on_shelf is None else f"  {product.on_shelf} here"
    return f"{product.name}  {_number(product.price, shop)}{here}"


def _number(amount: Decimal, shop: Shop) -> str:
    return number_text(amount, shop.currency, shop.locale)


def _seller(filled: Filled) -> int | None:
    who = filled.picked["seller"]
    if filled["seller"] and not who:
        raise BadInput(f"Nobody here is called {filled['seller']}. Choose from the list.", field="seller")
    return int(who) if who.isdigit() else None


def customers(screen: DeskScreen) -> Find:
    """A choice among customers, by anything they are found by."""

    async def find(typed: str) -> Sequence[Offer]:
        if not typed.strip():
            return ()
        found = await screen.ask(find_customers, FindCustomers(text=typed, limit=6))
        return [
            Offer(str(one.id), f"{one.name} {one.phone[-4:] if one.phone else ''}".strip()) for one in found.customers
        ]

    return find


def customer_of(filled: Filled) -> int | None:
    """Who was chosen in the field `customer`. Raises BadInput for a name that nobody was chosen for."""
    if filled["customer"] and not filled.picked["customer"]:
        raise BadInput("Nobody was chosen. Take somebody from the list, or leave it empty.", field="customer")
    return int(filled.picked["customer"]) if filled.picked["customer"] else None


def gift_card_form(screen: DeskScreen, ticket: Now, menu: Menu) -> Form[Changed]:
    """A card with money on it, or for one service."""
    shop = screen.desk.shop
    services = [
        Offer(str(one.id), f"{one.name}  {_number(one.price, shop)}") for one in menu.services if one.kind == "service"
    ]

    async def save(filled: Filled) -> Changed:
        service = filled.picked["service"]
        if filled["service"] and not service:
            raise BadInput("There is no such service. Choose from the list.", field="service")
        if not filled["amount"] and not service:
            raise BadInput("How much is on the card? Type an amount, or choose what it is for.", field="amount")
        amount = parse_money(filled["amount"], shop.currency, shop.locale, "amount") if filled["amount"] else None
        card = SellGiftCard(
            amount=amount,
            code=filled["code"],
            service_id=int(service) if service else None,
            customer_id=customer_of(filled),
        )
        return await quoted(screen, replace(ticket(), gift_cards=(*ticket().gift_cards, card)))

    fields = [
        Field("amount", "Amount", hint="50; of a card for a service, its price"),
        Field("code", "Code", hint="as printed on the card; empty makes one"),
        Field("service", "Only for", find=among(services), hint="anything"),
        Field("customer", "For whom", find=customers(screen), hint="whoever brings it"),
    ]
    return Form("Gift card, new or topped up", fields, save)


def account_form(screen: DeskScreen, ticket: Now, customer_id: int, owed: Decimal) -> Form[Changed]:
    """How much of what they owe is paid now."""
    shop = screen.desk.shop

    async def save(filled: Filled) -> Changed:
        paid = PayAccount(
            customer_id=customer_id, amount=parse_money(filled["amount"], shop.currency, shop.locale, "amount")
        )
        others = tuple(one for one in ticket().accounts if one.customer_id != customer_id)
        return await quoted(screen, replace(ticket(), accounts=(*others, paid)))

    return Form("Pay off the account", [Field("amount", "Amount", value=_number(owed, shop))], save)


def deposit_form(screen: DeskScreen, ticket: Now, appointment_id: int, asked: Decimal, whose: str) -> Form[Changed]:
    """Money for a visit that is still to come."""
    shop = screen.desk.shop

    async def save(filled: Filled) -> Changed:
        deposit = TakeDeposit(
            appointment_id=appointment_id,
            amount=parse_money(filled["amount"], shop.currency, shop.locale, "amount"),
        )
        others = tuple(one for one in ticket().deposits if one.appointment_id != appointment_id)
        return await quoted(screen, replace(ticket(), deposits=(*others, deposit)))

    value = _number(asked, shop) if asked else ""
    return Form(f"Deposit of {whose}", [Field("amount", "Amount", value=value, hint="20")], save)


def payer_form(screen: DeskScreen, ticket: Now) -> Form[Changed]:
    """Who pays: whose credit, points and account are meant, and who stands on the receipt."""

    async def save(filled: Filled) -> Changed:
        return await quoted(screen, replace(ticket(), customer_id=customer_of(filled)))

    return Form("Who pays", [Field("customer", "Customer", find=customers(screen), hint="the visit's")], save)


def product_form(screen: DeskScreen, barcode: str, add: Callable[[int], Awaitable[Changed]]) -> Form[Changed]:
    """A product that was scanned and is not known: onto the shelf, and onto the ticket."""
    shop = screen.desk.shop

    async def save(filled: Filled) -> Changed:
        wish = AddProduct(
            name=filled["name"],
            code=filled["code"] or barcode[-8:],
            price=parse_money(filled["price"], shop.currency, shop.locale, "price"),
            barcode=barcode,
            brand=filled["brand"],
        )
        return await add((await screen.ask_surely(add_product, wish)).id)

    fields = [
        Field("name", "Name"),
        Field("price", "Price"),
        Field("brand", "Brand", hint="may be empty"),
        Field("code", "Code", hint="of your own; the end of the barcode when it is empty"),
    ]
    return Form(f"New product {barcode}", fields, save)
