"""What is typed into forms about a customer: whole numbers and days."""

from __future__ import annotations

import datetime as dt

from frontdesk.errors import BadInput
from frontdesk.rules.moment import Here, day_meant
from frontdesk.screens.base import DeskScreen


def whole(typed: str, field: str, example: str) -> int:
    """`5`, `+5`, `-5`. Raises BadInput."""
    bare = typed.replace("−", "-").removeprefix("+").strip()
    if not (bare.removeprefix("-").isascii() and bare.removeprefix("-").isdecimal()):
        said = f'"{typed}" is no whole number.' if typed else "This is empty."
        raise BadInput(f"{said} Type it like {example}.", field=field)
    return int(bare[:8])


def day_in(screen: DeskScreen, words: str, field: str) -> dt.date:
    """The day that is meant. Raises BadInput."""
    shop = screen.desk.shop
    return day_meant(words, Here(screen.desk.clock.now(), shop.timezone, shop.country), field=field)


def day_said(day: dt.date) -> str:
    """`3 May 2027`."""
    return f"{day.day} {day:%b %Y}"
