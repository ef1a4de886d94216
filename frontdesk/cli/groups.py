"""frontdesk group: visits that belong together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.changing import rearranged_drawn
from frontdesk.cli.desk import open_desk
from frontdesk.cli.insisting import Insisted, insisting
from frontdesk.cli.names import customer_named, visit_named
from frontdesk.cli.output import amount, table, text
from frontdesk.cli.output import show as show_answer
from frontdesk.cli.when import moment_said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.book.groups import GroupSheet


@click.group()
def group() -> None:
    """Visits that belong together: a couple, a bride's party. VISIT is a visit's code, like 7QK2X, or its number."""


@group.command(cls=Writing)
@click.argument("visits", nargs=-1, required=True, metavar="VISIT VISIT…")
@click.option("--organiser", metavar="CUSTOMER", help="Who speaks and pays for all; else the first visit's customer.")
@click.option("--name", default="", help="What the party is called.")
def make(visits: tuple[str, ...], organiser: str | None, name: str) -> None:
    """Link visits that are in the book."""
    from frontdesk.services.book.groups import MakeGroup, make_group

    with open_desk() as desk:
        wish = MakeGroup(
            appointment_ids=tuple(visit_named(desk, each).id for each in visits),
            organiser_id=customer_named(desk, organiser) if organiser else None, name=name, **asked().once(),
        )  # fmt: skip
        _told(desk, make_group(desk, wish))


@group.command(cls=Reading)
@click.argument("visit")
def show(visit: str) -> None:
    """Everybody of a visit's party, and what is to be paid."""
    with open_desk() as desk:
        _told(desk, _group_of(desk, visit))


@group.command(cls=Writing)
@click.argument("visit")
def arrive(visit: str) -> None:
    """Check everybody in who has not come yet."""
    from frontdesk.services.book.groups import ArriveGroup, arrive_group

    with open_desk() as desk:
        _told(desk, arrive_group(desk, ArriveGroup(group_id=_group_of(desk, visit).id, **asked().once())))


@group.command(cls=Writing)
@click.argument("visit")
@click.argument("when", nargs=-1, required=True)
@insisting
def move(visit: str, when: tuple[str, ...], insisted: Insisted) -> None:
    """Move all of a visit's party; WHEN is for the first of them."""
    from frontdesk.services.book.groups import MoveGroup, move_group

    with open_desk() as desk:
        party = _group_of(desk, visit)
        first = min(one.starts_at for one in party.visits)
        starts_at = moment_said(desk, " ".join(when), instead_of=first)
        wish = MoveGroup(group_id=party.id, starts_at=starts_at, **insisted.at(desk), **asked().once())
        done = move_group(desk, wish)
        show_answer(asked(), done, lambda: rearranged_drawn(desk, done))


@group.command(cls=Writing)
@click.argument("visits", nargs=-1, required=True, metavar="VISIT…")
def leave(visits: tuple[str, ...]) -> None:
    """Take visits out of their party."""
    from frontdesk.services.book.groups import Ungroup, ungroup

    with open_desk() as desk:
        ids = tuple(visit_named(desk, each).id for each in visits)
        done = ungroup(desk, Ungroup(appointment_ids=ids, **asked().once()))
        show_answer(asked(), done, lambda: rearranged_drawn(desk, done))


def _group_of(desk: Desk, visit: str) -> GroupSheet:
    from frontdesk.services.book.groups import ShowGroup, show_group

    return show_group(desk, ShowGroup(appointment_id=visit_named(desk, visit).id))


def _told(desk: Desk, party: GroupSheet) -> None:
    show_answer(asked(), party, lambda: _drawn(desk, party))


def _drawn(desk: Desk, party: GroupSheet) -> Iterator[RenderableType]:
    from frontdesk.services.wording import day_and_time

    yield text(f"{party.name}  {f'({party.organiser} pays)' if party.organiser else ''}".rstrip())
    rows = [
        (
            one.code,
            day_and_time(one.starts_at, desk.shop.timezone),
            one.status.letter + "$" * one.paid,
            one.customer,
            "+".join(one.services),
            ", ".join(one.stylists),
            amount(one.price, desk.shop),
        )
        for one in party.visits
    ]
    yield table(("", "When", "", "Who", "What", "With", "Price"), rows, right=("Price",))
