"""frontdesk deposit, account, voucher, transfer: money before a visit, and money that comes later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.mistyped import usage
from frontdesk.cli.names import category_named, customer_named, menu_of, money_said, service_named, visit_named
from frontdesk.cli.output import amount, facts, money, say, show, table, text
from frontdesk.cli.paying import issuer_named, paying, tenders_said, told
from frontdesk.cli.when import day_said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.prepaid.deposits import DepositStand
    from frontdesk.services.prepaid.house_accounts import Account
    from frontdesk.services.prepaid.prepaid_rules import DepositRules
    from frontdesk.services.prepaid.receivables import ToCome


@click.group()
def deposit() -> None:
    """Deposits: which services ask for one, what was left, and what becomes of it."""


@deposit.command(cls=Reading)
def rules() -> None:
    """Which services ask for a deposit, of whom and how much."""
    from frontdesk.services.prepaid.prepaid_rules import ListDepositRules, list_deposit_rules

    with open_desk() as desk:
        found = list_deposit_rules(desk, ListDepositRules())
        show(asked(), found, lambda: _drawn_rules(desk, found))
        if not found.rules:
            say("Nothing asks for a deposit. frontdesk deposit ask COLOUR 30% --of new makes it.")


@deposit.command(cls=Writing)
@click.argument("what", metavar="SERVICE|all")
@click.argument("how_much", metavar="SHARE|AMOUNT|none")
@click.option("--category", is_flag=True, help="SERVICE is a category of the menu.")
@click.option("--of", "who", type=click.Choice(["all", "new", "no_show"]), default="all", help="Of whom.")
def ask(what: str, how_much: str, category: bool, who: str) -> None:
    """Ask for a deposit: ask colour 30% --of new, ask all 20, ask cut none."""
    from frontdesk.rules.pricing import percent_or_amount
    from frontdesk.services.prepaid.prepaid_rules import SetDepositRule, set_deposit_rule

    with open_desk() as desk:
        with usage():
            said = None if how_much == "none" else percent_or_amount(how_much, desk.shop.currency, desk.shop.locale)
        service = category_id = None
        if category:
            category_id = category_named(desk, what).id
        elif what != "all":
            service = service_named(menu_of(desk), what).id
        wish = SetDepositRule(
            service_id=service, category_id=category_id,
            who=who,  # type: ignore[arg-type]  # click's choice
            percent=said.percent if said else None, amount=said.amount if said else None, **asked().once(),
        )  # fmt: skip
        found = set_deposit_rule(desk, wish)
        show(asked(), found, lambda: _drawn_rules(desk, found))


def _drawn_rules(desk: Desk, found: DepositRules) -> Iterator[RenderableType]:
    from frontdesk.money import percent_text
    from frontdesk.rules.deposits import WHO_WORDS

    rows = [
        (
            one.name or "everything else",
            percent_text(one.percent, desk.shop.locale) if one.percent is not None else amount(one.amount, desk.shop),
            WHO_WORDS[one.who],
        )
        for one in found.rules
    ]
    yield table(("For", "How much", "Of"), rows)


@deposit.command(cls=Writing)
@click.argument("visit")
@click.argument("amount_", metavar="[AMOUNT]", required=False)
@paying
def take(
    visit: str, amount_: str | None, tenders: tuple[str, ...], approvals: tuple[str, ...], issuer: str | None
) -> None:
    """Take a deposit for a visit: what is asked for when no amount is said."""
    from frontdesk.services.prepaid.deposits import DepositOf, deposit_of
    from frontdesk.services.ticket.ticket_wishes import TakeDeposit
    from frontdesk.services.till.checkout import CheckOut, check_out

    with open_desk() as desk:
        sheet = visit_named(desk, visit)
        with usage():
            paid = tenders_said(desk, tenders, approvals, issuer)
        if amount_:
            much = money_said(amount_, desk.shop, "amount")
        else:
            much = deposit_of(desk, DepositOf(appointment_id=sheet.id)).missing
        wish = CheckOut(deposits=(TakeDeposit(appointment_id=sheet.id, amount=much),), tenders=paid, **asked().once())
        sold = check_out(desk, wish)
        show(asked(), sold, lambda: [text(sold.receipt)])
        say(told(sold, desk.shop))


@deposit.command("show", cls=Reading)
@click.argument("visit")
def show_(visit: str) -> None:
    """What a visit asks for and what was left for it."""
    from frontdesk.services.prepaid.deposits import DepositOf, deposit_of

    with open_desk() as desk:
        stand = deposit_of(desk, DepositOf(appointment_id=visit_named(desk, visit).id))
        show(asked(), stand, lambda: _drawn_stand(desk, stand))


@deposit.command("list", cls=Reading)
@click.option("--all", "all_", is_flag=True, help="With what was used, kept and given back.")
def list_(all_: bool) -> None:
    """Deposits that are held, and what the rules make of those whose visit was left."""
    from frontdesk.services.prepaid.deposits import ListDeposits, list_deposits

    with open_desk() as desk:
        found = list_deposits(desk, ListDeposits(all=all_))
        rows = [
            (one.visit, one.customer, amount(one.held, desk.shop), "awaited" if one.waits else one.outcome)
            for one in found.deposits
        ]
        show(asked(), found, lambda: [table(("Visit", "Whose", "Held", "To be"), rows, right=("Held",))])


@deposit.command(cls=Writing)
@click.argument("visit")
@click.argument("outcome", type=click.Choice(["kept", "credit", "returned"]), required=False)
@click.option("--reason", default="", help="Why, when it is not as the rules say.")
def close(visit: str, outcome: str | None, reason: str) -> None:
    """What becomes of the deposit for a visit that was left: as the rules say, or as a manager does."""
    from frontdesk.services.prepaid.deposits import CloseDeposit, close_deposit

    with open_desk() as desk:
        wish = CloseDeposit(
            appointment_id=visit_named(desk, visit).id,
            outcome=outcome or "",  # type: ignore[arg-type]  # click's choice
            reason=reason, **asked().once(),
        )  # fmt: skip
        stand = close_deposit(desk, wish)
        show(asked(), stand, lambda: _drawn_stand(desk, stand))


@deposit.command(cls=Writing)
@click.argument("visit")
@click.argument("to")
def move(visit: str, to: str) -> None:
    """Let a deposit count for another visit."""
    from frontdesk.services.prepaid.deposits import MoveDeposit, move_deposit

    with open_desk() as desk:
        was, shall = visit_named(desk, visit).id, visit_named(desk, to).id
        stand = move_deposit(desk, MoveDeposit(appointment_id=was, to_appointment_id=shall, **asked().once()))
        show(asked(), stand, lambda: _drawn_stand(desk, stand))


def _drawn_stand(desk: Desk, stand: DepositStand) -> Iterator[RenderableType]:
    waits = " (the bank transfer has not arrived)" if stand.waits else ""
    yield facts(
        (
            ("Visit", f"{stand.visit} {stand.customer}"),
            ("Price", money(stand.price, desk.shop)),
            ("Asked", money(stand.asked, desk.shop) if stand.asked else ""),
            ("Held", f"{money(stand.held, desk.shop)}{waits}"),
            ("To be", stand.outcome),
        )
    )


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
    from frontdesk.services.till.checkout import CheckOut, check_out

    with open_desk() as desk:
        whose = customer_named(desk, customer)
        with usage():
            paid = tenders_said(desk, tenders, approvals, issuer)
        if amount_:
            much = money_said(amount_, desk.shop, "amount")
        else:
            much = show_account(desk, ShowAccount(customer_id=whose)).owed
        wish = CheckOut(accounts=(PayAccount(customer_id=whose, amount=much),), tenders=paid, **asked().once())
        sold = check_out(desk, wish)
        show(asked(), sold, lambda: [text(sold.receipt)])
        say(told(sold, desk.shop))


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
