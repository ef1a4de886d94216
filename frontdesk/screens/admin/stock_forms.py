"""What is written down about stock, each in a form: deliveries, counts and orders as lists, and pieces one by one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from frontdesk.clock import local
from frontdesk.errors import BadInput
from frontdesk.money import parse_money
from frontdesk.rules.stock_list import Listed, listed
from frontdesk.screens.admin.room import Room, choice
from frontdesk.screens.wishes import Wishes
from frontdesk.services.stock import ordering, products, stock, stock_places, suppliers
from frontdesk.services.stock.awaited import waiting_words
from frontdesk.services.stock.products import ProductCard
from frontdesk.services.stock.stock_moving import Done
from frontdesk.services.stock.stock_reading import Level
from frontdesk.widgets.field import Field, Offer
from frontdesk.widgets.form import Filled

_SHELF = Offer("shelf", "the shelf")
_WHYS = (
    Offer("used", "used here"), Offer("tester", "a tester"), Offer("damaged", "damaged"),
    Offer("sent_back", "back to the supplier"),
)  # fmt: skip


class StockForms(Room[Level]):
    """The forms of the stock, over its list."""

    async def edit(self, thing: Level) -> None:
        """How few are too few, and how many there should be."""
        wishes = Wishes()

        async def save(filled: Filled) -> stock_places.LevelSet:
            wish = stock_places.SetLevel(
                product_id=thing.product_id, low_at=_number(filled, "low"), order_to=_number(filled, "to"),
                request_id=wishes.id_for(filled),
            )  # fmt: skip
            return await self.screen.ask(stock_places.set_level, wish)

        fields = [
            Field("low", "Too few", value="" if thing.low_at is None else str(thing.low_at),
                  hint="so many or fewer; empty: never"),
            Field("to", "Order up to", value="" if thing.order_to is None else str(thing.order_to), hint="6"),
        ]  # fmt: skip
        if await self.form(f"level {thing.product_id}", thing.name, fields, save, focus="low"):
            self.done(f"{thing.name} is watched." if thing.low_at is None else f"{thing.name} is changed.")

    async def remove(self, thing: Level) -> None:
        """Pieces that nobody buys."""
        wishes, places = Wishes(), await self._places()

        async def save(filled: Filled) -> Done:
            wish = stock.UseStock(
                product_id=thing.product_id, quantity=_many(filled),
                why=filled.picked["why"] or "used",  # type: ignore[arg-type]  # one of the offers
                reason=filled["reason"], location_id=_place(filled, "place"), request_id=wishes.id_for(filled),
            )  # fmt: skip
            return await self.screen.ask(stock.use, wish)

        fields = [
            Field("many", "How many", value="1"), choice("why", "Why", _WHYS, "used"),
            Field("reason", "Reason", hint="what is damaged needs one"), choice("place", "From", places, "shelf"),
        ]  # fmt: skip
        gone = await self.form(f"use {thing.product_id}", f"{thing.name}: take away", fields, save, focus="many")
        self._told(gone)

    async def delivery(self) -> None:
        """What has come, as a list; it may answer an order."""
        wishes, places, shelf = Wishes(), await self._places(), await self._shelf()
        waiting = (await self.screen.ask(ordering.list_orders, ordering.ListOrders())).orders
        orders = [
            Offer(str(one.id), f"{one.id} of {local(one.ordered_at, self.desk.shop.timezone):%-d %b}, {one.supplier}")
            for one in waiting
        ]

        async def save(filled: Filled) -> Done:
            arrived = tuple(
                stock.Arrived(product_id=one.product_id, quantity=one.many, cost=self._cost(one))
                for one in listed(filled["pieces"], shelf, "pieces")
            )
            wish = stock.ReceiveStock(
                arrived=arrived, order_id=int(filled.picked.get("order") or 0) or None, note=filled["note"],
                location_id=_place(filled, "place"), request_id=wishes.id_for(filled),
            )  # fmt: skip
            return await self.screen.ask(stock.receive, wish)

        fields = [
            _list_field("What came"), choice("place", "Put", places, "shelf"),
            *([choice("order", "Order", [Offer("", "none of these"), *orders], "")] if orders else []),
            Field("note", "Note", hint="number of the delivery note"),
        ]  # fmt: skip
        self._told(await self._listing("delivery", "A delivery", fields, save, shelf, counted=False))

    async def count(self, begun: str = "") -> None:
        """What was found in a place, as a list."""
        wishes, places, shelf = Wishes(), await self._places(), await self._shelf()

        async def save(filled: Filled) -> Done:
            found = tuple(
                stock.Counted(product_id=one.product_id, counted=one.many)
                for one in listed(filled["pieces"], shelf, "pieces")
            )
            wish = stock.CountStock(
                found=found, note=filled["note"], location_id=_place(filled, "place"), request_id=wishes.id_for(filled)
            )
            return await self.screen.ask(stock.count, wish)

        fields = [
            replace(_list_field("What is here"), value=begun), choice("place", "Where", places, "shelf"),
            Field("note", "Note", hint="who counted with you"),
        ]  # fmt: skip
        self._told(await self._listing("count", "A count", fields, save, shelf, counted=True))

    async def _listing(
        self,
        name: str,
        title: str,
        fields: Sequence[Field],
        save: Callable[[Filled], Awaitable[Done]],
        shelf: Sequence[ProductCard],
        *,
        counted: bool,
    ) -> Done | None:
        there = {one.id: one.on_shelf for one in shelf}

        async def preview(filled: Filled) -> str:
            try:
                lines = listed(filled["pieces"], shelf, "pieces")
            except BadInput as wrong:
                return wrong.sentence
            if not lines:
                return "Scan each piece, or type a code and how many: sha 6."
            off = [
                f"{one.name} {one.many} instead of {there[one.product_id]}"
                for one in lines
                if counted and filled.picked["place"] in ("", "shelf") and there[one.product_id] != one.many
            ]
            said = (
                f"{len(lines)} {'product' if len(lines) == 1 else 'products'}, {sum(one.many for one in lines)} pieces"
            )
            return f"{said}. {'; '.join(off[:3])}{' …' if len(off) > 3 else ''}"

        return await self.form(name, title, fields, save, preview=preview, focus="pieces")

    async def order(self) -> None:
        """What should come: proposed is what there is too little of."""
        wishes, shelf = Wishes(), await self._shelf()
        proposed = (await self.screen.ask(ordering.propose, ordering.ProposeOrders())).orders
        known = (await self.screen.ask(suppliers.list_suppliers, suppliers.ListSuppliers())).suppliers
        if not known:
            self.screen.say("Nothing can be ordered before there is a supplier: Suppliers, +.", "amber")
            return
        first = next((one for one in proposed if one.supplier_id is not None), proposed[0] if proposed else None)
        costs = {one.product_id: one.cost for each in proposed for one in each.lines}

        async def save(filled: Filled) -> ordering.Order:
            lines = tuple(
                ordering.OrderLine(
                    product_id=one.product_id, quantity=one.many,
                    cost=self._cost(one) or costs.get(one.product_id) or _card(shelf, one.product_id).cost,
                )
                for one in listed(filled["pieces"], shelf, "pieces")
            )  # fmt: skip
            wish = ordering.PlaceOrder(
                supplier_id=int(filled.picked["supplier"] or 0), lines=lines, note=filled["note"],
                request_id=wishes.id_for(filled),
            )  # fmt: skip
            return await self.screen.ask(ordering.place, wish)

        said = "\n".join(f"{one.code} {one.quantity}" for one in first.lines) if first else ""
        offers = [Offer(str(one.id), one.name) for one in known]
        fields = [
            choice("supplier", "From", offers, str((first and first.supplier_id) or known[0].id)),
            replace(_list_field("What"), value=said), Field("note", "Note"),
        ]  # fmt: skip
        placed = await self.form("order", "An order", fields, save, focus="pieces")
        if placed:
            self.done(f"Order {placed.id} with {placed.supplier} is written down; it counts as on its way.")

    async def new_place(self) -> None:
        """Another place beside the shelf."""
        wishes = Wishes()

        async def save(filled: Filled) -> stock_places.Place:
            wish = stock_places.AddPlace(name=filled["name"], request_id=wishes.id_for(filled))
            return await self.screen.ask(stock_places.add_place, wish)

        fields = [Field("name", "Name", hint="Store room")]
        added = await self.form("place", "Another place beside the shelf", fields, save)
        if added:
            self.done(f"{added.name} is a place.")

    async def move(self, thing: Level) -> None:
        """Carry pieces from one place to another."""
        wishes, places = Wishes(), await self._places()
        if len(places) == 1:
            self.screen.say("Everything lies on the shelf. + makes another place.", "amber")
            return

        async def save(filled: Filled) -> Done:
            wish = stock.MoveStock(
                product_id=thing.product_id, quantity=_many(filled), from_location_id=_place(filled, "from"),
                to_location_id=_place(filled, "to"), request_id=wishes.id_for(filled),
            )  # fmt: skip
            return await self.screen.ask(stock.move, wish)

        fields = [
            Field("many", "How many", value="1"), choice("from", "From", places, places[1].value),
            choice("to", "To", places, "shelf"),
        ]  # fmt: skip
        self._told(await self.form(f"move {thing.product_id}", f"{thing.name}: carry", fields, save, focus="many"))

    async def correct(self, thing: Level) -> None:
        """Put right what stock says, with a reason."""
        wishes, places = Wishes(), await self._places()

        async def save(filled: Filled) -> stock.CorrectStock:
            typed = filled["many"]
            if not typed.removeprefix("-").removeprefix("+").isdecimal():
                raise BadInput("How many more, or with a minus fewer? Type a number.", field="many")
            if not filled["reason"]:
                raise BadInput("Say in a few words why: it is kept with it.", field="reason")
            return stock.CorrectStock(
                product_id=thing.product_id, quantity=int(typed), reason=filled["reason"],
                location_id=_place(filled, "place"), request_id=wishes.id_for(filled),
            )  # fmt: skip

        fields = [
            Field("many", "Pieces", hint="-2 for two fewer"), Field("reason", "Why", hint="it is kept with it"),
            choice("place", "Where", places, "shelf"),
        ]  # fmt: skip
        title = f"{thing.name}: what stock says"
        wish = await self.form(f"correct {thing.product_id}", title, fields, save, focus="many")
        if wish:
            self._told(await self.screen.write(stock.correct, wish))

    def _told(self, done: Done | None) -> None:
        if done is None:
            return
        last = done.moves[-1]
        waited = f"  {waiting_words(done.waiting)}." if done.waiting else ""
        if len({one.product_id for one in done.moves}) > 1:
            self.done(f"{len(done.moves)} products are written down.{waited}", done.moves[0].product_id)
        else:
            where = f"{'on' if last.place == 'the shelf' else 'in'} {last.place}"
            self.done(f"{last.name}: {last.now} {where}.{waited}", last.product_id)

    async def _places(self) -> list[Offer]:
        found = await self.screen.ask(stock_places.list_places, stock_places.ListPlaces())
        return [_SHELF, *(Offer(str(one.id), one.name) for one in found.places)]

    async def _shelf(self) -> tuple[ProductCard, ...]:
        found = await self.screen.ask(products.list_products, products.ListProducts())
        return tuple(one for one in found.products if one.is_stocked)

    def _cost(self, one: Listed) -> Decimal | None:
        shop = self.desk.shop
        return parse_money(one.cost, shop.currency, shop.locale, field="pieces") if one.cost else None


def _list_field(label: str) -> Field:
    return Field("pieces", label, lines=True, scans=True)


def _card(shelf: Sequence[ProductCard], product_id: int) -> ProductCard:
    return next(one for one in shelf if one.id == product_id)


def _place(filled: Filled, name: str) -> int | None:
    picked = filled.picked[name]
    if filled[name] and not picked:
        raise BadInput(f"There is no place {filled[name]} here. Choose from the list.", field=name)
    return int(picked) if picked.isdigit() else None


def _number(filled: Filled, name: str) -> int | None:
    typed = filled[name]
    if typed and not typed.isdecimal():
        raise BadInput("Type a number, or nothing.", field=name)
    return int(typed) if typed else None


def _many(filled: Filled) -> int:
    if not filled["many"].isdecimal():
        raise BadInput("How many? Type a number.", field="many")
    return int(filled["many"])
