"""What a program sent to its terminal, byte for byte, and what can be said about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[(?:[<>=][0-9;]*[A-Za-z]|\??[0-9;]*\$[a-z])")
"""Kitty's keyboard protocol and mode queries: pyte takes their last letter for text or for another command."""

UNFINISHED = re.compile(rb"\x1b(?:\[[<-?]?[0-9;]*\$?)?\Z")
"""A control sequence of which the end has not come yet."""

ARRIVING = re.compile(rb"\x1b(?:\[[<-?]?[0-9;:]*\$?|\]2{0,2};?[^\x07\x1b]{0,40}\x1b?|[()])?\Z")
"""The beginning of a known sequence at the very end of what has arrived so far."""

SGR = re.compile(rb"\x1b\[([0-9;:]*)m")
PRIVATE_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")

KNOWN_SEQUENCE = re.compile(
    rb"\x1b\[[<-?]?[0-9;:]*\$?[A-Za-z]"  # CSI: cursor, colours, modes
    rb"|\x1b[()][A-Z0-9]|\x1b[=>78M]"  # character sets, keypad, cursor kept
    rb"|\x1b\]2;[^\x07\x1b]*(?:\x07|\x1b\\)"  # the window's title
    rb"|\x1b\]22;[a-z-]*(?:\x07|\x1b\\)"  # the mouse pointer's shape
)
PLAIN_CONTROLS = b"\r\n\x08\t\x07\x0f"

ALTERNATE_SCREEN, PASTE_MARKED, CURSOR, WRAP, FOCUS = "1049", "2004", "25", "7", "1004"
MOUSE = ("1000", "1003", "1006", "1015")


def for_pyte(waiting: bytes, arrived: bytes) -> tuple[bytes, bytes]:
    """What pyte can be fed now, and what has to wait for the next bytes."""
    data = waiting + arrived
    cut = UNFINISHED.search(data)
    end = cut.start() if cut else len(data)
    return UNKNOWN_TO_PYTE.sub(b"", data[:end]), data[end:]


@dataclass
class Wire:
    """Everything sent so far."""

    sent: bytearray = field(default_factory=bytearray)

    def since(self, mark: int = 0) -> bytes:
        """What was sent after a mark."""
        return bytes(self.sent[mark:])

    def stray_controls(self, mark: int = 0) -> set[bytes]:
        """Control bytes that belong to no sequence a desk may send: a person's text that reached the terminal."""
        rest = ARRIVING.sub(b"", KNOWN_SEQUENCE.sub(b"", self.since(mark)))
        text = rest.decode("utf-8", "replace")
        return {
            letter.encode() for letter in text
            if (ord(letter) < 32 or 127 <= ord(letter) < 160) and letter.encode() not in PLAIN_CONTROLS
        }  # fmt: skip

    def colours(self, mark: int = 0) -> dict[str, int]:
        """How often colour was asked for: in 16, in 256, in 16 million."""
        found = {"16": 0, "256": 0, "true": 0}
        for match in SGR.finditer(self.since(mark)):
            for kind in _colours(match[1]):
                found[kind] += 1
        return found

    def modes(self) -> dict[str, bool]:
        """The terminal's private modes as they were left: on or off."""
        left: dict[str, bool] = {}
        for match in PRIVATE_MODE.finditer(self.since()):
            for mode in match[1].decode().split(";"):
                left[mode] = match[2] == b"h"
        return left

    def is_restored(self) -> bool:
        """Whether a shell could go on in this terminal: its own screen, a cursor, no mouse, no marks around pastes."""
        modes = self.modes()
        off = (ALTERNATE_SCREEN, PASTE_MARKED, FOCUS, *MOUSE)
        on = (CURSOR, WRAP)
        return not any(modes.get(mode, False) for mode in off) and all(modes.get(mode, True) for mode in on)


def _colours(parameters: bytes) -> list[str]:
    codes = [int(code or 0) for code in re.split(rb"[;:]", parameters)]
    found: list[str] = []
    place = 0
    while place < len(codes):
        code = codes[place]
        if code in (38, 48) and place + 1 < len(codes):
            found.append("256" if codes[place + 1] == 5 else "true")
            place += 3 if codes[place + 1] == 5 else 5
            continue
        if 30 <= code <= 37 or 40 <= code <= 47 or 90 <= code <= 97 or 100 <= code <= 107:
            found.append("16")
        place += 1
    return found
