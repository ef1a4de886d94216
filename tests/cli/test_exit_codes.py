"""Exit codes are an API: each one for real, with what goes to stdout and what to stderr."""

from __future__ import annotations

import json
import shlex
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pexpect
import psycopg
import pytest

from frontdesk.db.server import Handle
from tests.cli.conftest import REPO, Run

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(shared: str) -> Iterator[Start]:
    """A command in a process of its own that goes on while the test does; none outlives it."""
    with ExitStack() as processes:

        def begin(*words: str) -> subprocess.Popen[str]:
            command = [sys.executable, "-m", "frontdesk", *words]
            pipe = subprocess.PIPE
            begun = processes.enter_context(subprocess.Popen(command, cwd=REPO, text=True, stdout=pipe, stderr=pipe))
            processes.callback(begun.kill)
            return begun

        yield begin


def test_0_done_with_data_on_stdout_and_nothing_else(run: Run) -> None:
    ended = run("day", "--json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.json["shop"] == "Vale Street"


def test_1_a_fault_names_the_log_which_is_private_and_holds_nobody_s_name(
    run_for_good: Run, place: Path, server: Handle, shared: str
) -> None:
    with psycopg.connect(server.conninfo(shared)) as connection:
        connection.execute("ALTER TABLE appointment_services ADD CONSTRAINT odd CHECK (name <> 'Cut')")
    wish = '{"customer_id": 1, "lines": [{"service_id": 1}], "starts_at": "2026-03-10T15:00Z", "notes": "Jane Doe"}'
    ended = run_for_good("do", "booking.book", "--json", wish)
    log = place / "state" / "frontdesk.log"
    assert ended.code == 1
    assert str(log) in ended.err
    assert ended.json["fault"] == "IntegrityError"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    written = log.read_text()
    assert "CheckViolation: 23514 odd appointment_services" in written
    assert "services/book/booking.py" in written
    assert "Jane" not in written


@pytest.mark.parametrize(
    "words",
    [
        ("day", "--loud"),
        ("day", "neverday"),
        ("free", "cut", "--days", "many"),
        ("checkout", "1", "--pay", "shells:3"),
        ("do", "booking.bok"),
        ("do", "booking.book", "--json", "{"),
    ],
)
def test_2_usage(run: Run, words: tuple[str, ...]) -> None:
    ended = run(*words)
    assert ended.code == 2
    assert ended.err.startswith("Usage: frontdesk")


def test_3_refused_with_the_sentence_on_stderr_and_the_facts_as_json(run: Run) -> None:
    ended = run("show", "ZZZZZ", "--json")
    assert ended.code == 3
    assert ended.err == "There is no visit ZZZZZ. Look at the day's book for its code.\n"
    assert ended.json == {
        "refused": "NotFound",
        "sentence": ended.err.strip(),
        "facts": {"what": "visit", "name": "ZZZZZ", "remedy": "Look at the day's book for its code."},
    }
    assert run("show", "ZZZZZ").out == ""


def test_3_nobody_signed_in_says_what_to_do(run: Run) -> None:
    ended = run("day", who="")
    assert ended.code == 3
    assert "frontdesk login" in ended.err


def test_3_a_role_that_looks_past_policies_is_no_desk(
    run_for_good: Run, server: Handle, shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTDESK_DATABASE_URL", server.conninfo(shared))
    ended = run_for_good("day", "--json")
    assert ended.code == 3
    assert ended.json["refused"] == "DeskRoleTooStrong"
    assert f"{shared}_desk" in ended.err


def test_4_the_database_is_out_of_reach(run_for_good: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDESK_DATABASE_URL", f"host={tmp_path} dbname=vale user=vale_desk")
    ended = run_for_good("day", "--json")
    assert ended.code == 4
    assert ended.json["refused"] == "Unreachable"
    assert ended.err.startswith("The database can't be reached")


def test_4_the_private_server_can_not_start(process: Run, place: Path) -> None:
    (place / "data").write_text("a file where the folder should be")
    ended = process("db", "status", FRONTDESK_DATA_FOLDER=str(place / "data"))
    assert ended.code == 4, ended.err


def test_4_not_knowing_whether_it_was_saved_says_how_to_ask_again(server: Handle, shared: str, start: Start) -> None:
    with psycopg.connect(server.conninfo(shared), autocommit=True) as owner:
        owner.execute(
            "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_sleep(20); RETURN NULL; END';"
            "CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON appointments DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION dawdle()"
        )
        saving = start("book", "jane cut next")
        _until(server, shared, "query ILIKE 'commit%%' AND wait_event = 'PgSleep'")
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
        _, err = saving.communicate(timeout=20)
        owner.execute("DROP TRIGGER dawdle ON appointments")
    assert saving.returncode == 4, err
    assert "it is never done twice" in err
    exactly = next(line for line in err.splitlines() if line.startswith("Exactly this again: frontdesk "))
    words = shlex.split(exactly.removeprefix("Exactly this again: frontdesk "))
    codes = set()
    for _ in range(2):
        again = subprocess.run(
            [sys.executable, "-m", "frontdesk", *words], cwd=REPO, capture_output=True, text=True, check=True
        )
        codes.add(json.loads(again.stdout)["code"])
    assert len(codes) == 1


def test_130_interrupted_at_a_prompt(shared: str) -> None:
    child = pexpect.spawn(sys.executable, ["-m", "frontdesk", "login", "ria"], cwd=REPO, encoding="utf-8", timeout=20)
    child.expect("Password of ria")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130


def test_130_interrupted_while_another_terminal_holds_the_day_and_the_key_is_said(
    server: Handle, shared: str, start: Start
) -> None:
    wish = '{"customer_id": 1, "lines": [{"service_id": 1}], "starts_at": "2046-03-13T15:00Z"}'
    with psycopg.connect(server.conninfo(shared)) as other:
        other.execute("LOCK TABLE appointments IN ACCESS EXCLUSIVE MODE")
        waiting = start("do", "booking.book", "--json", wish)
        _until(server, shared, "wait_event_type = 'Lock'")
        waiting.send_signal(signal.SIGINT)
        out, err = waiting.communicate(timeout=20)
    assert waiting.returncode == 130, err
    assert "--key" in err
    assert "Interrupted" in out


def test_143_terminated_leaves_no_traceback(server: Handle, shared: str, start: Start) -> None:
    with psycopg.connect(server.conninfo(shared)) as other:
        other.execute("LOCK TABLE shops IN ACCESS EXCLUSIVE MODE")
        waiting = start("day")
        _until(server, shared, "wait_event_type = 'Lock'")
        waiting.terminate()
        _, err = waiting.communicate(timeout=20)
    assert waiting.returncode == 143
    assert "Traceback" not in err


def _until(server: Handle, database: str, state: str) -> None:
    """Until a session of that database is in that state."""
    asked = f"SELECT pg_sleep(0.01), count(*) FROM pg_stat_activity WHERE datname = %s AND {state}"
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        for _ in range(3000):
            found = connection.execute(asked, (database,)).fetchone()
            if found and found[1]:
                return
    raise AssertionError(f"no session with {state}")
