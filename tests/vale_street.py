"""The shop that tests play in: features.md's fixture, its people signed in, and a second business beside it."""

from __future__ import annotations

import datetime as dt

import psycopg

NOW = dt.datetime(2026, 3, 9, 9, 0, tzinfo=dt.UTC)
"""Monday 9 March 2026, 09:00 in London, where the clocks have not gone forward yet."""

PEOPLE = {
    "ria": ("Ria", "receptionist"),
    "tess": ("Tess", "trainee"),
    "anna": ("Anna", "stylist"),
    "mo": ("Mo", "manager"),
    "ada": ("Ada", "admin"),
    "otto": ("Otto", "auditor"),
}


def token(login: str) -> str:
    """The token with which a person of the fixture is signed in."""
    return f"token of {login}"


def build(conninfo: str) -> None:
    """Fill a freshly migrated database."""
    with psycopg.connect(conninfo) as connection:
        connection.execute(SHOP)
        for login, (name, role) in PEOPLE.items():
            _sign_in(connection, "vale", login, name, role)
        _sign_in(connection, "elm", "eve", "Eve", "admin")
        connection.execute("UPDATE stylists SET user_id = (SELECT id FROM users WHERE login = 'anna') WHERE id = 1")
        for table in ("customers", "services", "stylists", "resources", "service_categories", "taxes", "shops"):
            connection.execute(  # numbers written by hand leave the sequences behind
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )


def _sign_in(connection: psycopg.Connection, business: str, login: str, name: str, role: str) -> None:
    connection.execute(
        "WITH person AS (INSERT INTO users (business_id, login, name, role)"
        "    SELECT id, %(login)s, %(name)s, %(role)s FROM businesses WHERE code = %(business)s"
        "    RETURNING id, business_id)"
        " INSERT INTO sign_ins (business_id, user_id, method, token_hash, expires_at)"
        " SELECT business_id, id, 'password', sha256(convert_to(%(token)s, 'UTF8')), 'infinity' FROM person",
        {"business": business, "login": login, "name": name, "role": role, "token": token(login)},
    )


SHOP = """
INSERT INTO businesses (id, code, name) OVERRIDING SYSTEM VALUE VALUES (1, 'vale', 'Vale'), (2, 'elm', 'Elm');
INSERT INTO shops (id, business_id, name, address, timezone, currency, locale, country, receipt_footer) VALUES
    (1, 1, 'Vale Street', E'12 Vale Street\nLondon', 'Europe/London', 'GBP', 'en_GB', 'GB', 'See you soon'),
    (2, 2, 'Elm Road', '', 'Europe/London', 'GBP', 'en_GB', 'GB', '');
INSERT INTO service_categories (id, business_id, name, position) VALUES
    (1, 1, 'Style', 1), (2, 1, 'Colour', 2), (3, 1, 'Body', 3), (4, 2, 'Style', 1);
INSERT INTO services (id, business_id, category_id, code, name, price) VALUES
    (1, 1, 1, 'CUT', 'Cut', 50.00), (2, 1, 1, 'BLOW', 'Blow-dry', 30.00),
    (3, 1, 2, 'COL', 'Colour', 120.00), (4, 1, 3, 'MAS', 'Massage', 80.00), (5, 2, 4, 'CUT', 'Cut', 40.00);
INSERT INTO service_parts (business_id, service_id, position, kind, minutes, holds) VALUES
    (1, 1, 1, 'active', 45, '{lead}'), (1, 2, 1, 'active', 30, '{lead}'),
    (1, 3, 1, 'active', 30, '{lead}'), (1, 3, 2, 'processing', 45, '{}'), (1, 3, 3, 'finish', 30, '{lead}'),
    (1, 4, 1, 'active', 60, '{lead,room}'), (1, 4, 2, 'cleanup', 15, '{room}'),
    (2, 5, 1, 'active', 45, '{lead}');
INSERT INTO taxes (id, business_id, name, percent, inclusive) VALUES (1, 1, 'VAT', 20, true);
INSERT INTO products (business_id, code, name, barcode, price) VALUES
    (1, 'SHA', 'Shampoo 250 ml', '5012345678900', 18.00);
INSERT INTO cancel_reasons (business_id, name, position) VALUES (1, 'Ill', 1), (1, 'Changed plans', 2);
INSERT INTO resources (id, business_id, shop_id, kind, name, position) VALUES
    (1, 1, 1, 'stylist', 'Anna', 1), (2, 1, 1, 'stylist', 'Bo', 2), (3, 1, 1, 'room', 'Room 1', 1),
    (4, 2, 2, 'stylist', 'Eli', 1);
INSERT INTO stylists (id, business_id, resource_id, first_name) VALUES
    (1, 1, 1, 'Anna'), (2, 1, 2, 'Bo'), (3, 2, 4, 'Eli');
INSERT INTO stylist_rates (business_id, stylist_id, kind, percent) VALUES
    (1, 1, 'service', 40), (1, 1, 'product', 10), (1, 2, 'service', 35.5), (1, 2, 'product', 10);
INSERT INTO business_hours (business_id, shop_id, weekday, opens, closes)
    SELECT 1, 1, day, time '09:00', time '18:00' FROM generate_series(1, 6) AS day;
INSERT INTO weekly_shifts (business_id, stylist_id, shop_id, weekday, starts, ends)
    SELECT 1, 1, 1, day, time '09:00', time '17:00' FROM generate_series(1, 6) AS day
    UNION ALL SELECT 1, 2, 1, day, time '10:00', time '18:00' FROM generate_series(1, 6) AS day;
INSERT INTO customers (id, business_id, first_name, last_name, phone, sort_key) VALUES
    (1, 1, 'Jane', 'Doe', '+447700900123', 'doe jane'), (2, 1, 'Kim', 'Lee', NULL, 'lee kim'),
    (3, 1, 'Ola', 'Berg', NULL, 'berg ola'), (4, 2, 'Jane', 'Elm', NULL, 'elm jane');
INSERT INTO customer_tokens (business_id, customer_id, kind, token) VALUES
    (1, 1, 'first', 'jane'), (1, 1, 'last', 'doe'), (1, 1, 'phone', '447700900123'), (1, 1, 'tail', '321009007744'),
    (1, 2, 'first', 'kim'), (1, 2, 'last', 'lee'), (1, 3, 'first', 'ola'), (1, 3, 'last', 'berg'),
    (2, 4, 'first', 'jane'), (2, 4, 'last', 'elm');
"""
