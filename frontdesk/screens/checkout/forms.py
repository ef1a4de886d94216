"""The small forms of the till: what comes off, a tip, a reason, a number, a card's approval code."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from frontdesk.desk import Shop
from frontdesk.errors import BadInput
from frontdesk.money import money_text, number_text, parse_money, percent_text
from frontdesk.rules.pricing import percent_or_amount
from frontdesk.rules.tender_line import typed_tenders
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.checkout.counter import with_line_discount, with_product_discount
from frontdesk.screens.checkout.drawing import Key
from frontdesk.services.menu.menu import Menu
from frontdesk.services.papers.invoices import IssueInvoice
from frontdesk.services.ticket.price_classes import PriceClassCard
from frontdesk.services.ticket.ticket_wishes import Off, Ticket
from frontdesk.services.till.ticket import Quote, QuoteTicket, quote
from frontdesk.text import clean
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form

T = TypeVar("T")

Now = Callable[[], Ticket]
"""The ticket as it is when a form is saved: a scanner may have added to it meanwhile."""

WHOLE = Offer("whole", "the whole ticket")
SHARED = Offer("shared", "shared by what each did")
NOBODY = Offer("nobody", "nobody in particular")
BY_HAND = Offer("hand", "split by hand")
_TIPPED = 4
"""So many of those who served have a line of their own."""


@dataclass(frozen=True)
class Changed:
    """A ticket after a form, and what it now comes to."""

    ticket: Ticket
    quote: Quote


TipForm = Form["Changed | Offer"]
"""Ends with a ticket, or with `BY_HAND`."""


async def quoted(screen: DeskScreen, ticket: Ticket) -> Changed:
    """What a changed ticket comes to. Raises what makes it no ticket."""
    return Changed(ticket, await screen.ask(quote, QuoteTicket(**vars(ticket))))


def discount_form(
    screen: DeskScreen, ticket: Now, line: tuple[Key, str] | None, classes: Sequence[PriceClassCard]
) -> Form[Changed]:
    """Something off the line under the cursor, or off the ticket, and why; coupons, price classes, no tax."""
    shop, now = screen.desk.shop, ticket()
    where = [WHOLE, *([Offer("line", f"only {line[1]}")] if line else [])]
    offered = [Offer(str(one.id), f"{one.name}  {percent_text(one.percent, shop.locale)}") for one in classes]
    theirs = next((one for one in offered if one.value == str(now.price_class_id)), Offer("", ""))

    async def save(filled: Filled) -> Changed:
        off = None
        if filled["discount"]:
            said = percent_or_amount(filled["discount"], shop.currency, shop.locale, "discount")
            off = Off(percent=said.percent, amount=said.amount)
        if not filled.picked["where"]:
            raise BadInput("Off what? Choose from the list.", field="where")
        if filled["class"] and not filled.picked["class"]:
            raise BadInput("There is no such price class. Choose from the list, or leave it empty.", field="class")
        changed = replace(
            ticket(),
            discount_reason=clean(filled["reason"]),
            coupons=tuple(filled["coupon"].upper().split()),
            price_class_id=int(filled.picked["class"]) if filled.picked["class"] else None,
            tax_exempt_reason=clean(filled["exempt"]),
        )
        if line and filled.picked["where"] == "line":
            return await quoted(screen, _off_line(changed, line[0], off))
        return await quoted(screen, replace(changed, discount=off))

    fields = [
        Field(
            "discount", "Discount", value=_off_said(now.discount, shop), hint="10%, or an amount; empty takes it back"
        ),
        Field("where", "Off", value=WHOLE.label, picked=WHOLE.value, find=among(where)),
        Field("reason", "Because", value=now.discount_reason, hint="asked for above your limit"),
        Field("coupon", "Coupon", value=" ".join(now.coupons), hint="its code"),
        Field("class", "Price class", value=theirs.label, picked=theirs.value, find=among(offered), hint="list prices"),
        Field("exempt", "No tax", value=now.tax_exempt_reason, hint="why: diplomat, export; empty for tax"),
    ]
    return Form("What comes off", fields, save, focus="discount")


def _off_said(off: Off | None, shop: Shop) -> str:
    if off is None:
        return ""
    if off.percent is not None:
        return percent_text(off.percent, shop.locale)
    return number_text(off.amount or Decimal(0), shop.currency, shop.locale)


def _off_line(ticket: Ticket, key: Key, off: Off | None) -> Ticket:
    change = with_line_discount if key.kind == "service" else with_product_discount
    return change(ticket, key.at, off)


def tip_form(screen: DeskScreen, ticket: Now, shown: Quote, menu: Menu, tip: Decimal | None = None) -> TipForm:
    """How much, and whose it is; `BY_HAND` when it is to be split by hand."""
    shop = screen.desk.shop
    on_ticket = [one.stylist_id for one in shown.tips]
    others = [Offer(str(one.id), one.name) for one in menu.stylists if one.id not in on_ticket]
    served = [Offer(str(one.stylist_id), one.name) for one in shown.tips]
    whom = [*([SHARED] if len(served) > 1 else []), *served, *others]
    named = next((one for one in whom if one.value == str(ticket().tip_stylist_id)), whom[0] if whom else Offer("", ""))

    async def save(filled: Filled) -> Changed | Offer:
        amount = tip_said(filled["tip"], shown.tip_base, shop)
        who = filled.picked["whom"]
        if amount and not who:
            raise BadInput("Whose is the tip? Choose from the list.", field="whom")
        if who == BY_HAND.value:
            return BY_HAND
        changed = replace(ticket(), tip=amount, tip_stylist_id=int(who) if who.isdigit() else None, tip_to={})
        return await quoted(screen, changed)

    value = number_text(tip, shop.currency, shop.locale) if tip else ""
    fields = [
        Field("tip", "Tip", value=value, hint=_suggested(shown, shop)),
        Field("whom", "For", value=named.label, picked=named.value, find=among([*whom, BY_HAND])),
    ]
    return Form("Tip", fields, save, focus="whom" if tip else "tip")


def _suggested(shown: Quote, shop: Shop) -> str:
    """`10% 5.00 · 12% 6.00`, of the services alone."""
    said = [
        f"{percent}% {number_text(amount, shop.currency, shop.locale)}" for percent, amount in shown.tip_suggestions
    ]
    return " · ".join(said[:4]) or "5, or 10%; empty takes it back"


def tips_form(screen: DeskScreen, ticket: Now, shown: Quote, menu: Menu) -> Form[Changed]:
    """Each one's part of the tip, assistants' too."""
    shop, to = screen.desk.shop, dict(ticket().tip_to)
    served = [(one.stylist_id, one.name) for one in shown.tips][:_TIPPED]
    others = [Offer(str(one.id), one.name) for one in menu.stylists if one.id not in dict(served)]

    async def save(filled: Filled) -> Changed:
        parts = {who: tip_said(filled[f"tip{who}"], shown.tip_base, shop) for who, _ in served}
        if filled["more"]:
            if not filled.picked["other"]:
                raise BadInput("Whose is that? Choose from the list.", field="other")
            parts[int(filled.picked["other"])] = tip_said(filled["more"], shown.tip_base, shop)
        whole = sum(parts.values(), Decimal(0))
        shared = {who: amount for who, amount in parts.items() if amount}
        return await quoted(screen, replace(ticket(), tip=whole, tip_stylist_id=None, tip_to=shared))

    def known(who: int) -> str:
        return number_text(to[who], shop.currency, shop.locale) if who in to else ""

    fields = [
        *(Field(f"tip{who}", name, value=known(who), hint="nothing") for who, name in served),
        Field("other", "Somebody else", find=among(others), hint="an assistant, whoever helped"),
        Field("more", "Their part", hint="nothing"),
    ]
    return Form("Who gets which part of the tip", fields, save)


def tip_said(typed: str, base: Decimal, shop: Shop) -> Decimal:
    """A tip as it is typed: an amount, or a share of what the services come to. Raises BadInput."""
    if not typed:
        return Decimal(0)
    if "%" not in typed:
        return parse_money(typed, shop.currency, shop.locale, "tip")
    said = typed_tenders(f"tip {typed}", currency=shop.currency, locale=shop.locale).tips
    return said[0].of(base, shop.currency) if said else Decimal(0)


def reason_form(title: str, hint: str, then: Callable[[str], Awaitable[T]]) -> Form[T]:
    """Why, and what is done with it; a refusal leaves it as it was typed."""

    async def save(filled: Filled) -> T:
        if not clean(filled["reason"]):
            raise BadInput("Say why in a few words: it stands on the receipt and in the journal.", field="reason")
        return await then(filled["reason"])

    return Form(title, [Field("reason", "Because", hint=hint)], save)


def number_form(title: str, number: int | None, look: Callable[[str], Awaitable[T]]) -> Form[T]:
    """Which receipt; ends with what was found of it. A number that is none stays to be mended."""

    async def save(filled: Filled) -> T:
        if not filled["number"]:
            raise BadInput("Type the number that stands on the receipt.", field="number")
        return await look(filled["number"])

    return Form(title, [Field("number", "Receipt", value=str(number or ""), hint="its number")], save)


def invoice_form(number: int, issue: Callable[[IssueInvoice, str], Awaitable[T]]) -> Form[T]:
    """Whom an invoice is for, and where it is sent; what is empty is the customer's own."""

    async def save(filled: Filled) -> T:
        return await issue(
            IssueInvoice(
                receipt=number,
                buyer_name=filled["buyer_name"],
                buyer_address=filled["buyer_address"].replace(", ", "\n"),
                buyer_tax_number=filled["buyer_tax_number"],
            ),
            filled["address"],
        )

    fields = [
        Field("buyer_name", "For", hint="the customer, when it is empty"),
        Field("buyer_address", "Address", hint="12 Vale Street, London"),
        Field("buyer_tax_number", "Tax number", hint="of a business"),
        Field("address", "Send to", hint="an e-mail address; nobody, when it is empty"),
    ]
    return Form(f"Invoice of receipt {number}", fields, save)


def own_number(typed: str) -> int:
    """The number of a receipt of ours. Raises BadInput."""
    if not typed.isdecimal():
        raise BadInput("Type the number that stands on the receipt.", field="number")
    return int(typed)


def address_form(send: Callable[[str], Awaitable[T]]) -> Form[T]:
    """Where to; an address that is none stays to be mended."""

    async def save(filled: Filled) -> T:
        return await send(filled["address"])

    return Form("Send the receipt", [Field("address", "E-mail", hint="the customer's own, when it is empty")], save)


def code_form(amount: Decimal, shop: Shop) -> Form[str]:
    """What the card terminal shows."""

    async def save(filled: Filled) -> str:
        if not filled["code"]:
            raise BadInput("Type the approval code that the card terminal shows.", field="code")
        return filled["code"]

    title = f"Card {money_text(amount, shop.currency, shop.locale)}"
    return Form(title, [Field("code", "Approval code", hint="as the card terminal shows it")], save)
