"""frontdesk parked, coupon, discount, priceclass: tickets put aside, and what may come off one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import listed, menu_of, money_said, percent_said, product_named, service_named
from frontdesk.cli.output import amount, money, say, show, table, text
from frontdesk.cli.when import day_said, words_of
from frontdesk.cli.wishes import price_class_named

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from frontdesk.desk import Desk, Shop
    from frontdesk.services.ticket.coupons import CouponCard
    from frontdesk.services.ticket.price_classes import PriceClassCard
    from frontdesk.services.ticket.ticket_wishes import Ticket
    from frontdesk.services.till.discounts import DiscountLimits
    from frontdesk.services.till.parked import Parked
    from frontdesk.services.till.reckoning import Explained
    from frontdesk.services.till.ticket import Quote


@click.group()
def parked() -> None:
    """Tickets put aside with checkout --park, and paid with checkout --parked NUMBER."""


@parked.command("list", cls=Reading)
def list_parked_() -> None:
    """What is put aside here, the longest first."""
    from frontdesk.services.till.parked import ListParked, list_parked

    with open_desk() as desk:
        found = list_parked(desk, ListParked())
        show(asked(), found, lambda: [_parked(found, desk.shop)] if found.tickets else ())
    if not found.tickets:
        say("No ticket is parked.")


@parked.command("show", cls=Reading)
@click.argument("number", type=int)
def show_parked_(number: int) -> None:
    """What a parked ticket comes to by now. It stays parked."""
    from frontdesk.services.till.parked import ShowParked, show_parked

    with open_desk() as desk:
        found = show_parked(desk, ShowParked(parked_id=number))
        quoted = quoted_of(desk, found.ticket)
        show(asked(), quoted, lambda: drawn_quote(quoted, desk.shop))
        say(*(f"Gone since: {words}." for words in found.lost))


@parked.command("drop", cls=Writing)
@click.argument("number", type=int)
def drop_parked_(number: int) -> None:
    """Throw a parked ticket away. Its visits stay to be paid."""
    from frontdesk.services.till.parked import DropTicket, drop

    with open_desk() as desk:
        left = drop(desk, DropTicket(parked_id=number, **asked().once()))
        show(asked(), left, lambda: [_parked(left, desk.shop)] if left.tickets else ())


def quoted_of(desk: Desk, ticket: Ticket) -> Quote:
    """What a ticket comes to."""
    from frontdesk.services.till.ticket import QuoteTicket, quote

    return quote(desk, QuoteTicket(**wishes_of(ticket)))


def explained_of(desk: Desk, ticket: Ticket) -> Explained:
    """Why it comes to that."""
    from frontdesk.services.till.reckoning import ExplainTicket, explain

    return explain(desk, ExplainTicket(**wishes_of(ticket)))


def wishes_of(ticket: Ticket) -> dict[str, Any]:
    """A ticket's fields, for a request of another kind."""
    from frontdesk.services.ticket.ticket_wishes import Ticket as Wished

    return {one.name: getattr(ticket, one.name) for one in fields(Wished)}


def drawn_quote(quoted: Quote, shop: Shop) -> Iterator[RenderableType]:
    """A quote for people: no receipt, and no number."""
    rows = [(f"{line.quantity} x {line.name}", line.stylist, amount(line.amount, shop)) for line in quoted.lines]
    rows += [(name, "", amount(-off, shop)) for name, off in quoted.discounts]
    rows += [(name, "", amount(tax, shop)) for name, tax in quoted.taxes_on_top]
    rows += [("Tip", quoted.tip_for, amount(quoted.tip, shop))] if quoted.tip else []
    rows += [("Rounding", "", amount(quoted.rounding, shop))] if quoted.rounding else []
    rows.append(("To pay", "", amount(quoted.total_due, shop)))
    rows += [(f"of which {name}", "", amount(tax, shop)) for name, tax in quoted.taxes_within]
    yield table(("Quote", quoted.customer, shop.currency), rows, right=(shop.currency,))
    if quoted.over_limit:
        yield text(f"A manager has to allow {quoted.over_limit}, with a reason.")


def drawn_reasons(why: Explained, shop: Shop) -> Iterator[RenderableType]:
    """Every figure with its rule and its sum."""
    rows = [(one.figure, amount(one.amount, shop), one.arithmetic, one.rule) for one in why.reasons]
    yield table(("Figure", why.currency, "Sum", "Rule"), rows, right=(why.currency,))


