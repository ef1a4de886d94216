"""frontdesk giftcard, credit, liabilities: what was paid before and is still to be given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.mistyped import usage
from frontdesk.cli.names import customer_named, menu_of, money_said, service_named
from frontdesk.cli.output import amount, facts, money, say, show, table, text
from frontdesk.cli.paying import close_ticket, paying, tenders_said
from frontdesk.cli.when import day_said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.prepaid.gift_cards import GiftCard

KINDS = {
    "gift_card": "Gift cards",
    "service_card": "Gift cards for a service",
    "credit": "Credit",
    "deposit": "Deposits",
    "package": "Packages",
    "membership": "Memberships",
    "points": "Points",
    "account": "House accounts",
    "voucher": "Vouchers of others",
    "transfer": "Bank transfers",
}


@click.group()
def giftcard() -> None:
    """Gift cards: sell one, see what is on it, list them. CODE as it is printed, with or without its gaps."""


@giftcard.command(cls=Writing)
@click.argument("amount_", metavar="[AMOUNT]", required=False)
@click.option("--code", default="", help="As printed on the card; a known card is topped up, else it is a new one.")
@click.option("--service", "-s", help="For this service alone, at its price.")
@click.option("--for", "for_", metavar="CUSTOMER", help="Whom it is for.")
@click.option("--customer", help="Who pays.")
@paying
def sell(
    amount_: str | None, code: str, service: str | None, for_: str | None, customer: str | None,
    tenders: tuple[str, ...], approvals: tuple[str, ...], issuer: str | None,
) -> None:  # fmt: skip
    """Sell a gift card, or top one up: sell 50 --pay cash:50."""
    from frontdesk.services.ticket.ticket_wishes import SellGiftCard
    from frontdesk.services.till.checkout import CheckOut

    if amount_ is None and service is None:
        raise click.UsageError("Say how much goes onto the card, or --service NAME.")
    with open_desk() as desk:
        with usage():
            paid = tenders_said(desk, tenders, approvals, issuer)
            wish = SellGiftCard(
                amount=money_said(amount_, desk.shop, "amount") if amount_ else None,
                code=code,
                service_id=service_named(menu_of(desk), service).id if service else None,
                customer_id=customer_named(desk, for_) if for_ else None,
            )
        payer = customer_named(desk, customer) if customer else None
        close_ticket(desk, CheckOut(gift_cards=(wish,), customer_id=payer, tenders=paid, **asked().once()))


@giftcard.command("show", cls=Reading)
@click.argument("code")
def show_(code: str) -> None:
    """What is on a card and what happened to it."""
    from frontdesk.services.prepaid.gift_cards import ShowGiftCard, show_gift_card

    with open_desk() as desk:
        card = show_gift_card(desk, ShowGiftCard(code=code))
        show(asked(), card, lambda: _drawn(desk, card))


@giftcard.command("list", cls=Reading)
@click.option("--all", "all_", is_flag=True, help="With the empty ones.")
@click.option("--limit", default=200, show_default=True, help="How many.")
def list_(all_: bool, limit: int) -> None:
    """Cards with money on them, those that end first before the others."""
    from frontdesk.services.prepaid.gift_cards import ListGiftCards, list_gift_cards

    with open_desk() as desk:
        found = list_gift_cards(desk, ListGiftCards(all=all_, most=limit))
        rows = [
            (one.code, one.service or "anything", one.customer, _day(one.expires_on), amount(one.balance, desk.shop))
            for one in found.cards
        ]
        show(asked(), found, lambda: [table(("Code", "For", "Whose", "Until", "Left"), rows, right=("Left",))])
        say(f"{len(found.cards)} cards with {money(found.total, desk.shop)}.")


@giftcard.command(cls=Writing)
@click.argument("code")
@click.argument("day", metavar="DATE|never")
@click.option("--reason", default="", help="Why.")
def extend(code: str, day: str, reason: str) -> None:
    """Give a card another last day, or none."""
    from frontdesk.services.prepaid.gift_cards import ExtendGiftCard, extend_gift_card

    with open_desk() as desk:
        until = None if day == "never" else day_said(desk, day)
        card = extend_gift_card(desk, ExtendGiftCard(code=code, expires_on=until, reason=reason, **asked().once()))
        show(asked(), card, lambda: _drawn(desk, card))


@giftcard.command(cls=Writing)
def lapse() -> None:
    """Enter the end of cards and credit whose last day has passed: they are owed no longer."""
    from frontdesk.services.reports.liabilities import WriteOffExpired, write_off_expired

    with open_desk() as desk:
        over = write_off_expired(desk, WriteOffExpired(**asked().once()))
        show(asked(), over, lambda: [text(f"{over.count} are over: {money(over.total, desk.shop)}.")])


def _drawn(desk: Desk, card: GiftCard) -> Iterator[RenderableType]:
    waits = "the bank transfer has not arrived" if card.waits else ""
    over = " (over)" if card.is_over else ""
    yield facts(
        (
            ("Gift card", card.code),
            ("For", card.service or "anything"),
            ("Whose", card.customer),
            ("Sold", f"{card.issued_at:%d %b %Y}, {card.shop}, {card.issued_by}"),
            ("Until", f"{_day(card.expires_on)}{over}"),
            ("Left", money(card.balance, desk.shop)),
            ("Waits", waits),
        )
    )
    rows = [
        (f"{one.at:%d %b %Y}", one.kind, str(one.receipt or ""), one.shop, one.who, amount(one.amount, desk.shop))
        for one in card.steps
    ]
    if rows:
        yield table(("Day", "What", "Receipt", "Shop", "Who", "Amount"), rows, right=("Amount",))


def _day(day: dt.date | None) -> str:
    return f"{day:%d %b %Y}" if day else ""


@click.group()
def credit() -> None:
    """Store credit: money that somebody may use here, for a reason."""


@credit.command(cls=Writing)
@click.argument("customer")
@click.argument("amount_", metavar="AMOUNT")
@click.option("--reason", required=True, help="Why; it is shown whenever the credit is.")
@click.option("--only", type=click.Choice(["services", "products"]), help="What it is for; anything otherwise.")
@click.option("--until", metavar="DATE", help="Its last day.")
def give(customer: str, amount_: str, reason: str, only: str | None, until: str | None) -> None:
    """Give somebody credit: give "jane doe" 20 --reason "burnt ear"."""
    from frontdesk.services.prepaid.credit import GiveCredit, give_credit

    with open_desk() as desk:
        wish = GiveCredit(
            customer_id=customer_named(desk, customer), amount=money_said(amount_, desk.shop, "amount"), reason=reason,
            limited_to=only or "",  # type: ignore[arg-type]  # click's choice
            expires_on=day_said(desk, until) if until else None, **asked().once(),
        )  # fmt: skip
        given = give_credit(desk, wish)
        show(asked(), given, lambda: [text(f"{given.customer}: {money(given.balance, desk.shop)}, {given.reason}.")])


@credit.command("list", cls=Reading)
@click.argument("customer", required=False)
def list_credit_(customer: str | None) -> None:
    """Somebody's credit, or everybody's: why, by whom, what for, until when, and what is left."""
    from frontdesk.services.prepaid.credit import ListCredit, list_credit

    with open_desk() as desk:
        found = list_credit(desk, ListCredit(customer_id=customer_named(desk, customer) if customer else None))
        rows = [
            (
                one.customer, one.reason, one.given_by, one.limited_to or "anything",
                f"{_day(one.expires_on)}{' (over)' if one.is_over else ''}", amount(one.balance, desk.shop),
            )
            for one in found.credits
        ]  # fmt: skip
        heads = ("Whose", "Why", "By", "For", "Until", "Left")
        show(asked(), found, lambda: [table(heads, rows, right=("Left",))])


@click.command(cls=Reading)
@click.option("--shops", is_flag=True, help="What the shops owe each other for cards used away, this month so far.")
def liabilities(shops: bool) -> None:
    """What is still on gift cards, credit, deposits, packages and points, and what others still owe the shop."""
    from frontdesk.services.reports.liabilities import (
        ReportLiabilities,
        ReportSettlements,
        report_liabilities,
        shop_settlements,
    )

    with open_desk() as desk:
        if shops:
            owed = shop_settlements(desk, ReportSettlements())
            between = [(one.debtor, one.creditor, amount(one.amount, desk.shop)) for one in owed.settlements]
            show(asked(), owed, lambda: [table(("Owes", "To", "Amount"), between, right=("Amount",))])
            if not between:
                say("No shop owes another anything.")
            return
        found = report_liabilities(desk, ReportLiabilities())
        rows = [
            (
                "owed to us" if one.is_owed_to_us else "owed by us", KINDS.get(one.kind, one.kind), str(one.count),
                amount(one.total, desk.shop), amount(one.over, desk.shop) if one.over else "",
            )
            for one in found.kinds
        ]  # fmt: skip
        rows += [
            ("owed by us", "Together", "", amount(found.owed_by_us, desk.shop), ""),
            ("owed to us", "Together", "", amount(found.owed_to_us, desk.shop), ""),
        ]
        heads = ("", "What", "How many", "Amount", "Of it over")
        show(asked(), found, lambda: [table(heads, rows, right=("How many", "Amount", "Of it over"))])
