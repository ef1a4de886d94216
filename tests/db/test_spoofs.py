"""What the program's login and a receptionist's token can't do, whatever SQL is spoken (reliability.md 3)."""

from __future__ import annotations

import psycopg
import pytest
from sqlmodel import Session

from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.transactions import transaction
from frontdesk.services.people.sign_in import open_desk
from tests import vale_street
from tests.db.conftest import Place, signed_in

REFUSED = "42501"

SETTINGS = (
    "SET frontdesk.business = '2'", "SET frontdesk.business_id = '2'", "SET frontdesk.role = 'admin'",
    "SET \"frontdesk.user\" = '7'", "SET frontdesk.user_id = '7'", "SET frontdesk.actor = '7'",
    "SET search_path = pg_temp", "SET frontdesk.terminal = '1'", "SET application_name = 'postgres'",
    "SET plan_cache_mode = force_generic_plan",
)  # fmt: skip

POWERS = {
    "another role": "SET ROLE {owner}",
    "the superuser's role": "SET ROLE postgres",
    "another session": "SET SESSION AUTHORIZATION postgres",
    "no row security": "SET row_security = off; SELECT * FROM customers",
    "no triggers": "SET session_replication_role = replica",
    "an empty table": "TRUNCATE customers CASCADE",
    "a locked table": "LOCK TABLE customers IN ACCESS EXCLUSIVE MODE",
    "the server's files": "SELECT pg_read_file('postgresql.conf')",
    "the server's folders": "SELECT pg_ls_dir('.')",
    "the server's log": "SELECT pg_ls_logdir()",
    "a program": "COPY (SELECT 1) TO PROGRAM 'true'",
    "a program's output": "COPY customers FROM PROGRAM 'true'",
    "a file": "COPY (SELECT 1) TO '/tmp/frontdesk-out'",
    "a file as an object": "SELECT lo_import('/etc/passwd')",
    "an object as a file": "SELECT lo_export(1, '/tmp/frontdesk-out')",
    "a temporary table": "CREATE TEMP TABLE mine (id int)",
    "a temporary function": "CREATE FUNCTION pg_temp.peep() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a function in public": "CREATE FUNCTION public.peep() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a table in public": "CREATE TABLE public.mine (id int)",
    "a view": "CREATE VIEW public.peep AS SELECT * FROM customers",
    "a type": "CREATE TYPE public.mine AS (id int)",
    "a schema": "CREATE SCHEMA mine",
    "a language": "CREATE LANGUAGE mine HANDLER plpgsql_call_handler",
    "a role": "CREATE ROLE mine",
    "a superuser": "ALTER ROLE CURRENT_USER SUPERUSER",
    "no policies": "ALTER ROLE CURRENT_USER BYPASSRLS",
    "a table without policies": "ALTER TABLE customers DISABLE ROW LEVEL SECURITY",
    "a policy less": "DROP POLICY customers_read ON customers",
    "a wider policy": "ALTER POLICY customers_read ON customers USING (true)",
    "a further policy": "CREATE POLICY mine ON customers USING (true)",
    "no history": "ALTER TABLE customers DISABLE TRIGGER ALL",
    "a trigger": "CREATE TRIGGER mine BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION touch_row()",
    "a rule": "CREATE RULE mine AS ON SELECT TO customers DO INSTEAD SELECT 1",
    "a setting for everybody": "ALTER ROLE ALL SET frontdesk.token = 'token of ria'",
    "somebody else's session": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
    "the owner's guard": "CALL guard_table('customers', '{{}}')",
    "the owner's grants": "CALL grant_columns('customers')",
    "the database's guard": "CALL guard_database()",
    "who is signed in": "SELECT signed_in()",
    "the check of a key": "SELECT key_fits(1, 'mo', 'pin', 'key', 1)",
    "who is behind a name": "SELECT name_behind('mo', '')",
    "a bucket": "SELECT fill_bucket('user 1 pin')",
    "a bucket's sequence": "SELECT setval('sign_in_bucket_0', 1)",
    "the next number of history": "SELECT nextval('audit_log_id_seq')",
    "the next customer's number": "SELECT nextval('customers_id_seq')",
    "a number of one's own": "INSERT INTO customers (id, first_name) VALUES (100, 'Eve')",
    "another number": "UPDATE customers SET id = 100 WHERE id = 1",
    "secrets": "SELECT * FROM user_secrets",
    "the server's secret": "SELECT * FROM server_secret",
    "wrong tries": "SELECT * FROM sign_in_tries",
    "approvals": "SELECT * FROM approvals",
    "an approval": "INSERT INTO approvals (deed) VALUES ('BOOK_PAST')",
    "history by the back door": "SELECT * FROM audit_log_default",
    "history rewritten": "DELETE FROM audit_log",
    "another history": "INSERT INTO audit_log (who, table_name, action) VALUES ('Mo', 'sales', 'insert')",
    "commission": "INSERT INTO commissions (amount) VALUES (100)",
    "receipt numbers": "UPDATE sale_numbers SET last_number = 0",
    "invoice numbers": "UPDATE invoice_numbers SET last_number = 0",
    "another invoice": "UPDATE invoice_versions SET buyer_name = 'Eve'",
    "another cashier's name": "INSERT INTO sales (shop_id, day, currency, cashier_id)"
    " SELECT 1, '2026-03-09', 'GBP', id FROM users WHERE login = 'mo'",
    "somebody else's step": "INSERT INTO appointment_status_history (appointment_id, to_status, at, user_id)"
    " SELECT 1000, 'completed', now(), id FROM users WHERE login = 'mo'",
    "statistics of columns": "SELECT * FROM pg_statistic",
    "passwords of roles": "SELECT * FROM pg_authid",
}


