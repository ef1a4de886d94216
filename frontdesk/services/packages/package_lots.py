"""Sessions that are left: read, held and written by whoever sells, uses or gives them back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.rules.pricing import TaxAmount
from frontdesk.rules.sessions import Lot, next_session
from frontdesk.services.use_case import Work
from frontdesk.tables.packages import CustomerPackage, PackageEntry, PackageLot


@dataclass(frozen=True)
class LotLeft:
    """A lot with what is left of it, and whose it is."""

    id: int
    customer_package_id: int
    service_id: int
    service: str
    first_day: dt.date
    last_day: dt.date | None
    sessions: int
    value: Decimal
    tax: Decimal
    name: str
    """Of the package."""
    kind: str
    customer_id: int
    owner: str
    currency: str
    tax_point: str
    frozen_until: dt.date | None
    """The first day on which it can be used again."""
    sharers: tuple[int, ...]
    ended: bool

    def is_usable(self, day: dt.date) -> bool:
        """Whether a session of it can be used on a day."""
        return (
            self.sessions > 0
            and not self.ended
            and self.frozen_until is None
            and self.first_day <= day
            and (self.last_day is None or day <= self.last_day)
        )

    def is_for(self, customer_id: int | None) -> bool:
        """Whether somebody may use it: its owner, and whom it is shared with."""
        return customer_id is not None and customer_id in (self.customer_id, *self.sharers)


def hold(work: Work, customer_package_ids: Iterable[int]) -> None:
    """Hold packages with their lots for the rest of the transaction, in one order everywhere."""
    asked = {"packages": sorted(set(customer_package_ids))}
    if asked["packages"]:
        work.session.execute(_HOLD, asked).all()


_HOLD = text("""
    SELECT t.id FROM package_lots t WHERE t.customer_package_id = ANY (:packages) ORDER BY t.id FOR NO KEY UPDATE
""")


def lots_left(
    work: Work, *, customer_package_ids: Iterable[int] = (), customer_ids: Iterable[int] = ()
) -> list[LotLeft]:
    """The lots of these packages and of whatever these customers may use, what lapses first before what lasts."""
    asked = {
        "packages": sorted(set(customer_package_ids)), "customers": sorted(set(customer_ids)), "today": work.desk.today,
    }  # fmt: skip
    rows = work.session.execute(_LEFT, asked)
    return [LotLeft(**{**row._mapping, "sharers": tuple(row.sharers)}) for row in rows]


_LEFT = text("""
    SELECT t.id, t.customer_package_id, t.service_id, v.name AS service, t.first_day, t.last_day, e.sessions,
           e.value, e.tax, p.name, p.kind, p.customer_id, trim(concat_ws(' ', c.first_name, c.last_name)) AS owner,
           p.currency, p.tax_point, p.ended_at IS NOT NULL AS ended,
           (SELECT max(f.until_day) FROM package_freezes f
             WHERE f.customer_package_id = p.id AND f.first_day <= :today AND f.until_day > :today) AS frozen_until,
           ARRAY(SELECT s.customer_id FROM package_sharers s
                  WHERE s.customer_package_id = p.id AND s.removed_at IS NULL ORDER BY s.id) AS sharers
      FROM customer_packages p JOIN package_lots t ON t.customer_package_id = p.id
      CROSS JOIN LATERAL (SELECT CAST(coalesce(sum(e.sessions), 0) AS bigint) AS sessions,
                                 coalesce(sum(e.value), 0) AS value, coalesce(sum(e.tax), 0) AS tax
                            FROM package_entries e WHERE e.lot_id = t.id) e
      JOIN services v ON v.id = t.service_id JOIN customers c ON c.id = p.customer_id
     WHERE p.id IN (SELECT unnest(CAST(:packages AS bigint[]))
                     UNION ALL
                    SELECT o.id FROM customer_packages o WHERE o.customer_id = ANY (CAST(:customers AS bigint[]))
                     UNION ALL
                    SELECT s.customer_package_id FROM package_sharers s
                     WHERE s.removed_at IS NULL AND s.customer_id = ANY (CAST(:customers AS bigint[])))
     ORDER BY t.last_day NULLS LAST, t.customer_package_id, t.first_day, t.id
""")


def write_lots(
    work: Work, package: CustomerPackage, lots: Sequence[Lot], *, kind: str, sale_id: int | None, line_id: int | None
) -> None:
    """Give a customer's package its sessions."""
    rows = [
        PackageLot(
            customer_package_id=package.id, service_id=lot.service_id, first_day=lot.first_day, last_day=lot.last_day
        )
        for lot in lots
    ]
    work.session.add_all(rows)
    work.session.flush()
    for row, lot in zip(rows, lots, strict=True):
        note(
            work, row.id, kind, lot.sessions, lot.value, lot.tax, sale_id=sale_id, line_id=line_id,
            customer_id=package.customer_id,
        )  # fmt: skip
    work.session.flush()


def note(
    work: Work,
    lot_id: int,
    kind: str,
    sessions: int,
    value: Decimal,
    tax: Decimal,
    *,
    sale_id: int | None = None,
    line_id: int | None = None,
    customer_id: int | None = None,
    reason: str = "",
    day: dt.date | None = None,
    due: Sequence[TaxAmount] = (),
) -> None:
    """Write one entry; it is sent with the next flush. `due` is the tax in what is kept that nobody paid before."""
    work.session.add(
        PackageEntry(
            shop_id=work.shop.id,
            lot_id=lot_id,
            kind=kind,
            sessions=sessions,
            value=value,
            tax=tax,
            taxes_due=[[str(one.tax_id), one.name, str(one.percent), str(one.amount)] for one in due if one.amount],
            sale_id=sale_id,
            sale_line_id=line_id,
            customer_id=customer_id,
            reason=reason,
            day=day or work.desk.today,
            at=work.now,
        )
    )


def worth(lot: LotLeft, sessions: int) -> tuple[Decimal, Decimal]:
    """What so many of a lot's sessions are worth when the others go first, and the tax in it."""
    value, tax = lot.value, lot.tax
    for left in range(lot.sessions, sessions, -1):
        mine, taxed = next_session(left, value, tax, lot.currency)
        value, tax = value - mine, tax - taxed
    return value, tax
