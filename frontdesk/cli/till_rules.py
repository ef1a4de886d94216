"""frontdesk shop till: how the shop takes money."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.asked import Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import money_said, percent_said
from frontdesk.cli.output import amount, facts, show

if TYPE_CHECKING:
    from rich.table import Table

    from frontdesk.desk import Shop
    from frontdesk.services.ticket.till_rules import TillRules


@click.command(cls=Writing)
@click.option("--cash-rounding", metavar="AMOUNT", help="Cash is paid to the nearest 0.05; 0 when every coin exists.")
@click.option("--service-charge", metavar="PERCENT", help="Of services, paid by everybody on top; 0 for none.")
@click.option("--tips", metavar="PERCENTS", help='Which tips are suggested: "10 15 20".')
@click.option("--count-tolerance", metavar="AMOUNT", help="A count further off than this is counted again.")
@click.option("--close-with-parked/--no-close-with-parked", "closes_with_parked", default=None,
              help="Close the day while tickets are parked.")  # fmt: skip
@click.option("--sell-below-stock/--no-sell-below-stock", "sells_below_stock", default=None,
              help="Sell what is not on the shelf by the books.")  # fmt: skip
@click.option("--take-commission-back/--leave-commission", "takes_commission_back", default=None,
              help="What a refund does when nothing is chosen.")  # fmt: skip
@click.option("--pool-tips/--own-tips", "pools_tips", default=None, help="Whether tips are shared by hours.")
@click.option("--managers-share/--managers-left-out", "managers_share_tips", default=None,
              help="Whether managers have a share of the pool.")  # fmt: skip
def till(
    cash_rounding: str | None, service_charge: str | None, tips: str | None, count_tolerance: str | None,
    **said: bool | None,
) -> None:  # fmt: skip
    """How the shop takes money: shop till --pool-tips --tips "10 15 20". Shown when nothing is said."""
    from frontdesk.services.ticket.till_rules import EditTillRules, ShowTillRules, edit_till_rules, show_till_rules

    with open_desk() as desk:
        changes: dict[str, Any] = {key: value for key, value in said.items() if value is not None}
        amounts = {"cash_rounding": cash_rounding, "count_tolerance": count_tolerance}
        changes |= {name: money_said(typed, desk.shop, name) for name, typed in amounts.items() if typed is not None}
        if service_charge is not None:
            changes["service_charge"] = percent_said(service_charge, desk)
        if tips is not None:
            changes["tip_percents"] = tuple(_percents(tips))
        if changes:
            found = edit_till_rules(desk, EditTillRules(**changes, **asked().once()))
        else:
            found = show_till_rules(desk, ShowTillRules())
        show(asked(), found, lambda: _drawn(found, desk.shop))


def _percents(typed: str) -> Iterator[int]:
    for word in typed.replace("%", " ").replace(",", " ").split():
        if not word.isdecimal():
            raise click.UsageError(f'"{word}" is no whole percentage. Say them like "10 15 20".')
        yield int(word)


def _drawn(found: TillRules, shop: Shop) -> Iterator[Table]:
    share = "have a share" if found.managers_share_tips else "have no share"
    yield facts(
        [
            ("Cash to the nearest", amount(found.cash_rounding, shop) if found.cash_rounding else "smallest coin"),
            (
                "Service charge",
                f"{found.service_charge.normalize():f} % of services" if found.service_charge else "none",
            ),
            ("Tips suggested", ", ".join(f"{each} %" for each in found.tip_percents) or "none"),
            ("Tips are", f"pooled, managers {share}" if found.pools_tips else "for who served"),
            ("The law", f"leaves managers out of pools: {found.pool_law}" if found.pool_law else ""),
            ("Counted again", f"when it is off by more than {amount(found.count_tolerance, shop)}"),
            ("Closing with parked tickets", "allowed" if found.closes_with_parked else "not allowed"),
            ("Selling below stock", "allowed" if found.sells_below_stock else "not allowed"),
            ("A refund", "takes commission back" if found.takes_commission_back else "leaves commission"),
        ]
    )
