"""What a customer has here and what they owe, in words for any screen."""

from __future__ import annotations

import datetime as dt

from frontdesk.desk import Shop
from frontdesk.money import money_text
from frontdesk.services.reports.balances import Balance


def balance_words(one: Balance, shop: Shop) -> str:
    """`Five cuts: Cut, 4 left, until 3 May 2027`, `Gift card 7QK2X, £20.00`, `120 points`."""
    if one.kind == "points":
        return f"{one.points} points"
    said = [one.name]
    if one.sessions is not None:
        said.append(f"{one.sessions} left")
    elif one.amount is not None:
        said.append(money_text(abs(one.amount), shop.currency, shop.locale))
    if one.usable_from:
        said.append(f"from {_day(one.usable_from)}")
    if one.expires_on:
        said.append(f"until {_day(one.expires_on)}")
    return ", ".join(said) + (f" ({one.note})" if one.note else "")


def is_owed(one: Balance) -> bool:
    """Whether it is the customer who owes."""
    return one.amount is not None and one.amount < 0


def _day(day: dt.date) -> str:
    return f"{day:%-d %b %Y}"
