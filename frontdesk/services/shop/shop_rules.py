"""How a shop likes its book kept: the limits and habits by which visits are placed, watched and shared out."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput
from frontdesk.permissions import Deed
from frontdesk.services.meanwhile import refuse_changed
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.businesses import Shop

TURNS = (Decimal(0), Decimal("0.5"), Decimal(1))
"""What a turn may count as: none, half of one, a whole one."""

LIMITS = {
    "wait_minutes": (0, 480),
    "overbook_minutes": (0, 120),
    "late_minutes": (1, 480),
    "alert_minutes": (1, 480),
    "overrun_minutes": (1, 480),
    "hold_minutes": (1, 120),
    "offer_minutes": (1, 1440),
    "small_minutes": (0, 480),
}
"""From how many to how many minutes each may be."""


@dataclass(frozen=True)
class ShopRules:
    """A shop's rules for its book."""

    wait_minutes: int
    """How long a customer may be left waiting between two lines of a visit."""
    overbook_minutes: int
    """Up to so many minutes a visit may lie over another without a reason."""
    cleanup_may_overrun: bool
    """Cleaning up may go on after closing."""
    late_minutes: int
    """After how many minutes somebody who has not come is called late."""
    alert_minutes: int
    """After how many minutes of waiting the board calls for attention."""
    overrun_minutes: int
    """After how many minutes beyond its plan a line is an overrun."""
    hold_minutes: int
    """How long a time is kept for whoever is typing."""
    offer_minutes: int
    """How long a time is kept for somebody on the waitlist who was offered it."""
    request_turn: Decimal
    """What a walk-in who asked for the stylist counts as."""
    small_turn: Decimal
    """What a small service counts as."""
    small_minutes: int
    """Up to how many minutes a service is small."""
    version: int
    """Of the shop they belong to."""


@dataclass(frozen=True, kw_only=True)
class ShowShopRules:
    """The rules of this desk's shop."""


@dataclass(frozen=True, kw_only=True)
class EditShopRules(Write):
    """Rules to change; what is None stays."""

    version: int | None = None
    """The version that was seen, to notice what somebody else changed meanwhile."""
    wait_minutes: int | None = None
    overbook_minutes: int | None = None
    cleanup_may_overrun: bool | None = None
    late_minutes: int | None = None
    alert_minutes: int | None = None
    overrun_minutes: int | None = None
    hold_minutes: int | None = None
    offer_minutes: int | None = None
    request_turn: Decimal | None = None
    small_turn: Decimal | None = None
    small_minutes: int | None = None


def rules_of(work: Work) -> ShopRules:
    """The rules of this desk's shop, in one question."""
    return ShopRules(*work.session.execute(_RULES, {"shop": work.shop.id}).one())


@use_case(Deed.SEE_BOOK)
def show_shop_rules(work: Work, request: ShowShopRules) -> ShopRules:
    """The rules by which this shop keeps its book."""
    return rules_of(work)


@use_case(Deed.EDIT_SHOP)
def edit_shop_rules(work: Work, request: EditShopRules) -> ShopRules:
    """Change how this shop keeps its book; visits that are there stay as they are.

    Raises BadInput naming the field, ChangedMeanwhile.
    """
    said = {f.name: getattr(request, f.name) for f in fields(ShopRules) if f.name != "version"}
    said = {name: value for name, value in said.items() if value is not None}
    for name, value in said.items():
        _refuse_odd(name, value)
    shop = work.session.get_one(Shop, work.shop.id, with_for_update=True)
    if request.version is not None:
        refuse_changed(work, "shops", shop.id, seen=request.version, found=shop.version)
    changed = {name: value for name, value in said.items() if getattr(shop, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(shop, name, value)
        shop.version += 1
        work.session.flush()
        work.tell("shop.changed", shop.id)
    return rules_of(work)


def _refuse_odd(name: str, value: object) -> None:
    words = name.removesuffix("_minutes").removesuffix("_turn").replace("_", " ")
    if name in LIMITS and isinstance(value, int):
        least, most = LIMITS[name]
        if not least <= value <= most:
            raise BadInput(f"The {words} limit can be {least} to {most} minutes. Choose one of them.", field=name)
    if name.endswith("_turn") and value not in TURNS:
        raise BadInput(f"A {words} counts as 0, 0.5 or 1 turn. Choose one of them.", field=name)


_RULES = text(f"SELECT {', '.join(f.name for f in fields(ShopRules))} FROM shops WHERE id = :shop")  # noqa: S608
