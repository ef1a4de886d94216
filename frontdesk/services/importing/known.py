"""What is here already when an import begins: read once, in a few questions, so that planning asks nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text
from sqlmodel import Session

from frontdesk.rules.export_rows import BookingRow, CancellationRow, Export, NoShowRow, ReceiptRow
from frontdesk.rules.states import Status

Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True)
class KnownService:
    """A service of the catalogue."""

    id: int
    code: str
    name: str
    price: Decimal
    minutes: int
    """Of all its parts; 0 without any."""


@dataclass(frozen=True)
class KnownProduct:
    """A product of the shelf."""

    id: int
    code: str
    name: str
    barcode: str | None


@dataclass(frozen=True)
class KnownStylist:
    """A stylist with a code."""

    id: int
    resource_id: int


@dataclass(frozen=True)
class KnownTax:
    """A rate on top of the price."""

    id: int
    name: str
    percent: Decimal


@dataclass(frozen=True)
class KnownLine:
    """A line of an imported visit, in the other system's codes."""

    id: int
    visit_id: int
    position: int
    customer: str
    staff: str
    service: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    status: Status
    paid: bool


@dataclass(frozen=True)
class KnownVisit:
    """A visit that still stands, whoever booked it."""

    id: int
    customer: str
    code: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    starts_local: dt.datetime
    imported: bool


@dataclass(frozen=True)
class KnownLot:
    """Sessions that are left of an imported package."""

    id: int
    customer: str
    name: str
    """Of the package."""
    service: str
    first_day: dt.date
    left: int


@dataclass(frozen=True)
class Known:
    """What is here already."""

    rows: frozenset[tuple[str, str]]
    """Kind and key of every row that this system's imports have brought."""
    services: dict[str, KnownService]
    products: dict[str, KnownProduct]
    stylists: dict[str, KnownStylist]
    customers: dict[str, int]
    categories: dict[str, int]
    resources: frozenset[str]
    """Names of stylists' columns."""
    taxes: tuple[KnownTax, ...]
    tax_names: frozenset[str]
    receipts: frozenset[str]
    """Numbers that imported sales of this shop have."""
    lines: tuple[KnownLine, ...]
    visits: tuple[KnownVisit, ...]
    taken: dict[str, list[Span]]
    """Staff code to what is booked or held on their strip."""
    packages: dict[str, int]
    """By name."""
    lots: tuple[KnownLot, ...]


def known(session: Session, shop_id: int, source: str, export: Export) -> Known:
    """Everything that an export can meet here."""
    rows: list[BookingRow | NoShowRow | CancellationRow | ReceiptRow] = [*export.bookings, *export.no_shows]
    days = [row.day for row in (*rows, *export.cancellations, *export.receipts)]
    first, last = min(days, default=dt.date.min), max(days, default=dt.date.min)
    reach = {"shop": shop_id, "since": first, "until": last}
    run = session.execute
    taken: dict[str, list[Span]] = defaultdict(list)
    for row in run(_TAKEN, reach):
        taken[row.code].append((row.starts_at, row.ends_at))
    taxes = run(text("SELECT id, name, percent, inclusive FROM taxes ORDER BY valid_from DESC")).all()
    return Known(
        rows=frozenset((row.kind, row.source_key) for row in run(_ROWS, {"source": source})),
        services={row.code: KnownService(*row) for row in run(_SERVICES)},
        products={row.code: KnownProduct(*row) for row in run(text("SELECT id, code, name, barcode FROM products"))},
        stylists={
            row.code: KnownStylist(row.id, row.resource_id)
            for row in run(text("SELECT code, id, resource_id FROM stylists WHERE code IS NOT NULL"))
        },
        customers=_ids(run(text("SELECT code, id FROM customers WHERE code IS NOT NULL"))),
        categories=_ids(run(text("SELECT name, id FROM service_categories"))),
        resources=frozenset(run(text("SELECT name FROM resources WHERE kind = 'stylist'")).scalars()),
        taxes=tuple(KnownTax(row.id, row.name, row.percent) for row in taxes if not row.inclusive),
        tax_names=frozenset(row.name for row in taxes),
        receipts=frozenset(run(_RECEIPTS, {"shop": shop_id}).scalars()),
        lines=tuple(KnownLine(**{**row._mapping, "status": Status(row.status)}) for row in run(_LINES, reach)),
        visits=tuple(KnownVisit(*row) for row in run(_VISITS, reach)),
        taken=taken,
        packages=_ids(run(text("SELECT name, id FROM packages"))),
        lots=tuple(KnownLot(*row) for row in run(_LOTS)),
    )


def _ids(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    return {name: number for name, number in rows}  # noqa: C416  rows unpack, dict() does not know them


_ROWS = text("SELECT kind, source_key FROM imported_rows WHERE source = :source")
_SERVICES = text("""
    SELECT s.id, s.code, s.name, s.price, coalesce(sum(p.minutes), 0) AS minutes
      FROM services s LEFT JOIN service_parts p ON p.service_id = s.id GROUP BY s.id
""")
_LOTS = text("""
    SELECT t.id, c.code AS customer, p.name, v.code AS service, t.first_day, CAST(sum(e.sessions) AS bigint) AS left
      FROM customer_packages p JOIN package_lots t ON t.customer_package_id = p.id
      JOIN package_entries e ON e.lot_id = t.id JOIN services v ON v.id = t.service_id
      JOIN customers c ON c.id = p.customer_id
     WHERE p.kind = 'package' AND p.ended_at IS NULL AND c.code IS NOT NULL
     GROUP BY t.id, c.code, p.name, v.code HAVING sum(e.sessions) > 0 ORDER BY t.first_day, t.id
""")
_RECEIPTS = text("SELECT imported_number FROM sales WHERE shop_id = :shop AND imported_number IS NOT NULL")
# A day's wall times lie within a day of its midnight in UTC, whatever the zone.
_NEAR = "starts_at >= CAST(:since AS date) - 1 AND {0}.starts_at < CAST(:until AS date) + 2"
_LINES = text(f"""
    SELECT l.id, l.appointment_id AS visit_id, l.position, coalesce(c.code, '') AS customer,
           coalesce(s.code, '') AS staff, v.code AS service, l.starts_at, l.ends_at, l.status,
           EXISTS (SELECT FROM paid_visit_lines p WHERE p.appointment_service_id = l.id) AS paid
      FROM appointments a
      JOIN appointment_services l ON l.appointment_id = a.id
      JOIN services v ON v.id = l.service_id
      LEFT JOIN stylists s ON s.id = l.stylist_id
      LEFT JOIN customers c ON c.id = a.customer_id
     WHERE a.shop_id = :shop AND a.source = 'import' AND a.{_NEAR.format("a")}
     ORDER BY l.id
""")  # noqa: S608  nothing typed is in it
_VISITS = text(f"""
    SELECT a.id, c.code AS customer, a.code, a.starts_at, a.ends_at, a.starts_local,
           a.source = 'import' AND a.shop_id = :shop AS imported
      FROM appointments a JOIN customers c ON c.id = a.customer_id
     WHERE c.code IS NOT NULL AND NOT a.for_guest AND a.{_NEAR.format("a")}
       AND a.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
     ORDER BY a.id
""")  # noqa: S608  nothing typed is in it
_TAKEN = text(f"""
    SELECT s.code, t.starts_at, t.ends_at FROM time_slots t JOIN stylists s ON s.resource_id = t.resource_id
     WHERE t.status IN ('booked', 'held') AND s.code IS NOT NULL AND t.{_NEAR.format("t")}
     ORDER BY t.starts_at
""")  # noqa: S608  nothing typed is in it
