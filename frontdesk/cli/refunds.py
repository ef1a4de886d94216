"""frontdesk refund, void: money that goes back of a sale (features CO13, CO14)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from frontdesk.cli.approving import APPROVED_BY, approved
from frontdesk.cli.asked import Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import listed, money_said
from frontdesk.cli.output import money, say, show, text

if TYPE_CHECKING:
    from frontdesk.desk import Desk, Shop
    from frontdesk.services.till.refunding import GiveBackBy, GiveBackLine, Refundable, RefundableLine

_REASON = click.option("--reason", required=True, metavar="WHY", help="Why; it stands on the receipt.")
_APPROVED = click.option("--approved-by", metavar="MANAGER", help=APPROVED_BY)
_NUMBER = click.argument("number", type=int)


@click.command(cls=Writing)
@click.argument("number")
@_REASON
@click.option("--imported", is_flag=True, help="NUMBER is of the system that it was brought over from.")
@click.option("--line", "lines", metavar="NAME[:HOW MANY]", multiple=True, help="What comes back: shampoo, or sham:2.")
@click.option("--damaged", is_flag=True, help="What comes back can't be sold again.")
@click.option("--amount", metavar="AMOUNT", help="So much of the whole, and no thing comes back.")
@click.option("--tip", metavar="AMOUNT", help="So much of the tip.")
@click.option("--by", "by", metavar="HOW:AMOUNT", multiple=True, help="By which tender: card:10.")
@click.option("--to-credit", is_flag=True, help="As credit for the customer.")
@click.option(
    "--commission", type=click.Choice(["withhold", "goodwill", "split"]), help="Taken back, left, or half of it."
)
@click.option("--approval", metavar="CODE", default="", help="Of the card terminal.")
@_APPROVED
def refund(
    number: str,
    reason: str,
    imported: bool,
    lines: tuple[str, ...],
    damaged: bool,
    amount: str | None,
    tip: str | None,
    by: tuple[str, ...],
    to_credit: bool,
    commission: str | None,
    approval: str,
    approved_by: str | None,
) -> None:
    """Give money back of a receipt: refund 12 --reason "burst" --line shampoo.

    All that is left of it when no line and no amount is said. It goes back to what it was paid with; what was brought
    over from another system in cash, or as credit.
    """
    from frontdesk.permissions import Deed
    from frontdesk.services.till.refunding import Refund, ShowRefundable, refundable
    from frontdesk.services.till.refunding import refund as give_back

    with open_desk() as desk:
        shop = desk.shop
        sale = refundable(
            desk, ShowRefundable(number=None if imported else _own(number), imported=number if imported else "")
        )
        wish = Refund(
            sale_id=sale.sale_id,
            reason=reason,
            lines=tuple(_line(one, sale, damaged) for one in lines),
            amount=money_said(amount, shop, "amount") if amount else None,
            tip=money_said(tip, shop, "tip") if tip else None,
            tenders=tuple(_by(one, sale, shop) for one in by),
            to_credit=to_credit,
            commission=commission,  # type: ignore[arg-type]  # click has checked the words
            is_damaged=damaged,
            approval_code=approval,
            approval=approved(desk, approved_by, Deed.REFUND),
            **asked().once(),
        )
        back = give_back(desk, wish)
        show(asked(), back, lambda: [text(back.receipt)])
        paid = ", ".join(f"{one.method.replace('_', ' ')} {money(one.amount, shop)}" for one in back.payments)
        say(f"Receipt {back.number}: {paid} back of receipt {sale.called}.{_noted(back.credit_note)}")
        _send_back(desk, back.sale_id)


@click.command(cls=Writing)
@_NUMBER
@_REASON
@_APPROVED
def void(number: int, reason: str, approved_by: str | None) -> None:
    """Take a whole sale back while its drawer is open; its visits are to be paid again."""
    from frontdesk.permissions import Deed
    from frontdesk.services.till.voiding import VoidSale
    from frontdesk.services.till.voiding import void as take_back

    with open_desk() as desk:
        wish = VoidSale(number=number, reason=reason, approval=approved(desk, approved_by, Deed.VOID), **asked().once())
        gone = take_back(desk, wish)
        show(asked(), gone, lambda: [text(gone.receipt)])
        back = money(gone.total + gone.tip, desk.shop)
        say(f"Receipt {number} is void by receipt {gone.number}: {back} back.{_noted(gone.credit_note)}")
        _send_back(desk, gone.sale_id)


def _send_back(desk: Desk, sale_id: int) -> None:
    """What a connected card paid goes back to that card; what does not, card open lists."""
    from frontdesk.services.cards.card_backs import SendBack, send_back

    for sentence in send_back(desk, SendBack(sale_id=sale_id)).sentences:
        say(sentence)


def _own(number: str) -> int:
    if not number.isdecimal():
        raise click.UsageError(f'"{number}" is no number of ours. With --imported it is one of the system before.')
    return int(number)


def _noted(number: int | None) -> str:
    return f" Credit note {number}." if number else ""


def _line(typed: str, sale: Refundable, damaged: bool) -> GiveBackLine:
    from frontdesk.services.till.refunding import GiveBackLine
    from frontdesk.text import folded

    name, parted, how_many = typed.rpartition(":")
    name, how_many = (name, how_many) if parted and how_many.isdecimal() else (typed, "")
    found: list[RefundableLine] = [one for one in sale.lines if folded(one.name).startswith(folded(name))]
    left = [one for one in found if one.quantity or one.total] or found
    if len(left) != 1:
        known = listed("On it", [one.name for one in sale.lines])
        raise click.UsageError(f'"{typed}" names no one line of receipt {sale.called}. {known}')
    return GiveBackLine(line_id=left[0].line_id, quantity=Decimal(how_many) if how_many else None, is_damaged=damaged)


def _by(typed: str, sale: Refundable, shop: Shop) -> GiveBackBy:
    from frontdesk.services.till.refunding import GiveBackBy

    method, _, amount = typed.partition(":")
    method = method.strip().lower().replace(" ", "_").replace("-", "_")
    found = [one for one in sale.tenders if one.method == method]
    if not found or not amount:
        known = listed("It was paid by", [f"{one.method} {one.amount}" for one in sale.tenders])
        raise click.UsageError(f'"{typed}" is no tender of receipt {sale.called}. {known} Say it like cash:10.')
    return GiveBackBy(payment_id=found[0].payment_id, amount=money_said(amount, shop, "amount"))
