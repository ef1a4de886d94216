"""A receipt printer: rows as ESC/POS, and their way to a device file, a FIFO or a printer in the network.

Only what every printer since the TM-T88 understands is said: initialise, bold, double height, code pages, cut, kick the
drawer, QR by command or as a raster (Epson's "ESC/POS Command Reference"). Nobody waits longer than `SECONDS`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import stat
import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from frontdesk.errors import BadInput, Refusal
from frontdesk.text import cell_width

SECONDS = 5.0
"""So long a printer may take before it is given up: the sale is made, and the customer waits."""

PORT = 9100
"""Where printers in a network listen."""

INIT = b"\x1b@"
BOLD, PLAIN = b"\x1bE\x01", b"\x1bE\x00"
TALL, USUAL = b"\x1d!\x01", b"\x1d!\x00"
CUT = b"\x1dV\x42\x03"
"""Feed to the knife, and three dots more; cut all but a bit."""
KICK = b"\x1bp\x00\x19\xfa"
"""A pulse of 50 ms on the drawer's pin, and a rest of half a second."""

CODE_PAGES: tuple[tuple[str, int], ...] = (("cp858", 19), ("cp1252", 16), ("cp852", 18), ("cp866", 17), ("cp437", 0))
"""Which are tried for a letter, and their numbers behind ESC t: western with the euro first, then eastern, Cyrillic."""

