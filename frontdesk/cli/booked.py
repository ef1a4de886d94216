"""How a booking is shown, and what one may insist on."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypedDict

import click

from frontdesk.cli.output import amount, table, text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.booking import Booked

Command = Callable[..., None]


class Insisted(TypedDict):
    """What one insists on."""

    overbook_reason: str | None
    outside_hours: bool
    in_past: bool


def insisting(command: Command) -> Command:
    """--overbook, --outside and --past, handed on together as `insisted`."""

    @functools.wraps(command)
    def run(overbook: str | None, outside: bool, past: bool, **others: object) -> None:
        command(**others, insisted=Insisted(overbook_reason=overbook, outside_hours=outside, in_past=past))

    for option in (
        click.option("--past", is_flag=True, help="Although that time has been."),
        click.option("--outside", is_flag=True, help="Although nobody works then."),
        click.option("--overbook", metavar="REASON", help="Beside another visit, on purpose; say why."),
    ):
        option(run)
    return run


def drawn_booking(desk: Desk, booked: Booked) -> Iterator[RenderableType]:
    """A visit as it stands in the book now."""
    from frontdesk.services.wording import clock_time, day_and_time, stretch

    zone = desk.shop.timezone
    word = "Moved" if booked.moved_from else "Booked"
    when = f"{day_and_time(booked.starts_at, zone)}–{clock_time(booked.ends_at, zone)}"
    before = f", before {day_and_time(booked.moved_from, zone)}" if booked.moved_from else ""
    yield text(f"{word} {booked.customer}, {when}{before}. Visit {booked.code}.")
    yield table(
        [""] * 5,
        [
            (stretch(line.starts_at, line.ends_at, zone), line.service, line.stylist or "nobody yet",
             amount(line.price, desk.shop), "! overbooked" if line.overbooked else "")
            for line in booked.lines
        ],
    )  # fmt: skip
