"""frontdesk commission: by which rules people earn, and why an entry is what it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import (
    category_named,
    listed,
    menu_of,
    money_said,
    percent_said,
    product_named,
    service_named,
    stylist_named,
)
from frontdesk.cli.output import amount, say, show, table, text
from frontdesk.cli.when import day_said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk, Shop
    from frontdesk.rules.commission import Reckoning, Scope, Tier
    from frontdesk.services.pay.commission import CommissionTried, RuleCard
    from frontdesk.services.pay.pay import PayWhy
    from frontdesk.services.pay.pay_statements import PayEntry

BASES = ("list", "discounted", "net", "taxed", "after_cost", "voucher")
KINDS = ("service", "product", "bundle", "package", "membership", "fee")


@click.group()
def commission() -> None:
    """What stylists earn of what they do and sell.

    Of the rules that hold, the first of these counts: for the service or product itself, for its category, for a
    coupon on it, for the ticket's price class, for any; among them for the stylist, for their level, for everybody.
    """


@commission.command("list", cls=Reading)
@click.option("--on", "day", metavar="DATE", help="Those that hold on this day; today otherwise.")
@click.option("--all", "all_", is_flag=True, help="With those that ended and those still to begin.")
def list_(day: str | None, all_: bool) -> None:
    """Which rules hold, in the order in which they are looked at."""
    from frontdesk.services.pay.commission import ListCommissionRules, list_rules

    with open_desk() as desk:
        found = list_rules(desk, ListCommissionRules(day=day_said(desk, day), all=all_))
    show(asked(), found, lambda: [_rules(found.rules)] if found.rules else ())
    if not found.rules:
        say("No rule holds, so nobody earns commission. Set one: frontdesk commission rule 40.")


def _rules(rules: Sequence[RuleCard]) -> RenderableType:
    return table(
        ["No.", "Of", "Who", "How", "From", "Before"],
        [
            (str(one.id), one.of_what, one.whose, one.how, str(one.valid_from or ""), str(one.valid_until or ""))
            for one in rules
        ],
        right=("No.",),
    )


@commission.command(cls=Writing)
@click.argument("percent", required=False)
@click.option("--each", metavar="AMOUNT", help="An amount for each one, instead of a share.")
@click.option("--bands", metavar="BANDS", help='Each band of a period at its own rate: "0:40 2000:45 3000:50".')
@click.option("--reached", metavar="BANDS", help="The whole period at the rate that it reached, as bands.")
@click.option("--base", type=click.Choice(BASES), default="net", help="What it is a share of; net: without tax.")
@click.option("--stylist", help="For one stylist.")
@click.option("--level", help="For stylists of a level.")
@click.option("--service", help="Of one service.")
@click.option("--product", help="Of one product.")
@click.option("--category", help="Of all services of a category.")
@click.option("--coupon", metavar="CODE", help="Of lines that a coupon took something off.")
@click.option("--price-class", help="Of tickets at a price class.")
@click.option("--of", "kind", type=click.Choice(KINDS), help="Of another kind of line: products, fees, packages.")
@click.option("--from", "since", metavar="DATE", help="From this day on; today otherwise.")
def rule(percent: str | None, since: str | None, **said: Any) -> None:  # noqa: ANN401  click's options
    """Set a rule from a day on: commission rule 45 --stylist anna --category colour.

    It ends the one before it for the same; what was earned stays.
    """
    from frontdesk.services.pay.commission import SetCommissionRule, set_rule

    with open_desk() as desk:
        wish = SetCommissionRule(
            scope=_scope(desk, said),
            reckoning=_reckoning(desk, percent, said),
            valid_from=day_said(desk, since),
            **asked().once(),
        )
        done = set_rule(desk, wish)
    show(asked(), done, lambda: [text(f"Rule {done.rule_id} holds from {done.valid_from}.")])


def _scope(desk: Desk, said: dict[str, Any]) -> Scope:
    from frontdesk.rules.commission import Scope

    product = product_named(desk, said["product"]).id if said["product"] else None
    return Scope(
        kind=said["kind"] or ("product" if product else "service"),
        stylist_id=stylist_named(menu_of(desk), said["stylist"]).id if said["stylist"] else None,
        level=said["level"] or None,
        service_id=service_named(menu_of(desk), said["service"]).id if said["service"] else None,
        product_id=product,
        category_id=category_named(desk, said["category"]).id if said["category"] else None,
        coupon_id=_coupon(desk, said["coupon"]) if said["coupon"] else None,
        price_class_id=_price_class(desk, said["price_class"]) if said["price_class"] else None,
    )


def _coupon(desk: Desk, code: str) -> int:
    from frontdesk.errors import NotFound
    from frontdesk.services.ticket.coupons import ListCoupons, list_coupons
    from frontdesk.text import folded

    found = list_coupons(desk, ListCoupons()).coupons
    for one in found:
        if folded(one.code) == folded(code):
            return one.id
    raise NotFound(what="coupon", name=code, remedy=listed("There are", [one.code for one in found]))


def _price_class(desk: Desk, name: str) -> int:
    from frontdesk.errors import NotFound
    from frontdesk.services.ticket.price_classes import ListPriceClasses, list_price_classes
    from frontdesk.text import folded

    found = list_price_classes(desk, ListPriceClasses()).classes
    for one in found:
        if folded(one.name) == folded(name):
            return one.id
    raise NotFound(what="price class", name=name, remedy=listed("There are", [one.name for one in found]))


def _reckoning(desk: Desk, percent: str | None, said: dict[str, Any]) -> Reckoning:
    from frontdesk.rules.commission import Reckoning

    ways = {"percent": percent, "flat": said["each"], "tier_band": said["bands"], "tier_whole": said["reached"]}
    given = [form for form, words in ways.items() if words]
    if len(given) != 1:
        raise click.UsageError("Say how much in one way: 40, --each 5, --bands or --reached.")
    form = given[0]
    if form == "percent":
        return Reckoning(base=said["base"], percent=percent_said(percent, desk))
    if form == "flat":
        return Reckoning(form=form, base=said["base"], flat=money_said(said["each"], desk.shop, "each"))
    return Reckoning(form=form, base=said["base"], tiers=tuple(_bands(desk, ways[form] or "")))


def _bands(desk: Desk, words: str) -> Iterator[Tier]:
    from frontdesk.rules.commission import Tier

    for word in words.split():
        start, _, share = word.partition(":")
        rate = percent_said(share or None, desk)
        if rate is None:
            raise click.UsageError(f'"{word}" is no band. Say from where and how much: "0:40 2000:45".')
        yield Tier(from_amount=money_said(start, desk.shop, "band"), percent=rate)


@commission.command(cls=Writing)
@click.argument("number", type=int)
@click.option("--from", "since", metavar="DATE", help="The first day on which it does not hold; today otherwise.")
def end(number: int, since: str | None) -> None:
    """End a rule: commission end 7. What was earned by it stays."""
    from frontdesk.services.pay.commission import EndCommissionRule, end_rule

    with open_desk() as desk:
        wish = EndCommissionRule(rule_id=number, until=day_said(desk, since), **asked().once())
        done = end_rule(desk, wish)
    show(asked(), done, lambda: [text(f"Rule {done.rule_id} does not hold from {done.until} on.")])


@commission.command(cls=Reading)
@click.argument("words", nargs=-1, required=True, metavar="ENTRY | STYLIST [SERVICE]")
@click.option("--product", help="Of a product, instead of a service.")
@click.option("--price", help="At this price; the list price otherwise.")
@click.option("--price-class", help="At a price class.")
def why(words: tuple[str, ...], product: str | None, price: str | None, price_class: str | None) -> None:
    """The arithmetic of an entry: commission why 120. Or what would be earned: commission why anna colour."""
    from frontdesk.services.pay.commission import TryCommission, try_rules
    from frontdesk.services.pay.pay import WhyPaid, why_paid

    with open_desk() as desk:
        if len(words) == 1 and words[0].isdecimal() and not (product or price):
            entry = why_paid(desk, WhyPaid(entry_id=int(words[0])))
            show(asked(), entry, lambda: _why(entry, desk.shop))
            return
        menu = menu_of(desk)
        wish = TryCommission(
            stylist_id=stylist_named(menu, words[0]).id,
            service_id=service_named(menu, " ".join(words[1:])).id if words[1:] else None,
            product_id=product_named(desk, product).id if product else None,
            price=money_said(price, desk.shop, "price") if price else None,
            price_class_id=_price_class(desk, price_class) if price_class else None,
        )
        found = try_rules(desk, wish)
        show(asked(), found, lambda: _tried(found, desk.shop))


def _why(found: PayWhy, shop: Shop) -> Iterator[RenderableType]:
    one = found.entry
    receipt = f", receipt {one.sale_number}" if one.sale_number else ""
    yield text(f"{found.stylist}, {one.day}{receipt}: {one.name} {amount(one.amount, shop)}")
    yield steps_table(one)


def steps_table(entry: PayEntry) -> RenderableType:
    """An entry's arithmetic."""
    return table(["", "", ""], [(step.words, step.figures, step.value) for step in entry.steps])


def _tried(found: CommissionTried, shop: Shop) -> Iterator[RenderableType]:
    if found.amount is None:
        yield text("No rule fits: nothing would be earned.")
        return
    first, *others = found.looked_at
    of = Decimal(found.base)
    yield text(f"{amount(found.amount, shop)}: {first.rule.how}, of {amount(of, shop)} at {amount(found.price, shop)}.")
    yield _rules([first.rule])
    if others:
        yield text("Fits as well, and is further away:")
        yield _rules([one.rule for one in others])
