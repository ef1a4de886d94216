"""The private server as the rest of frontdesk sees it: attach, look, stop."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from frontdesk.db.server.account import ensure_server_account, server_account
from frontdesk.db.server.folders import Place
from frontdesk.db.server.locks import Lock, OnWait, holders, wait_until
from frontdesk.db.server.meaning import refusal_for
from frontdesk.db.server.presence import ask, look, shut_down
from frontdesk.db.server.wire import PORT, SUPERUSER

LEAVING = "waiting for the server to stop…"


@dataclass(frozen=True)
class ServerStatus:
    """What is known of the server without starting it."""

    running: bool
    """It answers. One that is recovering does not yet."""
    version: int
    """PostgreSQL's major version this place is for."""
    server_version: str | None
    """What the running one calls itself: `18.4`."""
    home: Path
    data_directory: Path
    socket_directory: Path | None
    started_at: datetime | None
    log: Path
    handles: tuple[int, ...] | None
    """The processes that hold it open; None where the system can't tell (macOS)."""


class Handle:
    """A share in the running server, dropped by the kernel if the process dies; the last one closed stops the server.

    Should the server die meanwhile, attach again before closing this one: attaching starts it.
    """

    def __init__(self, place: Place, lock: Lock, socket_directory: Path) -> None:
        self.socket_directory = socket_directory
        self._place = place
        self._lock = lock
        self._owner = os.getpid()

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def conninfo(self, dbname: str, user: str | None = None) -> str:
        """What psycopg connects with; without a user, the superuser.

        An empty `hostaddr` keeps PGHOSTADDR of the environment from leading elsewhere.
        """
        parts = {
            "host": str(self.socket_directory),
            "hostaddr": "",
            "port": str(PORT),
            "dbname": dbname,
            "user": user or SUPERUSER,
        }
        return " ".join(f"{key}={_quoted(value)}" for key, value in parts.items())

    def close(self) -> None:
        """Give the share back; if it was the last one, stop the server and wait until it has stopped."""
        if os.getpid() == self._owner:
            _let_go(self._place, self._lock)
        else:  # a fork: the share is its parent's, who goes on
            self._lock.close()


@dataclass(frozen=True)
class PrivateServer:
    """One PostgreSQL server below one folder, for the terminals of one Unix user."""

    home: Path
    """Absolute; everything of the server lives below it, mode 0700."""
    version: int = 18

    def attach(self, on_wait: OnWait | None = None) -> Handle:
        """Take a share in the server, starting it first if it does not run.

        A start takes as long as it takes; `on_wait` hears what is being waited for after half a second, then each
        second. Raises the refusals of `frontdesk.db.server.refusals`.
        """
        place = Place(self._home, self.version, ensure_server_account())
        try:
            return _attach(place, on_wait)
        except OSError as problem:
            refusal = refusal_for(problem, place)
            if refusal is None:
                raise
            raise refusal from problem

    def status(self) -> ServerStatus:
        """Look, and change nothing."""
        account = server_account()
        place = Place(self._home, self.version, account) if account else None
        query = "SELECT current_setting('server_version'), extract(epoch FROM pg_postmaster_start_time())"
        answer = ask(place, query) if place else None
        socket_directory, row = answer or (None, [])
        folder = self._home / str(self.version)
        return ServerStatus(
            running=answer is not None,
            version=self.version,
            server_version=row[0] if row else None,
            home=self._home,
            data_directory=folder / "data",
            socket_directory=socket_directory,
            started_at=datetime.fromtimestamp(float(row[1]), UTC) if row else None,
            log=folder / "server.log",
            handles=holders(place.handles) if place else None,
        )

    def stop(self) -> bool:
        """Stop the server whoever uses it, and wait until it has stopped. False when none runs."""
        account = server_account()
        if account is None:
            return False
        place = Place(self._home, self.version, account)
        stopped = shut_down(place)
        if stopped:
            _tidy(place)
        _reap()
        return stopped

    @property
    def _home(self) -> Path:
        return Path(os.path.realpath(self.home))


def _attach(place: Place, on_wait: OnWait | None) -> Handle:
    place.prepare()
    lock = Lock(place.handles, place.account)
    try:
        wait_until(lock.share, on_wait, LEAVING)
        socket_directory = look(place).socket_directory
        if socket_directory is None:
            from frontdesk.db.server.launch import start  # subprocess costs more than attaching

            socket_directory = start(place, on_wait)
    except BaseException:
        _let_go(place, lock)
        raise
    return Handle(place, lock, socket_directory)


def _let_go(place: Place, lock: Lock) -> None:
    if lock.descriptor < 0:
        return
    try:
        if lock.seize() and shut_down(place):
            _tidy(place)
    finally:
        lock.close()
        _reap()


def _tidy(place: Place) -> None:
    """Leave no empty folder for the socket, unless somebody is starting the server into it again."""
    with Lock(place.starting, place.account) as starting, suppress(OSError):
        if starting.seize():
            place.socket_directory.rmdir()


def _reap() -> None:
    children = sys.modules.get("frontdesk.db.server.children")
    if children is not None:  # otherwise this process has started nothing, and the import would cost more than closing
        children.reap()


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
