"""frontdesk supplier: whom products are bought from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import listed
from frontdesk.cli.output import say, show, table, text

if TYPE_CHECKING:
    from frontdesk.desk import Desk


@click.group()
def supplier() -> None:
    """Whom products are bought from."""


@supplier.command("list", cls=Reading)
@click.option("--all", "all_", is_flag=True, help="With those nothing is bought from any more.")
def list_suppliers_(all_: bool) -> None:
    """Suppliers by name."""
    from frontdesk.services.stock.suppliers import ListSuppliers, list_suppliers

    with open_desk() as desk:
        found = list_suppliers(desk, ListSuppliers(all=all_))
    rows = [(one.name, str(one.products), one.phone, one.email, one.note) for one in found.suppliers]
    heads = ("Supplier", "Products", "Phone", "E-mail", "Note")
    show(asked(), found, lambda: [table(heads, rows, right=("Products",))] if rows else ())
    if not rows:
        say("There are no suppliers yet. frontdesk supplier add Wella makes one.")


@supplier.command("add", cls=Writing)
@click.argument("name", nargs=-1, required=True)
@click.option("--email", default="", help="Where orders go.")
@click.option("--phone", default="", help="Whom to call.")
@click.option("--note", default="", help="Our number there, when they deliver.")
def add_supplier_(name: tuple[str, ...], email: str, phone: str, note: str) -> None:
    """Somebody new to buy from: supplier add Wella --email orders@example.org."""
    from frontdesk.services.stock.suppliers import AddSupplier, add_supplier

    with open_desk() as desk:
        wish = AddSupplier(name=" ".join(name), email=email, phone=phone, note=note, **asked().once())
        card = add_supplier(desk, wish)
    show(asked(), card, lambda: [text(f"{card.name} is a supplier.")])


@supplier.command("edit", cls=Writing)
@click.argument("name")
@click.option("--name", "called", help="What it is called.")
@click.option("--email", help="Where orders go.")
@click.option("--phone", help="Whom to call.")
@click.option("--note", help="Our number there, when they deliver.")
@click.option("--used/--not-used", "is_active", default=None, help="Whether anything is still bought from them.")
def edit_supplier_(name: str, called: str | None, is_active: bool | None, **said: str | None) -> None:
    """Change a supplier; what is not said stays."""
    from frontdesk.services.stock.suppliers import EditSupplier, ListSuppliers, edit_supplier, list_suppliers

    with open_desk() as desk:
        number = supplier_named(desk, name)
        seen = next(one for one in list_suppliers(desk, ListSuppliers(all=True)).suppliers if one.id == number)
        wish = EditSupplier(
            supplier_id=number, name=called or seen.name, is_active=seen.is_active if is_active is None else is_active,
            email=seen.email if said["email"] is None else said["email"],
            phone=seen.phone if said["phone"] is None else said["phone"],
            note=seen.note if said["note"] is None else said["note"], **asked().once(),
        )  # fmt: skip
        card = edit_supplier(desk, wish)
    show(asked(), card, lambda: [text(f"{card.name} is changed.")])


def supplier_named(desk: Desk, words: str) -> int:
    """By name or a beginning that only one has. Raises NotFound."""
    from frontdesk.errors import NotFound
    from frontdesk.services.stock.suppliers import ListSuppliers, list_suppliers
    from frontdesk.text import folded

    known = list_suppliers(desk, ListSuppliers(all=True)).suppliers
    exact = [one for one in known if folded(one.name) == folded(words)]
    likely = exact or [one for one in known if folded(words) and folded(one.name).startswith(folded(words))]
    if len(likely) != 1:
        raise NotFound(what="supplier", name=words, remedy=listed("There are", [one.name for one in known]))
    return likely[0].id
