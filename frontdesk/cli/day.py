"""frontdesk day: a day of the book, stylist by stylist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.output import show, table, text
from frontdesk.cli.when import day_said, words_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.services.day import DayBlock, DayColumn, DayEntry, DaySheet

_BESIDE = {"$": "paid", "!": "overbooked", "*": "new"}


@click.command(cls=Reading)
@click.argument("date", nargs=-1)
def day(date: tuple[str, ...]) -> None:
    """A day of the book; today when none is named: day, day tomorrow, day tue, day 2026-03-10."""
    from frontdesk.services.day import ShowDay, show_day

    with open_desk() as desk:
        sheet = show_day(desk, ShowDay(day=day_said(desk, words_of(date))))
    show(asked(), sheet, lambda: _drawn(sheet))


def _drawn(sheet: DaySheet) -> Iterator[RenderableType]:
    from frontdesk.services.wording import day_words

    visits = len({entry.appointment_id for entry in sheet.entries})
    yield text(f"{sheet.shop}  {day_words(sheet.day)} {sheet.day.year}  {visits} visit{'' if visits == 1 else 's'}")
    for column in sheet.columns:
        yield text("")
        yield from _column(sheet, column)
    if sheet.left:
        yield text("")
        yield text("Left the book", "bold")
        yield table([""] * 5, [_row(sheet, entry) for entry in sheet.left])
    if not sheet.columns:
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
    from frontdesk.services.day import DayBlock
    from frontdesk.services.wording import stretch

    when = stretch(one.starts_at, one.ends_at, sheet.timezone)
    if isinstance(one, DayBlock):
        return (when, "░", one.reason, "", "")
    return (when, one.marks, one.customer, one.service, one.code)
