"""A day of the book as it stood at any moment, from what it is now and what was changed since (features N4).

Visits, lines, parts, classes and whose they are come from history. Names of people and services, and everybody's
hours, are those of now: they have no place in the book's own history.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from sqlalchemy import text

from frontdesk.permissions import Deed
from frontdesk.rules.states import EXITS, Status
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.sheets.day import sheet_of, window
from frontdesk.services.sheets.day_columns import class_entry
from frontdesk.services.sheets.day_sheet import DayColumn, DayEntry, DaySheet, View
from frontdesk.services.use_case import Work, use_case

_UNTOLD = "somebody who is no longer here"


@dataclass(frozen=True, kw_only=True)
class ShowDayAsOf:
    """A day of the book as it stood."""

    at: dt.datetime
    """Then."""
    day: dt.date | None = None
    """Today when it is not given."""
    view: View = View.STYLISTS


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def show_day_as_of(work: Work, request: ShowDayAsOf) -> DaySheet:
    """A day of this shop as it stood at a moment. A change that was being made then may be on either side of it."""
    day = request.day or work.desk.today
    asked = window(work, day)
    kept: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in work.session.execute(_KEPT, {**asked, "at": request.at}):
        kept[row.what].append(json.loads(row.kept, parse_float=Decimal))
    rows = [row for row in _lines(work, kept) if row.starts_at >= asked["since"] or row.ends_at > asked["since"]]
    sheet = sheet_of(work, day, rows, view=request.view, as_of=request.at)
    return _with_classes(sheet, _classes(work, kept, asked["since"]))


_KEPT = text("SELECT what, CAST(kept AS text) AS kept FROM book_as_of(:shop, :back, :until, :at)")


def _lines(work: Work, kept: dict[str, list[dict[str, Any]]]) -> list[SimpleNamespace]:
    """What `day` reads of a line, from the rows of then."""
    visits = {visit["id"]: visit for visit in kept["visit"]}
    customers = _named(work, _CUSTOMERS, (visit["customer_id"] for visit in visits.values()))
    services = _named(work, _SERVICES, (line["service_id"] for line in kept["line"]))
    parts: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for part in sorted(kept["part"], key=lambda one: (one["position"], one["role"])):
        parts[part["appointment_service_id"]].append(part)
    rows = [
        SimpleNamespace(**_line(line, visits[line["appointment_id"]], customers, services, parts[line["id"]]))
        for line in kept["line"]
    ]
    return sorted(rows, key=lambda row: (row.starts_at, row.line_id))


def _line(
    line: dict[str, Any],
    visit: dict[str, Any],
    customers: dict[int, Any],
    services: dict[int, Any],
    parts: Sequence[dict[str, Any]],
) -> dict[str, object]:
    customer, service = customers.get(visit["customer_id"] or 0), services.get(line["service_id"])
    hidden = visit["customer_id"] is not None and customer is None
    return {
        **{name: line[name] for name in ("status", "stylist_id", "overbooked", "addon_of", "class_session_id", "paid")},
        **{name: _instant(line[name]) for name in ("starts_at", "ends_at", "arrived_at", "started_at", "finished_at")},
        **{name: visit[name] for name in ("code", "customer_id", "version", "group_id", "in_series", "new_customer")},
        "appointment_id": visit["id"],
        "line_id": line["id"],
        "service": line["name"],
        "price": Decimal(line["price"]),
        "guest_name": _UNTOLD if hidden else visit["guest_name"],
        "first_name": customer and customer.first_name,
        "last_name": customer and customer.last_name,
        "customer_code": customer and customer.code,
        "phone": customer and customer.phone,
        "category_id": service and service.category_id,
        "has_notes": bool(visit["notes"] or visit["internal_notes"]),
        "parts": [[p["kind"], p["role"], p["resource_id"], p["starts_at"], p["ends_at"]] for p in parts],
    }


def _instant(written: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(written) if written else None


def _named(work: Work, question: Any, ids: Iterable[int | None]) -> dict[int, Any]:  # noqa: ANN401  a text()
    wanted = sorted({one for one in ids if one is not None})
    return {row.id: row for row in work.session.execute(question, {"ids": wanted})} if wanted else {}


_CUSTOMERS = text("SELECT id, first_name, last_name, code, phone FROM customers WHERE id = ANY (:ids)")
_SERVICES = text("SELECT id, name, category_id FROM services WHERE id = ANY (:ids)")
_PLACES = text("SELECT id, resource_id FROM stylists")


def _classes(work: Work, kept: dict[str, list[dict[str, Any]]], since: dt.datetime) -> Iterator[tuple[int, DayEntry]]:
    """Classes of then, with the number of each strip that they held."""
    sessions = [one for one in kept["session"] if not one["is_cancelled"]]
    if not sessions:
        return
    services = _named(work, _SERVICES, (one["service_id"] for one in sessions))
    places = {row.id: row.resource_id for row in work.session.execute(_PLACES)}
    for one in sessions:
        begins, ends = _instant(one["starts_at"]), _instant(one["ends_at"])
        assert begins is not None
        assert ends is not None
        if ends <= since:
            continue
        seated = [
            line
            for line in kept["line"]
            if line["class_session_id"] == one["id"] and Status(line["status"]) not in EXITS
        ]
        service = services[one["service_id"]]
        session = {
            **one, "name": service.name, "category_id": service.category_id, "taken": len(seated),
        }  # fmt: skip
        entry = class_entry(SimpleNamespace(session=session, starts_at=begins, ends_at=ends))
        for place in filter(None, (places.get(one["stylist_id"]), one["resource_id"])):
            yield place, entry


def _with_classes(sheet: DaySheet, classes: Iterable[tuple[int, DayEntry]]) -> DaySheet:
    held: dict[int, list[DayEntry]] = defaultdict(list)
    for place, entry in classes:
        held[place].append(entry)

    def column(one: DayColumn) -> DayColumn:
        its = sorted((*one.entries, *held[one.resource_id or 0]), key=lambda entry: (entry.starts_at, entry.line_id))
        return replace(one, entries=tuple(its))

    if not held:
        return sheet
    return replace(
        sheet, columns=tuple(column(one) for one in sheet.columns), things=tuple(column(one) for one in sheet.things)
    )
