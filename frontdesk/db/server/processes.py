"""Which processes belong to a data folder, and how to end the one that leads them without ever hitting a stranger."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Found:
    """A PostgreSQL process at home in a data folder."""

    pid: int
    leads: bool
    """It is the postmaster; the others are its children, perhaps orphaned."""


def postgres_in(data: Path) -> list[Found]:
    """The PostgreSQL processes whose working folder this is; none where there is no /proc to ask (macOS).

    There PostgreSQL's own check of its shared memory is what keeps a new server from old backends.
    """
    if not has_proc():
        return []
    try:
        wanted = os.stat(data)
        pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []
    return [Found(pid, _leads(pid)) for pid in pids if _at_home(pid, wanted)]


def is_postgres_in(pid: int, data: Path) -> bool:
    """This process, now, is PostgreSQL at home in the data folder."""
    try:
        return has_proc() and _at_home(pid, os.stat(data))
    except OSError:
        return False


def has_proc() -> bool:
    """The system shows its processes as files."""
    return sys.platform.startswith("linux")


def parent_of(pid: int) -> int | None:
    """The process's parent, where there is no /proc."""
    said = _ps("ppid=", pid)
    return int(said) if said.isdigit() else None


def command_of(pid: int) -> str:
    """The name of the process's program, where there is no /proc."""
    return os.path.basename(_ps("comm=", pid))


class Grip:
    """A hold on one process: what is signalled through it is that process or nobody, even if its number is reused."""

    def __init__(self, pid: int, descriptor: int | None) -> None:
        self.pid = pid
        self._descriptor = descriptor

    def shut_down_fast(self) -> None:
        """SIGINT: a postmaster ends its sessions, writes a checkpoint and leaves."""
        try:
            if self._descriptor is None:
                os.kill(self.pid, signal.SIGINT)
            else:
                signal.pidfd_send_signal(self._descriptor, signal.SIGINT)
        except ProcessLookupError:
            return

    def wait(self) -> None:
        """Until it has ended; a zombie has."""
        if self._descriptor is not None:
            select.select([self._descriptor], [], [])
            return
        while _exists(self.pid):
            with suppress(ChildProcessError):  # our own child would stay a zombie, which exists
                os.waitpid(self.pid, os.WNOHANG)
            time.sleep(0.005)


@contextmanager
def grip(pid: int) -> Iterator[Grip]:
    """Hold a process so that its number can't come to mean another one. Check who it is after this."""
    descriptor = _open_process(pid)
    try:
        yield Grip(pid, descriptor)
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _open_process(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):  # not Linux, a kernel before 5.3, a container that forbids it, or gone
        return None


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _ps(column: str, pid: int) -> str:
    import subprocess

    done = subprocess.run(["ps", "-o", column, "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _at_home(pid: int, wanted: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.stat(f"/proc/{pid}/cwd"), wanted) and _read(pid, "comm") == b"postgres\n"
    except OSError:  # ended, a zombie, or another user's: none of them is at home in a folder of mode 0700
        return False


def _leads(pid: int) -> bool:
    # https://www.postgresql.org/docs/18/monitoring-ps.html: children rename themselves, the postmaster does not.
    try:
        return not _read(pid, "cmdline").startswith(b"postgres: ")
    except OSError:
        return False


def _read(pid: int, name: str) -> bytes:
    with open(f"/proc/{pid}/{name}", "rb") as file:
        return file.read()
