"""The shelves of the menu: what they are called and where they stand."""

from __future__ import annotations

from collections.abc import Sequence

from frontdesk.errors import BadInput
from frontdesk.permissions import Deed
from frontdesk.screens.admin.room import Room
from frontdesk.screens.wishes import Wishes
from frontdesk.services.menu import categories
from frontdesk.services.menu.categories import CategoryCard
from frontdesk.widgets.field import Field
from frontdesk.widgets.form import Filled
from frontdesk.widgets.plain_table import Column


class CategoriesRoom(Room[CategoryCard]):
    """The shelves of the menu."""

    NAME = "Categories"
    ABOUT = "the shelves of the menu, in their order"
    EXPLAINED = """Services stand on the menu by category, in this order. A stylist can do a whole category, with what
is put there later."""
    COLUMNS = (Column("Place", 5, right=True), Column("Category"), Column("Services", 8, right=True))
    CAN = frozenset({"open", "add", "edit"})
    DEED = Deed.EDIT_CATALOGUE

    async def things(self) -> Sequence[tuple[object, CategoryCard]]:
        """In the order of the menu."""
        found = await self.screen.ask(categories.list_categories, categories.ListCategories())
        return [(one.id, one) for one in found.categories]

    def line(self, thing: CategoryCard) -> tuple[tuple[str, ...], str]:
        """Place, name, how many services."""
        return (str(thing.place), thing.name, str(thing.services)), "" if thing.services else "fd-muted"

    def empty(self) -> str:
        """How to have some."""
        return "The menu has no categories. + adds one."

    async def add(self) -> None:
        """Another, at the end."""
        wishes = Wishes()

        async def save(filled: Filled) -> CategoryCard:
            wish = categories.AddCategory(name=filled["name"], request_id=wishes.id_for(filled))
            return await self.screen.ask(categories.add_category, wish)

        added = await self.form("category", "Another category", [Field("name", "Name", hint="Colour")], save)
        if added:
            self.done(f"{added.name} is the last on the menu; e moves it.", added.id)

    async def edit(self, thing: CategoryCard) -> None:
        """Another name, another place."""
        wishes = Wishes()

        async def save(filled: Filled) -> CategoryCard:
            if not filled["place"].isdecimal():
                raise BadInput("The place is a number: 1 is the first on the menu.", field="place")
            wish = categories.RenameCategory(
                category_id=thing.id, name=filled["name"], place=int(filled["place"]), request_id=wishes.id_for(filled)
            )
            return await self.screen.ask(categories.rename_category, wish)

        fields = [
            Field("name", "Name", value=thing.name),
            Field("place", "Place", value=str(thing.place), hint="1 is the first on the menu"),
        ]
        changed = await self.form(f"category {thing.id}", thing.name, fields, save, focus="name")
        if changed:
            self.done(f"{changed.name} is number {changed.place} on the menu.", changed.id)
