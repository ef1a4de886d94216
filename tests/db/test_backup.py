"""Backups that are proved by reading them back, and what no list of an archive's contents would notice."""

from __future__ import annotations

import datetime as dt
import gc
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from frontdesk.clock import SetClock
from frontdesk.db import dump_programs
from frontdesk.db.backup import (
    BackedUp,
    BackupDamaged,
    BackupDiffers,
    BackupFailed,
    NoBackup,
    NothingToBackUp,
    Roles,
    back_up,
    beside,
    digest_file,
    kept_backups,
)
from frontdesk.db.contents import TableContents, contents, differences
from frontdesk.db.database import open_server
from frontdesk.db.dump_programs import DumpPrograms, OnWait, ProgramFailed
from frontdesk.db.making import Server, known_head
from frontdesk.db.restore import BackupNewer, is_vacant, restore
from frontdesk.db.server import PrivateServer
from frontdesk.db.server.binaries import bin_directory
from frontdesk.settings import Settings
from tests import vale_street
from tests.db.conftest import Place

NOON = SetClock(dt.datetime(2026, 3, 9, 12, 0, tzinfo=dt.UTC))


@pytest.fixture
def own(place: Place) -> Iterator[str]:
    """A copy of two businesses that may be changed for good: its name."""
    with place.database("backed up") as name:
        yield name


@pytest.fixture
def settings(place: Place, own: str, tmp_path: Path) -> Settings:
    """A terminal on that database, with its owner's address."""
    return Settings(database_url=place.desk(own), admin_url=place.owner(own), data_folder=tmp_path / "data")


@pytest.fixture
def made(settings: Settings) -> BackedUp:
    """A backup of it."""
    return back_up(settings, clock=NOON, verify=False)


@pytest.fixture
def target(settings: Settings, own: str) -> Iterator[Server]:
    """Another database on the same server, that is not there yet."""
    with open_server(settings) as server:
        another = beside(server, f"{own}_again")
        yield another
        another.drop_database()


def _contents(conninfo: str) -> dict[str, TableContents]:
    with psycopg.connect(conninfo) as connection:
        return {one.table: one for one in contents(connection)}


def _do(conninfo: str, *commands: str) -> None:
    with psycopg.connect(conninfo) as connection:
        for command in commands:
            connection.execute(command)


def _databases(place: Place, own: str) -> set[str]:
    """Those named after this one: other tests make and drop theirs beside them."""
    with psycopg.connect(place.owner("postgres")) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database") if name.startswith(own)}


