"""Who may do what, tried with every verb on every table by every role, in plain SQL (reliability.md F13)."""

from __future__ import annotations

import psycopg
import pytest

from tests.db import matrix
from tests.db.conftest import Place, signed_in
from tests.db.walk import Walk

MATRIX = matrix.read()


@pytest.mark.parametrize("table", MATRIX.lines)
def test_a_table_is_open_to_whom_the_matrix_says(
    owner: psycopg.Connection, desk: psycopg.Connection, table: str
) -> None:
    assert Walk(owner, desk).surprises(MATRIX.lines[table]) == []


def test_every_table_has_row_security_and_a_line_in_the_matrix(owner: psycopg.Connection) -> None:
    assert matrix.unlisted(owner, MATRIX) == []


def test_the_program_may_call_the_doors_and_nothing_else(owner: psycopg.Connection) -> None:
    callable_ = owner.execute(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " AND has_function_privilege(desk_role(), oid, 'execute')"
    )
    assert {name for (name,) in callable_} == MATRIX.doors


def test_the_program_may_connect_and_look_things_up_and_nothing_else(owner: psycopg.Connection) -> None:
    database, schema, sequences, wide = (
        owner.execute("""
        SELECT (SELECT array_agg(kind) FROM unnest('{CONNECT,CREATE,TEMP}'::text[]) AS kind
                 WHERE has_database_privilege(desk_role(), current_database(), kind)),
               (SELECT array_agg(kind) FROM unnest('{USAGE,CREATE}'::text[]) AS kind
                 WHERE has_schema_privilege(desk_role(), 'public', kind)),
               (SELECT count(*) FROM pg_sequence WHERE has_sequence_privilege(desk_role(), seqrelid,
                                                                              'USAGE, SELECT, UPDATE')),
               (SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
                   AND has_table_privilege(desk_role(), oid, 'TRUNCATE, REFERENCES, TRIGGER'))
    """).fetchone()
        or ()
    )
    assert (database, schema, sequences, wide) == (["CONNECT"], ["USAGE"], 0, 0)
    role = owner.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolinherit,"
        " EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid) FROM pg_roles r WHERE rolname = desk_role()"
    ).fetchone()
    assert role == (False,) * 7


def test_what_can_be_written_is_every_column_but_a_rows_number_and_tenant(owner: psycopg.Connection) -> None:
    left_out = owner.execute("""
        SELECT a.attrelid::regclass::text, a.attname, p.polcmd::text
          FROM pg_policy p JOIN pg_attribute a ON a.attrelid = p.polrelid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE p.polcmd IN ('a', 'w') AND NOT has_column_privilege(
               desk_role(), a.attrelid, a.attnum, CASE p.polcmd WHEN 'a' THEN 'INSERT' ELSE 'UPDATE' END)
    """).fetchall()
    allowed = {("id", "a"), ("id", "w"), ("business_id", "w")}
    assert {(table, column) for table, column, verb in left_out if (column, verb) not in allowed} == set()


DAMAGES = {
    "a policy is gone": ("customers", "DROP POLICY customers_read ON customers"),
    "row security is off": ("customers", "ALTER TABLE customers DISABLE ROW LEVEL SECURITY"),
    "a policy forgets the tenant": ("customers", "ALTER POLICY customers_read ON customers USING (true)"),
    "a policy forgets the role": (
        "commission_rules",
        "ALTER POLICY commission_rules_read ON commission_rules USING (business_id = (SELECT actor_business()))",
    ),
    "a policy forgets whose": (
        "idempotency_keys",
        "ALTER POLICY idempotency_keys_update ON idempotency_keys USING (business_id = (SELECT actor_business()))",
    ),
    "a row may move": (
        "customers",
        "DO $$ BEGIN EXECUTE format('GRANT UPDATE ON customers TO %I', desk_role()); END $$;"
        " ALTER POLICY customers_update ON customers WITH CHECK (true)",
    ),
    "a table may be emptied": (
        "blocks",
        "DO $$ BEGIN EXECUTE format('GRANT TRUNCATE ON blocks TO %I', desk_role()); END $$",
    ),
    "a foreign key forgets the tenant": (
        "appointments",
        "ALTER TABLE appointments DROP CONSTRAINT appointments_customer_fkey,"
        " ADD CONSTRAINT appointments_customer_fkey FOREIGN KEY (customer_id) REFERENCES customers (id)",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_walk_notices_when(place: Place, damage: str) -> None:
    table, statement = DAMAGES[damage]
    with place.database("damaged") as name, psycopg.connect(place.owner(name), autocommit=True) as owner:
        owner.execute(statement)
        with psycopg.connect(place.desk(name)) as desk:
            assert Walk(owner, desk).surprises(MATRIX.lines[table])


def test_a_new_table_needs_row_security_policies_and_a_line(owner: psycopg.Connection) -> None:
    owner.execute("CREATE TABLE gift_cards (id bigint PRIMARY KEY, business_id bigint)")
    assert matrix.unlisted(owner, MATRIX) == [
        "gift_cards has no line in matrix.toml",
        "gift_cards has no row security",
    ]
    owner.execute("ALTER TABLE customers DISABLE ROW LEVEL SECURITY")
    owner.execute("DROP POLICY sales_read ON sales")
    assert "customers has no row security" in matrix.unlisted(owner, MATRIX)
    assert "sales may be read, and no policy says by whom" in matrix.unlisted(owner, MATRIX)


def test_policies_ask_who_is_signed_in_once_and_not_per_row(owner: psycopg.Connection) -> None:
    expressions = owner.execute("""
        SELECT tablename, policyname, expression FROM pg_policies, unnest(ARRAY[qual, with_check]) AS expression
         WHERE expression ~ 'actor_[a-z]+\\(\\)'
    """).fetchall()
    bare = [
        (table, policy)
        for table, policy, expression in expressions
        if expression.count("( SELECT actor_") != expression.count("actor_business()") + expression.count(
            "actor_role()") + expression.count("actor_user()") + expression.count("actor_stylist()")
    ]  # fmt: skip
    assert len(expressions) > 100
    assert bare == []


def test_a_long_scan_evaluates_the_policy_once(desk: psycopg.Connection) -> None:
    plan = "\n".join(
        line for (line,) in signed_in(desk, "ria").execute("EXPLAIN (COSTS off) SELECT notes FROM customers").fetchall()
    )
    assert plan.count("->  Result") == 2
    assert "InitPlan" in plan
    assert "SubPlan" not in plan
    assert "actor_" not in plan
