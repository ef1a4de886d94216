"""Who has a share of pooled tips, and how a pool is shared out (feature ST16). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from frontdesk.money import split

MANAGERS_LEFT_OUT: dict[str, str] = {
    "US": "Fair Labor Standards Act, 29 U.S.C. 203(m)(2)(B)",
    "CA": "Employment Standards Act of Ontario, s. 14.4",
}
"""Where managers have no share of other people's tips whatever the shop says, and by which law."""


@dataclass(frozen=True, kw_only=True)
class Present:
    """Somebody who was there while the tips were given."""

    stylist_id: int
    minutes: int
    """By the roster."""
    is_manager: bool


@dataclass(frozen=True)
class Share:
    """Somebody's part of a pool."""

    stylist_id: int
    minutes: int
    amount: Decimal


def managers_share(country: str, *, managers_share_tips: bool) -> bool:
    """Whether managers have a share: where no law forbids it and the shop wants it."""
    return managers_share_tips and country not in MANAGERS_LEFT_OUT


def pool_shares(total: Decimal, present: Iterable[Present], currency: str, *, managers: bool) -> list[Share]:
    """A pool by minutes: together the shares are the pool, to the cent. Empty when nobody has a share."""
    sharing = [one for one in present if one.minutes > 0 and (managers or not one.is_manager)]
    if not sharing:
        return []
    parts = split(total, [one.minutes for one in sharing], currency)
    return [Share(one.stylist_id, one.minutes, part) for one, part in zip(sharing, parts, strict=True)]
