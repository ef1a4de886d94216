"""What is on offer: services with their shelves, products, and why visits are cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.content import Content

from frontdesk.money import plain
from frontdesk.permissions import Deed
from frontdesk.screens.admin.parts import parts_words
from frontdesk.screens.admin.room import Room
from frontdesk.screens.admin.service_form import KINDS, fill_service
from frontdesk.screens.commands import Command
from frontdesk.screens.records import read_history
from frontdesk.screens.wishes import Wishes
from frontdesk.services.book import cancel_reasons
from frontdesk.services.book.cancel_reasons import CancelReasonCard
from frontdesk.services.menu import catalogue
from frontdesk.services.menu.catalogue import EditService, ServiceCard
from frontdesk.text import harmless
from frontdesk.widgets.field import Field
from frontdesk.widgets.form import Filled
from frontdesk.widgets.modal import Answer, Question
from frontdesk.widgets.plain_table import Column

_SORTS = (
    ("s", "a service of its own", "service"),
    ("a", "an add-on: something added to a service", "addon"),
    ("b", "a bundle: several services for one price", "bundle"),
    ("c", "a class with seats", "class"),
)


class ServicesRoom(Room[ServiceCard]):
    """The menu."""

    NAME = "Services"
    ABOUT = "the menu: what it costs and how long it takes"
    EXPLAINED = """What a service takes is a number of minutes, or its parts: 30 + 45 processing + 30 finish. While it
