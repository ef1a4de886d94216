"""What lies on the shelf and in the store room: how many, what is low, what came and went."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from textual.content import Content

from frontdesk.clock import local
from frontdesk.money import number_text
from frontdesk.permissions import Deed
from frontdesk.screens.admin.stock_forms import StockForms
from frontdesk.screens.commands import Command
from frontdesk.services.stock import stock
from frontdesk.services.stock.stock_reading import Level
from frontdesk.text import harmless
from frontdesk.widgets.modal import Answer, Question
from frontdesk.widgets.plain_table import Column

_KINDS = {
    "opening": "at the beginning", "received": "received", "sold": "sold", "returned": "came back",
    "damaged": "damaged", "counted": "counted", "used": "used here", "tester": "tester", "transfer": "carried",
    "sent_back": "sent back", "corrected": "corrected",
}  # fmt: skip
_Doing = Callable[[], Awaitable[None]]


class StockRoom(StockForms):
    """How many there are."""

    NAME = "Stock"
    ABOUT = "how many there are, deliveries, counts, orders"
    EXPLAINED = """How many there are is the sum of everything that came and went: a delivery, a sale, a count. + takes
in a delivery or a count, as a list that is scanned or typed down, one product a line: 5012345678900, or sha 6. A piece
scanned twice is two. enter on a product carries it elsewhere or puts right what stock says, - takes pieces away that
nobody buys, e says how few are too few, H shows its story, v what is low."""
    VIEWS = ("What there is too little of.", "Everything that is counted.")
    COLUMNS = (
        Column("Code", 8), Column("Product"), Column("Here", 6, right=True), Column("Ordered", 7, right=True),
        Column("Low at", 6, right=True), Column("", 3),
    )  # fmt: skip
    CAN = frozenset({"open", "add", "edit", "remove", "view", "history"})
    DEED = Deed.MOVE_STOCK

    async def things(self) -> Sequence[tuple[object, Level]]:
        """Everything that is counted, or what is low."""
        found = await self.screen.ask(stock.levels, stock.ShowLevels(low=self.everything))
        return [(one.product_id, one) for one in found.levels]

    def line(self, thing: Level) -> tuple[tuple[str, ...], str]:
        """Code, name, how many are here, are coming, and are too few."""
        low = "" if thing.low_at is None else str(thing.low_at)
        cells = (
            thing.code, thing.name, str(thing.quantity), str(thing.on_order or ""), low, "low" if thing.is_low else "",
        )  # fmt: skip
        return cells, "fd-amber" if thing.is_low else ""

    def words(self, thing: Level) -> Content:
        """Where they lie and whose they are."""
        said = [harmless(thing.name)]
        said += [f"{one.quantity} {'on' if one.location_id is None else 'in'} {one.place}" for one in thing.places]
        if thing.order_to is not None:
            said.append(f"there should be {thing.order_to}")
        if thing.supplier:
            said.append(f"from {harmless(thing.supplier)}")
        return Content(", ".join(said) + ".")

    def empty(self) -> str:
        """Nothing low, or nothing at all."""
        return "There is enough of everything. v shows it all." if self.everything else "Nothing is counted here yet."

    def cannot(self, command: Command, thing: Level | None) -> str | None:
        """How few are too few is said by whoever keeps the catalogue."""
        return self.refusal(Deed.EDIT_CATALOGUE) if command.name == "edit" else None

    async def add(self) -> None:
        """A delivery, a count, an order, a place."""
        answers: list[Answer[_Doing]] = [
            Answer("d", "a delivery has come", self.delivery), Answer("c", "count what is here", self.count),
            Answer("o", "order what there is too little of", self.order),
            Answer("p", "another place beside the shelf", self.new_place),
        ]  # fmt: skip
        chosen = await self.screen.app.wait_for(Question("What is to be written down?", answers))
        if chosen is not None:
            await chosen()

    async def open(self, thing: Level) -> None:
        """Carry it elsewhere, or put right what stock says."""
        answers = [
            Answer("m", "carry pieces to another place", "move"), Answer("c", "count this one", "count"),
            Answer("r", "put right what stock says, with a reason", "correct"),
        ]  # fmt: skip
        title = f"{thing.name}: {thing.quantity} here."
        match await self.screen.app.wait_for(Question(title, answers)):
            case "move":
                await self.move(thing)
            case "count":
                await self.count(f"{thing.code} ")
            case "correct":
                await self.correct(thing)

    async def history(self, thing: Level) -> None:
        """What came and went."""
        found = await self.screen.ask(stock.moves, stock.ShowMoves(product_id=thing.product_id))
        lines = []
        for one in found.moves:
            at = local(one.at, self.desk.shop.timezone)
            why = ", ".join(filter(None, (one.sale and f"receipt {one.sale}", one.reason, one.who)))
            cost = f" at {number_text(one.cost, self.desk.shop.currency, self.desk.shop.locale)}" if one.cost else ""
            lines.append(
                f"{at:%a %-d %b %Y %H:%M}  {one.quantity:+4d} {_KINDS[one.kind]}{cost}, {one.place}, {one.left} left"
                + f"  {why}" * bool(why)
            )
        await self.screen.read(f"What came and went of {thing.name}", "\n".join(lines) or "Nothing has moved yet.")
