"""Every change of a fact is remembered: who, where, for which request, what it was and is (architecture.md 5)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import dict_row

from tests import vale_street
from tests.db.conftest import signed_in
from tests.db.two_businesses import AT_TERMINAL, VALE

REQUEST = UUID("0195e0f0-0000-7000-8000-000000000001")
JANE = 1

NO_HISTORY = {
    "appointment_status_history", "audit_log", "audit_log_default", "approvals", "booking_actions", "arrival_cards",
    "chores", "customer_tokens", "invoice_numbers", "invoice_versions", "prints", "z_numbers",
    "journal_entries", "journal_heads", "journal_lines",
    "idempotency_keys", "imported_rows", "outbox_events", "sale_numbers", "schema_checksums", "schema_version",
    "server_secret", "sign_ins", "sign_in_tries", "strips", "user_secrets",
}  # fmt: skip
"""Journals of their own, what is derived, and secrets."""


@pytest.fixture
def ria(desk: psycopg.Connection) -> psycopg.Connection:
    """The receptionist at Vale Street's front desk, in the middle of a request."""
    desk.execute(
        "SELECT set_config('frontdesk.token', %s, true), set_config('frontdesk.request', %s, true)",
        (AT_TERMINAL, str(REQUEST)),
    )
    return desk


def _history(desk: psycopg.Connection, table: str) -> list[dict[str, Any]]:
    """What this transaction left in history of a table, as the manager reads it."""
    before = desk.execute("SELECT current_setting('frontdesk.token')").fetchone()
    signed_in(desk, "mo")
    with desk.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(
            "SELECT * FROM audit_log WHERE table_name = %s AND at >= transaction_timestamp() ORDER BY id", (table,)
        ).fetchall()
    desk.execute("SELECT set_config('frontdesk.token', %s, true)", before)
    return found


def test_what_is_added_is_remembered_whole(ria: psycopg.Connection) -> None:
    ria.execute("INSERT INTO customers (first_name, last_name) VALUES ('Lou', 'Day')")
    (entry,) = _history(ria, "customers")
    assert (entry["action"], entry["who"], entry["request_id"], entry["business_id"]) == (
        "insert",
        "Ria",
        REQUEST,
        VALE,
    )
    assert entry["terminal_id"] is not None
    assert entry["user_id"] is not None
    assert entry["old"] is None
    assert entry["new"]["last_name"] == "Day"
    assert entry["new"]["id"] == entry["row_id"]
    columns = ria.execute("SELECT count(*) FROM information_schema.columns WHERE table_name = 'customers'").fetchone()
    assert (len(entry["new"]),) == columns


def test_what_is_changed_is_remembered_as_old_and_new_of_that_only(ria: psycopg.Connection) -> None:
    ria.execute("UPDATE customers SET phone = NULL, last_name = 'Smith', version = version + 1 WHERE id = %s", (JANE,))
    (entry,) = _history(ria, "customers")
    assert (entry["action"], entry["row_id"], entry["who"]) == ("update", JANE, "Ria")
    assert entry["old"] == {"phone": "+447700900123", "last_name": "Doe"}
    assert entry["new"] == {"phone": None, "last_name": "Smith"}


def test_what_is_removed_is_remembered_whole(ria: psycopg.Connection) -> None:
    removed = ria.execute("DELETE FROM blocks RETURNING id, name").fetchall()
    (entry,) = _history(ria, "blocks")
    assert (entry["action"], entry["new"]) == ("delete", None)
    assert [(entry["old"]["id"], entry["old"]["name"])] == removed


def test_a_change_that_changes_nothing_leaves_nothing(ria: psycopg.Connection) -> None:
    ria.execute("UPDATE customers SET last_name = last_name, version = version + 1")
    assert _history(ria, "customers") == []


def test_what_is_undone_leaves_nothing(ria: psycopg.Connection) -> None:
    with ria.transaction(force_rollback=True):
        ria.execute("UPDATE customers SET last_name = 'Smith'")
    assert _history(ria, "customers") == []


def test_a_change_by_hand_says_by_which_role(owner: psycopg.Connection) -> None:
    owner.execute("UPDATE customers SET last_name = 'Smith' WHERE id = %s", (JANE,))
    entry = owner.execute(
        "SELECT who, user_id, terminal_id, request_id, business_id FROM audit_log ORDER BY id DESC LIMIT 1"
    ).fetchone()
    assert entry == ("sql:postgres", None, None, None, VALE)


def test_a_business_is_the_tenant_of_its_own_history(desk: psycopg.Connection) -> None:
    signed_in(desk, "ada").execute("UPDATE businesses SET name = 'Vale & Sons'")
    (entry,) = _history(desk, "businesses")
    assert (entry["business_id"], entry["row_id"], entry["new"]) == (VALE, VALE, {"name": "Vale & Sons"})
    assert signed_in(desk, "eve").execute("SELECT DISTINCT business_id FROM audit_log").fetchall() == [(2,)]