processes nobody is busy, so somebody else can be served; "with lead, room" says who and what is. A changed price or
length holds for visits booked from now on; booked ones keep theirs. A category that
is not there yet is made. Add-ons go with the services that name them; "(ask)" behind one means that no visit is saved
before somebody has said yes or no to it. A bundle is several services for one price, a class has seats."""
    COLUMNS = (Column("Code", 7), Column("Service"), Column("", 8), Column("Category", 16),
               Column("Takes", 6, right=True), Column("Price", 10, right=True))  # fmt: skip
    CAN = frozenset({"open", "add", "edit", "remove", "view", "history"})
    DEED = Deed.EDIT_CATALOGUE

    async def things(self) -> Sequence[tuple[object, ServiceCard]]:
        """The menu, what is no longer offered only when asked for."""
        found = await self.screen.ask(catalogue.list_services, catalogue.ListServices(all=self.everything))
        return [(one.id, one) for one in found.services]

    def line(self, thing: ServiceCard) -> tuple[tuple[str, ...], str]:
        """Code, name, shelf, length, price."""
        price = plain(thing.price, self.desk.shop.currency)
        kind = "" if thing.kind == "service" else KINDS[thing.kind]
        cells = (thing.code, thing.name, kind, thing.category or "", f"{thing.minutes}m", price)
        return cells, "" if thing.is_active else "fd-muted"

    def words(self, thing: ServiceCard) -> Content:
        """Its parts, its description, and whether it is offered."""
        said = [f"{harmless(thing.name)}: {parts_words(thing.parts)} minutes" if thing.parts else harmless(thing.name)]
        if thing.contains:
            names = {one.id: one.name for one in self._things.values()}
            said.append(" + ".join(harmless(names.get(each, "another service")) for each in thing.contains))
        if thing.seats:
            said.append(f"{thing.seats} seats")
        if thing.cost:
            said.append(f"product used {plain(thing.cost, self.desk.shop.currency)}")
        if not thing.is_active:
            said.append("no longer offered")
        lines = [".  ".join(said) + ".", *(harmless(line) for line in thing.description.splitlines()[:2])]
        return Content("\n".join(lines))

    def empty(self) -> str:
        """How to fill the menu."""
        return "The menu is empty. + adds a service."

    async def add(self) -> None:
        """A new one."""
        ways = [Answer(key, words, kind) for key, words, kind in _SORTS]
        kind = await self.screen.app.wait_for(Question("What shall stand on the menu?", ways))
        added = await self._fill(kind, None) if kind else None
        if added:
            self.done(f"{added.name} is on the menu.", added.id)

    async def edit(self, thing: ServiceCard) -> None:
        """Change it for visits booked from now on."""
        changed = await self._fill(thing.kind, thing)
        if changed:
            self.done(f"{changed.name} is changed, for visits booked from now on.")

    async def remove(self, thing: ServiceCard) -> None:
        """No longer offered, or offered again."""
        if not thing.is_active:
            if await self.screen.write(catalogue.edit_service, replace(_as_it_is(thing), is_active=True)):
                self.done(f"{thing.name} is offered again.")
            return
        lost = f"{thing.name} can't be booked any more. Visits that are booked keep it, and so do past tickets."
        if not await self.sure(lost, f"take {thing.name} off the menu"):
            return
        if await self.screen.write(catalogue.edit_service, replace(_as_it_is(thing), is_active=False)):
            self.done(f"{thing.name} is off the menu. v shows what is no longer offered.")

    async def history(self, thing: ServiceCard) -> None:
        """Who changed it, and when."""
        await read_history(self.screen, "services", thing.id, thing.name)

    async def _fill(self, kind: str, thing: ServiceCard | None) -> ServiceCard | None:
        found = await self.screen.ask(catalogue.list_services, catalogue.ListServices(all=True))
        return await fill_service(self, kind, thing, found.services)

    async def version_now(self, thing: ServiceCard) -> int:
        """As it is now, whoever has changed it meanwhile."""
        found = await self.screen.ask(catalogue.list_services, catalogue.ListServices(all=True))
        return next((one.version for one in found.services if one.id == thing.id), thing.version)


def _as_it_is(thing: ServiceCard) -> EditService:
    """A service with nothing changed, to change one thing of it."""
    parts = tuple(
        catalogue.ServicePartWish(kind=part.kind, minutes=part.minutes, holds=part.holds) for part in thing.parts
    )
    return EditService(
        service_id=thing.id, version=thing.version, name=thing.name, code=thing.code, price=thing.price,
        category=thing.category, parts=parts, cost=thing.cost, description=thing.description, is_active=thing.is_active,
        kind=thing.kind, seats=thing.seats, contains=thing.contains,
    )  # fmt: skip


class ReasonsRoom(Room[CancelReasonCard]):
    """Why visits are cancelled."""

    NAME = "Cancel reasons"
    ABOUT = "what to pick from when a visit is cancelled"
    EXPLAINED = "The reasons that are offered when a visit is cancelled, in this order."
    COLUMNS = (Column("Reason"), Column("", 18))
    CAN = frozenset({"add", "view"})
    DEED = Deed.EDIT_CATALOGUE

    async def things(self) -> Sequence[tuple[object, CancelReasonCard]]:
        """In their order."""
        found = await self.screen.ask(cancel_reasons.list_cancel_reasons, cancel_reasons.ListCancelReasons(all=True))
        return [(one.id, one) for one in found.reasons if one.is_active or self.everything]

    def line(self, thing: CancelReasonCard) -> tuple[tuple[str, ...], str]:
        """The reason."""
        return (thing.name, "" if thing.is_active else "no longer offered"), "" if thing.is_active else "fd-muted"

    def empty(self) -> str:
        """How to have some."""
        return "No reasons to pick from. + adds one."

    def cannot(self, command: Command, thing: CancelReasonCard | None) -> str | None:
        """Nothing stands against it."""
        return None

    async def add(self) -> None:
        """One more, at the end."""
        wishes = Wishes()

        async def save(filled: Filled) -> CancelReasonCard:
            wish = cancel_reasons.AddCancelReason(name=filled["name"], request_id=wishes.id_for(filled))
            return await self.screen.ask(cancel_reasons.add_cancel_reason, wish)

        added = await self.form("reason", "Another reason", [Field("name", "Reason", hint="Ill")], save)
        if added:
            self.done(f"{added.name} can be picked when a visit is cancelled.", added.id)
