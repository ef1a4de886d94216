"""frontdesk board: the floor as it is now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.output import amount, show, table, text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.waiting.board import Board


@click.command(cls=Reading)
def board() -> None:
    """Who waits, is served, processes, has to pay or is expected, with minutes, and !! where somebody should look."""
    from frontdesk.services.waiting.board import ShowBoard, show_board

    with open_desk() as desk:
        sheet = show_board(desk, ShowBoard())
        show(asked(), sheet, lambda: _drawn(desk, sheet))


def _drawn(desk: Desk, sheet: Board) -> Iterator[RenderableType]:
    from frontdesk.services.wording import clock_time

    if not sheet.rows:
        yield text("Nobody is here or due within the hour.")
    rows = []
    for row in sheet.rows:
        watched = row.watched(sheet.now, sheet.limits)
        rows.append(
            (
                row.place.value,
                row.code,
                row.customer,
                row.service,
                row.stylist,
                clock_time(row.starts_at, desk.shop.timezone),
                watched.figure,
                f"{'!! ' if watched.alert else ''}{watched.note}",
                amount(row.amount, desk.shop),
            )
        )
    if rows:
        yield table(("", "Visit", "Customer", "Service", "With", "Planned", "Minutes", "", "To pay"), rows)
    if sheet.turns:
        yield text("Turns: " + ", ".join(f"{one.name} {one.turns.normalize():f}" for one in sheet.turns))
