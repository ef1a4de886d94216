"""frontdesk service: the menu, with add-ons, bundles, classes and levels."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import code_of, menu_of, money_said, service_named
from frontdesk.cli.output import amount, say, show, table
from frontdesk.cli.when import words_of

if TYPE_CHECKING:
    from rich.table import Table

    from frontdesk.desk import Shop
    from frontdesk.services.menu.addons import AddonCard
    from frontdesk.services.menu.catalogue import ServiceCard, ServicePartWish
    from frontdesk.services.menu.levels import Levels


@click.group()
def service() -> None:
    """What the shop does for people."""


@service.command("list", cls=Reading)
@click.option("--all", "all_", is_flag=True, help="With what is no longer offered.")
def list_services_(all_: bool) -> None:
    """The menu."""
    from frontdesk.services.menu.catalogue import ListServices, list_services

    with open_desk() as desk:
        found = list_services(desk, ListServices(all=all_))
        shop = desk.shop
    show(asked(), found, lambda: [_services(found.services, shop)] if found.services else ())
    if not found.services:
        say("Nothing is on the menu. Add something: frontdesk service add Cut --price 50 --minutes 45.")


@service.command("add", cls=Writing)
@click.argument("name", nargs=-1, required=True)
@click.option("--code", help="What the booking line calls it; the beginning of its name otherwise.")
@click.option("--price", required=True, help="On the list.")
@click.option("--minutes", type=int, help="How long, for a service of one piece.")
@click.option(
    "--part",
    "parts",
    metavar="KIND:MINUTES[:WHO]",
    multiple=True,
    help="For one of several: --part active:30 --part processing:45 --part finish:30, or active:60:lead,room.",
)
@click.option("--category", help="On which shelf of the menu.")
@click.option("--cost", help="Product used, for commission after cost.")
@click.option("--description", default="", help="What it is, for whoever asks.")
def add_service_(
    name: tuple[str, ...],
    code: str | None,
    price: str,
    minutes: int | None,
    parts: tuple[str, ...],
    category: str | None,
    cost: str | None,
    description: str,
) -> None:
    """Put a service on the menu: service add Cut --price 50 --minutes 45."""
    from frontdesk.services.menu.catalogue import AddService, add_service

    said = words_of(name)
    with open_desk() as desk:
        wish = AddService(
            name=said,
            code=code or code_of(said),
            price=money_said(price, desk.shop, "price"),
            category=category,
            minutes=minutes,
            parts=tuple(map(_part, parts)),
            cost=money_said(cost, desk.shop, "cost") if cost else Decimal(0),
            description=description,
            **asked().once(),
        )
        card = add_service(desk, wish)
        show(asked(), card, lambda: [_services((card,), desk.shop)])


@service.command("addons", cls=Reading)
@click.argument("name", metavar="[SERVICE]", required=False)
def list_addons_(name: str | None) -> None:
    """What may be added to a service, or to every one."""
    from frontdesk.services.menu.addons import ListAddons, list_addons

    with open_desk() as desk:
        ids = (service_named(menu_of(desk), name).id,) if name else ()
        found = list_addons(desk, ListAddons(service_ids=ids))
        shop = desk.shop
    show(asked(), found, lambda: [_addons(found.addons, shop)] if found.addons else ())
    if not found.addons:
        say("Nothing is added to anything. Say what may be: frontdesk service addon colour gloss.")


@service.command("addon", cls=Writing)
@click.argument("name", metavar="SERVICE")
@click.argument("addon")
@click.option("--ask/--no-ask", "is_required", default=False, help="A yes or a no is needed before it is booked.")
@click.option("--off", is_flag=True, help="It goes with it no longer.")
@click.option("--price", help="Of an add-on that is not on the menu yet.")
@click.option("--minutes", type=int, help="Of an add-on that is not on the menu yet.")
def set_addon_(name: str, addon: str, is_required: bool, off: bool, price: str | None, minutes: int | None) -> None:
    """Let something be added to a service: service addon gel Removal --ask --price 8 --minutes 15."""
    from frontdesk.services.menu.addons import AddonWish, ListAddons, SetAddons, list_addons, set_addons
    from frontdesk.services.menu.catalogue import AddService, add_service

    with open_desk() as desk:
        wish_key = asked().once()
        to = service_named(menu_of(desk), name)
        if price is not None:
            new = AddService(
                name=addon, code=code_of(addon), price=money_said(price, desk.shop, "price"), minutes=minutes,
                kind="addon",
            )  # fmt: skip
            addon_id = add_service(desk, new).id
        else:
            addon_id = service_named(menu_of(desk), addon).id
        seen = list_addons(desk, ListAddons(service_ids=(to.id,))).addons
        kept = [AddonWish(addon_id=a.addon_id, is_required=a.is_required) for a in seen if a.addon_id != addon_id]
        wished = kept if off else [*kept, AddonWish(addon_id=addon_id, is_required=is_required)]
        found = set_addons(desk, SetAddons(service_id=to.id, addons=tuple(wished), **wish_key))
        shop = desk.shop
    show(asked(), found, lambda: [_addons(found.addons, shop)] if found.addons else ())


@service.command("bundle", cls=Writing)
@click.argument("name")
@click.argument("services", metavar="SERVICE...", nargs=-1, required=True)
@click.option("--price", required=True, help="Of all of it.")
@click.option("--code", help="What the booking line calls it; the beginning of its name otherwise.")
@click.option("--category", help="On which shelf of the menu.")
def add_bundle_(name: str, services: tuple[str, ...], price: str, code: str | None, category: str | None) -> None:
    """Several services for one price: service bundle "Spa day" massage facial manicure --price 155."""
    from frontdesk.services.menu.catalogue import AddService, add_service

    with open_desk() as desk:
        menu = menu_of(desk)
        wish = AddService(
            name=name, code=code or code_of(name), price=money_said(price, desk.shop, "price"), kind="bundle",
            category=category, contains=tuple(service_named(menu, each).id for each in services), **asked().once(),
        )  # fmt: skip
        card = add_service(desk, wish)
        show(asked(), card, lambda: [_services((card,), desk.shop)])


@service.command("class", cls=Writing)
@click.argument("name")
@click.option("--seats", type=int, required=True, help="How many may come.")
@click.option("--minutes", type=int, required=True, help="How long.")
@click.option("--price", required=True, help="For a seat.")
@click.option("--code", help="What the booking line calls it; the beginning of its name otherwise.")
@click.option("--category", help="On which shelf of the menu.")
def add_class_(name: str, seats: int, minutes: int, price: str, code: str | None, category: str | None) -> None:
    """A class with seats: service class Braiding --seats 6 --minutes 60 --price 25."""
    from frontdesk.services.menu.catalogue import AddService, add_service

    with open_desk() as desk:
        wish = AddService(
            name=name, code=code or code_of(name), price=money_said(price, desk.shop, "price"), kind="class",
            category=category, minutes=minutes, seats=seats, **asked().once(),
        )  # fmt: skip
        card = add_service(desk, wish)
        show(asked(), card, lambda: [_services((card,), desk.shop)])


@service.command("level", cls=Writing)
@click.argument("name", metavar="SERVICE")
@click.argument("level", required=False)
@click.option("--price", help="What it costs with them.")
@click.option("--minutes", type=int, help="How long it takes them.")
@click.option("--off", is_flag=True, help="No longer different.")
def set_level_(name: str, level: str | None, price: str | None, minutes: int | None, off: bool) -> None:
    """What a service costs and takes with stylists of a level: service level cut senior --price 60."""
    from frontdesk.services.menu.levels import LevelWish, ListLevels, SetLevels, list_levels, set_levels

    with open_desk() as desk:
        of = service_named(menu_of(desk), name)
        found = list_levels(desk, ListLevels(service_id=of.id))
        if level is not None:
            kept = [
                LevelWish(level=each.level, price=each.price, minutes=each.minutes)
                for each in found.levels
                if each.level != level
            ]
            said = money_said(price, desk.shop, "price") if price else None
            wished = kept if off else [*kept, LevelWish(level=level, price=said, minutes=minutes)]
            found = set_levels(desk, SetLevels(service_id=of.id, levels=tuple(wished), **asked().once()))
        shop = desk.shop
    show(asked(), found, lambda: [_levels(found, shop)] if found.levels else ())
    if not found.levels:
        say("It costs the same with everybody.")


def _addons(cards: tuple[AddonCard, ...], shop: Shop) -> Table:
    rows = [
        (
            one.service,
            one.addon,
            one.code,
            f"{one.minutes}m",
            amount(one.price, shop),
            "asks" if one.is_required else "",
        )
        for one in cards
    ]
    return table(("Service", "Add-on", "Code", "Time", "Price", ""), rows, right=("Time", "Price"))


def _levels(found: Levels, shop: Shop) -> Table:
    rows = [
        (one.level, amount(one.price, shop) if one.price is not None else "", f"{one.minutes}m" if one.minutes else "")
        for one in found.levels
    ]
    return table(("Level", "Price", "Time"), rows, right=("Price", "Time"))


def _part(typed: str) -> ServicePartWish:
    from frontdesk.services.menu.catalogue import ServicePartWish

    kind, *rest = typed.split(":")
    if not rest or not rest[0].isdecimal() or len(rest) > 2:
        raise click.UsageError(f'"{typed}" is no part of a service. Say it like active:30 or active:60:lead,room.')
    usual = () if kind == "processing" else ("lead",)
    who = tuple(filter(None, rest[1].split(","))) if len(rest) == 2 else usual
    return ServicePartWish(kind=kind, minutes=int(rest[0]), holds=who)


def _services(cards: tuple[ServiceCard, ...], shop: Shop) -> Table:
    rows = [
        (one.code, one.name, f"{one.minutes}m", amount(one.price, shop), one.category or "", _mark(one))
        for one in cards
    ]
    return table(("Code", "Service", "Time", "Price", "Shelf", ""), rows, right=("Time", "Price"))


def _mark(one: ServiceCard) -> str:
    kind = {"service": "", "addon": "add-on", "bundle": "bundle", "class": f"class of {one.seats}"}[one.kind]
    return kind if one.is_active else f"{kind} off".strip()
