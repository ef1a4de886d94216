"""Who may sign in, and the terminals where a PIN is enough (features AD1, AD2)."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.permissions import Deed, Role
from frontdesk.services.sign_in import Secret
from frontdesk.services.use_case import SECRET, Work, Write, use_case
from frontdesk.tables.people import Terminal, User
from frontdesk.text import clean

SHORTEST_PASSWORD = 10


@dataclass(frozen=True, kw_only=True)
class AddUser(Write):
    """Somebody who will sign in."""

    login: str
    name: str
    role: Role
    password: str | None = field(default=None, repr=False, metadata=SECRET)
    pin: str | None = field(default=None, repr=False, metadata=SECRET)
    stylist_id: int | None = None
    """The stylist they are, if they are one."""


@dataclass(frozen=True, kw_only=True)
class ChangeSecret(Write):
    """A new PIN or password: one's own, or for an admin anybody's."""

    user_id: int
    secret: str = field(repr=False, metadata=SECRET)


@dataclass(frozen=True, kw_only=True)
class DisableUser(Write):
    """Somebody who left."""

    user_id: int


@dataclass(frozen=True, kw_only=True)
class ListUsers:
    """Everybody who may sign in, or might once."""


@dataclass(frozen=True)
class Person:
    """Somebody who signs in."""

    id: int
    login: str
    name: str
    role: Role
    is_active: bool


@dataclass(frozen=True)
class People:
    """Everybody, in order of their names."""

    people: tuple[Person, ...]


@dataclass(frozen=True, kw_only=True)
class RegisterTerminal(Write):
    """A shop terminal where a PIN will be enough."""

    name: str


@dataclass(frozen=True, kw_only=True)
class DisableTerminal(Write):
    """A terminal that was lost or given away."""

    terminal_id: int


@dataclass(frozen=True, kw_only=True)
class ListTerminals:
    """The shop's terminals."""


@dataclass(frozen=True)
class TerminalCard:
    """A registered terminal."""

    id: int
    name: str
    shop: str
    is_active: bool


@dataclass(frozen=True)
class Terminals:
    """The business's terminals."""

    terminals: tuple[TerminalCard, ...]


@dataclass(frozen=True)
class Registered:
    """A fresh terminal and its secret, which is said this once and kept in a file of mode 0600."""

    id: int
    name: str
    secret: str = field(repr=False, metadata=SECRET)
    """Empty when a request is repeated: it was said."""


@use_case(Deed.EDIT_PEOPLE)
def add_user(work: Work, request: AddUser) -> Person:
    """Add somebody with a password, a PIN or both. Raises BadInput, LoginTaken."""
    login, name = clean(request.login).lower(), clean(request.name)
    if not re.fullmatch(r"[a-z0-9._-]{1,40}", login):
        raise BadInput("A sign-in name has letters, digits, dots and dashes only, like ria.", field="login")
    if not name:
        raise BadInput("They need a name for the book to call them by.", field="name")
    if request.password is None and request.pin is None:
        raise BadInput("Give them a password, a PIN, or both.", field="password")
    user = User(login=login, name=name, role=request.role)
    work.session.add(user)
    work.session.flush()
    if request.password is not None:
        _set(work, user.id, "password", request.password)
    if request.pin is not None:
        _set(work, user.id, "pin", request.pin)
    if request.stylist_id is not None:
        _tie(work, user.id, request.stylist_id)
    work.tell("person.added", user.id)
    return Person(user.id, login, name, request.role, True)


@use_case(Deed.SEE_BOOK)
def set_pin(work: Work, request: ChangeSecret) -> Person:
    """A new PIN of four to eight digits; other sign-ins of that person end. Raises BadInput, NotAllowed, NotFound."""
    return _change(work, request, "pin")


@use_case(Deed.SEE_BOOK)
def set_password(work: Work, request: ChangeSecret) -> Person:
    """A new password; other sign-ins of that person end. Raises BadInput, NotAllowed, NotFound."""
    return _change(work, request, "password")


