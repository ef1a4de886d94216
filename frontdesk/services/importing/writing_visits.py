"""The book of an import: visits, their lines and parts, the stylists' time, and what is kept as history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from sqlalchemy import text

from frontdesk.rules.export_rows import CancellationRow, NoShowRow
from frontdesk.rules.mapping import Kind
from frontdesk.services.importing.catalogue import Menu
from frontdesk.services.importing.draft import Draft, DraftLine, DraftVisit
from frontdesk.services.importing.rows import add_all
from frontdesk.services.importing.visits import OVERBOOK_REASON
from frontdesk.services.importing.writing import Ids
from frontdesk.services.placing import freeing
from frontdesk.services.placing.visit_codes import new_codes
from frontdesk.services.team import slots
from frontdesk.services.use_case import Work
from frontdesk.tables.appointments import (
    Appointment,
    AppointmentCancellation,
    AppointmentPart,
    AppointmentService,
    AppointmentStep,
)
from frontdesk.tables.slots import TimeSlot


def write_visits(work: Work, draft: Draft, ids: Ids, menu: Menu) -> None:
    """Visits with everything under them, and the strips' derived pieces. The caller holds every strip."""
    fresh = sorted((visit for visit in draft.visits if visit.id is None), key=lambda visit: visit.starts_at)
    codes = new_codes(work.session, len(fresh))
    rows = [_visit(work, draft, ids, visit) | {"code": code} for visit, code in zip(fresh, codes, strict=True)]
    for visit, visit_id in zip(fresh, add_all(work.session, Appointment, rows), strict=True):
        visit.id = visit_id
    _free_missed(work, draft)
    _write_lines(work, draft, ids, menu)
    _change_known(work, draft)
    _write_history(work, draft, ids)
    days = [line.day for visit in draft.visits for line in visit.lines]
    if days:
        one = dt.timedelta(days=1)
        slots.relay(work, sorted(ids.resources.values()), min(days) - one, max(days) + one)


def _visit(work: Work, draft: Draft, ids: Ids, visit: DraftVisit) -> dict[str, object]:
    return {
        "shop_id": work.shop.id, "customer_id": ids.customers.get(visit.customer), "for_guest": visit.for_guest,
        "status": visit.status.value, "starts_at": visit.starts_at, "ends_at": visit.ends_at,
        "starts_local": draft.wall(visit.starts_at), "source": "import", "guest_name": "", "notes": "",
        "internal_notes": "",
    }  # fmt: skip


def _write_lines(work: Work, draft: Draft, ids: Ids, menu: Menu) -> None:
    lines = list(_new_lines(draft))
    rows = [
        {
            "appointment_id": visit.id, "position": position, "service_id": ids.services[line.service],
            "stylist_id": ids.stylists.get(line.staff), "name": menu.names[line.service],
            "price": line.price, "status": line.status.value, "starts_at": line.starts_at,
            "ends_at": line.ends_at, "overbooked": line.overbooked,
            "overbook_reason": OVERBOOK_REASON if line.overbooked else None,
        }
        for visit, position, line in lines
    ]  # fmt: skip
    for (_, _, line), line_id in zip(lines, add_all(work.session, AppointmentService, rows), strict=True):
        line.id = line_id
        if line.row is not None:
            ids.written[line.row] = ("appointment_services", line_id)
    parts = [
        {
            "appointment_service_id": line.id, "position": 1, "kind": "active", "role": "lead",
            "resource_id": ids.resources.get(line.staff), "starts_at": line.starts_at, "ends_at": line.ends_at,
        }
        for _, _, line in lines
    ]  # fmt: skip
    part_ids = add_all(work.session, AppointmentPart, parts)
    add_all(
        work.session,
        TimeSlot,
        [
            {
                "resource_id": ids.resources[line.staff], "shop_id": work.shop.id, "starts_at": line.starts_at,
                "ends_at": line.ends_at, "status": "booked", "part_id": part_id,
            }
            for (_, _, line), part_id in zip(lines, part_ids, strict=True)
            if line.holds
        ],
    )  # fmt: skip
    add_all(
        work.session,
        AppointmentStep,
        [_step(work, visit.id, line, None) for visit, _, line in lines],
    )


