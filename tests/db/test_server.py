"""The private server's life: started by the first terminal, shared, stopped by the last, whatever happens between."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from frontdesk.db.server import PrivateServer
from tests.db.server_cases import ROOT, Ground, a_normal_user, ground_for, lives, needs_root, until

WHO = ["a normal user", pytest.param("root", marks=needs_root)]


@pytest.fixture(params=WHO)
def anyone(request: pytest.FixtureRequest) -> Iterator[Ground]:
    """A normal user's ground, then root's."""
    with ground_for(ROOT if request.param == "root" else a_normal_user()) as ground:
        yield ground


@pytest.fixture(params=WHO)
def anyone_settled(request: pytest.FixtureRequest) -> Iterator[Ground]:
    """The same, with a database made before."""
    with ground_for(ROOT if request.param == "root" else a_normal_user(), settled=True) as ground:
        yield ground


@pytest.fixture
def bare() -> Iterator[Ground]:
    """A normal user's ground with nothing on it."""
    with ground_for(a_normal_user()) as ground:
        yield ground


@pytest.fixture
def ground() -> Iterator[Ground]:
    """A normal user's ground, with a database made before."""
    with ground_for(a_normal_user(), settled=True) as ground:
        yield ground


@pytest.mark.parametrize("version", [18, 16])
def test_the_first_terminal_starts_it_and_the_last_stops_it(anyone: Ground, version: int) -> None:
    anyone.version = version
    first, second = anyone.terminal(), anyone.terminal()
    first.attach()
    server = anyone.postmaster()
    sockets = second.attach()
    assert sockets == first.status()["socket_directory"]
    assert second.ask("SHOW server_version")[0].startswith(f"{version}.")
    first.close()
    assert lives(server)
    assert second.ask("SELECT 1") == ["1"]
    second.close()
    assert not lives(server)
    assert not Path(sockets).exists()
    assert anyone.starts() == 1


@pytest.mark.parametrize("version", [18, 16])
def test_the_server_keeps_utc_and_its_own_order_and_writes_before_it_answers(version: int) -> None:
    with ground_for(a_normal_user(), version=version, settled=True) as ground:
        terminal = ground.terminal()
        terminal.attach()
        names = [
            "timezone",
            "log_timezone",
            "server_encoding",
            "max_connections",
            "fsync",
            "synchronous_commit",
            "full_page_writes",
            "data_checksums",
            "jit",
            "listen_addresses",
            "unix_socket_permissions",
        ]
        wanted = ["UTC", "UTC", "UTF8", "200", "on", "on", "on", "on", "off", "", "0700"]
        assert [terminal.ask(f"SHOW {name}")[0] for name in names] == wanted
        assert terminal.ask("SELECT count(*), min(type) FROM pg_hba_file_rules") == ["1", "local"]
        assert terminal.ask("SELECT lower('É'), 'Z' < 'a'") == ["é", "t"]


def test_eight_terminals_at_once_make_one_server(anyone: Ground) -> None:
    terminals = [anyone.terminal() for _ in range(8)]
    for terminal in terminals:
        terminal.send("attach")
    assert len({str(terminal.hear().value) for terminal in terminals}) == 1
    server = anyone.postmaster()
    for terminal in terminals:
        assert lives(server)
        assert terminal.ask("SELECT 1") == ["1"]
        terminal.close()
    assert not lives(server)
    assert anyone.starts() == 1


def test_making_a_database_is_said(bare: Ground) -> None:
    assert bare.terminal().do("attach").waits[0] == "making the database…"


def test_eight_terminals_that_close_at_once_leave_no_server(ground: Ground) -> None:
    terminals = [ground.terminal() for _ in range(8)]
    for terminal in terminals:
        terminal.attach()
    server = ground.postmaster()
    for terminal in terminals:
        terminal.send("close")
    for terminal in terminals:
        terminal.hear()
    assert not lives(server)


def test_terminals_that_come_and_go_always_find_a_server(ground: Ground) -> None:
    terminals = [ground.terminal() for _ in range(3)]
    for terminal in terminals:
        terminal.send("churn", 15)
    assert [terminal.hear().value for terminal in terminals] == [15, 15, 15]


def test_after_a_killed_program_the_next_one_attaches_and_stops_it(anyone_settled: Ground) -> None:
    anyone = anyone_settled
    killed, next_one = anyone.terminal(), anyone.terminal()
    killed.attach()
    server = anyone.postmaster()
    killed.kill()
    assert lives(server)
    next_one.attach()
    assert anyone.postmaster() == server
    next_one.close()
    assert not lives(server)


