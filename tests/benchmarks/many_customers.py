"""A million customers with names as unevenly shared out as names are, telephones, and every second one a visit."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import psycopg

from frontdesk.text import search_tokens, sort_key
from tests.benchmarks.loading import indexed_afterwards
from tests.benchmarks.scratch import Size


@dataclass(frozen=True)
class Person:
    """A customer before they have a row."""

    id: int
    first_name: str
    last_name: str
    phone: str
    email: str


def people(how_many: int) -> Iterator[Person]:
    """The same people in every run."""
    seeded = random.Random(20260302)
    first_names, last_names = _names(seeded, _FIRST, 600), _names(seeded, _LAST, 20_000)
    for id in range(1, how_many + 1):
        # So one in 25 has the commonest first name and one in 90 the commonest family name, as with David and Smith.
        first = first_names[int(len(first_names) * seeded.random() ** 2)]
        last = last_names[int(len(last_names) * seeded.random() ** 2.2)]
        phone = f"+447{seeded.randrange(10**9):09d}"
        yield Person(id, first, last, phone, f"{first}.{last}{id % 97}@example.com".lower())


def fill_customers(connection: psycopg.Connection, size: Size) -> None:
    """Put them into the book with their search tokens."""
    with indexed_afterwards(connection, "customers"), indexed_afterwards(connection, "customer_tokens"):
        copied = "COPY customers (id, business_id, first_name, last_name, phone, email, sort_key) FROM STDIN"
        with connection.cursor().copy(copied) as copy:
            for one in people(size.customers):
                name = one.first_name, one.last_name
                copy.write_row((one.id, 1, *name, one.phone, one.email, sort_key(*name)))
        copied = "COPY customer_tokens (business_id, customer_id, kind, token) FROM STDIN"
        with connection.cursor().copy(copied) as copy:
            for one in people(size.customers):
                words = search_tokens(
                    first_name=one.first_name, last_name=one.last_name, phone=one.phone, email=one.email
                )
                copy.write("".join(f"1\t{one.id}\t{kind}\t{token}\n" for kind, token in words))
    with indexed_afterwards(connection, "appointments", without=("appointments_customer_no_overlap",)):
        connection.execute(_VISITS)


def _names(seeded: random.Random, syllables: tuple[tuple[str, ...], ...], how_many: int) -> list[str]:
    made = ["".join(each).capitalize() for each in product(*syllables)]
    seeded.shuffle(made)
    return made[:how_many]


_FIRST = (
    ("an", "be", "cla", "da", "e", "fre", "ge", "ha", "i", "ja", "ka", "le", "ma", "ni", "o", "pa", "ro", "sa", "to"),
    ("n", "r", "l", "s", "m", "d", "t", "li", "ri"),
    ("a", "e", "ia", "o", "us"),
)
_LAST = (
    ("al", "ba", "bre", "cla", "col", "de", "el", "fi", "gra", "hal", "hin", "jo", "kel", "lo", "mac", "mar", "nor"),
    ("b", "ck", "d", "ff", "k", "ll", "m", "nn", "rr", "ss", "tt", "v", "w"),
    ("a", "e", "i", "o", "er", "ing"),
    ("berg", "by", "dale", "field", "ford", "ham", "ley", "man", "more", "s", "sen", "son", "ton", "well", "worth"),
)
_VISITS = """
    INSERT INTO appointments (id, business_id, shop_id, code, customer_id, status, starts_at, ends_at, starts_local)
    SELECT id, 1, 1, to_char(id, 'FM00000000'), id, 'completed', t, t + interval '1 hour', t AT TIME ZONE 'UTC'
      FROM (SELECT id, timestamptz '2025-01-01 09:00Z' + id % 400 * interval '1 day' AS t
              FROM customers WHERE id % 2 = 0) AS visits
"""
