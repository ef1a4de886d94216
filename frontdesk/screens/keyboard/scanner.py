"""A barcode scanner types like a very fast person: its burst is caught whole and never acts as letters (look.md, Keys).

Keys that print are held back for a moment. When the next one comes as fast as only a machine types, they wait on; the
enter at the burst's end makes a barcode of six or more, and anything else lets them go their way in their order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual import events
from textual.message import Message

LEAST = 6
"""Characters of the shortest barcode."""
BURST_SECONDS = 0.05
"""Within this from its first character to its enter."""
HELD_SECONDS = 0.012
"""A person's fastest next key is slower than this; a scanner's is not."""


class Scanned(Message):
    """A barcode was read."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code


class Scanner:
    """Takes keys that may be a burst, and posts again what is none."""

    def __init__(self, post: Callable[[events.Key], object], scanned: Callable[[str], None]) -> None:
        self._post = post
        self._scanned = scanned
        self._held: list[events.Key] = []
        self._released: list[events.Key] = []
        self._began = 0.0
        self._later: asyncio.TimerHandle | None = None

    def takes(self, key: events.Key) -> bool:
        """Whether the key is held back for now."""
        if self._released and key is self._released[0]:
            del self._released[0]
            return False
        loop = asyncio.get_running_loop()
        if key.is_printable and key.character is not None and not key.character.isspace():
            if not self._held:
                self._began = loop.time()
            self._held.append(key)
            self._forget()
            self._later = loop.call_later(HELD_SECONDS, self._release)
            return True
        if not self._held and not self._released:
            return False
        code = "".join(each.character or "" for each in self._held)
        if key.key == "enter" and _is_barcode(code) and loop.time() - self._began <= BURST_SECONDS:
            self._held.clear()
            self._forget()
            self._scanned(code)
        else:
            self._held.append(key)
            self._release()
        return True

    def _release(self) -> None:
        self._forget()
        held, self._held = self._held, []
        self._released += held
        for key in held:
            self._post(key)

    def _forget(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None


def _is_barcode(code: str) -> bool:
    """Long enough, and mostly digits: a slow line delivers what a person typed all at once, too."""
    return len(code) >= LEAST and 2 * sum(sign.isdigit() for sign in code) >= len(code)
