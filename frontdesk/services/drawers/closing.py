"""X and Z: what was sold since the last close, and the close itself, numbered without gaps (features CD4-CD7)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import text

from frontdesk.clock import local
from frontdesk.errors import BadInput, DrawersNotCounted, NotFound, Refusal
from frontdesk.money import money_text, rounded
from frontdesk.permissions import Deed
from frontdesk.rules.z_report import CardCount, ZFigures, z_text
from frontdesk.services.drawers.checklist import Blocker, checklist
from frontdesk.services.drawers.drawer_counts import approver
from frontdesk.services.drawers.z_figures import Span, card_count, figures_of, open_span
from frontdesk.services.reports.journal import head_of
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.drawers import ZReport
from frontdesk.text import clean


class NothingToClose(Refusal):
    """Nothing was sold or counted since the last close. There is nothing to close."""


class DayNotReady(Refusal):
    """Before the close: {what}. Look at each, or let a manager close with a reason."""


class DrawersOpen(DrawersNotCounted):
    """{drawers}: count and close that first, then close the day."""


class CardsNotCounted(Refusal):
    """Cards were charged. Type the total that the card terminal shows, then close the day."""


class CardsOff(Refusal):
    """The card terminal and the till are {difference} apart. Look at the slips and type it again, or say why."""


@dataclass(frozen=True, kw_only=True)
class ShowX:
    """What was sold since the last Z."""


@dataclass(frozen=True)
class XReport:
    """A look at the figures; it resets nothing and says the same until something happens."""

    figures: ZFigures
    sheet: str
    """42 columns, ready to print."""


@use_case(Deed.SEE_TAKINGS)
def show_x(work: Work, request: ShowX) -> XReport:
    """The figures since the last Z. What should be in open drawers is not among them: they are counted blind."""
    figures = figures_of(work, open_span(work))
    return XReport(figures, z_text(figures, work.shop.currency, work.shop.locale))


@dataclass(frozen=True, kw_only=True)
class CloseDay(Write):
    """Close this shop's day."""

    cards: Decimal | None = None
    """The total that the card terminal shows, when cards were charged."""
    cards_note: str = ""
    """Why that is not what was charged here."""
    reason: str = ""
    """Why it is closed with something left open; a manager's to say."""


@dataclass(frozen=True)
class DayClosed:
    """A closed day."""

    id: int
    number: int
    day: dt.date
    figures: ZFigures
    sheet: str
    """As it is printed."""


@use_case(Deed.CLOSE_DAY)
def close_day(work: Work, request: CloseDay) -> DayClosed:
    """Write the Z: every drawer is counted, what stands in the way is dealt with or passed with a reason.

    Raises DrawersOpen, DayNotReady, NotAllowed, CardsNotCounted, CardsOff, NothingToClose. Sales wait until it is
    written, so that none is on its way below its last number; two closes at once take turns.
    """
    blockers = checklist(work).blockers
    passed_by = _passed_by(work, blockers, clean(request.reason))
    taken = work.session.execute(_NEXT, {"shop": work.shop.id}).one()
    figures = figures_of(work, Span(taken.sales_after, taken.sales_until))
    if taken.sales_until == taken.sales_after and not figures.drawers:
        raise NothingToClose
    if figures.not_counted:
        raise DrawersOpen(drawers=", ".join(figures.not_counted))
    figures = _closed(work, request, figures, taken.number, blockers, passed_by)
    sheet = z_text(figures, work.shop.currency, work.shop.locale)
    report = ZReport(
        shop_id=work.shop.id,
        number=taken.number,
        day=work.desk.today,
        sales_after=taken.sales_after,
        sales_until=taken.sales_until,
        closed_at=work.now,
        passed_reason=clean(request.reason) if passed_by else "",
        passed_by=passed_by,
        totals=_FIGURES.dump_python(figures, mode="json"),
        sheet=sheet,
        head_seq=figures.head_seq,
        head_hash=bytes.fromhex(figures.head_hash) if figures.head_hash else None,
    )
    work.session.add(report)
    work.session.flush()
    work.session.execute(_REPORTED, {"shop": work.shop.id, "z": report.id})
    work.session.execute(text("SET CONSTRAINTS z_reports_follow IMMEDIATE; SET CONSTRAINTS z_reports_follow DEFERRED"))
    work.tell("z.closed", report.id, number=report.number)
    return DayClosed(report.id, report.number, report.day, figures, sheet)


_FIGURES: TypeAdapter[ZFigures] = TypeAdapter(ZFigures)
_NEXT = text("SELECT number, sales_after, sales_until FROM next_z(:shop)")
_REPORTED = text("""
    UPDATE drawer_sessions SET z_report_id = :z
     WHERE shop_id = :shop AND closed_at IS NOT NULL AND z_report_id IS NULL
""")


