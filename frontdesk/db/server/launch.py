"""Starting a server that nobody has started: the one who holds the lock makes, mends and starts it."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from frontdesk.db.server.binaries import runnable_by
from frontdesk.db.server.children import begin_as, run_as
from frontdesk.db.server.cluster import configure, make_cluster, sweep
from frontdesk.db.server.folders import Place, pid_file_lines
from frontdesk.db.server.locks import Lock, OnWait, wait_until
from frontdesk.db.server.meaning import refusal_from
from frontdesk.db.server.presence import Presence, look, shut_down
from frontdesk.db.server.processes import postgres_in
from frontdesk.db.server.refusals import FolderBlocked, ServerInTheWay, ServerOutOfReach, ServerWouldNotStart
from frontdesk.db.server.wire import PORT

RECOVERING = "recovering…"
FINISHING = "waiting for an earlier server to finish…"
MAKING = "making the database…"
STARTING = "waiting for the terminal that starts the server…"
UNREACHED_SECONDS = 3.0
"""A server makes its socket within milliseconds; one that has none after this has lost it."""
LONG_LOG = 1 << 20

_children: dict[int, subprocess.Popen[bytes]] = {}


def start(place: Place, on_wait: OnWait | None) -> Path:
    """Start the server, or find that another terminal has; answers the folder of its socket."""
    with Lock(place.starting, place.account) as starting, Lock(place.running, place.account) as running:
        starting.wait_alone(on_wait, STARTING)
        found = _meet(place, running, on_wait)
        if found is not None:
            return found
        _refuse_or_wait_for_others(place, on_wait)
        binaries = runnable_by(place.account, place.version)
        _refuse_if_blocked(place)
        sweep(place)
        if not place.data.exists():
            if on_wait is not None:
                on_wait(MAKING)
            make_cluster(place, binaries, running)
        configure(place)
        return _launch(place, binaries, running, on_wait)


def reap() -> None:
    """Take note of children that have ended, so that none stays a zombie while we run."""
    for pid, process in list(_children.items()):
        if process.poll() is not None:
            del _children[pid]


def _meet(place: Place, running: Lock, on_wait: OnWait | None) -> Path | None:
    """The socket of a server that runs after all, or None with `running` in our hand."""
    met: list[Path] = []
    missed_since = time.monotonic()

    def settled() -> bool:
        nonlocal missed_since
        seen = look(place)
        if seen.socket_directory is not None:
            met.append(seen.socket_directory)
            return True
        if seen.presence is Presence.BUSY:
            missed_since = time.monotonic()
        elif running.seize():
            return True
        elif time.monotonic() - missed_since > UNREACHED_SECONDS:
            _end_unreachable(place)
        return False

    wait_until(settled, on_wait, RECOVERING)
    return met[0] if met else None


def _end_unreachable(place: Place) -> None:
    """A server whose socket is gone, with the folder it was in, serves nobody new: it has to be started again."""
    if shut_down(place):
        return
    if os.path.isdir("/proc/self"):   # only orphans are left, and they leave by themselves
        return
    noted = pid_file_lines(place)[:1]
    if noted and noted[0].isdigit() and _command_of(int(noted[0])) == "postgres":
        raise ServerOutOfReach(pid=noted[0])


def _command_of(pid: int) -> str:
    done = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return os.path.basename(done.stdout.strip())


def _refuse_or_wait_for_others(place: Place, on_wait: OnWait | None) -> None:
    """A server started without us holds no lock of ours; its orphans could still write while a new one recovers."""
    leader = next((found.pid for found in postgres_in(place.data) if found.leads), None)
    if leader is not None:
        raise ServerInTheWay(folder=place.data, pid=leader)
    wait_until(lambda: not postgres_in(place.data), on_wait, FINISHING)


def _refuse_if_blocked(place: Place) -> None:
    """Ask as the server's user, because only the kernel knows every rule of access."""
    if not place.account.stands_in:
        return
    script = 'for folder; do [ -x "$folder" ] || { printf %s "$folder"; exit 1; }; done'
    folders = [str(folder) for folder in reversed(place.folder.parents)]
    done = run_as(place.account, ["/bin/sh", "-c", script, "sh", *folders])
    if done.returncode != 0:
        raise FolderBlocked(user=place.account.name, folder=done.stdout, better="/var/lib/frontdesk/server")


def _launch(place: Place, binaries: Path, running: Lock, on_wait: OnWait | None) -> Path:
    sockets = place.prepare_socket_directory()
    # Nobody is at home in the data folder and nobody holds `running`: what these say is about a server long gone,
    # and PostgreSQL would take a stranger who got its number for that server.
    for stale in (place.pid_file, sockets / f".s.PGSQL.{PORT}.lock", sockets / f".s.PGSQL.{PORT}"):
        stale.unlink(missing_ok=True)
    log, begins = _open_log(place)
    quoted = '"' + str(sockets).replace('"', '""') + '"'
    try:
        command: list[str | Path] = [binaries / "postgres", "-D", place.data, "-k", quoted]
        process = begin_as(place.account, command, log=log, inherits=[running.descriptor])
    finally:
        os.close(log)
    _children[process.pid] = process
    try:
        wait_until(lambda: _ready(process, place, begins), on_wait, RECOVERING)
        seen = look(place)
    except KeyboardInterrupt:
        process.send_signal(2)
        process.wait()
        raise
    if seen.socket_directory is None:
        raise ServerWouldNotStart(reason="it started and does not answer", log=place.log)
    return seen.socket_directory


def _ready(process: subprocess.Popen[bytes], place: Place, begins: int) -> bool:
    """By the server's own note: every early call would cost the starting server a process."""
    if process.poll() is not None:
        del _children[process.pid]
        raise refusal_from(_log_since(place, begins), place)
    lines = pid_file_lines(place)
    return len(lines) >= 8 and lines[0] == str(process.pid) and lines[7].strip() in ("ready", "standby")


def _open_log(place: Place) -> tuple[int, int]:
    """The log for a child to write to, and where its words will begin; a long one is put aside first."""
    if place.log.exists() and place.log.stat().st_size > LONG_LOG:
        os.replace(place.log, place.log.with_suffix(".log.1"))
    descriptor = os.open(place.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    place.account.own(descriptor)
    return descriptor, os.fstat(descriptor).st_size


def _log_since(place: Place, begins: int) -> str:
    with place.log.open("rb") as log:
        log.seek(begins)
        return log.read().decode(errors="replace")
