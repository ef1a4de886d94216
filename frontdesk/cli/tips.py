"""frontdesk tips: whose they are, moved after the sale, pooled by hours, and what is still owed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import menu_of, money_said, stylist_named
from frontdesk.cli.output import amount, say, show, table, text
from frontdesk.cli.when import day_said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Shop
    from frontdesk.services.pay.tips import TipsOwed, TipsPooledOut


@click.group()
def tips() -> None:
    """Whose the tips are."""


@tips.command(cls=Writing)
@click.argument("receipt", type=int)
@click.argument("from_", metavar="FROM")
@click.argument("to")
@click.argument("sum_", metavar="[AMOUNT]", required=False)
@click.option("--reason", default="", help="Why.")
def move(receipt: int, from_: str, to: str, sum_: str | None, reason: str) -> None:
    """A tip was somebody else's: tips move 214 anna bo 4.00. Without an amount, all of it."""
    from frontdesk.services.pay.tips import MoveTip, move_tip

    with open_desk() as desk:
        menu = menu_of(desk)
        wish = MoveTip(
            sale_number=receipt,
            from_stylist_id=stylist_named(menu, from_).id,
            to_stylist_id=stylist_named(menu, to).id,
            amount=money_said(sum_, desk.shop, "amount") if sum_ else None,
            reason=reason,
            **asked().once(),
        )
        done = move_tip(desk, wish)
        rows = [(one.stylist, amount(one.amount, desk.shop)) for one in done.shares]
    show(asked(), done, lambda: [table([f"Tip of receipt {receipt}", ""], rows, right=("",))])


@tips.command(cls=Reading)
@click.option("--until", "day", metavar="DATE", help="Up to this day; today otherwise.")
def owed(day: str | None) -> None:
    """What people have not been given of their tips yet."""
    from frontdesk.permissions import Deed, refusal_for
    from frontdesk.services.pay.tips import ShowTipsOwed, show_tips_owed, show_tips_to_pay

    with open_desk() as desk:
        wish = ShowTipsOwed(until=day_said(desk, day))
        at_drawer = refusal_for(desk.actor, Deed.USE_DRAWER) is None
        found = show_tips_to_pay(desk, wish) if at_drawer else show_tips_owed(desk, wish)
        show(asked(), found, lambda: _owed(found, desk.shop))
        if found.to_pool:
            say(f"{amount(found.to_pool, desk.shop)} are in no pool yet: frontdesk tips pool.")


def _owed(found: TipsOwed, shop: Shop) -> Iterator[RenderableType]:
    if not found.owed:
        yield text("No tips are owed.")
        return
    rows = [(one.stylist, amount(one.amount, shop)) for one in found.owed]
    yield table(["Stylist", "Owed"], [*rows, ("Together", amount(found.total, shop))], right=("Owed",))


@tips.command(cls=Writing)
@click.option("--from", "first", metavar="DATE", help="From this day; the oldest tip in no pool otherwise.")
@click.option("--until", "last", metavar="DATE", help="Up to this day; today otherwise.")
def pool(first: str | None, last: str | None) -> None:
    """Share this shop's tips by the hours people were there."""
    from frontdesk.services.pay.tips import PoolTips, pool_tips

    with open_desk() as desk:
        wish = PoolTips(first_day=day_said(desk, first), last_day=day_said(desk, last), **asked().once())
        done = pool_tips(desk, wish)
        show(asked(), done, lambda: _pool(done, desk.shop))


@tips.command(cls=Writing)
@click.argument("number", metavar="POOL", type=int)
def unpool(number: int) -> None:
    """Take a pool back whole, until its pay is closed: its tips are whose they were, and in no pool again."""
    from frontdesk.services.pay.tip_sheet import UnpoolTips, unpool_tips

    with open_desk() as desk:
        done = unpool_tips(desk, UnpoolTips(pool_id=number, **asked().once()))
        total = amount(done.total, desk.shop)
        show(asked(), done, lambda: [text(f"{total} are in no pool again. frontdesk tips pool shares them anew.")])


def _pool(done: TipsPooledOut, shop: Shop) -> Iterator[RenderableType]:
    yield text(f"Pool {done.pool_id}, {done.first_day} to {done.last_day}: {amount(done.total, shop)}")
    rows = [
        (one.stylist, f"{one.minutes // 60}:{one.minutes % 60:02d}", amount(one.amount, shop)) for one in done.shares
    ]
    yield table(["Stylist", "Hours", "Share"], rows, right=("Hours", "Share"))
    if done.left_out:
        law = f", by {done.by_law}" if done.by_law else ""
        yield text(f"Without a share: {', '.join(done.left_out)}{law}.")
