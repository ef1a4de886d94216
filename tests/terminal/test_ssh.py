"""The desk over a real SSH line: nothing but the desk at its other end, and nothing lost when it drops."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.terminal.conftest import DESK, Shop, sign_in
from tests.terminal.harness import ssh
from tests.terminal.harness.processes import descendants
from tests.terminal.harness.ssh import Door
from tests.terminal.harness.terminal import Terminal
from tests.terminal.test_leaving import begin_a_booking, go_on_with_it

pytestmark = pytest.mark.skipif(not ssh.found(), reason="there is no sshd here; .ci/run installs openssh-server")


@pytest.fixture
def door(shop: Shop, tmp_path: Path) -> Iterator[Door]:
    ours = {name: value for name, value in shop.environment.items() if name.startswith("FRONTDESK_")}
    with ssh.opened(tmp_path / "sshd", DESK, ours) as opened:
        yield opened


def through(door: Door, shop: Shop, *words: str, options: Sequence[str] = (), **environment: str) -> Terminal:
    """The line in a terminal of the visitor's."""
    return Terminal(door.ssh(*words, options=options), environment=shop.environment | environment)


def test_the_desk_paints_and_takes_keys_through_the_line(door: Door, shop: Shop) -> None:
    with through(door, shop) as line:
        sign_in(line)
        line.keys("ctrl+q")
        assert line.exit_code() == 0
        assert line.is_restored()


def test_the_window_s_size_reaches_the_desk(door: Door, shop: Shop) -> None:
    with through(door, shop) as line:
        line.wait_for("Who is at the desk?")
        line.resize(36, 120)
        line.wait_until(lambda text: "ctrl+q quit" in text.split("\n")[35][100:], "a wider footer was waited for")


@pytest.mark.parametrize("asked", ["bash -i; id", "/bin/sh", "frontdesk customer export 1", "sftp", "exit 7"])
def test_whatever_is_asked_for_only_the_desk_comes(door: Door, shop: Shop, asked: str) -> None:
    with through(door, shop, asked) as line:
        text = line.wait_for("Who is at the desk?")
        assert "uid=" not in text
        line.keys("ctrl+q")
        assert line.exit_code() == 0
        assert b"uid=" not in line.wire.since()


def test_without_a_terminal_there_is_nothing(door: Door, shop: Shop) -> None:
    done = subprocess.run(
        door.ssh("id; cat", terminal=False), input=b"id\n", capture_output=True, env=shop.environment, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"needs a terminal" in done.stderr


def test_no_file_is_handed_out(door: Door, shop: Shop, tmp_path: Path) -> None:
    done = subprocess.run(
        door.ssh("sftp", options=["-s"], terminal=False), input=b"", capture_output=True,
        env=shop.environment, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert done.stdout == b""


def test_no_port_is_forwarded(door: Door, shop: Shop) -> None:
    options = ["-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:9"]
    with through(door, shop, options=options) as line:
        assert line.exit_code() == 255
    assert b"forwarding" in line.wire.since()


def test_a_visitor_brings_no_settings(door: Door, shop: Shop) -> None:
    elsewhere = "postgresql://somebody@elsewhere.example/other"
    options = ["-o", "SendEnv=FRONTDESK_*", "-o", "SendEnv=PYTHON*"]
    with through(
        door, shop, options=options, FRONTDESK_DATABASE_URL=elsewhere, FRONTDESK_TOKEN="a token", PYTHONINSPECT="1"
    ) as line:
        line.wait_for("Who is at the desk?")  # of this database, not of the one elsewhere
        line.keys("ctrl+q")
        assert line.exit_code() == 0


def test_a_dropped_line_ends_the_desk_and_keeps_what_was_half_typed(door: Door, shop: Shop) -> None:
    with through(door, shop) as line:
        begin_a_booking(line)
        running = descendants(int((door.folder / "sshd.pid").read_text()))
        assert len(running) >= 2  # sshd's part of the line, and the desk
        line.kill(signal.SIGKILL)  # the visitor's ssh: the line is gone without a goodbye
        assert all(process.ended() for process in running)
    with through(door, shop) as line:
        go_on_with_it(line)