@pytest.mark.parametrize("power", POWERS)
def test_the_program_does_not_get(owner: psycopg.Connection, ria: psycopg.Connection, power: str) -> None:
    (name,) = owner.execute("SELECT quote_ident(owner_role())").fetchone() or ("",)
    with pytest.raises(psycopg.errors.InsufficientPrivilege) as refusal:
        ria.execute(POWERS[power].format(owner=name))
    assert refusal.value.sqlstate == REFUSED


def test_no_setting_makes_somebody_of_nobody(desk: psycopg.Connection) -> None:
    for setting in SETTINGS:
        desk.execute(setting)
    seen = desk.execute("SELECT count(*) FROM public.customers").fetchone()
    asked = desk.execute("SELECT public.actor_business(), public.actor_role(), public.actor_user()").fetchone()
    assert (seen, asked) == ((0,), (None, None, None))


def test_no_setting_makes_more_of_a_receptionist(ria: psycopg.Connection) -> None:
    for setting in SETTINGS:
        ria.execute(setting)
    seen = ria.execute("SELECT DISTINCT business_id FROM public.customers").fetchall()
    assert seen == [(1,)]
    assert ria.execute("SELECT public.actor_business(), public.actor_role()").fetchone() == (1, "receptionist")
    assert ria.execute("SELECT count(*) FROM public.commission_rules").fetchone() == (0,)


@pytest.mark.parametrize(
    "token", ["", " ", "token of Ria", "token of ria ", "' OR true --", "%", "\\x", "token of ria\\000"]
)
def test_no_token_but_the_one_given_opens_anything(desk: psycopg.Connection, token: str) -> None:
    desk.execute("SELECT set_config('frontdesk.token', %s, true)", (token,))
    assert desk.execute("SELECT actor_user(), (SELECT count(*) FROM users)").fetchone() == (None, 0)


def test_the_hash_of_a_token_is_no_token(owner: psycopg.Connection, desk: psycopg.Connection) -> None:
    hashes = owner.execute("SELECT encode(token_hash, 'hex'), token_hash::text FROM sign_ins").fetchall()
    for token in {form for forms in hashes for form in forms}:
        desk.execute("SELECT set_config('frontdesk.token', %s, true)", (token,))
        assert desk.execute("SELECT actor_user()").fetchone() == (None,)


def test_a_condition_that_fails_on_hidden_rows_is_never_asked_of_them(ria: psycopg.Connection) -> None:
    # Were the condition asked first, dividing by zero or reading a name as a number would betray Elm Road's Jane.
    ria.execute("SET LOCAL enable_seqscan = on")
    for condition in ("1 / (4 - id) > -9", "CASE WHEN business_id = 2 THEN last_name::int > 0 ELSE true END"):
        assert ria.execute(f"SELECT count(*) FROM customers WHERE {condition}").fetchone() == (4,)


def test_statistics_show_nothing_of_guarded_tables(owner: psycopg.Connection, ria: psycopg.Connection) -> None:
    asked = "SELECT count(*) FROM pg_stats WHERE schemaname = 'public' AND tablename IN ('customers', 'users')"
    assert ria.execute(asked).fetchone() == (0,)
    assert owner.execute(asked).fetchone() != (0,)


