"""A terminal: a real pty with a program in it, and the screen a person would see."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.terminal.harness.display import PATIENCE, Display, NeverShown

KEYS = {
    "enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "escape": "\x1b", "backspace": "\x7f", "space": " ",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "delete": "\x1b[3~",
    "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f6": "\x1b[17~",
    "f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~",
}  # fmt: skip
"""What a terminal sends for keys that are no letters."""


class Terminal(Display):
    """A program in a pty. Use it as a context: at its end the program is gone."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        rows: int = 24,
        columns: int = 80,
        environment: Mapping[str, str],
        folder: Path | None = None,
    ) -> None:
        super().__init__(rows, columns)
        self._master, inside = pty.openpty()
        _set_size(self._master, rows, columns)
        self._before = self._line_settings()
        self._bell, self._rope = os.pipe()
        self._process = subprocess.Popen(
            list(command), stdin=inside, stdout=inside, stderr=inside, cwd=folder, env=dict(environment),
            start_new_session=True, preexec_fn=_own_the_terminal,
        )  # fmt: skip
        os.close(inside)
        self._reader = threading.Thread(target=self._read, name="terminal", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The program's process."""
        return int(self._process.pid)

    def _read(self) -> None:
        while arrived := self._arrived():
            self.feed(arrived)
        self.end()

    def _arrived(self) -> bytes:
        ready, _, _ = select.select([self._master, self._bell], [], [])
        if self._bell in ready:
            return b""
        try:
            return os.read(self._master, 65536)
        except OSError:  # how Linux says that the last program has left the pty
            return b""

    def type(self, text: str) -> None:
        """Type letters."""
        self.send(text.encode())

    def keys(self, *names: str) -> None:
        """Press keys by name, `f5`, `ctrl+s`, or a letter, each as a write of its own."""
        for name in names:
            self.send(encoded(name))

    def send(self, data: bytes) -> None:
        """Send bytes as the keyboard would."""
        while data:
            data = data[os.write(self._master, data) :]

    def resize(self, rows: int, columns: int) -> None:
        """Change the window's size, as a terminal does: SIGWINCH and all."""
        with self._news:
            self.screen.resize(rows, columns)
            _set_size(self._master, rows, columns)

    def kill(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Close the window: the kernel tells the program SIGHUP."""
        self._stop_reading()
        os.close(self._master)
        self._master = -1

    def _stop_reading(self) -> None:
        os.write(self._rope, b"x")
        self._reader.join()

    def exit_code(self, timeout: float = PATIENCE) -> int:
        """Wait for the program to end. Its exit code, negative if a signal ended it."""
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise NeverShown(f"the program did not end within {timeout:g} s. The screen:\n{self._text()}") from None
        with self._news:  # its last words
            self._news.wait_for(lambda: self._closed, timeout=2)
        return code

    def is_restored(self) -> bool:
        """Whether the terminal was left as it was found: its modes, and echo and lines in the kernel."""
        return self.wire.is_restored() and self._line_settings() == self._before

    def _line_settings(self) -> tuple[int, int]:
        settings = termios.tcgetattr(self._master)
        return settings[0], settings[3]

    def close(self) -> None:
        """End the program, kindly first."""
        for number in (signal.SIGHUP, signal.SIGKILL):
            if self._process.poll() is None:
                self._process.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(10)
        if self._reader.is_alive():
            self._stop_reading()
        for descriptor in (self._master, self._bell, self._rope):
            if descriptor != -1:
                os.close(descriptor)
        self._master = self._bell = self._rope = -1


def _own_the_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _set_size(descriptor: int, rows: int, columns: int) -> None:
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def encoded(name: str) -> bytes:
    """What a terminal sends for a key."""
    if name.startswith("ctrl+") and len(name) == 6:
        return bytes([ord(name[-1]) & 0x1F])
    if name in KEYS:
        return KEYS[name].encode()
    if len(name) == 1:
        return name.encode()
    raise ValueError(f"no key is called {name!r}")
