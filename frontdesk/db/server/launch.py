"""Starting a server that nobody has started: the one who holds the lock makes, mends and starts it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from frontdesk.db.server.children import begin_as, run_as
from frontdesk.db.server.cluster import configure, make_cluster, sweep
from frontdesk.db.server.folders import Place, pid_file_lines
from frontdesk.db.server.locks import Lock, OnWait, wait_until
from frontdesk.db.server.log import open_log, words_since
from frontdesk.db.server.meaning import refusal_from
from frontdesk.db.server.presence import Presence, Seen, leader_of, look, shut_down
from frontdesk.db.server.processes import postgres_in
from frontdesk.db.server.refusals import FolderBlocked, FolderUnusable, ServerInTheWay, ServerOutOfReach
from frontdesk.db.server.shelf import SHELF, runnable_by
from frontdesk.db.server.wire import SOCKET

RECOVERING = "recovering…"
FINISHING = "waiting for an earlier server to finish…"
MAKING = "making the database…"
STARTING = "waiting for the terminal that starts the server…"
UNREACHED_SECONDS = 1.0
"""How long a server may be neither reachable nor gone, as it is for an instant while it leaves."""


def start(place: Place, on_wait: OnWait | None) -> Path:
    """Start the server, or find that another terminal has; answers the folder of its socket."""
    with Lock(place.starting, place.account) as starting, Lock(place.running, place.account) as running:
        starting.wait_alone(on_wait, STARTING)
        found = _meet(place, running, on_wait)
        if found is not None:
            return found
        _refuse_or_wait_for_others(place, on_wait)
        binaries = runnable_by(place.account, place.version)
        try:
            return _make_and_launch(place, binaries, running, on_wait)
        except (FolderUnusable, PermissionError):  # asked afterwards: asking first would cost a third of the start
            _refuse_if_blocked(place, binaries)
            raise


def _make_and_launch(place: Place, binaries: Path, running: Lock, on_wait: OnWait | None) -> Path:
    sweep(place)
    if not place.data.exists():
        if on_wait is not None:
            on_wait(MAKING)
        make_cluster(place, binaries, running)
    configure(place)
    return _launch(place, binaries, running, on_wait)


def _meet(place: Place, running: Lock, on_wait: OnWait | None) -> Path | None:
    """The socket of a server that runs after all, or None with `running` in our hand."""
    met: list[Path] = []
    missed_since = time.monotonic()
    seen = Seen(Presence.AWAY)

    def settled() -> bool:
        nonlocal missed_since, seen
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
            missed_since = time.monotonic()
        return False

    wait_until(settled, on_wait, lambda: RECOVERING if seen.presence is Presence.BUSY else FINISHING)
    return met[0] if met else None


def _end_unreachable(place: Place) -> None:
    """A server whose socket is gone, with the folder it was in, serves nobody new: it has to be started again."""
    pid, noted = leader_of(place), pid_file_lines(place)[4:5]
    if pid is None or not noted:  # orphans or initdb, who leave by themselves, or a start that has no socket yet
        return
    if Path(noted[0], SOCKET).exists():  # it serves others on a socket that we may not or can't use
        raise ServerOutOfReach(folder=place.home, pid=pid)
    if not shut_down(place):
        raise ServerOutOfReach(folder=place.home, pid=pid)


def _refuse_or_wait_for_others(place: Place, on_wait: OnWait | None) -> None:
    """A server started without us holds no lock of ours; its orphans could still write while a new one recovers."""
    since = time.monotonic()

    def gone() -> bool:
        found = postgres_in(place.data)
        leader = next((process.pid for process in found if process.leads), None)
        # One that is leaving takes its pid file away a moment before it has gone.
        if leader is not None and time.monotonic() - since > UNREACHED_SECONDS:
            raise ServerInTheWay(folder=place.data, pid=leader)
        return not found

    wait_until(gone, on_wait, FINISHING)


def _refuse_if_blocked(place: Place, binaries: Path) -> None:
    """Ask as the server's user, because only the kernel knows every rule of access."""
    if not place.account.stands_in:
        return
    script = 'for folder; do [ -x "$folder" ] || { printf %s "$folder"; exit 1; }; done'
    folders = [str(folder) for path in (place.folder, binaries / "postgres") for folder in reversed(path.parents)]
    done = run_as(place.account, ["/bin/sh", "-c", script, "sh", *folders])
    if done.returncode != 0:
        raise FolderBlocked(user=place.account.name, folder=done.stdout, remedy=_way_round(Path(done.stdout)))


def _way_round(blocked: Path) -> str:
    if blocked == SHELF or blocked in SHELF.parents:
        return f"Run: chmod 755 {blocked}"
    return f"Keep the data in another place, for example {SHELF}/server."


def _launch(place: Place, binaries: Path, running: Lock, on_wait: OnWait | None) -> Path:
    sockets = place.prepare_socket_directory()
    # Nobody is at home in the data folder and nobody holds `running`: what these say is about a server long gone,
    # and PostgreSQL would take a stranger who got its number for that server.
    for stale in (place.pid_file, sockets / f"{SOCKET}.lock", sockets / SOCKET):
        stale.unlink(missing_ok=True)
    log, begins = open_log(place)
    quoted = '"' + str(sockets).replace('"', '""') + '"'
    try:
        command: list[str | Path] = [binaries / "postgres", "-D", place.data, "-k", quoted]
        process = begin_as(place.account, command, log=log, inherits=[running.descriptor])
    finally:
        os.close(log)

    def ready() -> bool:
        if process.poll() is not None:
            raise refusal_from(words_since(place, begins), place)
        return _says_ready(place, process.pid)

    try:
        wait_until(ready, on_wait, RECOVERING)
    except BaseException:
        process.send_signal(signal.SIGINT)
        process.wait()
        raise
    return sockets


def _says_ready(place: Place, pid: int) -> bool:
    """By the server's own note, believed because that process is our living child; calls would cost it a process each,
    and the very first answer 10 ms.
    """
    lines = pid_file_lines(place)
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() in ("ready", "standby")
