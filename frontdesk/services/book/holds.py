"""A time that is kept: while somebody types a booking, or until somebody has answered an offer (features BK28, BK21).

A hold is a fact on the strip with an end, a person and a key: whoever brings the key may book it. It says nothing to
the history of the book, and there is nothing to undo: it lapses by itself.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.permissions import Deed
from frontdesk.services.book.keeping import keep, release
from frontdesk.services.shop.shop_rules import rules_of
from frontdesk.services.use_case import Work, Write, use_case

LONGEST_MINUTES = 12 * 60
"""Nobody keeps more than this at once."""


@dataclass(frozen=True, kw_only=True)
class HoldTime(Write):
    """Keep a stylist's time while somebody types; an earlier hold of this key is let go."""

    stylist_id: int
    starts_at: dt.datetime
    minutes: int
    hold_key: UUID
    """Made when the form is opened; the booking brings it."""


@dataclass(frozen=True)
class HeldTime:
    """Whether the time is kept, and if not, what is in the way."""

    held: bool
    until: dt.datetime | None = None
    """When it lapses by itself."""
    in_the_way: str = ""
    """`Mo is booking 15:00–15:45`, `Jane Doe 15:00–15:45`, `Anna does not work then`."""


@dataclass(frozen=True, kw_only=True)
class LetGo(Write):
    """The form is closed, or the booking made: nobody needs the time any more."""

    hold_key: UUID


@dataclass(frozen=True)
class Released:
    """How many pieces became free."""

    pieces: int


@use_case(Deed.BOOK)
def hold_time(work: Work, request: HoldTime) -> HeldTime:
    """Keep a time for whoever is typing, so that other terminals see it at once. It refuses nothing that is taken: it
    answers whether the time is kept, and else what is in the way. Raises NotFound, BadInput."""
    if not 1 <= request.minutes <= LONGEST_MINUTES:
        raise BadInput(f"A time can be kept for 1 to {LONGEST_MINUTES} minutes.", field="minutes")
    start = request.starts_at.astimezone(dt.UTC).replace(second=0, microsecond=0)
    until = work.now + dt.timedelta(minutes=rules_of(work).hold_minutes)
    row = work.session.execute(_STYLIST, {"id": request.stylist_id}).one_or_none()
    if row is None:
        raise NotFound(what="stylist", name=request.stylist_id, remedy="Look at who works here.")
    stretches = [(start, start + dt.timedelta(minutes=request.minutes))]
    in_the_way = keep(work, row.resource_id, stretches, request.hold_key, until, stylist=row.first_name)
    if in_the_way:
        return HeldTime(False, in_the_way=in_the_way)
    return HeldTime(True, until)


@use_case(Deed.BOOK)
def let_go(work: Work, request: LetGo) -> Released:
    """Free what a key keeps. What has lapsed or was booked meanwhile is nothing to free."""
    return Released(release(work, request.hold_key))


_STYLIST = text("SELECT id, resource_id, first_name FROM stylists WHERE id = :id AND is_active")
