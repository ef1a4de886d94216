"""Gift cards on a ticket: new ones and top-ups, of money and for a service (features CO7)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound, Refusal
from frontdesk.money import rounded
from frontdesk.rules.prepayments import ALPHABET, CODE_LENGTH, code_of, code_shown
from frontdesk.services.customers.because import Because
from frontdesk.services.prepaid import prepaid
from frontdesk.services.prepaid.prepaid import Holding
from frontdesk.services.ticket.items import Goods, Item, SoldLine
from frontdesk.services.ticket.ticket_wishes import SellGiftCard, Ticket
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work
from frontdesk.services.wording import day_words
from frontdesk.tables.sales import Sale


class CardNotToppedUp(Refusal):
    """{card} {why}, so no money goes onto it. Sell a new card."""


def _items_of(work: Work, ticket: Ticket) -> list[Item]:
    return [_item(work, ticket, wish) for wish in ticket.gift_cards]


def _item(work: Work, ticket: Ticket, wish: SellGiftCard) -> Item:
    card = _known(work, wish)
    service = _service(work, wish)
    amount = wish.amount if wish.amount is not None else service[1] if service else None
    if amount is None:
        raise BadInput("Say how much money goes onto the gift card.", field="amount")
    amount = amount_of(work, rounded(amount, work.shop.currency) if wish.amount is None else amount, "amount")
    if not amount:
        raise BadInput("A gift card of nothing is no gift. Type how much goes onto it.", field="amount")
    name = f"Gift card: {service[0]}" if service else "Gift card"
    if card is not None:
        name = f"Top-up of gift card {card.code}"
    elif wish.code:
        name = f"{name} {code_shown(_code(wish))}"
    taxed = service is not None and prepaid.rule_of(work, "service_card").tax_point == "received"
    return Item(
        "gift_card",
        name,
        1,
        amount,
        None,
        ticket.customer_id,
        is_discounted=False,
        taxed_as="service" if taxed else "none",
        wish=wish,
    )


def _code(wish: SellGiftCard) -> str:
    code = code_of(wish.code)
    if not code:
        raise BadInput("A gift card's code has 4 to 32 letters and digits. Type it as it is printed.", field="code")
    return code


def _known(work: Work, wish: SellGiftCard) -> Holding | None:
    """The card that is topped up; None for a new one. Raises BadInput, CardNotToppedUp, OtherMoney."""
    if not wish.code:
        return None
    found = prepaid.holdings(work, "code", code=_code(wish))
    if not found:
        return None
    (card,) = found
    if card.currency != work.shop.currency:
        raise prepaid.OtherMoney(what=card.name.capitalize(), currency=card.currency)
    if card.service_id or wish.service_id:
        raise CardNotToppedUp(card=card.name.capitalize(), why=f"is for {card.service or 'anything'}")
    if card.is_over(work.desk.today) and card.expires_on:
        raise CardNotToppedUp(card=card.name.capitalize(), why=f"ended on {day_words(card.expires_on)}")
    return card


def _service(work: Work, wish: SellGiftCard) -> tuple[str, Decimal] | None:
    if wish.service_id is None:
        return None
    row = work.session.execute(_SERVICE, {"id": wish.service_id}).one_or_none()
    if row is None:
        raise NotFound(what="service", name=wish.service_id, remedy="Look at the menu.")
    return row.name, row.price


_SERVICE = text("SELECT CAST(name AS text) AS name, price FROM services WHERE id = :id AND is_active")


def _sold(work: Work, sale: Sale, lines: Sequence[SoldLine]) -> None:
    for line in lines:
        wish = line.item.wish
        assert isinstance(wish, SellGiftCard)
        card = _known(work, wish)
        card_id = card.id if card else _issued(work, wish)
        taxes = prepaid.taxes_of_line(work, line.row.id)
        prepaid.enter(work, card_id, "received", line.row.total, Because(sale.id, line.row.id), taxes)


def _issued(work: Work, wish: SellGiftCard) -> int:
    rule = prepaid.rule_of(work, "service_card" if wish.service_id else "gift_card")
    issued = prepaid.issue(
        work,
        "gift_card",
        rule,
        code=_code(wish) if wish.code else new_code(work),
        customer_id=wish.customer_id,
        service_id=wish.service_id,
    )
    return issued.id


def new_code(work: Work) -> str:
    """A code that no gift card here has and nobody guesses."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if not work.session.execute(_TAKEN, {"code": code}).scalar():
            return code


_TAKEN = text("SELECT EXISTS (SELECT FROM prepayments WHERE code = :code)")

GOODS = Goods(("gift_card",), _items_of, _sold, prepaid.take_off)