_LIKE = str.maketrans({"…": "...", "–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "−": "-", "•": "*"})


class PrinterOff(Refusal):
    """The printer at {printer} {why}. Nothing is lost: see that it is on and has paper, then print it again."""


@dataclass(frozen=True, slots=True)
class PrintRow:
    """A row and how it is set: like the others, `bold`, or `title`, bold and twice as high."""

    text: str
    style: str = ""


def escpos(rows: Iterable[PrintRow], *, kick: bool = False, cut: bool = True, qr: str = "") -> bytes:
    """The bytes that print these rows, with the drawer's kick first: cash is given out while the paper comes."""
    paper = _Paper()
    out = [INIT, paper.page_of(0)]
    if kick:
        out.append(KICK)
    for row in rows:
        out.append(paper.row(row))
    if qr:
        out.append(qr_command(qr))
    if cut:
        out.append(CUT)
    return b"".join(out)


class _Paper:
    """Which code page the printer is on while rows go out."""

    def __init__(self) -> None:
        self.page = 0

    def page_of(self, page: int) -> bytes:
        self.page = page
        return b"\x1bt" + bytes([CODE_PAGES[page][1]])

    def row(self, row: PrintRow) -> bytes:
        before, after = b"", b""
        if row.style:
            before, after = BOLD, PLAIN
        if row.style == "title":
            before, after = before + TALL, USUAL + after
        return before + self.text(row.text.rstrip()) + after + b"\n"

    def text(self, text: str) -> bytes:
        return b"".join(self.letter(letter) for letter in _composed(text))

    def letter(self, letter: str) -> bytes:
        """The letter on the page the printer is on, on another, or as plain letters; no letter is a command."""
        for page in sorted(range(len(CODE_PAGES)), key=lambda one: one != self.page):
            with contextlib.suppress(UnicodeEncodeError):
                byte = letter.encode(CODE_PAGES[page][0])
                return (b"" if page == self.page else self.page_of(page)) + byte
        return _plain(letter)


def _composed(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFC", text) if letter >= " " and letter != "\x7f")


def _plain(letter: str) -> bytes:
    """Without its accent; what has no Latin shape is a question mark for each cell it takes, so that columns stand."""
    bare = unicodedata.normalize("NFKD", letter.translate(_LIKE)).encode("ascii", "ignore")
    width = cell_width(letter)
    return bare if len(bare) == width or (bare and width == 1 and len(bare) == 1) else b"?" * width


def qr_command(text: str, size: int = 6) -> bytes:
    """A QR symbol that the printer makes itself (GS ( k, model 2, correction M)."""
    data = text.encode()
    store = len(data) + 3
    return b"".join(
        (
            b"\x1d(k\x04\x001A2\x00",
            b"\x1d(k\x03\x001C" + bytes([size]),
            b"\x1d(k\x03\x001E1",
            b"\x1d(k" + bytes([store % 256, store // 256]) + b"1P0" + data,
            b"\x1d(k\x03\x001Q0",
            b"\n",
        )
    )


def raster(modules: Sequence[Sequence[bool]], size: int = 4) -> bytes:
    """Dark and light squares as a picture (GS v 0), for printers that make no QR symbols."""
    width = len(modules[0]) * size if modules else 0
    wide = (width + 7) // 8
    rows = []
    for row in modules:
        dots = [dark for dark in row for _ in range(size)] + [False] * (wide * 8 - width)
        packed = bytes(
            sum(dot << (7 - bit) for bit, dot in enumerate(dots[start : start + 8])) for start in range(0, wide * 8, 8)
        )
        rows.append(packed * size)
    tall = len(modules) * size
    return b"\x1dv0\x00" + bytes([wide % 256, wide // 256, tall % 256, tall // 256]) + b"".join(rows)


def send(printer: str, data: bytes, *, seconds: float = SECONDS) -> None:
    """Hand bytes to the printer that a setting names: `file:/dev/usb/lp0`, a FIFO alike, or `tcp://host:9100`.

    Raises PrinterOff, with what to do, when it takes them not or too slowly; BadInput for a setting that names none.
    """
    until = time.monotonic() + seconds
    try:
        if printer.startswith("tcp://"):
            _to_network(printer, data, until)
        elif printer.startswith("file:"):
            _to_file("/" + printer.removeprefix("file:").lstrip("/"), data, until)
        else:
            raise BadInput(
                f'The setting printer is "{printer}". Write file:/dev/usb/lp0 or tcp://192.168.1.50:9100.',
                field="printer",
            )
    except UnicodeError as error:
        raise BadInput(f'The setting printer is "{printer}", which names no host.', field="printer") from error
    except TimeoutError as error:
        raise PrinterOff(printer=printer, why=f"does not answer within {seconds:g} seconds") from error
    except OSError as error:
        raise PrinterOff(printer=printer, why=_why(error)) from error


def _why(error: OSError) -> str:
    known = {
        errno.ENOENT: "is not there",
        errno.ENXIO: "is off or not connected",
        errno.ENODEV: "is off or not connected",
        errno.EPIPE: "was switched off while it printed",
        errno.ECONNREFUSED: "does not listen",
        errno.EHOSTUNREACH: "can't be reached",
        errno.ENETUNREACH: "can't be reached",
        errno.EACCES: "may not be used by this user",
        errno.ENOSPC: "has no paper",
    }
    return known.get(error.errno or 0, f"does not take it ({error.strerror or error})")


def _to_network(printer: str, data: bytes, until: float) -> None:
    place = urlsplit(printer)
    try:
        host, port = place.hostname, place.port or PORT
    except ValueError as error:
        raise BadInput(f'The setting printer is "{printer}": {error}.', field="printer") from error
    if not host:
        raise BadInput(f'The setting printer is "{printer}", which names no host.', field="printer")
    with socket.create_connection((host, port), timeout=_left(until)) as wire:
        view = memoryview(data)
        while view:
            wire.settimeout(_left(until))
            view = view[wire.send(view) :]
        wire.shutdown(socket.SHUT_WR)
        # Closed in its face, a printer forgets what it has not printed yet: wait until it has read to the end.
        with contextlib.suppress(TimeoutError, OSError):
            wire.settimeout(min(1.0, _left(until)))
            while wire.recv(256):
                pass


def _to_file(path: str, data: bytes, until: float) -> None:
    """Without waiting in open or write: a FIFO that nobody reads and a printer without paper stop neither."""
    descriptor = _opened(path, until)
    try:
        view = memoryview(data)
        while view:
            _, ready, _ = select.select([], [descriptor], [], _left(until))
            if not ready:
                raise TimeoutError
            with contextlib.suppress(BlockingIOError):
                view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)


def _opened(path: str, until: float) -> int:
    flags = os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | os.O_APPEND
    while True:
        try:
            return os.open(path, flags)
        except OSError as error:
            if error.errno != errno.ENXIO or not stat.S_ISFIFO(os.stat(path).st_mode) or time.monotonic() > until:
                raise
        time.sleep(0.05)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