def test_a_terminated_program_that_leaves_in_order_stops_the_server(ground: Ground) -> None:
    terminal = ground.terminal(exit_on_sigterm=True)
    terminal.attach()
    server = ground.postmaster()
    terminal.process.terminate()
    assert terminal.process.wait() == 128 + signal.SIGTERM
    assert not lives(server)


def test_a_program_terminated_while_the_server_starts_takes_it_along(ground: Ground) -> None:
    slow = ground.terminal(exit_on_sigterm=True)
    block_start(ground)
    slow.send("attach")
    assert slow.hear_wait() == "recovering…"
    slow.process.terminate()
    unblock_start(ground)
    assert slow.process.wait() == 128 + signal.SIGTERM
    until(lambda: not ground.pid_file.exists())
    assert ground.terminal().status()["running"] is False


def test_a_terminated_program_that_just_dies_leaves_the_server_to_the_next(ground: Ground) -> None:
    terminal, next_one = ground.terminal(), ground.terminal()
    terminal.attach()
    server = ground.postmaster()
    terminal.process.terminate()
    assert terminal.process.wait() == -signal.SIGTERM
    next_one.attach()
    assert ground.postmaster() == server
    next_one.close()
    assert not lives(server)


def test_after_a_killed_server_the_next_attach_recovers_what_was_saved(anyone_settled: Ground) -> None:
    anyone = anyone_settled
    terminal, second = anyone.terminal(), anyone.terminal()
    terminal.attach()
    second.attach()
    terminal.ask("CREATE TABLE sales AS SELECT generate_series(1, 277) AS id")
    server = anyone.postmaster()
    os.kill(server, signal.SIGKILL)
    until(lambda: not lives(server))
    second.attach()
    assert second.ask("SELECT count(*) FROM sales") == ["277"]
    assert terminal.ask("SELECT count(*) FROM sales") == ["277"]
    assert anyone.postmaster() != server


def test_a_dead_server_that_nobody_buried_does_not_look_alive(ground: Ground) -> None:
    parent, second = ground.terminal(), ground.terminal()
    parent.attach()
    server = ground.postmaster()
    os.kill(server, signal.SIGKILL)
    until(lambda: not lives(server))
    assert Path(f"/proc/{server}").exists(), "its parent has not taken note, so it must be a zombie"
    assert second.status()["running"] is False
    second.attach()
    assert second.ask("SELECT 1") == ["1"]


def test_a_new_server_waits_for_the_orphans_of_a_killed_one(ground: Ground) -> None:
    busy, watcher, waiting = ground.terminal(), ground.terminal(), ground.terminal()
    busy.attach()
    watcher.attach()
    busy.send("ask", "SELECT count(*) FROM generate_series(1, 1000000000000)")
    query = "SELECT coalesce(max(pid), 0) FROM pg_stat_activity WHERE query LIKE 'SELECT count(*) FROM generate_%'"
    until(lambda: watcher.ask(query) != ["0"])
    orphan, server = int(watcher.ask(query)[0]), ground.postmaster()
    os.kill(server, signal.SIGKILL)
    until(lambda: not lives(server))
    waiting.send("attach")
    assert waiting.hear_wait() == "waiting for an earlier server to finish…"
    assert lives(orphan)
    assert ground.starts() == 1
    os.kill(orphan, signal.SIGTERM)
    busy.kill()
    assert waiting.hear().refusal is None
    assert waiting.ask("SELECT 1") == ["1"]


def test_a_slow_start_is_waited_for_and_said(ground: Ground) -> None:
    terminal = ground.terminal()
    block_start(ground)
    terminal.send("attach")
    assert [terminal.hear_wait(), terminal.hear_wait()] == ["recovering…", "recovering…"]
    unblock_start(ground)
    assert terminal.hear().refusal is None
    assert terminal.ask("SELECT 1") == ["1"]


def test_a_server_whose_starter_was_killed_is_waited_for(ground: Ground) -> None:
    killed, next_one = ground.terminal(), ground.terminal()
    block_start(ground)
    killed.send("attach")
    assert killed.hear_wait() == "recovering…"
    killed.kill()
    next_one.send("attach")
    next_one.hear_wait()
    unblock_start(ground)
    assert next_one.hear().refusal is None
    assert ground.starts() == 1
    next_one.close()
    assert ground.terminal().status()["running"] is False


