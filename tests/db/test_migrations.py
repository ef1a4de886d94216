"""The schema goes up, down and up again with data in it, on both servers, and refuses what it does not know (F15)."""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import exc

from frontdesk.db import migrations
from frontdesk.db.migrations import MigrationEdited, SchemaNewer, migrate, rollback, status
from frontdesk.errors import Busy
from tests import vale_street
from tests.db import two_businesses
from tests.db.catalogue import as_far_as_in, rows_of, schema_of, tables_of
from tests.db.conftest import Place

NUMBERS = [f"{number:04d}" for number in range(1, len(list(migrations.scripts_folder().glob("versions/0*.py"))) + 1)]
BOOKKEEPING = {"schema_version", "schema_checksums"}


@pytest.fixture
def empty(place: Place) -> Iterator[str]:
    """A database with nothing in it: its name."""
    with place.database("empty", template=None) as name:
        yield name


@pytest.fixture
def made(place: Place) -> Iterator[str]:
    """A database that is up to date, with both businesses in it: its name."""
    with place.database("made") as name:
        yield name


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations that a test may change."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.scripts_folder(), folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrations, "scripts_folder", lambda: folder)
    return folder


def _scalar(conninfo: str, statement: str) -> object:
    with psycopg.connect(conninfo) as connection:
        row = connection.execute(statement).fetchone()
        return row[0] if row else None


def test_migrations_are_numbered_without_gaps_and_go_both_ways() -> None:
    files = sorted(migrations.scripts_folder().glob("versions/*.py"))
    assert [file.name[:4] for file in files] == NUMBERS
    for number, file in zip(NUMBERS, files, strict=True):
        written = file.read_text(encoding="utf-8")
        assert re.fullmatch(r"[0-9]{4}_[a-z0-9_]+\.py", file.name)
        assert f'revision = "{number}"' in written
        assert "def upgrade() -> None:" in written
        assert re.search(r"def downgrade\(\) -> None:\n    (?!pass|raise)", written), f"{file.name} has no way back"
        assert "op.execute(AS_OWNER)" in written, f"{file.name} makes things that belong to whoever migrates"


def test_down_to_nothing_and_up_again_is_the_same_schema(place: Place, empty: str) -> None:
    conninfo = place.owner(empty)
    made = migrate(conninfo)
    assert (made.current, made.pending) == (NUMBERS[-1], ())
    two_businesses.build(conninfo)
    before = schema_of(conninfo, place.version)
    assert sum(line.startswith("CREATE POLICY") for line in before) > 80
    gone = rollback(conninfo, target="base")
    assert (gone.current, gone.pending) == (None, tuple(NUMBERS))
    assert tables_of(conninfo) == {"schema_version"}
    assert _scalar(conninfo, LEFT_OVER) == 0
    migrate(conninfo)
    assert schema_of(conninfo, place.version) == before
    two_businesses.build(conninfo)


LEFT_OVER = """
SELECT (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)
     + (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('S', 'v'))
     + (SELECT count(*) FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'd')
"""


def test_each_step_down_and_up_is_the_same_schema_and_keeps_the_rest_of_the_data(place: Place) -> None:
    with place.database("steps", template=None) as name:
        conninfo = place.owner(name)
        migrate(conninfo)
        two_businesses.build(conninfo)
        schemas = {NUMBERS[-1]: schema_of(conninfo, place.version)}
        for number, below in zip(reversed(NUMBERS[1:]), reversed(NUMBERS[:-1]), strict=True):
            before = rows_of(conninfo, tables_of(conninfo) - BOOKKEEPING)
            rollback(conninfo, target="-1")
            kept = tables_of(conninfo) - BOOKKEEPING
            after = rows_of(conninfo, kept)
            assert after == as_far_as_in(before, after), number
            schemas[below] = schema_of(conninfo, place.version)
            migrate(conninfo, target="+1")
            assert schema_of(conninfo, place.version) == schemas[number], number
            assert as_far_as_in(rows_of(conninfo, kept), after) == after, number
            rollback(conninfo, target="-1")
        assert status(conninfo).current == NUMBERS[0]


def test_a_migration_edited_after_it_was_applied_is_refused(place: Place, made: str, scripts: Path) -> None:
    edited = next(scripts.glob("versions/0003_*.py"))
    edited.write_text(edited.read_text(encoding="utf-8") + "# a space too many\n", encoding="utf-8")
    with pytest.raises(MigrationEdited, match="Migration 0003 was changed after it was applied"):
        migrate(place.owner(made))
    with pytest.raises(MigrationEdited, match="Migration 0003 was changed after it was applied"):
        rollback(place.owner(made), target="-1")
    assert status(place.owner(made)).current == NUMBERS[-1]


def test_a_migration_that_was_taken_back_may_be_edited(place: Place, made: str, scripts: Path) -> None:
    rollback(place.owner(made), target="0002")
    edited = next(scripts.glob("versions/0003_*.py"))
    edited.write_text(edited.read_text(encoding="utf-8") + "# corrected\n", encoding="utf-8")
    assert migrate(place.owner(made)).current == NUMBERS[-1]


