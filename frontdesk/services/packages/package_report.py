"""What packages brought in, session by session, and what the shop still owes for them (features CO9)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput
from frontdesk.permissions import Deed
from frontdesk.services.use_case import Work, use_case


@dataclass(frozen=True, kw_only=True)
class ReportPackages:
    """Days of this shop; today when none is said."""

    first_day: dt.date | None = None
    last_day: dt.date | None = None


@dataclass(frozen=True)
class PackageFigures:
    """What became of one package on offer in those days."""

    package_id: int
    name: str
    sold: Decimal
    """Taken in for sessions that were still to come."""
    used_sessions: int
    used: Decimal
    """Earned by sessions that were used: revenue, tax inside."""
    lapsed: Decimal
    """Earned without a session: what lapsed or was forfeited."""
    given_back: Decimal
    owed: Decimal
    """For sessions that are left, as it is now."""
    owed_sessions: int


@dataclass(frozen=True)
class PackageReport:
    """Package by package; what is owed is the sum of what every customer has."""

    first_day: dt.date
    last_day: dt.date
    packages: tuple[PackageFigures, ...]
    owed: Decimal
    currency: str


@use_case(Deed.SEE_TAKINGS)
def package_report(work: Work, request: ReportPackages) -> PackageReport:
    """What packages sold, earned session by session, and still owe. Raises BadInput."""
    first = request.first_day or request.last_day or work.desk.today
    last = request.last_day or max(first, work.desk.today)
    if last < first:
        raise BadInput("The last day lies before the first. Say them in order.", field="last_day")
    rows = work.session.execute(_REPORT, {"shop": work.shop.id, "first": first, "last": last})
    found = tuple(PackageFigures(*row) for row in rows)
    owed = sum((one.owed for one in found), Decimal(0))
    return PackageReport(first, last, found, owed, work.shop.currency)


_REPORT = text("""
    SELECT k.id, k.name,
           coalesce(sum(e.value) FILTER (WHERE e.kind IN ('sold', 'opened') AND e.in_time), 0),
           coalesce(-sum(e.sessions) FILTER (WHERE e.kind IN ('used', 'returned') AND e.in_time), 0),
           coalesce(-sum(e.value) FILTER (WHERE e.kind IN ('used', 'returned') AND e.in_time), 0),
           coalesce(-sum(e.value) FILTER (WHERE e.kind IN ('expired', 'forfeited')
                                            AND e.in_time), 0),
           coalesce(-sum(e.value) FILTER (WHERE e.kind = 'refunded' AND e.in_time), 0),
           sum(e.value), sum(e.sessions)
      FROM packages k JOIN customer_packages p ON p.package_id = k.id
      JOIN package_lots t ON t.customer_package_id = p.id
      JOIN (SELECT *, day BETWEEN :first AND :last AS in_time FROM package_entries) e ON e.lot_id = t.id
     WHERE p.shop_id = :shop GROUP BY k.id ORDER BY k.name, k.id
""")
