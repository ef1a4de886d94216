"""frontdesk stock wish, wishes, unwish: who waits for a product that is out of stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import customer_named, product_named
from frontdesk.cli.output import plain, say, show, table

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.services.stock.product_wishes import Wish

_OUTCOMES = ("given_up", "told", "bought")
_SAID = {"given_up": "want it no more", "told": "know that it is here", "bought": "have bought it"}


@click.command(cls=Writing)
@click.argument("who")
@click.argument("product")
@click.option("--note", default="", help="Two of them, in the large size.")
def wish(who: str, product: str, note: str) -> None:
    """Somebody wants a product when it is back: stock wish "jane doe" serum."""
    from frontdesk.services.stock.product_wishes import AddWish, add_wish

    with open_desk() as desk:
        customer_id, card = customer_named(desk, who), product_named(desk, product)
        wanted = AddWish(customer_id=customer_id, product_id=card.id, note=note, **asked().once())
        done = add_wish(desk, wanted)
    show(asked(), done, lambda: ())
    there = f" There are {done.on_shelf} on the shelf now." if done.is_back else ""
    say(f"{plain(done.customer)} waits for {plain(done.product)}.{there}")


@click.command(cls=Reading)
@click.argument("product", required=False)
@click.option("--of", "who", metavar="CUSTOMER", help="What one customer waits for.")
@click.option("--all", "all_", is_flag=True, help="With those that have ended.")
def wishes(product: str | None, who: str | None, all_: bool) -> None:
    """Who waits for what, and how many of it are on the shelf: stock wishes, stock wishes serum."""
    from frontdesk.services.stock.product_wishes import ListWishes, list_wishes

    with open_desk() as desk:
        product_id = product_named(desk, product, all_=True).id if product else None
        customer_id = customer_named(desk, who) if who else None
        found = list_wishes(desk, ListWishes(customer_id=customer_id, product_id=product_id, all=all_))
        rows = [_row(desk, one) for one in found.wishes]
    heads = ("No.", "Customer", "Phone", "Product", "Since", "Here", "Note", "")
    show(asked(), found, lambda: [table(heads, rows, right=("No.", "Here"))] if rows else ())
    if not rows:
        say('Nobody waits for anything. frontdesk stock wish "jane doe" serum writes it down.')


@click.command(cls=Writing)
@click.argument("who_or_number")
@click.argument("product", required=False)
@click.option("--because", "outcome", type=click.Choice(_OUTCOMES), default="given_up", show_default=True,
              help="They want it no more, know that it is here, or bought it.")  # fmt: skip
def unwish(who_or_number: str, product: str | None, outcome: Any) -> None:  # noqa: ANN401  one of the three
    """They wait no longer: stock unwish "jane doe" serum, or stock unwish 3 by its number in the list."""
    from frontdesk.services.stock.product_wishes import EndWish, end_wish

    with open_desk() as desk:
        number = _wish_named(desk, who_or_number, product)
        done = end_wish(desk, EndWish(wish_id=number, outcome=outcome, **asked().once()))
    show(asked(), done, lambda: ())
    say(f"{plain(done.customer)} waits for {plain(done.product)} no longer: they {_SAID[outcome]}.")


def _wish_named(desk: Desk, who: str, product: str | None) -> int:
    """A wish by its number, or by whose it is and what for. Raises NotFound."""
    from frontdesk.errors import NotFound
    from frontdesk.services.stock.product_wishes import ListWishes, list_wishes

    if product is None:
        if not who.isdecimal():
            raise click.UsageError("Say which product they wait for no longer, or the number of the wish.")
        return int(who)
    card = product_named(desk, product, all_=True)
    found = list_wishes(desk, ListWishes(customer_id=customer_named(desk, who), product_id=card.id)).wishes
    if not found:
        raise NotFound(what="open wish", name=f"{who}, {card.name}", remedy="frontdesk stock wishes lists who waits.")
    return found[0].id


def _row(desk: Desk, one: Wish) -> tuple[str, ...]:
    from frontdesk.clock import day_of

    since = str(day_of(one.since, desk.shop.timezone))
    ended = (one.outcome or "").replace("_", " ") if one.ended_at else "is back" * one.is_back
    return str(one.id), one.customer, one.phone, one.product, since, str(one.on_shelf), one.note, ended