@use_case(Deed.EDIT_PEOPLE)
def disable_user(work: Work, request: DisableUser) -> Person:
    """They can't sign in any more, from this moment; what they did stays theirs. Raises BadInput, NotFound."""
    if request.user_id == work.actor.user_id:
        raise BadInput("You can't disable yourself. Ask another admin.", field="user_id")
    user = _user(work, request.user_id)
    user.is_active = False
    work.session.flush()
    work.session.execute(text("SELECT end_sign_ins(:user)"), {"user": user.id})
    work.tell("person.disabled", user.id)
    return _person(user)


@use_case(Deed.SEE_BOOK)
def list_users(work: Work, request: ListUsers) -> People:
    """Everybody who signs in."""
    rows = work.session.execute(text("SELECT id, login, name, role, is_active FROM users ORDER BY name, id"))
    return People(tuple(Person(r.id, r.login, r.name, Role(r.role), r.is_active) for r in rows))


@use_case(Deed.EDIT_PEOPLE)
def register_terminal(work: Work, request: RegisterTerminal) -> Registered:
    """Register the terminal one sits at, in this shop. Raises BadInput, NameTaken."""
    name = clean(request.name)
    if not name:
        raise BadInput("The terminal needs a name, like front desk left.", field="name")
    secret = secrets.token_hex(32)
    digest = hashlib.sha256(secret.encode()).digest()
    terminal = Terminal(shop_id=work.shop.id, name=name, secret_hash=digest)
    work.session.add(terminal)
    work.session.flush()
    work.tell("terminal.registered", terminal.id)
    return Registered(terminal.id, name, secret)


@use_case(Deed.EDIT_PEOPLE)
def disable_terminal(work: Work, request: DisableTerminal) -> TerminalCard:
    """No PIN is enough there any more. Raises NotFound."""
    terminal = work.session.get(Terminal, request.terminal_id)
    if terminal is None:
        raise NotFound(what="terminal", name=request.terminal_id, remedy="Look at the list of terminals.")
    terminal.is_active = False
    work.session.flush()
    work.tell("terminal.disabled", terminal.id)
    return TerminalCard(terminal.id, terminal.name, work.shop.name, False)


@use_case(Deed.SEE_BOOK)
def list_terminals(work: Work, request: ListTerminals) -> Terminals:
    """The registered terminals."""
    rows = work.session.execute(
        text("SELECT t.id, t.name, s.name, t.is_active FROM terminals t JOIN shops s ON s.id = t.shop_id ORDER BY t.id")
    )
    return Terminals(tuple(TerminalCard(*row) for row in rows))


def _change(work: Work, request: ChangeSecret, method: str) -> Person:
    user = _user(work, request.user_id)
    if user.id != work.actor.user_id:
        work.require(Deed.EDIT_PEOPLE)
    _set(work, user.id, method, request.secret)
    return _person(user)


def _set(work: Work, user_id: int, method: str, chosen: str) -> None:
    if method == "pin" and not re.fullmatch(r"[0-9]{4,8}", chosen):
        raise BadInput("A PIN has four to eight digits.", field="pin")
    if method == "password" and len(chosen) < SHORTEST_PASSWORD:
        raise BadInput(f"A password has at least {SHORTEST_PASSWORD} characters.", field="password")
    secret = Secret.of(chosen)
    work.session.execute(
        text("SELECT set_secret(:user, :method, :scheme, :salt, :key)"),
        {"user": user_id, "method": method, **vars(secret)},
    )


def _tie(work: Work, user_id: int, stylist_id: int) -> None:
    tied = work.session.execute(
        text("UPDATE stylists SET user_id = :user WHERE id = :stylist RETURNING id"),
        {"user": user_id, "stylist": stylist_id},
    ).scalar()
    if tied is None:
        raise NotFound(what="stylist", name=stylist_id, remedy="Look at the list of stylists.")


def _user(work: Work, user_id: int) -> User:
    user = work.session.get(User, user_id)
    if user is None:
        raise NotFound(what="person", name=user_id, remedy="Look at the list of people.")
    return user


def _person(user: User) -> Person:
    return Person(user.id, user.login, user.name, Role(user.role), user.is_active)
