"""frontdesk stock order and orders: what should be bought, and what is on its way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import pieces_named
from frontdesk.cli.output import amount, money, say, show, table, text
from frontdesk.cli.suppliers import supplier_named

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Shop
    from frontdesk.services.stock.ordering import Order, ProposedOrders


@click.command(cls=Writing)
@click.argument("supplier", required=False)
@click.argument("what", metavar="[PRODUCT PIECES]...", nargs=-1)
@click.option("--note", default="", help="What is said with it.")
def order(supplier: str | None, what: tuple[str, ...], note: str) -> None:
    """What should be ordered; order it: stock order wella; or other things: stock order wella sha 12."""
    from frontdesk.services.stock import ordering

    with open_desk() as desk:
        if supplier is None:
            found = ordering.propose(desk, ordering.ProposeOrders())
            show(asked(), found, lambda: _proposed(found, desk.shop))
            if not found.orders:
                say("There is enough of everything.")
            return
        from_whom = supplier_named(desk, supplier)
        if what:
            lines = tuple(
                ordering.OrderLine(product_id=one.product.id, quantity=one.many, cost=one.product.cost)
                for one in pieces_named(desk, what)
            )
        else:
            proposed = ordering.propose(desk, ordering.ProposeOrders(supplier_id=from_whom)).orders
            lines = tuple(
                ordering.OrderLine(product_id=one.product_id, quantity=one.quantity, cost=one.cost)
                for each in proposed
                for one in each.lines
            )
        done = ordering.place(
            desk, ordering.PlaceOrder(supplier_id=from_whom, lines=lines, note=note, **asked().once())
        )
        show(asked(), done, lambda: _orders([done], desk.shop))


@click.command(cls=Writing)
@click.option("--all", "all_", is_flag=True, help="With what has come or is closed.")
@click.option("--close", "close_id", type=int, metavar="NUMBER", help="Wait for nothing more of it.")
def orders(all_: bool, close_id: int | None) -> None:
    """What is ordered and has not come."""
    from frontdesk.services.stock import ordering

    with open_desk() as desk:
        if close_id is not None:
            ordering.close(desk, ordering.CloseOrder(order_id=close_id, **asked().once()))
        found = ordering.list_orders(desk, ordering.ListOrders(all=all_))
        show(asked(), found, lambda: _orders(found.orders, desk.shop))
    if not found.orders:
        say("Nothing is on its way.")


def _proposed(found: ProposedOrders, shop: Shop) -> Iterator[RenderableType]:
    for each in found.orders:
        yield text(f"{each.supplier or 'No supplier'}, {amount(each.total, shop)}")
        rows = [(one.code, one.name, str(one.here), str(one.quantity), amount(one.cost, shop)) for one in each.lines]
        yield table(("Code", "Product", "Here", "To order", "Cost"), rows, right=("Here", "To order", "Cost"))


def _orders(found: Sequence[Order], shop: Shop) -> Iterator[RenderableType]:
    for each in found:
        state = "" if each.closed_at is None else ", closed"
        yield text(f"Order {each.id}, {each.supplier}, {each.ordered_at:%Y-%m-%d}, {money(each.total, shop)}{state}")
        rows = [
            (one.code, one.name, str(one.quantity), str(one.received), amount(one.cost, shop)) for one in each.lines
        ]
        yield table(("Code", "Product", "Ordered", "Came", "Cost"), rows, right=("Ordered", "Came", "Cost"))
