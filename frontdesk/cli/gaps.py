"""frontdesk gaps: a day's holes that are worth money, and whom to call about each (features N19)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import menu_of, stylist_named
from frontdesk.cli.output import amount, say, show, table, text
from frontdesk.cli.when import day_said, words_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.waiting.gaps import GapRadar


@click.command(cls=Reading)
@click.argument("date", nargs=-1)
@click.option("--stylist", "-s", help="Only hers or his.")
def gaps(date: tuple[str, ...], stylist: str | None) -> None:
    """A day's holes that are worth money, and whom to call: gaps, gaps tomorrow, gaps fri --stylist anna.

    Who is on the waitlist comes first, in the order of asking, then who is due by their own rhythm.
    """
    from frontdesk.services.waiting.gaps import ShowGaps, show_gaps

    with open_desk() as desk:
        one = stylist_named(menu_of(desk), stylist).id if stylist else None
        radar = show_gaps(desk, ShowGaps(day=day_said(desk, words_of(date)), stylist_id=one))
        show(asked(), radar, lambda: _drawn(desk, radar))
        if not radar.holes:
            say(f"No hole of {radar.shortest_minutes} minutes or more is left on {radar.day:%a %d %b}.")


def _drawn(desk: Desk, radar: GapRadar) -> Iterator[RenderableType]:
    from frontdesk.services.wording import clock_time, stretch

    zone = desk.shop.timezone
    for hole in radar.holes:
        when = stretch(hole.starts_at, hole.ends_at, zone)
        yield text(f"{when}  {hole.stylist}  {hole.minutes} min, up to {amount(hole.worth, desk.shop)}", "bold")
        rows = [
            (clock_time(call.starts_at, zone), call.customer, call.phone or "", call.what, call.why)
            for call in hole.calls
        ]
        yield table([""] * 5, rows) if rows else text("Nobody waits for it, and nobody is due.")
