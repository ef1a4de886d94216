"""Tips after the sale: moved to somebody else, pooled by hours, and owed until they are paid (features CO4, ST16)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.clock import day_bounds, day_of
from frontdesk.errors import BadInput, NotFound
from frontdesk.money import number_text, rounded
from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY, Piece, derived_pieces
from frontdesk.rules.tips import MANAGERS_LEFT_OUT, Present, managers_share, pool_shares
from frontdesk.services.team.strip_hours import hours_of
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.pay import PooledTip, TipPool, TipPoolShare
from frontdesk.tables.sales import Tip
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class MoveTip(Write):
    """A tip, or a part of it, was somebody else's."""

    sale_number: int
    from_stylist_id: int
    to_stylist_id: int
    amount: Decimal | None = None
    """All of it, when it is not said."""
    reason: str = ""


@dataclass(frozen=True)
class TipOf:
    """Whose a tip is, and how much of it."""

    stylist_id: int
    stylist: str
    amount: Decimal


@dataclass(frozen=True)
class TipMoved:
    """A ticket's tip as it is shared now."""

    sale_number: int
    tip: Decimal
    shares: tuple[TipOf, ...]


@dataclass(frozen=True, kw_only=True)
class ShowTipsOwed:
    """What of their tips people have not been given yet."""

    until: dt.date | None = None
    """Up to this day; today when it is not said."""


@dataclass(frozen=True)
class TipEntry:
    """Something that made tips owed more or less."""

    stylist_id: int
    kind: str
    """`own`: of a ticket; `pool`: a share; `paid_out`: in cash; `in_pay`: with the pay."""
    day: dt.date
    number: int | None
    """Of the ticket, pool, move or period."""
    amount: Decimal


@dataclass(frozen=True)
class TipsOwed:
    """Tips owed, in the order of the book; nobody who is owed nothing."""

    until: dt.date
    currency: str
    owed: tuple[TipOf, ...]
    total: Decimal
    to_pool: Decimal
    """Given where tips are pooled, and in no pool yet."""


@dataclass(frozen=True, kw_only=True)
class PoolTips(Write):
    """This shop's tips of some days, shared by the hours people were there."""

    first_day: dt.date | None = None
    """The day on which the oldest tip that is in no pool was given, when it is not said."""
    last_day: dt.date | None = None
    """Today, when it is not said."""


@dataclass(frozen=True)
class PoolShare:
    """Somebody's part of a pool."""

    stylist_id: int
    stylist: str
    minutes: int
    amount: Decimal


@dataclass(frozen=True)
class TipsPooledOut:
    """A pool as it was shared out."""

    pool_id: int
    first_day: dt.date
    last_day: dt.date
    total: Decimal
    shares: tuple[PoolShare, ...]
    left_out: tuple[str, ...]
    """Managers who were there and have no share."""
    by_law: str
    """Which law leaves them out; empty when it is the shop's wish."""


@use_case(Deed.USE_DRAWER)
def move_tip(work: Work, request: MoveTip) -> TipMoved:
    """Give a tip, or a part of it, to somebody else after the sale; its sum stays.

    Raises NotFound, BadInput, TipsPaid once the pay period is closed, TipsPooled.
    """
    asked = {"shop": work.shop.id, "number": request.sale_number}
    sale = work.session.execute(_SALE, asked).one_or_none()
    if sale is None:
        raise NotFound(what="receipt", name=request.sale_number, remedy="Look at the day's receipts.")
    if sale.kind != "sale" or sale.is_void:
        raise BadInput(f"Receipt {request.sale_number} gave its money back: there is no tip to move.", field="number")
    names = _names(work)
    for stylist_id in (request.from_stylist_id, request.to_stylist_id):
        if stylist_id not in names:
            raise NotFound(what="stylist", name=stylist_id, remedy="Look at the list of stylists.")
    if request.from_stylist_id == request.to_stylist_id:
        raise BadInput(f"It is {names[request.to_stylist_id]}'s already. Say somebody else.", field="to")
    shares = _shares(work, sale.id)
    theirs = shares.get(request.from_stylist_id, Decimal(0))
    amount = theirs if request.amount is None else rounded(request.amount, sale.currency)
    if not 0 < amount <= theirs or (request.amount is not None and amount != request.amount):
        shown = number_text(theirs, sale.currency, work.shop.locale)
        whose = names[request.from_stylist_id]
        problem = f"{whose} has {shown} of that tip." if theirs else f"{whose} has nothing of that tip."
        raise BadInput(f"{problem} Move that at most.", field="amount")
    for stylist_id, part in ((request.from_stylist_id, -amount), (request.to_stylist_id, amount)):
        work.session.add(
            Tip(
                sale_id=sale.id, stylist_id=stylist_id, amount=part, moved_at=work.now, moved_by=work.actor.user_id,
                reason=clean(request.reason),
            )
        )  # fmt: skip
    work.session.flush()
    work.tell("tip.moved", sale.id, number=request.sale_number)
    now = _shares(work, sale.id)
    return TipMoved(
        request.sale_number, sale.tip, tuple(TipOf(who, names[who], part) for who, part in now.items() if part)
    )


