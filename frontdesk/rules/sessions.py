"""What a session of a package is worth, and on which days it can be used: arithmetic only (features CO9, 6.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from frontdesk.money import split
from frontdesk.rules.prepayments import tax_share

MOST_PERIODS = 240
"""Times that a membership's sessions come anew: a month each for twenty years."""

Days = tuple[dt.date, dt.date | None]
"""From one day until and including another; for ever when there is none."""


@dataclass(frozen=True, slots=True)
class Lot:
    """Sessions of one service between two days, with what was paid for all of them."""

    service_id: int
    sessions: int
    first_day: dt.date
    last_day: dt.date | None
    value: Decimal
    tax: Decimal = Decimal(0)
    """Of the value, tax that was paid when it was sold."""


@dataclass(frozen=True, slots=True)
class Contents:
    """How many sessions of a service each period brings, and what one costs by the list."""

    service_id: int
    sessions: int
    list_price: Decimal


def last_day_of(first_day: dt.date, months: int | None) -> dt.date | None:
    """The last day of something that is good for so many months; None for ever."""
    return None if months is None else first_day + relativedelta(months=months, days=-1)


def periods(first_day: dt.date, months: int | None, renews_months: int | None) -> list[Days]:
    """The stretches of days for which sessions come: one, or one for each period of a membership.

    Each begins on the first one's day of the month, or on the month's last where there is none.
    """
    last = last_day_of(first_day, months)
    if renews_months is None or months is None:
        return [(first_day, last)]
    times = min(-(-months // renews_months), MOST_PERIODS)
    starts = [first_day + relativedelta(months=renews_months * number) for number in range(times)]
    ends: list[dt.date | None] = [start - dt.timedelta(days=1) for start in starts[1:]]
    return list(zip(starts, [*ends, last], strict=True))


def lots_of(
    contents: Sequence[Contents], days: Sequence[Days], paid: Decimal, tax: Decimal, currency: str
) -> list[Lot]:
    """What was paid, shared out over all sessions by their list prices: the parts are the price to the cent."""
    places = [(one, first, last) for first, last in days for one in contents]
    weights = [one.list_price * one.sessions for one, _, _ in places]
    if not any(weights):
        weights = [Decimal(one.sessions) for one, _, _ in places]
    values = split(paid, weights, currency) if places else []
    taxes = split(tax, values if any(values) else weights, currency) if places else []
    return [
        Lot(one.service_id, one.sessions, first, last, value, part)
        for (one, first, last), value, part in zip(places, values, taxes, strict=True)
    ]


def next_session(sessions: int, value: Decimal, tax: Decimal, currency: str) -> tuple[Decimal, Decimal]:
    """What the next of so many sessions takes of their value and of the tax in it; the last one takes what is left."""
    mine = split(value, [1] * sessions, currency)[0]
    return mine, tax_share([tax], value, mine, currency)[0] if value else Decimal(0)
