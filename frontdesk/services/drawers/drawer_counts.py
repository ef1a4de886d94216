"""Counting a drawer blind, and closing it: what should be in it is computed when the count is confirmed (CD3, N14)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import text
from sqlmodel import select

from frontdesk.errors import BadInput, CountAgain, NotFound, ReasonMissing, Refusal
from frontdesk.money import rounded
from frontdesk.permissions import Deed, refusal_for
from frontdesk.services.drawers.drawers import counted, drawer_name, expected_in, held_session
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.drawers import DrawerCount, DrawerSession
from frontdesk.text import clean

CLOSING, SPOT = "closing", "spot"


class RecountFirst(Refusal):
    """{drawer} is further off than {tolerance}. Count it once more before it is closed."""


class CountFirst(Refusal):
    """{drawer} is not counted yet. Count it, then close it; what is in it is never assumed."""


class Outcome(StrEnum):
    """What a confirmed count says."""

    RIGHT = "right"
    """Within the shop's tolerance."""
    RECOUNT = "recount"
    """Further off: count again. By how much is not said yet."""
    OFF = "off"
    """Off again: a manager accepts it, with a note."""


@dataclass(frozen=True, kw_only=True)
class CountDrawer(Write):
    """What was counted in an open drawer, confirmed: notes and coins as they are typed, or the sum alone."""

    session_id: int
    typed: str = ""
    """`20x3 10x7 50p x4`."""
    total: Decimal | None = None
    kind: str = CLOSING
    """`closing`, or `spot` for a look in between."""
    note: str = ""


@dataclass(frozen=True)
class CountedDrawer:
    """A confirmed count. What should have been there is said once it is right, or was counted again."""

    count_id: int
    session_id: int
    drawer: str
    attempt: int
    total: Decimal
    outcome: Outcome
    expected: Decimal | None
    difference: Decimal | None
    """More than expected, or less."""
    needs_note: bool
    """Closing needs a manager's yes and why."""
    at: dt.datetime


@use_case(Deed.USE_DRAWER)
def count_drawer(work: Work, request: CountDrawer) -> CountedDrawer:
    """Confirm what was counted in a drawer; only then is it held against what should be in it.

    Raises BadInput for a typo, DrawerClosedBy, NotFound. Holds the drawer: no sale goes in while it is compared.
    """
    if request.kind not in (CLOSING, SPOT):
        raise BadInput(f"A count is for the close or a spot check: {CLOSING} or {SPOT}.", field="kind")
    session = held_session(work, request.session_id, alone=True)
    pieces, total = counted(work, request.typed, request.total)
    tolerance = _tolerance(work)
    before = _counts(work, session.id, request.kind)
    count = DrawerCount(
        session_id=session.id,
        kind=request.kind,
        attempt=len(before) + 1,
        pieces=pieces,
        total=total,
        expected=expected_in(work, session.id),
        note=clean(request.note),
        at=work.now,
    )
    work.session.add(count)
    work.session.flush()
    return _answer(work, session, [*before, count], tolerance)


def _answer(work: Work, session: DrawerSession, counts: list[DrawerCount], tolerance: Decimal) -> CountedDrawer:
    count = counts[-1]
    assert count.expected is not None
    difference = count.total - count.expected
    outcome = _outcome(counts, tolerance)
    is_said = outcome is not Outcome.RECOUNT
    return CountedDrawer(
        count.id,
        session.id,
        drawer_name(work, session.drawer_id),
        count.attempt,
        count.total,
        outcome,
        count.expected if is_said else None,
        difference if is_said else None,
        _needs_note(counts, tolerance),
        count.at,
    )


def _outcome(counts: list[DrawerCount], tolerance: Decimal) -> Outcome:
    """The first count that is off asks for another; from the second on it is said by how much."""
    if not _is_off(counts[-1], tolerance):
        return Outcome.RIGHT
    return Outcome.OFF if any(_is_off(one, tolerance) for one in counts[:-1]) else Outcome.RECOUNT


def _needs_note(counts: list[DrawerCount], tolerance: Decimal) -> bool:
    """Once it was said how much should be there, a count that then fits needs a manager as well."""
    return sum(_is_off(one, tolerance) for one in counts) >= 2


def _is_off(count: DrawerCount, tolerance: Decimal) -> bool:
    return count.expected is not None and abs(count.total - count.expected) > tolerance


def _tolerance(work: Work) -> Decimal:
    found: Decimal = work.session.execute(_TOLERANCE, {"shop": work.shop.id}).scalar_one()
    return found


_TOLERANCE = text("SELECT count_tolerance FROM shops WHERE id = :shop")


def _counts(work: Work, session_id: int, kind: str) -> list[DrawerCount]:
    asked = select(DrawerCount).where(DrawerCount.session_id == session_id, DrawerCount.kind == kind)
    return sorted(work.session.exec(asked), key=lambda one: one.attempt)