def _new_lines(draft: Draft) -> Iterator[tuple[DraftVisit, int, DraftLine]]:
    """New lines with their place in their visit."""
    last: dict[int, int] = {}
    for known in draft.known.lines:
        last[known.visit_id] = max(known.position, last.get(known.visit_id, 0))
    for visit in draft.visits:
        assert visit.id is not None
        for position, line in enumerate(visit.new_lines, start=last.get(visit.id, 0) + 1):
            yield visit, position, line


def _step(work: Work, visit_id: int | None, line: DraftLine, was: str | None) -> Mapping[str, object]:
    return {
        "appointment_id": visit_id, "appointment_service_id": line.id, "from_status": was,
        "to_status": line.status.value, "reason": "imported", "at": work.now,
    }  # fmt: skip


def _free_missed(work: Work, draft: Draft) -> None:
    """Bookings of earlier imports that turned out to be no-shows give their time back."""
    known = {line.id: line for line in draft.known.lines}
    missed = [line for _, line in draft.no_shows if line.id in known]
    if not missed:
        return
    line_ids = [line.id for line in missed if line.id is not None]
    freed = freeing.lift(work, line_ids)
    work.session.execute(_MISS, {"lines": line_ids})
    add_all(
        work.session,
        AppointmentStep,
        [_step(work, known[i].visit_id, line, known[i].status.value) for i, line in zip(line_ids, missed, strict=True)],
    )
    freeing.protect_overbooked(work, freed)


_MISS = text("""
    UPDATE appointment_services SET status = 'no_show', version = version + 1 WHERE id = ANY (:lines)
""")


def _change_known(work: Work, draft: Draft) -> None:
    """Visits of earlier imports that grew or were missed."""
    before = {line.visit_id for line in draft.known.lines}
    for visit in draft.visits:
        if visit.id in before:
            changed = {
                "visit": visit.id, "status": visit.status.value, "starts": visit.starts_at, "ends": visit.ends_at,
                "local": draft.wall(visit.starts_at),
            }  # fmt: skip
            work.session.execute(_CHANGE, changed)


_CHANGE = text("""
    UPDATE appointments SET status = :status, starts_at = :starts, ends_at = :ends, starts_local = :local,
           version = version + 1
     WHERE id = :visit
""")


def _write_history(work: Work, draft: Draft, ids: Ids) -> None:
    visits = {line: visit.id for visit in draft.visits for line in visit.lines}
    known = {line.id: line.visit_id for line in draft.known.lines}
    rows = []
    for row, line in draft.history:
        visit_id = None if line is None else visits.get(line) or known.get(line.id or 0)
        rows.append(_kept(work, ids, row, visit_id))
    for (row, _), number in zip(draft.history, add_all(work.session, AppointmentCancellation, rows), strict=True):
        ids.written[row] = ("appointment_cancellations", number)
    for no_show, line in draft.no_shows:
        assert line.id is not None
        ids.written[no_show] = ("appointment_services", line.id)


def _kept(work: Work, ids: Ids, row: CancellationRow | NoShowRow, visit_id: int | None) -> dict[str, object]:
    """A row of history: a cancellation, or a no-show without a booking, which nobody cancelled."""
    cancelled = isinstance(row, CancellationRow)
    note = "booked again" if visit_id else "" if cancelled else Kind.NO_SHOW.value
    return {
        "shop_id": work.shop.id, "appointment_id": visit_id, "customer_id": ids.customers.get(row.customer),
        "service_id": ids.services[row.service], "stylist_id": ids.stylists.get(row.staff), "for_day": row.day,
        "cancelled_on": row.cancelled_on if isinstance(row, CancellationRow) else row.day,
        "cancelled_by": row.cancelled_by if isinstance(row, CancellationRow) else "", "note": note,
    }  # fmt: skip
