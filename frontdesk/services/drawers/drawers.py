"""The drawers of a shop: which there are, which are open and since when, and opening one (features CD1, CD7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.clock import day_of, local
from frontdesk.errors import BadInput, DrawerClosedBy, DrawerOpenSince, NotFound
from frontdesk.money import rounded
from frontdesk.permissions import Deed
from frontdesk.rules.counting import read_count, total_of
from frontdesk.rules.hours import DAY
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.wording import when_said
from frontdesk.tables.drawers import Drawer, DrawerCount, DrawerSession
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class ListDrawers:
    """The drawers of this desk's shop."""

    with_unused: bool = False


@dataclass(frozen=True)
class DrawerState:
    """A drawer, and its session when it is open. What should be in it is said to nobody before it is counted."""

    id: int
    name: str
    is_active: bool
    session_id: int | None
    opened_at: dt.datetime | None
    opened_by: str
    opening_float: Decimal | None
    sales: int
    """With it, since it was opened."""
    moves: int
    since: str
    """`09:02`, `yesterday 09:02`, `Tue 3 Mar 09:02`; empty when it is closed."""
    is_forgotten: bool
    """Open since an earlier day."""
    left: Decimal | None
    """In it when it was closed last; None when it never was."""
    closed_at: dt.datetime | None
    """When it was closed last."""
    last_session_id: int | None
    """Of the last time it was closed."""

    @property
    def is_open(self) -> bool:
        """Whether cash goes into it."""
        return self.session_id is not None

    @property
    def sentence(self) -> str:
        """`Drawer 1 open since yesterday 09:02`."""
        return f"{self.name} open since {self.since}" if self.is_open else f"{self.name} closed"


@dataclass(frozen=True)
class Drawers:
    """All of them, in the order of their names."""

    drawers: tuple[DrawerState, ...]
    currency: str
    tolerance: Decimal
    """A count that is further off than this is counted again."""

    @property
    def open_ones(self) -> tuple[DrawerState, ...]:
        """Those that cash goes into."""
        return tuple(one for one in self.drawers if one.is_open)


@use_case(Deed.SELL)
def list_drawers(work: Work, request: ListDrawers) -> Drawers:
    """The drawers of this shop: which are open, since when, by whom."""
    tolerance = work.session.execute(_TOLERANCE, {"shop": work.shop.id}).scalar_one()
    found = states(work)
    return Drawers(
        tuple(one for one in found if one.is_active or one.is_open or request.with_unused),
        work.shop.currency,
        tolerance,
    )


def states(work: Work) -> list[DrawerState]:
    """Every drawer of this shop, in one question."""
    return [_state(work, row) for row in work.session.execute(_DRAWERS, {"shop": work.shop.id})]


def _state(work: Work, row: Any) -> DrawerState:  # noqa: ANN401  a row
    opened = row.opened_at
    return DrawerState(
        row.id,
        row.name,
        row.is_active,
        row.session_id,
        opened,
        row.opened_by or "",
        row.opening_float,
        row.sales,
        row.moves,
        since_words(work, opened) if opened else "",
        opened is not None and day_of(opened, work.shop.timezone) < work.desk.today,
        row.float_left,
        row.closed_at,
        row.last_session_id,
    )


def since_words(work: Work, opened_at: dt.datetime) -> str:
    """`09:02` today, `yesterday 09:02`, `Tue 3 Mar 09:02` before."""
    if day_of(opened_at, work.shop.timezone) == work.desk.today - DAY:
        return f"yesterday {local(opened_at, work.shop.timezone):%H:%M}"
    return when_said(opened_at, work.desk.today, work.shop.timezone)


