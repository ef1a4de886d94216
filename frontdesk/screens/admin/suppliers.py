"""Whom the shop buys from, on the admin screen."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from frontdesk.permissions import Deed
from frontdesk.screens.admin.room import Room, yes_or_no
from frontdesk.screens.wishes import Wishes
from frontdesk.services.stock import suppliers
from frontdesk.services.stock.suppliers import SupplierCard
from frontdesk.text import harmless
from frontdesk.widgets.field import Field
from frontdesk.widgets.form import Filled
from frontdesk.widgets.plain_table import Column


class SuppliersRoom(Room[SupplierCard]):
    """Whom the shop buys from."""

    NAME = "Suppliers"
    ABOUT = "whom products are bought from"
    EXPLAINED = "A product's card names its supplier; orders go to one at a time."
    COLUMNS = (Column("Supplier", 20), Column("Products", 8, right=True), Column("Phone", 16), Column("Note"))
    CAN = frozenset({"open", "add", "edit", "remove", "view"})
    DEED = Deed.EDIT_CATALOGUE

    async def things(self) -> Sequence[tuple[object, SupplierCard]]:
        """By name."""
        found = await self.screen.ask(suppliers.list_suppliers, suppliers.ListSuppliers(all=self.everything))
        return [(one.id, one) for one in found.suppliers]

    def line(self, thing: SupplierCard) -> tuple[tuple[str, ...], str]:
        """Name, how many products, where to call."""
        return (thing.name, str(thing.products), thing.phone, thing.note), "" if thing.is_active else "fd-muted"

    def words(self, thing: SupplierCard) -> Content:
        """Where orders go."""
        return Content(harmless(", ".join(filter(None, (thing.name, thing.email, thing.phone, thing.note)))))

    def empty(self) -> str:
        """How to have some."""
        return "There are no suppliers. + adds one."

    async def add(self) -> None:
        """Somebody new."""
        added = await self._fill(None)
        if added:
            self.done(f"{added.name} is a supplier.", added.id)

    async def edit(self, thing: SupplierCard) -> None:
        """Change it."""
        changed = await self._fill(thing)
        if changed:
            self.done(f"{changed.name} is changed.", changed.id)

    async def remove(self, thing: SupplierCard) -> None:
        """Nothing is bought from them any more, or again."""
        wish = suppliers.EditSupplier(
            supplier_id=thing.id, name=thing.name, email=thing.email, phone=thing.phone, note=thing.note,
            is_active=not thing.is_active,
        )  # fmt: skip
        changed = await self.screen.write(suppliers.edit_supplier, wish)
        if changed:
            self.done(f"{thing.name} is used again." if changed.is_active else f"{thing.name} is out of use.")

    async def _fill(self, thing: SupplierCard | None) -> SupplierCard | None:
        wishes = Wishes()

        async def save(filled: Filled) -> SupplierCard:
            wish = suppliers.AddSupplier(
                name=filled["name"], email=filled["email"], phone=filled["phone"], note=filled["note"],
                request_id=wishes.id_for(filled),
            )  # fmt: skip
            if thing is None:
                return await self.screen.ask(suppliers.add_supplier, wish)
            used = filled.picked["used"] != "no"
            changed = suppliers.EditSupplier(**vars(wish), supplier_id=thing.id, is_active=used)
            return await self.screen.ask(suppliers.edit_supplier, changed)

        fields = [
            Field("name", "Name", value=thing.name if thing else "", hint="Wella"),
            Field("email", "E-mail", value=thing.email if thing else "", hint="where orders go"),
            Field("phone", "Telephone", value=thing.phone if thing else ""),
            Field("note", "Note", value=thing.note if thing else "", hint="our number there, when they deliver"),
            *([yes_or_no("used", "Used", thing.is_active)] if thing else []),
        ]
        title = thing.name if thing else "A new supplier"
        return await self.form(f"supplier {thing.id}" if thing else "supplier", title, fields, save, focus="name")
