"""Signing in and out, and a manager's yes: what stands before every other service."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from argon2.low_level import Type, hash_secret_raw
from sqlalchemy import text

from frontdesk.clock import Clock
from frontdesk.db.transactions import spoken
from frontdesk.desk import Desk, Shop
from frontdesk.errors import NotSignedIn, WrongSecret
from frontdesk.permissions import Actor, Deed, Role

if TYPE_CHECKING:
    from sqlmodel import Session

Sessions = Callable[[], "Session"]

SCHEME = "argon2id,t=2,m=19456,p=1"
"""OWASP's smallest recommended costs (Password Storage Cheat Sheet): 20 MiB and about 30 ms on a shop terminal."""


@dataclass(frozen=True)
class Name:
    """A line of the sign-in screen."""

    login: str
    name: str
    role: Role
    shop: str


@contextmanager
def _session(sessions: Sessions, token: str = "") -> Iterator[Session]:
    with spoken(), sessions() as session:
        session.execute(text("SELECT set_config('frontdesk.token', :token, true)"), {"token": token})
        yield session
        session.commit()


def names(sessions: Sessions, terminal_secret: str) -> tuple[Name, ...]:
    """The people of a registered terminal, in human order; nobody when the terminal is not registered."""
    with _session(sessions) as session:
        found = session.execute(text("SELECT * FROM sign_in_names(:terminal)"), {"terminal": terminal_secret})
        return tuple(Name(row.login, row.name, Role(row.role), row.shop_name) for row in found)


def sign_in(sessions: Sessions, *, login: str, secret: str, method: str = "password", terminal_secret: str = "") -> str:
    """A token for a password, or for a PIN at a registered terminal. Raises WrongSecret, with the wait if there is one.

    The key is made here, slowly, and the database sees only the key: run it in a thread.
    """
    given = {"login": login.strip().lower(), "method": method, "terminal": terminal_secret}
    with _session(sessions) as session:
        recipe = session.execute(text("SELECT * FROM sign_in_recipe(:login, :method, :terminal)"), given).one()
    key = key_of(secret, recipe.scheme, recipe.salt)
    with _session(sessions) as session:
        asked = text("SELECT * FROM sign_in(:login, :method, :key, :terminal)")
        answer = session.execute(asked, {**given, "key": key}).one()
    if answer.token is None:
        raise WrongSecret(secret="PIN" if method == "pin" else "password", wait_seconds=answer.wait_seconds)
    return str(answer.token)


def sign_out(sessions: Sessions, token: str) -> None:
    """End a sign-in. Its token opens nothing afterwards."""
    with _session(sessions, token) as session:
        session.execute(text("SELECT sign_out()"))


def open_desk(
    sessions: Sessions, token: str, clock: Clock, *, shop_id: int | None = None, card_terminal: str = "external"
) -> Desk:
    """The desk of whoever a token belongs to, in their terminal's shop or the one asked for. Raises NotSignedIn."""
    with _session(sessions, token) as session:
        who = session.execute(text("SELECT * FROM who_am_i()")).one()
        if who.user_id is None:
            raise NotSignedIn
        stylist_id = session.execute(text("SELECT actor_stylist()")).scalar()
        shop = session.execute(
            text(
                "SELECT id, name, timezone, currency, locale, country, slot_minutes, tax_rounding"
                " FROM shops WHERE id = :shop"
            ),
            {"shop": shop_id or who.shop_id},
        ).one_or_none()
    if shop is None:
        raise NotSignedIn
    actor = Actor(who.user_id, who.name, Role(who.role), who.business_id, stylist_id)
    return Desk(actor, Shop(**shop._mapping), token, clock, sessions, card_terminal)


def approve(desk: Desk, *, login: str, pin: str, deed: Deed, terminal_secret: str = "") -> str:
    """A manager's yes, by PIN, to one action of whoever sits at this desk: a code for the request's `approval`.

    Raises WrongSecret. The code is good for five minutes, once.
    """
    given = {"login": login.strip().lower(), "deed": deed.name, "terminal": terminal_secret}
    with _session(desk.sessions, desk.token) as session:
        recipe = session.execute(text("SELECT * FROM sign_in_recipe(:login, 'pin', :terminal)"), given).one()
    key = key_of(pin, recipe.scheme, recipe.salt)
    with _session(desk.sessions, desk.token) as session:
        answer = session.execute(
            text("SELECT * FROM approve(:login, :key, :deed, :terminal)"), {**given, "key": key}
        ).one()
    if answer.code is None:
        raise WrongSecret(secret="PIN of a manager", wait_seconds=answer.wait_seconds)
    return str(answer.code)


def key_of(secret: str, scheme: str, salt: str) -> str:
    """The key of a password or PIN: argon2id with the costs that stand beside its salt, hexadecimal."""
    costs = dict(part.split("=") for part in scheme.split(",")[1:])
    return hash_secret_raw(
        secret.encode(),
        bytes.fromhex(salt),
        time_cost=int(costs["t"]),
        memory_cost=int(costs["m"]),
        parallelism=int(costs["p"]),
        hash_len=32,
        type=Type.ID,
    ).hex()


@dataclass(frozen=True)
class Secret:
    """What is kept of a new password or PIN."""

    scheme: str
    salt: str
    key: str

    @classmethod
    def of(cls, secret: str) -> Secret:
        """Salt and key of a freshly chosen secret."""
        salt = secrets.token_hex(16)
        return cls(SCHEME, salt, key_of(secret, SCHEME, salt))
