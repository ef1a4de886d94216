"""Who may sign in, and the terminals where a PIN is enough (features AD1, AD2)."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field

from sqlalchemy import text

from frontdesk.errors import BadInput, LastAdmin, NotFound, NotSignedIn
from frontdesk.permissions import Deed, Role
from frontdesk.services.people.people_cards import Person as Person
from frontdesk.services.people.people_cards import TerminalCard as TerminalCard
from frontdesk.services.people.people_cards import people_of, person_of, terminals_of
from frontdesk.services.people.sign_in import Secret
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
class EnableUser(Write):
    """Somebody who is back."""

    user_id: int


@dataclass(frozen=True, kw_only=True)
class EditUser(Write):
    """Another name or role. What they sign in with stays."""

    user_id: int
    name: str
    role: Role
    stylist_id: int | None = None
    """The stylist they are; as it was, when it is not given."""
    no_stylist: bool = False
    """They are none, or no longer."""


@dataclass(frozen=True, kw_only=True)
class ListUsers:
    """Everybody who may sign in, or might once."""


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
class RenameTerminal(Write):
    """A terminal that is called something else."""

    terminal_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class ListTerminals:
    """The shop's terminals."""


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
    return person_of(work, user.id)


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
    """They can't sign in any more, from this moment; what they did stays theirs.

    Raises BadInput for oneself, LastAdmin, NotFound.
    """
    if request.user_id == work.actor.user_id:
        raise BadInput("You can't disable yourself. Ask another admin.", field="user_id")
    _refuse_last_admin(work, request.user_id)
    user = _user(work, request.user_id)
    user.is_active = False
    work.session.flush()
    work.session.execute(text("SELECT end_sign_ins(:user)"), {"user": user.id})
    work.tell("person.disabled", user.id)
    return person_of(work, user.id)


@use_case(Deed.EDIT_PEOPLE)
def enable_user(work: Work, request: EnableUser) -> Person:
    """Let somebody in again, with the PIN and password they had. Raises NotFound."""
    user = _user(work, request.user_id)
    user.is_active = True
    work.session.flush()
    work.tell("person.enabled", user.id)
    return person_of(work, user.id)


@use_case(Deed.EDIT_PEOPLE)
def edit_user(work: Work, request: EditUser) -> Person:
    """Another name, role or stylist; with another role they sign in anew. Raises BadInput, LastAdmin, NotFound."""
    name = clean(request.name)
    if not name:
        raise BadInput("They need a name for the book to call them by.", field="name")
    if request.role is not Role.ADMIN:
        _refuse_last_admin(work, request.user_id)
    user = _user(work, request.user_id)
    has_another_role = user.role != request.role
    if has_another_role and user.id == work.actor.user_id:
        raise BadInput("You can't change your own role. Ask another admin.", field="role")
    user.name, user.role = name, request.role
    work.session.flush()
    if request.no_stylist or request.stylist_id is not None:
        _untie(work, user.id, request.stylist_id)
    if request.stylist_id is not None and not request.no_stylist:
        _tie(work, user.id, request.stylist_id)
    if has_another_role:
        work.session.execute(text("SELECT end_sign_ins(:user)"), {"user": user.id})
    work.tell("person.changed", user.id)
    return person_of(work, user.id)


@use_case(Deed.SEE_BOOK)
def list_users(work: Work, request: ListUsers) -> People:
    """Everybody who signs in."""
    return People(tuple(people_of(work)))


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
def rename_terminal(work: Work, request: RenameTerminal) -> TerminalCard:
    """Call a terminal something else. Raises BadInput, NameTaken, NotFound."""
    name = clean(request.name)
    if not name:
        raise BadInput("The terminal needs a name, like front desk left.", field="name")
    terminal = _terminal(work, request.terminal_id)
    terminal.name = name
    work.session.flush()
    work.tell("terminal.renamed", terminal.id)
    return next(card for card in terminals_of(work) if card.id == terminal.id)


@use_case(Deed.EDIT_PEOPLE)
def disable_terminal(work: Work, request: DisableTerminal) -> TerminalCard:
    """No PIN is enough there any more. Raises NotFound."""
    terminal = _terminal(work, request.terminal_id)
    terminal.is_active = False
    work.session.flush()
    work.tell("terminal.disabled", terminal.id)
    return next(card for card in terminals_of(work) if card.id == terminal.id)


@use_case(Deed.SEE_BOOK)
def list_terminals(work: Work, request: ListTerminals) -> Terminals:
    """The registered terminals."""
    return Terminals(tuple(terminals_of(work)))


def _terminal(work: Work, terminal_id: int) -> Terminal:
    terminal = work.session.get(Terminal, terminal_id)
    if terminal is None:
        raise NotFound(what="terminal", name=terminal_id, remedy="Look at the list of terminals.")
    return terminal


def _change(work: Work, request: ChangeSecret, method: str) -> Person:
    user = _user(work, request.user_id)
    if user.id != work.actor.user_id:
        work.require(Deed.EDIT_PEOPLE)
    _set(work, user.id, method, request.secret)
    return person_of(work, user.id)


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


def _untie(work: Work, user_id: int, stylist_id: int | None) -> None:
    """Nobody is two stylists; and no stylist is taken from whoever they are already."""
    taken = work.session.execute(_TIED, {"stylist": stylist_id, "user": user_id}).scalar()
    if taken is not None:
        raise BadInput(f"{taken} is that stylist already. Change {taken} first.", field="stylist_id")
    work.session.execute(text("UPDATE stylists SET user_id = NULL WHERE user_id = :user"), {"user": user_id})


_TIED = text(
    "SELECT u.name FROM stylists s JOIN users u ON u.id = s.user_id WHERE s.id = :stylist AND s.user_id <> :user"
)


def _refuse_last_admin(work: Work, user_id: int) -> None:
    """Two admins who throw each other out do so one after the other, and the second is one no longer.

    Raises LastAdmin, NotSignedIn.
    """
    admins = work.session.execute(_ADMINS).all()
    if work.actor.user_id not in [admin.id for admin in admins]:
        raise NotSignedIn
    if [admin.id for admin in admins] == [user_id]:
        raise LastAdmin(name=admins[0].name)


_ADMINS = text("SELECT id, name FROM users WHERE role = 'admin' AND is_active ORDER BY id FOR NO KEY UPDATE")


def _user(work: Work, user_id: int) -> User:
    user = work.session.get(User, user_id)
    if user is None:
        raise NotFound(what="person", name=user_id, remedy="Look at the list of people.")
    return user
