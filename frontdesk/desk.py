"""What a service is handed: who acts, in which shop, by which clock, with which sessions. Plain data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from frontdesk.clock import Clock, day_of
from frontdesk.permissions import Actor

if TYPE_CHECKING:
    from sqlmodel import Session


@dataclass(frozen=True)
class Shop:
    """One location of a business, as far as every service needs to know it."""

    id: int
    name: str
    timezone: str
    currency: str
    locale: str
    country: str
    slot_minutes: int
    tax_rounding: str
    """`line` or `ticket`: where a tax is rounded to the cent."""


@dataclass(frozen=True)
class Desk:
    """One person's place at one terminal."""

    actor: Actor
    shop: Shop
    token: str
    clock: Clock
    sessions: Callable[[], Session]
    card_terminal: str = "external"
    """Which terminal charges cards at this place: the setting of that name."""

    @property
    def today(self) -> dt.date:
        """The shop's day, whatever zone the terminal or the server is in."""
        return day_of(self.clock.now(), self.shop.timezone)
