"""What a person sees of a program: a screen behind a stream of bytes, and waiting for what should appear on it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable

import pyte

from tests.terminal.harness.wire import Wire, for_pyte

LEFT_ALTERNATE = re.compile(rb"(\x1b\[\?1049l)")

PATIENCE = 60.0
"""Seconds: what is waited for comes at once; a loaded machine takes its time."""


class NeverShown(AssertionError):
    """What was waited for did not come; the message holds the screen as it stood."""


class Display:
    """Fed by another thread, read by the test."""

    def __init__(self, rows: int, columns: int) -> None:
        self.wire = Wire()
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._waiting = b""
        self._news = threading.Condition()
        self._closed = False

    def feed(self, arrived: bytes) -> None:
        """Show more."""
        with self._news:
            self.wire.sent += arrived
            known, self._waiting = for_pyte(self._waiting, arrived)
            for part in LEFT_ALTERNATE.split(known):
                if LEFT_ALTERNATE.fullmatch(part):  # pyte has one screen only: the other one was empty
                    self.screen.reset()
                else:
                    self._stream.feed(part)
            self._news.notify_all()

    def end(self) -> None:
        """Nothing more will come."""
        with self._news:
            self._closed = True
            self._news.notify_all()

    def screen_text(self) -> str:
        """What a person sees, rows without their trailing blanks."""
        with self._news:
            return self._text()

    def _text(self) -> str:
        # Not pyte's own `display`, which stumbles over half of a wide sign whose other half was written over.
        rows = (self.screen.buffer[y] for y in range(self.screen.lines))
        return "\n".join("".join(row[x].data for x in range(self.screen.columns)).rstrip() for row in rows)

    def wait_until(self, holds: Callable[[str], bool], what: str, timeout: float = PATIENCE) -> str:
        """Wait until something holds of the screen, looking again whenever bytes arrive. Raises NeverShown."""
        end = time.monotonic() + timeout
        with self._news:
            while not holds(text := self._text()):
                left = end - time.monotonic()
                if self._closed or left <= 0:
                    why = "the program ended" if self._closed else f"not within {timeout:g} s"
                    raise NeverShown(f"{what}: {why}. The screen:\n{text}")
                self._news.wait(left)
            return text

    def wait_for(self, text: str, timeout: float = PATIENCE) -> str:
        """Wait until a text stands on the screen."""
        return self.wait_until(lambda screen: text in screen, f"{text!r} was waited for", timeout)

    def wait_gone(self, text: str, timeout: float = PATIENCE) -> str:
        """Wait until a text no longer stands on the screen."""
        return self.wait_until(lambda screen: text not in screen, f"{text!r} stayed", timeout)

    def mark(self) -> int:
        """The number of bytes sent so far, to count from."""
        with self._news:
            return len(self.wire.sent)

    def sent_bytes(self, mark: int = 0) -> int:
        """How many bytes the program has sent since a mark."""
        return self.mark() - mark

    def quiet(self, seconds: float, timeout: float = PATIENCE) -> None:
        """Wait until nothing has arrived for so long. Raises NeverShown if something always does."""
        end = time.monotonic() + timeout
        with self._news:
            while not self._closed and time.monotonic() < end:
                before = len(self.wire.sent)
                self._news.wait(seconds)
                if len(self.wire.sent) == before:
                    return
            if not self._closed:
                raise NeverShown(f"the program never was quiet for {seconds:g} s")

    def bytes_within(self, seconds: float) -> bytes:
        """What arrives in so long a time: for programs that should send nothing."""
        mark = self.mark()
        end = time.monotonic() + seconds
        with self._news:
            while not self._closed and (left := end - time.monotonic()) > 0:
                self._news.wait(left)
            return self.wire.since(mark)