_TOLERANCE = text("SELECT count_tolerance FROM shops WHERE id = :shop")
_DRAWERS = text("""
    SELECT d.id, d.name, d.is_active, s.id AS session_id, s.opened_at, s.opening_float, u.name AS opened_by,
           (SELECT count(*) FROM sales v WHERE v.drawer_session_id = s.id) AS sales,
           (SELECT count(*) FROM drawer_moves m WHERE s.id IN (m.session_id, m.to_session_id)) AS moves,
           l.float_left, l.closed_at, l.id AS last_session_id
      FROM drawers d
      LEFT JOIN drawer_sessions s ON s.drawer_id = d.id AND s.closed_at IS NULL
      LEFT JOIN users u ON u.id = s.opened_by
      LEFT JOIN LATERAL (SELECT id, float_left, closed_at FROM drawer_sessions
                          WHERE drawer_id = d.id AND closed_at IS NOT NULL
                          ORDER BY closed_at DESC, id DESC LIMIT 1) l ON true
     WHERE d.shop_id = :shop ORDER BY d.name, d.id
""")


@dataclass(frozen=True, kw_only=True)
class OpenDrawer(Write):
    """A drawer with what was counted into it: notes and coins as they are typed, or the sum alone."""

    drawer_id: int | None = None
    """The shop's only one, when it is not said."""
    typed: str = ""
    """`20x3 10x7`."""
    total: Decimal | None = None


@dataclass(frozen=True)
class Opened:
    """A drawer that is open now."""

    session_id: int
    drawer_id: int
    drawer: str
    opening_float: Decimal
    left: Decimal | None
    """What was left in it the last time."""
    difference: Decimal | None
    """How much more there is now, or less."""


@use_case(Deed.USE_DRAWER)
def open_drawer(work: Work, request: OpenDrawer) -> Opened:
    """Open a drawer with its float, counted.

    Raises DrawerOpenSince, BadInput for a count with a typo or half a cent, NotFound.
    """
    drawer = drawer_named(work, request.drawer_id)
    if drawer.session_id is not None:
        raise DrawerOpenSince(drawer=drawer.name, since=drawer.since, who=drawer.opened_by)
    pieces, total = counted(work, request.typed, request.total)
    session = DrawerSession(
        shop_id=work.shop.id,
        drawer_id=drawer.id,
        opening_float=total,
        opened_on=work.desk.today,
        opened_at=work.now,
    )
    work.session.add(session)
    work.session.flush()
    work.session.add(
        DrawerCount(
            session_id=session.id, kind="opening", pieces=pieces, total=total, expected=drawer.left, at=work.now
        )
    )
    work.session.flush()
    work.tell("drawer.opened", drawer.id)
    difference = None if drawer.left is None else total - drawer.left
    return Opened(session.id, drawer.id, drawer.name, total, drawer.left, difference)


def drawer_named(work: Work, drawer_id: int | None) -> DrawerState:
    """A drawer of this shop; the only one when none is named. Raises NotFound, BadInput."""
    found = [one for one in states(work) if one.is_active]
    if drawer_id is None:
        if len(found) == 1:
            return found[0]
        if not found:
            raise NotFound(what="drawer", name="here", remedy="An admin adds one: frontdesk drawer add.")
        raise BadInput(f"There are {_and([one.name for one in found])}. Say which.", field="drawer_id")
    chosen = next((one for one in found if one.id == drawer_id), None)
    if chosen is None:
        raise NotFound(what="drawer", name=drawer_id, remedy="Look at the list of drawers.")
    return chosen


def counted(work: Work, typed: str, total: Decimal | None, field: str = "typed") -> tuple[dict[str, int], Decimal]:
    """What was counted: how many of each piece, as it is kept, and the sum. Raises BadInput."""
    if (not typed.strip()) == (total is None):
        raise BadInput("Say what was counted: notes and coins, or the sum.", field=field)
    currency = work.shop.currency
    if total is not None:
        if total < 0 or rounded(total, currency) != total:
            raise BadInput("What is in a drawer is an amount of whole coins, or nothing.", field=field)
        return {}, rounded(total, currency)
    pieces = read_count(typed, currency, field)
    return {f"{value:f}": count for value, count in sorted(pieces.items(), reverse=True)}, total_of(pieces, currency)


