"""How tenders are said on a command line: cash:50, card, gift:20@7QK2-9M4T, deposit, owe."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from frontdesk.cli.ask import ask, is_somebody_there
from frontdesk.cli.asked import asked
from frontdesk.cli.output import money, say, show, text

if TYPE_CHECKING:
    from frontdesk.desk import Desk, Shop
    from frontdesk.services.ticket.ticket_wishes import Pay
    from frontdesk.services.till.checkout import CheckOut, Receipted

CALLED = {
    "cash": "cash",
    "card": "card",
    "gift": "gift_card",
    "gift_card": "gift_card",
    "credit": "credit",
    "points": "points",
    "deposit": "deposit",
    "owe": "account",
    "account": "account",
    "voucher": "voucher",
    "transfer": "transfer",
}
"""What people say, and what it is in the books."""
WITH_CODE = {"gift_card": "GIFT-CARD", "voucher": "CODE", "transfer": "REFERENCE"}
_NEEDS_CODE = ("gift_card", "voucher")

F = TypeVar("F", bound=Callable[..., Any])


def paying(function: F) -> F:
    """The options of a command that takes money."""
    for option in (
        click.option("--issuer", metavar="NAME", help="Whose vouchers they are, when several are taken."),
        click.option(
            "--approval", "approvals", metavar="CODE", multiple=True, help="Of the card terminal, one for each card."
        ),
        click.option(
            "--pay",
            "tenders",
            metavar="HOW[:AMOUNT][@CODE]",
            multiple=True,
            help="cash:50, card for the rest, gift:20@CODE, credit, deposit, owe, voucher@CODE, transfer@REFERENCE.",
        ),
    ):
        function = option(function)
    return function


def tenders_said(
    desk: Desk, tenders: tuple[str, ...], approvals: tuple[str, ...], issuer: str | None = None
) -> tuple[Pay, ...]:
    """The tenders in the order given; every card takes the next approval code. Usage errors for what is none."""
    from frontdesk.services.ticket.ticket_wishes import Pay

    codes, found, shop = list(approvals), [], desk.shop
    for said in tenders:
        words, _, code = said.partition("@")
        how, parted, typed = words.partition(":")
        method = CALLED.get(how.strip().lower())
        if method is None:
            known = [word for word in CALLED if "_" not in word and word != "account"]
            raise click.UsageError(
                f'"{how}" is no tender here. Say {", ".join(known[:-1])} or {known[-1]}, like --pay cash:50.'
            )
        if method == "card" and code:
            found.append(_charged(code, _amount(typed, shop, how) if parted else None))
            continue
        if code and method not in WITH_CODE:
            raise click.UsageError(f"A code belongs to no {how}. Say --pay {how}, or gift@CODE.")
        if not code and method in _NEEDS_CODE:
            code = _code_of(how, WITH_CODE[method])
        found.append(
            Pay(
                method=method,
                amount=_amount(typed, shop, how) if parted else None,
                approval_code=_approval(codes) if method == "card" else None,
                code=code,
                issuer_id=_issuer(desk, issuer) if method == "voucher" else None,
            )
        )
    if codes:
        raise click.UsageError(f'The approval code {codes[0]} belongs to no card: there are fewer "--pay card".')
    return tuple(found)


def _charged(code: str, amount: Any) -> Pay:  # noqa: ANN401  Decimal is imported late
    """What a terminal of ours has charged, by the number that frontdesk card gives."""
    from frontdesk.services.ticket.ticket_wishes import Pay

    if not code.isdecimal():
        raise click.UsageError(f'"{code}" is no charge. Say its number, card@12; an approval code goes to --approval.')
    return Pay(method="card", amount=amount, card_payment_id=int(code))


def close_ticket(desk: Desk, wish: CheckOut) -> Receipted:
    """Close a ticket, show its receipt, and say what was taken and what to give back."""
    from frontdesk.services.till.checkout import check_out

    sold = check_out(desk, wish)
    show(asked(), sold, lambda: [text(sold.receipt)])
    say(_told(sold, desk.shop))
    return sold


def _told(sold: Receipted, shop: Shop) -> str:
    """`Receipt 7: £50.00 taken. Give back £10.00.`"""
    change = f" Give back {money(sold.change, shop)}." if sold.change else ""
    return f"Receipt {sold.number}: {money(sold.total + sold.tip, shop)} taken.{change}"


def _amount(typed: str, shop: Shop, how: str) -> Any:  # noqa: ANN401  Decimal is imported late
    from frontdesk.money import parse_money

    return parse_money(typed, shop.currency, shop.locale, f"{how} amount")


def _approval(codes: list[str]) -> str | None:
    if codes:
        return codes.pop(0)
    return ask("Approval code of the card terminal", "--approval CODE") if is_somebody_there() else None


def _code_of(how: str, what: str) -> str:
    return ask(f"{what.capitalize()} of the {how}", f"--pay {how}@CODE")


def _issuer(desk: Desk, name: str | None) -> int | None:
    return None if name is None else issuer_named(desk, name)


def issuer_named(desk: Desk, name: str) -> int:
    """Who issues vouchers, by name or a beginning that only one has. Raises NotFound."""
    from frontdesk.errors import NotFound
    from frontdesk.services.prepaid.vouchers import ListIssuers, list_issuers
    from frontdesk.text import folded

    known = list_issuers(desk, ListIssuers(all=True)).issuers
    likely = [one for one in known if folded(one.name) == folded(name)]
    likely = likely or [one for one in known if folded(name) and folded(one.name).startswith(folded(name))]
    if len(likely) != 1:
        names = ", ".join(one.name for one in likely or known)
        raise NotFound(what="voucher issuer", name=name, remedy=f"There are: {names or 'none yet'}.")
    return likely[0].id
