"""Who may sign in to a made-up shop, and where. Their secrets are no secret: nothing real is behind them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg

from frontdesk.services.people.sign_in import Secret
from frontdesk.services.seeding.wish import SeededPerson

PASSWORD = "vale street demo"
"""Everybody's."""

TERMINAL = "Front desk"


def people(names: Mapping[str, tuple[str, str]]) -> tuple[SeededPerson, ...]:
    """Sign-ins from login to name and role; their PINs are 1111, 2222 and so on."""
    return tuple(
        SeededPerson(login, name, role, pin=str(place) * 4, password=PASSWORD)
        for place, (login, (name, role)) in enumerate(names.items(), start=1)
    )


def give_secrets(connection: psycopg.Connection[Any], people: Sequence[SeededPerson], users: Mapping[str, int]) -> None:
    """Keep what their passwords and PINs are checked against. `users` are their numbers by login."""
    given = [(users[who.login], method, secret) for who in people
             for method, secret in (("password", who.password), ("pin", who.pin))]  # fmt: skip
    with ThreadPoolExecutor() as pool:  # argon2 is slow on purpose and lets other threads run
        made = list(pool.map(Secret.of, [secret for _, _, secret in given]))
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO user_secrets (user_id, method, scheme, salt, key_hash)"
            " VALUES (%s, %s, %s, %s, sha256(decode(%s, 'hex')))",
            [(user, method, kept.scheme, kept.salt, kept.key)
             for (user, method, _), kept in zip(given, made, strict=True)],
        )  # fmt: skip


def register_terminal(connection: psycopg.Connection[Any], business_id: int, shop_id: int) -> str:
    """A terminal where a PIN is enough. Returns its secret."""
    secret = secrets.token_hex(32)
    connection.execute(
        "INSERT INTO terminals (business_id, shop_id, name, secret_hash) VALUES (%s, %s, %s, %s)",
        (business_id, shop_id, TERMINAL, hashlib.sha256(secret.encode()).digest()),
    )
    return secret