def test_a_newer_database_is_refused(place: Place, made: str, scripts: Path) -> None:
    for last in NUMBERS[-2:]:
        next(scripts.glob(f"versions/{last}_*.py")).unlink()
    with pytest.raises(SchemaNewer, match=f"version {NUMBERS[-1]}, newer than this program .{NUMBERS[-3]}."):
        migrate(place.owner(made))


def test_a_missing_migration_is_refused(place: Place, made: str, scripts: Path) -> None:
    next(scripts.glob("versions/0004_*.py")).unlink()
    with pytest.raises(migrations.MigrationMissing, match="Migration 0004 is missing"):
        migrate(place.owner(made))


def test_eight_terminals_that_start_at_once_apply_nothing_twice(place: Place, empty: str) -> None:
    with ThreadPoolExecutor(8) as starters:
        reached = [done.current for done in starters.map(lambda _: migrate(place.owner(empty)), range(8))]
    assert reached == [NUMBERS[-1]] * 8
    assert _scalar(place.owner(empty), "SELECT count(*) FROM schema_checksums") == len(NUMBERS)


def test_a_migration_that_fails_goes_back_alone(place: Place, made: str, scripts: Path) -> None:
    _write(scripts, "CREATE TABLE good (id int)", "DROP TABLE good")
    _write(scripts, "CREATE TABLE bad (id int); SELECT 1 / 0", "DROP TABLE bad")
    with pytest.raises(exc.DBAPIError, match="division by zero"):
        migrate(place.owner(made))
    good = f"{len(NUMBERS) + 1:04d}"
    assert status(place.owner(made)).current == good
    assert tables_of(place.owner(made)) & {"good", "bad"} == {"good"}
    assert _scalar(place.owner(made), "SELECT max(revision) FROM schema_checksums") == good
    # Nothing is held on to: put right, it goes on from there.
    last = sorted(scripts.glob("versions/*.py"))[-1]
    last.write_text(last.read_text(encoding="utf-8").replace("; SELECT 1 / 0", ""), encoding="utf-8")
    assert migrate(place.owner(made)).pending == ()


def test_eight_terminals_go_on_writing_while_a_table_is_changed(place: Place, made: str, scripts: Path) -> None:
    _write(scripts, "ALTER TABLE customers ADD COLUMN shoe_size integer", "ALTER TABLE customers DROP COLUMN shoe_size")
    done, ready = threading.Event(), threading.Barrier(9)

    def write(number: int) -> float:
        longest = 0.0
        with psycopg.connect(place.desk(made), autocommit=True) as desk:
            desk.execute("SELECT set_config('frontdesk.token', %s, false)", (vale_street.token("ria"),))
            ready.wait()
            while not done.is_set():
                began = time.monotonic()
                desk.execute("INSERT INTO customers (first_name) VALUES ('Lou')")
                longest = max(longest, time.monotonic() - began)
        return longest

    with ThreadPoolExecutor(8) as terminals:
        waits = [terminals.submit(write, number) for number in range(8)]
        ready.wait()
        try:
            migrate(place.owner(made))
        finally:
            done.set()
        assert max(wait.result() for wait in waits) < 5
    assert _scalar(place.owner(made), "SELECT count(*) FROM customers WHERE shoe_size IS NULL") != 0


BEFORE_IMPORTS = "0006"


def test_a_migration_does_not_wait_for_ever_while_everybody_waits_behind_it(
    place: Place, made: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "PATIENCE", "30ms")
    with psycopg.connect(place.owner(made)) as writer:
        writer.execute("UPDATE import_batches SET rows_read = 0")
        with pytest.raises(Busy):
            rollback(place.owner(made), target=BEFORE_IMPORTS)
    assert rollback(place.owner(made), target=BEFORE_IMPORTS).current == BEFORE_IMPORTS


def _write(scripts: Path, up: str, down: str) -> Path:
    path = migrations.new("a new table")
    written = path.read_text(encoding="utf-8").replace('UP = """\n', f'UP = """\n{up}\n', 1)
    path.write_text(written.replace('DOWN = """\n', f'DOWN = """\n{down}\n', 1), encoding="utf-8")
    assert path.parent == scripts / "versions"
    return path


