"""frontdesk doctor: what the machine and the data say about themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.output import show, table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.services.records.doctor import Diagnosis

ROWS_SHOWN = 10


@click.command(cls=Reading)
@click.option("--data", is_flag=True, help="Check every promise of the data, row by row.")
def doctor(data: bool) -> None:
    """Look for what should never be. Changes nothing; exit code 1 when something is found."""
    from frontdesk.services.records.doctor import Examine, ExamineData, examine, examine_data

    with open_desk() as desk:
        found = examine_data(desk, ExamineData()) if data else examine(desk, Examine())
    show(asked(), found, lambda: _drawn(found))
    if found.findings:
        raise click.exceptions.Exit(1)


def _drawn(found: Diagnosis) -> Iterator[RenderableType]:
    wrong = {finding.promise: finding for finding in found.findings}
    lines: list[tuple[str, str]] = []
    for promise in found.checked:
        lines.append(("no" if promise in wrong else "ok", promise))
        if promise in wrong:
            rows = wrong[promise].rows
            lines += [("", f"  {row}") for row in rows[:ROWS_SHOWN]]
            lines += [("", f"  and {len(rows) - ROWS_SHOWN} more")] if len(rows) > ROWS_SHOWN else []
            lines.append(("", wrong[promise].remedy))
    yield table(("", ""), lines)
