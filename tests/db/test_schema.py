"""What the schema promises about itself, asked from the catalogue on both servers (architecture.md 5)."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql
from sqlmodel import SQLModel

import frontdesk
from frontdesk import tables
from frontdesk.db import constraints
from frontdesk.db.migrations import scripts_folder
from frontdesk.text import clean, clean_lines
from tests.db.catalogue import oddly_named, silent

PRIVATE = {
    "approvals", "audit_log_default", "invoice_numbers", "sale_numbers", "schema_checksums", "schema_version",
    "server_secret", "sign_in_tries", "sign_ins", "user_secrets", "z_numbers",
}  # fmt: skip
"""Tables that no service reads or writes by itself: the database's own doors do."""

POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves its dialects untyped

MONEY = {
    "sales", "sale_lines", "sale_line_taxes", "payments", "tips", "commissions", "statements", "tips_in_pay",
    "tip_pools", "sale_numbers", "drawer_sessions", "drawer_moves", "drawer_counts", "z_reports", "z_numbers",
    "prepayments", "prepayment_entries", "prepayment_entry_taxes", "house_accounts", "account_entries",
    "receivables", "receivable_entries",
}  # fmt: skip

NEVER_SHOWN = {
    ("audit_log", "action"), ("audit_log", "table_name"), ("audit_log", "who"), ("customer_tokens", "token"),
    ("customers", "sort_key"), ("idempotency_keys", "request_hash"), ("imported_rows", "table_name"),
    ("schema_checksums", "revision"), ("schema_checksums", "sha256"), ("sign_in_tries", "what"),
}  # fmt: skip
"""Text that no person types: names of our own tables, digests and folded words."""


def _names(connection: psycopg.Connection, statement: str) -> set[str]:
    return {str(row[0]) for row in connection.execute(statement)}


def test_every_table_and_every_column_says_what_it_is(owner: psycopg.Connection) -> None:
    assert silent(owner) == set()


def test_every_function_and_type_says_what_it_is(owner: psycopg.Connection) -> None:
    mute = _names(owner, """
        SELECT proname FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace AND obj_description(oid, 'pg_proc') IS NULL
        UNION ALL
        SELECT typname FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
         WHERE typnamespace = 'public'::regnamespace AND typtype IN ('d', 'c', 'e') AND coalesce(c.relkind, 'c') = 'c'
           AND obj_description(t.oid, 'pg_type') IS NULL
    """)  # fmt: skip
    assert mute == set()


def test_every_constraint_and_index_has_a_name_of_ours(owner: psycopg.Connection) -> None:
    """A refusal hangs on each name, so none may be one that PostgreSQL makes up and numbers."""
    assert oddly_named(owner) == set()


def test_a_silent_column_and_a_made_up_name_are_noticed(owner: psycopg.Connection) -> None:
    owner.execute("ALTER TABLE customers ADD COLUMN shoe_size integer CHECK (shoe_size > 0) UNIQUE")
    owner.execute("CREATE INDEX ON customers (shoe_size)")
    assert silent(owner) == {"customers.shoe_size"}
    assert oddly_named(owner) == {"customers_shoe_size_check", "customers_shoe_size_idx"}


def test_every_primary_key_keeps_its_usual_name(owner: psycopg.Connection) -> None:
    odd = _names(owner, """
        SELECT conname FROM pg_constraint WHERE contype = 'p' AND connamespace = 'public'::regnamespace
           AND conname <> conrelid::regclass || '_pkey'
    """)  # fmt: skip
    assert odd == {"schema_version_pkc"}


def test_every_foreign_key_carries_the_tenant(owner: psycopg.Connection) -> None:
    """Foreign keys look past policies: without the tenant a row could point at another business's."""
    loose = _names(owner, """
        SELECT conname FROM pg_constraint f JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attname = 'business_id'
         WHERE f.contype = 'f' AND NOT a.attnum = ANY (f.conkey)
    """)  # fmt: skip
    assert loose == set()
    untenanted = _names(owner, """
        SELECT DISTINCT f.conrelid::regclass FROM pg_constraint f WHERE f.contype = 'f' AND NOT EXISTS (
            SELECT FROM pg_attribute a WHERE a.attrelid = f.conrelid AND a.attname = 'business_id')
    """)  # fmt: skip
    assert untenanted == {"user_secrets"}


