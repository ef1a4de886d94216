"""frontdesk day: a day of the book, stylist by stylist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.output import show, table, text
from frontdesk.cli.when import day_said, passed_said, words_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.services.sheets.day import DayBlock, DayColumn, DayEntry, DaySheet

_BESIDE = {"$": "paid", "!": "overbooked", "*": "new", "&": "in a party", "↻": "comes again"}


@click.command(cls=Reading)
@click.argument("date", nargs=-1)
@click.option("--as-of", metavar="WHEN", help='As it stood then: --as-of "2026-03-09 17:00".')
@click.option(
    "--view", type=click.Choice(["stylists", "rooms", "all"]), default="stylists", show_default=True,
    help="Whose columns; rooms are chairs and machines, too.",
)  # fmt: skip
def day(date: tuple[str, ...], as_of: str | None, view: str) -> None:
    """A day of the book; today when none is named: day, day tomorrow, day tue, day 2026-03-10."""
    from frontdesk.services.sheets.as_of import ShowDayAsOf, show_day_as_of
    from frontdesk.services.sheets.day import ShowDay, View, show_day

    with open_desk() as desk:
        meant = day_said(desk, words_of(date))
        if as_of is None:
            sheet = show_day(desk, ShowDay(day=meant, view=View(view)))
        else:
            then = passed_said(desk, as_of)
            sheet = show_day_as_of(desk, ShowDayAsOf(day=meant, at=then, view=View(view)))
    show(asked(), sheet, lambda: _drawn(sheet))


def _drawn(sheet: DaySheet) -> Iterator[RenderableType]:
    from frontdesk.services.wording import day_and_time, day_words

    visits = len({entry.appointment_id for entry in sheet.entries})
    then = f"  as it stood {day_and_time(sheet.as_of, sheet.timezone)}" if sheet.as_of else ""
    plural = "" if visits == 1 else "s"
    yield text(f"{sheet.shop}  {day_words(sheet.day)} {sheet.day.year}  {visits} visit{plural}{then}")
    for column in sheet.drawn:
        yield text("")
        yield from _column(sheet, column)
    if sheet.left:
        yield text("")
        yield text("Left the book", "bold")
        yield table([""] * 5, [_row(sheet, entry) for entry in sheet.left])
    if not sheet.drawn:
        yield text("Nobody works and nothing is booked.")
    elif sheet.entries:
        yield text("")
        yield text(_legend((*sheet.entries, *sheet.left)), "dim")


def _legend(entries: Sequence[DayEntry]) -> str:
    """What the letters and marks on this day stand for."""
    states = {entry.status.letter: entry.status.words for entry in entries}
    beside = {mark: words for mark, words in _BESIDE.items() if any(mark in entry.marks for entry in entries)}
    return "  ".join(f"{mark} {words}" for mark, words in (states | beside).items())


def _column(sheet: DaySheet, column: DayColumn) -> Iterator[RenderableType]:
    from frontdesk.services.wording import stretch

    shift = ", ".join(stretch(start, end, sheet.timezone) for start, end in column.shift)
    yield text(f"{column.name}  {shift}".rstrip(), "bold")
    lying: list[DayEntry | DayBlock] = sorted((*column.entries, *column.blocks), key=lambda one: one.starts_at)
    rows = [_row(sheet, one) for one in lying]
    yield table([""] * 5, rows) if rows else text("nothing yet", "dim")


def _row(sheet: DaySheet, one: DayEntry | DayBlock) -> tuple[str, ...]:
    from frontdesk.services.sheets.day import DayBlock
    from frontdesk.services.wording import stretch

    when = stretch(one.starts_at, one.ends_at, sheet.timezone)
    if isinstance(one, DayBlock):
        return (when, "░", one.reason, "", "")
    return (when, one.marks, one.customer, one.service, one.code)
