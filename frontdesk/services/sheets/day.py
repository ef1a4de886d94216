"""One day of a shop's book as a sheet: who works when, and what lies in each column (features BK1, BK2)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from frontdesk.clock import boundary, day_bounds
from frontdesk.permissions import Deed
from frontdesk.rules.intervals import joined
from frontdesk.rules.plan import UNTOLD
from frontdesk.rules.states import EXITS, Status
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.sheets.day_columns import HeldPart, Resource, column_of, spread
from frontdesk.services.sheets.day_sheet import DayBlock, DayColumn, DayEntry, DayPart, DaySheet, Moments, View
from frontdesk.services.team import slots
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import person
from frontdesk.text import phone_digits

__all__ = ["DayBlock", "DayColumn", "DayEntry", "DayPart", "DaySheet", "Moments", "ShowDay", "View", "show_day"]


@dataclass(frozen=True, kw_only=True)
class ShowDay:
    """A day of the book; today when none is named."""

    day: dt.date | None = None
    view: View = View.STYLISTS


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def show_day(work: Work, request: ShowDay) -> DaySheet:
    """A day of this shop: a column for everybody who works or serves, one for what nobody has taken yet, and one for
    each room, chair and machine."""
    day = request.day or work.desk.today
    return sheet_of(work, day, lines_in(work, window(work, day)), view=request.view)


def window(work: Work, day: dt.date, last: dt.date | None = None) -> dict[str, Any]:
    """The bounds of a day, or of several, and how far back one looks for what reaches into them."""
    since, until = day_bounds(day, work.shop.timezone)[0], day_bounds(last or day, work.shop.timezone)[1]
    return {"shop": work.shop.id, "since": since, "until": until, "back": since - slots.LONGEST_PIECE}


def sheet_of(
    work: Work, day: dt.date, rows: Sequence[Any], *, view: View = View.STYLISTS, as_of: dt.datetime | None = None
) -> DaySheet:
    """A sheet from the lines of its visits, as they stand or as they stood."""
    lines, left, seated = sorted_out(rows)
    pieces = pieces_in(work, window(work, day))
    if as_of is not None:
        # Strips have no history: what is free or held is only known of now.
        pieces = defaultdict(list, {one: [p for p in its if p.status in _LASTING] for one, its in pieces.items()})
    resources = resources_of(work)
    standing = spread(lines, resources)
    shop = work.session.execute(_SHOP, {"shop": work.shop.id, "day": day, "weekday": day.isoweekday()}).one()
    soonest, shortest = whole_minute(work.now), dt.timedelta(minutes=work.shop.slot_minutes)
    columns = [
        column_of(one, pieces[one.id], standing[one.id], soonest=soonest, shortest=shortest)
        for one in resources
        if standing[one.id] or any(piece.elsewhere is None for piece in pieces[one.id])
    ]
    stylists = [column for column in columns if column.kind == "stylist"]
    if standing[None]:
        stylists.append(DayColumn(None, None, "Unassigned", (), (), tuple(standing[None])))
    zone = work.shop.timezone
    hours = joined(
        (boundary(day, dt.time.fromisoformat(opens), zone), boundary(day, dt.time.fromisoformat(closes), zone))
        for opens, closes in shop.hours or ()
    )
    return DaySheet(
        day,
        work.shop.name,
        zone,
        tuple(stylists),
        tuple(left),
        as_of or work.now,
        work.shop.slot_minutes,
        tuple(hours),
        work.shop.currency,
        things=tuple(column for column in columns if column.kind != "stylist"),
        seated=tuple(seated),
        late_minutes=shop.late_minutes,
        overrun_minutes=shop.overrun_minutes,
        view=view,
        as_of=as_of,
    )


_LASTING = ("available", "blocked", "maintenance")


def sorted_out(
    rows: Iterable[Any],
) -> tuple[list[tuple[DayEntry, list[HeldPart]]], list[DayEntry], list[DayEntry]]:
    """Lines that stand in columns with their parts, those that have left the book, and those with a seat in a class."""
    lines: list[tuple[DayEntry, list[HeldPart]]] = []
    left: list[DayEntry] = []
    seated: list[DayEntry] = []
    for row in rows:
        parts = [_held(part) for part in row.parts or ()]
        entry = _entry(row, parts)
        if entry.status in EXITS:
            left.append(entry)
        elif row.class_session_id is not None:
            seated.append(entry)
        else:
            lines.append((entry, parts))
    return lines, left, seated


def lines_in(work: Work, asked: Mapping[str, object]) -> Sequence[Any]:
    """Every line of a visit that touches a window."""
    return work.session.execute(_LINES, asked).all()


def pieces_in(work: Work, asked: Mapping[str, object]) -> defaultdict[int, list[Any]]:
    """Every piece of a strip that touches a window, by resource."""
    pieces = defaultdict(list)
    for piece in work.session.execute(_PIECES, {**asked, "now": work.now}):
        pieces[piece.resource_id].append(piece)
    return pieces


def resources_of(work: Work) -> list[Resource]:
    """Whatever may have a column, in the order of the book."""
    return [Resource(*row) for row in work.session.execute(_RESOURCES, {"shop": work.shop.id})]


def whole_minute(instant: dt.datetime) -> dt.datetime:
    """This minute when it has just begun, otherwise the next: nobody is booked at 14:52:30."""
    begun = instant.replace(second=0, microsecond=0)
    return begun if begun == instant else begun + dt.timedelta(minutes=1)


def _held(part: Sequence[Any]) -> HeldPart:
    kind, role, resource_id, starts_at, ends_at = part
    return HeldPart(kind, role, resource_id, dt.datetime.fromisoformat(starts_at), dt.datetime.fromisoformat(ends_at))


def _entry(row: Any, parts: Sequence[HeldPart]) -> DayEntry:  # noqa: ANN401  a row of _LINES
    told = [part for part in parts if part.kind not in UNTOLD]
    return DayEntry(
        row.appointment_id,
        row.line_id,
        row.code,
        row.customer_id,
        person(row.first_name, row.last_name, row.customer_code, row.guest_name),
        row.service,
        Status(row.status),
        min((part.starts_at for part in told), default=row.starts_at),
        max((part.ends_at for part in told), default=row.ends_at),
        row.price,
        row.overbooked,
        row.paid,
        row.new_customer,
        tuple(dict.fromkeys(DayPart(part.kind, part.starts_at, part.ends_at) for part in parts)),
        stylist_id=row.stylist_id,
        version=row.version,
        phone_tail=phone_digits(row.phone or "")[-4:],
        notes=row.has_notes,
        arrived_at=row.arrived_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        addon_of=row.addon_of,
        group_id=row.group_id,
        in_series=row.in_series,
        category_id=row.category_id,
    )


_LINES = text("""
    SELECT l.appointment_id, l.id AS line_id, a.code, a.customer_id, a.guest_name, c.first_name, c.last_name,
           c.code AS customer_code, l.name AS service, l.status, l.stylist_id, l.starts_at, l.ends_at, l.price,
           l.arrived_at, l.started_at, l.finished_at, a.version, c.phone, l.addon_of, a.group_id, l.class_session_id,
           v.category_id, a.notes <> '' OR a.internal_notes <> '' AS has_notes, l.overbooked,
           EXISTS (SELECT FROM series_dates d WHERE d.appointment_id = a.id) AS in_series,
           EXISTS (SELECT FROM paid_visit_lines p WHERE p.appointment_service_id = l.id) AS paid,
           a.customer_id IS NOT NULL AND NOT EXISTS (
               SELECT FROM appointments b WHERE b.customer_id = a.customer_id AND b.starts_at < a.starts_at
                  AND b.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')) AS new_customer,
           (SELECT jsonb_agg(jsonb_build_array(p.kind, p.role, p.resource_id, p.starts_at, p.ends_at)
                             ORDER BY p.position, p.role)
              FROM appointment_parts p WHERE p.appointment_service_id = l.id) AS parts
      FROM appointments a JOIN appointment_services l ON l.appointment_id = a.id
      JOIN services v ON v.id = l.service_id LEFT JOIN customers c ON c.id = a.customer_id
     WHERE a.shop_id = :shop AND a.starts_at >= :back AND a.starts_at < :until
       AND (a.starts_at >= :since OR l.ends_at > :since)
     ORDER BY l.starts_at, l.id
""")
_PIECES = text("""
    SELECT t.resource_id, t.starts_at, t.ends_at, t.status, t.reason, t.held_until,
           CASE WHEN t.shop_id <> :shop THEN (SELECT name FROM shops WHERE id = t.shop_id) END AS elsewhere,
           CASE WHEN t.status = 'held' THEN (SELECT name FROM users WHERE id = t.held_by) END AS held_by,
           CASE WHEN t.status = 'held' THEN (
               SELECT coalesce(nullif(trim(c.first_name || ' ' || c.last_name), ''), w.guest_name)
                 FROM waitlist_offers o JOIN waitlist_entries w ON w.id = o.entry_id
                 LEFT JOIN customers c ON c.id = w.customer_id
                WHERE o.hold_key = t.hold_key AND o.closed_at IS NULL) END AS offered_to,
           CASE WHEN t.class_session_id IS NOT NULL THEN (
               SELECT jsonb_build_object(
                   'id', k.id, 'name', v.name, 'category_id', v.category_id, 'stylist_id', k.stylist_id,
                   'starts_at', k.starts_at, 'ends_at', k.ends_at, 'seats', k.seats, 'taken', (
                       SELECT count(*) FROM class_seats s JOIN appointments a ON a.id = s.appointment_id
                        WHERE s.session_id = k.id
                          AND a.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')))
                 FROM class_sessions k JOIN services v ON v.id = k.service_id
                WHERE k.id = t.class_session_id) END AS session
      FROM time_slots t
     WHERE t.resource_id IN (SELECT id FROM resources WHERE kind = 'stylist' OR shop_id = :shop)
       AND t.starts_at >= :back AND t.starts_at < :until AND t.ends_at > :since
       AND (t.shop_id = :shop OR t.status IN ('available', 'booked'))
       AND (t.status <> 'held' OR t.held_until > :now)
     ORDER BY t.starts_at
""")
_RESOURCES = text("""
    SELECT r.id, r.kind, coalesce(p.first_name, r.name), p.id
      FROM resources r LEFT JOIN stylists p ON p.resource_id = r.id
     WHERE p.id IS NOT NULL OR (r.kind <> 'stylist' AND r.shop_id = :shop)
     ORDER BY array_position('{stylist,room,chair,machine}', r.kind), r.position, p.id, r.id
""")
_SHOP = text("""
    SELECT s.late_minutes, s.overrun_minutes, (
        SELECT jsonb_agg(jsonb_build_array(h.opens, h.closes)) FROM business_hours h
         WHERE h.shop_id = s.id AND h.weekday = :weekday AND h.valid_from <= :day AND h.valid_until > :day
           AND NOT EXISTS (SELECT FROM closures c WHERE c.shop_id = s.id AND :day BETWEEN c.first_day AND c.last_day)
        ) AS hours
      FROM shops s WHERE s.id = :shop
""")
