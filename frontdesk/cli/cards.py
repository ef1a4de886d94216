"""frontdesk card: charges by the card terminal, and cards on file (features CO20, BK25)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import customer_named, money_said
from frontdesk.cli.output import amount, say, show, table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.cards.card_payments import CardCharge
    from frontdesk.services.cards.customer_cards import CardsOnFile


@click.group("card")
def card() -> None:
    """Charges by the card terminal, and cards on file. CHARGE is the number that open shows."""


@card.command(cls=Writing)
@click.argument("how_much", metavar="AMOUNT")
@click.option("--file", "on_file", type=int, metavar="CARD", help="A card on file, by its number there.")
def charge(how_much: str, on_file: int | None) -> None:
    """Charge a card at the terminal of this till; checkout --pay card@CHARGE pays with it.

    Sent again with the same --key, it finds the one charge.
    """
    from frontdesk.services.cards.card_payments import ChargeCard
    from frontdesk.services.cards.card_payments import charge as charge_card

    with open_desk() as desk:
        wish = ChargeCard(
            amount=money_said(how_much, desk.shop, "amount"), customer_card_id=on_file, **asked().once()
        )  # fmt: skip
        _said(desk, charge_card(desk, wish))


@card.command(cls=Reading)
def open() -> None:
    """Charges with something left to do, and what that is."""
    from frontdesk.services.cards.card_payments import OpenCharges, open_charges

    with open_desk() as desk:
        found = open_charges(desk, OpenCharges())
        show(asked(), found, lambda: _drawn(desk, list(found.charges)))
        if not found.charges:
            say("Every charge has its receipt.")


@card.command(cls=Writing)
@click.argument("number", metavar="[CHARGE]", type=int, required=False)
def ask(number: int | None) -> None:
    """Ask the provider what became of a charge, or of all that nobody knows about."""
    from frontdesk.services.cards.card_payments import AskAgain, HearCalls, ask_again, hear_calls

    with open_desk() as desk:
        hear_calls(desk, HearCalls())
        found = ask_again(desk, AskAgain(card_payment_id=number, **asked().once()))
        show(asked(), found, lambda: _drawn(desk, list(found.charges)))


@card.command(cls=Writing)
@click.argument("number", metavar="CHARGE", type=int)
@click.option("--amount", "how_much", metavar="AMOUNT", help="All that is left of it otherwise.")
def refund(number: int, how_much: str | None) -> None:
    """Give a charge, or a part of it, back to its card."""
    from frontdesk.services.cards.card_payments import RefundCard, refund_charge

    with open_desk() as desk:
        part = money_said(how_much, desk.shop, "amount") if how_much else None
        _said(desk, refund_charge(desk, RefundCard(card_payment_id=number, amount=part, **asked().once())))


@card.command(cls=Writing)
@click.argument("customer")
@click.argument("brand")
@click.argument("last4", metavar="LAST-FOUR")
@click.argument("expires", metavar="MM/YY")
@click.argument("token")
@click.option("--provider", default="external", show_default=True, help="Who keeps the card.")
def keep(customer: str, brand: str, last4: str, expires: str, token: str, provider: str) -> None:
    """Keep a card on file by its provider's token, never by its number: keep "jane doe" Visa 4242 08/28 tok_1P2x."""
    from frontdesk.services.cards.customer_cards import KeepCard, keep_card

    with open_desk() as desk:
        wish = KeepCard(
            customer_id=customer_named(desk, customer), brand=brand, last4=last4, expires=expires, token=token,
            provider=provider, **asked().once(),
        )  # fmt: skip
        kept = keep_card(desk, wish)
        show(asked(), kept, lambda: _cards(kept))


@card.command("list", cls=Reading)
@click.argument("customer")
def list_(customer: str) -> None:
    """The cards on file of a customer."""
    from frontdesk.services.cards.customer_cards import ShowCards, show_cards

    with open_desk() as desk:
        found = show_cards(desk, ShowCards(customer_id=customer_named(desk, customer)))
        show(asked(), found, lambda: _cards(found))
        if not found.cards:
            say("No card of theirs is on file.")


@card.command(cls=Writing)
@click.argument("number", metavar="CARD", type=int)
def drop(number: int) -> None:
    """Take a card off file, by its number there."""
    from frontdesk.services.cards.customer_cards import DropCard, drop_card

    with open_desk() as desk:
        left = drop_card(desk, DropCard(card_id=number, **asked().once()))
        show(asked(), left, lambda: _cards(left))


def _said(desk: Desk, charged: CardCharge) -> None:
    show(asked(), charged, lambda: _drawn(desk, [charged]))
    if charged.status == "declined":
        say(f"Declined: {charged.message or 'no reason given'}. Take another card, or pay another way.")
    elif charged.status == "approved" and charged.kind == "charge" and charged.sale_number is None:
        say(f"Approved. Pay the ticket with checkout … --pay card@{charged.id}.")
    elif charged.next:
        say(charged.next)


def _drawn(desk: Desk, charges: list[CardCharge]) -> Iterator[RenderableType]:
    rows = [
        (
            str(one.id), one.kind, one.status, amount(one.amount, desk.shop), one.card, one.approval_code,
            str(one.sale_number or ""), one.next or one.message,
        )
        for one in charges
    ]  # fmt: skip
    heads = ("Charge", "What", "Status", "Amount", "Card", "Code", "Receipt", "")
    yield table(heads, rows, right=("Charge", "Amount", "Receipt"))


def _cards(found: CardsOnFile) -> Iterator[RenderableType]:
    rows = [(str(one.id), one.words, one.provider, "expired" if one.has_expired else "") for one in found.cards]
    yield table(("Card", "", "Kept by", ""), rows, right=("Card",))