_SALE = text("""
    SELECT s.id, s.kind, s.tip, s.currency,
           EXISTS (SELECT FROM sales v WHERE v.corrects_id = s.id AND v.kind = 'void') AS is_void
      FROM sales s WHERE s.shop_id = :shop AND s.number = :number AND s.status = 'closed' FOR NO KEY UPDATE OF s
""")


def _shares(work: Work, sale_id: int) -> dict[int, Decimal]:
    """Whose a ticket's tip is, less what refunds gave back of it."""
    return {row.stylist_id: row.amount for row in work.session.execute(_SHARES, {"sale": sale_id})}


_SHARES = text("""
    SELECT t.stylist_id, sum(t.amount) AS amount FROM tips t JOIN sales s ON s.id = t.sale_id
     WHERE s.id = :sale OR s.corrects_id = :sale GROUP BY t.stylist_id ORDER BY t.stylist_id
""")


def _names(work: Work) -> dict[int, str]:
    return {row.id: row.first_name for row in work.session.execute(_NAMES)}


_NAMES = text("""
    SELECT p.id, p.first_name FROM stylists p JOIN resources r ON r.id = p.resource_id ORDER BY r.position, p.id
""")


@use_case(Deed.SEE_OWN_PAY)
def show_tips_owed(work: Work, request: ShowTipsOwed) -> TipsOwed:
    """What of their tips people have not been given yet; a stylist sees their own."""
    return _all_owed(work, request.until or work.desk.today)


@use_case(Deed.USE_DRAWER)
def show_tips_to_pay(work: Work, request: ShowTipsOwed) -> TipsOwed:
    """What of their tips people have not been given yet, for whoever pays them out of a drawer."""
    return _all_owed(work, request.until or work.desk.today)


def _all_owed(work: Work, until: dt.date) -> TipsOwed:
    owed, names = tips_owed(work, until=until), _names(work)
    shares = tuple(TipOf(who, name, owed[who]) for who, name in names.items() if owed.get(who))
    waiting = to_pool(work, until) if _pools(work).pools_tips else Decimal(0)
    return TipsOwed(until, work.shop.currency, shares, sum((each.amount for each in shares), Decimal(0)), waiting)


def to_pool(work: Work, until: dt.date) -> Decimal:
    """What this shop was given up to a day that is in no pool yet."""
    waiting = work.session.execute(_UNPOOLED, {"shop": work.shop.id, "until": until, "first": dt.date.min}).all()
    return sum((row.amount for row in waiting), Decimal(0))


def tips_owed(
    work: Work, stylist_ids: Iterable[int] | None = None, *, until: dt.date | None = None
) -> dict[int, Decimal]:
    """What is owed to each in the shop's currency: tips and shares of pools, less what was paid out and what was paid
    with the pay. Negative where a tip went back after it was paid. Of everybody who has entries, or of these."""
    owed: dict[int, Decimal] = {}
    for entry in tip_entries(work, until or work.desk.today):
        owed[entry.stylist_id] = owed.get(entry.stylist_id, Decimal(0)) + entry.amount
    return owed if stylist_ids is None else {who: owed.get(who, Decimal(0)) for who in stylist_ids}


def tip_entries(work: Work, until: dt.date, currency: str | None = None) -> list[TipEntry]:
    """Everything that made tips owed more or less up to a day, oldest first, as far as the person may see it."""
    zone = work.shop.timezone
    rows = work.session.execute(
        _ENTRIES, {"currency": currency or work.shop.currency, "until": until, "ends": day_bounds(until, zone)[1]}
    )
    entries = [
        TipEntry(row.stylist_id, row.kind, row.day or day_of(row.at, zone), row.number, row.amount) for row in rows
    ]
    return sorted(entries, key=lambda entry: (entry.day, entry.kind, entry.number or 0, entry.stylist_id))


_ENTRIES = text("SELECT * FROM tip_entries(:currency, :until, :ends)")


