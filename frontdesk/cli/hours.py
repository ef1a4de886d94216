"""frontdesk hours: when the shop is open, and the days on which it is shut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.output import say, show, table, text
from frontdesk.cli.stranded import stranded
from frontdesk.cli.week import opening_said, opening_written
from frontdesk.cli.when import day_said, days_written

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.team.shop_hours import ShopHoursChanged


@click.group()
def hours() -> None:
    """When the shop is open, and when it is shut."""


@hours.command("list", cls=Reading)
def list_() -> None:
    """The shop's week that holds, and those that are planned."""
    from frontdesk.services.team.shop_hours import ListBusinessHours, list_business_hours

    with open_desk() as desk:
        found = list_business_hours(desk, ListBusinessHours())
    rows = []
    for week in found.weeks:
        until = f"before {week.valid_until}" if week.valid_until else ""
        rows.append((str(week.valid_from or ""), until, opening_written(week.hours)))
    show(asked(), found, lambda: [table(("From", "Until", "Open"), rows)] if rows else ())
    if not rows:
        say('The shop is never open. Say when it is: frontdesk hours set "mon-sat 9-18".')


@hours.command("set", cls=Writing)
@click.argument("week", nargs=-1, required=True)
@click.option("--from", "since", metavar="DATE", help="From this day on; today otherwise.")
def set_(week: tuple[str, ...], since: str | None) -> None:
    """Other opening hours: hours set "mon-fri 9-18" "sat 9-14" --from 1/6. A day without hours is shut."""
    from frontdesk.services.team.shop_hours import SetBusinessHours, set_business_hours

    with open_desk() as desk:
        wish = SetBusinessHours(
            valid_from=day_said(desk, since) or desk.today, hours=opening_said(week), **asked().once()
        )
        _told(desk, set_business_hours(desk, wish), "The opening hours are changed.")


@hours.command(cls=Reading)
def closures() -> None:
    """Days on which the shop is shut, those to come."""
    from frontdesk.services.team.shop_hours import ListClosures, list_closures

    with open_desk() as desk:
        found = list_closures(desk, ListClosures())
    rows = [(str(one.id), days_written(one.first_day, one.last_day), one.name) for one in found.closures]
    show(asked(), found, lambda: [table(("No.", "Days", "Why"), rows)] if rows else ())
    if not rows:
        say("None are planned. Shut the shop for some days: frontdesk hours close 24/12 26/12 --why Christmas.")


@hours.command(cls=Writing)
@click.argument("first")
@click.argument("last", required=False)
@click.option("--why", required=True, help="What the book shows: Christmas.")
def close(first: str, last: str | None, why: str) -> None:
    """Shut the shop: hours close 24/12 26/12 --why Christmas. No visit is lost; those it strands are listed."""
    from frontdesk.cli.requests import request_of
    from frontdesk.services.team.shop_hours import AddClosure, add_closure

    with open_desk() as desk:
        first_day = day_said(desk, first)
        last_day = day_said(desk, last) or first_day
        wish = request_of(AddClosure, first_day=first_day, last_day=last_day, name=why, **asked().once())
        _told(desk, add_closure(desk, wish), f"The shop is shut {days_written(wish.first_day, wish.last_day)}.")


@hours.command(cls=Writing)
@click.argument("number", type=int)
def reopen(number: int) -> None:
    """Open after all: NUMBER is the closure's, as frontdesk hours closures lists it."""
    from frontdesk.services.team.shop_hours import RemoveClosure, remove_closure

    with open_desk() as desk:
        changed = remove_closure(desk, RemoveClosure(closure_id=number, **asked().once()))
        _told(desk, changed, "The shop opens on those days.")


def _told(desk: Desk, changed: ShopHoursChanged, words: str) -> None:
    show(asked(), changed, lambda: _changed(desk, changed, words))


def _changed(desk: Desk, changed: ShopHoursChanged, words: str) -> Iterator[RenderableType]:
    yield text(words)
    yield from stranded(desk, changed.stranded)
