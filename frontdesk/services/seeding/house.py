"""The made-up shop before anybody comes: its menu, its people, its shelf and its rooms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from frontdesk.rules.hours import DAY, ResourceHours
from frontdesk.rules.plan import LinePlan, Part, visit_plan
from frontdesk.services.presets.reading import preset, taxes_of
from frontdesk.services.seeding import rows, staff
from frontdesk.services.seeding.absences import plan_absences
from frontdesk.services.seeding.hours import hours_of
from frontdesk.services.seeding.plan import Plan
from frontdesk.services.seeding.shelf import barcode, shelf
from frontdesk.services.seeding.staff import Sketch
from frontdesk.services.seeding.wish import SCALES, SeedShop

ZONE, CURRENCY, COUNTRY, LOCALE = "Europe/London", "GBP", "GB", "en_GB"
"""Where made-up shops stand: their telephone numbers are of the ranges that Ofcom keeps for drama."""

PRESET = "salon"
ROOMS = ("Room 1", "Room 2")


@dataclass
class House:
    """What a day's book is made from."""

    services: Mapping[str, rows.Service]
    parts: Mapping[int, tuple[Part, ...]]
    doers: Mapping[int, tuple[int, ...]]
    """Stylists by service, in the order of the book."""
    own_prices: Mapping[tuple[int, int], Decimal]
    """By stylist and service."""
    rooms: tuple[int, ...]
    hours: Mapping[int, ResourceHours]
    """By resource."""
    _laid_out: dict[tuple[int, ...], list[LinePlan]] = field(default_factory=dict)

    def price(self, stylist: int | None, service: rows.Service) -> Decimal:
        """What a service costs with somebody, or with nobody yet."""
        return self.own_prices.get((stylist or 0, service.id), service.price)

    def line_plans(self, services: tuple[rows.Service, ...]) -> list[LinePlan]:
        """How services one after the other are laid out."""
        key = tuple(service.id for service in services)
        if key not in self._laid_out:
            self._laid_out[key] = visit_plan(self.parts[number] for number in key)
        return self._laid_out[key]


def plan_house(plan: Plan, random: Random, wish: SeedShop) -> House:
    """Plan the shop itself."""
    scale = SCALES[wish.size]
    sketches = staff.SKETCHES[: scale.stylists]
    for place, (login, (name, role)) in enumerate(staff.PEOPLE.items(), start=1):
        plan.add(rows.User(place, login, name, role))
    _menu(plan)
    _stylists(plan, random, sketches, wish.today, scale.days_back)
    for name in ROOMS:
        plan.add(rows.Resource(plan.next_id(rows.Resource), "room", name, plan.next_id(rows.Resource)))
    plan_absences(plan, random, wish.today, scale, ZONE)
    services = {row.code: row for row in plan.of(rows.Service)}
    return House(
        services,
        {services[each.code].id: each.parts for each in preset(PRESET).services},
        {row.id: tuple(_doers(plan, row)) for row in services.values()},
        {(row.stylist_id, row.service_id): row.price for row in plan.of(rows.Specialty)
         if row.service_id is not None and row.price is not None},
        tuple(row.id for row in plan.of(rows.Resource) if row.kind == "room"),
        hours_of(plan, ZONE),
    )  # fmt: skip


def _menu(plan: Plan) -> None:
    chosen = preset(PRESET)
    for place, shelf_name in enumerate(chosen.categories, start=1):
        plan.add(rows.Category(place, shelf_name, place))
    for number, each in enumerate(chosen.services, start=1):
        category = chosen.categories.index(each.category) + 1
        plan.add(rows.Service(number, category, each.code, each.name, each.price, each.cost))
        plan.extend(
            rows.ServicePart(number, place, part.kind, part.minutes, list(part.holds))
            for place, part in enumerate(each.parts, start=1)
        )
    for number, tax in enumerate(taxes_of(COUNTRY), start=1):
        plan.add(rows.Tax(number, tax.name, tax.percent, tax.inclusive, tax.on_services, tax.on_products))
    for number, reason in enumerate(chosen.cancel_reasons, start=1):
        plan.add(rows.CancelReason(number, reason, number))
    for number, good in enumerate(shelf(), start=1):
        plan.add(
            rows.Product(number, good.code, good.name, barcode(number), good.brand, "Retail", good.price, good.cost)
        )
    plan.extend(rows.BusinessHours(each.weekday, each.opens, each.closes) for each in chosen.hours)
    plan.add(rows.BusinessHours(7, *staff.SUNDAY))


def _stylists(plan: Plan, random: Random, sketches: tuple[Sketch, ...], today: dt.date, days_back: int) -> None:
    logins = {name: place for place, (name, _) in enumerate(staff.PEOPLE.values(), start=1)}
    for number, sketch in enumerate(sketches, start=1):
        hired = today - DAY * (days_back + random.randint(30, 3_000))
        plan.add(
            rows.Resource(number, "stylist", sketch.first_name, number),
            rows.Stylist(
                number, number, logins.get(sketch.first_name), f"S{number:02d}", sketch.first_name, sketch.last_name,
                f"{staff.login_of(sketch)}@example.com", sketch.bio, hired, None if number == 1 else 1,
            ),
        )  # fmt: skip
        plan.extend(_specialties(plan, number, sketch))
        plan.extend(_rates(plan, number, sketch, hired, today))
        for weekday, (starts, ends) in staff.WEEKS[sketch.week].items():
            plan.add(rows.WeeklyShift(number, weekday, starts, ends))
            plan.extend(_lunch(number, weekday, starts, ends))
    # Whoever waited for somebody who did not come has half of the fee.
    plan.add(rows.Rate(plan.next_id(rows.Rate), None, "fee", Decimal(50), today - DAY * days_back))


def _specialties(plan: Plan, number: int, sketch: Sketch) -> Iterator[rows.Specialty]:
    categories = {row.name: row.id for row in plan.of(rows.Category)}
    services = {row.code: row.id for row in plan.of(rows.Service)}
    for what in sketch.does:
        if what in categories:
            yield rows.Specialty(number, None, categories[what], sketch.level, None)
        elif what not in sketch.own_prices:
            yield rows.Specialty(number, services[what], None, sketch.level, None)
    for code, price in sketch.own_prices.items():
        yield rows.Specialty(number, services[code], None, sketch.level, Decimal(price))


def _rates(plan: Plan, number: int, sketch: Sketch, hired: dt.date, today: dt.date) -> Iterator[rows.Rate]:
    first = plan.next_id(rows.Rate)
    percent = sketch.percent if sketch.raised_from is None else sketch.raised_from
    yield rows.Rate(first, number, "service", Decimal(percent), hired)
    yield rows.Rate(first + 1, number, "product", Decimal(10), hired)
    if sketch.raised_from is not None:
        yield rows.Rate(first + 2, number, "service", Decimal(sketch.percent), today - DAY * 120)


def _lunch(number: int, weekday: int, starts: dt.time, ends: dt.time) -> Iterator[rows.Break]:
    if ends.hour - starts.hour < 6:
        return
    hour, minute = divmod(max(12 * 60, starts.hour * 60 + 180) + 30 * (number % 3), 60)
    yield rows.Break(
        number, weekday, dt.time(hour, minute), dt.time(hour + (minute + 30) // 60, (minute + 30) % 60), "Lunch"
    )


def _doers(plan: Plan, service: rows.Service) -> Iterator[int]:
    able = {
        row.stylist_id
        for row in plan.of(rows.Specialty)
        if service.id == row.service_id or service.category_id == row.category_id
    }
    yield from sorted(able)
