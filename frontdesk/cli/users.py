"""frontdesk user: who may sign in, and their passwords and PINs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.ask import ask_secret
from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import menu_of, stylist_named
from frontdesk.cli.output import facts, say, show, table

if TYPE_CHECKING:
    from rich.table import Table

    from frontdesk.desk import Desk
    from frontdesk.services.people.people import Person

ROLES = ("trainee", "receptionist", "stylist", "manager", "admin", "auditor")


@click.group()
def user() -> None:
    """The people who sign in. USER is their sign-in name."""


@user.command("list", cls=Reading)
def list_() -> None:
    """Everybody who may sign in, or might once."""
    from frontdesk.services.people.people import ListUsers, list_users

    with open_desk() as desk:
        found = list_users(desk, ListUsers())
    rows = [(p.login, p.name, p.role.value, "" if p.is_active else "disabled") for p in found.people]
    show(asked(), found, lambda: [table(("Sign-in", "Name", "Role", ""), rows)])


@user.command(cls=Writing)
@click.argument("login")
@click.option("--name", help="What the book calls them; the sign-in name otherwise.")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What they may do.")
@click.option("--password", "with_password", is_flag=True, help="Give them a password (the default).")
@click.option("--pin", "with_pin", is_flag=True, help="Give them a PIN, good at registered terminals.")
@click.option("--stylist", help="The stylist they are.")
def add(login: str, name: str | None, role: str, with_password: bool, with_pin: bool, stylist: str | None) -> None:
    """Let somebody sign in: user add ria --role receptionist --pin.

    Password and PIN are asked for, or taken from FRONTDESK_NEW_PASSWORD and FRONTDESK_NEW_PIN.
    """
    from frontdesk.permissions import Role
    from frontdesk.services.people.people import AddUser, add_user

    with open_desk() as desk:
        wish = AddUser(
            login=login,
            name=name or login.capitalize(),
            role=Role(role),
            password=_password(login) if with_password or not with_pin else None,
            pin=_pin(login) if with_pin else None,
            stylist_id=stylist_named(menu_of(desk), stylist).id if stylist else None,
            **asked().once(),
        )
        person = add_user(desk, wish)
    show(asked(), person, lambda: _drawn(person))


@user.command(cls=Writing)
@click.argument("user", metavar="USER")
@click.option("--name", help="What the book calls them.")
@click.option("--role", type=click.Choice(ROLES), help="What they may do. With another they sign in anew.")
@click.option("--stylist", help="The stylist they are.")
@click.option("--no-stylist", is_flag=True, help="They are no stylist, or no longer.")
def edit(user: str, name: str | None, role: str | None, stylist: str | None, no_stylist: bool) -> None:
    """Change somebody: user edit ria --role manager. What is not said stays, their sign-in name always."""
    from frontdesk.permissions import Role
    from frontdesk.services.people.people import EditUser, edit_user

    with open_desk() as desk:
        seen = _person(desk, user)
        wish = EditUser(
            user_id=seen.id,
            name=name or seen.name,
            role=Role(role) if role else seen.role,
            stylist_id=stylist_named(menu_of(desk), stylist).id if stylist else None,
            no_stylist=no_stylist,
            **asked().once(),
        )
        person = edit_user(desk, wish)
    show(asked(), person, lambda: _drawn(person))


@user.command(cls=Writing)
@click.argument("user", metavar="USER")
def enable(user: str) -> None:
    """They may sign in again, with the PIN and the password they had."""
    from frontdesk.services.people.people import EnableUser, enable_user

    with open_desk() as desk:
        person = enable_user(desk, EnableUser(user_id=_person(desk, user).id, **asked().once()))
    show(asked(), person, lambda: _drawn(person))


@user.command(cls=Writing)
@click.argument("user", metavar="USER")
def disable(user: str) -> None:
    """They can't sign in any more, from this moment. What they did stays theirs."""
    from frontdesk.services.people.people import DisableUser, disable_user

    with open_desk() as desk:
        person = disable_user(desk, DisableUser(user_id=_person(desk, user).id, **asked().once()))
    show(asked(), person, lambda: _drawn(person))


@user.command(cls=Writing)
@click.argument("user", metavar="[USER]", required=False)
def pin(user: str | None) -> None:
    """A new PIN, one's own or, for an admin, anybody's. It is asked for, or taken from FRONTDESK_NEW_PIN."""
    from frontdesk.services.people.people import ChangeSecret, set_pin

    with open_desk() as desk:
        person = _person(desk, user)
        wish = ChangeSecret(user_id=person.id, secret=_pin(person.login), **asked().once())
        changed = set_pin(desk, wish)
    show(asked(), changed, lambda: _drawn(changed))
    say("The PIN is changed. Their other sign-ins have ended.")


@user.command(cls=Writing)
@click.argument("user", metavar="[USER]", required=False)
def password(user: str | None) -> None:
    """A new password, one's own or, for an admin, anybody's. It is asked for, or taken from FRONTDESK_NEW_PASSWORD."""
    from frontdesk.services.people.people import ChangeSecret, set_password

    with open_desk() as desk:
        person = _person(desk, user)
        wish = ChangeSecret(user_id=person.id, secret=_password(person.login), **asked().once())
        changed = set_password(desk, wish)
    show(asked(), changed, lambda: _drawn(changed))
    say("The password is changed. Their other sign-ins have ended.")


def _password(login: str) -> str:
    return ask_secret(f"New password of {login}", "the password", variable="FRONTDESK_NEW_PASSWORD", twice=True)


def _pin(login: str) -> str:
    return ask_secret(f"New PIN of {login}", "the PIN", variable="FRONTDESK_NEW_PIN", twice=True)


def _person(desk: Desk, login: str | None) -> Person:
    """By sign-in name; whoever is signed in when none is given. Raises NotFound."""
    from frontdesk.errors import NotFound
    from frontdesk.services.people.people import ListUsers, list_users

    for person in list_users(desk, ListUsers()).people:
        if person.login == (login or "").strip().lower() or (login is None and person.id == desk.actor.user_id):
            return person
    raise NotFound(what="sign-in name", name=login, remedy="Look at them with frontdesk user list.")


def _drawn(person: Person) -> Iterator[Table]:
    state = "" if person.is_active else ", disabled"
    yield facts([("Sign-in", person.login), ("Name", person.name), ("Role", f"{person.role.value}{state}")])
