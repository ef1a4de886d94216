"""frontdesk setup: a business, its shop and its first admin, from an empty machine to a signed-in desk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from frontdesk.cli.ask import ask, ask_secret
from frontdesk.cli.asked import Bare, asked
from frontdesk.cli.desk import clock_of, open_database, waiting
from frontdesk.cli.mistyped import usage
from frontdesk.cli.output import facts, say, show
from frontdesk.cli.signing import keep_sign_in
from frontdesk.guesses import code_of, guesses, refuse_unknown
from frontdesk.keeping import kept

if TYPE_CHECKING:
    from rich.table import Table

    from frontdesk.db.database import Database
    from frontdesk.services.shop.setup import FoundBusiness

PRESETS = ("salon", "spa", "clinic", "retail", "reservations")


@click.command(cls=Bare)
@click.option(
    "--preset",
    type=click.Choice(PRESETS),
    default="salon",
    show_default=True,
    help="The trade: its words, and the menu, hours and taxes it starts with.",
)
@click.option("--empty", is_flag=True, help="Without the preset's menu, hours, taxes and lists.")
@click.option("--name", help="What the business is called.")
@click.option("--code", help="Its short name behind the @ of a sign-in: mo@vale.")
@click.option("--shop", "shop_name", help="What its first shop is called; the business's name if there is only one.")
@click.option("--address", default="", help="Printed on receipts.")
@click.option("--timezone", help="The zone of the shop's wall clock: Europe/London.")
@click.option("--currency", help="The money it takes: GBP.")
@click.option("--locale", help="How dates and money are written: en_GB.")
@click.option("--country", help="Where local telephone numbers belong: GB.")
@click.option("--login", help="The first admin's sign-in name.")
@click.option("--admin", help="What the book calls them.")
def setup(preset: str, empty: bool, **said: str | None) -> None:
    """Found a business in an empty database, with one shop and one admin.

    What no option says is asked; with nobody there to ask, zone, currency and country are this machine's. The admin's
    password is asked for, or taken from FRONTDESK_PASSWORD. You are signed in as the admin afterwards.
    """
    from frontdesk.services.shop.setup import found_business

    line = asked()
    request = _request(preset, said)
    _make_shared()
    with open_database() as database:
        with database.owner_sessions() as owner:
            founded = found_business(owner, request)
        login = f"{request.admin_login}@{request.code}"
        keep_sign_in(database.sessions, login, request.admin_password, quiet=True)
        made = SetUp(founded.business_id, founded.shop_id, founded.user_id)
        made = made if empty else _with_preset(database, request.preset, made)
    show(line, made, lambda: _drawn(request, made))
    if made.advice:
        say(made.advice)
    say('Next: frontdesk stylist add Anna --week "mon-sat 9-17", then frontdesk book.')


@dataclass(frozen=True)
class SetUp:
    """What was made."""

    business_id: int
    shop_id: int
    user_id: int
    services: int = 0
    """How many the preset put on the menu; taxes and stretches of opening hours likewise."""
    taxes: int = 0
    hours: int = 0
    advice: str = ""
    """What to look at before the first sale."""


def _with_preset(database: Database, preset: str, made: SetUp) -> SetUp:
    from frontdesk.services.people.sign_in import open_desk
    from frontdesk.services.presets import InstallPreset, install_preset

    line = asked()
    desk = open_desk(database.sessions, kept(line.settings.token_file), clock_of(line))
    put = install_preset(desk, InstallPreset(preset=preset, **line.once()))
    return replace(made, services=put.services, taxes=put.taxes, hours=put.hours, advice=put.advice)


def _drawn(request: FoundBusiness, made: SetUp) -> Iterator[Table]:
    menu = f"{made.services} services, {made.taxes} tax{'es' * (made.taxes != 1)}, opening hours of a {request.preset}"
    yield facts(
        [
            ("Business", f"{request.name} ({request.code})"),
            ("Shop", f"{request.shop} ({made.shop_id})"),
            ("Zone", request.timezone),
            ("Money", f"{request.currency}, written as in {request.locale}"),
            ("Menu", menu if made.services else ""),
            ("Signed in", f"{request.admin_name} ({request.admin_login}), admin"),
        ]
    )


def _request(preset: str, said: dict[str, str | None]) -> FoundBusiness:
    from frontdesk.clock import UnknownZone, zone
    from frontdesk.services.shop.setup import FoundBusiness
    from frontdesk.text import clean

    guess = guesses(os.environ)
    name = clean(said["name"] or ask("Name of the business", "--name"))
    shop = said["shop_name"] or ask("Name of the shop", "--shop", default=name)
    timezone = said["timezone"] or ask("Time zone", "--timezone", default=guess.timezone)
    with usage(UnknownZone):
        zone(timezone)
    guess = guess.for_zone(timezone)
    country = (said["country"] or ask("Country", "--country", default=guess.country)).upper()
    guess = replace(guess, country=country)
    currency = (said["currency"] or ask("Currency", "--currency", default=guess.currency)).upper()
    locale = (said["locale"] or ask("Locale", "--locale", default=guess.locale)).replace("-", "_")
    with usage():
        refuse_unknown(country, currency, locale)
    login = (said["login"] or ask("Your sign-in name", "--login")).strip().lower()
    admin = said["admin"] or ask("Your name in the book", "--admin", default=login.capitalize())
    return FoundBusiness(
        name=name,
        code=said["code"] or code_of(name),
        shop=shop,
        address=said["address"] or "",
        timezone=timezone,
        currency=currency,
        locale=locale,
        country=country,
        admin_login=login,
        admin_name=admin,
        admin_password=_password(login),
        preset=preset,
    )


def _password(login: str) -> str:
    from frontdesk.services.people.people import SHORTEST_PASSWORD

    password = ask_secret(f"Password of {login}", "the password", twice=True)
    if len(password) < SHORTEST_PASSWORD:
        raise click.UsageError(f"A password has at least {SHORTEST_PASSWORD} characters.")
    return password


def _make_shared() -> None:
    """On a shared server the database is made and migrated by hand or here; the private one makes itself."""
    from frontdesk.db.database import open_server

    settings = asked().settings
    if settings.database_url and settings.admin_url:
        with open_server(settings, waiting()) as server:
            server.migrate()
