"""frontdesk customer: find, add, show, edit and archive the people who come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import customer_named, menu_of, stylist_named
from frontdesk.cli.output import facts, money, say, table, text
from frontdesk.cli.output import show as show_answer
from frontdesk.cli.requests import request_of
from frontdesk.cli.when import words_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.customers.customers import CustomerCard, CustomerProfile, PastVisit

Command = Callable[..., None]


@click.group()
def customer() -> None:
    """The people who come. WHO is a number, a name, or the end of a telephone number."""


def _fields(command: Command) -> Command:
    for option in (
        click.option("--notes", help="For staff."),
        click.option("--stylist", help="Whom they like best."),
        click.option("--gender", help="As they say it."),
        click.option("--born", "date_of_birth", type=_Date(), metavar="DATE", help="Date of birth: 1988-02-29."),
        click.option("--code", help="Their number on paper."),
        click.option("--email", help="Where letters reach them."),
        click.option("--phone", help="The telephone number, as one dials it here."),
        click.option("--last", "last_name", help="Family name."),
        click.option("--first", "first_name", help="Given name."),
    ):
        option(command)
    return command


class _Date(click.ParamType[dt.date]):
    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f'"{value}" is not a date. Write it like 1988-02-29.', param, ctx)


@customer.command(cls=Reading)
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True, help="So many at most.")
def find(words: tuple[str, ...], limit: int) -> None:
    """Customers by the beginnings of their names, the end of a telephone number, an e-mail or a code."""
    from frontdesk.clock import local
    from frontdesk.services.customers.customer_search import FindCustomers, find_customers

    with open_desk() as desk:
        found = find_customers(desk, FindCustomers(text=words_of(words), limit=limit))
    zone = desk.shop.timezone
    rows = [
        (str(one.id), one.name, one.phone or "", one.email or "",
         f"{local(one.last_seen, zone):%Y-%m-%d}" if one.last_seen else "new")
        for one in found.customers
    ]  # fmt: skip
    if found.forgiven:
        say(f'Nobody is called "{words_of(words)}". Found with "{found.forgiven}":')
    show_answer(asked(), found, lambda: [table(("No.", "Name", "Phone", "E-mail", "Seen"), rows)] if rows else ())
    if not rows:
        say(f'Nobody is called "{words_of(words)}". Add them: frontdesk customer add.')


@customer.command(cls=Writing)
@click.argument("name", nargs=-1)
@_fields
def add(name: tuple[str, ...], **typed: str) -> None:
    """Add somebody: add Jane Doe --phone "07700 900123". The last word is the family name; --first and --last say it
    exactly."""
    from frontdesk.services.customers.customers import AddCustomer, add_customer

    with open_desk() as desk:
        said = _said(desk, typed)
        if name:
            said = {"first_name": " ".join(name[:-1]) or name[0], "last_name": name[-1] if name[1:] else "", **said}
        card = add_customer(desk, request_of(AddCustomer, **said, **asked().once()))
    show_answer(asked(), card, lambda: _card(card))


@customer.command(cls=Reading)
@click.argument("who", nargs=-1, required=True)
def show(who: tuple[str, ...]) -> None:
    """Somebody on one page: contact, visits, what they spent."""
    from frontdesk.services.customers.customers import ShowCustomer, show_customer

    with open_desk() as desk:
        profile = show_customer(desk, ShowCustomer(customer_id=customer_named(desk, words_of(who))))
        show_answer(asked(), profile, lambda: _profile(desk, profile))


@customer.command(cls=Writing)
@click.argument("who", nargs=-1, required=True)
@_fields
@click.option("--seen", type=int, metavar="VERSION", help="Refuse if somebody changed them since this version.")
def edit(who: tuple[str, ...], seen: int | None, **typed: str) -> None:
    """Change what is said of somebody; what no option says stays. An empty text takes it away: --phone ""."""
    from frontdesk.services.customers.customers import EditCustomer, ShowCustomer, edit_customer, show_customer

    with open_desk() as desk:
        said = _said(desk, typed)
        if not said:
            raise click.UsageError("Say what is to change, like --phone or --notes.")
        card = show_customer(desk, ShowCustomer(customer_id=customer_named(desk, words_of(who)))).card
        version = card.version if seen is None else seen
        whole = {**asdict(card), "phone": card.phone or "", "email": card.email or "", "version": version, **said}
        changed = edit_customer(desk, request_of(EditCustomer, customer_id=card.id, **whole, **asked().once()))
    show_answer(asked(), changed, lambda: _card(changed))


@customer.command(cls=Writing)
@click.argument("who", nargs=-1, required=True)
def archive(who: tuple[str, ...]) -> None:
    """Take somebody out of the search. Visits and sales stay as they are; restore brings them back."""
    from frontdesk.services.customers.customers import ArchiveCustomer, archive_customer

    with open_desk() as desk:
        wish = ArchiveCustomer(customer_id=customer_named(desk, words_of(who)), **asked().once())
        card = archive_customer(desk, wish)
    show_answer(asked(), card, lambda: _card(card))


@customer.command(cls=Writing)
@click.argument("number", type=int)
def restore(number: int) -> None:
    """Let somebody who was archived be found again, by the number that archive said."""
    from frontdesk.services.customers.customers import RestoreCustomer, restore_customer

    with open_desk() as desk:
        card = restore_customer(desk, RestoreCustomer(customer_id=number, **asked().once()))
    show_answer(asked(), card, lambda: _card(card))


def _said(desk: Desk, typed: dict[str, str]) -> dict[str, object]:
    said: dict[str, object] = {name: value for name, value in typed.items() if value is not None and name != "stylist"}
    stylist = typed["stylist"]
    if stylist is not None:
        said["preferred_stylist_id"] = stylist_named(menu_of(desk), stylist).id if stylist else None
    return said


def _card(card: CustomerCard) -> Iterator[RenderableType]:
    yield facts(_known(card))


def _known(card: CustomerCard) -> list[tuple[str, str]]:
    return [
        ("Customer", f"{card.name} ({card.id}){'' if card.is_active else ', archived'}"),
        ("Phone", card.phone or ""),
        ("E-mail", card.email or ""),
        ("Code", card.code or ""),
        ("Born", str(card.date_of_birth or "")),
        ("Gender", card.gender),
        ("Notes", card.notes),
    ]


def _profile(desk: Desk, profile: CustomerProfile) -> Iterator[RenderableType]:
    coming, spent = profile.next_visit, money(profile.spent, desk.shop)
    visits = f"{profile.visits} visit{'s' * (profile.visits != 1)}"
    so_far = f"{visits}, {spent}, {profile.no_shows} missed, {profile.cancellations} cancelled"
    yield facts(
        [
            *_known(profile.card),
            ("Likes", profile.preferred_stylist or ""),
            ("Next", " ".join(_visit(desk, coming)) if coming else "no visit booked"),
            ("So far", so_far),
        ]
    )
    if profile.last_visits:
        yield text("")
        headings = ("Last visits", "Services", "With", "", "Visit")
        yield table(headings, [_visit(desk, one) for one in profile.last_visits])


def _visit(desk: Desk, one: PastVisit) -> tuple[str, ...]:
    from frontdesk.clock import local

    when = f"{local(one.starts_at, desk.shop.timezone):%a %d %b %Y %H:%M}"
    return (when, one.services, one.stylists, one.status.words, one.code)
