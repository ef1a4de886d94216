"""The shop that tests play in: features.md's fixture, its people signed in, and a second business beside it."""

from __future__ import annotations

import datetime as dt

import psycopg

from frontdesk.services.seeding import fixture

NOW = dt.datetime(2026, 3, 9, 9, 0, tzinfo=dt.UTC)
"""Monday 9 March 2026, 09:00 in London, where the clocks have not gone forward yet."""

PEOPLE = fixture.PEOPLE


def token(login: str) -> str:
    """The token with which a person of the fixture is signed in."""
    return f"token of {login}"


def build(conninfo: str) -> None:
    """Fill a freshly migrated database."""
    with psycopg.connect(conninfo) as connection:
        connection.execute(fixture.SHOP)
        connection.execute(NEIGHBOUR)
        for login, (name, role) in PEOPLE.items():
            _sign_in(connection, "vale", login, name, role)
        _sign_in(connection, "elm", "eve", "Eve", "admin")
        fixture.finish(connection)


def _sign_in(connection: psycopg.Connection, business: str, login: str, name: str, role: str) -> None:
    user = fixture.add_person(connection, business, login, name, role)
    connection.execute(
        "INSERT INTO sign_ins (business_id, user_id, method, token_hash, expires_at)"
        " SELECT business_id, id, 'password', sha256(convert_to(%s, 'UTF8')), 'infinity' FROM users WHERE id = %s",
        (token(login), user),
    )


NEIGHBOUR = """
INSERT INTO businesses (id, code, name) VALUES (2, 'elm', 'Elm');
INSERT INTO shops (id, business_id, name, timezone, currency, locale, country) VALUES
    (2, 2, 'Elm Road', 'Europe/London', 'GBP', 'en_GB', 'GB');
INSERT INTO service_categories (id, business_id, name, position) VALUES (4, 2, 'Style', 1);
INSERT INTO services (id, business_id, category_id, code, name, price) VALUES (5, 2, 4, 'CUT', 'Cut', 40.00);
INSERT INTO service_parts (business_id, service_id, position, kind, minutes, holds) VALUES
    (2, 5, 1, 'active', 45, '{lead}');
INSERT INTO resources (id, business_id, shop_id, kind, name) VALUES (4, 2, 2, 'stylist', 'Eli');
INSERT INTO stylists (id, business_id, resource_id, first_name) VALUES (3, 2, 4, 'Eli');
INSERT INTO customers (id, business_id, first_name, last_name, sort_key) VALUES (4, 2, 'Jane', 'Elm', 'elm jane');
"""
"""Another business, whose rows nobody of the fixture may ever see."""
