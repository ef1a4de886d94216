"""The form of something on the menu: a service, an add-on, a bundle or a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from frontdesk.errors import BadInput
from frontdesk.money import number_text, parse_money
from frontdesk.screens.admin.offering import (
    addons_meant,
    addons_words,
    contents_meant,
    contents_words,
    levels_meant,
    levels_words,
)
from frontdesk.screens.admin.parts import parts_meant, parts_words
from frontdesk.screens.admin.room import yes_or_no
from frontdesk.screens.wishes import Wishes, goes_over, saves_over_it
from frontdesk.services.menu import catalogue
from frontdesk.services.menu.addons import AddonCard, ListAddons, SetAddons, list_addons, set_addons
from frontdesk.services.menu.catalogue import EditService, ServiceCard
from frontdesk.services.menu.levels import LevelCard, ListLevels, SetLevels, list_levels, set_levels
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled

if TYPE_CHECKING:
    from frontdesk.screens.admin.menu import ServicesRoom

KINDS = {"service": "service", "addon": "add-on", "bundle": "bundle", "class": "class"}
"""As they are said."""


@dataclass(frozen=True)
class _Beside:
    """What goes with a service and is kept beside it."""

    addons: tuple[AddonCard, ...] = ()
    levels: tuple[LevelCard, ...] = ()


async def fill_service(
    room: ServicesRoom, kind: str, thing: ServiceCard | None, menu: Sequence[ServiceCard]
) -> ServiceCard | None:
    """Let somebody say what it is from now on. None when they leave."""
    shop, screen, wishes = room.desk.shop, room.screen, Wishes()
    beside = await _beside(room, thing) if thing is not None and kind == "service" else None

    def amount(filled: Filled, field: str) -> Decimal:
        return parse_money(filled[field] or "0", shop.currency, shop.locale, field=field)

    def wish_of(filled: Filled) -> catalogue.AddService:
        return catalogue.AddService(
            name=filled["name"],
            code=filled["code"],
            price=amount(filled, "price"),
            cost=amount(filled, "cost") if kind != "bundle" else Decimal(0),
            category=filled["category"] or None,
            parts=parts_meant(filled["takes"]) if kind != "bundle" else (),
            description=filled["description"],
            kind=kind,
            seats=_seats(filled) if kind == "class" else None,
            contains=contents_meant(filled["contains"], menu) if kind == "bundle" else (),
            request_id=wishes.id_for(filled),
        )

    async def save(filled: Filled) -> ServiceCard:
        wish = wish_of(filled)
        if thing is None:
            return await screen.ask(catalogue.add_service, wish)
        if beside is not None:
            addons, levels = addons_meant(filled["addons"], menu), levels_meant(filled["levels"], shop)
            if filled["addons"] != addons_words(beside.addons):
                await screen.ask(set_addons, SetAddons(service_id=thing.id, addons=addons))
            if filled["levels"] != levels_words(beside.levels, shop):
                await screen.ask(set_levels, SetLevels(service_id=thing.id, levels=levels))
        version = await room.version_now(thing) if goes_over(filled) else thing.version
        changed = EditService(
            **vars(wish), service_id=thing.id, version=version, is_active=filled.picked["offered"] != "no"
        )
        return await screen.ask(catalogue.edit_service, changed)

    async def preview(filled: Filled) -> str:
        if kind == "bundle":
            minutes = {one.id: one.minutes for one in menu}
            inside = contents_meant(filled["contains"], menu)
            return f"It takes {sum(minutes[each] for each in inside)} minutes." if inside else ""
        parts = parts_meant(filled["takes"])
        busy, all_ = (sum(p.minutes for p in parts if lead is None or lead in p.holds) for lead in ("lead", None))
        return f"The stylist is busy for {busy} of {all_} minutes." if parts else ""

    name = f"service {thing.id}" if thing else f"service {kind}" if kind != "service" else "service"
    title, focus = (thing.name, "price") if thing else (f"A new {KINDS[kind]}", "name")
    fields = _fields(room, kind, thing, menu, beside)
    return await room.form(name, title, fields, save, preview=preview, focus=focus, can_insist=saves_over_it)


async def _beside(room: ServicesRoom, thing: ServiceCard) -> _Beside:
    addons = await room.screen.ask(list_addons, ListAddons(service_ids=(thing.id,)))
    levels = await room.screen.ask(list_levels, ListLevels(service_id=thing.id))
    return _Beside(addons.addons, levels.levels)


def _seats(filled: Filled) -> int:
    if not filled["seats"].isdecimal():
        raise BadInput("How many fit? Type 8, for example.", field="seats")
    return int(filled["seats"])


def _fields(
    room: ServicesRoom, kind: str, thing: ServiceCard | None, menu: Sequence[ServiceCard], beside: _Beside | None
) -> list[Field]:
    shop = room.desk.shop
    shelves = sorted({card.category for card in menu if card.category})
    price, cost = (
        number_text(amount, shop.currency, shop.locale) if amount else ""
        for amount in ((thing.price, thing.cost) if thing else (None, None))
    )
    category = (thing.category or "") if thing else ""
    fields = [
        Field("name", "Name", value=thing.name if thing else "", hint="Cut"),
        Field("code", "Code", value=thing.code if thing else "", hint="CUT, for the booking line"),
        Field(
            "category", "Category", value=category, picked=category, hint="Style",
            find=among([Offer(shelf, shelf) for shelf in shelves]) if shelves else None,
        ),
        Field("price", "Price", value=price, hint="50.00"),
    ]  # fmt: skip
    if kind == "bundle":
        inside = contents_words(thing.contains, menu) if thing else ""
        fields.append(Field("contains", "Made of", value=inside, hint="Massage + Facial + Manicure"))
    else:
        takes = parts_words(thing.parts) if thing else ""
        fields.append(Field("takes", "Takes", value=takes, hint="45, or 30 + 45 processing + 30 finish"))
    if kind == "class":
        fields.append(Field("seats", "Seats", value=str(thing.seats or "") if thing else "", hint="6"))
    if beside is not None:
        addons, levels = addons_words(beside.addons), levels_words(beside.levels, shop)
        fields.append(Field("addons", "Add-ons", value=addons, hint="Gloss, Removal (ask)"))
        fields.append(Field("levels", "Levels", value=levels, hint="senior 60.00 50m, junior 40.00"))
    if kind != "bundle":
        fields.append(Field("cost", "Product used", value=cost, hint="0.00, for commission after cost"))
    if thing is not None:
        fields.append(yes_or_no("offered", "Offered", thing.is_active))
    described = thing.description if thing else ""
    return [*fields, Field("description", "Description", value=described, lines=True)]
