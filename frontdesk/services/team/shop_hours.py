"""When the shop is open, when it is shut, and what is blocked: rules laid over everybody's day (features ST3, ST4)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from sqlalchemy import text

from frontdesk.clock import day_bounds, day_of
from frontdesk.errors import BadInput, NotFound
from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY
from frontdesk.services.team.hours_wishes import refuse_bad_week, shop_of
from frontdesk.services.team.stranded import HoursChange, StrandedVisit, stranded
from frontdesk.services.team.stylist_hours import end_day, first_day
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.hours import Block, BusinessHours, Closure
from frontdesk.text import clean

BlockKind = Literal["blocked", "maintenance"]


@dataclass(frozen=True, kw_only=True)
class OpenHours:
    """A stretch on a weekday in which the shop is open, wall time."""

    weekday: int
    """1 Monday to 7 Sunday."""
    opens: dt.time
    closes: dt.time


@dataclass(frozen=True, kw_only=True)
class SetBusinessHours(Write):
    """The shop's week from a day on; earlier weeks keep the old one."""

    valid_from: dt.date
    hours: tuple[OpenHours, ...]
    """All of the week; a weekday without any is shut."""
    shop_id: int | None = None
    """This desk's shop, when it is not given."""


@dataclass(frozen=True, kw_only=True)
class AddClosure(Write):
    """Days on which the shop is shut."""

    first_day: dt.date
    last_day: dt.date
    """The last day shut itself."""
    name: str
    shop_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class RemoveClosure(Write):
    """Days on which the shop opens after all."""

    closure_id: int


@dataclass(frozen=True, kw_only=True)
class BlockTime(Write):
    """Time of a stylist, room, chair or machine that can't be booked."""

    resource_id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    name: str = ""
    """What the grid shows; the kind, when it is empty."""
    kind: BlockKind = "blocked"


@dataclass(frozen=True, kw_only=True)
class UnblockTime(Write):
    """A block that is none."""

    block_id: int


@dataclass(frozen=True, kw_only=True)
class ListStranded:
    """Visits that published hours don't cover."""

    first_day: dt.date
    last_day: dt.date


@dataclass(frozen=True, kw_only=True)
class ListBusinessHours:
    """The shop's week that holds, and those that are planned."""

    shop_id: int | None = None
    """This desk's shop, when it is not given."""


@dataclass(frozen=True)
class OpenWeek:
    """A week of opening hours and the days it holds."""

    valid_from: dt.date | None
    """None: it always was."""
    valid_until: dt.date | None
    """The day after the last; None: it has no end."""
    hours: tuple[OpenHours, ...]


@dataclass(frozen=True)
class BusinessWeeks:
    """Weeks of opening hours, in order of time."""

    weeks: tuple[OpenWeek, ...]


@dataclass(frozen=True, kw_only=True)
class ListClosures:
    """Days on which the shop is shut and that are not over."""

    shop_id: int | None = None


@dataclass(frozen=True)
class ClosureCard:
    """Days on which a shop is shut."""

    id: int
    first_day: dt.date
    last_day: dt.date
    name: str


@dataclass(frozen=True)
class Closures:
    """Closures, soonest first."""

    closures: tuple[ClosureCard, ...]


@dataclass(frozen=True, kw_only=True)
class ListBlocks:
    """What is blocked on a day; today when none is named."""

    day: dt.date | None = None


@dataclass(frozen=True)
class BlockCard:
    """Time of a stylist, room, chair or machine that can't be booked."""

    id: int
    resource_id: int
    resource: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    kind: str
    name: str


@dataclass(frozen=True)
class Blocks:
    """Blocks in the order of the book, then of time."""

    blocks: tuple[BlockCard, ...]


@dataclass(frozen=True)
class ShopHoursChanged:
    """A change of the shop's hours and what it leaves to be dealt with."""

    id: int
    """The closure or block that was added; of business hours, the shop."""
    stranded: tuple[StrandedVisit, ...]
    """Visits that were covered before and are not now, soonest first. They stay in the book."""


@dataclass(frozen=True)
class Stranded:
    """Visits to be dealt with, soonest first."""

    visits: tuple[StrandedVisit, ...]


