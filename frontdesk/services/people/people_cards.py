"""People who sign in and terminals, as they are listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.permissions import Role
from frontdesk.services.use_case import Work


@dataclass(frozen=True)
class Person:
    """Somebody who signs in."""

    id: int
    login: str
    name: str
    role: Role
    is_active: bool
    stylist_id: int | None = None
    """The stylist they are, if they are one."""


@dataclass(frozen=True)
class TerminalCard:
    """A registered terminal."""

    id: int
    name: str
    shop: str
    is_active: bool


def person_of(work: Work, user_id: int) -> Person:
    """One of them, who is there."""
    return next(people_of(work, user_id))


def people_of(work: Work, user_id: int | None = None) -> Iterator[Person]:
    """One person or all of them, in order of their names."""
    for row in work.session.execute(_PEOPLE, {"user": user_id}):
        yield Person(row.id, row.login, row.name, Role(row.role), row.is_active, row.stylist_id)


_PEOPLE = text("""
    SELECT u.id, u.login, u.name, u.role, u.is_active, s.id AS stylist_id
      FROM users u LEFT JOIN stylists s ON s.user_id = u.id
     WHERE u.id = CAST(:user AS bigint) OR CAST(:user AS bigint) IS NULL
     ORDER BY u.name, u.id
""")


def terminals_of(work: Work) -> Iterator[TerminalCard]:
    """All of them, in the order they were registered."""
    yield from (TerminalCard(*row) for row in work.session.execute(_TERMINALS))


_TERMINALS = text(
    "SELECT t.id, t.name, s.name, t.is_active FROM terminals t JOIN shops s ON s.id = t.shop_id ORDER BY t.id"
)