def held_session(work: Work, session_id: int, *, alone: bool) -> DrawerSession:
    """An open session of this shop, held until the transaction ends; `alone` waits for the sales on their way into it
    and keeps new ones out. Raises NotFound, DrawerClosedBy.
    """
    lock = _HOLD_ALONE if alone else _HOLD
    row = work.session.execute(lock, {"session": session_id, "shop": work.shop.id}).one_or_none()
    if row is None:
        raise NotFound(what="open drawer", name=session_id, remedy="Look at the list of drawers.")
    session = work.session.get_one(DrawerSession, session_id, populate_existing=True)
    if session.closed_at is not None:
        closed = work.session.execute(_CLOSED, {"session": session_id}).one()
        when = when_said(closed.closed_at, work.desk.today, work.shop.timezone)
        raise DrawerClosedBy(drawer=closed.drawer, who=closed.who, when=when)
    return session


_HOLD = text("SELECT id FROM drawer_sessions WHERE id = :session AND shop_id = :shop FOR NO KEY UPDATE")
_HOLD_ALONE = text("SELECT id FROM drawer_sessions WHERE id = :session AND shop_id = :shop FOR UPDATE")
_CLOSED = text("""
    SELECT d.name AS drawer, u.name AS who, s.closed_at
      FROM drawer_sessions s JOIN drawers d ON d.id = s.drawer_id JOIN users u ON u.id = s.closed_by
     WHERE s.id = :session
""")


def expected_in(work: Work, session_id: int) -> Decimal:
    """What should be in a drawer: the sum of its session's entries. Only who has counted is told."""
    found: Decimal = work.session.execute(_EXPECTED, {"session": session_id}).scalar_one()
    return found


_EXPECTED = text("SELECT coalesce(sum(amount), 0) FROM drawer_cash WHERE session_id = :session")


def drawer_name(work: Work, drawer_id: int) -> str:
    """What a drawer is called."""
    return work.session.get_one(Drawer, drawer_id).name


@dataclass(frozen=True, kw_only=True)
class AddDrawer(Write):
    """One more drawer for this shop."""

    name: str


@dataclass(frozen=True, kw_only=True)
class EditDrawer(Write):
    """Another name for a drawer, or that it is not used any more."""

    drawer_id: int
    name: str | None = None
    is_active: bool | None = None


@use_case(Deed.EDIT_SHOP)
def add_drawer(work: Work, request: AddDrawer) -> DrawerState:
    """Add a drawer. Raises NameTaken, BadInput."""
    drawer = Drawer(shop_id=work.shop.id, name=_name(request.name))
    work.session.add(drawer)
    work.session.flush()
    work.tell("drawer.added", drawer.id)
    return next(one for one in states(work) if one.id == drawer.id)


@use_case(Deed.EDIT_SHOP)
def edit_drawer(work: Work, request: EditDrawer) -> DrawerState:
    """Rename a drawer, or put it away. Raises NotFound, NameTaken, BadInput, DrawerOpenSince."""
    found = next((one for one in states(work) if one.id == request.drawer_id), None)
    if found is None:
        raise NotFound(what="drawer", name=request.drawer_id, remedy="Look at the list of drawers.")
    if request.is_active is False and found.is_open:
        raise DrawerOpenSince(drawer=found.name, since=found.since, who=found.opened_by)
    drawer = work.session.get_one(Drawer, found.id)
    if request.name is not None:
        drawer.name = _name(request.name)
    if request.is_active is not None:
        drawer.is_active = request.is_active
    work.session.flush()
    work.tell("drawer.changed", drawer.id)
    return next(one for one in states(work) if one.id == drawer.id)


def _name(typed: str) -> str:
    name = clean(typed)
    if not name:
        raise BadInput("A drawer needs a name: Drawer 2.", field="name")
    return name


def _and(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
