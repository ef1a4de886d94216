"""frontdesk deposit: money before a visit, who is asked for it, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.mistyped import usage
from frontdesk.cli.names import category_named, menu_of, money_said, service_named, visit_named
from frontdesk.cli.output import amount, facts, money, say, show, table
from frontdesk.cli.paying import close_ticket, paying, tenders_said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.prepaid.deposits import DepositStand
    from frontdesk.services.prepaid.prepaid_rules import DepositRules


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
    from frontdesk.services.till.checkout import CheckOut

    with open_desk() as desk:
        sheet = visit_named(desk, visit)
        with usage():
            paid = tenders_said(desk, tenders, approvals, issuer)
        if amount_:
            much = money_said(amount_, desk.shop, "amount")
        else:
            much = deposit_of(desk, DepositOf(appointment_id=sheet.id)).missing
        wish = CheckOut(deposits=(TakeDeposit(appointment_id=sheet.id, amount=much),), tenders=paid, **asked().once())
        close_ticket(desk, wish)


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
