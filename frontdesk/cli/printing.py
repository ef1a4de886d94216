"""frontdesk print: what is put on paper for the morning."""

from __future__ import annotations

import click

from frontdesk.cli.asked import Reading, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.output import show, text
from frontdesk.cli.when import day_said, words_of


@click.group("print")
def print_() -> None:
    """For paper: frontdesk print day tomorrow | lp."""


@print_.command(cls=Reading)
@click.argument("date", nargs=-1)
def day(date: tuple[str, ...]) -> None:
    """A day of the book in 80 columns, a list for each stylist with what to know; tomorrow when none is named."""
    from frontdesk.services.reports.printed_day import PrintDay, print_day

    with open_desk() as desk:
        found = print_day(desk, PrintDay(day=day_said(desk, words_of(date)) if date else None))
    show(asked(), found, lambda: [text(line) for line in found.sheet.splitlines()])
