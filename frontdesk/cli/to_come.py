"""frontdesk voucher and transfer: tenders whose money comes later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.mistyped import usage
from frontdesk.cli.names import money_said
from frontdesk.cli.output import amount, money, say, show, table, text
from frontdesk.cli.paying import issuer_named
from frontdesk.cli.when import day_said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.prepaid.receivables import ToCome


@click.group()
def voucher() -> None:
    """Vouchers of others: who issues them, which are still to be paid for."""


@voucher.command(cls=Reading)
def issuers() -> None:
    """Whose vouchers are taken, what they keep, and what they still owe."""
    from frontdesk.money import percent_text
    from frontdesk.services.prepaid.vouchers import ListIssuers, list_issuers

    with open_desk() as desk:
        found = list_issuers(desk, ListIssuers())
        rows = [
            (one.name, percent_text(one.fee_percent, desk.shop.locale), amount(one.left, desk.shop))
            for one in found.issuers
        ]
        show(asked(), found, lambda: [table(("Issuer", "Keeps", "Owes"), rows, right=("Keeps", "Owes"))])


@voucher.command(cls=Writing)
@click.argument("name")
@click.option("--keeps", metavar="SHARE", default="0", help="What they keep of each: 5 %.")
def issuer(name: str, keeps: str) -> None:
    """Take the vouchers of somebody."""
    from frontdesk.money import parse_percent
    from frontdesk.services.prepaid.vouchers import SetIssuer, set_issuer

    with open_desk() as desk:
        with usage():
            share = parse_percent(keeps, desk.shop.locale, "fee")
        made = set_issuer(desk, SetIssuer(name=name, fee_percent=share, **asked().once()))
        show(asked(), made, lambda: [text(f"Vouchers of {made.name} are taken.")])


@voucher.command("list", cls=Reading)
@click.option("--all", "all_", is_flag=True, help="With those that were paid for.")
def list_vouchers_(all_: bool) -> None:
    """Vouchers that were taken and are not paid for yet."""
    from frontdesk.services.prepaid.vouchers import ListVouchers, list_vouchers

    with open_desk() as desk:
        found = list_vouchers(desk, ListVouchers(all=all_))
        show(asked(), found, lambda: _drawn_to_come(desk, found.vouchers, "Issuer", "Code"))
        say(f"{money(found.total, desk.shop)} to come.")


@voucher.command("settle", cls=Writing)
@click.argument("issuer_", metavar="ISSUER")
@click.argument("amount_", metavar="AMOUNT")
@click.option("--code", "codes", multiple=True, help="Which voucher it is for; the oldest first otherwise.")
@click.option("--day", metavar="DATE", help="When it came; today otherwise.")
@click.option("--reference", default="", help="What it said.")
def settle_(issuer_: str, amount_: str, codes: tuple[str, ...], day: str | None, reference: str) -> None:
    """Money of an issuer has come."""
    from frontdesk.services.prepaid.vouchers import SettleVouchers, settle

    with open_desk() as desk:
        wish = SettleVouchers(
            issuer_id=issuer_named(desk, issuer_), amount=money_said(amount_, desk.shop, "amount"), codes=codes,
            day=day_said(desk, day) if day else None, reference=reference, **asked().once(),
        )  # fmt: skip
        found = settle(desk, wish)
        show(asked(), found, lambda: _drawn_to_come(desk, found.vouchers, "Issuer", "Code"))
        say(f"{money(found.total, desk.shop)} to come.")


@click.group()
def transfer() -> None:
    """Bank transfers: what has not arrived, and what arrives. NUMBER is the one that list shows."""


@transfer.command("list", cls=Reading)
@click.option("--all", "all_", is_flag=True, help="With those that arrived.")
def list_transfers_(all_: bool) -> None:
    """Transfers that have not arrived."""
    from frontdesk.services.prepaid.transfers import ListTransfers, list_transfers

    with open_desk() as desk:
        found = list_transfers(desk, ListTransfers(all=all_))
        show(asked(), found, lambda: _drawn_to_come(desk, found.transfers, "Whose", "Says"))
        say(f"{money(found.total, desk.shop)} to come.")


@transfer.command("arrived", cls=Writing)
@click.argument("number", type=int)
@click.argument("amount_", metavar="[AMOUNT]", required=False)
@click.option("--day", metavar="DATE", help="When it arrived; today otherwise.")
@click.option("--reference", default="", help="What it said.")
def arrived_(number: int, amount_: str | None, day: str | None, reference: str) -> None:
    """A transfer is there: what it paid for counts from now on."""
    from frontdesk.services.prepaid.transfers import EnterArrival, arrived

    with open_desk() as desk:
        wish = EnterArrival(
            transfer_id=number, amount=money_said(amount_, desk.shop, "amount") if amount_ else None,
            arrived_on=day_said(desk, day) if day else None, reference=reference, **asked().once(),
        )  # fmt: skip
        found = arrived(desk, wish)
        show(asked(), found, lambda: _drawn_to_come(desk, found.transfers, "Whose", "Says"))


@transfer.command("give-up", cls=Writing)
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why it will never come.")
def give_up_(number: int, reason: str) -> None:
    """Stop waiting for a transfer."""
    from frontdesk.services.prepaid.transfers import GiveUpTransfer, give_up

    with open_desk() as desk:
        found = give_up(desk, GiveUpTransfer(transfer_id=number, reason=reason, **asked().once()))
        show(asked(), found, lambda: _drawn_to_come(desk, found.transfers, "Whose", "Says"))


def _drawn_to_come(desk: Desk, found: tuple[ToCome, ...], who: str, what: str) -> Iterator[RenderableType]:
    rows = [
        (
            str(one.id), f"{one.day:%d %b %Y}", str(one.receipt), one.issuer or one.customer, one.code or one.reference,
            amount(one.amount, desk.shop), amount(one.left, desk.shop),
        )
        for one in found
    ]  # fmt: skip
    yield table(("Number", "Day", "Receipt", who, what, "Paid for", "To come"), rows, right=("Paid for", "To come"))
