"""The small forms of the till: a product, a discount, a tip, a card's approval code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from frontdesk.desk import Shop
from frontdesk.errors import BadInput
from frontdesk.money import money_text, number_text, parse_money
from frontdesk.rules.pricing import percent_or_amount
from frontdesk.rules.tender_line import typed_tenders
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.checkout.counter import (
    with_fee,
    with_line_discount,
    with_product,
    with_product_discount,
)
from frontdesk.screens.checkout.drawing import Key
from frontdesk.services.fees import OpenFee
from frontdesk.services.menu import Menu
from frontdesk.services.ticket import FindProduct, ProductFound, Quote, QuoteTicket, find_product, quote
from frontdesk.services.ticket_wishes import Off, Ticket
from frontdesk.text import clean, folded
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form

Now = Callable[[], Ticket]
"""The ticket as it is when a form is saved: a scanner may have added to it meanwhile."""

WHOLE = Offer("whole", "the whole ticket")
SHARED = Offer("shared", "shared by what each did")
NOBODY = Offer("nobody", "nobody in particular")
_FEE = "fee "
"""What the value of a fee begins with, among products."""


@dataclass(frozen=True)
class Changed:
    """A ticket after a form, and what it now comes to."""

    ticket: Ticket
    quote: Quote


async def quoted(screen: DeskScreen, ticket: Ticket) -> Changed:
    """What a changed ticket comes to. Raises what makes it no ticket."""
    return Changed(ticket, await screen.ask(quote, QuoteTicket(**vars(ticket))))


def product_form(
    screen: DeskScreen, ticket: Now, menu: Menu, served: Sequence[int], fees: Sequence[OpenFee] = ()
) -> Form[Changed]:
    """Something from the shelf, how many, and who sold it; or what the customer owes for leaving a visit late."""
    owed = [Offer(f"{_FEE}{one.id}", _fee_labelled(one, screen.desk.shop)) for one in fees]
    stylists = sorted(menu.stylists, key=lambda one: one.id not in served)
    sellers = [*(Offer(str(one.id), one.name) for one in stylists), NOBODY]
    seller = sellers[0] if served else NOBODY

    async def find(typed: str) -> Sequence[Offer]:
        if not clean(typed):
            return owed
        found = await screen.ask(find_product, FindProduct(text=typed))
        meant = [one for one in owed if folded(typed) in folded(one.label)]
        return [*meant, *(Offer(str(one.id), _labelled(one, screen.desk.shop)) for one in found.products)]

    async def save(filled: Filled) -> Changed:
        if filled.picked["product"].startswith(_FEE):
            return await quoted(screen, with_fee(ticket(), int(filled.picked["product"].removeprefix(_FEE))))
        product_id = int(filled.picked["product"]) if filled.picked["product"] else 0
        if not product_id:
            product_id = await _the_one(screen, filled["product"])
        many = filled["quantity"]
        if not many.isdecimal() or not 1 <= int(many) <= 999:
            raise BadInput("How many? Type a number from 1 to 999.", field="quantity")
        return await quoted(screen, with_product(ticket(), product_id, int(many), _seller(filled)))

    fields = [
        Field("product", "Product", find=find, hint="scan its barcode, or type its name"),
        Field("quantity", "How many", value="1"),
        Field("seller", "Sold by", value=seller.label, picked=seller.value, find=among(sellers)),
    ]
    return Form("Add to the ticket", fields, save)


async def _the_one(screen: DeskScreen, typed: str) -> int:
    found = await screen.ask(find_product, FindProduct(text=typed))
    if len(found.products) != 1:
        problem = "Several products are called so. Choose one." if found.products else "There is no such product."
        raise BadInput(problem, field="product")
    return found.products[0].id


def _labelled(product: ProductFound, shop: Shop) -> str:
    return f"{product.name}  {number_text(product.price, shop.currency, shop.locale)}"


def _fee_labelled(fee: OpenFee, shop: Shop) -> str:
    return f"{fee.name}  {number_text(fee.amount, shop.currency, shop.locale)}"


def _seller(filled: Filled) -> int | None:
    who = filled.picked["seller"]
    if filled["seller"] and not who:
        raise BadInput(f"Nobody here is called {filled['seller']}. Choose from the list.", field="seller")
    return int(who) if who.isdigit() else None


def discount_form(screen: DeskScreen, ticket: Now, line: tuple[Key, str] | None) -> Form[Changed]:
    """Something off the line under the cursor, or off the ticket."""
    shop = screen.desk.shop
    where = [WHOLE, *([Offer("line", f"only {line[1]}")] if line else [])]

    async def save(filled: Filled) -> Changed:
        off = None
        if filled["off"]:
            said = percent_or_amount(filled["off"], shop.currency, shop.locale, "off")
            off = Off(percent=said.percent, amount=said.amount)
        if line and filled.picked["where"] == "line":
            return await quoted(screen, _off_line(ticket(), line[0], off))
        if not filled.picked["where"]:
            raise BadInput("Off what? Choose from the list.", field="where")
        return await quoted(screen, replace(ticket(), discount=off))

    fields = [
        Field("off", "Discount", hint="10%, or an amount; empty takes it back"),
        Field("where", "Off", value=WHOLE.label, picked=WHOLE.value, find=among(where)),
    ]
    return Form("Discount", fields, save)


def _off_line(ticket: Ticket, key: Key, off: Off | None) -> Ticket:
    change = with_line_discount if key.kind == "service" else with_product_discount
    return change(ticket, key.at, off)


def tip_form(screen: DeskScreen, ticket: Now, shown: Quote, menu: Menu, tip: Decimal | None = None) -> Form[Changed]:
    """How much, and whose it is."""
    shop = screen.desk.shop
    on_ticket = [one.stylist_id for one in shown.tips]
    others = [Offer(str(one.id), one.name) for one in menu.stylists if one.id not in on_ticket]
    served = [Offer(str(one.stylist_id), one.name) for one in shown.tips]
    whom = [*([SHARED] if len(served) > 1 else []), *served, *others]
    named = next((one for one in whom if one.value == str(ticket().tip_stylist_id)), whom[0] if whom else Offer("", ""))

    async def save(filled: Filled) -> Changed:
        amount = _tip(filled["tip"], shown.tip_base, shop)
        who = filled.picked["whom"]
        if amount and not who:
            raise BadInput("Whose is the tip? Choose from the list.", field="whom")
        changed = replace(ticket(), tip=amount, tip_stylist_id=int(who) if who.isdigit() else None)
        return await quoted(screen, changed)

    value = number_text(tip, shop.currency, shop.locale) if tip else ""
    fields = [
        Field("tip", "Tip", value=value, hint="5, or 10%; empty takes it back"),
        Field("whom", "For", value=named.label, picked=named.value, find=among(whom)),
    ]
    return Form("Tip", fields, save, focus="whom" if tip else "tip")


def _tip(typed: str, total: Decimal, shop: Shop) -> Decimal:
    if not typed:
        return Decimal(0)
    if "%" not in typed:
        return parse_money(typed, shop.currency, shop.locale, "tip")
    said = typed_tenders(f"tip {typed}", currency=shop.currency, locale=shop.locale).tips
    return said[0].of(total, shop.currency) if said else Decimal(0)


def code_form(amount: Decimal, shop: Shop) -> Form[str]:
    """What the card terminal shows."""

    async def save(filled: Filled) -> str:
        if not filled["code"]:
            raise BadInput("Type the approval code that the card terminal shows.", field="code")
        return filled["code"]

    title = f"Card {money_text(amount, shop.currency, shop.locale)}"
    return Form(title, [Field("code", "Approval code", hint="as the card terminal shows it")], save)
