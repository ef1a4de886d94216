"""What a line costs this once, and what was really done: another price, another length, another service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from frontdesk.errors import BadInput
from frontdesk.money import number_text, parse_money
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.checkout.counter import with_price
from frontdesk.screens.checkout.drawing import Key
from frontdesk.screens.checkout.forms import Changed, Now, quoted
from frontdesk.screens.visits.booking import insisted, insistence
from frontdesk.services.book.changing import ChangeLine, change_line
from frontdesk.services.book.visits import ShowVisit, show
from frontdesk.services.menu.menu import Menu, ShowMenu, show_menu
from frontdesk.services.till.ticket import Quote, QuoteLine
from frontdesk.text import clean
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form

PRICED = ("service", "product")
"""What has a price of its own that can be another one; the rest is money, or was sold at its price."""


@dataclass(frozen=True)
class Done:
    """A service of the ticket as the book has it."""

    line_id: int
    service_id: int
    service: str
    minutes: int


def line_of(shown: Quote, key: Key) -> QuoteLine | None:
    """The line that a row of the ticket stands for, if its price can be typed."""
    if key.kind == "service":
        return next((one for one in shown.lines if one.line_id == key.at and not one.already_paid), None)
    products = [one for one in shown.lines if one.kind == "product"]
    return products[key.at] if key.kind == "product" and key.at < len(products) else None


async def done_of(screen: DeskScreen, line: QuoteLine) -> Done | None:
    """What was done, for a service; nothing for a product."""
    if line.line_id is None or line.appointment_id is None:
        return None
    visit = await screen.ask(show, ShowVisit(appointment_id=line.appointment_id))
    found = next((one for one in visit.lines if one.id == line.line_id), None)
    if found is None:
        return None
    minutes = (found.ends_at - found.starts_at) // dt.timedelta(minutes=1)
    return Done(found.id, found.service_id, found.service, minutes)


async def price_form(screen: DeskScreen, ticket: Now, key: Key, line: QuoteLine) -> Form[Changed]:
    """Another price for this line of this ticket; for a service, what was done instead is changed in its visit too."""
    shop, done = screen.desk.shop, await done_of(screen, line)
    menu = await screen.ask(show_menu, ShowMenu()) if done else None
    listed = line.unit_price if line.list_price is None else line.list_price
    was = number_text(line.unit_price, shop.currency, shop.locale)

    async def save(filled: Filled) -> Changed:
        wish = _done_otherwise(filled, done) if done else None
        price = parse_money(filled["price"], shop.currency, shop.locale, "price") if filled["price"] else None
        if wish is not None:
            if filled.insists_on is not None:
                wish = await insisted(screen, wish, filled.insists_on)
            await screen.ask_surely(change_line, wish)
        is_other = wish is not None and wish.service_id is not None
        changed = replace(ticket(), discount_reason=clean(filled["reason"]))
        if filled["price"] != was:
            changed = with_price(changed, key, None if price == listed and not is_other else price)
        elif is_other:  # it costs what the list says of the other service
            changed = with_price(changed, key, None)
        return await quoted(screen, changed)

    fields = [
        Field("price", "Price", value=was, hint=f"the list says {number_text(listed, shop.currency, shop.locale)}"),
        *(_done_fields(done, menu) if done and menu else ()),
        Field("reason", "Because", value=ticket().discount_reason, hint="uneven, short hair; kept with the sale"),
    ]
    return Form(f"{line.name}, this once", fields, save, can_insist=insistence, focus="price")


def _done_fields(done: Done, menu: Menu) -> Sequence[Field]:
    offers = [Offer(str(one.id), f"{one.name}  {one.minutes}m") for one in menu.services if one.kind in _BOOKED]
    return [
        Field("service", "Was done", value=done.service, picked=str(done.service_id), find=among(offers)),
        Field("minutes", "Minutes", value=str(done.minutes), hint="how long it really was; the book is changed too"),
    ]


_BOOKED = ("service", "addon")


def _done_otherwise(filled: Filled, done: Done) -> ChangeLine | None:
    picked = filled.picked["service"]
    if filled["service"] != done.service and not picked:
        raise BadInput(f"There is no service called {filled['service']}. Choose one.", field="service")
    other = int(picked) if picked and int(picked) != done.service_id else None
    typed = filled["minutes"]
    if not typed.isdecimal() or not 1 <= int(typed) <= 24 * 60:
        raise BadInput("How long was it? Type whole minutes, like 45.", field="minutes")
    minutes = int(typed) if int(typed) != done.minutes else None
    if other is None and minutes is None:
        return None
    return ChangeLine(line_id=done.line_id, service_id=other, minutes=minutes)


def the_priced(shown: Quote, key: object) -> Key:
    """Which line a price on the till's line is for: the one under the cursor, or the only one. Raises BadInput."""
    if isinstance(key, Key) and key.kind in PRICED and line_of(shown, key) is not None:
        return key
    keys = [Key("service", one.line_id) for one in shown.lines if one.line_id is not None and not one.already_paid]
    keys += [Key("product", place) for place in range(sum(one.kind == "product" for one in shown.lines))]
    if len(keys) != 1:
        problem = "Which line costs that? ↑ ↓ goes to it." if keys else "Nothing here has a price that can be typed."
        raise BadInput(problem, field="tenders")
    return keys[0]


def price_of(price: Decimal, shown: Quote, key: Key) -> Decimal | None:
    """The typed price; nothing typed when it is the list's again."""
    line = line_of(shown, key)
    listed = None if line is None else line.unit_price if line.list_price is None else line.list_price
    return None if price == listed else price