def test_every_unique_key_carries_the_tenant(owner: psycopg.Connection) -> None:
    """A conflict is found before a foreign key is checked, and would tell what another business has."""
    wide = _names(owner, """
        SELECT i.indexrelid::regclass FROM pg_index i
          JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attname = 'business_id'
         WHERE (i.indisunique OR i.indisexclusion) AND NOT a.attnum = ANY (i.indkey)
           AND pg_get_indexdef(i.indexrelid) !~ '\\mbusiness_id\\M' AND pg_get_indexdef(i.indexrelid) !~ '[(]id[)]$'
    """)  # fmt: skip
    assert wide == {
        "approvals_code_key", "sign_ins_token_key", "terminals_secret_key",  # found before anybody is known
        "sale_numbers_pkey", "strips_pkey", "invoice_numbers_pkey", "z_numbers_pkey",  # a shop's and a strip's
        "journal_heads_pkey",  # own
        "audit_log_pkey", "audit_log_default_pkey",  # written by a trigger only
    }  # fmt: skip


def test_nothing_with_money_goes_when_something_else_goes(owner: psycopg.Connection) -> None:
    cascades = owner.execute("""
        SELECT conrelid::regclass::text, confrelid::regclass::text, conname FROM pg_constraint
         WHERE contype = 'f' AND (confdeltype NOT IN ('a', 'r') OR confupdtype NOT IN ('a', 'r'))
    """).fetchall()
    assert {name for child, parent, name in cascades if {child, parent} & MONEY} == set()
    assert {name for *_, name in cascades} == {
        "user_secrets_user_fkey", "customer_tokens_customer_fkey", "service_parts_service_fkey",
        "stylist_specialties_stylist_fkey", "stylist_specialties_service_fkey", "stylist_specialties_category_fkey",
        "service_resources_service_fkey", "service_levels_service_fkey", "service_addons_service_fkey",
        "service_addons_addon_fkey", "bundle_services_bundle_fkey", "accommodations_service_fkey",
        "cancellation_policies_service_fkey", "waitlist_services_entry_fkey", "class_seats_session_fkey",
    }  # fmt: skip


def test_no_rule_of_a_table_asks_the_clock(owner: psycopg.Connection) -> None:
    """Yesterday's visit can be completed and last year's dump restored (features 1.7, 2 and 3)."""
    asking = _names(owner, """
        SELECT conname FROM pg_constraint WHERE contype IN ('c', 'x')
           AND pg_get_constraintdef(oid) ~* '\\m(now|current_date|current_timestamp|localtimestamp|clock_timestamp)\\M'
    """)  # fmt: skip
    assert asking == set()


def test_functions_that_see_everything_can_not_be_led_astray(owner: psycopg.Connection) -> None:
    functions = owner.execute("""
        SELECT proname, prosecdef, proconfig, has_function_privilege('public', oid, 'execute'),
               proowner::regrole = owner_role()::regrole
          FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    """).fetchall()
    assert {
        name
        for name, definer, config, *_ in functions
        if definer and "search_path=public, pg_temp" not in (config or ())
    } == set()
    assert {name for name, _, _, everybody, _ in functions if everybody} == set()
    assert {name for name, *_, ours in functions if not ours} == set()


def test_everything_belongs_to_the_role_that_can_not_log_in(owner: psycopg.Connection) -> None:
    strangers = _names(owner, """
        SELECT relname FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relowner <> to_regrole(owner_role())
        UNION ALL
        SELECT typname FROM pg_type
         WHERE typnamespace = 'public'::regnamespace AND typowner <> to_regrole(owner_role())
    """)  # fmt: skip
    assert strangers == set()
    assert owner.execute("SELECT rolcanlogin, rolsuper FROM pg_roles WHERE rolname = owner_role()").fetchone() == (
        False, False,
    )  # fmt: skip


