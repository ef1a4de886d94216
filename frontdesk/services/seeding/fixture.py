"""The small shop that features.md proves things with: two stylists, three customers, four services (section 4).

It has no dates: whoever uses it sets the clock. Numbers are written by hand, because proofs name them.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from frontdesk.db.making import connected
from frontdesk.services.seeding import access
from frontdesk.services.seeding.wish import NotEmpty, Seeded
from frontdesk.text import search_tokens

PEOPLE = {
    "ria": ("Ria", "receptionist"),
    "tess": ("Tess", "trainee"),
    "anna": ("Anna", "stylist"),
    "mo": ("Mo", "manager"),
    "ada": ("Ada", "admin"),
    "otto": ("Otto", "auditor"),
}
"""By login: name and role."""


def seed_fixture(owner: str) -> Seeded:
    """Make the fixture in a migrated, empty database, as its owner. Raises NotEmpty, Unreachable."""
    with connected(owner) as connection:
        found = connection.execute("SELECT code FROM businesses LIMIT 1").fetchone()
        if found is not None:
            raise NotEmpty(code=found[0])
        connection.execute(SHOP)
        users = {login: add_person(connection, "vale", login, *who) for login, who in PEOPLE.items()}
        finish(connection)
        everybody = access.people(PEOPLE)
        access.give_secrets(connection, everybody, users)
        secret = access.register_terminal(connection, 1, 1)
    return Seeded(1, 1, "vale", "Vale", access.TERMINAL, secret, everybody)


def add_person(connection: psycopg.Connection[Any], business: str, login: str, name: str, role: str) -> int:
    """Somebody of a business, and their number."""
    added = connection.execute(
        "INSERT INTO users (business_id, login, name, role)"
        " SELECT id, %s, %s, %s FROM businesses WHERE code = %s RETURNING id",
        (login, name, role, business),
    ).fetchone()
    assert added is not None
    return int(added[0])


def finish(connection: psycopg.Connection[Any]) -> None:
    """Give Anna her sign-in, write what customers are found by, let the next numbers follow those written by hand."""
    connection.execute("UPDATE stylists SET user_id = (SELECT id FROM users WHERE login = 'anna') WHERE id = 1")
    people = connection.execute("SELECT business_id, id, first_name, last_name, phone, email FROM customers").fetchall()
    connection.cursor().executemany(
        "INSERT INTO customer_tokens (business_id, customer_id, kind, token) VALUES (%s, %s, %s, %s)",
        [
            (business, customer, kind, token)
            for business, customer, first, last, phone, email in people
            for kind, token in search_tokens(first_name=first, last_name=last, phone=phone, email=email)
        ],
    )
    for table in NUMBERED:
        connection.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))").format(
                table, sql.Identifier(table)
            )
        )


NUMBERED = (
    "businesses", "shops", "service_categories", "services", "taxes", "resources", "stylists", "customers",
)  # fmt: skip

SHOP = """
INSERT INTO businesses (id, code, name) VALUES (1, 'vale', 'Vale');
INSERT INTO shops (id, business_id, name, address, timezone, currency, locale, country, receipt_footer) VALUES
    (1, 1, 'Vale Street', E'12 Vale Street\\nLondon', 'Europe/London', 'GBP', 'en_GB', 'GB', 'See you soon');
INSERT INTO service_categories (id, business_id, name, position) VALUES
    (1, 1, 'Style', 1), (2, 1, 'Colour', 2), (3, 1, 'Body', 3);
INSERT INTO services (id, business_id, category_id, code, name, price) VALUES
    (1, 1, 1, 'CUT', 'Cut', 50.00), (2, 1, 1, 'BLOW', 'Blow-dry', 30.00),
    (3, 1, 2, 'COL', 'Colour', 120.00), (4, 1, 3, 'MAS', 'Massage', 80.00);
INSERT INTO service_parts (business_id, service_id, position, kind, minutes, holds) VALUES
    (1, 1, 1, 'active', 45, '{lead}'), (1, 2, 1, 'active', 30, '{lead}'),
    (1, 3, 1, 'active', 30, '{lead}'), (1, 3, 2, 'processing', 45, '{}'), (1, 3, 3, 'finish', 30, '{lead}'),
    (1, 4, 1, 'active', 60, '{lead,room}'), (1, 4, 2, 'cleanup', 15, '{room}');
INSERT INTO taxes (id, business_id, name, percent, inclusive) VALUES (1, 1, 'VAT', 20, true);
INSERT INTO products (business_id, code, name, barcode, price) VALUES
    (1, 'SHA', 'Shampoo 250 ml', '5012345678900', 18.00);
INSERT INTO cancel_reasons (business_id, name, position) VALUES (1, 'Ill', 1), (1, 'Changed plans', 2);
INSERT INTO resources (id, business_id, shop_id, kind, name, position) VALUES
    (1, 1, 1, 'stylist', 'Anna', 1), (2, 1, 1, 'stylist', 'Bo', 2), (3, 1, 1, 'room', 'Room 1', 1);
INSERT INTO stylists (id, business_id, resource_id, first_name) VALUES (1, 1, 1, 'Anna'), (2, 1, 2, 'Bo');
INSERT INTO commission_rules (business_id, stylist_id, kind, percent) VALUES
    (1, 1, 'service', 40), (1, 1, 'product', 10), (1, 2, 'service', 35.5), (1, 2, 'product', 10);
INSERT INTO business_hours (business_id, shop_id, weekday, opens, closes)
    SELECT 1, 1, day, time '09:00', time '18:00' FROM generate_series(1, 6) AS day;
INSERT INTO weekly_shifts (business_id, stylist_id, shop_id, weekday, starts, ends)
    SELECT 1, 1, 1, day, time '09:00', time '17:00' FROM generate_series(1, 6) AS day
    UNION ALL SELECT 1, 2, 1, day, time '10:00', time '18:00' FROM generate_series(1, 6) AS day;
INSERT INTO customers (id, business_id, first_name, last_name, phone, sort_key) VALUES
    (1, 1, 'Jane', 'Doe', '+447700900123', 'doe jane'), (2, 1, 'Kim', 'Lee', NULL, 'lee kim'),
    (3, 1, 'Ola', 'Berg', NULL, 'berg ola');
"""
"""The business `vale` with everything but its people."""