@use_case(Deed.EDIT_ROSTER)
def set_business_hours(work: Work, request: SetBusinessHours) -> ShopHoursChanged:
    """New opening hours from a day on; weeks before it stay, weeks planned for later go. Raises BadInput, NotFound."""
    refuse_bad_week([(hours.weekday, hours.opens, hours.closes) for hours in request.hours])
    shop_id = shop_of(work, request.shop_id)
    change = HoursChange.begin(work, _resources(work, shop_id), request.valid_from, dt.date.max, shop_id=shop_id)
    work.session.execute(_END_HOURS, {"shop": shop_id, "day": request.valid_from})
    work.session.execute(_DROP_HOURS, {"shop": shop_id, "day": request.valid_from})
    work.session.add_all(
        BusinessHours(
            shop_id=shop_id,
            weekday=hours.weekday,
            opens=hours.opens,
            closes=hours.closes,
            valid_from=request.valid_from,
        )
        for hours in request.hours
    )
    work.session.flush()
    return ShopHoursChanged(shop_id, change.finish())


_END_HOURS = text(
    "UPDATE business_hours SET valid_until = :day WHERE shop_id = :shop AND valid_from < :day AND valid_until > :day"
)
_DROP_HOURS = text("DELETE FROM business_hours WHERE shop_id = :shop AND valid_from >= :day")


@use_case(Deed.EDIT_ROSTER)
def add_closure(work: Work, request: AddClosure) -> ShopHoursChanged:
    """Shut the shop for some days; no visit is lost, those it strands are listed. Raises BadInput, NotFound."""
    name = clean(request.name)
    if not name:
        raise BadInput("Say why the shop is shut, in a word or two: Christmas.", field="name")
    if request.last_day < request.first_day:
        raise BadInput("The last day shut is before the first. Change one of them.", field="last_day")
    shop_id = shop_of(work, request.shop_id)
    change = HoursChange.begin(work, _resources(work, shop_id), request.first_day, request.last_day, shop_id=shop_id)
    closure = Closure(shop_id=shop_id, first_day=request.first_day, last_day=request.last_day, name=name)
    work.session.add(closure)
    work.session.flush()
    return ShopHoursChanged(closure.id, change.finish())


@use_case(Deed.EDIT_ROSTER)
def remove_closure(work: Work, request: RemoveClosure) -> ShopHoursChanged:
    """Open the shop on those days after all. Raises NotFound."""
    closure = work.session.get(Closure, request.closure_id)
    if closure is None:
        raise NotFound(what="closure", name=request.closure_id, remedy="Look at the shop's closures.")
    change = HoursChange.begin(
        work, _resources(work, closure.shop_id), closure.first_day, closure.last_day, shop_id=closure.shop_id
    )
    work.session.delete(closure)
    work.session.flush()
    return ShopHoursChanged(request.closure_id, change.finish())


@use_case(Deed.BOOK)
def block_time(work: Work, request: BlockTime) -> ShopHoursChanged:
    """Keep a stylist's, room's, chair's or machine's time from being booked. Raises BadInput, NotFound."""
    if request.starts_at.tzinfo is None or request.ends_at.tzinfo is None:
        raise BadInput("A time needs its zone, like 2026-03-10T13:00+00:00.", field="starts_at")
    if request.ends_at <= request.starts_at:
        raise BadInput("The block would end before it starts. Change one of the two times.", field="ends_at")
    if work.session.execute(_RESOURCE, {"resource": request.resource_id}).scalar() is None:
        raise NotFound(what="stylist or room", name=request.resource_id, remedy="Look at the day's columns.")
    change = _block_change(work, request.resource_id, request.starts_at, request.ends_at)
    block = Block(
        resource_id=request.resource_id,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        kind=request.kind,
        name=clean(request.name) or request.kind,
    )
    work.session.add(block)
    work.session.flush()
    return ShopHoursChanged(block.id, change.finish())


_RESOURCE = text("SELECT 1 FROM resources WHERE id = :resource")


