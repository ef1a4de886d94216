"""What stands in the way of closing a shop's day, each with where it is put right (features CD5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from frontdesk.clock import day_bounds
from frontdesk.money import plain
from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY
from frontdesk.services.drawers.drawers import since_words
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import person, when_said

_BACK = 14 * DAY
"""How far back a visit is still worth looking at."""

HERE, TO_COME, PENDING, UNPAID, PARKED, DRAWER, CARD = (
    "here", "to_come", "pending", "unpaid", "parked", "drawer", "card"
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CheckDay:
    """Whether this shop's day can be closed."""


@dataclass(frozen=True)
class Thing:
    """One thing that stands in the way."""

    id: int
    """Of the visit, the parked ticket, the drawer's session or the card payment."""
    words: str
    """`15:00 Jane Doe`."""
    code: str = ""
    """Of the visit."""


@dataclass(frozen=True)
class Blocker:
    """One kind of thing that stands in the way."""

    kind: str
    sentence: str
    """`2 visits done and unpaid`."""
    may_pass: bool
    """Whether a manager may close with it, and say why."""
    key: str
    """Which leads to the screen where it is put right."""
    screen: str
    things: tuple[Thing, ...]


@dataclass(frozen=True)
class Checklist:
    """Everything that stands in the way; empty when the day can be closed."""

    blockers: tuple[Blocker, ...]

    @property
    def is_clear(self) -> bool:
        """Nothing does."""
        return not self.blockers

    @property
    def drawers(self) -> tuple[str, ...]:
        """Drawers that are not counted: the one thing that nobody passes."""
        return tuple(thing.words for one in self.blockers if one.kind == DRAWER for thing in one.things)


@use_case(Deed.CLOSE_DAY)
def check_day(work: Work, request: CheckDay) -> Checklist:
    """What stands in the way of closing the day."""
    return checklist(work)


def checklist(work: Work) -> Checklist:
    """The same, inside a transaction."""
    found = [*_visits(work), *_parked(work), *_cards(work), *_drawers(work)]
    return Checklist(tuple(found))


_SENTENCES = {
    HERE: ("visit still here", "visits still here"),
    TO_COME: ("visit still to come today", "visits still to come today"),
    PENDING: ("visit over and still pending", "visits over and still pending"),
    UNPAID: ("visit done and unpaid", "visits done and unpaid"),
    PARKED: ("ticket parked", "tickets parked"),
    CARD: ("card charged without a sale", "cards charged without a sale"),
    DRAWER: ("drawer not counted", "drawers not counted"),
}
_WHERE = {
    HERE: ("F2", "calendar"), TO_COME: ("F2", "calendar"), PENDING: ("F2", "calendar"), UNPAID: ("F5", "checkout"),
    PARKED: ("F5", "checkout"), CARD: ("F5", "checkout"), DRAWER: ("D", "drawer"),
}  # fmt: skip


def _blocker(kind: str, things: list[Thing]) -> Blocker:
    one, more = _SENTENCES[kind]
    key, screen = _WHERE[kind]
    sentence = f"{len(things)} {one if len(things) == 1 else more}"
    return Blocker(kind, sentence, kind != DRAWER, key, screen, tuple(things))


def _visits(work: Work) -> Iterator[Blocker]:
    since, until = day_bounds(work.desk.today, work.shop.timezone)
    asked = {"shop": work.shop.id, "back": since - _BACK, "until": until, "now": work.now}
    found: dict[str, list[Thing]] = defaultdict(list)
    for row in work.session.execute(_VISITS, asked):
        found[row.kind].append(Thing(row.id, _visit_words(work, row), row.code))
    yield from (_blocker(kind, found[kind]) for kind in (HERE, TO_COME, PENDING, UNPAID) if found[kind])


def _visit_words(work: Work, row: Any) -> str:  # noqa: ANN401  a row
    who = person(row.first_name, row.last_name, row.customer_code, row.guest_name)
    return f"{when_said(row.starts_at, work.desk.today, work.shop.timezone)} {who}"


