"""A preset as it stands in its file: what a trade starts with, and the sales taxes of a country. Nothing is written."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from frontdesk.errors import BadInput
from frontdesk.money import rounded
from frontdesk.rules.plan import Part

PRESETS = ("salon", "spa", "clinic", "retail", "reservations")
"""Every preset by name; the same words stand in `businesses.preset`."""


@dataclass(frozen=True)
class PresetHours:
    """When the shop is open on one weekday, 1 for Monday."""

    weekday: int
    opens: dt.time
    closes: dt.time


@dataclass(frozen=True)
class PresetResource:
    """A room, chair or machine."""

    kind: str
    name: str


@dataclass(frozen=True)
class PresetService:
    """A line of the menu."""

    category: str
    code: str
    name: str
    price: Decimal
    """In pounds; `in_money` makes it another currency's."""
    cost: Decimal
    parts: tuple[Part, ...]
    uses: tuple[str, ...]
    """Names of the rooms, chairs and machines it may use; any of the kind when none is named."""


@dataclass(frozen=True)
class PresetAddon:
    """Something added to services of the menu, all by their codes."""

    category: str
    code: str
    name: str
    price: Decimal
    minutes: int
    to: tuple[str, ...]
    asked: tuple[str, ...]
    """Those of them that need a yes or a no before they are booked."""


@dataclass(frozen=True)
class PresetBundle:
    """Several services of the menu, by their codes, for one price."""

    category: str
    code: str
    name: str
    price: Decimal
    contains: tuple[str, ...]


@dataclass(frozen=True)
class PresetClass:
    """A class with seats."""

    category: str
    code: str
    name: str
    price: Decimal
    minutes: int
    seats: int


@dataclass(frozen=True)
class Preset:
    """What a trade starts with."""

    name: str
    words: Mapping[str, str]
    """What the trade calls a stylist, customer, visit and service."""
    first_screen: str
    asked_at_booking: tuple[str, ...]
    hours: tuple[PresetHours, ...]
    resources: tuple[PresetResource, ...]
    cancel_reasons: tuple[str, ...]
    discounts: Mapping[str, int]
    """How much a role takes off before a manager is asked, in percent."""
    categories: tuple[str, ...]
    services: tuple[PresetService, ...]
    addons: tuple[PresetAddon, ...]
    bundles: tuple[PresetBundle, ...]
    classes: tuple[PresetClass, ...]


@dataclass(frozen=True)
class PresetTax:
    """A sales tax as a country usually has it."""

    name: str
    percent: Decimal
    inclusive: bool
    on_services: bool
    on_products: bool


@cache
def preset(name: str) -> Preset:
    """The preset of that name. Raises BadInput."""
    if name not in PRESETS:
        raise BadInput(f"There is no preset {name!r}. Choose one of {', '.join(PRESETS)}.", field="preset")
    raw = _read(name)
    return Preset(
        name,
        raw["words"],
        raw["desk"]["first_screen"],
        tuple(raw["desk"]["asked_at_booking"]),
        tuple(PresetHours(day, span["opens"], span["closes"]) for span in raw["hours"] for day in span["days"]),
        tuple(PresetResource(**each) for each in raw.get("resources", ())),
        tuple(raw["reasons"]["cancel"]),
        raw["discounts"],
        tuple(shelf["name"] for shelf in raw["categories"]),
        tuple(_service(shelf["name"], each) for shelf in raw["categories"] for each in shelf["services"]),
        tuple(
            PresetAddon(
                **{
                    **each,
                    "price": Decimal(each["price"]),
                    "to": tuple(each["to"]),
                    "asked": tuple(each.get("asked", ())),
                }
            )
            for each in raw.get("addons", ())
        ),
        tuple(
            PresetBundle(**{**each, "price": Decimal(each["price"]), "contains": tuple(each["contains"])})
            for each in raw.get("bundles", ())
        ),
        tuple(PresetClass(**{**each, "price": Decimal(each["price"])}) for each in raw.get("classes", ())),
    )


def taxes_of(country: str) -> tuple[PresetTax, ...]:
    """The sales taxes a shop of a country usually has; none for a country that is not in the list."""
    return tuple(
        PresetTax(
            each["name"],
            Decimal(each["percent"]),
            each["inclusive"],
            each.get("on", "services") == "services",
            each.get("on", "products") == "products",
        )
        for each in _read("countries")["countries"].get(country, {}).get("taxes", ())
    )


def in_money(pounds: Decimal, currency: str) -> Decimal:
    """A preset's price as a plausible one of another currency."""
    return rounded(pounds * _read("countries")["money"].get(currency, 1), currency)


def advice_for(country: str) -> str:
    """What to look at before the first sale; empty when nothing."""
    known = _read("countries")["countries"].get(country)
    if known is None:
        return f"No sales tax is known here for {country}: add yours before the first sale."
    return str(known.get("advice", ""))


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


def _service(category: str, raw: Mapping[str, Any]) -> PresetService:
    return PresetService(
        category,
        raw["code"],
        raw["name"],
        Decimal(raw["price"]),
        Decimal(raw.get("cost", "0.00")),
        tuple(Part(kind, minutes, tuple(holds)) for kind, minutes, *holds in raw["parts"]),
        tuple(raw.get("uses", ())),
    )