@use_case(Deed.BOOK)
def unblock_time(work: Work, request: UnblockTime) -> ShopHoursChanged:
    """Give blocked time back. Raises NotFound."""
    block = work.session.get(Block, request.block_id)
    if block is None:
        raise NotFound(what="block", name=request.block_id, remedy="Look at the day's book.")
    change = _block_change(work, block.resource_id, block.starts_at, block.ends_at)
    work.session.delete(block)
    work.session.flush()
    return ShopHoursChanged(request.block_id, change.finish())


@use_case(Deed.SEE_BOOK)
def list_stranded(work: Work, request: ListStranded) -> Stranded:
    """Visits to come that published hours don't cover, whatever stranded them."""
    shop_id = work.shop.id
    found = stranded(work, _resources(work, shop_id), request.first_day, request.last_day, shop_id=shop_id)
    return Stranded(found)


@use_case(Deed.SEE_BOOK)
def list_business_hours(work: Work, request: ListBusinessHours) -> BusinessWeeks:
    """When the shop is open: the week that holds, and those that are planned. Raises NotFound."""
    asked = {"shop": shop_of(work, request.shop_id), "today": work.desk.today}
    weeks = groupby(work.session.execute(_WEEKS, asked), lambda row: (row.valid_from, row.valid_until))
    return BusinessWeeks(
        tuple(
            OpenWeek(
                first_day(since),
                end_day(until),
                tuple(OpenHours(weekday=row.weekday, opens=row.opens, closes=row.closes) for row in week),
            )
            for (since, until), week in weeks
        )
    )


_WEEKS = text("""
    SELECT weekday, opens, closes, valid_from, valid_until FROM business_hours
     WHERE shop_id = :shop AND valid_until > :today ORDER BY valid_from, valid_until, weekday, opens
""")


@use_case(Deed.SEE_BOOK)
def list_closures(work: Work, request: ListClosures) -> Closures:
    """Days on which the shop is shut and that are not over, soonest first. Raises NotFound."""
    asked = {"shop": shop_of(work, request.shop_id), "today": work.desk.today}
    return Closures(tuple(ClosureCard(*row) for row in work.session.execute(_CLOSURES, asked)))


_CLOSURES = text("""
    SELECT id, first_day, last_day, name FROM closures
     WHERE shop_id = :shop AND last_day >= :today ORDER BY first_day, id
""")


@use_case(Deed.SEE_BOOK)
def list_blocks(work: Work, request: ListBlocks) -> Blocks:
    """What is blocked on a day, of everybody and everything at home in this shop or working here."""
    since, until = day_bounds(request.day or work.desk.today, work.shop.timezone)
    asked = {"resources": _resources(work, work.shop.id), "since": since, "until": until}
    return Blocks(tuple(BlockCard(*row) for row in work.session.execute(_BLOCKS, asked)))


_BLOCKS = text("""
    SELECT b.id, b.resource_id, r.name AS resource, b.starts_at, b.ends_at, b.kind, b.name
      FROM blocks b JOIN resources r ON r.id = b.resource_id
     WHERE r.id = ANY (:resources) AND b.starts_at < :until AND b.ends_at > :since
     ORDER BY r.kind <> 'stylist', r.position, r.id, b.starts_at
""")


def _block_change(work: Work, resource_id: int, starts_at: dt.datetime, ends_at: dt.datetime) -> HoursChange:
    # A strip's days are its home shop's, which may lie in another zone than this desk: a day more on either side.
    first, last = day_of(starts_at, work.shop.timezone) - DAY, day_of(ends_at, work.shop.timezone) + DAY
    return HoursChange.begin(work, [resource_id], first, last)


def _resources(work: Work, shop_id: int) -> list[int]:
    """Everybody and everything whose strip this shop's hours shape."""
    return list(work.session.execute(_RESOURCES, {"shop": shop_id}).scalars())


_RESOURCES = text("""
    SELECT r.id FROM resources r LEFT JOIN stylists s ON s.resource_id = r.id
     WHERE r.shop_id = :shop
        OR EXISTS (SELECT FROM weekly_shifts w WHERE w.stylist_id = s.id AND w.shop_id = :shop)
        OR EXISTS (SELECT FROM dated_shifts d WHERE d.stylist_id = s.id AND d.shop_id = :shop)
     ORDER BY r.id
""")
