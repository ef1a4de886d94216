"""The floor: who waits, who is served, what processes, who has to pay, and who should be here (features CI2, CI7)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.clock import day_bounds
from frontdesk.permissions import Deed
from frontdesk.rules.actuals import Served, Stretch, served
from frontdesk.rules.floor import Limits, Place, Watched, overrun, watched
from frontdesk.rules.states import EXITS, Status, Step, way_taken
from frontdesk.services.book.stepping import took_back
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.shop.shop_rules import rules_of
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.waiting.queueing import InQueue, TakesTurns, floor_now, turn_takers
from frontdesk.services.wording import person

AHEAD = dt.timedelta(minutes=60)
"""Who comes within this time is expected."""


@dataclass(frozen=True, kw_only=True)
class ShowBoard:
    """The floor as it is now."""


@dataclass(frozen=True)
class BoardRow:
    """Somebody on the floor: a line of a visit, a visit that is to be paid, or a walk-in."""

    place: Place
    appointment_id: int | None
    """None of a walk-in without a chair."""
    line_id: int | None
    walk_in_id: int | None
    code: str
    customer_id: int | None
    customer: str
    service: str
    """`Colour`, or `Colour +1` of several."""
    stylist_id: int | None
    stylist: str
    status: Status
    starts_at: dt.datetime
    ends_at: dt.datetime
    since: dt.datetime
    """When this state began; of who is expected, when they should come."""
    lines: int = 1
    """How many lines of the visit are still wanted."""
    served: tuple[Served, ...] = ()
    """Planned and actual minutes of the line, as of the sheet's moment."""
    amount: Decimal | None = None
    """To pay."""
    has_alerts: bool = False
    """There is something to know about them: an allergy, a warning."""
    estimate: dt.datetime | None = None
    """Of a walk-in: when it may be their turn."""

    @property
    def key(self) -> tuple[str, int]:
        """The same as long as it is the same thing."""
        if self.walk_in_id is not None:
            return "walk-in", self.walk_in_id
        return "line", self.line_id or 0

    def watched(self, now: dt.datetime, limits: Limits) -> Watched:
        """What the clock says about it now; later than the sheet, minutes have gone by since."""
        return watched(self.place, self.since, now, limits, served=self._served(now), ends_at=self.ends_at)

    def overrun(self, now: dt.datetime) -> int:
        """By how many minutes it will end behind its plan; 0 or less when it will not."""
        return overrun(self._served(now), now, self.ends_at) if self.served else 0

    def _served(self, now: dt.datetime) -> tuple[Served, ...]:
        went_on = max(0, int((now - self.since).total_seconds() // 60))
        return tuple(one if one.is_over or one.actual is None else replace(one, actual=went_on) for one in self.served)


@dataclass(frozen=True)
class Board:
    """The floor. Rows stand in the order of its parts, the longest first."""

    day: dt.date
    shop: str
    now: dt.datetime
    rows: tuple[BoardRow, ...]
    limits: Limits
    currency: str
    turns: tuple[TakesTurns, ...] = ()
    """Whose turn it is with the next walk-in, then whose after that."""

    def of(self, place: Place) -> tuple[BoardRow, ...]:
        """One part of it."""
        return tuple(row for row in self.rows if row.place is place)


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def show_board(work: Work, request: ShowBoard) -> Board:
    """Everybody who is here or should be, where they stand and since when; whose turn it is with who walks in."""
    rules = rules_of(work)
    since, until = day_bounds(work.desk.today, work.shop.timezone)
    asked = {"shop": work.shop.id, "since": since, "until": until, "exits": sorted(EXITS)}
    visits: dict[int, list[Any]] = defaultdict(list)
    for line in work.session.execute(_LINES, asked):
        visits[line.appointment_id].append(line)
    rows = [row for lines in visits.values() for row in _rows(lines, work.now)]
    floor = floor_now(work)
    rows += [_walk_in(one) for one in floor.queue]
    order = list(Place)
    rows.sort(key=lambda row: (order.index(row.place), row.since, row.key))
    limits = Limits(rules.late_minutes, rules.alert_minutes, rules.overrun_minutes)
    turns = turn_takers(work, floor)
    return Board(work.desk.today, work.shop.name, work.now, tuple(rows), limits, work.shop.currency, turns)


def _rows(lines: Sequence[Any], now: dt.datetime) -> Iterator[BoardRow]:
    """A visit's rows: each line that is under way, or one for all of it that waits, is to come or to be paid."""
    under_way = [line for line in lines if line.status in (Status.IN_SERVICE, Status.PROCESSING)]
    waiting = [line for line in lines if line.status == Status.ARRIVED]
    to_come = [line for line in lines if line.status in (Status.PENDING, Status.CONFIRMED)]
    for line in under_way:
        steps = [
            Step(Status(was), Status(became), took_back(why), dt.datetime.fromisoformat(at))
            for was, became, why, at in line.steps or ()
        ]
        way = way_taken(steps)
        stretches = served([Stretch(*part) for part in line.parts or ()], steps, now)
        place = Place.IN_SERVICE if line.status == Status.IN_SERVICE else Place.PROCESSING
        since = (way[-1].since if way else None) or line.started_at or line.starts_at
        yield _row(place, [line], since, lines, served=stretches)
    if under_way:
        return
    if waiting:
        came = min(line.arrived_at for line in waiting if line.arrived_at) if waiting[0].arrived_at else now
        since = max([came, *(line.finished_at for line in lines if line.finished_at)])
        yield _row(Place.WAITING, waiting, since, lines)
    elif to_come:
        begun = [line.finished_at for line in lines if line.finished_at]
        if begun:  # served by one, and not yet begun by the next
            yield _row(Place.WAITING, to_come, max(begun), lines)
        elif to_come[0].starts_at <= now + AHEAD:
            yield _row(Place.EXPECTED, to_come, to_come[0].starts_at, lines)
    elif any(not line.paid and line.price for line in lines):
        unpaid = [line for line in lines if not line.paid]
        done = max((line.finished_at or line.ends_at for line in lines), default=now)
        amount = sum((line.price for line in unpaid), Decimal(0))
        yield _row(Place.TO_PAY, unpaid, done, lines, amount=amount)


def _row(
    place: Place, shown: Sequence[Any], since: dt.datetime, lines: Sequence[Any], *,
    served: tuple[Served, ...] = (), amount: Decimal | None = None,
) -> BoardRow:  # fmt: skip
    first = shown[0]
    return BoardRow(
        place,
        first.appointment_id,
        first.line_id,
        None,
        first.code,
        first.customer_id,
        person(first.first_name, first.last_name, first.customer_code, first.guest_name),
        first.name + (f" +{len(shown) - 1}" if len(shown) > 1 else ""),
        first.stylist_id,
        first.stylist or "nobody",
        Status(first.status),
        first.starts_at,
        first.ends_at,
        since,
        lines=sum(line.status in (Status.PENDING, Status.CONFIRMED, Status.ARRIVED) for line in lines) or 1,
        served=served,
        amount=amount,
        has_alerts=first.has_alerts,
    )


def _walk_in(one: InQueue) -> BoardRow:
    return BoardRow(
        Place.WAITING, None, None, one.id, "", one.customer_id, one.customer, one.service, one.asked_stylist_id,
        one.asked_for or "anybody", Status.ARRIVED, one.joined_at, one.joined_at, one.joined_at,
        estimate=one.starts_at,
    )  # fmt: skip


# A visit that nobody paid for keeps standing there until the day is over. Parts and steps are asked of what is under
# way only, in the same question.
_LINES = text("""
    SELECT a.id AS appointment_id, a.code, a.customer_id, a.guest_name, c.first_name, c.last_name,
           c.code AS customer_code, l.id AS line_id, l.name, l.stylist_id, s.first_name AS stylist, l.status,
           l.price * l.quantity AS price, l.starts_at, l.ends_at, l.arrived_at, l.started_at, l.finished_at,
           EXISTS (SELECT FROM paid_visit_lines p WHERE p.appointment_service_id = l.id) AS paid,
           EXISTS (SELECT FROM customer_alerts k WHERE k.customer_id = a.customer_id AND k.ended_at IS NULL)
               AS has_alerts,
           CASE WHEN l.status IN ('in_service', 'processing') THEN (
               SELECT jsonb_agg(jsonb_build_array(p.kind, p.minutes) ORDER BY p.starts_at)
                 FROM (SELECT DISTINCT kind, starts_at, CAST(extract(epoch FROM ends_at - starts_at) / 60 AS integer)
                              AS minutes
                         FROM appointment_parts WHERE appointment_service_id = l.id) p) END AS parts,
           CASE WHEN l.status IN ('in_service', 'processing') THEN (
               SELECT jsonb_agg(jsonb_build_array(h.from_status, h.to_status, h.reason, h.at) ORDER BY h.at, h.id)
                 FROM appointment_status_history h
                WHERE h.appointment_service_id = l.id AND h.from_status IS NOT NULL) END AS steps
      FROM appointments a JOIN appointment_services l ON l.appointment_id = a.id
      LEFT JOIN customers c ON c.id = a.customer_id LEFT JOIN stylists s ON s.id = l.stylist_id
     WHERE a.shop_id = :shop AND a.starts_at >= :since AND a.starts_at < :until AND l.status <> ALL (:exits)
     ORDER BY a.id, l.starts_at, l.position
""")
