"""Whose turn it is, for everybody to see, and why a turn was passed on (features CI4)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import NotFound, ReasonMissing
from frontdesk.permissions import Deed
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.waiting.queueing import TakesTurns, floor_now, turn_takers
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class ShowTurns:
    """Whose turn it is."""


@dataclass(frozen=True)
class Skipped:
    """A turn that was passed on."""

    at: dt.datetime
    stylist: str
    reason: str
    by: str


@dataclass(frozen=True)
class Turns:
    """The order, and what was passed on today."""

    order: tuple[TakesTurns, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, kw_only=True)
class SkipTurn(Write):
    """Pass somebody's turn on: it counts as one they have had."""

    stylist_id: int
    reason: str = ""


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def show_turns(work: Work, request: ShowTurns) -> Turns:
    """Who works today, whose turn it is first, and which turns were passed on and why."""
    return Turns(turn_takers(work, floor_now(work)), skipped_today(work))


@use_case(Deed.BOOK, before=lay_out_first)
def skip_turn(work: Work, request: SkipTurn) -> Turns:
    """Pass a turn on, with a reason that everybody can read. Raises ReasonMissing, NotFound."""
    reason = clean(request.reason)
    if not reason:
        raise ReasonMissing
    one_at_a_time(work)
    floor = floor_now(work)
    if request.stylist_id not in floor.names:
        raise NotFound(what="stylist", name=request.stylist_id, remedy="Look at who works here today.")
    skip(work, request.stylist_id, reason)
    return Turns(turn_takers(work, floor_now(work)), skipped_today(work))


def one_at_a_time(work: Work) -> None:
    """Wait until nobody else gives out turns in this shop, until commit. It comes before any strip is held."""
    work.session.execute(_ONE_AT_A_TIME, {"shop": work.shop.id % 2**31})


_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(-3, :shop)")


def skip(work: Work, stylist_id: int, reason: str) -> None:
    """Write down that a turn was passed on; the caller gives out turns alone."""
    given = {"shop": work.shop.id, "day": work.desk.today, "stylist": stylist_id, "reason": reason, "now": work.now}
    work.session.execute(_SKIP, given)
    work.tell("turn.skipped", stylist_id)


def take(work: Work, stylist_id: int, walk_in_id: int, weight: Decimal) -> None:
    """Write down that somebody had a turn; the caller gives out turns alone."""
    given = {"shop": work.shop.id, "day": work.desk.today, "stylist": stylist_id, "walk_in": walk_in_id}
    work.session.execute(_TAKE, given | {"weight": weight, "now": work.now})


_SKIP = text("""
    INSERT INTO turns (shop_id, day, stylist_id, weight, skip_reason, at)
    VALUES (:shop, :day, :stylist, 1, :reason, :now)
""")
_TAKE = text("""
    INSERT INTO turns (shop_id, day, stylist_id, walk_in_id, weight, at)
    VALUES (:shop, :day, :stylist, :walk_in, :weight, :now)
""")


def skipped_today(work: Work) -> tuple[Skipped, ...]:
    """The turns of today that were passed on."""
    rows = work.session.execute(_SKIPPED, {"shop": work.shop.id, "day": work.desk.today})
    return tuple(Skipped(*row) for row in rows)


_SKIPPED = text("""
    SELECT t.at, p.first_name, t.skip_reason, coalesce(u.name, 'another system')
      FROM turns t JOIN stylists p ON p.id = t.stylist_id LEFT JOIN users u ON u.id = t.user_id
     WHERE t.shop_id = :shop AND t.day = :day AND t.skip_reason IS NOT NULL ORDER BY t.at, t.id
""")
