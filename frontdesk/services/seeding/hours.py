"""The rules of a planned strip, as `team.strip_hours.hours_of` would read them once they are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from frontdesk.rules.hours import DAY, HoursRule, ResourceHours, RuleKind
from frontdesk.services.seeding import rows
from frontdesk.services.seeding.plan import Plan

SHOP = 1
"""The plan has one shop."""

_EVER = (dt.date.min, dt.date.max)


def hours_of(plan: Plan, zone: str) -> Mapping[int, ResourceHours]:
    """The rules of every planned resource."""
    common = (*_business(plan), *_closures(plan))
    return {
        resource.id: ResourceHours(
            SHOP, resource.kind == "stylist", {SHOP: zone}, (*common, *_blocks(plan, resource), *_own(plan, resource))
        )
        for resource in plan.of(rows.Resource)
    }


def _business(plan: Plan) -> Iterator[HoursRule]:
    for row in plan.of(rows.BusinessHours):
        yield HoursRule(RuleKind.BUSINESS, SHOP, row.weekday, *_EVER, row.opens, row.closes, None, None, "")


def _closures(plan: Plan) -> Iterator[HoursRule]:
    for row in plan.of(rows.Closure):
        span = (row.first_day, row.last_day + DAY)
        yield HoursRule(RuleKind.CLOSURE, SHOP, None, *span, None, None, None, None, row.name)


def _blocks(plan: Plan, resource: rows.Resource) -> Iterator[HoursRule]:
    for row in plan.of(rows.Block):
        if row.resource_id == resource.id:
            kind = RuleKind(row.kind)
            yield HoursRule(kind, None, None, *_EVER, None, None, row.starts_at, row.ends_at, row.name)


def _own(plan: Plan, resource: rows.Resource) -> Iterator[HoursRule]:
    if resource.kind != "stylist":
        return
    for shift in plan.of(rows.WeeklyShift):
        if shift.stylist_id == resource.id:
            yield HoursRule(RuleKind.WEEKLY, SHOP, shift.weekday, *_EVER, shift.starts, shift.ends, None, None, "")
    for dated in plan.of(rows.DatedShift):
        if dated.stylist_id == resource.id:
            span = (dated.day, dated.day + DAY)
            yield HoursRule(RuleKind.DATED, SHOP, None, *span, dated.starts, dated.ends, None, None, "")
    for lunch in plan.of(rows.Break):
        if lunch.stylist_id == resource.id:
            times = (lunch.starts, lunch.ends)
            yield HoursRule(RuleKind.BREAK, None, lunch.weekday, *_EVER, *times, None, None, lunch.name)
    for off in plan.of(rows.TimeOff):
        if off.stylist_id == resource.id:
            span = (off.first_day, off.last_day + DAY)
            yield HoursRule(RuleKind.TIME_OFF, None, None, *span, off.starts, off.ends, None, None, off.kind)
