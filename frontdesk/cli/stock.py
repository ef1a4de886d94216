"""frontdesk stock: how many there are of everything, and what comes and goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from frontdesk.cli.approving import APPROVED_BY, approved
from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import listed, money_said, pieces_named, product_named
from frontdesk.cli.output import plain, say, show, table
from frontdesk.cli.stock_orders import order, orders
from frontdesk.cli.stock_wishes import unwish, wish, wishes

if TYPE_CHECKING:
    from rich.table import Table

    from frontdesk.desk import Desk
    from frontdesk.services.stock.stock_moving import Done
    from frontdesk.services.stock.stock_reading import Levels

KIND_WORDS = {
    "opening": "there at the beginning", "received": "received", "sold": "sold", "returned": "came back",
    "damaged": "damaged", "counted": "counted", "used": "used here", "tester": "tester", "transfer": "carried",
    "sent_back": "sent back", "corrected": "corrected",
}  # fmt: skip
AT = click.option("--at", "place", metavar="PLACE", help="Where; the shelf otherwise.")


@click.group(invoke_without_command=True)
@click.option("--low", is_flag=True, help="Only what there is too little of.")
@click.pass_context
def stock(context: click.Context, low: bool) -> None:
    """How many there are of everything: stock, stock --low."""
    if context.invoked_subcommand is None:
        context.invoke(list_, low=low)


@stock.command("list", cls=Reading)
@click.option("--low", is_flag=True, help="Only what there is too little of.")
def list_(low: bool) -> None:
    """How many there are of everything, in all and on the shelf."""
    from frontdesk.services.stock.stock import ShowLevels, levels

    with open_desk() as desk:
        found = levels(desk, ShowLevels(low=low))
    show(asked(), found, lambda: [_levels(found)] if found.levels else ())
    if not found.levels:
        say(
            "There is enough of everything." if low else "Nothing is counted yet. frontdesk stock receive sha 6 begins."
        )


@stock.command(cls=Writing)
@click.argument("what", metavar="PRODUCT PIECES [PRODUCT PIECES]...", nargs=-1, required=True)
@click.option("--cost", help="What one cost; for one product.")
@click.option("--order", "order_id", type=int, help="The order that it answers.")
@click.option("--note", default="", help="The delivery note's number.")
@AT
def receive(what: tuple[str, ...], cost: str | None, order_id: int | None, note: str, place: str | None) -> None:
    """A delivery: stock receive sha 6 con250 12 --order 3."""
    from frontdesk.services.stock import stock as service

    with open_desk() as desk:
        pieces = pieces_named(desk, what)
        if cost and len(pieces) > 1:
            raise click.UsageError("Say the cost of one product at a time.")
        paid = money_said(cost, desk.shop, "cost") if cost else None
        arrived = tuple(service.Arrived(product_id=one.product.id, quantity=one.many, cost=paid) for one in pieces)
        wish = service.ReceiveStock(
            arrived=arrived, order_id=order_id, note=note, location_id=_place(desk, place), **asked().once()
        )
        done = service.receive(desk, wish)
    _told(done)


@stock.command(cls=Writing)
@click.argument("what", metavar="PRODUCT PIECES [PRODUCT PIECES]...", nargs=-1, required=True)
@click.option("--note", default="", help="What is said with it.")
@AT
def count(what: tuple[str, ...], note: str, place: str | None) -> None:
    """Say how many you found: stock count sha 5 con250 0. What is not named is not counted."""
    from frontdesk.services.stock import stock as service

    with open_desk() as desk:
        found = tuple(
            service.Counted(product_id=one.product.id, counted=one.many) for one in pieces_named(desk, what, least=0)
        )
        wish = service.CountStock(found=found, note=note, location_id=_place(desk, place), **asked().once())
        done = service.count(desk, wish)
    _told(done)


@stock.command(cls=Writing)
@click.argument("product")
@click.argument("pieces", type=click.IntRange(1), default=1)
@click.option("--tester", "why", flag_value="tester", help="To be tried out by customers.")
@click.option("--damaged", "why", flag_value="damaged", help="Broken or spoilt; say why.")
@click.option("--sent-back", "why", flag_value="sent_back", help="Back to the supplier.")
@click.option("--reason", default="", help="Why.")
@AT
def use(product: str, pieces: int, why: str | None, reason: str, place: str | None) -> None:
    """Take pieces that nobody buys: stock use sha 1; at the backbar when nothing is said."""
    from frontdesk.services.stock import stock as service

    with open_desk() as desk:
        wish = service.UseStock(
            product_id=product_named(desk, product).id, quantity=pieces,
            why=why or "used",  # type: ignore[arg-type]  # click's flags
            reason=reason, location_id=_place(desk, place), **asked().once(),
        )  # fmt: skip
        done = service.use(desk, wish)
    _told(done)


@stock.command(cls=Writing, context_settings={"ignore_unknown_options": True})
@click.argument("product")
@click.argument("pieces", type=int)
@click.option("--reason", default="", help="Why; needed.")
@click.option("--approved-by", metavar="LOGIN", help=APPROVED_BY)
@AT
def correct(product: str, pieces: int, reason: str, approved_by: str | None, place: str | None) -> None:
    """So many more, or fewer, than it says: stock correct sha -2 --reason "Counted a box twice"."""
    from frontdesk.permissions import Deed
    from frontdesk.services.stock import stock as service

    with open_desk() as desk:
        wish = service.CorrectStock(
            product_id=product_named(desk, product).id, quantity=pieces, reason=reason,
            location_id=_place(desk, place), approval=approved(desk, approved_by, Deed.EDIT_STOCK), **asked().once(),
        )  # fmt: skip
        done = service.correct(desk, wish)
    _told(done)


@stock.command(cls=Writing)
@click.argument("product")
@click.argument("pieces", type=click.IntRange(1))
@click.option("--from", "origin", metavar="PLACE", help="From where; the shelf otherwise.")
@click.option("--to", "target", metavar="PLACE", help="Where to; the shelf otherwise.")
def move(product: str, pieces: int, origin: str | None, target: str | None) -> None:
    """Carry pieces elsewhere: stock move sha 6 --from "store room"."""
    from frontdesk.services.stock import stock as service

    with open_desk() as desk:
        wish = service.MoveStock(
            product_id=product_named(desk, product).id, quantity=pieces, from_location_id=_place(desk, origin),
            to_location_id=_place(desk, target), **asked().once(),
        )  # fmt: skip
        done = service.move(desk, wish)
    _told(done)


@stock.command(cls=Reading)
@click.argument("product")
@click.option("--limit", type=click.IntRange(1, 10_000), default=40, show_default=True, help="So many at most.")
def history(product: str, limit: int) -> None:
    """What came and went of a product, with who and why."""
    from frontdesk.services.stock import stock as service

    with open_desk() as desk:
        wish = service.ShowMoves(product_id=product_named(desk, product, all_=True).id, limit=limit)
        found = service.moves(desk, wish)
    rows = [
        (
            str(one.day), KIND_WORDS[one.kind], f"{one.quantity:+d}" if one.quantity else "0", str(one.left), one.place,
            " ".join(filter(None, (one.sale and f"receipt {one.sale}", one.reason))), one.who,
        )
        for one in found.moves
    ]  # fmt: skip
    heads = ("Day", "What", "Pieces", "Left", "Where", "Why", "By")
    show(asked(), found, lambda: [table(heads, rows, right=("Pieces", "Left"))] if rows else ())
    if not rows:
        say(f"Nothing of {plain(found.name)} has moved yet.")


@stock.command(cls=Writing)
@click.argument("product")
@click.argument("low_at", metavar="LOW|none")
@click.argument("order_to", type=click.IntRange(0), required=False)
def level(product: str, low_at: str, order_to: int | None) -> None:
    """So many or fewer are too few, and so many there should be: stock level sha 2 6."""
    from frontdesk.services.stock.stock_places import SetLevel, set_level

    if low_at != "none" and not low_at.isdecimal():
        raise click.UsageError("How few are too few? Type a number, or none.")
    with open_desk() as desk:
        card = product_named(desk, product)
        low = None if low_at == "none" else int(low_at)
        wish = SetLevel(product_id=card.id, low_at=low, order_to=order_to, **asked().once())
        done = set_level(desk, wish)
    show(asked(), done, lambda: ())
    if done.low_at is None:
        say(f"Nobody is told any more when there is little of {plain(card.name)}.")
    else:
        say(f"{plain(card.name)}: {done.low_at} or fewer are too few, {done.order_to} there should be.")


@stock.command(cls=Writing)
@click.argument("name", nargs=-1)
def place(name: tuple[str, ...]) -> None:
    """Places beside the shelf; or a new one: stock place Store room."""
    from frontdesk.services.stock.stock_places import AddPlace, ListPlaces, add_place, list_places

    with open_desk() as desk:
        if name:
            add_place(desk, AddPlace(name=" ".join(name), **asked().once()))
        found = list_places(desk, ListPlaces())
    rows = [(one.name, str(one.pieces)) for one in found.places]
    show(asked(), found, lambda: [table(("Place", "Pieces"), rows, right=("Pieces",))] if rows else ())
    if not rows:
        say("Everything lies on the shelf. frontdesk stock place Store room makes another place.")


for command in (order, orders, wish, wishes, unwish):
    stock.add_command(command)


def _place(desk: Desk, words: str | None) -> int | None:
    """A place by its name or a beginning that only one has; none is the shelf. Raises NotFound."""
    from frontdesk.errors import NotFound
    from frontdesk.services.stock.stock_places import ListPlaces, list_places
    from frontdesk.text import folded

    if words is None or folded(words) in ("shelf", "the shelf"):
        return None
    places = list_places(desk, ListPlaces()).places
    exact = [one for one in places if folded(one.name) == folded(words)]
    likely = exact or [one for one in places if folded(words) and folded(one.name).startswith(folded(words))]
    if len(likely) != 1:
        raise NotFound(what="place", name=words, remedy=listed("There are", ["shelf", *(one.name for one in places)]))
    return likely[0].id


def _told(done: Done) -> None:
    rows = [(one.name, f"{one.quantity:+d}" if one.quantity else "0", str(one.now), one.place) for one in done.moves]
    heads = ("Product", "Pieces", "Now", "Where")
    show(asked(), done, lambda: [table(heads, rows, right=("Pieces", "Now"))])
    for one in done.waiting:
        say(f"{plain(one.words)}{f': {plain(one.phone)}' * bool(one.phone)}.")


def _levels(found: Levels) -> Table:
    rows = [
        (
            one.code, one.name, str(one.quantity),
            ", ".join(f"{each.quantity} {each.place}" for each in one.places) if len(one.places) > 1 else "",
            str(one.on_order or ""), "" if one.low_at is None else str(one.low_at), "low" if one.is_low else "",
        )
        for one in found.levels
    ]  # fmt: skip
    heads = ("Code", "Product", "Here", "Where", "Ordered", "Low at", "")
    return table(heads, rows, right=("Here", "Ordered", "Low at"))