def test_nothing_looks_past_the_policies(owner: psycopg.Connection) -> None:
    past = _names(owner, """
        SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
           AND (relkind = 'm' OR relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY (reloptions), false))
    """)  # fmt: skip
    assert past == set()


def test_text_is_checked_or_never_shown(owner: psycopg.Connection) -> None:
    """A name that carries an escape sequence would speak to the terminal (reliability.md 3)."""
    unchecked = owner.execute("""
        SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
           AND a.attnum > 0 AND NOT a.attisdropped
           AND a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype)
           AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'
                              AND a.attnum = ANY (k.conkey) AND cardinality(k.conkey) = 1)
    """).fetchall()
    assert set(unchecked) - NEVER_SHOWN == {("schema_version", "version_num")}


@pytest.mark.parametrize("sign", ["\x1b[31m", "\x07", "\x7f", "\x9b", "\u202e", "\u2066", "\u2028", "\u200f", "\r"])
def test_no_sign_that_speaks_to_a_terminal_gets_in(owner: psycopg.Connection, sign: str) -> None:
    for change in ("UPDATE customers SET last_name = %s WHERE id = 1", "UPDATE customers SET notes = %s WHERE id = 1"):
        with pytest.raises(psycopg.errors.CheckViolation), owner.transaction():
            owner.execute(change, (f"a{sign}b",))


@pytest.mark.parametrize("domain", ["plain_text", "note_text"])
def test_the_database_refuses_what_cleaning_removes_and_takes_what_it_leaves(
    owner: psycopg.Connection, domain: str
) -> None:
    (rule,) = owner.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contypid = %s::regtype", (domain,)
    ).fetchone() or ("",)
    asked = rule.removeprefix("CHECK ").replace("VALUE", "chr(n)")
    taken = {n for (n,) in owner.execute(f"SELECT n FROM unnest(%s::int[]) AS n WHERE {asked}", (LETTERS,))}
    cleaned = clean_lines if domain == "note_text" else clean
    assert {f"U+{n:04X}" for n in LETTERS if n not in taken and chr(n) in cleaned(f"a{chr(n)}b")} == set()
    assert {f"U+{n:04X}" for n in taken if cleaned(f"a{chr(n)}b") == "ab"} == set()


LETTERS = [*range(1, 0xD800), *range(0xE000, 0x11000), *range(0x1F300, 0x1F700), *range(0xE0000, 0xE0080)]