def test_instants_are_remembered_in_utc_wherever_the_terminal_stands(ria: psycopg.Connection) -> None:
    ria.execute("SET LOCAL timezone = 'Asia/Tokyo'")
    ria.execute("UPDATE appointments SET ends_at = '2026-03-09 11:15Z' WHERE id = 1000")
    (entry,) = _history(ria, "appointments")
    assert entry["new"] == {"ends_at": "2026-03-09T11:15:00+00:00"}


def test_derived_pieces_of_a_strip_leave_nothing(ria: psycopg.Connection) -> None:
    ria.execute(
        "INSERT INTO time_slots (resource_id, shop_id, starts_at, ends_at, status)"
        " VALUES (1, 1, '2026-03-10 09:00Z', '2026-03-10 17:00Z', 'available'),"
        "        (1, 1, '2026-03-10 17:00Z', '2026-03-10 18:00Z', 'blocked')"
    )
    ria.execute("UPDATE time_slots SET ends_at = '2026-03-10 16:00Z' WHERE starts_at = '2026-03-10 09:00Z'")
    ria.execute("DELETE FROM time_slots WHERE status IN ('available', 'blocked')")
    assert _history(ria, "time_slots") == []


def test_facts_of_a_strip_are_remembered(ria: psycopg.Connection) -> None:
    ria.execute(
        "INSERT INTO time_slots (resource_id, shop_id, starts_at, ends_at, status, held_by, held_until, hold_key)"
        " SELECT 1, 1, '2026-03-10 09:00Z', '2026-03-10 10:00Z', 'held', actor_user(), '2026-03-10 08:00Z',"
        " gen_random_uuid()"
    )
    ria.execute(
        "UPDATE time_slots SET status = 'booked', part_id = 1002, held_by = NULL, held_until = NULL, hold_key = NULL"
        " WHERE status = 'held'"
    )
    ria.execute("UPDATE time_slots SET status = 'available', part_id = NULL WHERE part_id = 1002")
    ria.execute("DELETE FROM time_slots WHERE part_id = 1001")
    assert [entry["action"] for entry in _history(ria, "time_slots")] == ["insert", "update", "update", "delete"]


def test_every_table_of_facts_has_a_history(owner: psycopg.Connection) -> None:
    without = owner.execute("""
        SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
           AND NOT EXISTS (SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                            WHERE t.tgrelid = c.oid AND p.proname = 'note_history' AND t.tgenabled = 'O')
    """).fetchall()
    assert {name for (name,) in without} == NO_HISTORY


def test_everybody_may_ask_who_did_what_to_a_record_in_front_of_them(ria: psycopg.Connection) -> None:
    ria.execute("UPDATE customers SET last_name = 'Smith' WHERE id = %s", (JANE,))
    for login in ("tess", "anna", "ria", "mo", "otto"):
        found = signed_in(ria, login).execute(
            "SELECT who, terminal, action, old, new FROM record_history('customers', %s) ORDER BY at DESC", (JANE,)
        )
        assert found.fetchone() == ("Ria", "front desk", "update", {"last_name": "Doe"}, {"last_name": "Smith"})


def test_that_door_leads_neither_to_payroll_nor_to_people_who_sign_in(desk: psycopg.Connection) -> None:
    signed_in(desk, "ada")
    for table in ("commission_rules", "commissions", "users", "terminals", "user_secrets", "audit_log", "nonsense", ""):
        found = desk.execute("SELECT count(*) FROM record_history(%s, 1)", (table,)).fetchone()
        assert found == (0,), table


def test_a_new_secret_leaves_a_trace_and_not_the_secret(desk: psycopg.Connection) -> None:
    signed_in(desk, "ada").execute(
        "SELECT set_secret(id, 'pin', 'argon2id,t=2,m=19456,p=1', repeat('ab', 16), repeat('cd', 32))"
        " FROM users WHERE login = 'anna'"
    )
    (entry,) = _history(desk, "user_secrets")
    assert (entry["who"], entry["old"], entry["new"]) == ("Ada", None, {"method": "pin"})
    assert "abab" not in str(entry)
    assert "cdcd" not in str(entry)


def test_without_a_token_that_is_known_nothing_is_changed_at_all(desk: psycopg.Connection) -> None:
    for token in ("", "token of Ria", vale_street.token("ria").upper()):
        desk.execute("SELECT set_config('frontdesk.token', %s, true)", (token,))
        assert desk.execute("UPDATE customers SET notes = 'x'").rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege), desk.transaction():
            desk.execute("INSERT INTO customers (business_id, first_name) VALUES (1, 'Lou')")


def test_the_trigger_is_what_remembers(owner: psycopg.Connection) -> None:
    """The negative control: with it off, nothing is remembered."""
    owner.execute("ALTER TABLE customers DISABLE TRIGGER customers_history")
    before = owner.execute("SELECT count(*) FROM audit_log").fetchone()
    owner.execute("UPDATE customers SET last_name = 'Smith'")
    assert owner.execute("SELECT count(*) FROM audit_log").fetchone() == before
