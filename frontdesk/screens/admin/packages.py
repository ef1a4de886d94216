"""Packages and memberships on offer: sessions sold ahead, and what members pay less."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from textual.content import Content

from frontdesk.errors import BadInput
from frontdesk.money import money_text, number_text, parse_money, parse_percent, percent_text, plain
from frontdesk.permissions import Deed
from frontdesk.screens.admin.room import Room, choice, chosen, yes_or_no
from frontdesk.screens.sessions import sessions_meant, sessions_words
from frontdesk.screens.wishes import Wishes, goes_over, saves_over_it
from frontdesk.services.menu.catalogue import ListServices, ServiceCard, list_services
from frontdesk.services.packages import packages
from frontdesk.services.packages.packages import PackageCard, PackageKind, Sessions, TaxPoint
from frontdesk.text import harmless
from frontdesk.widgets.field import Field, Offer
from frontdesk.widgets.form import Filled
from frontdesk.widgets.modal import Answer, Question
from frontdesk.widgets.plain_table import Column

_SORTS: tuple[tuple[str, str, PackageKind], ...] = (
    ("p", "a package: sessions sold ahead", "package"),
    ("m", "a membership: sessions that come anew, or a percent off", "membership"),
)
_TAXED: tuple[tuple[TaxPoint, str], ...] = (("received", "when it is sold"), ("used", "when it is used"))


class PackagesRoom(Room[PackageCard]):
    """What is sold ahead."""

    NAME = "Packages"
    ABOUT = "sessions sold ahead, and memberships"
    EXPLAINED = """A package is so many sessions of services for one price; a membership has them anew every so many