def test_amounts_and_instants_are_exact(owner: psycopg.Connection) -> None:
    types = owner.execute("""
        SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod)
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
    """).fetchall()
    inexact = {"real", "double precision", "money", "timestamp without time zone", "time with time zone"}
    assert {column for column, type_ in types if type_ in inexact} == {
        "appointments.starts_local", "class_sessions.starts_local", "series.starts_local", "series_dates.starts_local",
    }  # fmt: skip
    assert {column for column, type_ in types if type_ == "numeric"} == {
        "sale_lines.quantity", "shops.request_turn", "shops.small_turn", "turns.weight",
        "loyalty_rules.points_per_unit", "loyalty_rules.point_value", "loyalty_tiers.multiplier",
        "loyalty_entries.rate", "loyalty_entries.multiplier",
    }  # fmt: skip


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1.2345", "1000000000", "-1000000000"])
def test_an_amount_is_a_number_in_cents(owner: psycopg.Connection, amount: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        owner.execute("SELECT %s::money_amount", (amount,))


@pytest.mark.parametrize("quantity", ["0", "NaN", "Infinity", "-Infinity"])
def test_a_quantity_is_a_number(owner: psycopg.Connection, quantity: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation) as refusal:
        owner.execute("UPDATE sale_lines SET quantity = %s WHERE id = 1001", (quantity,))
    assert refusal.value.diag.constraint_name == "sale_lines_quantity_given"


def test_no_index_says_what_another_says(owner: psycopg.Connection) -> None:
    twice = owner.execute("""
        SELECT a.indexrelid::regclass::text, b.indexrelid::regclass::text FROM pg_index a JOIN pg_index b
            ON a.indrelid = b.indrelid AND a.indexrelid < b.indexrelid AND a.indkey::text = b.indkey::text
           AND a.indclass::text = b.indclass::text AND a.indpred IS NOT DISTINCT FROM b.indpred
           AND a.indexprs IS NOT DISTINCT FROM b.indexprs
          JOIN pg_class c ON c.oid = a.indrelid AND c.relnamespace = 'public'::regnamespace
    """).fetchall()
    assert twice == []


def test_every_refusal_hangs_on_a_constraint_that_exists(owner: psycopg.Connection) -> None:
    known = _names(owner, """
        SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class WHERE relkind = 'i'
        UNION SELECT (regexp_matches(prosrc, 'CONSTRAINT = ''([a-z_]+)''', 'g'))[1] FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace
    """)  # fmt: skip
    assert constraints.names() - known == set()


def test_the_tables_of_the_program_are_the_tables_of_the_database(owner: psycopg.Connection) -> None:
    assert _differences(owner) == []


def test_a_column_that_one_side_does_not_know_is_noticed(owner: psycopg.Connection) -> None:
    owner.execute("ALTER TABLE customers ADD COLUMN shoe_size integer")
    owner.execute("ALTER TABLE services ALTER price DROP DEFAULT")
    owner.execute("ALTER TABLE products DROP COLUMN brand")
    owner.execute("CREATE TABLE gift_cards (id bigint PRIMARY KEY)")
    assert _differences(owner) == [
        "customers.shoe_size: integer in the database, unknown to the program",
        "gift_cards.id: bigint, not null, in the key in the database, unknown to the program",
        "products.brand: not in the database, text, not null, with a default in the program",
        "services.price: numeric, not null in the database, numeric, not null, with a default in the program",
    ]


def _differences(connection: psycopg.Connection) -> list[str]:
    there = {
        name: what
        for name, what in _columns_of_the_database(connection)
        if name.split(".")[0] not in PRIVATE
    }  # fmt: skip
    here = {f"{table.name}.{column.name}": _described(column) for table in _tables() for column in table.columns}
    return [
        f"{name}: {there[name] + ' in the database' if name in there else 'not in the database'}, "
        + (here[name] + " in the program" if name in here else "unknown to the program")
        for name in sorted(there | here)
        if there.get(name) != here.get(name)
    ]


def _tables() -> list[Table]:
    for module in pkgutil.iter_modules(tables.__path__, f"{tables.__name__}."):
        importlib.import_module(module.name)
    return list(SQLModel.metadata.tables.values())


def _described(column: Column[object]) -> str:
    words = [column.type.compile(dialect=POSTGRESQL).lower()]
    words += ["not null"] * (not column.nullable)
    words += ["with a default"] * (column.server_default is not None)
    words += ["in the key"] * column.primary_key
    return ", ".join(words)


def _columns_of_the_database(connection: psycopg.Connection) -> Iterator[tuple[str, str]]:
    rows = connection.execute("""
        SELECT c.relname, a.attname, format_type(coalesce(nullif(t.typbasetype, 0), t.oid), NULL), a.attnotnull,
               a.atthasdef OR a.attidentity <> '', coalesce(a.attnum = ANY (k.conkey), false)
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
          LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
           AND a.attnum > 0 AND NOT a.attisdropped
    """)
    for table, column, type_, not_null, has_default, in_key in rows:
        words = [type_, *["not null"] * not_null, *["with a default"] * has_default, *["in the key"] * in_key]
        yield f"{table}.{column}", ", ".join(words)


def test_no_sql_of_ours_turns_wall_time_into_instants() -> None:
    """The server's zone data differs from the pinned wheel's: conversion happens in Python only (reliability.md 4)."""
    folders = (Path(frontdesk.__file__).parent, scripts_folder())
    files = [file for folder in folders for file in folder.rglob("*.py")]
    assert len(files) > 30
    assert [file.name for file in files if re.search(r"AT\s+TIME\s+ZONE", file.read_text("utf-8"), re.I)] == []
