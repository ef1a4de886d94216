"""A day's figures from its rows: visits by state, who did what, what was sold, and when it was busy."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from frontdesk.clock import local
from frontdesk.rules.shares import average, percent
from frontdesk.rules.states import EXITS, Status


@dataclass(frozen=True)
class VisitCount:
    """A day's visits. What is neither done nor lost is still to come, or here."""

    total: int
    done: int
    here: int
    to_come: int
    no_show: int
    cancelled: int
    """In time or late."""


@dataclass(frozen=True)
class StylistFigures:
    """What one stylist did and sold. Amounts are after discount and before tax, as commission is reckoned."""

    stylist_id: int | None
    """None for the house: what nobody in particular sold."""
    name: str
    visits: int
    """Done, with at least one line by them."""
    services: Decimal
    retail: Decimal
    tips: Decimal
    commission: Decimal | None
    """None for who may not see it."""
    used: int | None
    """Percent of their time that was booked; None without a shift."""


@dataclass(frozen=True)
class ServiceFigures:
    """What was sold of one service or product."""

    name: str
    kind: str
    """service, product, or what an import brought."""
    times: Decimal
    amount: Decimal
    """After discount, before tax."""
    share: int
    """Percent of all that was sold."""


@dataclass(frozen=True)
class HourFigures:
    """An hour of the shop's wall clock."""

    hour: int
    takings: Decimal
    visits: int
    """Begun in it by the book, without those that fell away."""


class Money:
    """Tenders, tips and commissions of a day."""

    def __init__(self, rows: Sequence[Any], *, may_see_rates: bool) -> None:
        self.tenders: dict[str, Decimal] = {row.method: row.amount for row in rows if row.kind == "tender"}
        self.tips: dict[int, Decimal] = {row.stylist_id: row.amount for row in rows if row.kind == "tip"}
        self._earned: dict[int, Decimal] = {row.stylist_id: row.amount for row in rows if row.kind == "commission"}
        self._may_see = may_see_rates

    def commission(self, stylist_id: int | None) -> Decimal | None:
        """What somebody earned; None for who may not see it."""
        return self._earned.get(stylist_id or 0, Decimal(0)) if self._may_see else None


def visit_count(lines: Sequence[Any]) -> VisitCount:
    """Visits by their state, from their lines."""
    states = Counter(Status(state) for state in {line.id: line.visit_status for line in lines}.values())
    return VisitCount(
        total=states.total(),
        done=states[Status.COMPLETED],
        here=states[Status.ARRIVED] + states[Status.IN_SERVICE] + states[Status.PROCESSING],
        to_come=states[Status.PENDING] + states[Status.CONFIRMED],
        no_show=states[Status.NO_SHOW],
        cancelled=states[Status.CANCELLED] + states[Status.LATE_CANCELLED],
    )


def rebooked_percent(lines: Sequence[Any]) -> int | None:
    """Of the customers served, how many come again."""
    served = {line.customer_id for line in lines if line.visit_status == Status.COMPLETED and line.customer_id}
    return percent(len({line.customer_id for line in lines if line.rebooked}), len(served))


def waited_minutes(lines: Sequence[Any]) -> int | None:
    """From a visit's arrival to the beginning of its first line, on average."""
    came: dict[int, dt.datetime] = {}
    begun: dict[int, dt.datetime] = {}
    for line in lines:
        if line.arrived_at and line.started_at:
            came[line.id] = min(line.arrived_at, came.get(line.id, line.arrived_at))
            begun[line.id] = min(line.started_at, begun.get(line.id, line.started_at))
    return average([max(0, int((begun[one] - came[one]).total_seconds())) for one in came], per=60)


def stylist_figures(
    lines: Sequence[Any], strips: Sequence[Any], sold: Sequence[Any], money: Money
) -> Iterable[StylistFigures]:
    """Everybody with a shift, a visit or a sale that day, in the shop's order; the house last."""
    done: dict[int | None, set[int]] = defaultdict(set)
    busy: set[int | None] = set()
    for line in lines:
        if line.status == Status.COMPLETED:
            done[line.stylist_id].add(line.id)
        if Status(line.status) not in EXITS:
            busy.add(line.stylist_id)
    by_kind: dict[tuple[int | None, bool], Decimal] = defaultdict(Decimal)
    for row in sold:
        by_kind[row.stylist_id, row.kind == "product"] += row.amount
        busy.add(row.stylist_id)
    for row in strips:
        if row.booked or row.available or row.stylist_id in busy or row.stylist_id in money.tips:
            yield _figures(row.stylist_id, row.name, len(done[row.stylist_id]), by_kind, money, _used(row))
    if None in {stylist for stylist, _ in by_kind}:
        yield _figures(None, "House", len(done[None]), by_kind, money, None)


def _used(row: Any) -> int | None:  # noqa: ANN401  a row of _STRIPS
    return percent(row.booked, row.booked + row.available)


def _figures(
    stylist_id: int | None,
    name: str,
    visits: int,
    by_kind: Mapping[tuple[int | None, bool], Decimal],
    money: Money,
    used: int | None,
) -> StylistFigures:
    nothing = Decimal(0)
    return StylistFigures(
        stylist_id,
        name,
        visits,
        by_kind.get((stylist_id, False), nothing),
        by_kind.get((stylist_id, True), nothing),
        money.tips.get(stylist_id or 0, nothing),
        money.commission(stylist_id),
        used,
    )


def service_figures(sold: Sequence[Any]) -> Iterable[ServiceFigures]:
    """What was sold, what brought most first."""
    times: dict[tuple[str, object], Decimal] = defaultdict(Decimal)
    amounts: dict[tuple[str, object], Decimal] = defaultdict(Decimal)
    names: dict[tuple[str, object], str] = {}
    for row in sold:
        what = row.kind, row.service_id or row.product_id or row.name
        times[what] += row.times
        amounts[what] += row.amount
        names[what] = row.name
    whole = sum(amounts.values(), Decimal(0))
    for what in sorted(amounts, key=lambda one: (-amounts[one], names[one])):
        yield ServiceFigures(names[what], what[0], times[what], amounts[what], percent(amounts[what], whole) or 0)


def hour_figures(zone: str, takings: Sequence[Any], lines: Sequence[Any]) -> Iterable[HourFigures]:
    """Every hour of the day on the shop's wall clock; the repeated hour of autumn is one."""
    taken: dict[int, Decimal] = defaultdict(Decimal)
    for row in takings:
        if row.quarter is not None:
            taken[local(row.quarter, zone).hour] += row.total
    starts = {line.id: line.starts_at for line in lines if Status(line.visit_status) not in EXITS}
    visits = Counter(local(start, zone).hour for start in starts.values())
    return (HourFigures(hour, taken[hour], visits[hour]) for hour in range(24))
