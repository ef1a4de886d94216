"""The tips of a pay period by ticket and by pool: whose they are now, and a pool taken back (features CO4, ST16)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.errors import NotFound
from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY
from frontdesk.services.pay.pay_statements import Period, periods
from frontdesk.services.pay.tips import PoolShare, to_pool
from frontdesk.services.use_case import Work, Write, use_case


@dataclass(frozen=True, kw_only=True)
class ListTips:
    """This shop's tips of a pay period."""

    day: dt.date | None = None
    """A day of the period; today when it is not said."""


@dataclass(frozen=True)
class TipCard:
    """What somebody has of a ticket's tip, less what went back."""

    sale_number: int
    day: dt.date
    stylist_id: int
    stylist: str
    amount: Decimal
    pool_id: int | None
    moved_by: str
    """Who moved a part of it here or away; empty when nobody did."""
    reason: str


@dataclass(frozen=True)
class PoolCard:
    """A pool as it was shared out."""

    pool_id: int
    first_day: dt.date
    last_day: dt.date
    total: Decimal
    made_by: str
    shares: tuple[PoolShare, ...]


@dataclass(frozen=True)
class TipSheet:
    """Tips of a period, the latest ticket first, and the pools that were shared out in it."""

    first_day: dt.date
    last_day: dt.date
    is_closed: bool
    """Its pay is closed: nothing moves any more."""
    pools_tips: bool
    """Whether the shop throws its tips together."""
    to_pool: Decimal
    """Given up to its last day or today, in no pool and not paid yet."""
    tips: tuple[TipCard, ...]
    pools: tuple[PoolCard, ...]


@dataclass(frozen=True, kw_only=True)
class UnpoolTips(Write):
    """A pool was shared out too early, or by wrong hours."""

    pool_id: int


@dataclass(frozen=True)
class TipsUnpooled:
    """What is in no pool again."""

    pool_id: int
    first_day: dt.date
    last_day: dt.date
    total: Decimal


@use_case(Deed.USE_DRAWER)
def list_tips(work: Work, request: ListTips) -> TipSheet:
    """Whose this shop's tips of a pay period are."""
    day = request.day or work.desk.today
    known = periods(work)
    period = next((one for one in known if one.first_day <= day <= one.last_day), None)
    first, last = (period.first_day, period.last_day) if period else _between(day, known)
    asked = {"shop": work.shop.id, "first": first, "last": last}
    pools_tips = bool(work.session.execute(_POOLS_TIPS, asked).scalar_one())
    return TipSheet(
        first, last, period is not None and period.closed_at is not None, pools_tips,
        to_pool(work, min(last, work.desk.today)),
        tuple(TipCard(*row) for row in work.session.execute(_TIPS, asked)),
        tuple(_pool(row) for row in work.session.execute(_POOLS, asked)),
    )  # fmt: skip


def _between(day: dt.date, known: Iterable[Period]) -> tuple[dt.date, dt.date]:
    """The days of a month that lie in no period yet."""
    first = day.replace(day=1)
    last = (first + dt.timedelta(days=31)).replace(day=1) - DAY
    for one in known:
        if one.last_day < day:
            first = max(first, one.last_day + DAY)
        else:
            last = min(last, one.first_day - DAY)
    return first, last


def _pool(row: Any) -> PoolCard:  # noqa: ANN401  a row of _POOLS
    shares = tuple(PoolShare(who, name, minutes, Decimal(amount)) for who, name, minutes, amount in row.shares or ())
    return PoolCard(row.id, row.first_day, row.last_day, row.total, row.made_by, shares)


_POOLS_TIPS = text("SELECT pools_tips FROM shops WHERE id = :shop")
_TIPS = text("""
    SELECT o.number, o.day, t.stylist_id, p.first_name, sum(t.amount) AS amount, max(x.pool_id) AS pool_id,
           coalesce((array_agg(u.name ORDER BY t.id DESC) FILTER (WHERE t.moved_at IS NOT NULL))[1], '') AS moved_by,
           coalesce((array_agg(t.reason ORDER BY t.id DESC) FILTER (WHERE t.moved_at IS NOT NULL))[1], '') AS reason
      FROM sales s JOIN tips t ON t.sale_id = s.id JOIN sales o ON o.id = coalesce(s.corrects_id, s.id)
      JOIN stylists p ON p.id = t.stylist_id LEFT JOIN pooled_tips x ON x.tip_id = t.id
      LEFT JOIN users u ON u.id = t.moved_by
     WHERE o.shop_id = :shop AND o.number IS NOT NULL AND o.day BETWEEN :first AND :last
     GROUP BY o.id, t.stylist_id, p.first_name HAVING sum(t.amount) <> 0
     ORDER BY o.day DESC, o.number DESC, t.stylist_id
""")
_POOLS = text("""
    SELECT o.id, o.first_day, o.last_day, o.total, u.name AS made_by,
           (SELECT jsonb_agg(jsonb_build_array(w.stylist_id, p.first_name, w.minutes, CAST(w.amount AS text))
                             ORDER BY w.id)
              FROM tip_pool_shares w JOIN stylists p ON p.id = w.stylist_id WHERE w.pool_id = o.id) AS shares
      FROM tip_pools o JOIN users u ON u.id = o.made_by
     WHERE o.shop_id = :shop AND o.first_day <= :last AND o.last_day >= :first ORDER BY o.id DESC
""")


@use_case(Deed.EDIT_RATES)
def unpool_tips(work: Work, request: UnpoolTips) -> TipsUnpooled:
    """Take a pool back whole: its tips are their owners' again, to be moved, or shared out anew.

    What was paid out of it stays paid, and is set against what is owed then. Raises NotFound, TipsPaid once the pay of
    one of its days is closed.
    """
    asked = {"pool": request.pool_id, "shop": work.shop.id}
    gone = work.session.execute(_TAKE_BACK, asked).one_or_none()
    if gone is None:
        raise NotFound(what="pool", name=request.pool_id, remedy="Look at the tips of those days.")
    work.tell("tip_pool.took_back", request.pool_id)
    return TipsUnpooled(*gone)


_TAKE_BACK = text("""
    DELETE FROM tip_pools WHERE id = :pool AND shop_id = :shop RETURNING id, first_day, last_day, total
""")
