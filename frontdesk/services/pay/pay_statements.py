"""A statement: what somebody is paid for a period, every entry with the arithmetic of its cents (feature ST12)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.money import number_text
from frontdesk.rules.commission_steps import Step, steps_of
from frontdesk.services.pay.tips import TipEntry, tip_entries
from frontdesk.services.use_case import Work


@dataclass(frozen=True)
class Period:
    """Days that are paid together."""

    id: int
    first_day: dt.date
    last_day: dt.date
    closed_at: dt.datetime | None
    closed_by: str | None


@dataclass(frozen=True)
class PayEntry:
    """Something that was earned or taken back, and how it was reckoned."""

    id: int
    kind: str
    """`earned`, `refund`, `adjustment`, `top_up`."""
    day: dt.date
    for_day: dt.date
    """The day of the sale that it corrects; the same as `day` for what was earned."""
    sale_number: int | None
    """None too for a stylist, who sees no tickets."""
    name: str
    base: Decimal
    amount: Decimal
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class StatementSheet:
    """What somebody is paid for a period. Of a closed one as it was stated, for ever."""

    stylist_id: int
    stylist: str
    first_day: dt.date
    last_day: dt.date
    closed_at: dt.datetime | None
    currency: str
    entries: tuple[PayEntry, ...]
    commission: Decimal
    """The sum of the entries."""
    guarantee: Decimal | None
    top_up: Decimal
    """What the guarantee adds; paid once the period is closed."""
    tips: tuple[TipEntry, ...]
    """Of the period; what was owed from before is not among them."""
    tips_before: Decimal
    tips_due: Decimal
    """Paid with it: owed from before, and of the period."""
    total: Decimal


def sheet_of(work: Work, period: Period, stylist_id: int, stylist: str, currency: str) -> StatementSheet:
    """A statement made of what is there now."""
    asked = {"stylist": stylist_id, "first": period.first_day, "last": period.last_day, "currency": currency}
    rows = work.session.execute(_ENTRIES, asked).all()
    entries = tuple(entry_of(work, row) for row in rows if row.kind != "top_up")
    commission = sum((one.amount for one in entries), Decimal(0))
    guarantee: Decimal | None = work.session.execute(_GUARANTEE, asked).scalar()
    # Corrections of a period that is closed don't count towards the guarantee of this one.
    counts = sum((r.amount for r in rows if r.kind != "top_up" and _counts(r, period)), Decimal(0))
    top_up = max(guarantee - counts, Decimal(0)) if guarantee is not None else Decimal(0)
    everything = [one for one in tip_entries(work, period.last_day, currency) if one.stylist_id == stylist_id]
    tips = tuple(one for one in everything if one.day >= period.first_day and one.kind != "in_pay")
    due = sum((one.amount for one in everything if not _paid_with(one, period)), Decimal(0))
    before = due - sum((one.amount for one in tips), Decimal(0))
    return StatementSheet(
        stylist_id, stylist, period.first_day, period.last_day, period.closed_at, currency, entries, commission,
        guarantee, top_up, tips, before, due, commission + top_up + due,
    )  # fmt: skip


def _counts(row: Any, period: Period) -> bool:  # noqa: ANN401  a row of _ENTRIES
    return bool(row.kind != "adjustment" or row.for_day >= period.first_day)


def _paid_with(entry: TipEntry, period: Period) -> bool:
    return entry.kind == "in_pay" and entry.number == period.id


_ENTRIES = text("""
    SELECT c.id, c.kind, c.day, c.for_day, s.number, l.name AS line, c.base, c.percent, c.amount, c.currency,
           c.inputs
      FROM commissions c LEFT JOIN sales s ON s.id = c.sale_id LEFT JOIN sale_lines l ON l.id = c.sale_line_id
     WHERE c.stylist_id = :stylist AND c.currency = :currency AND c.day BETWEEN :first AND :last
     ORDER BY c.day, c.id
""")
_GUARANTEE = text("""
    SELECT amount FROM guarantees
     WHERE stylist_id = :stylist AND currency = :currency AND valid_from <= :last AND valid_until > :last
     ORDER BY valid_from DESC LIMIT 1
""")


def entry_of(work: Work, row: Any) -> PayEntry:  # noqa: ANN401  a row of _ENTRIES
    """An entry with its arithmetic, in the shop's way of writing amounts."""
    locale = work.shop.locale

    def shown(amount: Decimal) -> str:
        return number_text(amount, row.currency, locale)

    steps = steps_of(
        row.inputs, base=row.base, percent=row.percent, amount=row.amount, currency=row.currency, shown=shown
    )
    name = row.inputs.get("name") or row.line or row.inputs.get("reason") or row.kind.replace("_", " ")
    return PayEntry(row.id, row.kind, row.day, row.for_day, row.number, name, row.base, row.amount, steps)


def one_entry(work: Work, entry_id: int) -> Any | None:  # noqa: ANN401  a row of _ENTRIES, as far as the person may see it
    """An entry's row with its stylist."""
    return work.session.execute(_ONE, {"entry": entry_id}).one_or_none()


_ONE = text("""
    SELECT c.id, c.kind, c.day, c.for_day, s.number, l.name AS line, c.base, c.percent, c.amount, c.currency,
           c.inputs, c.stylist_id, p.first_name AS stylist
      FROM commissions c JOIN stylists p ON p.id = c.stylist_id
      LEFT JOIN sales s ON s.id = c.sale_id LEFT JOIN sale_lines l ON l.id = c.sale_line_id
     WHERE c.id = :entry
""")


def periods(work: Work) -> list[Period]:
    """Every pay period, the latest first."""
    return [Period(*row) for row in work.session.execute(_PERIODS)]


_PERIODS = text("""
    SELECT p.id, p.first_day, p.last_day, p.closed_at, u.name
      FROM pay_periods p LEFT JOIN users u ON u.id = p.closed_by ORDER BY p.first_day DESC
""")


def whose_pay(work: Work, period: Period) -> Iterable[tuple[int, str, str]]:
    """Who is paid for a period: stylist, name and currency, in the order of the book."""
    found = {(row.stylist_id, row.currency) for row in work.session.execute(_EARNED, _days(period))}
    owed = {one.stylist_id for one in tip_entries(work, period.last_day)}
    found |= {(who, work.shop.currency) for who in owed}
    for row in work.session.execute(_STYLISTS):
        for currency in sorted(currency for who, currency in found if who == row.id):
            yield row.id, row.first_name, currency


def _days(period: Period) -> dict[str, dt.date]:
    return {"first": period.first_day, "last": period.last_day}


_EARNED = text("""
    SELECT DISTINCT stylist_id, currency FROM commissions WHERE day BETWEEN :first AND :last
    UNION SELECT stylist_id, currency FROM guarantees WHERE valid_from <= :last AND valid_until > :last
""")
_STYLISTS = text("""
    SELECT p.id, p.first_name FROM stylists p JOIN resources r ON r.id = p.resource_id ORDER BY r.position, p.id
""")
