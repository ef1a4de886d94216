"""A program on a pty, and when what it sent arrived. Nothing is drawn here: that would take time of its own."""

from __future__ import annotations

import os
import pty
import select
import signal
import struct
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ
from types import TracebackType
from typing import Self

PATIENCE = 30.0
_TICK = os.sysconf("SC_CLK_TCK")


class NeverSent(Exception):
    """What was waited for did not come."""


class PtyLine:
    """Use it as a context: at its end the program is gone."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.began = time.perf_counter()
        self.last = self.began
        """When the latest bytes came."""
        self.sent = b""
        self._pid, self._master = pty.fork()
        if self._pid == 0:
            os.execve(command[0], list(command), dict(environment))
        ioctl(self._master, TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGTERM)
        end = time.monotonic() + 5
        while os.waitpid(self._pid, os.WNOHANG) == (0, 0):
            if not self.take(0.02) and time.monotonic() > end:
                os.kill(self._pid, signal.SIGKILL)
        os.close(self._master)

    def type(self, keys: bytes) -> float:
        """Send keys, each as a write of its own. When the last one was sent."""
        for key in keys:
            sent = time.perf_counter()
            os.write(self._master, bytes([key]))
        return sent

    def send(self, key: bytes) -> float:
        """Send one key that is several bytes. When it was sent."""
        sent = time.perf_counter()
        os.write(self._master, key)
        return sent

    def take(self, seconds: float) -> bytes:
        """What arrives next within some time; nothing if nothing does."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return b""
        try:
            arrived = os.read(self._master, 1 << 16)
        except OSError:  # how Linux says that the program has left
            time.sleep(seconds)
            return b""
        self.last = time.perf_counter()
        self.sent += arrived
        return arrived

    def until(self, words: bytes, mark: int = 0) -> float:
        """When these words had come, after so many bytes. Raises NeverSent."""
        end = time.monotonic() + PATIENCE
        while words not in self.sent[mark:]:
            if not self.take(0.5) and time.monotonic() > end:
                raise NeverSent(f"{words!r} never came, but {self.sent[-2000:]!r}")
        return self.last

    def rest(self, seconds: float = 0.4) -> None:
        """Wait until for so long nothing was sent and hardly anything worked out. Raises NeverSent."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            worked = self._worked()
            stretch = time.monotonic() + seconds
            while (left := stretch - time.monotonic()) > 0 and not self.take(left):
                pass
            if left <= 0 and self._worked() - worked < 0.1 * seconds:
                return
        raise NeverSent("the program never came to rest")

    def _worked(self) -> float:
        fields = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK
