"""frontdesk login, logout, whoami: whose wishes the commands carry out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from frontdesk.cli.ask import ask, ask_secret
from frontdesk.cli.asked import Bare, Reading, asked
from frontdesk.cli.desk import clock_of, open_desk, open_sessions, token_of
from frontdesk.cli.output import facts, say, show
from frontdesk.keeping import forget, keep, kept

if TYPE_CHECKING:
    from rich.table import Table

    from frontdesk.desk import Desk
    from frontdesk.services.people.sign_in import Sessions


@dataclass(frozen=True)
class SignedIn:
    """Who the commands act as, and where."""

    user_id: int
    name: str
    role: str
    shop_id: int
    shop: str
    timezone: str
    currency: str

    @classmethod
    def at(cls, desk: Desk) -> SignedIn:
        """Of an open desk."""
        who, shop = desk.actor, desk.shop
        return cls(who.user_id, who.name, who.role.value, shop.id, shop.name, shop.timezone, shop.currency)


@dataclass(frozen=True)
class SignedOut:
    """What came of signing out."""

    was_signed_in: bool


@click.command(cls=Reading)
@click.argument("user", required=False)
@click.option("--pin", is_flag=True, help="With a PIN, at a registered terminal.")
def login(user: str | None, pin: bool) -> None:
    """Sign in for the commands that follow.

    USER is a sign-in name, or name@business where one server holds several businesses. The password is asked for, or
    taken from FRONTDESK_PASSWORD, a PIN from FRONTDESK_PIN.
    """
    name = user or ask("Name", "USER")
    secret = (
        ask_secret(f"PIN of {name}", "the PIN", variable="FRONTDESK_PIN")
        if pin
        else ask_secret(f"Password of {name}", "the password")
    )
    with open_sessions() as sessions:
        keep_sign_in(sessions, name, secret, pin=pin)


def keep_sign_in(sessions: Sessions, name: str, secret: str, *, pin: bool = False, quiet: bool = False) -> None:
    """Sign in, keep the token, and say who is signed in. Whoever was signed in here before is signed out."""
    from frontdesk.services.people import sign_in

    line = asked()
    before, terminal = kept(line.settings.token_file), kept(line.settings.terminal_file)
    method = "pin" if pin else "password"
    token = sign_in.sign_in(sessions, login=name, secret=secret, method=method, terminal_secret=terminal)
    keep(line.settings.token_file, token)
    if before:
        sign_in.sign_out(sessions, before)
    if not quiet:
        here = SignedIn.at(sign_in.open_desk(sessions, token, clock_of(line), shop_id=line.shop))
        show(line, here, lambda: _drawn(here))


@click.command(cls=Bare)
def logout() -> None:
    """Sign out. The token that was kept opens nothing afterwards."""
    from frontdesk.services.people import sign_in

    line = asked()
    token = token_of(line)
    if token:
        with open_sessions() as sessions:
            sign_in.sign_out(sessions, token)
        forget(line.settings.token_file)
    show(line, SignedOut(bool(token)), lambda: ())
    say("Signed out." if token else "Nobody was signed in here.")


@click.command(cls=Reading)
def whoami() -> None:
    """Who is signed in, and in which shop."""
    with open_desk() as desk:
        here = SignedIn.at(desk)
        show(asked(), here, lambda: _drawn(here))


def _drawn(here: SignedIn) -> Iterator[Table]:
    yield facts(
        [("Signed in", f"{here.name}, {here.role}"), ("Shop", f"{here.shop} ({here.shop_id})"),
         ("Zone", here.timezone), ("Currency", here.currency)]
    )  # fmt: skip
