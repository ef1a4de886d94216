"""frontdesk class: classes with their seats, who is in them and who waits for a seat (features BK22)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import customer_named, menu_of, service_named, stylist_named, visit_named
from frontdesk.cli.output import amount, say, show, table, text
from frontdesk.cli.when import day_said, moment_said, words_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.classes.class_wishes import Roster, SessionCard, SessionChanged


@click.group("class")
def class_() -> None:
    """Classes and their seats. CLASS is the number that list shows."""


@class_.command(cls=Writing)
@click.argument("service")
@click.argument("stylist")
@click.argument("when", nargs=-1, required=True)
@click.option("--every", default=1, metavar="N", help="Every so many weeks, days or months.")
@click.option(
    "--unit",
    type=click.Choice(["day", "week", "month"]),
    default="week",
    show_default=True,
    help="What --every counts.",
)
@click.option("--times", default=1, metavar="N", help="How many times in all; once otherwise.")
@click.option("--skip", type=int, multiple=True, metavar="N", help="Leave the Nth time out.")
@click.option("--seats", type=int, metavar="N", help="As many as usual otherwise.")
@click.option("--room", type=int, metavar="NUMBER", help="In this room; one that is free otherwise.")
@click.option("--outside-hours", is_flag=True, help="Although who leads it does not work then.")
def plan(
    service: str, stylist: str, when: tuple[str, ...], every: int, unit: str, times: int, skip: tuple[int, ...],
    seats: int | None, room: int | None, outside_hours: bool,
) -> None:  # fmt: skip
    """Put a class into the book: plan yoga anna thu 14:00 --times 8."""
    from frontdesk.services.classes.class_wishes import PlanSession
    from frontdesk.services.classes.classes import plan_session

    with open_desk() as desk:
        menu = menu_of(desk)
        wish = PlanSession(
            service_id=service_named(menu, service).id, stylist_id=stylist_named(menu, stylist).id,
            first=moment_said(desk, words_of(when)), every=every, unit=unit, count=times, skip=skip, seats=seats,
            room_id=room, outside_hours=outside_hours, **asked().once(),
        )  # fmt: skip
        planned = plan_session(desk, wish)
        show(asked(), planned, lambda: _drawn_list(desk, planned.sessions))


@class_.command("list", cls=Reading)
@click.argument("day", required=False)
@click.option("--days", default=1, metavar="N", help="So many days from then.")
@click.option("--cancelled", is_flag=True, help="With those that do not take place.")
def list_(day: str | None, days: int, cancelled: bool) -> None:
    """The classes of a day, with how many seats are taken."""
    from frontdesk.services.classes.class_wishes import ListSessions
    from frontdesk.services.classes.classes import list_sessions

    with open_desk() as desk:
        found = list_sessions(desk, ListSessions(first_day=day_said(desk, day), days=days, cancelled=cancelled))
        show(asked(), found, lambda: _drawn_list(desk, found.sessions))
        if not found.sessions:
            say("No class then. frontdesk class plan yoga anna thu 14:00 plans one.")


@class_.command(cls=Reading)
@click.argument("number", metavar="CLASS", type=int)
def roster(number: int) -> None:
    """Who is in a class, seat by seat, and who waits."""
    from frontdesk.services.classes.class_wishes import ShowRoster
    from frontdesk.services.classes.classes import roster as show_roster

    with open_desk() as desk:
        sheet = show_roster(desk, ShowRoster(session_id=number))
        show(asked(), sheet, lambda: _drawn(desk, sheet))


@class_.command(cls=Writing)
@click.argument("number", metavar="CLASS", type=int)
@click.argument("who", required=False)
@click.option("--guest", is_flag=True, help="WHO is only a name, without a card.")
@click.option("--entry", type=int, metavar="N", help="Somebody on the class's waitlist, by their number there.")
@click.option("--ahead", is_flag=True, help="Ahead of those who wait.")
@click.option("--notes", default="", help="For who leads it.")
def join(number: int, who: str | None, guest: bool, entry: int | None, ahead: bool, notes: str) -> None:
    """Give somebody a seat, or a place on the waitlist when there is none: join 3 "jane doe"."""
    from frontdesk.services.classes.class_wishes import JoinClass
    from frontdesk.services.classes.classes import join as join_class

    if (who is None) == (entry is None):
        raise click.UsageError("Say who: a customer, a name with --guest, or --entry of the waitlist.")
    with open_desk() as desk:
        wish = JoinClass(
            session_id=number, customer_id=customer_named(desk, who) if who and not guest else None,
            guest_name=who or "" if guest else "", entry_id=entry, ahead=ahead, notes=notes, **asked().once(),
        )  # fmt: skip
        joined = join_class(desk, wish)
        where = f"seat {joined.seat}, visit {joined.code}" if joined.seat else f"waits at place {joined.place}"
        show(asked(), joined, lambda: [text(f"{joined.customer}  {joined.service}  {where}")])


@class_.command(cls=Writing)
@click.argument("visit")
@click.option("--reason", "-r", required=True, help="Why.")
def leave(visit: str, reason: str) -> None:
    """Somebody gives their seat up; says who could have it. VISIT is its code."""
    from frontdesk.services.classes.class_wishes import LeaveClass
    from frontdesk.services.classes.classes import leave as leave_class

    with open_desk() as desk:
        wish = LeaveClass(appointment_id=visit_named(desk, visit).id, reason=reason, **asked().once())
        left = leave_class(desk, wish)
        show(asked(), left, lambda: [text(f"{left.customer}  {left.said}")])
        if left.next_waiting is not None:
            entry = left.next_waiting.entry_id
            say(f"{left.next_waiting.customer} waits: frontdesk class join {left.session_id} --entry {entry}")


@class_.command(cls=Writing)
@click.argument("number", metavar="CLASS", type=int)
@click.argument("when", nargs=-1)
@click.option("--stylist", "-s", help="Led by somebody else.")
@click.option("--room", type=int, metavar="NUMBER", help="In another room.")
@click.option("--seats", type=int, metavar="N", help="With so many seats.")
def move(number: int, when: tuple[str, ...], stylist: str | None, room: int | None, seats: int | None) -> None:
    """Another time, somebody else, another room or other seats, with everybody in it: move 3 thu 16:00."""
    from frontdesk.services.classes.class_wishes import ChangeSession, ShowRoster
    from frontdesk.services.classes.classes import change_session
    from frontdesk.services.classes.classes import roster as show_roster

    with open_desk() as desk:
        card = show_roster(desk, ShowRoster(session_id=number)).session
        wish = ChangeSession(
            session_id=number,
            starts_at=moment_said(desk, words_of(when), instead_of=card.starts_at) if when else None,
            stylist_id=stylist_named(menu_of(desk), stylist).id if stylist else None,
            room_id=room,
            seats=seats,
            **asked().once(),
        )
        _told(desk, change_session(desk, wish))


@class_.command(cls=Writing)
@click.argument("number", metavar="CLASS", type=int)
@click.option("--reason", "-r", required=True, help="Why.")
def cancel(number: int, reason: str) -> None:
    """A class does not take place: every seat is cancelled without a fee; says whom to call."""
    from frontdesk.services.classes.class_wishes import CancelSession
    from frontdesk.services.classes.classes import cancel_session

    with open_desk() as desk:
        _told(desk, cancel_session(desk, CancelSession(session_id=number, reason=reason, **asked().once())))


def _told(desk: Desk, changed: SessionChanged) -> None:
    show(asked(), changed, lambda: _drawn_list(desk, (changed.session,)))
    for one in changed.to_call:
        say(f"Call {one.customer}  {one.phone or 'no telephone'}")


def _drawn_list(desk: Desk, sessions: tuple[SessionCard, ...]) -> Iterator[RenderableType]:
    from frontdesk.services.wording import clock_time, day_and_time

    zone = desk.shop.timezone
    rows = [
        (
            str(one.id),
            f"{day_and_time(one.starts_at, zone)}–{clock_time(one.ends_at, zone)}",
            one.service,
            one.stylist,
            one.room or "",
            f"{one.taken}/{one.seats}",
            str(one.waiting or ""),
            amount(one.price, desk.shop),
            "cancelled" * one.is_cancelled,
        )
        for one in sessions
    ]
    heads = ("Class", "When", "", "With", "Room", "Seats", "Wait", "Price", "")
    yield table(heads, rows, right=("Class", "Seats", "Wait", "Price"))


def _drawn(desk: Desk, sheet: Roster) -> Iterator[RenderableType]:
    yield from _drawn_list(desk, (sheet.session,))
    yield text("")
    rows = [
        (
            str(seat.number),
            (seat.status.letter if seat.status else "") + "$" * seat.paid,
            seat.customer or "free",
            seat.phone or "",
            seat.code,
        )
        for seat in sheet.seats
    ]
    rows += [(str(one.entry_id), "w", one.customer, one.phone or "", "waits") for one in sheet.waiting]
    yield table(("", "", "Who", "Telephone", "Visit"), rows)