def test_a_new_migration_gets_the_next_number_and_works_as_written(
    place: Place, made: str, scripts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = migrations.new('Gift cards, "the" second\\ try')
    assert path.name == f"{len(NUMBERS) + 1:04d}_gift_cards_the_second_try.py"
    assert path.read_text(encoding="utf-8").startswith('"""Gift cards, "the" second\\\\ try."""')
    assert capsys.readouterr().out == ""
    migrate(place.owner(made))
    rollback(place.owner(made), target="-1")
    assert status(place.owner(made)).pending == (f"{len(NUMBERS) + 1:04d}",)


def test_what_a_new_migration_makes_belongs_to_the_owner(place: Place, made: str, scripts: Path) -> None:
    _write(scripts, "CREATE FUNCTION peep() RETURNS int LANGUAGE sql RETURN 1", "DROP FUNCTION peep()")
    migrate(place.owner(made))
    asked = "SELECT proowner = to_regrole(quote_ident(owner_role())) AND proacl::text !~ '[{,]=X' FROM pg_proc"
    assert _scalar(place.owner(made), f"{asked} WHERE proname = 'peep'") is True


def test_roles_outlive_the_schema(place: Place, empty: str) -> None:
    migrate(place.owner(empty))
    rollback(place.owner(empty), target="base")
    with psycopg.connect(place.owner("postgres")) as connection:
        roles = connection.execute(
            "SELECT count(*) FROM pg_roles WHERE rolname IN (%s, %s)", (f"{empty}_owner", f"{empty}_desk")
        )
        assert roles.fetchone() == (2,)


def test_two_databases_of_one_server_have_roles_of_their_own(place: Place) -> None:
    with place.database("first", template=None) as first, place.database("second", template=None) as second:
        migrate(place.owner(first))
        migrate(place.owner(second))
        for name, other in ((first, second), (second, first)):
            with psycopg.connect(place.desk(name, made_as=name)) as desk:
                assert desk.execute("SELECT count(*) FROM customers").fetchone() == (0,)
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(place.desk(other, made_as=name))


@pytest.mark.parametrize("name", ["Shop", "o'hara's \"best\"", "50% $$ ☂ back\\slash", "-x"])
def test_a_database_may_have_any_name(place: Place, name: str) -> None:
    with place.database(name, template=None) as full:
        migrate(place.owner(full))
        vale_street.build(place.owner(full))
        with psycopg.connect(place.desk(full, made_as=full)) as desk:
            desk.execute("SELECT set_config('frontdesk.token', 'token of ria', true)")
            assert desk.execute("SELECT count(*) FROM customers").fetchone() == (3,)
        rollback(place.owner(full), target="base")


def test_a_name_too_long_for_two_roles_is_refused(place: Place) -> None:
    with place.database("x" * 58, template=None) as name, pytest.raises(exc.DBAPIError, match="57 bytes at most"):
        migrate(place.owner(name))


def test_a_role_that_may_too_much_is_not_taken_for_the_desk(place: Place) -> None:
    with (
        place.database("too strong", template=None) as name,
        psycopg.connect(place.owner(name), autocommit=True) as connection,
    ):
        role = sql.Identifier(f"{name}_desk")
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN BYPASSRLS").format(role))
        try:
            with pytest.raises(exc.DBAPIError, match="was here already and may more"):
                migrate(place.owner(name))
            assert tables_of(place.owner(name)) <= {"schema_version"}
        finally:
            connection.execute(sql.SQL("DROP ROLE {}").format(role))


def test_a_copied_and_a_renamed_database_can_still_be_migrated(place: Place) -> None:
    with place.database("copied") as name:
        conninfo = place.owner(name)
        rollback(conninfo, target="0003")
        assert migrate(conninfo).pending == ()
        owners = _scalar(conninfo, "SELECT string_agg(DISTINCT relowner::regrole::text, ' ') FROM pg_class"
                                   " WHERE relnamespace = 'public'::regnamespace")  # fmt: skip
        assert owners == "two_making_owner"


def test_a_copy_is_as_closed_as_what_it_was_copied_from(place: Place) -> None:
    """Who may connect belongs to the database, not to what is in it: copies and restored backups come without it."""
    with place.database("copied") as name:
        with psycopg.connect(place.owner(name), autocommit=True) as owner:
            owner.execute(sql.SQL("GRANT ALL ON DATABASE {} TO PUBLIC").format(sql.Identifier(name)))
        migrate(place.owner(name))
        with psycopg.connect(place.desk(name)) as desk, pytest.raises(psycopg.errors.InsufficientPrivilege):
            desk.execute("CREATE TEMP TABLE mine (id int)")
        with psycopg.connect(place.desk(name)) as desk:
            assert desk.execute("SHOW idle_in_transaction_session_timeout").fetchone() == ("1min",)


def test_somebody_who_is_no_superuser_can_migrate(place: Place) -> None:
    """A rented server gives its customer a role that makes databases and roles, and no more."""
    with psycopg.connect(place.owner("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE tenant LOGIN CREATEDB CREATEROLE")
    with place.database("rented", template=None) as name:
        with psycopg.connect(place.owner("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO tenant").format(sql.Identifier(name)))
        conninfo = place.handle.conninfo(name, user="tenant")
        assert migrate(conninfo).pending == ()
        rollback(conninfo, target="base")
        assert migrate(conninfo).pending == ()
        vale_street.build(conninfo)
        with psycopg.connect(place.desk(name, made_as=name)) as desk:
            desk.execute("SELECT set_config('frontdesk.token', 'token of ria', true)")
            assert desk.execute("SELECT count(*) FROM customers").fetchone() == (3,)


def test_asking_where_a_database_stands_changes_nothing(place: Place, empty: str) -> None:
    assert status(place.owner(empty)) == migrations.SchemaStatus(None, NUMBERS[-1], tuple(NUMBERS))
    assert tables_of(place.owner(empty)) == set()