def test_a_receptionist_sees_no_sign_ins_and_no_history(ria: psycopg.Connection) -> None:
    for table in ("sign_ins", "audit_log", "commissions", "commission_rules", "outbox_events"):
        assert ria.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_doors_stay_shut_to_nobody(desk: psycopg.Connection) -> None:
    asked = {
        "who_am_i": "SELECT user_id FROM who_am_i()",
        "record_history": "SELECT count(*) FROM record_history('customers', 1)",
        "approve": "SELECT code FROM approve('mo@vale', repeat('0', 64), 'BOOK_PAST', 'terminal of 1')",
        "spend_approval": "SELECT spend_approval('code of 1', 'BOOK_PAST')",
        "actor_stylist": "SELECT actor_stylist()",
        "sign_in_names": "SELECT count(*) FROM sign_in_names('terminal of nobody')",
    }
    answers = {door: (desk.execute(statement).fetchone() or (None,))[0] for door, statement in asked.items()}
    assert answers == dict.fromkeys(asked) | {"record_history": 0, "sign_in_names": 0}
    for call in (
        "set_secret(1, 'pin', 'argon2id,t=2,m=19456,p=1', repeat('ab', 16), repeat('ab', 32))",
        "end_sign_ins(1)",
        "next_sale_number(1)",
        "write_commissions(1000, 2)",
        "write_refund_commissions(1000, 'goodwill', 2)",
        "write_pay_adjustment(1, '2026-03-09', 1, 'GBP', 'Gift')",
        "write_top_ups(1000)",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), desk.transaction():
            desk.execute(f"SELECT {call}")


def test_doors_lead_to_ones_own_business_only(desk: psycopg.Connection) -> None:
    eve = signed_in(desk, "eve")
    assert eve.execute("SELECT count(*) FROM record_history('customers', 1)").fetchone() == (0,)
    eve.execute("SELECT end_sign_ins(1)")
    assert eve.execute("SELECT count(*) FROM sign_ins WHERE ended_at IS NOT NULL").fetchone() == (0,)
    for call in (
        "set_secret(1, 'pin', 'argon2id,t=2,m=19456,p=1', repeat('ab', 16), repeat('ab', 32))",
        "next_sale_number(1)",
        "write_commissions(1001, 2)",
        "write_refund_commissions(1001, 'goodwill', 2)",
        "write_pay_adjustment(1, '2026-03-09', 1, 'GBP', 'Gift')",
        "write_top_ups(1000)",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), eve.transaction():
            eve.execute(f"SELECT {call}")
    assert signed_in(desk, "ria").execute("SELECT actor_user() IS NOT NULL").fetchone() == (True,)


@pytest.mark.parametrize("login", ["ria", "tess", "mo", "anna", "otto"])
def test_only_an_admin_sets_another_persons_secret(desk: psycopg.Connection, login: str) -> None:
    somebody = signed_in(desk, login)
    for call in (
        "set_secret((SELECT id FROM users WHERE login = 'ada'), 'pin', 'argon2id,t=2,m=19456,p=1',"
        " repeat('ab', 16), repeat('ab', 32))",
        "end_sign_ins((SELECT id FROM users WHERE login = 'ada'))",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), somebody.transaction():
            somebody.execute(f"SELECT {call}")


def test_a_stylist_reads_no_sale_through_the_door_to_history(desk: psycopg.Connection) -> None:
    asked = "SELECT count(*) > 0 FROM record_history('sales', 1000)"
    assert signed_in(desk, "ria").execute(asked).fetchone() == (True,)
    assert signed_in(desk, "anna").execute(asked).fetchone() == (False,)


def test_a_busy_stylist_of_another_business_is_not_told_from_a_free_one(desk: psycopg.Connection) -> None:
    """A conflict is found before a foreign key is checked: without the tenant in the key it would say "taken"."""
    eve = signed_in(desk, "eve")
    for busy in ("2026-03-09 10:00Z", "2026-03-09 15:00Z"):
        with pytest.raises(psycopg.errors.ForeignKeyViolation), eve.transaction():
            eve.execute(
                "INSERT INTO time_slots (shop_id, status, hold_key, held_by, held_until, resource_id, starts_at,"
                " ends_at) SELECT 2, 'held', gen_random_uuid(), id, '2026-03-10', 1, %(at)s,"
                " %(at)s::timestamptz + interval '9 minutes' FROM users",
                {"at": busy},
            )
    for token in ("doe", "nobody"):
        with pytest.raises(psycopg.errors.ForeignKeyViolation), eve.transaction():
            eve.execute("INSERT INTO customer_tokens (customer_id, kind, token) VALUES (1, 'last', %s)", (token,))


def test_a_token_stands_in_no_statement_that_others_can_read(place: Place, two: str) -> None:
    engine = open_engine(place.desk(two))
    try:
        desk = open_desk(lambda: Session(engine), vale_street.token("ria"), SetClock(vale_street.NOW))
        with (
            transaction(desk) as session,
            psycopg.connect(place.desk(two)) as neighbour,
        ):
            assert session.connection().connection.is_valid
            queries = neighbour.execute("SELECT query FROM pg_stat_activity WHERE query <> ''").fetchall()
        assert any("set_config" in query for (query,) in queries)
        assert not any(desk.token in query for (query,) in queries)
    finally:
        engine.dispose()
