"""Pay: its periods, statements, adjustments and guarantees, and the close that freezes them (features ST11, ST12)."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal

from pydantic import TypeAdapter
from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound, PayClosed, ReasonMissing
from frontdesk.money import plain, rounded
from frontdesk.permissions import Deed
from frontdesk.services.pay.pay_statements import (
    PayEntry,
    Period,
    StatementSheet,
    entry_of,
    one_entry,
    periods,
    sheet_of,
    whose_pay,
)
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.pay import PayPeriod, Statement, TipInPay
from frontdesk.text import clean

_SHEET: TypeAdapter[StatementSheet] = TypeAdapter(StatementSheet)


@dataclass(frozen=True, kw_only=True)
class ListPayPeriods:
    """Which periods there are."""


@dataclass(frozen=True)
class PayPeriods:
    """Pay periods, the latest first."""

    periods: tuple[Period, ...]


@dataclass(frozen=True, kw_only=True)
class SetPayPeriod(Write):
    """Days that are paid together. Periods after it are as long; without any, they are calendar months."""

    first_day: dt.date
    last_day: dt.date


@dataclass(frozen=True, kw_only=True)
class ShowStatement:
    """What somebody is paid for a period."""

    stylist_id: int | None = None
    """Whoever asks, when it is not said."""
    day: dt.date | None = None
    """A day of the period; today when it is not said."""
    currency: str | None = None
    """The shop's, when it is not said."""


@dataclass(frozen=True, kw_only=True)
class WhyPaid:
    """Why an entry is what it is."""

    entry_id: int


@dataclass(frozen=True)
class PayWhy:
    """An entry, step by step."""

    stylist_id: int
    stylist: str
    entry: PayEntry


@dataclass(frozen=True, kw_only=True)
class ClosePayPeriod(Write):
    """Freeze a period with its statements."""

    day: dt.date
    """Any day of it."""


@dataclass(frozen=True)
class StatementTotal:
    """What a statement comes to."""

    stylist_id: int
    stylist: str
    currency: str
    commission: Decimal
    top_up: Decimal
    tips: Decimal
    total: Decimal


@dataclass(frozen=True)
class PayPeriodClosed:
    """A period and what each is paid for it."""

    period: Period
    statements: tuple[StatementTotal, ...]


@dataclass(frozen=True, kw_only=True)
class ExportPay:
    """A period for another program."""

    day: dt.date
    entries: bool = False
    """Every entry, instead of one row for each person."""


@dataclass(frozen=True)
class PayExported:
    """CSV with a heading, plain amounts with a point, days as 2026-03-31."""

    period: Period
    csv: str


@dataclass(frozen=True, kw_only=True)
class AdjustPay(Write):
    """A correction by hand."""

    stylist_id: int
    amount: Decimal
    """Less than nothing takes off."""
    reason: str
    day: dt.date | None = None
    """In the period that is open on this day; today when it is not said."""


@dataclass(frozen=True)
class PayAdjusted:
    """The entry that was written."""

    entry_id: int
    day: dt.date


@dataclass(frozen=True, kw_only=True)
class SetGuarantee(Write):
    """What somebody has at least for each pay period, from a day on."""

    stylist_id: int
    amount: Decimal
    """Nothing ends it."""
    valid_from: dt.date | None = None


@dataclass(frozen=True)
class GuaranteeSet:
    """Whose guarantee was set, and from when. The amount is not kept in the answer."""

    stylist_id: int
    valid_from: dt.date


@use_case(Deed.SEE_OWN_PAY)
def list_periods(work: Work, request: ListPayPeriods) -> PayPeriods:
    """Pay periods, the latest first."""
    return PayPeriods(tuple(periods(work)))


@use_case(Deed.CLOSE_PAY)
def set_period(work: Work, request: SetPayPeriod) -> Period:
    """Begin a period of one's own days, or move the end of one over days on which nobody earned.

    Raises BadInput, PeriodsOverlap, EarnedInPeriod, PayClosed.
    """
    if request.last_day < request.first_day or (request.last_day - request.first_day).days > 366:
        raise BadInput("A pay period ends after it begins, and within a year: 2026-03-01 2026-03-15.", field="last_day")
    known = next((one for one in periods(work) if one.first_day == request.first_day), None)
    if known is None:
        work.session.add(PayPeriod(first_day=request.first_day, last_day=request.last_day))
        work.session.flush()
    else:
        work.session.execute(_MOVE_END, {"period": known.id, "last": request.last_day})
    return _of_day(work, request.first_day)


_MOVE_END = text("UPDATE pay_periods SET last_day = :last WHERE id = :period")


def _of_day(work: Work, day: dt.date) -> Period:
    found = next((one for one in periods(work) if one.first_day <= day <= one.last_day), None)
    if found is None:
        raise NotFound(what="pay period with", name=day, remedy="Set its days first: the first and the last one.")
    return found


