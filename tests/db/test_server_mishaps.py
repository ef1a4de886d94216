"""Full disks, half-made data folders and servers that will not start."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.db.server_cases import Ground, a_normal_user, ground_for, lives, postgres_below, until


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


@pytest.fixture
def small_disk(bare: Ground) -> Iterator[Path]:
    """A disk of 150 MB with the home on it."""
    disk = bare.folder / "disk"
    disk.mkdir()
    account = bare.person.account()
    options = f"size=150m,mode=0755,uid={account.uid},gid={account.gid}"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("NOT TESTED: a full disk needs a mount, and this machine allows none")
    bare.home = disk / "home"
    try:
        yield disk
    finally:
        for terminal in bare.terminals:
            terminal.end()
        for pid in postgres_below(bare.folder):
            os.kill(pid, signal.SIGKILL)
        until(lambda: not postgres_below(bare.folder))
        subprocess.run(["umount", disk], check=True)


def test_a_full_disk_is_said_and_loses_nothing(bare: Ground, small_disk: Path) -> None:
    terminal = bare.terminal()
    terminal.attach()
    terminal.ask("CREATE TABLE sales (id bigint GENERATED ALWAYS AS IDENTITY, note text)")
    sale = "INSERT INTO sales (note) SELECT repeat('x', 1000) FROM generate_series(1, 10)"
    terminal.ask(sale)
    fill(small_disk)
    saved = 10
    while terminal.refused("ask", sale).refusal is None:
        saved += 10
    assert terminal.refused("ask", sale).refusal == "53100"
    server = bare.postmaster()
    os.kill(server, signal.SIGKILL)
    until(lambda: not lives(server))
    bare.pid_file.unlink()  # as a server that ends by itself does
    fill(small_disk)
    for _ in range(2):
        refused = terminal.refused("attach")
        assert refused.refusal == "DiskFull"
        assert str(bare.home) in refused.sentence
        assert "free some space" in " ".join(refused.sentence.split())
    (small_disk / "filler").unlink()
    terminal.attach()
    assert terminal.ask("SELECT count(*) FROM sales") == [str(saved)]
    terminal.ask(sale)


def test_a_disk_too_small_for_a_database_is_said_and_left_clean(bare: Ground, small_disk: Path) -> None:
    fill(small_disk, leave=20 << 20)
    terminal = bare.terminal()
    assert terminal.refused("attach").refusal == "DiskFull"
    assert not bare.data.exists()
    assert list(bare.server_folder.glob("making-*")) == []
    (small_disk / "filler").unlink()
    terminal.attach()
    assert terminal.ask("SELECT 1") == ["1"]


@pytest.mark.parametrize("also_initdb", [False, True], ids=["the program", "the program and initdb"])
def test_a_half_made_database_is_never_seen(bare: Ground, also_initdb: bool) -> None:
    killed, next_one = bare.terminal(), bare.terminal()
    killed.send("attach")
    until(lambda: list(bare.home.glob("18/making-*/base/*")))
    killed.kill()
    if also_initdb:
        for pid in below(bare):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    assert not bare.data.exists()
    assert len(list(bare.server_folder.glob("making-*"))) == 1
    assert next_one.status()["running"] is False
    next_one.attach()
    assert next_one.ask("SELECT 1") == ["1"]
    assert list(bare.server_folder.glob("making-*")) == []


def test_a_server_that_will_not_start_says_why_and_where_to_read_more(ground: Ground) -> None:
    ground.write(ground.data / "postgresql.auto.conf", b"shared_buffers = 'much'\n")
    refused = ground.terminal().refused("attach")
    assert refused.refusal == "ServerWouldNotStart"
    assert "postgresql.auto.conf" in refused.sentence
    assert str(ground.server_folder / "server.log") in refused.sentence
    assert ground.terminal().status()["handles"] == []


def test_a_damaged_configuration_is_written_anew(ground: Ground) -> None:
    ground.write(ground.data / "postgresql.conf", b"\0" * 500)
    ground.write(ground.data / "pg_hba.conf", b"host all all 0.0.0.0/0 trust\n")
    terminal = ground.terminal()
    terminal.attach()
    assert terminal.ask("SHOW max_connections") == ["200"]
    assert terminal.ask("SELECT count(*), min(type) FROM pg_hba_file_rules") == ["1", "local"]


def test_a_long_log_is_put_aside(ground: Ground) -> None:
    ground.write(ground.server_folder / "server.log", b"a line\n" * 200_000)
    ground.terminal().attach()
    assert len(ground.log) < 10_000
    assert (ground.server_folder / "server.log.1").stat().st_size == 1_400_000


def test_the_log_names_no_customers(ground: Ground) -> None:
    terminal = ground.terminal()
    terminal.attach()
    terminal.ask("CREATE TABLE customers (name text PRIMARY KEY)")
    terminal.ask("INSERT INTO customers VALUES ('Maya Lind')")
    assert terminal.refused("ask", "INSERT INTO customers VALUES ('Maya Lind')").refusal == "23505"
    assert "customers_pkey" in ground.log
    assert "Maya" not in ground.log


def below(ground: Ground) -> list[int]:
    """initdb and its children: whoever holds the lock that a server and its makers inherit."""
    inode = (ground.server_folder / "running.lock").stat().st_ino
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if any(os.stat(link).st_ino == inode for link in (process / "fd").iterdir()):
                found.append(int(process.name))
    return found


def fill(disk: Path, *, leave: int = 0) -> None:
    """Write until nothing fits any more."""
    room = os.statvfs(disk)
    with (disk / "filler").open("ab", buffering=0) as filler, suppress(OSError):
        for _ in range((room.f_bavail * room.f_frsize - leave) // 4096 + (0 if leave else 1000)):
            filler.write(b"x" * 4096)
