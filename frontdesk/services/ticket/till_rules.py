"""How a shop takes money: rounding, a charge on top, tips and whose they are, counts, what a refund takes back."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal

from frontdesk.errors import BadInput
from frontdesk.money import rounded
from frontdesk.permissions import Deed
from frontdesk.rules.tips import MANAGERS_LEFT_OUT
from frontdesk.services.meanwhile import refuse_changed
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.businesses import Shop

_MOST_TIPS = 5


@dataclass(frozen=True)
class TillRules:
    """A shop's rules for its till."""

    cash_rounding: Decimal
    """Cash is paid to the nearest of these; nothing when every coin exists."""
    service_charge: Decimal
    """Percent of services that everybody pays on top."""
    tip_percents: tuple[int, ...]
    """Which tips are suggested."""
    count_tolerance: Decimal
    """A count that is further off than this is counted again."""
    closes_with_parked: bool
    """The day may be closed while tickets are parked."""
    sells_below_stock: bool
    """A product may be sold that is not on the shelf by the books."""
    takes_commission_back: bool
    """A refund takes back the commission on it, when nothing else is chosen."""
    pools_tips: bool
    """All tips go into one pool, shared by hours."""
    managers_share_tips: bool
    """Managers have a share of the pool, where no law forbids it."""
    version: int
    """Of the shop they belong to."""
    pool_law: str = ""
    """Which law leaves managers out here, whatever the shop says."""


@dataclass(frozen=True, kw_only=True)
class ShowTillRules:
    """The rules of this desk's till."""


@dataclass(frozen=True, kw_only=True)
class EditTillRules(Write):
    """Rules to change; what is None stays. Sales that are closed stay as they are."""

    version: int | None = None
    """The version that was seen, to notice what somebody else changed meanwhile."""
    cash_rounding: Decimal | None = None
    service_charge: Decimal | None = None
    tip_percents: tuple[int, ...] | None = None
    count_tolerance: Decimal | None = None
    closes_with_parked: bool | None = None
    sells_below_stock: bool | None = None
    takes_commission_back: bool | None = None
    pools_tips: bool | None = None
    managers_share_tips: bool | None = None


_NAMES = tuple(each.name for each in fields(EditTillRules) if each.name not in ("version", "request_id", "approval"))


@use_case(Deed.SEE_BOOK)
def show_till_rules(work: Work, request: ShowTillRules) -> TillRules:
    """The rules by which this shop takes money."""
    return _rules(work.session.get_one(Shop, work.shop.id))


@use_case(Deed.EDIT_SHOP)
def edit_till_rules(work: Work, request: EditTillRules) -> TillRules:
    """Change how this shop takes money. Raises BadInput naming the field, ChangedMeanwhile."""
    said = {name: getattr(request, name) for name in _NAMES if getattr(request, name) is not None}
    _refuse_odd(work, request)
    shop = work.session.get_one(Shop, work.shop.id, with_for_update=True)
    if request.version is not None:
        refuse_changed(work, "shops", shop.id, seen=request.version, found=shop.version)
    if "tip_percents" in said:
        said["tip_percents"] = list(said["tip_percents"])
    changed = {name: value for name, value in said.items() if getattr(shop, name) != value}
    for name, value in changed.items():
        setattr(shop, name, value)
    if changed:
        shop.version += 1
        work.session.flush()
        work.tell("shop.changed", shop.id)
    return _rules(shop)


def _rules(shop: Shop) -> TillRules:
    said = {name: getattr(shop, name) for name in _NAMES} | {"tip_percents": tuple(shop.tip_percents)}
    return TillRules(**said, version=shop.version, pool_law=MANAGERS_LEFT_OUT.get(shop.country, ""))


def _refuse_odd(work: Work, request: EditTillRules) -> None:
    currency = work.shop.currency
    for name, words in (("cash_rounding", "The rounding of cash"), ("count_tolerance", "What a count may be off by")):
        amount = getattr(request, name)
        if amount is not None and (amount < 0 or rounded(amount, currency) != amount):
            raise BadInput(f"{words} is an amount to the smallest coin, or 0. Type 0.05, for example.", field=name)
    charge = request.service_charge
    if charge is not None and not (charge.is_finite() and 0 <= charge <= 100 and rounded(charge, "EUR") == charge):
        raise BadInput("A service charge is 0 to 100 %. Type 12.5, for example.", field="service_charge")
    tips = request.tip_percents
    if tips is not None and not (len(tips) <= _MOST_TIPS and all(0 < each <= 100 for each in tips)):
        raise BadInput(
            f"Up to {_MOST_TIPS} tips are suggested, each 1 to 100 %. Type 10 15 20, for example.",
            field="tip_percents",
        )
