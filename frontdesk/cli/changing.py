"""frontdesk swap, change: visits that change places, and what is in them made otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.asked import Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.insisting import Insisted, insisting
from frontdesk.cli.names import customer_named, menu_of, money_said, service_named, stylist_named, visit_named
from frontdesk.cli.output import amount, show, table, text
from frontdesk.cli.when import moment_said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.book.changing import VisitChanged
    from frontdesk.services.book.swapping import Rearranged
    from frontdesk.services.book.visits import VisitLine, VisitSheet

_ONE_OF = (
    "Say one of: new terms (--service, --minutes, --price, --stylist), --until, --add, --drop, --hand-to, --whose."
)


@click.command(cls=Writing)
@click.argument("visit")
@click.argument("other")
@insisting
def swap(visit: str, other: str, insisted: Insisted) -> None:
    """Put two visits at each other's time, with each other's stylist; each keeps its length."""
    from frontdesk.services.book.swapping import SwapVisits
    from frontdesk.services.book.swapping import swap as swap_visits

    with open_desk() as desk:
        one, two = visit_named(desk, visit), visit_named(desk, other)
        wish = SwapVisits(
            appointment_id=one.id, other_id=two.id, version=None if asked().key else one.version,
            other_version=None if asked().key else two.version, **insisted.at(desk), **asked().once(),
        )  # fmt: skip
        done = swap_visits(desk, wish)
        show(asked(), done, lambda: rearranged_drawn(desk, done))


def rearranged_drawn(desk: Desk, done: Rearranged) -> Iterator[RenderableType]:
    """Each visit with where it was and where it is."""
    from frontdesk.services.wording import day_and_time

    zone = desk.shop.timezone
    for one in done.visits:
        before = "" if one.moved_from == one.starts_at else f", before {day_and_time(one.moved_from, zone)}"
        yield text(f"{one.code}  {one.customer}  {day_and_time(one.starts_at, zone)}{before}")


@click.command(cls=Writing)
@click.argument("visit")
@click.option("--only", metavar="SERVICE", default="", help="Which of the visit's services, where there are several.")
@click.option("--service", metavar="SERVICE", help="Another service instead.")
@click.option("--minutes", type=int, help="How long it takes, this once.")
@click.option("--price", metavar="AMOUNT", help="What it costs, this once.")
@click.option("--stylist", "-s", help="With somebody else; of a service that is added, with whom.")
@click.option("--until", metavar="WHEN", help="Stretched or shrunk to end then.")
@click.option("--add", metavar="SERVICE", help="One more service.")
@click.option("--drop", metavar="REASON", help="One service less; say why.")
@click.option("--hand-to", metavar="STYLIST", help="From --at on, or from now, the rest is somebody else's.")
@click.option("--at", metavar="WHEN", help="With --hand-to: from when.")
@click.option("--whose", metavar="CUSTOMER", help="The visit is another customer's.")
@insisting
def change(visit: str, only: str, insisted: Insisted, **typed: Any) -> None:  # noqa: ANN401  one option each
    """Change what is in a visit: change 7QK2X --service restyle --price 70. What follows makes room."""
    with open_desk() as desk:
        sheet = visit_named(desk, visit)
        done = _the_change(typed)(desk, sheet, only, insisted, typed)
        show(asked(), done, lambda: _drawn(desk, done))


Typed = dict[str, Any]
Change = Callable[["Desk", "VisitSheet", str, Insisted, Typed], "VisitChanged"]


def _the_change(typed: Typed) -> Change:
    ways: dict[tuple[str, ...], Change] = {
        ("service", "minutes", "price"): _terms, ("until",): _until, ("add",): _add, ("drop",): _drop,
        ("hand_to",): _hand_over, ("whose",): _reassign,
    }  # fmt: skip
    meant = [way for options, way in ways.items() if any(typed[option] is not None for option in options)]
    if not meant and typed["stylist"] is not None:
        return _terms
    if len(meant) != 1:
        raise click.UsageError(_ONE_OF)
    return meant[0]


def _line(sheet: VisitSheet, only: str) -> VisitLine:
    from frontdesk.rules.states import EXITS
    from frontdesk.text import folded

    live = [line for line in sheet.lines if line.status not in EXITS] or list(sheet.lines)
    likely = [line for line in live if folded(line.service).startswith(folded(only))]
    if len(likely) != 1:
        there = ", ".join(line.service for line in live)
        raise click.UsageError(f"Say which service with --only: {there}.")
    return likely[0]


def _common(desk: Desk, sheet: VisitSheet, only: str, insisted: Insisted) -> dict[str, Any]:
    version = None if asked().key else sheet.version
    return {"line_id": _line(sheet, only).id, "version": version, **insisted.at(desk), **asked().once()}


def _terms(desk: Desk, sheet: VisitSheet, only: str, insisted: Insisted, typed: Typed) -> VisitChanged:
    from frontdesk.services.book.changing import ChangeLine, change_line

    menu = menu_of(desk)
    wish = ChangeLine(
        service_id=service_named(menu, typed["service"]).id if typed["service"] else None,
        minutes=typed["minutes"],
        price=None if typed["price"] is None else money_said(typed["price"], desk.shop, "price"),
        stylist_id=stylist_named(menu, typed["stylist"]).id if typed["stylist"] else None,
        **_common(desk, sheet, only, insisted),
    )
    return change_line(desk, wish)


def _until(desk: Desk, sheet: VisitSheet, only: str, insisted: Insisted, typed: Typed) -> VisitChanged:
    from frontdesk.services.book.changing import Resize, resize

    ends_at = moment_said(desk, typed["until"], instead_of=_line(sheet, only).ends_at)
    return resize(desk, Resize(ends_at=ends_at, **_common(desk, sheet, only, insisted)))


def _add(desk: Desk, sheet: VisitSheet, only: str, insisted: Insisted, typed: Typed) -> VisitChanged:
    from frontdesk.services.book.adding import AddLine, add_line

    menu = menu_of(desk)
    wish = AddLine(
        appointment_id=sheet.id,
        service_id=service_named(menu, typed["add"]).id,
        stylist_id=stylist_named(menu, typed["stylist"]).id if typed["stylist"] else None,
        version=None if asked().key else sheet.version,
        **insisted.at(desk),
        **asked().once(),
    )
    return add_line(desk, wish)


def _drop(desk: Desk, sheet: VisitSheet, only: str, insisted: Insisted, typed: Typed) -> VisitChanged:
    from frontdesk.services.book.changing import DropLine, drop_line

    return drop_line(desk, DropLine(reason=typed["drop"], **_common(desk, sheet, only, insisted)))


def _hand_over(desk: Desk, sheet: VisitSheet, only: str, insisted: Insisted, typed: Typed) -> VisitChanged:
    from frontdesk.services.book.changing import HandOver, hand_over

    at = moment_said(desk, typed["at"], instead_of=_line(sheet, only).starts_at) if typed["at"] else None
    stylist_id = stylist_named(menu_of(desk), typed["hand_to"]).id
    return hand_over(desk, HandOver(stylist_id=stylist_id, at=at, **_common(desk, sheet, only, insisted)))


def _reassign(desk: Desk, sheet: VisitSheet, only: str, insisted: Insisted, typed: Typed) -> VisitChanged:
    from frontdesk.services.book.reassigning import Reassign, reassign

    wish = Reassign(
        appointment_id=sheet.id, customer_id=customer_named(desk, typed["whose"]),
        version=None if asked().key else sheet.version, **asked().once(),
    )  # fmt: skip
    return reassign(desk, wish)


def _drawn(desk: Desk, done: VisitChanged) -> Iterator[RenderableType]:
    from frontdesk.services.wording import clock_time, day_and_time, stretch

    zone = desk.shop.timezone
    names = {stylist.id: stylist.name for stylist in menu_of(desk).stylists}
    yield text(f"{done.code}  {done.customer}  {day_and_time(done.starts_at, zone)}–{clock_time(done.ends_at, zone)}")
    rows = [
        (
            stretch(line.starts_at, line.ends_at, zone),
            line.status.letter,
            line.service,
            names.get(line.stylist_id or 0, "nobody yet"),
            amount(line.price, desk.shop),
        )
        for line in done.lines
    ]
    yield table(("", "", "Service", "With", "Price"), rows, right=("Price",))
