"""frontdesk stylist break, away, here: breaks, and days away that are planned."""

from __future__ import annotations

import datetime as dt
from uuid import uuid5

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import menu_of, stylist_named
from frontdesk.cli.output import say, show, table, text
from frontdesk.cli.stranded import stranded
from frontdesk.cli.week import hours_said, week_said, weekday_written
from frontdesk.cli.when import day_said, days_written


@click.group("break")
def breaks() -> None:
    """Lunch and the like: every week, or on one day."""


@breaks.command("list", cls=Reading)
@click.argument("name", required=False)
def list_(name: str | None) -> None:
    """Breaks that are not over, of one stylist or of all."""
    from frontdesk.services.team.roster import ListBreaks, list_breaks

    with open_desk() as desk:
        whose = stylist_named(menu_of(desk), name).id if name else None
        found = list_breaks(desk, ListBreaks(stylist_id=whose))
    rows = [
        (
            str(one.id), one.stylist, weekday_written(one.weekday) if one.weekday else str(one.day),
            f"{one.starts:%H:%M}–{one.ends:%H:%M}", one.name,
        )
        for one in found.breaks
    ]  # fmt: skip
    show(asked(), found, lambda: [table(("No.", "Stylist", "Day", "Time", "Break"), rows)] if rows else ())
    if not rows:
        say('There are none. Add one: frontdesk stylist break add anna "mon-fri 12-12:30" --name lunch.')


@breaks.command(cls=Writing)
@click.argument("name")
@click.argument("when", nargs=-1, required=True)
@click.option("--on", "date", metavar="DATE", help="On this day only; WHEN is then its hours: 12-12:30.")
@click.option("--name", "words", default="break", show_default=True, help="What the book shows.")
@click.option("--from", "since", metavar="DATE", help="Every week from this day on; today otherwise.")
def add(name: str, when: tuple[str, ...], date: str | None, words: str, since: str | None) -> None:
    """A break every week, "mon-fri 12-12:30", or on one day: stylist break add anna 12-12:30 --on tue."""
    from frontdesk.services.team.roster import AddBreak, add_break

    with open_desk() as desk:
        who, day, first = stylist_named(menu_of(desk), name), day_said(desk, date), day_said(desk, since)
        key = asked().once()["request_id"]
        stretches: list[tuple[int | None, dt.time, dt.time]] = (
            [(None, *hours) for hours in hours_said(",".join(when))]
            if day
            else [(shift.weekday, shift.starts, shift.ends) for shift in week_said(when)]
        )
        wishes = [
            AddBreak(
                stylist_id=who.id, weekday=weekday, day=day, starts=starts, ends=ends, name=words, valid_from=first,
                request_id=uuid5(key, str(number)) if number else key,
            )
            for number, (weekday, starts, ends) in enumerate(stretches)
        ]  # fmt: skip
        changed = tuple(add_break(desk, wish) for wish in wishes)
        visits = [visit for one in changed for visit in one.stranded]
        numbers = ", ".join(str(one.id) for one in changed)
        told = f"{changed[0].stylist} has a break then (number {numbers})."
        show(asked(), changed, lambda: [text(told), *stranded(desk, visits)])


@breaks.command(cls=Writing)
@click.argument("number", type=int)
def remove(number: int) -> None:
    """Take a break out, by its number in frontdesk stylist break list."""
    from frontdesk.services.team.roster import RemoveBreak, remove_break

    with open_desk() as desk:
        changed = remove_break(desk, RemoveBreak(break_id=number, **asked().once()))
        told = f"{changed.stylist} has that break no longer."
        show(asked(), changed, lambda: [text(told), *stranded(desk, changed.stranded)])


@click.command(cls=Reading)
@click.argument("name", required=False)
def away(name: str | None) -> None:
    """Days away that are not over, of one stylist or of all."""
    from frontdesk.services.team.roster import ListTimeOff, list_time_off

    with open_desk() as desk:
        whose = stylist_named(menu_of(desk), name).id if name else None
        found = list_time_off(desk, ListTimeOff(stylist_id=whose))
    rows = [
        (str(one.id), one.stylist, days_written(one.first_day, one.last_day, one.starts, one.ends), one.kind, one.note)
        for one in found.time_off
    ]
    show(asked(), found, lambda: [table(("No.", "Stylist", "Away", "", "Note"), rows)] if rows else ())
    if not rows:
        say("Nobody is going to be away. Enter days away: frontdesk stylist off anna 1/6 14/6.")


@click.command(cls=Writing)
@click.argument("number", type=int)
def here(number: int) -> None:
    """Somebody is here after all: NUMBER is the time off's, as frontdesk stylist away lists it."""
    from frontdesk.services.team.roster import RemoveTimeOff, remove_time_off

    with open_desk() as desk:
        changed = remove_time_off(desk, RemoveTimeOff(time_off_id=number, **asked().once()))
        told = f"{changed.stylist} works on those days."
        show(asked(), changed, lambda: [text(told), *stranded(desk, changed.stranded)])
