"""What of a house account is still open: what was put on it, paid off oldest first (features CO19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An entry of a house account: more owed, or negative less."""

    id: int
    amount: Decimal
    corrects_id: int | None = None
    """What it takes back, when it is a refund of what was put on the account."""


def open_debts(entries: Sequence[AccountLine]) -> list[tuple[int, Decimal]]:
    """What is left of each debt, in order. A refund lessens its own debt; every payment clears the oldest first."""
    left: dict[int, Decimal] = {}
    paid = Decimal(0)
    for entry in entries:
        if entry.amount > 0 and entry.corrects_id is None:
            left[entry.id] = entry.amount
        elif entry.corrects_id in left:
            left[entry.corrects_id] += entry.amount
        else:
            paid -= entry.amount  # paying lessens, and a payment taken back owes again
    for debt, open_ in left.items():
        cleared = min(max(open_, Decimal(0)), paid)
        left[debt], paid = open_ - cleared, paid - cleared
    return [(debt, open_) for debt, open_ in left.items() if open_ > 0]
