"""frontdesk journal, frontdesk export: the chain of money events, verified and handed to the bookkeeper."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.output import json_of, show, text
from frontdesk.cli.when import passed_day_said, words_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.services.reports.journal import Exported, Posting, Verified

COLUMNS = ("shop", "entry", "day", "kind", "number", "account", "debit", "credit", "currency")


@click.group()
def journal() -> None:
    """The journal of money: every event a double entry, in a chain that shows when it was bent."""


@journal.command(cls=Reading)
@click.option("--against", default="", metavar="HASH", help="The hash that a Z printed: it has to be in the chain.")
def verify(against: str) -> None:
    """Reckon the whole chain again. Changes nothing; exit code 1 when something is not as it was written."""
    from frontdesk.services.reports.journal import VerifyJournal, verify_journal

    with open_desk() as desk:
        found = verify_journal(desk, VerifyJournal(against=against))
    show(asked(), found, lambda: _drawn(found))
    if not found.is_whole:
        raise click.exceptions.Exit(1)


def _drawn(found: Verified) -> Iterator[RenderableType]:
    if found.is_whole:
        yield text(f"{found.shop}: {found.entries} entries, every one as it was written.")
        yield text("The last hash, as a Z prints it:")
        yield text(found.head)
        return
    yield text(f"{found.shop}: {found.entries} entries, and not all as they were written.")
    for one in found.wrong:
        where = f"Z {one.z}, entry {one.entry}" if one.z else f"entry {one.entry}"
        yield text(f"  {where}: {one.what}")
    for receipt in found.unwritten:
        yield text(f"  {receipt} is in no entry")
    yield text("Somebody changed it by hand. Compare with the last backup: frontdesk db backup --verify.")


@click.group()
def export() -> None:
    """Hand figures to another program."""


@export.command("journal", cls=Reading)
@click.argument("day", nargs=-1)
@click.option("--until", default="", metavar="DAY", help="The last day; the first alone when it is not given.")
def export_(day: tuple[str, ...], until: str) -> None:
    """The postings of a day as CSV: debits equal credits. Today's when no day is named."""
    from frontdesk.services.reports.journal import ExportJournal, export_journal

    with open_desk() as desk:
        first = passed_day_said(desk, words_of(day)) or desk.today
        last = passed_day_said(desk, until)
        found = export_journal(desk, ExportJournal(first=first, last=last))
    if asked().json:
        click.echo(json_of(found))
        return
    _write(found)


def _write(found: Exported) -> None:
    lines = csv.writer(sys.stdout, lineterminator="\n")
    lines.writerow(COLUMNS)
    lines.writerows(_rows(found, found.postings))


def _rows(found: Exported, postings: Iterable[Posting]) -> Iterator[tuple[object, ...]]:
    for one in postings:
        number = "" if one.number is None else one.number
        yield found.shop, one.entry, one.day, one.kind, number, one.account, one.debit, one.credit, found.currency
