"""What was agreed with a customer, their own length or price of a service: listed, remembered, forgotten (SV7)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from frontdesk.desk import Shop
from frontdesk.errors import BadInput
from frontdesk.money import money_text, parse_money
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.wishes import Wishes
from frontdesk.services.menu.menu import Menu
from frontdesk.services.placing.accommodations import (
    AccommodationCard,
    ForgetAccommodation,
    RememberAccommodation,
    forget_accommodation,
    remember_accommodation,
)
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form
from frontdesk.widgets.modal import Answer, Question

_LISTED = 9
"""So many can be chosen by a digit."""


def agreed_words(card: AccommodationCard, shop: Shop) -> str:
    """`Cut with Anna: 60 min, £45.00`."""
    who = f" with {card.stylist}" if card.stylist else ""
    minutes = [f"{card.minutes} min"] if card.minutes is not None else []
    price = [money_text(card.price, shop.currency, shop.locale)] if card.price is not None else []
    return f"{card.service}{who}: {', '.join([*minutes, *price])}"


def agreed_list(name: str, cards: Sequence[AccommodationCard], shop: Shop) -> Question[AccommodationCard | str]:
    """What is agreed, each to be forgotten by its digit, and a way to agree on more."""
    answers: list[Answer[AccommodationCard | str]] = [
        Answer(str(number), f"forget {agreed_words(card, shop)}", card)
        for number, card in enumerate(cards[:_LISTED], start=1)
    ]
    return Question(f"Agreed with {name}", [*answers, Answer("+", "agree on something else", "more")])


async def forgotten(screen: DeskScreen, card: AccommodationCard) -> bool:
    """Forget it. False when that was refused."""
    return await screen.write(forget_accommodation, ForgetAccommodation(accommodation_id=card.id)) is not None


def agreeing(screen: DeskScreen, customer_id: int, name: str, menu: Menu) -> Form[AccommodationCard]:
    """Remember a length, a price or both."""
    wishes, shop = Wishes(), screen.desk.shop

    async def save(filled: Filled) -> AccommodationCard:
        return await screen.ask(remember_accommodation, _wish(filled))

    def _wish(filled: Filled) -> RememberAccommodation:
        if not filled.picked["service"]:
            raise BadInput("Choose a service of the menu.", field="service")
        stylist = filled.picked["stylist"]
        if filled["stylist"] and not stylist:
            raise BadInput(f'Nobody here is called "{filled["stylist"]}". Leave it empty for anybody.', field="stylist")
        return RememberAccommodation(
            customer_id=customer_id,
            service_id=int(filled.picked["service"]),
            stylist_id=int(stylist) if stylist else None,
            minutes=_minutes(filled["minutes"]),
            price=_price(filled["price"], shop),
            request_id=wishes.id_for(filled),
        )

    async def preview(filled: Filled) -> str:
        minutes, price = filled["minutes"], filled["price"]
        said = " and ".join([*([f"{minutes} minutes"] if minutes else []), *([price] if price else [])])
        return f"From the next booking on: {said}." if said else "Visits that are booked stay as they are."

    services = [Offer(str(each.id), each.name) for each in menu.services if each.kind in ("service", "addon")]
    stylists = [Offer(str(each.id), each.name) for each in menu.stylists]
    fields = [
        Field("service", "Service", find=among(services)),
        Field("stylist", "With", hint="anybody", find=among(stylists)),
        Field("minutes", "Minutes", hint="what the customer is told; empty as usual"),
        Field("price", "Price", hint="empty as usual"),
    ]
    title = f"Agree with {name}"
    keeper = screen.keeper(f"agreed {customer_id}", title)
    return Form(title, fields, save, preview=preview, keeper=keeper)


def _minutes(typed: str) -> int | None:
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit()):
        raise BadInput(f'"{typed}" is no number of minutes. Type 60, for example.', field="minutes")
    return int(typed[:5])


def _price(typed: str, shop: Shop) -> Decimal | None:
    return parse_money(typed, shop.currency, shop.locale, "price") if typed else None
