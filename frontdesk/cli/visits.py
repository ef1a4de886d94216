"""frontdesk show, move, confirm, arrive, start, finish, put-back: one visit, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.booked import drawn_booking
from frontdesk.cli.desk import open_desk
from frontdesk.cli.insisting import Insisted, insisting
from frontdesk.cli.names import menu_of, stylist_named, visit_named
from frontdesk.cli.output import amount, facts, money, say, table, text
from frontdesk.cli.output import show as show_answer
from frontdesk.cli.when import moment_said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.book.visits import Stepped, StepVisit, VisitLine, VisitSheet

Step = Callable[["Desk", "StepVisit"], "Stepped"]


@click.command(cls=Reading)
@click.argument("visit")
def show(visit: str) -> None:
    """One visit with its lines and its story. VISIT is its code, like 7QK2X, or its number."""
    with open_desk() as desk:
        sheet = visit_named(desk, visit)
        show_answer(asked(), sheet, lambda: _drawn(desk, sheet))


@click.command(cls=Writing)
@click.argument("visit")
@click.argument("when", nargs=-1, required=True)
@click.option("--stylist", "-s", help="With somebody else; the last word of WHEN may say so too.")
@insisting
def move(visit: str, when: tuple[str, ...], stylist: str | None, insisted: Insisted) -> None:
    """Put a visit at another time, or with somebody else: move 7QK2X thu 2pm anna.

    A time alone keeps the day, a day alone keeps the time, a stylist alone keeps both.
    """
    from frontdesk.services.book.booking import MoveAppointment
    from frontdesk.services.book.booking import move as move_visit

    with open_desk() as desk:
        sheet = visit_named(desk, visit)
        words, stylist_id = _told_apart(desk, when, stylist)
        starts_at = moment_said(desk, words, instead_of=sheet.starts_at) if words else sheet.starts_at
        wish = MoveAppointment(
            appointment_id=sheet.id, starts_at=starts_at, stylist_id=stylist_id, version=_version(sheet),
            **insisted.at(desk), **asked().once(),
        )  # fmt: skip
        booked = move_visit(desk, wish)
        show_answer(asked(), booked, lambda: drawn_booking(desk, booked))


def _version(sheet: VisitSheet) -> int | None:
    """The version just read; none under a given key, where a repetition would otherwise be another wish."""
    return None if asked().key else sheet.version


def _told_apart(desk: Desk, when: tuple[str, ...], stylist: str | None) -> tuple[str, int | None]:
    """WHEN and the stylist's name behind it, if the last word is one."""
    from frontdesk.errors import NotFound

    menu = menu_of(desk)
    if stylist:
        return " ".join(when), stylist_named(menu, stylist).id
    try:
        last = stylist_named(menu, when[-1]) if when[-1].isalpha() else None
    except NotFound:
        last = None
    return (" ".join(when[:-1]), last.id) if last else (" ".join(when), None)


@click.command(cls=Writing)
@click.argument("visit")
def confirm(visit: str) -> None:
    """They said they will come."""
    from frontdesk.services.book import visits

    _step(visit, visits.confirm)


@click.command(cls=Writing)
@click.argument("visit")
def arrive(visit: str) -> None:
    """They are here."""
    from frontdesk.services.book import visits

    _step(visit, visits.arrive)


@click.command(cls=Writing)
@click.argument("visit")
def start(visit: str) -> None:
    """The service begins; again, it is left to process; again, they are back in the chair."""
    from frontdesk.services.book import visits

    _step(visit, visits.go_on)


@click.command(cls=Writing)
@click.argument("visit")
def finish(visit: str) -> None:
    """The service is done."""
    from frontdesk.services.book import visits

    _step(visit, visits.finish)


@click.command("put-back", cls=Writing)
@click.argument("visit")
@click.option("--reason", default="", help="Why; it is kept.")
def put_back(visit: str, reason: str) -> None:
    """Undo a visit's last step: a check-in too many, a no-show who came after all. It needs a reason."""
    from frontdesk.services.book import visits

    with open_desk() as desk:
        wish = visits.LeaveVisit(appointment_id=visit_named(desk, visit).id, reason=reason, **asked().once())
        told(visits.put_back(desk, wish))


def _step(visit: str, take: Step) -> None:
    from frontdesk.services.book.visits import StepVisit

    with open_desk() as desk:
        told(take(desk, StepVisit(appointment_id=visit_named(desk, visit).id, **asked().once())))


def told(stepped: Stepped) -> None:
    """Where a visit stands after a step, and what was said of it."""
    was = "" if stepped.was == stepped.status else f" (was {stepped.was.words})"
    more = f"  {stepped.said}" if stepped.said not in ("", stepped.status.words) else ""
    words = f"{stepped.code}  {stepped.customer}  {stepped.status.words}{was}{more}"
    show_answer(asked(), stepped, lambda: [text(words)])
    if stepped.protected:
        say(f"{len(stepped.protected)} overbooked line{'s' * (len(stepped.protected) > 1)} got the freed time.")


def _deposit(desk: Desk, sheet: VisitSheet) -> str:
    """`£36.00 of £36.00`; empty where none is asked for and none was left."""
    if not (sheet.deposit_asked or sheet.deposit_paid):
        return ""
    awaited = ", the bank transfer has not arrived" if sheet.deposit_waits else ""
    asked = f" of {money(sheet.deposit_asked, desk.shop)}" if sheet.deposit_asked else ""
    return f"{money(sheet.deposit_paid, desk.shop)}{asked}{awaited}"


def _drawn(desk: Desk, sheet: VisitSheet) -> Iterator[RenderableType]:
    from frontdesk.services.wording import clock_time, day_and_time, stretch

    zone = desk.shop.timezone
    when = f"{day_and_time(sheet.starts_at, zone)}–{clock_time(sheet.ends_at, zone)}"
    who = f"{sheet.customer}  {sheet.phone or ''}".rstrip()
    visit = f"{sheet.code}  {sheet.status.words}"
    yield facts(
        [
            ("Visit", visit),
            ("Customer", who),
            ("When", when),
            ("Arrived", sheet.arrived),
            ("Notes", sheet.notes),
            ("Deposit", _deposit(desk, sheet)),
        ]
    )
    yield text("")
    rows = [
        (
            stretch(one.starts_at, one.ends_at, zone),
            one.status.letter + "$" * one.paid + "!" * bool(one.overbook_reason),
            one.service,
            one.stylist or "nobody yet",
            amount(one.price, desk.shop),
            _took(one),
            one.overbook_reason or "",
        )
        for one in sheet.lines
    ]
    yield table(("", "", "Service", "With", "Price", "Minutes", ""), rows, right=("Price",))
    yield text("")
    yield table(
        ("When", "Who", "What", ""),
        [(day_and_time(one.at, zone), one.who, one.what, one.reason or "") for one in sheet.steps],
    )


def _took(line: VisitLine) -> str:
    """Minutes it took of those planned, part by part: `38/30 + 40/45`; only those planned before it begins."""
    parts = [str(one.planned) if one.actual is None else f"{one.actual}/{one.planned}" for one in line.served]
    return " + ".join(parts)
