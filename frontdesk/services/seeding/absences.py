"""When a made-up shop or somebody in it is away: closures, holidays, illness, training, blocks, changed shifts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random

from frontdesk.clock import boundary
from frontdesk.rules.hours import DAY
from frontdesk.services.seeding import rows
from frontdesk.services.seeding.plan import Plan
from frontdesk.services.seeding.wish import Scale


def plan_absences(plan: Plan, random: Random, today: dt.date, scale: Scale, zone: str) -> None:
    """Lay them around today, on which nobody is away but for an hour."""
    first, last = today - DAY * scale.days_back, today + DAY * scale.days_ahead
    plan.extend(_closures(first, last, today))
    stylists = [row.id for row in plan.of(rows.Resource) if row.kind == "stylist"]
    for stylist in stylists:
        plan.extend(_holidays(random, stylist, today, scale))
    ill = stylists[1 % len(stylists)]
    sick = today - DAY * random.randint(4, 9)
    plan.add(rows.TimeOff(ill, sick, sick + DAY, None, None, "sick", "Flu"))
    learner, course = stylists[-1], today + DAY * random.randint(11, 16)
    plan.add(rows.TimeOff(learner, course, course, dt.time(13), None, "training", "Colour course"))
    swapped = stylists[2 % len(stylists)]
    plan.add(rows.DatedShift(swapped, today + DAY * 8, dt.time(12), dt.time(18)))
    plan.add(rows.DatedShift(swapped, today + DAY * 9, None, None))
    plan.extend(_blocks(plan, today, zone))


def _closures(first: dt.date, last: dt.date, today: dt.date) -> Iterator[rows.Closure]:
    stocktaking = next(today + DAY * n for n in range(17, 24) if (today + DAY * n).isoweekday() == 1)
    wished = [rows.Closure(stocktaking, stocktaking, "Stocktaking")]
    for year in range(first.year, last.year + 1):
        wished.append(rows.Closure(dt.date(year, 12, 25), dt.date(year, 12, 26), "Christmas"))
        wished.append(rows.Closure(dt.date(year, 1, 1), dt.date(year, 1, 1), "New Year"))
    for closure in sorted(wished):
        if (
            first <= closure.first_day
            and closure.last_day <= last
            and not closure.first_day <= today <= closure.last_day
        ):
            yield closure


def _holidays(random: Random, stylist: int, today: dt.date, scale: Scale) -> Iterator[rows.TimeOff]:
    """A week or more behind them, a week to come; the first day is a Monday."""
    for nearest, furthest, days in ((-scale.days_back + 5, -18, 11), (12, scale.days_ahead - 8, 6)):
        if nearest < furthest:
            away = today + DAY * random.randint(nearest, furthest)
            monday = away - DAY * (away.isoweekday() - 1)
            if not monday <= today <= monday + DAY * days:
                yield rows.TimeOff(stylist, monday, monday + DAY * days, None, None, "holiday", "")


def _blocks(plan: Plan, today: dt.date, zone: str) -> Iterator[rows.Block]:
    rooms = [row.id for row in plan.of(rows.Resource) if row.kind == "room"]
    meeting = (boundary(today, dt.time(13), zone), boundary(today, dt.time(13, 45), zone))
    yield rows.Block(1, *meeting, "blocked", "Supplier visit")
    repair = today + DAY * 6
    yield rows.Block(rooms[-1], boundary(repair, dt.time(9), zone), boundary(repair, dt.time(13), zone),
                     "maintenance", "Heating")  # fmt: skip