@use_case(Deed.EDIT_RATES)
def pool_tips(work: Work, request: PoolTips) -> TipsPooledOut:
    """Share this shop's tips of some days by rostered hours; managers have no share where the law or the shop says so.

    Tips that come in later on the same days go into the next pool. Raises BadInput.
    """
    last = request.last_day or work.desk.today
    if last > work.desk.today:
        raise BadInput(f"{last} is still to come. Pool the tips up to today at most.", field="last_day")
    rules = _pools(work)
    asked = {"shop": work.shop.id, "until": last, "first": request.first_day or dt.date.min}
    tips = work.session.execute(_UNPOOLED, asked).all()
    total = sum((row.amount for row in tips), Decimal(0))
    if total <= 0:
        raise BadInput(f"No tips are in no pool up to {last}: there is nothing to share out.", field="last_day")
    first = request.first_day or min(row.day for row in tips)
    present = _present(work, first, last)
    managers = managers_share(rules.country, managers_share_tips=rules.managers_share_tips)
    people = [Present(stylist_id=r.id, minutes=r.minutes, is_manager=r.is_manager) for r in present]
    shares = pool_shares(total, people, work.shop.currency, managers=managers)
    if not shares:
        raise BadInput("Nobody who may have a share was here on those days by the roster. Look at the hours.")
    pool = TipPool(
        shop_id=work.shop.id, first_day=first, last_day=last, currency=work.shop.currency, total=total, at=work.now
    )
    work.session.add(pool)
    work.session.flush()
    work.session.add_all(
        TipPoolShare(pool_id=pool.id, stylist_id=one.stylist_id, minutes=one.minutes, amount=one.amount)
        for one in shares
    )
    work.session.add_all(PooledTip(pool_id=pool.id, tip_id=row.id) for row in tips)
    work.session.flush()
    for promise in ("tip_pools_add_up", "tip_pools_journal"):
        work.session.execute(text(f"SET CONSTRAINTS {promise} IMMEDIATE; SET CONSTRAINTS {promise} DEFERRED"))
    work.tell("tip_pool.shared_out", pool.id)
    names = {row.id: row.first_name for row in present}
    left_out = tuple(row.first_name for row in present if row.is_manager and row.minutes > 0 and not managers)
    return TipsPooledOut(
        pool.id, first, last, total,
        tuple(PoolShare(one.stylist_id, names[one.stylist_id], one.minutes, one.amount) for one in shares),
        left_out, MANAGERS_LEFT_OUT.get(rules.country, "") if left_out else "",
    )  # fmt: skip


def _pools(work: Work) -> Any:  # noqa: ANN401  a row
    return work.session.execute(_RULES, {"shop": work.shop.id}).one()


_RULES = text("SELECT pools_tips, managers_share_tips, country FROM shops WHERE id = :shop")
_UNPOOLED = text("""
    SELECT t.id, s.day, t.amount FROM sales s JOIN tips t ON t.sale_id = s.id
     WHERE s.shop_id = :shop AND s.number IS NOT NULL AND s.day BETWEEN :first AND :until
       AND s.day >= coalesce((SELECT min(first_day) FROM pay_periods), date_trunc('month', CAST(:until AS date)))
       AND NOT EXISTS (SELECT FROM pay_periods p
                        WHERE p.closed_at IS NOT NULL AND s.day BETWEEN p.first_day AND p.last_day)
       AND NOT EXISTS (SELECT FROM pooled_tips x WHERE x.tip_id = t.id)
     ORDER BY t.id
""")


@dataclass(frozen=True)
class _There:
    """Somebody of the book, and how long they were at the shop."""

    id: int
    first_name: str
    is_manager: bool
    minutes: int


def _present(work: Work, first: dt.date, last: dt.date) -> list[_There]:
    """Who was at this shop by the roster, without breaks and time off, and for how long, in the order of the book."""
    people = work.session.execute(_PEOPLE).all()
    hours = hours_of(work.session, [row.resource_id for row in people], first, last + DAY)
    days = [first + DAY * n for n in range((last - first).days + 1)]
    return [
        _There(
            row.id, row.first_name, row.is_manager,
            sum(_minutes_here(work, derived_pieces(day, hours[row.resource_id], ())) for day in days),
        )
        for row in people
    ]  # fmt: skip


def _minutes_here(work: Work, pieces: Iterable[Piece]) -> int:
    there = (one for one in pieces if one.status == "available" and one.shop_id == work.shop.id)
    return sum(round((one.ends_at - one.starts_at).total_seconds() / 60) for one in there)


_PEOPLE = text("""
    SELECT p.id, p.resource_id, p.first_name, coalesce(u.role IN ('manager', 'admin'), false) AS is_manager
      FROM stylists p JOIN resources r ON r.id = p.resource_id LEFT JOIN users u ON u.id = p.user_id
     ORDER BY r.position, p.id
""")
