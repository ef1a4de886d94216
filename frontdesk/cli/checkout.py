"""frontdesk checkout: visits and products become a paid ticket, and the receipt is printed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.approving import APPROVED_BY, approved
from frontdesk.cli.asked import Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.mistyped import usage
from frontdesk.cli.names import customer_named, menu_of, product_named, stylist_named, visit_named
from frontdesk.cli.output import money, say, show
from frontdesk.cli.packages import packages_said, sessions_said
from frontdesk.cli.paying import close_ticket, paying, tenders_said
from frontdesk.cli.tickets import drawn_quote, drawn_reasons, explained_of, quoted_of, wishes_of
from frontdesk.cli.wishes import wishes_said, wishing

if TYPE_CHECKING:
    from frontdesk.desk import Desk, Shop
    from frontdesk.services.book.visits import VisitSheet
    from frontdesk.services.ticket.ticket_wishes import Off, Pay, SellProduct, Ticket


@click.command(cls=Writing)
@click.argument("visits", metavar="[VISIT]...", nargs=-1)
@paying
@click.option("--tip", metavar="AMOUNT", help="On top, for who served.")
@click.option("--tip-for", metavar="STYLIST", help="The tip is all for this one.")
@click.option("--discount", metavar="OFF", help="On everything: 10% or 5.00.")
@click.option("--off", "line_discounts", metavar="SERVICE:OFF", multiple=True, help="On one service: cut:10%.")
@click.option("--product", "products", metavar="CODE[:HOW MANY]", multiple=True, help="Something from the shelf.")
@click.option("--package", "packages", metavar="NAME", multiple=True, help="A package or membership, sold with it.")
@click.option(
    "--session",
    "sessions",
    metavar="SERVICE[:NUMBER]",
    multiple=True,
    help="A session of a package pays for this service: of the one that lapses first, of that number, or just sold.",
)
@click.option("--customer", metavar="WHO", help="Who pays, when it is not the visit's customer.")
@click.option("--sold-by", metavar="STYLIST", help="Who sold the products and packages.")
@click.option(
    "--fees", "with_fees", is_flag=True, help="With what the visits' customers owe for leaving or missing one."
)
@click.option("--mail", "mail_to", metavar="ADDRESS", help="The receipt by e-mail; customer for their own address.")
@wishing
@click.option("--parked", type=int, metavar="NUMBER", help="This parked ticket, instead of visits and products.")
@click.option("--park", metavar="LABEL", help="Put it aside under this name; nothing is taken.")
@click.option("--quote", "is_quote", is_flag=True, help="What it comes to; nothing is taken and no number given.")
@click.option("--why", "is_why", is_flag=True, help="Why every figure is what it is; nothing is taken.")
@click.option("--approved-by", metavar="MANAGER", help=APPROVED_BY)
@click.option("--print", "on_paper", is_flag=True, help="The receipt on the printer, once the sale is made.")
def checkout(
    visits: tuple[str, ...],
    tenders: tuple[str, ...],
    approvals: tuple[str, ...],
    tip: str | None,
    tip_for: str | None,
    discount: str | None,
    line_discounts: tuple[str, ...],
    products: tuple[str, ...],
    packages: tuple[str, ...],
    sessions: tuple[str, ...],
    customer: str | None,
    sold_by: str | None,
    with_fees: bool,
    mail_to: str | None,
    on_paper: bool,
    issuer: str | None,
    parked: int | None,
    park: str | None,
    is_quote: bool,
    is_why: bool,
    approved_by: str | None,
    **wishes: Any,  # noqa: ANN401  what `wishing` asks for
) -> None:
    """Take the money and print the receipt: checkout 7QK2X --pay cash:50 --pay card --approval 123456.

    One visit, several at once, or none for products alone. A tender without an amount takes the rest; cash gives
    change.
    """
    from decimal import Decimal

    from frontdesk.money import parse_money
    from frontdesk.permissions import Deed
    from frontdesk.services.papers.printing import BeginPrint, print_receipt
    from frontdesk.services.ticket.ticket_wishes import Ticket
    from frontdesk.services.till.checkout import CheckOut

    with open_desk() as desk:
        shop, menu = desk.shop, menu_of(desk)
        with usage():
            paid = tenders_said(desk, tenders, approvals, issuer)
            sheets = [visit_named(desk, visit) for visit in visits]
            seller = stylist_named(menu, sold_by).id if sold_by else None
            ticket = Ticket(
                appointment_ids=tuple(sheet.id for sheet in sheets),
                products=_products(desk, products, seller),
                packages=packages_said(desk, packages, seller),
                sessions=sessions_said(desk, sheets, sessions, new=bool(packages)),
                customer_id=customer_named(desk, customer) if customer else None,
                line_discounts=_line_discounts(sheets, line_discounts, shop),
                discount=_off(discount, shop) if discount else None,
                tip=parse_money(tip, shop.currency, shop.locale, "tip") if tip else Decimal(0),
                tip_stylist_id=stylist_named(menu, tip_for).id if tip_for else None,
                tenders=_kept(paid) if wishes["keep_change"] else paid,
                fee_ids=_fees(desk, sheets) if with_fees else (),
                **wishes_said(desk, sheets, wishes),
            )
        if parked is not None:
            ticket = _unparked(desk, parked, ticket)
        if is_quote or is_why or park is not None:
            _only_told(desk, ticket, park, is_why=is_why)
            return
        approval = approved(desk, approved_by, Deed.DISCOUNT_MORE)
        wish = CheckOut(**wishes_of(ticket), parked_id=parked, approval=approval, **asked().once())
        sold = close_ticket(desk, wish)
        if on_paper:
            say(print_receipt(desk, asked().settings.printer, BeginPrint(sale_id=sold.sale_id)).sentence)


def _unparked(desk: Desk, parked: int, said: Ticket) -> Ticket:
    """The parked ticket with the tenders that were typed. A usage error when more was typed than how it is paid."""
    from frontdesk.services.ticket.ticket_wishes import Ticket
    from frontdesk.services.till.parked import ShowParked, show_parked

    if replace(said, tenders=()) != Ticket():
        raise click.UsageError("A parked ticket is paid as it is: say --parked NUMBER and how it is paid, no more.")
    found = show_parked(desk, ShowParked(parked_id=parked))
    say(*(f"Gone since: {words}." for words in found.lost))
    return replace(found.ticket, tenders=said.tenders)


def _only_told(desk: Desk, ticket: Ticket, park: str | None, *, is_why: bool) -> None:
    """A ticket that is shown, explained or put aside: nothing is taken."""
    if park is not None:
        from frontdesk.services.till.parked import ParkTicket
        from frontdesk.services.till.parked import park as put_aside

        card = put_aside(desk, ParkTicket(ticket=ticket, label=park, **asked().once()))
        show(asked(), card, lambda: ())
        say(f"Parked as {card.id}: {money(card.due, desk.shop)}. Go on with frontdesk checkout --parked {card.id}.")
    elif is_why:
        why = explained_of(desk, ticket)
        show(asked(), why, lambda: drawn_reasons(why, desk.shop))
    else:
        quoted = quoted_of(desk, ticket)
        show(asked(), quoted, lambda: drawn_quote(quoted, desk.shop))


def _kept(tenders: tuple[Pay, ...]) -> tuple[Pay, ...]:
    return tuple(replace(pay, keep_change=True) if pay.method == "cash" else pay for pay in tenders)


def _fees(desk: Desk, sheets: list[VisitSheet]) -> tuple[int, ...]:
    """What is open of the customers of these visits; a visit that was left is paid for by its fee alone."""
    from frontdesk.services.book.fees import FindOpenFees, open_fees

    customers, codes = {sheet.customer_id for sheet in sheets}, {sheet.code for sheet in sheets}
    found = open_fees(desk, FindOpenFees()).fees
    return tuple(fee.id for fee in found if fee.code in codes or (fee.customer_id and fee.customer_id in customers))


def _products(desk: Desk, products: tuple[str, ...], sold_by: int | None) -> tuple[SellProduct, ...]:
    from frontdesk.services.ticket.ticket_wishes import SellProduct

    found = []
    for product in products:
        name, parted, how_many = product.rpartition(":")
        name, how_many = (name, how_many) if parted else (product, "1")
        if not how_many.isdecimal():
            raise click.UsageError(f'"{product}" says no number behind the colon. Say it like SHA:2.')
        wish = SellProduct(product_id=product_named(desk, name).id, quantity=int(how_many), stylist_id=sold_by)
        found.append(wish)
    return tuple(found)


def _line_discounts(sheets: list[VisitSheet], typed: tuple[str, ...], shop: Shop) -> dict[int, Off]:
    from frontdesk.text import folded

    found: dict[int, Off] = {}
    for one in typed:
        name, _, off = one.rpartition(":")
        lines = [line for sheet in sheets for line in sheet.lines if folded(line.service).startswith(folded(name))]
        if not name or len(lines) != 1:
            known = ", ".join(line.service for sheet in sheets for line in sheet.lines)
            raise click.UsageError(f'"{one}" names no one service of these visits: {known}. Say it like cut:10%.')
        found[lines[0].id] = _off(off, shop)
    return found


def _off(typed: str, shop: Shop) -> Off:
    from frontdesk.rules.pricing import percent_or_amount
    from frontdesk.services.ticket.ticket_wishes import Off

    said = percent_or_amount(typed, shop.currency, shop.locale)
    return Off(percent=said.percent, amount=said.amount)