def test_stop_stops_it_under_everybody_and_says_whether_it_ran(ground: Ground) -> None:
    user, stopper = ground.terminal(), ground.terminal()
    user.attach()
    server = ground.postmaster()
    assert stopper.do("stop").value is True
    assert not lives(server)
    assert stopper.do("stop").value is False
    user.attach()
    assert user.ask("SELECT 1") == ["1"]


def test_status_tells_what_runs_and_who_holds_it(ground: Ground) -> None:
    terminal, looker = ground.terminal(), ground.terminal()
    terminal.attach()
    status = looker.status()
    assert (status["running"], status["version"]) == (True, 18)
    assert str(status["server_version"]).startswith("18.")
    assert status["data_directory"] == str(ground.data)
    assert status["handles"] == [terminal.process.pid]
    started = datetime.fromisoformat(str(status["started_at"]))
    assert abs(datetime.now(UTC) - started) < timedelta(minutes=1)
    terminal.kill()
    assert looker.status()["handles"] == []
    assert looker.status()["running"] is True


def test_looking_and_stopping_make_nothing(anyone: Ground) -> None:
    terminal = anyone.terminal()
    assert terminal.status()["running"] is False
    assert terminal.do("stop").value is False
    assert not anyone.home.exists()


def test_a_fork_that_closes_its_copy_does_not_give_the_share_away(ground: Ground) -> None:
    terminal, other = ground.terminal(), ground.terminal()
    terminal.attach()
    other.attach()
    terminal.do("close_in_a_fork")
    other.close()
    assert terminal.ask("SELECT 1") == ["1"]


def test_a_server_whose_socket_was_swept_away_is_started_again(ground: Ground) -> None:
    terminal, second = ground.terminal(), ground.terminal()
    folder = Path(terminal.attach())
    terminal.ask("CREATE TABLE sales AS SELECT 1 AS id")
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    second.attach()
    assert second.ask("SELECT count(*) FROM sales") == ["1"]
    assert ground.starts() == 2


def test_closing_stops_a_server_whose_socket_was_swept_away(ground: Ground) -> None:
    terminal = ground.terminal()
    folder = Path(terminal.attach())
    server = ground.postmaster()
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    terminal.close()
    assert not lives(server)


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(ground: Ground) -> None:
    terminal = ground.terminal()
    terminal.attach()
    assert os.getsid(ground.postmaster()) != os.getsid(terminal.process.pid)


def test_without_proc_and_pidfds_it_lives_the_same_life(ground: Ground) -> None:
    first, second = ground.terminal(like_macos=True), ground.terminal(like_macos=True)
    first.attach()
    server = ground.postmaster()
    second.attach()
    assert second.status()["handles"] is None
    os.kill(server, signal.SIGKILL)
    until(lambda: not lives(server))
    second.attach()
    server = ground.postmaster()
    first.end()
    assert lives(server)
    second.end()
    assert not lives(server)


@needs_root
def test_root_in_a_container_lives_the_same_life() -> None:
    without_tracing = ["setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace"]
    with ground_for(ROOT, settled=True) as ground:
        first, second = ground.terminal(*without_tracing), ground.terminal(*without_tracing)
        first.attach()
        server = ground.postmaster()
        assert first.do("peek", server).value is None, "another user's processes must be closed to this root"
        second.attach()
        os.kill(server, signal.SIGKILL)
        until(lambda: not lives(server))
        second.attach()
        server = ground.postmaster()
        first.end()
        assert lives(server)
        second.end()
        assert not lives(server)


def test_psycopg_connects_with_the_handle_and_not_where_the_environment_points(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PGHOSTADDR", "127.0.0.1")
    monkeypatch.setenv("PGPORT", "1")
    with (
        ground_for(ROOT, settled=True) as ground,
        PrivateServer(ground.home).attach() as handle,
        psycopg.connect(handle.conninfo("postgres"), autocommit=True) as connection,
    ):
        connection.execute("CREATE ROLE desk LOGIN")
        with psycopg.connect(handle.conninfo("postgres", "desk")) as as_desk:
            row = as_desk.execute("SELECT current_user").fetchone()
            assert row == ("desk",)


def block_start(ground: Ground) -> None:
    """The next server to start stops dead until somebody writes its second configuration file, now a pipe."""
    path = ground.data / "postgresql.auto.conf"
    path.unlink()
    os.mkfifo(path, 0o600)
    ground.give(path)


def unblock_start(ground: Ground) -> None:
    """Let it go on."""
    path = ground.data / "postgresql.auto.conf"
    descriptor = os.open(path, os.O_WRONLY)
    path.unlink()
    path.touch(0o600)
    ground.give(path)
    os.close(descriptor)
