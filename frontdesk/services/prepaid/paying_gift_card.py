"""Gift cards as a tender, of this shop and of the others of the business (features CO7)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from frontdesk.errors import BadInput, Refusal
from frontdesk.rules.prepayments import code_of
from frontdesk.services.prepaid import paying, prepaid
from frontdesk.services.prepaid.prepaid import Holding
from frontdesk.services.ticket.items import Item
from frontdesk.services.ticket.tenders import Counter, TenderKind
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.use_case import Work
from frontdesk.services.wording import day_words
from frontdesk.tables.sales import Payment, Sale


class CardUnknown(Refusal):
    """No gift card here has the code {code}. Check the code on the card, or take another tender."""


class CardEmpty(Refusal):
    """Gift card {code} is empty. Take another tender, or top it up."""


class CardExpired(Refusal):
    """Gift card {code} ended on {day}. Take another tender; a manager can give it more time."""


class CardForService(Refusal):
    """Gift card {code} is for {service}, and there is none on this ticket. Add it, or take another tender."""


class CardForGiftCards(Refusal):
    """A gift card can't pay for gift cards and packages. Take another tender."""


def usable_card(work: Work, typed: str) -> Holding:
    """The card with a code, with money on it that may be used here today. Raises what speaks against it."""
    card = card_of(work, typed)
    prepaid.refuse_unusable(work, card)
    if card.is_over(work.desk.today) and card.expires_on:
        raise CardExpired(code=card.code, day=day_words(card.expires_on))
    if not card.balance:
        raise CardEmpty(code=card.code)
    return card


def card_of(work: Work, typed: str) -> Holding:
    """The card with a code. Raises BadInput, CardUnknown; another business's is as unknown as one never printed."""
    if not typed.strip():
        raise BadInput("Type or scan the gift card's code.", field="code")
    code = code_of(typed)
    found = prepaid.holdings(work, "code", code=code) if code else []
    if not found:
        raise CardUnknown(code=typed.strip()[:40])
    return found[0]


def _most(work: Work, counter: Counter, pay: Pay) -> Decimal | None:
    card = usable_card(work, pay.code)
    if not counter.items:
        return prepaid.nothing(work)
    if card.service_id is None:
        covered = paying.payable(counter)
        if not covered and counter.due:
            raise CardForGiftCards
    else:
        covered = paying.of_service(counter, card.service_id)
        if not covered:
            raise CardForService(code=card.code, service=card.service)
    return min(card.balance, covered)


def _taken(work: Work, sale: Sale, payment: Payment, pay: Pay) -> None:
    prepaid.redeem(work, sale, payment, [(usable_card(work, pay.code), payment.amount)])


def _lines(work: Work, counter: Counter, pay: Pay, amount: Decimal) -> list[Item]:
    return paying.tax_items(work, [(usable_card(work, pay.code), amount)])


def _columns(work: Work, pay: Pay, amount: Decimal) -> Mapping[str, object]:
    return {"prepayment_id": usable_card(work, pay.code).id, "code": code_of(pay.code)}


TENDER = TenderKind("gift_card", _most, _taken, prepaid.put_back, _lines, _columns)