@use_case(Deed.SEE_OWN_PAY)
def show_statement(work: Work, request: ShowStatement) -> StatementSheet:
    """What somebody is paid for a period: as it was stated once it is closed. A stylist sees their own only.

    Raises NotFound, BadInput, NotAllowed.
    """
    own = work.actor.stylist_id
    stylist_id = request.stylist_id or own
    if stylist_id is None:
        raise BadInput("Say whose statement: a stylist's name.", field="stylist")
    if stylist_id != own:
        work.require(Deed.SEE_RATES)
    name = work.session.execute(_NAME, {"stylist": stylist_id}).scalar()
    if name is None:
        raise NotFound(what="stylist", name=stylist_id, remedy="Look at the list of stylists.")
    day, currency = request.day or work.desk.today, request.currency or work.shop.currency
    period = next((one for one in periods(work) if one.first_day <= day <= one.last_day), None) or _month(day)
    if period.closed_at is not None:
        asked = {"period": period.id, "stylist": stylist_id, "currency": currency}
        kept = work.session.execute(_KEPT, asked).scalar()
        if kept is not None:
            return _SHEET.validate_json(kept)
    return sheet_of(work, period, stylist_id, str(name), currency)


_NAME = text("SELECT first_name FROM stylists WHERE id = :stylist")
_KEPT = text("""
    SELECT contents::text FROM statements WHERE period_id = :period AND stylist_id = :stylist AND currency = :currency
""")


def _month(day: dt.date) -> Period:
    """The calendar month of a day on which nothing was earned yet: what would be begun."""
    first = day.replace(day=1)
    return Period(0, first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1), None, None)


@use_case(Deed.SEE_OWN_PAY)
def why_paid(work: Work, request: WhyPaid) -> PayWhy:
    """The arithmetic of one entry, to the cent. A stylist sees their own only. Raises NotFound."""
    row = one_entry(work, request.entry_id)
    if row is None:
        raise NotFound(what="entry", name=request.entry_id, remedy="Look at the statement.")
    return PayWhy(row.stylist_id, row.stylist, entry_of(work, row))


@use_case(Deed.CLOSE_PAY)
def close_period(work: Work, request: ClosePayPeriod) -> PayPeriodClosed:
    """Top up to the guarantees, make everybody's statement and freeze the period.

    Later corrections are adjustments dated in a period that is open. Raises NotFound, BadInput, PayClosed.
    """
    found = _of_day(work, request.day)
    work.session.execute(_LOCK, {"period": found.id}).one()
    period = _of_day(work, request.day)
    _refuse_close(work, period)
    work.session.execute(_TOP_UP, {"period": period.id})
    stated = []
    closed = Period(period.id, period.first_day, period.last_day, work.now, work.actor.name)
    for stylist_id, name, currency in whose_pay(work, period):
        sheet = sheet_of(work, closed, stylist_id, name, currency)
        if not (sheet.entries or sheet.top_up or sheet.tips or sheet.tips_due):
            continue
        work.session.add(
            Statement(
                period_id=period.id, stylist_id=stylist_id, currency=currency, commission=sheet.commission,
                top_up=sheet.top_up, tips=sheet.tips_due, total=sheet.total,
                contents=_SHEET.dump_python(sheet, mode="json"), at=work.now,
            )
        )  # fmt: skip
        if sheet.tips_due:
            work.session.add(
                TipInPay(period_id=period.id, stylist_id=stylist_id, currency=currency, amount=sheet.tips_due)
            )
        stated.append(_total(sheet))
    work.session.flush()
    work.session.execute(_CLOSE, {"period": period.id, "at": work.now, "by": work.actor.user_id})
    work.tell("pay.closed", period.id)
    return PayPeriodClosed(closed, tuple(stated))


_LOCK = text("SELECT id FROM pay_periods WHERE id = :period FOR UPDATE")
_TOP_UP = text("SELECT write_top_ups(:period)")
_CLOSE = text("UPDATE pay_periods SET closed_at = :at, closed_by = :by WHERE id = :period")


def _refuse_close(work: Work, period: Period) -> None:
    if period.closed_at is not None:
        raise PayClosed
    if period.last_day >= work.desk.today:
        raise BadInput(f"That period runs to {period.last_day}. Close it when that day is over.", field="day")
    before = [one for one in periods(work) if one.closed_at is None and one.last_day < period.first_day]
    if before:
        first = before[-1]
        raise BadInput(f"{first.first_day} to {first.last_day} is still open. Close that period first.", field="day")
    waiting = work.session.execute(_UNPOOLED, {"first": period.first_day, "last": period.last_day}).scalar()
    if waiting:
        raise BadInput(
            f"{waiting} pools its tips, and those of these days are in no pool. Share them out first.", field="day"
        )


_UNPOOLED = text("""
    SELECT min(h.name) FROM sales s JOIN shops h ON h.id = s.shop_id JOIN tips t ON t.sale_id = s.id
     WHERE h.pools_tips AND s.number IS NOT NULL AND s.day BETWEEN :first AND :last
       AND NOT EXISTS (SELECT FROM pooled_tips x WHERE x.tip_id = t.id)
""")


