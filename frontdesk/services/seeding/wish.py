"""What is asked of the seed, and what it answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from frontdesk.errors import Refusal

OnProgress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is as far as is known."""


class NotEmpty(Refusal):
    """There is a business {code} in this database already. Seed under another code, or into an empty database."""


class Size(StrEnum):
    """How big a made-up shop is."""

    SMALL = "small"
    BUSY = "busy"
    YEAR = "year"


class Scale(NamedTuple):
    """What a size means."""

    stylists: int
    customers: int
    days_back: int
    days_ahead: int


SCALES: Mapping[Size, Scale] = {
    Size.SMALL: Scale(stylists=4, customers=220, days_back=35, days_ahead=21),
    Size.BUSY: Scale(stylists=12, customers=2_000, days_back=304, days_ahead=61),
    Size.YEAR: Scale(stylists=20, customers=5_000, days_back=365, days_ahead=61),
}


@dataclass(frozen=True, kw_only=True)
class SeedShop:
    """A made-up shop around a day. The same wish makes the same rows, but for their numbers and moments of writing."""

    today: dt.date
    at: dt.time = dt.time(11, 40)
    """The moment of today that the book stands at, on the shop's clock: who is here, in the chair, or gone."""
    seed: int = 1
    size: Size = Size.BUSY
    code: str = "vale-demo"
    name: str = "Vale Street demo"


@dataclass(frozen=True)
class SeededPerson:
    """Somebody who can sign in: `login@code` and the password anywhere, name and PIN at the terminal."""

    login: str
    name: str
    role: str
    pin: str
    password: str


@dataclass(frozen=True)
class Seeded:
    """What was made."""

    business_id: int
    shop_id: int
    code: str
    name: str
    terminal: str
    terminal_secret: str
    """For the terminal's 0600 file; the database keeps only its digest."""
    people: tuple[SeededPerson, ...]
    rows: Mapping[str, int] = field(default_factory=dict)
    """How many rows each table got."""