_VISITS = text("""
    SELECT v.*, c.first_name, c.last_name, c.code AS customer_code
      FROM (SELECT a.id, a.code, a.customer_id, a.guest_name, a.starts_at,
                   CASE WHEN a.status = 'completed' THEN 'unpaid'
                        WHEN a.status NOT IN ('pending', 'confirmed') THEN 'here'
                        WHEN a.ends_at <= :now THEN 'pending' ELSE 'to_come' END AS kind
              FROM appointments a
             WHERE a.shop_id = :shop AND a.starts_at >= :back AND a.starts_at < :until
               AND (a.status IN ('pending', 'confirmed', 'arrived', 'in_service', 'processing')
                    OR (a.status = 'completed' AND EXISTS (
                        SELECT FROM appointment_services l WHERE l.appointment_id = a.id AND l.status = 'completed'
                           AND NOT EXISTS (SELECT FROM paid_visit_lines p WHERE p.appointment_service_id = l.id))))) v
      LEFT JOIN customers c ON c.id = v.customer_id
     ORDER BY v.starts_at, v.id
""")


def _parked(work: Work) -> Iterator[Blocker]:
    rows = work.session.execute(_PARKED, {"shop": work.shop.id}).all()
    things = [
        Thing(row.id, f"{when_said(row.parked_at, work.desk.today, work.shop.timezone)} {_whose(row)} {_due(row)}")
        for row in rows
    ]
    if things:
        yield _blocker(PARKED, things)


def _whose(row: Any) -> str:  # noqa: ANN401  a row
    return row.label or (person(row.first_name, row.last_name, row.customer_code) if row.customer_id else "a ticket")


def _due(row: Any) -> str:  # noqa: ANN401  a row
    return plain(row.due, row.currency)


_PARKED = text("""
    SELECT t.id, t.parked_at, t.label, t.due, t.currency, t.customer_id, c.first_name, c.last_name,
           c.code AS customer_code
      FROM parked_tickets t JOIN shops h ON h.id = t.shop_id LEFT JOIN customers c ON c.id = t.customer_id
     WHERE t.shop_id = :shop AND t.ended_at IS NULL AND NOT h.closes_with_parked ORDER BY t.parked_at, t.id
""")


def _cards(work: Work) -> Iterator[Blocker]:
    rows = work.session.execute(_CARDS, {"shop": work.shop.id}).all()
    things = [
        Thing(
            row.id,
            f"{when_said(row.asked_at, work.desk.today, work.shop.timezone)} {plain(row.amount, row.currency)}"
            f" {row.words}",
        )
        for row in rows
    ]
    if things:
        yield _blocker(CARD, things)


_CARDS = text("""
    SELECT c.id, c.asked_at, c.amount, c.currency,
           CASE c.status WHEN 'pending' THEN 'not answered yet' ELSE trim(c.brand || ' ' || c.last4) END AS words
      FROM card_payments c
     WHERE c.shop_id = :shop AND c.kind = 'charge' AND c.status IN ('pending', 'approved')
       AND NOT EXISTS (SELECT FROM payments p WHERE p.card_payment_id = c.id)
       AND NOT EXISTS (SELECT FROM card_payments r WHERE r.refunds_id = c.id AND r.status = 'approved')
     ORDER BY c.asked_at, c.id
""")


def _drawers(work: Work) -> Iterator[Blocker]:
    rows = work.session.execute(_DRAWERS, {"shop": work.shop.id}).all()
    things = [Thing(row.id, f"{row.name} open since {since_words(work, row.opened_at)}") for row in rows]
    if things:
        yield _blocker(DRAWER, things)


_DRAWERS = text("""
    SELECT s.id, d.name, s.opened_at FROM drawer_sessions s JOIN drawers d ON d.id = s.drawer_id
     WHERE s.shop_id = :shop AND s.closed_at IS NULL ORDER BY d.name
""")