def _total(sheet: StatementSheet) -> StatementTotal:
    return StatementTotal(
        sheet.stylist_id, sheet.stylist, sheet.currency, sheet.commission, sheet.top_up, sheet.tips_due, sheet.total
    )


@use_case(Deed.SEE_RATES)
def show_pay(work: Work, request: ExportPay) -> PayPeriodClosed:
    """What everybody is paid for a period, open or closed, without writing anything. Raises NotFound."""
    period = _of_day(work, request.day)
    return PayPeriodClosed(period, tuple(_total(sheet) for sheet in _sheets(work, period)))


@use_case(Deed.SEE_RATES)
def export_pay(work: Work, request: ExportPay) -> PayExported:
    """A period as CSV: a row for each person, or for each entry. Raises NotFound."""
    period = _of_day(work, request.day)
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    sheets = _sheets(work, period)
    if request.entries:
        write.writerow(["stylist", "day", "for_day", "kind", "receipt", "what", "base", "amount", "currency", "why"])
        for sheet in sheets:
            for one in sheet.entries:
                why = "; ".join(f"{step.figures} = {step.value}" for step in one.steps if step.figures)
                write.writerow(
                    [_cell(sheet.stylist), one.day, one.for_day, one.kind, one.sale_number, _cell(one.name),
                     plain(one.base, sheet.currency), plain(one.amount, sheet.currency), sheet.currency, why]
                )  # fmt: skip
    else:
        write.writerow(["stylist", "first_day", "last_day", "commission", "top_up", "tips", "total", "currency"])
        for sheet in sheets:
            figures = (sheet.commission, sheet.top_up, sheet.tips_due, sheet.total)
            write.writerow(
                [_cell(sheet.stylist), period.first_day, period.last_day,
                 *(plain(each, sheet.currency) for each in figures), sheet.currency]
            )  # fmt: skip
    return PayExported(period, out.getvalue())


def _cell(words: str) -> str:
    """A name that a spreadsheet would take for a formula is told that it is text."""
    return f"'{words}" if words[:1] in "=+-@" else words


def _sheets(work: Work, period: Period) -> list[StatementSheet]:
    if period.closed_at is not None:
        return [_SHEET.validate_json(kept) for kept in work.session.execute(_ALL, {"period": period.id}).scalars()]
    return [sheet_of(work, period, who, name, currency) for who, name, currency in whose_pay(work, period)]


_ALL = text("""
    SELECT t.contents::text FROM statements t JOIN stylists p ON p.id = t.stylist_id
      JOIN resources r ON r.id = p.resource_id
     WHERE t.period_id = :period ORDER BY r.position, p.id, t.currency
""")


@use_case(Deed.EDIT_RATES)
def adjust_pay(work: Work, request: AdjustPay) -> PayAdjusted:
    """Correct somebody's pay by hand, dated in a period that is open. Raises ReasonMissing, BadInput, PayClosed."""
    reason, amount = clean(request.reason), rounded(request.amount, work.shop.currency)
    if not reason:
        raise ReasonMissing
    if not amount or amount != request.amount:
        raise BadInput("Say how much, to the smallest coin; with a minus to take off: -12.50.", field="amount")
    day = request.day or work.desk.today
    asked = {
        "stylist": request.stylist_id, "day": day, "amount": amount, "currency": work.shop.currency, "reason": reason,
    }  # fmt: skip
    if work.session.execute(_NAME, {"stylist": request.stylist_id}).scalar() is None:
        raise NotFound(what="stylist", name=request.stylist_id, remedy="Look at the list of stylists.")
    entry_id: int = work.session.execute(_ADJUST, asked).scalar_one()
    return PayAdjusted(entry_id, day)


_ADJUST = text("SELECT write_pay_adjustment(:stylist, :day, :amount, :currency, :reason)")


@use_case(Deed.EDIT_RATES)
def set_guarantee(work: Work, request: SetGuarantee) -> GuaranteeSet:
    """What somebody has at least for each pay period, from a day on; the one before it ends. Raises BadInput."""
    amount = rounded(request.amount, work.shop.currency)
    if amount < 0 or amount != request.amount:
        raise BadInput("A guarantee is an amount, to the smallest coin: 1200.00. Nothing ends it.", field="amount")
    first = request.valid_from or work.desk.today
    asked = {"stylist": request.stylist_id, "currency": work.shop.currency, "first": first, "amount": amount}
    if work.session.execute(_NAME, {"stylist": request.stylist_id}).scalar() is None:
        raise NotFound(what="stylist", name=request.stylist_id, remedy="Look at the list of stylists.")
    work.session.execute(_END_GUARANTEE, asked)
    if amount:
        work.session.execute(_GUARANTEE, asked)
    return GuaranteeSet(request.stylist_id, first)


_END_GUARANTEE = text("""
    UPDATE guarantees SET valid_until = greatest(valid_from, :first)
     WHERE stylist_id = :stylist AND currency = :currency AND valid_until > :first
""")
_GUARANTEE = text("""
    INSERT INTO guarantees (stylist_id, amount, currency, valid_from) VALUES (:stylist, :amount, :currency, :first)
""")