months, or takes a percent off every service, or both. What is sold stays as it was sold: a change holds for the next
one. They are sold at the till with +, and used there with *. What a customer has is put right on their page: h."""
    COLUMNS = (
        Column("Package", 22), Column("Has"), Column("Good for", 9, right=True), Column("Price", 10, right=True),
    )  # fmt: skip
    VIEWS = ("With what is no longer sold.", "Only what is on sale.")
    CAN = frozenset({"open", "add", "edit", "remove", "view"})
    DEED = Deed.EDIT_CATALOGUE

    async def things(self) -> Sequence[tuple[object, PackageCard]]:
        """What is on sale; what is not any more only when asked for."""
        found = await self.screen.ask(packages.list_packages, packages.ListPackages(all=self.everything))
        return [(one.id, one) for one in found.packages]

    def line(self, thing: PackageCard) -> tuple[tuple[str, ...], str]:
        """Name, what is in it, for how long, the price."""
        has = ", ".join(_contents(thing, self.desk.shop.locale))
        lasts = f"{thing.months} mo" if thing.months else "ever"
        cells = (thing.name, has, lasts, plain(thing.price, self.desk.shop.currency))
        return cells, "" if thing.is_active else "fd-muted"

    def words(self, thing: PackageCard) -> Content:
        """The rest of it."""
        said = [
            f"{harmless(thing.name)}, a {thing.kind}: {harmless(', '.join(_contents(thing, self.desk.shop.locale)))}"
        ]
        if thing.sharers:
            said.append(f"can be shared with {thing.sharers} other{'s' * (thing.sharers != 1)}")
        said.append(f"taxed {dict(_TAXED)[thing.tax_point]}")
        if not thing.is_active:
            said.append("no longer sold")
        return Content("; ".join(said) + ".")

    def empty(self) -> str:
        """How to have some."""
        return "Nothing is sold ahead. + adds a package or a membership."

    async def add(self) -> None:
        """One more."""
        ways = [Answer(key, words, kind) for key, words, kind in _SORTS]
        kind = await self.screen.app.wait_for(Question("What shall be sold ahead?", ways))
        added = await self._fill(kind, None) if kind else None
        if added:
            self.done(f"{added.name} can be sold at the till with +.", added.id)

    async def edit(self, thing: PackageCard) -> None:
        """Another price or content, for those sold from now on."""
        changed = await self._fill(thing.kind, thing)
        if changed:
            self.done(f"{changed.name} is changed, for those sold from now on.")

    async def remove(self, thing: PackageCard) -> None:
        """No longer sold, or sold again."""
        as_it_is = _as_it_is(thing)
        if not thing.is_active:
            if await self.screen.write(packages.edit_package, replace(as_it_is, is_active=True)):
                self.done(f"{thing.name} is on sale again.")
            return
        lost = f"{thing.name} can't be sold any more. Whoever has one keeps it, with all its sessions."
        if not await self.sure(lost, f"sell {thing.name} no longer"):
            return
        if await self.screen.write(packages.edit_package, as_it_is):
            self.done(f"{thing.name} is no longer sold. v shows what was.")

    async def _fill(self, kind: PackageKind, thing: PackageCard | None) -> PackageCard | None:
        menu = (await self.screen.ask(list_services, ListServices())).services
        wishes = Wishes()

        async def save(filled: Filled) -> PackageCard:
            wish = self._wish(kind, filled, menu, wishes)
            if thing is None:
                return await self.screen.ask(packages.add_package, wish)
            version = await self._version_now(thing) if goes_over(filled) else thing.version
            is_active = chosen(filled, "on_sale") == "yes"
            changed = packages.EditPackage(**vars(wish), package_id=thing.id, version=version, is_active=is_active)
            return await self.screen.ask(packages.edit_package, changed)

        async def preview(filled: Filled) -> str:
            if not filled["price"]:
                return ""
            return self._saving(kind, self._wish(kind, filled, menu, wishes), menu)

        name = f"package {thing.id}" if thing else kind
        title = thing.name if thing else f"A new {kind}"
        fields, focus = self._fields(kind, thing), "price" if thing else "name"
        return await self.form(name, title, fields, save, preview=preview, focus=focus, can_insist=saves_over_it)

    async def _version_now(self, thing: PackageCard) -> int:
        found = await self.screen.ask(packages.list_packages, packages.ListPackages(all=True))
        return next((one.version for one in found.packages if one.id == thing.id), thing.version)

    def _wish(
        self, kind: PackageKind, filled: Filled, menu: Sequence[ServiceCard], wishes: Wishes
    ) -> packages.AddPackage:
        shop, member = self.desk.shop, kind == "membership"
        percent = filled["percent_off"] if member else ""
        return packages.AddPackage(
            name=filled["name"],
            price=parse_money(filled["price"], shop.currency, shop.locale, "price"),
            services=sessions_meant(filled["services"], menu),
            kind=kind,
            months=_number(filled, "months"),
            renews_months=_number(filled, "renews_months") if member else None,
            percent_off=parse_percent(percent, shop.locale, "percent_off") if percent else Decimal(0),
            sharers=_number(filled, "sharers") or 0,
            tax_point=_taxed(filled),
            request_id=wishes.id_for(filled),
        )

    def _saving(self, kind: PackageKind, wish: packages.AddPackage, menu: Sequence[ServiceCard]) -> str:
        """What the sessions would cost one by one."""
        prices = {one.id: one.price for one in menu}
        alone = sum((one.sessions * prices[one.service_id] for one in wish.services), Decimal(0))
        times = (wish.months or 0) // wish.renews_months if wish.renews_months and wish.months else 1
        if not alone or not wish.price:
            return ""
        shop, total = self.desk.shop, alone * max(times, 1)
        said = f"One by one that would be {money_text(total, shop.currency, shop.locale)}: "
        if times > 1:
            said = f"{times} times the sessions. {said}"
        less = money_text(abs(total - wish.price), shop.currency, shop.locale)
        return said + ("the same." if total == wish.price else f"{less} {'less' if total > wish.price else 'more'}.")

    def _fields(self, kind: PackageKind, thing: PackageCard | None) -> list[Field]:
        shop, member = self.desk.shop, kind == "membership"
        price = number_text(thing.price, shop.currency, shop.locale) if thing else ""
        fields = [
            Field("name", "Name", value=thing.name if thing else "", hint="Gold" if member else "Five cuts"),
            Field("price", "Price", value=price, hint="200.00"),
            Field(
                "services", "Sessions", value=sessions_words(thing.services) if thing else "",
                hint="1 Cut; empty for a percent off alone" if member else "5 Cut, 1 Colour",
            ),
            _months("months", "Months", thing.months if thing else None, "12" if member else "12; empty for ever"),
        ]  # fmt: skip
        if member:
            anew = thing.renews_months if thing else None
            off = percent_text(thing.percent_off, shop.locale) if thing and thing.percent_off else ""
            fields.append(_months("renews_months", "Anew every", anew, "1 for each month; empty: once for all months"))
            fields.append(Field("percent_off", "Percent off", value=off, hint="10, of every service; empty for none"))
        sharers = str(thing.sharers) if thing and thing.sharers else ""
        fields.append(Field("sharers", "Shared with", value=sharers, hint="how many others; empty for nobody"))
        points = [Offer(point, words) for point, words in _TAXED]
        taxed = thing.tax_point if thing else ""
        fields.append(choice("tax_point", "Taxed", points, taxed, hint="as the country has it"))
        if thing is not None:
            fields.append(yes_or_no("on_sale", "On sale", thing.is_active))
        return fields


def _taxed(filled: Filled) -> TaxPoint | None:
    said = chosen(filled, "tax_point") if filled["tax_point"] else ""
    return next((point for point, _ in _TAXED if point == said), None)


def _contents(thing: PackageCard, locale: str) -> Iterator[str]:
    if thing.services:
        every = {None: "", 1: " a month"}.get(thing.renews_months, f" every {thing.renews_months} months")
        yield sessions_words(thing.services) + every
    if thing.percent_off:
        yield f"{percent_text(thing.percent_off, locale)} off"


def _months(name: str, label: str, value: int | None, hint: str) -> Field:
    return Field(name, label, value=str(value) if value else "", hint=hint)


def _number(filled: Filled, field: str) -> int | None:
    typed = filled[field].removesuffix("months").removesuffix("month").strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal()):
        example = 2 if field == "sharers" else 12
        raise BadInput(f'"{filled[field]}" is no number. Type {example}, for example, or leave it empty.', field=field)
    return int(typed[:6])


def _as_it_is(thing: PackageCard) -> packages.EditPackage:
    """A package with nothing changed but that it is no longer sold."""
    return packages.EditPackage(
        package_id=thing.id, version=thing.version, name=thing.name, price=thing.price, kind=thing.kind,
        services=tuple(Sessions(service_id=one.service_id, sessions=one.sessions) for one in thing.services),
        months=thing.months, renews_months=thing.renews_months, percent_off=thing.percent_off, sharers=thing.sharers,
        tax_point=thing.tax_point, is_active=False,
    )  # fmt: skip
