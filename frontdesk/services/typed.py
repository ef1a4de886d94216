"""Names, amounts and reasons as they are typed: checked, and refused by field."""

from __future__ import annotations

from decimal import Decimal

from frontdesk.errors import BadInput, ReasonMissing
from frontdesk.money import plain, rounded
from frontdesk.services.use_case import Work
from frontdesk.text import clean

_LARGEST_AMOUNT = Decimal(10) ** 9


def given(typed: str, what: str, needs: str, field: str) -> str:
    """A name that has to be there, cleaned. Raises BadInput."""
    cleaned = clean(typed)
    if not cleaned:
        raise BadInput(f"The {what} needs {needs}.", field=field)
    return cleaned


def reason_given(typed: str) -> str:
    """A reason as it is kept. Raises ReasonMissing."""
    cleaned = clean(typed)
    if not cleaned:
        raise ReasonMissing
    return cleaned


def amount_of(work: Work, amount: Decimal, field: str) -> Decimal:
    """An amount in whole minor units, not below zero. Raises BadInput."""
    currency = work.shop.currency
    if not amount.is_finite() or abs(amount) >= _LARGEST_AMOUNT:
        raise BadInput(f"The {field} is too large. Check that it isn't a number of another kind.", field=field)
    exact = rounded(amount, currency)
    if amount < 0:
        raise BadInput(f"The {field} can't be below zero. Type {plain(-amount, currency)}.", field=field)
    if exact != amount:
        problem = f"The {field} {amount:f} is too fine for {currency}. Type {plain(amount, currency)}."
        raise BadInput(problem, field=field)
    return exact
