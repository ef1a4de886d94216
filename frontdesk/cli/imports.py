"""frontdesk import: another system's export comes over, every row's fate told first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.output import say, show, table, text
from frontdesk.cli.run import REFUSED

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.services.importing import ImportPlan, ImportReport, RowFate
    from frontdesk.services.importing.answers import Count, Difference, Overlap, Rounding

SHOWN = 40
"""Rows of a list before the rest is only counted."""


@click.command("import", cls=Writing)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path, resolve_path=True))
@click.option("--map", "map_file", type=click.Path(exists=True, dir_okay=False, path_type=Path, resolve_path=True),
              required=True, help="Which column means what, as TOML.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would become of every row, and change nothing.")
@click.option("--rows", "all_rows", is_flag=True, help="With --dry-run: list every row, not only the odd ones.")
def import_(folder: Path, map_file: Path, dry_run: bool, all_rows: bool) -> None:
    """Bring over another system's export: all of it, or nothing.

    FOLDER holds its CSV files. Importing again adds only what is new. Afterwards the book's sums are held against the
    files', and an import that does not add up is taken back by itself.
    """
    from frontdesk.services.importing import PlanImport, RunImport, plan_import, run_import

    line = asked()
    with open_desk() as desk:
        if dry_run:
            plan = plan_import(desk, PlanImport(folder=folder, map_file=map_file))
            show(line, plan, lambda: _plan(plan, all_rows=all_rows))
            refused = _refused(plan)
            if refused:
                say(f"{refused} rows can't be read, so nothing would be imported. Correct them, or the map.")
                raise click.exceptions.Exit(REFUSED)
            say("Nothing was changed. Without --dry-run it is imported.")
            return
        report = run_import(desk, RunImport(folder=folder, map_file=map_file, **line.once()))
        show(line, report, lambda: _report(report))


def _refused(plan: ImportPlan) -> int:
    from frontdesk.services.importing import Fate

    return sum(row.fate is Fate.REFUSED for row in plan.rows)


def _plan(plan: ImportPlan, *, all_rows: bool) -> Iterator[RenderableType]:
    yield text(f"{plan.source}: {len(plan.rows)} rows")
    yield from _counts(plan.counts)
    odd = plan.rows if all_rows else tuple(row for row in plan.rows if _is_odd(row))
    if odd:
        yield text("")
        most = len(odd) if all_rows else SHOWN
        rows = [(f"{row.file}:{row.row}", row.fate.value, row.why) for row in odd[:most]]
        yield table(("Row", "Fate", "Why"), rows)
        yield from _rest(len(odd), most, "--rows lists them all")
    yield from _overlaps(plan.overlaps)
    yield from _roundings(plan.roundings)
    yield from _notes(plan.notes)


def _is_odd(row: RowFate) -> bool:
    from frontdesk.services.importing import Fate

    return row.fate not in (Fate.NEW, Fate.HERE, Fate.JOINED, Fate.HISTORY, Fate.MARKED, Fate.OVERBOOKED)


def _report(report: ImportReport) -> Iterator[RenderableType]:
    if report.batch_id is None:
        yield text(f"{report.source}: {report.rows_read} rows read, nothing new.")
    else:
        added = f"{report.rows_read} rows read, {report.rows_added} added as batch {report.batch_id}."
        yield text(f"{report.source}: {added}")
    yield from _counts(report.counts)
    yield from _overlaps(report.overlaps)
    yield text("")
    same = "all equal" if not report.differences else f"{len(report.differences)} differ, each explained"
    yield text(f"{report.sums_compared} sums held against the files: {same}.")
    yield from _differences(report.differences)
    yield from _roundings(report.roundings)
    yield from _notes(report.notes)


def _counts(counts: Sequence[Count]) -> Iterator[RenderableType]:
    if counts:
        yield text("")
        rows = [(str(count.rows), count.kind.value.replace("_", " "), count.fate.value) for count in counts]
        yield table(("Rows", "Kind", "Fate"), rows, right=("Rows",))


def _overlaps(overlaps: Sequence[Overlap]) -> Iterator[RenderableType]:
    if not overlaps:
        return
    yield text("")
    yield text("Kept as overbooked, because the stylist still served somebody else", "bold")
    rows = [
        (f"{one.starts:%a %d %b %H:%M}", one.stylist, one.customer, one.service, one.beside) for one in overlaps[:SHOWN]
    ]
    yield table(("When", "With", "Customer", "Service", "Beside"), rows)
    yield from _rest(len(overlaps), SHOWN, "--json has them all")


def _differences(differences: Sequence[Difference]) -> Iterator[RenderableType]:
    if differences:
        yield table(
            ("Day", "Staff", "What", "File", "Book", "Because"),
            [
                (one.day.isoformat(), one.staff, one.what, str(one.in_file), str(one.in_book), one.explanation)
                for one in differences
            ],
            right=("File", "Book"),
        )


def _roundings(roundings: Sequence[Rounding]) -> Iterator[RenderableType]:
    if not roundings:
        return
    yield text("")
    yield text("Taxes that would be a cent apart if rounded once per receipt; kept as rounded line by line", "bold")
    rows = [(one.receipt, one.day.isoformat(), one.tax, str(one.by_line), str(one.by_receipt)) for one in roundings]
    yield table(("Receipt", "Day", "Tax", "Kept", "Once"), rows[:SHOWN], right=("Kept", "Once"))
    yield from _rest(len(rows), SHOWN, "--json has them all")


def _notes(notes: Sequence[str]) -> Iterator[RenderableType]:
    if notes:
        yield text("")
    yield from (text(note) for note in notes)


def _rest(there_are: int, shown: int, how: str) -> Iterator[RenderableType]:
    if there_are > shown:
        yield text(f"… and {there_are - shown} more: {how}.", "dim")