@dataclass(frozen=True, kw_only=True)
class CloseDrawer(Write):
    """A counted drawer: how much stays in it for tomorrow, the rest goes to the bank."""

    session_id: int
    left: Decimal
    banked: Decimal | None = None
    """The rest of what was counted, when it is not said."""
    note: str = ""
    """Why the count is off, when it is."""


@dataclass(frozen=True)
class ClosedDrawer:
    """A drawer that is closed."""

    session_id: int
    drawer_id: int
    drawer: str
    counted: Decimal
    expected: Decimal
    difference: Decimal
    left: Decimal
    banked: Decimal
    note: str


@use_case(Deed.USE_DRAWER)
def close_drawer(work: Work, request: CloseDrawer) -> ClosedDrawer:
    """Close a drawer at its last count.

    Raises CountFirst, CountAgain when cash moved after the count, RecountFirst, ReasonMissing and NotAllowed where a
    manager has to accept it, BadInput when what is left and banked is not what was counted, DrawerClosedBy.
    """
    session = held_session(work, request.session_id, alone=True)
    drawer, tolerance = drawer_name(work, session.drawer_id), _tolerance(work)
    counts = _counts(work, session.id, CLOSING)
    if not counts:
        raise CountFirst(drawer=drawer)
    expected = expected_in(work, session.id)
    if counts[-1].expected != expected:
        raise CountAgain
    if _outcome(counts, tolerance) is Outcome.RECOUNT:
        raise RecountFirst(drawer=drawer, tolerance=tolerance)
    note, accepted_by = clean(request.note), None
    if _needs_note(counts, tolerance):
        if not note:
            raise ReasonMissing
        accepted_by = approver(work, Deed.ACCEPT_COUNT)
    total = counts[-1].total
    left, banked = _parted(work, total, request)
    session.closed_on, session.closed_at, session.closed_by = work.desk.today, work.now, work.actor.user_id
    session.counted, session.expected, session.float_left, session.banked = total, expected, left, banked
    session.note, session.accepted_by = note, accepted_by
    work.session.flush()
    work.tell("drawer.closed", session.drawer_id)
    return ClosedDrawer(session.id, session.drawer_id, drawer, total, expected, total - expected, left, banked, note)


def approver(work: Work, deed: Deed) -> int:
    """Who allows it: who does it, or the manager whose PIN was asked for. Raises NotAllowed."""
    if refusal_for(work.actor, deed) is None:
        return work.actor.user_id
    found = None
    if work.approval:
        found = work.session.execute(_APPROVER, {"code": work.approval, "deed": deed.name}).scalar()
    work.require(deed)
    assert found is not None
    return int(found)


_APPROVER = text("SELECT approver_of(:code, :deed)")


def _parted(work: Work, total: Decimal, request: CloseDrawer) -> tuple[Decimal, Decimal]:
    currency = work.shop.currency
    left, banked = request.left, total - request.left if request.banked is None else request.banked
    for said, field in ((left, "left"), (banked, "banked")):
        if rounded(said, currency) != said or said < 0:
            raise BadInput(f"{total} were counted. Leave some of that, or nothing; the rest is banked.", field=field)
    if left + banked != total:
        raise BadInput(f"{left} left and {banked} banked are not the {total} that were counted.", field="banked")
    return rounded(left, currency), rounded(banked, currency)


@dataclass(frozen=True, kw_only=True)
class ExplainCash:
    """Why a closed drawer should have held what it should have."""

    session_id: int


@dataclass(frozen=True)
class CashPart:
    """All entries of one kind."""

    kind: str
    times: int
    amount: Decimal


@dataclass(frozen=True)
class CashExplained:
    """Expected cash as the sum of its entries; counts as they were confirmed."""

    drawer: str
    parts: tuple[CashPart, ...]
    expected: Decimal
    counts: tuple[Decimal, ...]


@use_case(Deed.USE_DRAWER)
def explain_cash(work: Work, request: ExplainCash) -> CashExplained:
    """Expected cash, part by part: float + cash taken - cash given back + moves (N5).

    Of an open drawer only who sees takings is told. Raises NotAllowed, NotFound.
    """
    session = work.session.get(DrawerSession, request.session_id)
    if session is None or session.shop_id != work.shop.id:
        raise NotFound(what="drawer session", name=request.session_id, remedy="Look at the list of drawers.")
    if session.closed_at is None:
        work.require(Deed.SEE_TAKINGS)
    parts = tuple(CashPart(*row) for row in work.session.execute(_PARTS, {"session": session.id}))
    counts = _counts(work, session.id, CLOSING)
    return CashExplained(
        drawer_name(work, session.drawer_id),
        parts,
        sum((part.amount for part in parts), Decimal(0)),
        tuple(one.total for one in counts),
    )


_PARTS = text("""
    SELECT kind, count(*), sum(amount) FROM drawer_cash WHERE session_id = :session
     GROUP BY kind
     ORDER BY array_position(CAST('{float,taken,given_back,pay_in,pay_out,drop,transfer,tip_out}' AS text[]), kind)
""")
