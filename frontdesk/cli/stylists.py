"""frontdesk stylist: who serves, when they work, and when they are away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import menu_of, percent_said, service_named, stylist_named
from frontdesk.cli.output import say, show, table, text
from frontdesk.cli.stranded import stranded
from frontdesk.cli.stylist_breaks import away, breaks, here
from frontdesk.cli.stylist_profile import back, edit, leave, level, rates, show_, skills, terms
from frontdesk.cli.week import hours_said, week_said, week_written
from frontdesk.cli.when import day_said

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from frontdesk.desk import Desk
    from frontdesk.services.team.roster import HoursChanged
    from frontdesk.services.team.stylists import StylistCard

KINDS = ("holiday", "sick", "training", "unpaid", "other")


@click.group()
def stylist() -> None:
    """Who serves, and when."""


for command in (show_, edit, leave, back, skills, level, terms, rates, breaks, away, here):
    stylist.add_command(command)


@stylist.command("list", cls=Reading)
@click.option("--all", "all_", is_flag=True, help="With those who left.")
def list_(all_: bool) -> None:
    """Who serves, with the week that holds today."""
    from frontdesk.services.team.stylists import ListStylists, list_stylists

    with open_desk() as desk:
        found = list_stylists(desk, ListStylists(all=all_))
        services = {one.id: one.name for one in menu_of(desk).services}
    show(asked(), found, lambda: [_stylists(found.stylists, services)] if found.stylists else ())
    if not found.stylists:
        say('Nobody serves yet. Add somebody: frontdesk stylist add Anna --week "mon-sat 9-17".')


@stylist.command(cls=Writing)
@click.argument("name", nargs=-1, required=True)
@click.option("--week", metavar="DAYS HOURS", multiple=True, help='Their usual week: "mon-fri 9-17", "sat 9-13".')
@click.option("--does", metavar="SERVICE", multiple=True, help="What they can do; everything otherwise.")
@click.option("--code", help="Their code on paper.")
@click.option("--phone", default="", help="The telephone number, as one dials it here.")
@click.option("--email", default="", help="Where letters reach them.")
@click.option("--of-services", metavar="PERCENT", help="What they earn of services.")
@click.option("--of-products", metavar="PERCENT", help="What they earn of products.")
def add(
    name: tuple[str, ...],
    week: tuple[str, ...],
    does: tuple[str, ...],
    code: str | None,
    phone: str,
    email: str,
    of_services: str | None,
    of_products: str | None,
) -> None:
    """Add somebody who serves: stylist add Anna Smith --week "mon-sat 9-17" --of-services 40."""
    from frontdesk.services.team.stylists import AddStylist, add_stylist

    with open_desk() as desk:
        menu = menu_of(desk)
        wish = AddStylist(
            first_name=name[0],
            last_name=" ".join(name[1:]),
            code=code,
            phone=phone,
            email=email,
            shifts=week_said(week),
            service_ids=tuple(service_named(menu, words).id for words in does),
            service_percent=percent_said(of_services, desk),
            product_percent=percent_said(of_products, desk),
            **asked().once(),
        )
        card = add_stylist(desk, wish)
    show(asked(), card, lambda: [_stylists((card,), {one.id: one.name for one in menu.services})])


@stylist.command(cls=Writing)
@click.argument("name")
@click.argument("week", nargs=-1, required=True)
@click.option("--from", "since", metavar="DATE", help="From this day on; today otherwise.")
def week(name: str, week: tuple[str, ...], since: str | None) -> None:
    """Another usual week: stylist week anna "mon-fri 10-18" "sat 9-13" --from 1/6. A day without hours is off."""
    from frontdesk.services.team.roster import SetWeeklyShifts, set_weekly_shifts

    with open_desk() as desk:
        wish = SetWeeklyShifts(
            stylist_id=stylist_named(menu_of(desk), name).id,
            valid_from=day_said(desk, since) or desk.today,
            shifts=week_said(week),
            **asked().once(),
        )
        _told(desk, set_weekly_shifts(desk, wish))


@stylist.command(cls=Writing)
@click.argument("name")
@click.argument("date")
@click.argument("hours", required=False)
@click.option("--usual", is_flag=True, help="Back to the usual week.")
def day(name: str, date: str, hours: str | None, usual: bool) -> None:
    """One day that differs: stylist day anna tue 12-20. Without hours they don't work that day."""
    from frontdesk.services.team.roster import DayShift, SetDatedShift, set_dated_shift

    with open_desk() as desk:
        shifts = tuple(DayShift(starts=starts, ends=ends) for starts, ends in (hours_said(hours) if hours else ()))
        wish = SetDatedShift(
            stylist_id=stylist_named(menu_of(desk), name).id,
            day=day_said(desk, date) or desk.today,
            shifts=shifts,
            as_usual=usual,
            **asked().once(),
        )
        _told(desk, set_dated_shift(desk, wish))


@stylist.command(cls=Writing)
@click.argument("name")
@click.argument("first")
@click.argument("last", required=False)
@click.option("--kind", type=click.Choice(KINDS), default="holiday", show_default=True, help="Why.")
@click.option("--note", default="", help="For the roster.")
def off(name: str, first: str, last: str | None, kind: str, note: str) -> None:
    """Days away: stylist off anna 1/6 14/6, or stylist off anna today --kind sick."""
    from frontdesk.cli.requests import request_of
    from frontdesk.services.team.roster import AddTimeOff, add_time_off

    with open_desk() as desk:
        first_day = day_said(desk, first)
        wish = request_of(
            AddTimeOff,
            stylist_id=stylist_named(menu_of(desk), name).id,
            first_day=first_day,
            last_day=day_said(desk, last) or first_day,
            kind=kind,
            note=note,
            **asked().once(),
        )
        _told(desk, add_time_off(desk, wish))


def _told(desk: Desk, changed: HoursChanged) -> None:
    show(asked(), changed, lambda: _changed(desk, changed))


def _changed(desk: Desk, changed: HoursChanged) -> Iterator[RenderableType]:
    yield text(f"{changed.stylist}'s hours are changed.")
    yield from stranded(desk, changed.stranded)


def _stylists(cards: Sequence[StylistCard], services: dict[int, str]) -> Table:
    rows = []
    for one in cards:
        does = ", ".join(services.get(i, str(i)) for i in one.service_ids) or "everything"
        rows.append(
            (str(one.id), one.name, week_written(one.shifts) or "no hours", does, "" if one.is_active else "left")
        )
    return table(("No.", "Stylist", "Week", "Does", ""), rows)
