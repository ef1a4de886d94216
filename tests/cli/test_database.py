"""db, server, setup, info: from an empty machine, or an empty shared server, to the first booking."""

from __future__ import annotations

import shutil
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from psycopg import sql

from frontdesk.cli.asked import Asked
from frontdesk.cli.root import root
from frontdesk.db.making import DEMO_MARK, known_head, known_migrations
from frontdesk.db.server import Handle, PrivateServer
from tests.cli.conftest import Ended, Run

PASSWORD = "correct horse battery"
SHOP = ("--name", "Vale Street", "--timezone", "Europe/London", "--login", "ada")


@pytest.fixture
def here(place: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command in this process with nobody signed in and no database given."""
    monkeypatch.setenv("FRONTDESK_PASSWORD", PASSWORD)

    def invoke(*words: str) -> Ended:
        done = CliRunner().invoke(root, words, obj=Asked(), prog_name="frontdesk")
        return Ended(done.exit_code, done.stdout, done.stderr)

    return invoke


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A data folder that the server's user may pass into; its server is stopped afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-cli-"))
    folder.chmod(0o711)
    yield folder
    PrivateServer(folder / "data" / "server").stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def private(folder: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, place: Path) -> str:
    """The module's private server, with a database for each test: its name."""
    name = f"desk{zlib.crc32(request.node.name.encode())}"
    monkeypatch.setenv("FRONTDESK_DATA_FOLDER", str(folder / "data"))
    monkeypatch.setenv("FRONTDESK_DATABASE", name)
    return name


@pytest.fixture
def empty(server: Handle, committed: str, monkeypatch: pytest.MonkeyPatch, place: Path) -> Iterator[str]:
    """A shared server without a database of ours, its owner's address and the desk's with a password: the name."""
    name = f"{committed}_new"
    monkeypatch.setenv("FRONTDESK_DATABASE_URL", f"{server.conninfo(name, user=f'{name}_desk')} password='it\\'s'")
    monkeypatch.setenv("FRONTDESK_ADMIN_URL", server.conninfo(name))
    yield name
    _do(server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _do(server: Handle, command: sql.Composed) -> None:
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(command)


@pytest.mark.usefixtures("private")
def test_from_an_empty_machine_to_the_first_booking(here: Run) -> None:
    assert here("server", "status", "--json").json["running"] is False
    made = here("setup", *SHOP, "--json")
    assert made.code == 0, made.err
    assert made.json["services"] > 0
    assert here("whoami", "--json").json["currency"] == "GBP"
    assert here("stylist", "add", "Anna", "--week", "daily 9-17").code == 0
    assert here("customer", "add", "Jane", "Doe").code == 0
    line = here("free", "cut", "--limit", "1", "--json").json["times"]
    assert line, here("service", "list").out
    assert here("book", "jane", here("do", "menu.show_menu").json["services"][0]["code"], "next").code == 0
    assert here("setup", *SHOP, "--json").json["refused"] == "NameTaken"


@pytest.mark.usefixtures("private")
def test_a_server_that_is_started_is_kept_until_it_is_stopped(here: Run) -> None:
    started = here("server", "start", "--json")
    assert started.code == 0, started.err
    assert here("server", "start", "--json").json["started_at"] == started.json["started_at"]
    status = here("server", "status").out
    assert "running" in status
    assert f"psql -h {started.json['socket_directory']}" in status
    assert here("server", "stop", "--json").json == {"was_running": True}
    assert here("server", "stop").err == "It was not running.\n"
    assert "not running" in here("server", "status").out


def test_the_private_database_is_emptied_only_after_its_name_was_said(here: Run, private: str) -> None:
    here("setup", *SHOP, "--empty")
    assert here("db", "reset").code == 2
    assert here("db", "reset", "--yes", f"{private}s").code == 2
    assert here("whoami").code == 0
    assert here("db", "reset", "--yes", private).code == 0
    assert here("whoami").code == 3


def test_a_shared_database_is_made_migrated_and_opened(here: Run, server: Handle, empty: str) -> None:
    assert here("db", "status", "--json").json["version"] is None
    migrated = here("db", "migrate", "--json")
    assert migrated.code == 0, migrated.err
    assert (migrated.json["was"], migrated.json["version"], migrated.json["pending"]) == (None, known_head(), [])
    with psycopg.connect(server.conninfo("postgres")) as connection:
        asked = "SELECT rolpassword LIKE 'SCRAM-SHA-256%%', rolsuper FROM pg_authid WHERE rolname = %s"
        assert connection.execute(asked, (f"{empty}_desk",)).fetchone() == (True, False)
    assert here("setup", *SHOP, "--empty").code == 0
    assert here("whoami").code == 0


def test_a_shared_database_of_another_version_is_not_worked_in(here: Run, server: Handle, empty: str) -> None:
    here("db", "migrate")
    before = known_migrations()[-2]
    back = here("db", "rollback", "--to", before, "--json")
    assert (back.json["version"], back.json["pending"]) == (before, [known_head()])
    assert here("login", "ada", "--json").json["refused"] == "SchemaBehind"
    assert here("db", "migrate").code == 0
    with psycopg.connect(server.conninfo(empty)) as connection:
        connection.execute("UPDATE schema_version SET version_num = '9999'")
    assert here("login", "ada", "--json").json["refused"] == "SchemaAhead"


def test_without_the_owners_address_a_shared_database_stays_as_it_is(
    here: Run, server: Handle, committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTDESK_DATABASE_URL", server.conninfo(committed, user="making_desk"))
    assert here("db", "status", "--json").json["version"] == known_head()
    for words in (("db", "migrate"), ("db", "reset", "--yes", committed), ("db", "rollback"), ("setup", *SHOP)):
        assert here(*words, "--json").json["refused"] == "NoAdminAddress", words
    monkeypatch.setenv("FRONTDESK_ADMIN_URL", server.conninfo(committed))
    monkeypatch.setenv("FRONTDESK_DATABASE_URL", server.conninfo(committed, user="somebody_else"))
    assert here("db", "migrate", "--json").json["refused"] == "OtherDeskRole"


def test_a_shared_database_is_emptied_only_if_it_is_a_demo(here: Run, server: Handle, empty: str) -> None:
    here("db", "migrate")
    here("setup", *SHOP, "--empty")
    assert here("db", "reset", "--yes", empty, "--json").json["refused"] == "NotToBeReset"
    _do(server, sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(empty), sql.Literal(DEMO_MARK)))
    assert here("db", "reset", "--yes", empty, "--json").json["version"] == known_head()
    assert here("whoami").code == 3


def test_info_says_where_each_setting_comes_from_and_hides_passwords(
    here: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "config").mkdir()
    (place / "config" / "config.toml").write_text("server_version = 16\nadmin_url = \"host=db password='to p' user=x\"")
    monkeypatch.setenv("FRONTDESK_DATABASE_URL", "postgresql://desk:secret@db/vale")
    told = {
        s["name"]: (s["value"], s["origin"]) for s in here("--database", "other", "info", "--json").json["settings"]
    }
    assert told["server_version"] == (16, str(place / "config" / "config.toml"))
    assert told["database_url"] == ("postgresql://desk:***@db/vale", "FRONTDESK_DATABASE_URL")
    assert told["admin_url"][0] == "host=db password=*** user=x"
    assert told["database"] == ("other", "flag")


def test_settings_that_can_not_be_read_are_usage(here: Run, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDESK_DATABASE_URL", "no address at all")
    ended = here("login", "ada")
    assert ended.code == 2
    assert "FRONTDESK_DATABASE_URL is not the address of a database" in ended.err
    (place / "config").mkdir()
    (place / "config" / "config.toml").write_text("colour = 3")
    assert here("info").code == 2


@pytest.mark.parametrize(
    "wrong", [("--timezone", "Mars/Base"), ("--currency", "XYZ"), ("--locale", "q"), ("--country", "1")]
)
def test_setup_refuses_what_is_no_place(here: Run, wrong: tuple[str, str]) -> None:
    assert here("setup", *SHOP, *wrong).code == 2


def test_upkeep_gives_history_its_months_once(here: Run, server: Handle, empty: str) -> None:
    here("db", "migrate")
    assert len(here("db", "maintain", "--json").json["months"]) == 4
    assert here("db", "maintain", "--json").json["months"] == []


def test_what_was_backed_up_is_restored_after_the_name_was_said(here: Run, private: str, folder: Path) -> None:
    here("setup", *SHOP, "--empty")
    assert here("db", "backups", "--json").json == []
    made = here("db", "backup", "--verify", "--json")
    assert made.code == 0, made.err
    assert made.json["verified"] is True
    (kept,) = [one for one in here("db", "backups", "--json").json if one["database"] == private]
    assert kept["path"] == made.json["path"]
    listed, name = here("db", "backups"), Path(kept["path"]).name
    assert name in listed.out  # whole, whatever the folder is called
    assert str(Path(kept["path"]).parent) in " ".join(listed.err.split())
    here("customer", "add", "Jane", "Doe")
    assert here("db", "restore", kept["path"]).code == 2
    assert here("db", "restore", name, "--yes", f"{private}s").code == 2
    assert here("db", "restore", f"no-{name}", "--json").json["refused"] == "NoBackup"
    assert here("customer", "find", "jane", "--json").json["customers"]
    back = here("db", "restore", name, "--yes", private, "--json")
    assert back.code == 0, back.err
    assert here("whoami").code == 0
    assert not here("customer", "find", "jane", "--json").json["customers"]


def test_a_backup_is_opened_beside_the_desk_s_database(here: Run, private: str) -> None:
    here("setup", *SHOP, "--empty")
    path = here("db", "backup", "--json").json["path"]
    beside = here("db", "restore", path, "--to", f"{private}_then")
    assert beside.code == 0, beside.err
    assert f"--database {private}_then" in beside.err
    assert here("--database", f"{private}_then", "whoami").code == 0
    assert here("db", "restore", path, "--to", "No Name").code == 2
    assert here("db", "restore", "/etc/hostname", "--yes", private, "--json").json["refused"] == "NoBackup"


def test_a_shared_database_is_not_replaced_by_a_backup(here: Run, empty: str) -> None:
    here("db", "migrate")
    here("setup", *SHOP, "--empty")
    path = here("db", "backup", "--json").json["path"]
    assert here("db", "restore", path, "--yes", empty, "--json").json["refused"] == "NotToBeReset"
