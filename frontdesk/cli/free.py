"""frontdesk free: when a service could be had, and with whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import menu_of, service_named, stylist_named
from frontdesk.cli.output import amount, say, show, table
from frontdesk.cli.when import day_said, words_of

if TYPE_CHECKING:
    from rich.table import Table

    from frontdesk.desk import Desk
    from frontdesk.services.availability import FreeTimes


@click.command(cls=Reading)
@click.argument("service", nargs=-1, required=True)
@click.option("--stylist", "-s", help="Only with this one.")
@click.option("--from", "since", metavar="DATE", help="From this day on; today otherwise.")
@click.option("--days", type=click.IntRange(1, 365), default=14, show_default=True, help="How many days to look at.")
@click.option("--limit", type=click.IntRange(0), default=12, show_default=True, help="How many at most; 0 for all.")
def free(service: tuple[str, ...], stylist: str | None, since: str | None, days: int, limit: int) -> None:
    """Free times of a service, soonest first: free cut --stylist anna --from tue."""
    from frontdesk.services.availability import FindFree, find_free

    with open_desk() as desk:
        menu = menu_of(desk)
        first = day_said(desk, since)
        wish = FindFree(
            service_id=service_named(menu, words_of(service)).id,
            stylist_id=stylist_named(menu, stylist).id if stylist else None,
            first_day=first,
            days=days,
            limit=limit,
        )
        found = find_free(desk, wish)
        show(asked(), found, lambda: _drawn(desk, found))
        if not found.times:
            say(f"Nothing is free for {found.service} before {found.searched_until:%a %d %b}. Look further: --days 60.")


def _drawn(desk: Desk, found: FreeTimes) -> Iterator[Table]:
    from frontdesk.clock import local
    from frontdesk.services.wording import day_words, stretch

    zone = desk.shop.timezone
    rows, before = [], ""
    for one in found.times:
        day = day_words(local(one.starts_at, zone).date())
        rows.append(
            ("" if day == before else day, stretch(one.starts_at, one.ends_at, zone), one.stylist,
             amount(one.price, desk.shop))
        )  # fmt: skip
        before = day
    if rows:
        yield table(("Day", found.service, "With", "Price"), rows, right=("Price",))
