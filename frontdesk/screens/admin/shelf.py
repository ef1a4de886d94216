"""Products on the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.content import Content

from frontdesk.money import number_text, parse_money, plain
from frontdesk.permissions import Deed
from frontdesk.screens.admin.room import Room, yes_or_no
from frontdesk.screens.records import read_history
from frontdesk.screens.wishes import Wishes, goes_over, saves_over_it
from frontdesk.services.stock import products
from frontdesk.services.stock.products import EditProduct, ProductCard
from frontdesk.text import harmless
from frontdesk.widgets.field import Field
from frontdesk.widgets.form import Filled
from frontdesk.widgets.plain_table import Column


class ProductsRoom(Room[ProductCard]):
    """The shelf."""

    NAME = "Products"
    ABOUT = "the shelf: prices and barcodes"
    EXPLAINED = (
        "A scanner finds a product by its barcode from any screen. What is no longer sold stays on past tickets."
    )
    COLUMNS = (
        Column("Code", 7), Column("Product"), Column("Barcode", 14), Column("Price", 9, right=True),
        Column("Here", 5, right=True),
    )  # fmt: skip
    CAN = frozenset({"open", "add", "edit", "remove", "view", "history"})
    DEED = Deed.EDIT_CATALOGUE

    async def things(self) -> Sequence[tuple[object, ProductCard]]:
        """The shelf, what is no longer sold only when asked for."""
        found = await self.screen.ask(products.list_products, products.ListProducts(all=self.everything))
        return [(one.id, one) for one in found.products]

    def line(self, thing: ProductCard) -> tuple[tuple[str, ...], str]:
        """Code, name, barcode, price."""
        here = "" if thing.on_shelf is None else str(thing.on_shelf)
        cells = (thing.code, thing.name, thing.barcode or "", plain(thing.price, self.desk.shop.currency), here)
        return cells, "" if thing.is_active else "fd-muted"

    def words(self, thing: ProductCard) -> Content:
        """Where it comes from."""
        said = [harmless(thing.name), *(harmless(w) for w in (thing.brand, thing.supplier, thing.category) if w)]
        if thing.family:
            said.append(f"{harmless(thing.variant)} of {harmless(thing.family)}")
        if not thing.is_stocked:
            said.append("not counted")
        if thing.cost:
            said.append(f"costs {plain(thing.cost, self.desk.shop.currency)}")
        if not thing.is_active:
            said.append("no longer sold")
        return Content(", ".join(said) + ".")

    def empty(self) -> str:
        """How to fill the shelf."""
        return "The shelf is empty. + puts a product there."

    async def add(self) -> None:
        """A new one."""
        added = await self._fill(None)
        if added:
            self.done(f"{added.name} is on the shelf.", added.id)

    async def edit(self, thing: ProductCard) -> None:
        """Change it."""
        changed = await self._fill(thing)
        if changed:
            self.done(f"{changed.name} is changed.")

    async def remove(self, thing: ProductCard) -> None:
        """No longer sold, or sold again."""
        lost = f"{thing.name} can't be sold any more, also not by its barcode. Past tickets keep it."
        if thing.is_active and not await self.sure(lost, f"take {thing.name} off the shelf"):
            return
        wish = replace(_as_it_is(thing), is_active=not thing.is_active)
        changed = await self.screen.write(products.edit_product, wish)
        if changed:
            self.done(f"{thing.name} is sold again." if changed.is_active else f"{thing.name} is off the shelf.")

    async def history(self, thing: ProductCard) -> None:
        """Who changed it, and when."""
        await read_history(self.screen, "products", thing.id, thing.name)

    async def _fill(self, thing: ProductCard | None) -> ProductCard | None:
        shop, wishes = self.desk.shop, Wishes()

        async def save(filled: Filled) -> ProductCard:
            wish = products.AddProduct(
                name=filled["name"],
                code=filled["code"],
                barcode=filled["barcode"] or None,
                price=parse_money(filled["price"], shop.currency, shop.locale, field="price"),
                cost=parse_money(filled["cost"] or "0", shop.currency, shop.locale, field="cost"),
                brand=filled["brand"],
                supplier=filled["supplier"],
                category=filled["category"],
                family=filled["family"],
                variant=filled["variant"],
                is_stocked=filled.picked["counted"] != "no",
                request_id=wishes.id_for(filled),
            )
            if thing is None:
                return await self.screen.ask(products.add_product, wish)
            version = await self._version(thing) if goes_over(filled) else thing.version
            changed = EditProduct(
                **vars(wish), product_id=thing.id, version=version, is_active=filled.picked["sold"] != "no"
            )
            return await self.screen.ask(products.edit_product, changed)

        price, cost = (
            number_text(amount, shop.currency, shop.locale) if amount else ""
            for amount in ((thing.price, thing.cost) if thing else (None, None))
        )
        fields = [
            Field("name", "Name", value=thing.name if thing else "", hint="Shampoo 250 ml"),
            Field("code", "Code", value=thing.code if thing else "", hint="SHA"),
            Field("barcode", "Barcode", value=(thing.barcode or "") if thing else "", hint="scan it here", scans=True),
            Field("price", "Price", value=price, hint="18.00"),
            Field("brand", "Brand", value=thing.brand if thing else ""),
            Field("category", "Category", value=thing.category if thing else ""),
            Field("supplier", "Supplier", value=thing.supplier if thing else ""),
            Field("cost", "Costs us", value=cost, hint="0.00"),
            Field(
                "family", "Size of", value=thing.family if thing else "", hint="Repair mask, of which there are more"
            ),
            Field("variant", "Size, shade", value=thing.variant if thing else "", hint="250 ml"),
            yes_or_no("counted", "Counted", thing.is_stocked if thing else True),
            *([yes_or_no("sold", "Sold", thing.is_active)] if thing else []),
        ]
        name = f"product {thing.id}" if thing else "product"
        title, focus = (thing.name, "price") if thing else ("A new product", "name")
        return await self.form(name, title, fields, save, focus=focus, can_insist=saves_over_it)

    async def _version(self, thing: ProductCard) -> int:
        """As it is now, whoever has changed it meanwhile."""
        found = await self.screen.ask(products.list_products, products.ListProducts(all=True))
        return next((one.version for one in found.products if one.id == thing.id), thing.version)


def _as_it_is(thing: ProductCard) -> EditProduct:
    return EditProduct(
        product_id=thing.id, version=thing.version, name=thing.name, code=thing.code, barcode=thing.barcode,
        price=thing.price, cost=thing.cost, brand=thing.brand, supplier=thing.supplier, category=thing.category,
        is_active=thing.is_active, family=thing.family, variant=thing.variant, is_stocked=thing.is_stocked,
    )  # fmt: skip