def _parked(found: Parked, shop: Shop) -> Table:
    rows = [
        (
            str(one.id), " · ".join(filter(None, (one.customer, one.label))), " ".join(one.visits),
            amount(one.due, shop), f"{one.minutes}m", one.parked_by,
        )
        for one in found.tickets
    ]  # fmt: skip
    return table(("Number", "Who", "Visits", "Due", "For", "By"), rows, right=("Number", "Due", "For"))


@click.group()
def coupon() -> None:
    """Codes that take something off a ticket."""


@coupon.command("list", cls=Reading)
@click.option("--all", "all_", is_flag=True, help="With those that are not taken any more.")
def list_coupons_(all_: bool) -> None:
    """The codes, each with how often it was used."""
    from frontdesk.services.ticket.coupons import ListCoupons, list_coupons

    with open_desk() as desk:
        found = list_coupons(desk, ListCoupons(all=all_))
        show(asked(), found, lambda: [_coupons(found.coupons, desk.shop)] if found.coupons else ())
    if not found.coupons:
        say("There is no coupon. Make one: frontdesk coupon add SPRING 10%.")


@coupon.command("add", cls=Writing)
@click.argument("code")
@click.argument("off")
@click.option("--name", default="", help="What the receipt calls it.")
@click.option("--minimum", metavar="AMOUNT", help="What it is for has to cost so much.")
@click.option("--from", "since", metavar="DATE", help="Its first day.")
@click.option("--until", metavar="DATE", help="Its last day.")
@click.option("--uses", type=int, metavar="N", help="How often in all.")
@click.option("--each", "per_customer", type=int, metavar="N", help="How often by one customer.")
@click.option("--services/--no-services", default=True, help="Whether it is for services.")
@click.option("--products/--no-products", default=True, help="Whether it is for products.")
@click.option("--service", metavar="SERVICE", help="For this one alone.")
@click.option("--product", metavar="PRODUCT", help="For this one alone.")
@click.option("--alone", is_flag=True, help="Not beside another discount.")
def add_coupon_(
    code: str, off: str, name: str, minimum: str | None, since: str | None, until: str | None, uses: int | None,
    per_customer: int | None, services: bool, products: bool, service: str | None, product: str | None, alone: bool,
) -> None:  # fmt: skip
    """Make a coupon: coupon add SPRING 10% --until 30/6 --each 1, coupon add FIVE 5.00 --minimum 50."""
    from decimal import Decimal

    from frontdesk.cli.mistyped import usage
    from frontdesk.rules.pricing import percent_or_amount
    from frontdesk.services.ticket.coupons import AddCoupon, add_coupon

    with open_desk() as desk:
        with usage():
            said = percent_or_amount(off, desk.shop.currency, desk.shop.locale)
        wish = AddCoupon(
            code=code, name=name, percent=said.percent, amount=said.amount,
            minimum=money_said(minimum, desk.shop, "minimum") if minimum else Decimal(0),
            valid_from=day_said(desk, since), last_day=day_said(desk, until), uses=uses, per_customer=per_customer,
            on_services=services, on_products=products, stacks=not alone,
            service_id=service_named(menu_of(desk), service).id if service else None,
            product_id=product_named(desk, product).id if product else None, **asked().once(),
        )  # fmt: skip
        card = add_coupon(desk, wish)
        show(asked(), card, lambda: [_coupons((card,), desk.shop)])


@coupon.command("end", cls=Writing)
@click.argument("code")
def end_coupon_(code: str) -> None:
    """Take a coupon no longer."""
    from frontdesk.errors import NotFound
    from frontdesk.services.ticket.coupons import EndCoupon, ListCoupons, end_coupon, list_coupons
    from frontdesk.services.ticket.coupons import code_of as kept

    with open_desk() as desk:
        known = list_coupons(desk, ListCoupons()).coupons
        named = next((one for one in known if one.code == kept(code)), None)
        if named is None:
            raise NotFound(what="coupon", name=code, remedy=listed("There are", [one.code for one in known]))
        card = end_coupon(desk, EndCoupon(coupon_id=named.id, **asked().once()))
        show(asked(), card, lambda: [_coupons((card,), desk.shop)])


