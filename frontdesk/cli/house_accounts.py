"""frontdesk account: who may pay later, and who owes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.mistyped import usage
from frontdesk.cli.names import customer_named, money_said
from frontdesk.cli.output import amount, facts, money, say, show, table
from frontdesk.cli.paying import close_ticket, paying, tenders_said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.prepaid.house_accounts import Account


@click.group()
def account() -> None:
    """House accounts: who may pay later, and who owes."""


@account.command(cls=Writing)
@click.argument("customer")
@click.argument("limit", metavar="LIMIT")
@click.option("--stop", is_flag=True, help="Nothing more is put on it.")
def allow(customer: str, limit: str, stop: bool) -> None:
    """Let somebody owe up to a limit: allow "jane doe" 100."""
    from frontdesk.services.prepaid.house_accounts import SetAccount, set_account

    with open_desk() as desk:
        wish = SetAccount(
            customer_id=customer_named(desk, customer), limit=money_said(limit, desk.shop, "limit"), is_active=not stop,
            **asked().once(),
        )  # fmt: skip
        found = set_account(desk, wish)
        show(asked(), found, lambda: _drawn_account(desk, found))


@account.command("show", cls=Reading)
@click.argument("customer")
def show_account_(customer: str) -> None:
    """What somebody owes, and for what."""
    from frontdesk.services.prepaid.house_accounts import ShowAccount, show_account

    with open_desk() as desk:
        found = show_account(desk, ShowAccount(customer_id=customer_named(desk, customer)))
        show(asked(), found, lambda: _drawn_account(desk, found))


@account.command("list", cls=Reading)
@click.option("--all", "all_", is_flag=True, help="With those who owe nothing.")
def list_accounts_(all_: bool) -> None:
    """Who owes how much, since when."""
    from frontdesk.services.prepaid.house_accounts import ListAccounts, list_accounts

    with open_desk() as desk:
        found = list_accounts(desk, ListAccounts(all=all_))
        rows = [
            (
                one.customer, amount(one.owed, desk.shop), amount(one.limit, desk.shop),
                f"{one.oldest:%d %b %Y}" if one.oldest else "",
            )
            for one in found.accounts
        ]  # fmt: skip
        heads = ("Who", "Owes", "May owe", "Since")
        show(asked(), found, lambda: [table(heads, rows, right=("Owes", "May owe"))])
        say(f"{money(found.total, desk.shop)} owed.")


@account.command(cls=Writing)
@click.argument("customer")
@click.argument("amount_", metavar="[AMOUNT]", required=False)
@paying
def pay(
    customer: str, amount_: str | None, tenders: tuple[str, ...], approvals: tuple[str, ...], issuer: str | None
) -> None:
    """Somebody pays what they owe, the oldest first; all of it when no amount is said."""
    from frontdesk.services.prepaid.house_accounts import ShowAccount, show_account
    from frontdesk.services.ticket.ticket_wishes import PayAccount
    from frontdesk.services.till.checkout import CheckOut

    with open_desk() as desk:
        whose = customer_named(desk, customer)
        with usage():
            paid = tenders_said(desk, tenders, approvals, issuer)
        if amount_:
            much = money_said(amount_, desk.shop, "amount")
        else:
            much = show_account(desk, ShowAccount(customer_id=whose)).owed
        wish = CheckOut(accounts=(PayAccount(customer_id=whose, amount=much),), tenders=paid, **asked().once())
        close_ticket(desk, wish)


@account.command("write-off", cls=Writing)
@click.argument("customer")
@click.argument("amount_", metavar="AMOUNT")
@click.option("--reason", required=True, help="Why it will never be paid.")
def write_off_(customer: str, amount_: str, reason: str) -> None:
    """Stop waiting for what somebody owes."""
    from frontdesk.services.prepaid.house_accounts import WriteOff, write_off

    with open_desk() as desk:
        wish = WriteOff(
            customer_id=customer_named(desk, customer), amount=money_said(amount_, desk.shop, "amount"), reason=reason,
            **asked().once(),
        )  # fmt: skip
        found = write_off(desk, wish)
        show(asked(), found, lambda: _drawn_account(desk, found))


def _drawn_account(desk: Desk, found: Account) -> Iterator[RenderableType]:
    yield facts(
        (
            ("Account", found.customer),
            ("Owes", money(found.owed, desk.shop)),
            ("May owe", money(found.limit, desk.shop) if found.is_active else "nothing more"),
        )
    )
    rows = [
        (
            f"{one.at:%d %b %Y}", one.kind.replace("_", " "), str(one.receipt or ""), one.who,
            amount(one.amount, desk.shop), amount(one.open, desk.shop) if one.open else "",
        )
        for one in found.steps
    ]  # fmt: skip
    if rows:
        yield table(("Day", "What", "Receipt", "Who", "Amount", "Open"), rows, right=("Amount", "Open"))
