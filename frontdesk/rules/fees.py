"""What leaving a visit late, or not coming to it, costs (features BK26): arithmetic only."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from frontdesk.money import rounded, split


class Charge(NamedTuple):
    """A share of the price or a flat sum; nothing when neither is said."""

    percent: Decimal | None = None
    flat: Decimal | None = None


@dataclass(frozen=True)
class Priced:
    """What a line costs, as far as anybody knows."""

    price: Decimal
    """Of the line, for all of it."""
    list_price: Decimal
    """Of the service; 0 of what is priced on the day."""
    usual: Decimal | None = None
    """What this stylist usually takes for it."""

    @property
    def base(self) -> Decimal | None:
        """What a fee is a share of; None when nobody knows what it would have cost."""
        if self.price or self.list_price:
            return self.price
        return self.usual or None


def fee_for(charge: Charge, line: Priced, currency: str) -> Decimal:
    """A share of the price, of the stylist's usual price where the list price is 0, or flat; never above the price."""
    nothing = rounded(Decimal(0), currency)
    if charge.percent is not None:
        return rounded((line.base or nothing) * charge.percent / 100, currency)
    if charge.flat is None:
        return nothing
    flat = rounded(charge.flat, currency)
    return flat if line.base is None else min(flat, rounded(line.base, currency))


def spread(fee: Decimal, proposed: list[Decimal], currency: str) -> list[Decimal]:
    """A fee asked for a visit, over its lines in the measure of what was proposed for each; no line above its own."""
    return split(fee, proposed, currency)
