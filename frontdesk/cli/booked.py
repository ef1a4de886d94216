"""How a booking is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from frontdesk.cli.output import amount, money, table, text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.book.booking import Booked


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
    if booked.deposit_asked:
        asked = money(booked.deposit_asked, desk.shop)
        yield text(f"Asks for a deposit of {asked}: frontdesk deposit take {booked.code}.")
