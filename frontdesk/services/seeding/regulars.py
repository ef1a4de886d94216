"""The customers of a made-up shop: who they are, and how they come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from frontdesk.clock import boundary
from frontdesk.rules.hours import DAY
from frontdesk.services.seeding import habits, rows
from frontdesk.services.seeding.habits import HABITS, Codes, Habit
from frontdesk.services.seeding.house import ZONE, House
from frontdesk.services.seeding.names import Name, new_name
from frontdesk.services.seeding.plan import Plan
from frontdesk.services.seeding.wish import SCALES, SeedShop
from frontdesk.text import folded, search_tokens, sort_key

PHONE_RANGES = (("+447700900", 1_000), ("+442079460", 1_000), ("+441632960", 1_000), ("+441134960", 1_000))
"""Ofcom's numbers for drama: mobiles, London, nowhere, Leeds. Each is followed by three digits."""

_GENDERS = {"f": "female", "m": "male"}


@dataclass(eq=False)
class Regular:
    """A customer with habits, and where they are in them."""

    id: int
    visits: tuple[Codes, ...]
    every_days: float
    stylist: int | None
    """With whom, if they can."""
    weekdays: frozenset[int]
    likes_at: int
    """Seconds after midnight."""
    joined: dt.date
    due: dt.date
    last_visit: dt.date | None = None
    last_end: int | None = None
    """When the last visit that took place ended, in seconds since 1970."""
    put_off: int = 0


def plan_regulars(plan: Plan, random: Random, house: House, wish: SeedShop) -> list[Regular]:
    """Plan the customers; half of them were there before the story begins, the others join on the way."""
    scale = SCALES[wish.size]
    first = wish.today - DAY * scale.days_back
    phones = _phones(random)
    known: set[Name] = set()
    made = []
    able = [habit for habit in HABITS if any(_can(house, codes) for codes in habit.visits)]
    for number in range(1, scale.customers + 1):
        habit = random.choices(able, [each.share for each in able])[0]
        joined = first - DAY * 400 if random.random() < 0.55 else first + DAY * random.randint(0, scale.days_back - 1)
        regular = _regular(random, house, number, habit, joined, first)
        made.append(regular)
        gender = random.choice(habit.genders)
        customer = _customer(random, regular, _GENDERS[gender], new_name(random, gender, known), phones)
        plan.add(customer)
        plan.extend(
            rows.CustomerToken(number, kind, token)
            for kind, token in search_tokens(
                first_name=customer.first_name,
                last_name=customer.last_name,
                phone=customer.phone,
                email=customer.email,
            )
        )
    return made


def _can(house: House, codes: Codes) -> bool:
    return all(house.doers[house.services[code].id] for code in codes)


def _regular(random: Random, house: House, number: int, habit: Habit, joined: dt.date, first: dt.date) -> Regular:
    visits = tuple(codes for codes in habit.visits if _can(house, codes))
    doers = house.doers[house.services[visits[0][0]].id]
    every = random.uniform(*habit.weeks) * 7
    begins = first + DAY * random.randint(0, int(every)) if joined < first else joined + DAY * random.randint(0, 6)
    days = random.choice(((1, 2, 3), (2, 3, 4), (4, 5), (5, 6), (6,), (6, 7), (1, 2, 3, 4, 5), (1, 2, 3, 4, 5, 6, 7)))
    hour = random.choices((9, 10, 11, 12, 13, 14, 15, 16, 17, 18), (8, 14, 13, 10, 8, 10, 11, 12, 10, 6))[0]
    return Regular(
        number,
        visits,
        every,
        random.choice(doers) if random.random() < 0.8 else None,
        frozenset(days),
        hour * 3600 + random.choice((0, 900, 1800, 2700)),
        joined,
        begins,
    )


def _customer(random: Random, regular: Regular, gender: str, name: Name, phones: Iterator[str]) -> rows.Customer:
    born = dt.date(regular.joined.year - random.randint(6, 80), random.randint(1, 12), random.randint(1, 28))
    return rows.Customer(
        regular.id,
        name.first,
        name.last,
        next(phones) if random.random() < 0.88 else None,
        _email(random, name, regular.id),
        born if random.random() < 0.35 else None,
        gender if random.random() < 0.4 else "",
        regular.stylist,
        random.choice(habits.CUSTOMER_NOTES) if random.random() < 0.15 else "",
        dict(random.choice(habits.PREFERENCES)) if random.random() < 0.3 else {},
        sort_key(name.first, name.last),
        boundary(regular.joined, dt.time(random.randint(9, 16), random.randint(0, 59)), ZONE),
    )


def _email(random: Random, name: Name, number: int) -> str | None:
    parts = [part.replace(" ", "") for part in (folded(name.first), folded(name.last)) if part]
    if random.random() < 0.3 or not all(part.isascii() for part in parts):
        return None
    return f"{'.'.join(parts)}{number % 100 if random.random() < 0.3 else ''}@example.com"


def _phones(random: Random) -> Iterator[str]:
    """Every number of the ranges, mobiles first; then households begin to share."""
    while True:
        for prefix, how_many in PHONE_RANGES:
            for digits in random.sample(range(how_many), how_many):
                yield f"{prefix}{digits:03d}"
