"""Locks on files, which the kernel drops when their holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from frontdesk.db.server.account import Account

OnWait = Callable[[str], None]


class Lock:
    """One open lock file. Closing it gives the lock back."""

    def __init__(self, path: Path, account: Account) -> None:
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        account.own(self.descriptor)

    def __enter__(self) -> Lock:
        return self

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def share(self) -> bool:
        """Take it beside others, if nobody has it alone."""
        return self._take(fcntl.LOCK_SH)

    def seize(self) -> bool:
        """Take it alone, if nobody else has it. A failed try gives up a share held before."""
        return self._take(fcntl.LOCK_EX)

    def wait_alone(self, on_wait: OnWait | None = None, words: str = "") -> None:
        """Take it alone as soon as that can be."""
        wait_until(self.seize, on_wait, words)

    def close(self) -> None:
        """Give it back; a process that inherited it keeps it."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def _take(self, kind: int) -> bool:
        try:
            fcntl.flock(self.descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def wait_until(done: Callable[[], bool], on_wait: OnWait | None, words: str | Callable[[], str]) -> None:
    """Look every 2 ms at first and every 50 ms at last, without an end; say so after 0.5 s, then each second."""
    began = time.monotonic()
    speak_at, step = began + 0.5, 0.002
    while not done():
        now = time.monotonic()
        if on_wait is not None and now >= speak_at:
            on_wait(words if isinstance(words, str) else words())
            speak_at = now + 1
        time.sleep(step)
        if now > began + 0.2:
            step = min(step * 1.2, 0.05)


def is_held(path: Path) -> bool:
    """Somebody holds the lock of that file. Looking takes it for an instant, which whoever polls for it outlives."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def holders(path: Path) -> tuple[int, ...] | None:
    """The processes that hold a lock on the file; None where the system can't tell."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        inode = os.stat(path).st_ino
        with open("/proc/locks", encoding="utf-8") as table:
            rows = [line.split() for line in table]
    except OSError:
        return None
    # 1: FLOCK  ADVISORY  READ 4711 fe:00:1234567 0 EOF      (a waiting one has "->" in the second place)
    return tuple(sorted({int(row[4]) for row in rows if row[1] == "FLOCK" and row[5].endswith(f":{inode}")}))