def _coupons(cards: Sequence[CouponCard], shop: Shop) -> Table:
    rows = []
    for one in cards:
        off = f"{one.percent.normalize():f} %" if one.percent is not None else money(one.amount or one.minimum, shop)
        used = f"{one.used} of {one.uses}" if one.uses else str(one.used)
        terms = [
            f"from {money(one.minimum, shop)}" if one.minimum else "",
            f"{one.per_customer} each" if one.per_customer else "",
            "" if one.stacks else "alone",
            "" if one.is_active else "off",
        ]
        days = [str(one.valid_from or ""), f"until {one.last_day}" if one.last_day else ""]
        rows.append((one.code, off, one.what, " ".join(filter(None, days)), used, ", ".join(filter(None, terms))))
    return table(("Code", "Off", "On", "Days", "Used", ""), rows, right=("Off",))


@click.group()
def discount() -> None:
    """How much each role may take off without a manager."""


@discount.command("list", cls=Reading)
def list_limits_() -> None:
    """Everybody's limit."""
    from frontdesk.services.till.discounts import ListDiscountLimits, list_discount_limits

    with open_desk() as desk:
        found = list_discount_limits(desk, ListDiscountLimits())
    show(asked(), found, lambda: [_limits(found)])


@discount.command("limit", cls=Writing)
@click.argument("role")
@click.argument("percent")
def limit_(role: str, percent: str) -> None:
    """Set one: discount limit trainee 10%. With "none" they take off what they like."""
    from frontdesk.permissions import Role
    from frontdesk.services.till.discounts import SetDiscountLimit, set_discount_limit

    if role not in list(Role):
        raise click.UsageError(f'"{role}" is no role. Say trainee or receptionist.')
    with open_desk() as desk:
        said = None if percent == "none" else percent_said(percent, desk)
        found = set_discount_limit(desk, SetDiscountLimit(role=Role(role), percent=said, **asked().once()))
    show(asked(), found, lambda: [_limits(found)])


def _limits(found: DiscountLimits) -> Table:
    rows = [
        (one.role.value, "any" if one.percent is None else f"{one.percent.normalize():f} %") for one in found.limits
    ]
    return table(("Role", "At most"), rows, right=("At most",))


@click.group()
def priceclass() -> None:
    """Who pays other prices: staff, a model, friends and family."""


@priceclass.command("list", cls=Reading)
@click.option("--all", "all_", is_flag=True, help="With those that are not given any more.")
def list_classes_(all_: bool) -> None:
    """The classes and what they take off the list's prices."""
    from frontdesk.services.ticket.price_classes import ListPriceClasses, list_price_classes

    with open_desk() as desk:
        found = list_price_classes(desk, ListPriceClasses(all=all_))
    show(asked(), found, lambda: [_classes(found.classes)] if found.classes else ())
    if not found.classes:
        say("There is no price class. Make one: frontdesk priceclass add Staff 50%.")


@priceclass.command("add", cls=Writing)
@click.argument("name")
@click.argument("percent")
def add_class_(name: str, percent: str) -> None:
    """Make a class: priceclass add Staff 50%."""
    from decimal import Decimal

    from frontdesk.services.ticket.price_classes import AddPriceClass, add_price_class

    with open_desk() as desk:
        wish = AddPriceClass(name=name, percent=percent_said(percent, desk) or Decimal(0), **asked().once())
        card = add_price_class(desk, wish)
    show(asked(), card, lambda: [_classes((card,))])


@priceclass.command("edit", cls=Writing)
@click.argument("name")
@click.option("--percent", help="What it takes off the list's prices: 50%.")
@click.option("--call", metavar="NAME", help="Another name.", multiple=True)
@click.option("--given/--not-given", "is_active", default=None, help="Whether it is still given.")
def edit_class_(name: str, percent: str | None, call: tuple[str, ...], is_active: bool | None) -> None:
    """Change a class. Paid tickets keep their prices; what is not said stays."""
    from frontdesk.services.ticket.price_classes import EditPriceClass, edit_price_class

    with open_desk() as desk:
        seen = price_class_named(desk, name, all_=True)
        wish = EditPriceClass(
            price_class_id=seen.id, name=words_of(call) or None, percent=percent_said(percent, desk),
            is_active=is_active, **asked().once(),
        )  # fmt: skip
        card = edit_price_class(desk, wish)
    show(asked(), card, lambda: [_classes((card,))])


def _classes(cards: Sequence[PriceClassCard]) -> Table:
    rows = [(one.name, f"{one.percent.normalize():f} %", "" if one.is_active else "off") for one in cards]
    return table(("Class", "Off", ""), rows, right=("Off",))
