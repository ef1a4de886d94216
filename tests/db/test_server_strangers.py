"""The pid file is never believed: strangers who got a dead server's number live on, and the server starts."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from frontdesk.db.server.children import begin_as
from frontdesk.db.server.shelf import runnable_by
from tests.db.server_cases import ROOT, Ground, a_normal_user, ground_for, lives, needs_root, until


@pytest.fixture(params=["a normal user", pytest.param("root", marks=needs_root)])
def settled(request: pytest.FixtureRequest) -> Iterator[Ground]:
    """Ground with a data folder whose server has been stopped."""
    with ground_for(ROOT if request.param == "root" else a_normal_user(), settled=True) as ground:
        yield ground


@pytest.mark.parametrize("like_macos", [False, True], ids=["with /proc", "without /proc"])
def test_a_stranger_with_a_recycled_pid_survives(settled: Ground, like_macos: bool) -> None:
    with stranger(settled) as somebody:
        note(settled, somebody.pid)
        assert "already exists" in start_by_hand(settled), "the stranger must be able to stop PostgreSQL itself"
        terminal = settled.terminal(like_macos=like_macos)
        assert terminal.status()["running"] is False
        assert terminal.do("stop").value is False
        terminal.attach()
        assert terminal.ask("SELECT 1") == ["1"]
        assert somebody.poll() is None
        note(settled, somebody.pid)
        terminal.close()
        assert somebody.poll() is None
        assert settled.terminal().status()["running"] is False


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"12", b"\0" * 64, b"\xff\xfe\n-1\n\n\n/\n"],
    ids=["empty", "blank", "truncated", "zeros", "rubbish"],
)
def test_a_spoilt_pid_file_does_not_stop_a_start(content: bytes) -> None:
    with ground_for(a_normal_user(), settled=True) as ground:
        ground.write(ground.pid_file, content)
        terminal = ground.terminal()
        terminal.attach()
        assert terminal.ask("SELECT 1") == ["1"]


def test_a_pid_file_spoilt_while_the_server_runs_does_not_hide_it() -> None:
    with ground_for(a_normal_user(), settled=True) as ground:
        first, second = ground.terminal(), ground.terminal()
        first.attach()
        server = ground.postmaster()
        ground.write(ground.pid_file, b"")
        second.attach()
        first.close()
        second.close()
        assert not lives(server)
        assert ground.starts() == 1


def test_a_server_started_by_hand_is_left_alone() -> None:
    with ground_for(a_normal_user(), settled=True) as ground, started_by_hand(ground) as by_hand:
        refused = ground.terminal().refused("attach")
        assert refused.refusal == "ServerInTheWay"
        assert str(by_hand.pid) in refused.sentence
        assert ground.terminal().do("stop").value is False
        assert by_hand.poll() is None


def test_a_server_started_by_hand_that_is_leaving_is_waited_for() -> None:
    with ground_for(a_normal_user(), settled=True) as ground, started_by_hand(ground) as by_hand:
        terminal = ground.terminal()
        terminal.send("attach")
        by_hand.send_signal(signal.SIGINT)
        by_hand.wait()
        assert terminal.hear().refusal is None
        assert terminal.ask("SELECT 1") == ["1"]


@contextmanager
def started_by_hand(ground: Ground) -> Iterator[subprocess.Popen[bytes]]:
    """PostgreSQL on our data folder without our locks, with a socket we may not use."""
    sockets = ground.folder / "sockets"
    sockets.mkdir(mode=0o755)
    ground.give(sockets)
    account = ground.person.account()
    with (ground.folder / "by-hand.log").open("wb") as log:
        command: list[str | Path] = [runnable_by(account, 18) / "postgres", "-D", ground.data, "-k", str(sockets)]
        by_hand = begin_as(account, command, log=log.fileno(), inherits=[])
    until(ground.pid_file.exists)
    try:
        yield by_hand
    finally:
        by_hand.terminate()
        by_hand.wait()


@contextmanager
def stranger(ground: Ground) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the server's own user that has nothing to do with it."""
    account = ground.person.account()
    somebody = subprocess.Popen(["sleep", "600"], user=account.uid if account.stands_in else None)
    try:
        yield somebody
    finally:
        somebody.kill()
        somebody.wait()


def note(ground: Ground, pid: int) -> None:
    """Leave the pid file of a server that was cut off, its number now somebody else's."""
    sockets = ground.folder / "gone"
    lines = [pid, ground.data, 1700000000, 5432, sockets, "", "  5432001         1", "ready   ", ""]
    ground.write(ground.pid_file, "\n".join(map(str, lines)).encode())


def start_by_hand(ground: Ground) -> str:
    """What PostgreSQL says, started without us."""
    account = ground.person.account()
    done = subprocess.run(
        [runnable_by(account, 18) / "postgres", "-D", ground.data, "-k", "/tmp"],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
        cwd="/",
        user=account.uid if account.stands_in else None,
    )
    return done.stderr
