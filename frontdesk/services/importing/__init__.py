"""Another system's export comes in: every row's fate told first, then all or nothing, then held against the files.

A folder of CSV files and a map of their columns make a draft (`catalogue`, `visits`, `endings`, `receipts`: nothing is
asked and nothing written), the draft is written in one transaction (`writing*`), and the book's sums are compared with
the raw files on a way of their own (`reconciling`). Rows are remembered under the map's name, so importing again adds
only what is new (features AD11).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from frontdesk.errors import BadInput
from frontdesk.permissions import Deed
from frontdesk.rules.export_text import read_export
from frontdesk.rules.mapping import ImportMap, Kind
from frontdesk.services.importing.answers import (
    NOT_ADDED,
    Count,
    Fate,
    ImportPlan,
    ImportReport,
    Rounding,
    RowFate,
    counted,
)
from frontdesk.services.importing.catalogue import Menu, plan_catalogue, plan_people
from frontdesk.services.importing.draft import Draft
from frontdesk.services.importing.endings import plan_cancellations, plan_no_shows
from frontdesk.services.importing.known import known
from frontdesk.services.importing.reading import map_at, texts_in
from frontdesk.services.importing.receipts import plan_receipts
from frontdesk.services.importing.reconciling import (
    Compared,
    compare,
    refuse_unexplained,
    roundings,
    sums_of_book,
    sums_of_file,
)
from frontdesk.services.importing.shelf import write_shelf
from frontdesk.services.importing.visits import gather_visits, place_lines, plan_bookings, tell_bookings
from frontdesk.services.importing.writing import write_batch, write_catalogue
from frontdesk.services.importing.writing_sales import write_sales
from frontdesk.services.importing.writing_visits import write_visits
from frontdesk.services.team import slots
from frontdesk.services.use_case import Work, Write, use_case

__all__ = ["Fate", "ImportPlan", "ImportReport", "PlanImport", "RowFate", "RunImport", "plan_import", "run_import"]


@dataclass(frozen=True, kw_only=True)
class PlanImport:
    """Which folder, by which map."""

    folder: Path
    map_file: Path


@dataclass(frozen=True, kw_only=True)
class RunImport(Write):
    """Which folder, by which map."""

    folder: Path
    map_file: Path


@use_case(Deed.IMPORT)
def plan_import(work: Work, request: PlanImport) -> ImportPlan:
    """Say what an import would do with every row, and change nothing. Raises BadInput when a file is no table."""
    mapping = map_at(request.map_file)
    texts = texts_in(request.folder, mapping)
    draft = _draft(work, mapping, texts)
    rows = _in_file_order(draft)
    by_receipt = () if draft.faults else _roundings(work, mapping, texts)
    return ImportPlan(mapping.source, rows, _counts(draft), tuple(draft.overlaps), by_receipt, tuple(draft.notes))


@use_case(Deed.IMPORT)
def run_import(work: Work, request: RunImport) -> ImportReport:
    """Import a folder, all of it or nothing. Raises BadInput naming file, row and column, and DoesNotAddUp.

    Holds every stylist's strip until the commit: bookings wait for it.
    """
    mapping = map_at(request.map_file)
    texts = texts_in(request.folder, mapping)
    _hold(work)
    draft = _draft(work, mapping, texts)
    _refuse_faults(draft)
    rows = _in_file_order(draft)
    added = sum(row.fate not in NOT_ADDED for row in rows)
    batch_id = _write(work, draft, len(rows)) if added else None
    compared = _compared(work, draft, texts)
    refuse_unexplained(compared)
    return ImportReport(
        batch_id, mapping.source, len(rows), added, _counts(draft), tuple(draft.overlaps), compared.sums,
        compared.differences, _roundings(work, mapping, texts), tuple(draft.notes),
    )  # fmt: skip


def _hold(work: Work) -> None:
    """One import at a time, and no booking under its feet: what it plans with has to stay true until it is written."""
    work.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('import', actor_business()))"))
    strips = work.session.execute(text("SELECT resource_id FROM stylists")).scalars()
    slots.hold_whole(work.session, strips)


def _draft(work: Work, mapping: ImportMap, texts: dict[str, str]) -> Draft:
    for what, said, ours in (
        ("times are", mapping.timezone, work.shop.timezone),
        ("amounts are", mapping.currency, work.shop.currency),
    ):
        if said and said != ours:
            raise BadInput(
                f"The map says that {what} {said}, and {work.shop.name} keeps {ours}. Import into the right shop, or"
                " change the map.", field="map_file",
            )  # fmt: skip
    export = read_export(texts, mapping)
    here = known(work.session, work.shop.id, mapping.source, export)
    draft = Draft(mapping, export, here, work.now, work.shop.timezone, work.shop.currency, faults=list(export.faults))
    _tell_faults(draft)
    plan_catalogue(draft)
    plan_people(draft)
    menu = Menu(draft)
    plan_bookings(draft, menu)
    plan_no_shows(draft, menu)
    plan_cancellations(draft, menu)
    place_lines(draft)
    gather_visits(draft)
    tell_bookings(draft)
    plan_receipts(draft, menu)
    return draft


def _tell_faults(draft: Draft) -> None:
    kinds = {file.file: file.kind for file in draft.mapping.files}
    for fault in draft.faults:
        words = f"{fault.column}: {fault.problem}" if fault.column else fault.problem
        draft.fates.append(RowFate(fault.file, fault.row, kinds[fault.file], Fate.REFUSED, words))
    for file, headings in draft.export.unread:
        draft.notes.append(f"{file}: not read, because the map does not name it: {', '.join(headings)}.")


def _refuse_faults(draft: Draft) -> None:
    if not draft.faults:
        return
    order = [file.file for file in draft.mapping.files]
    first = min(draft.faults, key=lambda fault: (order.index(fault.file), fault.row))
    more = len(draft.faults) - 1
    others = f" {more} more like it: a dry run lists them." if more else ""
    raise BadInput(f"{first.sentence}{others} Nothing was imported.", field=first.column or first.file)


def _in_file_order(draft: Draft) -> tuple[RowFate, ...]:
    order = [file.file for file in draft.mapping.files]
    return tuple(sorted(draft.fates, key=lambda fate: (order.index(fate.file), fate.row)))


def _counts(draft: Draft) -> tuple[Count, ...]:
    """Of rows, and of the people whom the rows mention by code."""
    people = [(Kind.STAFF, Fate.NEW)] * len(draft.staff)
    people += [(Kind.CUSTOMER, Fate.NEW)] * sum(not row.row for row in draft.customers)
    return counted([*((row.kind, row.fate) for row in draft.fates), *people])


def _write(work: Work, draft: Draft, rows_read: int) -> int:
    ids = write_catalogue(work, draft)
    menu = Menu(draft)
    write_visits(work, draft, ids, menu)
    write_shelf(work, draft, ids)
    write_sales(work, draft, ids)
    batch_id = write_batch(work, draft, ids, rows_read)
    work.tell("import.done", batch_id, source=draft.mapping.source)
    return batch_id


def _compared(work: Work, draft: Draft, texts: dict[str, str]) -> Compared:
    file = draft.mapping.file_of(Kind.RECEIPT)
    if file is None:
        return Compared(0, ())
    in_file = sums_of_file(texts[file.file], draft.mapping, draft.currency)
    in_book = sums_of_book(work.session, work.shop.id, {key.receipt for key in in_file})
    return compare(in_file, in_book, draft.known.receipts)


def _roundings(work: Work, mapping: ImportMap, texts: dict[str, str]) -> tuple[Rounding, ...]:
    file = mapping.file_of(Kind.RECEIPT)
    return roundings(texts[file.file], mapping, work.shop.currency) if file else ()
