"""Bookings become visits: one client's rows of one day are one, and each service takes its stylist's time if it can."""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections import defaultdict
from collections.abc import Iterable

from frontdesk.clock import TimeRepeated, TimeSkipped, boundary, instant
from frontdesk.money import rounded
from frontdesk.rules.export_rows import BookingRow
from frontdesk.rules.states import EXITS, Status
from frontdesk.services.importing.answers import Fate, Overlap
from frontdesk.services.importing.catalogue import Menu
from frontdesk.services.importing.draft import Draft, DraftLine, DraftVisit
from frontdesk.services.importing.known import Span

OVERBOOK_REASON = "imported overlap"


def plan_bookings(draft: Draft, menu: Menu) -> None:
    """A line for every booked service, beside those that earlier imports brought."""
    for known in draft.known.lines:
        day = draft.wall(known.starts_at).date()
        line = DraftLine(
            known.customer, known.staff, known.service, day, known.starts_at, known.ends_at, known.status,
            id=known.id, paid=known.paid,
        )  # fmt: skip
        draft.lines.append(line)
    for row in draft.export.bookings:
        if draft.is_new(row) and (booked := _line(draft, row, menu)):
            draft.lines.append(booked)


def _line(draft: Draft, row: BookingRow, menu: Menu) -> DraftLine | None:
    if row.service not in menu.services:
        draft.refuse(row, "service", f"there is no service {row.service}, neither in the export nor in the catalogue.")
        return None
    if row.service not in menu.minutes:
        draft.refuse(row, "service", f'the map has no minutes for it. Write "{row.service}" = 30 under [minutes].')
        return None
    odd: Fate | None = None
    try:
        starts = instant(row.day, row.time, draft.timezone)
    except TimeSkipped:
        starts, odd = boundary(row.day, row.time, draft.timezone), Fate.SKIPPED
    except TimeRepeated:
        starts, odd = boundary(row.day, row.time, draft.timezone), Fate.REPEATED
    ends = starts + dt.timedelta(minutes=menu.minutes[row.service])
    status = Status.COMPLETED if starts <= draft.now else Status.CONFIRMED
    price = rounded(menu.prices[row.service], draft.currency)
    return DraftLine(
        row.customer, row.staff, row.service, row.day, starts, ends, status, row, price=price, odd_time=odd
    )


def gather_visits(draft: Draft) -> None:
    """Put lines together to visits. Somebody without a code can't be told from others, so each row is a visit."""
    known_line_visits = {line.id: line.visit_id for line in draft.known.lines}
    by_visit: dict[int, list[DraftLine]] = defaultdict(list)
    by_client_day: dict[tuple[str, dt.date], list[DraftLine]] = defaultdict(list)
    changed = {line for _, line in draft.no_shows}
    for line in draft.lines:
        if line.id is not None:
            by_visit[known_line_visits[line.id]].append(line)
        elif line.customer:
            by_client_day[line.customer, line.day].append(line)
        else:
            draft.visits.append(DraftVisit("", [line]))
    standing = {(visit.customer, visit.starts_local.date()): visit.id for visit in draft.known.visits if visit.imported}
    for (customer, day), lines in by_client_day.items():
        joined = standing.get((customer, day))
        if joined in by_visit and not _elsewhere(draft, customer, [*by_visit[joined], *lines], joined):
            draft.visits.append(DraftVisit(customer, by_visit.pop(joined) + lines, joined))
            continue
        for_guest = bool(_elsewhere(draft, customer, lines, None))
        draft.visits.append(DraftVisit(customer, lines, for_guest=for_guest))
    draft.visits += [
        DraftVisit(lines[0].customer, lines, visit_id)
        for visit_id, lines in by_visit.items()
        if changed.intersection(lines)
    ]
    _set_apart(draft)


def _elsewhere(draft: Draft, customer: str, lines: Iterable[DraftLine], itself: int | None) -> str | None:
    """The code of another visit of the same customer at that time."""
    spans = [(line.starts_at, line.ends_at) for line in lines]
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    for visit in draft.known.visits:
        if visit.customer == customer and visit.id != itself and visit.starts_at < end and start < visit.ends_at:
            return visit.code
    return None


def _set_apart(draft: Draft) -> None:
    """New visits of one customer on neighbouring days that meet at midnight: the later one stands beside."""
    until: dict[str, dt.datetime] = {}
    for visit in sorted(draft.visits, key=lambda visit: visit.starts_at):
        if not visit.customer or visit.status in EXITS or visit.for_guest:
            continue
        if visit.id is None and visit.starts_at < until.get(visit.customer, visit.starts_at):
            visit.for_guest = True
            continue
        until[visit.customer] = max(visit.ends_at, until.get(visit.customer, visit.ends_at))


def place_lines(draft: Draft) -> None:
    """Give each service its stylist's time, the earlier one first; what meets taken time is overbooked and listed."""
    taken: dict[str, list[tuple[Span, str]]] = defaultdict(list)
    for staff, spans in draft.known.taken.items():
        taken[staff] = sorted((span, "a visit that is here already") for span in spans)
    fresh = [line for line in draft.lines if line.row is not None and line.holds]
    for line in sorted(fresh, key=lambda line: (line.starts_at, line.row.row if line.row else 0)):
        assert line.row is not None
        beside = next(
            (what for (start, end), what in taken[line.staff] if start < line.ends_at and line.starts_at < end), None
        )
        if beside is None:
            words = (
                f"row {line.row.row}, {draft.wall(line.starts_at):%H:%M} {line.service} of {line.customer or 'nobody'}"
            )
            insort(taken[line.staff], ((line.starts_at, line.ends_at), words))
            continue
        line.overbooked = True
        draft.overlaps.append(
            Overlap(
                line.row.file, line.row.row, draft.wall(line.starts_at), line.staff, line.service, line.customer, beside
            )
        )


def tell_bookings(draft: Draft) -> None:
    """Say what became of every booked service."""
    beside = {(overlap.file, overlap.row): overlap.beside for overlap in draft.overlaps}
    for visit in draft.visits:
        for place, line in enumerate(visit.new_lines):
            assert line.row is not None
            words = []
            fate = Fate.NEW
            if place or visit.id is not None:
                fate = Fate.JOINED
                words.append("with the client's other services of that day")
            if visit.for_guest:
                words.append("beside another visit of the same client")
            if line.odd_time:
                fate = line.odd_time
                words.append(f"taken as {draft.wall(line.starts_at):%H:%M}")
            if not line.staff:
                fate = Fate.WAITING
                words.append("nobody's time is taken")
            if line.overbooked:
                fate = Fate.OVERBOOKED
                words.append(f"beside {beside[line.row.file, line.row.row]}")
            if line.status is Status.NO_SHOW:
                words.append("a no-show, its time is free")
            draft.tell(line.row, fate, "; ".join(words))
