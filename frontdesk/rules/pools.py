"""How several balances, some of them for services or products only, pay for one ticket: what is over first is used
first, and nothing is left unused because another balance stood in its way (features CO8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Purse:
    """One balance."""

    id: int
    balance: Decimal
    limited_to: str
    """Which pool it pays for; empty for any."""


def used(purses: Sequence[Purse], pools: Mapping[str, Decimal], amount: Decimal | None = None) -> dict[int, Decimal]:
    """How much of each purse pays, in their order: up to the amount, or as far as they go when it is not said.

    One that pays for anything leaves alone what later ones can pay only there.
    """
    left = dict(pools)
    rest = sum(pools.values(), Decimal(0)) if amount is None else amount
    taken: dict[int, Decimal] = {}
    for place, purse in enumerate(purses):
        part = Decimal(0)
        for pool, room in _rooms(purse, purses[place + 1 :], left):
            step = max(min(purse.balance - part, room, left[pool], rest), Decimal(0))
            left[pool] -= step
            rest -= step
            part += step
        if part:
            taken[purse.id] = part
    return taken


def _rooms(purse: Purse, later: Sequence[Purse], left: Mapping[str, Decimal]) -> list[tuple[str, Decimal]]:
    """Where a purse pays, and how much there: one for anything first where no later one can."""
    if purse.limited_to:
        return [(pool, room) for pool, room in left.items() if pool == purse.limited_to]
    kept = {pool: sum((one.balance for one in later if one.limited_to == pool), Decimal(0)) for pool in left}
    return [*((pool, room - kept[pool]) for pool, room in left.items()), *left.items()]