def test_a_backup_is_read_back_and_kept_where_nobody_else_reads_it(place: Place, own: str, settings: Settings) -> None:
    before = _databases(place, own)
    said: list[str] = []
    made = back_up(settings, said.append, clock=NOON)
    assert made.verified
    assert made.tables > 30
    assert made.rows == sum(one.rows for one in _contents(place.owner(own)).values())
    assert (made.path.stat().st_mode & 0o777, made.path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert made.path.name == f"{own.replace(' ', '_')}-20260309-120000.dump"
    assert {path.name for path in made.path.parent.iterdir()} == {made.path.name, f"{made.path.name}.sha256"}
    assert digest_file(made.path).read_text().split() == [sha256(made.path.read_bytes()).hexdigest(), made.path.name]
    assert _databases(place, own) == before


def test_the_newest_backup_is_listed_first(settings: Settings, made: BackedUp) -> None:
    (made.path.parent / "notes.txt").write_text("not a backup")
    (made.path.parent / "vale-20260310-080000.dump").write_bytes(b"x")
    (made.path.parent / "vale-20269999-080000.dump").write_bytes(b"x")
    assert [(one.database, one.made_at.hour, one.bytes) for one in kept_backups(settings)] == [
        ("vale", 8, 1), (made.path.name.rsplit("-", 2)[0], 12, made.bytes),
    ]  # fmt: skip
    assert kept_backups(Settings(data_folder=settings.data_folder / "none")) == ()


def test_people_go_on_working_and_the_backup_is_of_one_moment(place: Place, own: str, settings: Settings) -> None:
    done, begun = threading.Event(), threading.Event()

    def work() -> None:
        with psycopg.connect(place.desk(own), autocommit=True) as desk:
            desk.execute("SELECT set_config('frontdesk.token', %s, false)", (vale_street.token("ria"),))
            while not done.is_set():
                desk.execute("INSERT INTO customers (first_name) VALUES ('Lou')")
                begun.set()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        assert begun.wait(10)
        assert back_up(settings, clock=NOON).verified
    finally:
        done.set()
        worker.join(10)


def _flipped(whole: bytes, at: int) -> bytes:
    return whole[:at] + bytes([whole[at] ^ 0x01]) + whole[at + 1 :]


def _in_rows(whole: bytes) -> int:
    """A place in the packed rows of some table, where a changed bit can't be read over: the longest piece behind the
    statements without the zeros that numbers are written with."""
    pieces = re.finditer(rb"(?:(?!\0\0).)+", whole[whole.rindex(b"ALTER TABLE") :], re.DOTALL)
    longest = max(pieces, key=lambda piece: len(piece[0]))
    return whole.rindex(b"ALTER TABLE") + (longest.start() + longest.end()) // 2


@pytest.mark.parametrize("harm", ["truncated", "a flipped bit"])
def test_a_damaged_backup_is_listed_without_complaint_and_refused_here(
    place: Place, own: str, made: BackedUp, target: Server, harm: str
) -> None:
    whole = made.path.read_bytes()
    made.path.write_bytes(whole[:-3000] if harm == "truncated" else _flipped(whole, _in_rows(whole)))
    listed = subprocess.run(
        [bin_directory(place.version) / "pg_restore", "-l", made.path], capture_output=True, check=False
    )
    assert listed.returncode == 0
    before = _databases(place, own)
    for _ in ("by its digest", "by reading it"):
        with pytest.raises(BackupDamaged):
            restore(target, made.path)
        digest_file(made.path).unlink(missing_ok=True)
    assert _databases(place, own) == before


def test_a_bit_that_only_the_digest_notices_is_noticed(made: BackedUp, target: Server) -> None:
    whole = made.path.read_bytes()
    made.path.write_bytes(_flipped(whole, whole.index(b"Printed on receipts")))
    with pytest.raises(BackupDamaged, match="it is not what it was"):
        restore(target, made.path)
    digest_file(made.path).unlink()
    restore(target, made.path)
    with psycopg.connect(target.owner) as owner:
        comments = owner.execute("SELECT count(*) FROM pg_description WHERE description = 'Printed on receipts'")
        assert comments.fetchone() == (0,)


def test_a_backup_that_lost_something_on_the_way_is_not_kept(
    place: Place, own: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from frontdesk.db import backup

    read_into = backup.read_into

    def lossy(programs: DumpPrograms, scratch: Server, half: Path, on_wait: OnWait | None) -> Roles:
        roles = read_into(programs, scratch, half, on_wait)
        _do(scratch.owner, "SET session_replication_role = replica", "DELETE FROM payments")
        return roles

    monkeypatch.setattr(backup, "read_into", lossy)
    with pytest.raises(BackupDiffers, match="payments has"):
        back_up(settings, clock=NOON)
    assert list((settings.data_folder / "backups").iterdir()) == []


def test_a_missing_row_a_missing_penny_and_another_word_are_noticed(place: Place, own: str) -> None:
    with psycopg.connect(place.owner(own)) as connection:
        connection.execute("SET session_replication_role = replica")
        before = contents(connection)
        assert differences(before, contents(connection)) == []
        for harm, words in (
            ("DELETE FROM customers WHERE id = (SELECT min(id) FROM customers)", "customers has"),
            ("UPDATE services SET price = price + 0.01 WHERE id = (SELECT min(id) FROM services)", "the money in serv"),
            ("UPDATE customers SET notes = notes || '.'", "customers has other values"),
            ("DROP TABLE imported_rows", "imported_rows is missing"),
        ):
            with connection.transaction(force_rollback=True):
                connection.execute("RESET ROLE")
                connection.execute(harm)
                (found,) = differences(before, contents(connection))
                assert found.startswith(words)


def test_a_restored_database_guards_itself_as_the_first_did(
    place: Place, own: str, made: BackedUp, target: Server
) -> None:
    assert is_vacant(target)
    restored = restore(target, made.path)
    assert (restored.version, restored.was) == (known_head(), known_head())
    assert not is_vacant(target)
    assert _contents(target.owner) == _contents(place.owner(own))
    with psycopg.connect(place.handle.conninfo(target.name, user=restored.desk_role)) as desk:
        assert desk.execute("SELECT count(*) FROM customers").fetchone() == (0,)
        assert desk.execute("SHOW idle_in_transaction_session_timeout").fetchone() == ("1min",)
        desk.execute("SELECT set_config('frontdesk.token', %s, true)", (vale_street.token("ria"),))
        assert desk.execute("SELECT count(*) > 0, count(DISTINCT business_id) FROM customers").fetchone() == (True, 1)
    with psycopg.connect(target.owner) as owner:
        strangers = "SELECT has_database_privilege('public', current_database(), 'CONNECT')"
        assert owner.execute(strangers).fetchone() == (False,)
        with pytest.raises(psycopg.errors.CheckViolation):
            owner.execute("INSERT INTO customers (business_id, first_name) VALUES (1, E'\\x1b[2J')")


def test_a_database_that_is_there_is_replaced_only_by_a_whole_backup(
    place: Place, own: str, settings: Settings, made: BackedUp
) -> None:
    before = _contents(place.owner(own))
    _do(place.owner(own), "UPDATE customers SET notes = 'since then'")
    damaged = made.path.with_name("vale-20260101-000000.dump")
    damaged.write_bytes(made.path.read_bytes()[:-3000])
    with open_server(settings) as server, psycopg.connect(place.desk(own)) as somebody:
        with pytest.raises(BackupDamaged):
            restore(server, damaged)
        assert _contents(place.owner(own)) != before
        restore(server, made.path)
        with pytest.raises(psycopg.OperationalError):
            somebody.execute("SELECT 1")
    assert _contents(place.owner(own)) == before


def test_a_backup_of_an_older_frontdesk_is_brought_up_to_date_and_of_a_newer_refused(
    place: Place, own: str, settings: Settings, target: Server
) -> None:
    from frontdesk.db.migrations import rollback

    _do(place.owner(own), "UPDATE schema_version SET version_num = '9999'")
    newer = back_up(settings, clock=NOON)
    with pytest.raises(BackupNewer):
        restore(target, newer.path)
    assert is_vacant(target)
    _do(place.owner(own), f"UPDATE schema_version SET version_num = '{known_head()}'")
    rollback(place.owner(own), target="0008")
    restored = restore(target, back_up(settings, clock=NOON).path)
    assert (restored.was, restored.version) == ("0008", known_head())


def test_what_is_no_backup_is_said_to_be_none(settings: Settings, target: Server, tmp_path: Path) -> None:
    letter = tmp_path / "letter.dump"
    letter.write_text("Dear all")
    for path in (letter, tmp_path / "missing.dump"):
        with pytest.raises(NoBackup):
            restore(target, path)
    empty = Settings(database_url=settings.database_url, admin_url=target.owner, data_folder=settings.data_folder)
    with pytest.raises(NothingToBackUp):
        back_up(empty)


def test_a_folder_that_can_not_be_written_is_named(settings: Settings) -> None:
    settings.data_folder.parent.mkdir(exist_ok=True)
    settings.data_folder.write_text("a file where the folder should be")
    with pytest.raises(BackupFailed, match=r"backups: "):
        back_up(settings)


def test_a_backup_comes_alive_on_a_machine_that_never_saw_it(place: Place, own: str, made: BackedUp) -> None:
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-elsewhere-"))
    folder.chmod(0o711)
    elsewhere = Settings(data_folder=folder / "data", database="vale", server_version=place.version)
    try:
        with open_server(elsewhere) as server:
            restored = restore(server, made.path)
            assert _contents(server.owner) == _contents(place.owner(own))
            with psycopg.connect(server.owner) as owner:
                asked = "SELECT rolcanlogin, rolsuper FROM pg_roles WHERE rolname = %s"
                assert owner.execute(asked, (restored.desk_role,)).fetchone() == (True, False)
        assert back_up(elsewhere).verified
    finally:
        PrivateServer(elsewhere.server_home, place.version).stop()
        shutil.rmtree(folder, ignore_errors=True)


def _restoring(folder: Path, words: str) -> DumpPrograms:
    """A pg_restore that does this, and notes which process it is."""
    program = folder / "pg_restore"
    program.write_text(f"#!/bin/sh\necho $$ >{folder}/pid\n{words}\n")
    program.chmod(0o755)
    return DumpPrograms(folder, 18, {"PATH": "/usr/bin:/bin"})


def test_a_pg_restore_that_works_on_without_reading_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dump_programs, "_STUCK_SECONDS", 0.3)
    monkeypatch.setattr(dump_programs, "_TICK", 0.1)
    said: list[str] = []
    with pytest.raises(ProgramFailed, match="round in circles"):
        _restoring(tmp_path, "while :; do :; done").run("pg_restore", on_wait=said.append, saying="reading…")
    assert set(said) == {"reading…"}
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()
    gc.collect()  # a pipe that was left open complains here


def test_a_pg_restore_that_waits_for_the_server_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dump_programs, "_STUCK_SECONDS", 0.3)
    monkeypatch.setattr(dump_programs, "_TICK", 0.1)
    assert _restoring(tmp_path, "sleep 1; echo read").run("pg_restore") == "read\n"


def test_a_program_is_ended_with_who_waits_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ctrl_c(_saying: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(dump_programs, "_TICK", 0.1)
    with pytest.raises(KeyboardInterrupt):
        _restoring(tmp_path, "exec sleep 600").run("pg_restore", on_wait=ctrl_c, saying="reading…")
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()
    gc.collect()