def _passed_by(work: Work, blockers: Sequence[Blocker], reason: str) -> int | None:
    """Who lets the day close with something left open; None when nothing is."""
    drawers = [thing.words for one in blockers if not one.may_pass for thing in one.things]
    if drawers:
        raise DrawersOpen(drawers=", ".join(drawers))
    if not blockers:
        return None
    if not reason:
        raise DayNotReady(what=", ".join(one.sentence for one in blockers))
    return approver(work, Deed.CLOSE_ANYWAY)


def _closed(
    work: Work,
    request: CloseDay,
    figures: ZFigures,
    number: int,
    blockers: Sequence[Blocker],
    passed_by: int | None,
) -> ZFigures:
    """The figures as a Z has them: its number, its moment, the cards, the head of the journal."""
    head = head_of(work)
    when = local(work.now, work.shop.timezone)
    return dataclasses.replace(
        figures,
        number=number,
        when=f"{when:%a} {when.day} {when:%b %Y, %H:%M}",
        closed_by=work.actor.name,
        cards=_cards(work, request, figures),
        passed=clean(request.reason) if passed_by else "",
        passed_by=work.session.execute(_NAME, {"user": passed_by}).scalar() or "",
        left_open=tuple(one.sentence for one in blockers),
        head_seq=head.seq if head.hash else None,
        head_hash=head.hash.hex(),
    )


_NAME = text("SELECT name FROM users WHERE id = :user")


def _cards(work: Work, request: CloseDay, figures: ZFigures) -> CardCount | None:
    currency = work.shop.currency
    if request.cards is not None and rounded(request.cards, currency) != request.cards:
        raise BadInput(f"{request.cards} is finer than {currency} can be charged.", field="cards")
    counted = None if request.cards is None else rounded(request.cards, currency)
    if counted is None and any(one.name == "card" for one in figures.tenders):
        raise CardsNotCounted
    found = card_count(figures, counted, clean(request.cards_note))
    if found is not None and found.difference and not found.note:
        raise CardsOff(difference=money_text(abs(found.difference), currency, work.shop.locale))
    return found


@dataclass(frozen=True, kw_only=True)
class ShowZ:
    """A Z by its number; the last one when none is said."""

    number: int | None = None


@dataclass(frozen=True)
class ZSheet:
    """A Z as it was printed when the day was closed: byte for byte the same however often."""

    id: int
    number: int
    day: dt.date
    closed_at: dt.datetime
    closed_by: str
    figures: ZFigures
    sheet: str
    head_seq: int | None
    head_hash: str
    """Of the journal, in hexadecimal digits; for its QR."""


@use_case(Deed.CLOSE_DAY)
def show_z(work: Work, request: ShowZ) -> ZSheet:
    """A Z again, from what was kept and nothing else. Raises NotFound."""
    row = work.session.execute(_Z, {"shop": work.shop.id, "number": request.number}).one_or_none()
    if row is None:
        if request.number is not None:
            raise NotFound(what="Z", name=request.number, remedy="Without a number the last one is shown.")
        raise NotFound(what="Z", name="here yet", remedy="Closing the day makes the first.")
    return ZSheet(
        row.id,
        row.number,
        row.day,
        row.closed_at,
        row.closed_by,
        _FIGURES.validate_python(row.totals),
        row.sheet,
        row.head_seq,
        bytes(row.head_hash).hex() if row.head_hash else "",
    )


_Z = text("""
    SELECT z.id, z.number, z.day, z.closed_at, z.totals, z.sheet, z.head_seq, z.head_hash, u.name AS closed_by
      FROM z_reports z JOIN users u ON u.id = z.closed_by
     WHERE z.shop_id = :shop AND (CAST(:number AS bigint) IS NULL OR z.number = :number)
     ORDER BY z.number DESC LIMIT 1
""")


@dataclass(frozen=True, kw_only=True)
class ListZ:
    """The latest closes."""

    limit: int = 31


@dataclass(frozen=True)
class ZLine:
    """One of them."""

    number: int
    day: dt.date
    closed_at: dt.datetime
    closed_by: str
    sales: int
    takings: Decimal
    difference: Decimal
    """What the drawers were off by."""


@dataclass(frozen=True)
class ZList:
    """Closes, the latest first."""

    closes: tuple[ZLine, ...]
    currency: str


@use_case(Deed.SEE_TAKINGS)
def list_z(work: Work, request: ListZ) -> ZList:
    """The latest closes of this shop."""
    rows = work.session.execute(_LIST, {"shop": work.shop.id, "limit": max(1, min(request.limit, 1000))})
    return ZList(
        tuple(_line(row, _FIGURES.validate_python(row.totals)) for row in rows),
        work.shop.currency,
    )


def _line(row: Any, figures: ZFigures) -> ZLine:  # noqa: ANN401  a row
    return ZLine(row.number, row.day, row.closed_at, row.closed_by, figures.sales, figures.takings, figures.difference)


_LIST = text("""
    SELECT z.number, z.day, z.closed_at, u.name AS closed_by, z.totals
      FROM z_reports z JOIN users u ON u.id = z.closed_by
     WHERE z.shop_id = :shop ORDER BY z.number DESC LIMIT :limit
""")
