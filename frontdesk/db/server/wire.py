"""One question to a server over its socket, spoken without a driver: importing psycopg costs 0.2 s, a start 0.03 s.

PostgreSQL's protocol 3.0, which needs no more than this for a `trust` connection:
https://www.postgresql.org/docs/18/protocol-flow.html
"""

from __future__ import annotations

import socket
import struct
import sys
from pathlib import Path
from types import TracebackType

PORT = 5432
"""Only part of the socket's name; nothing listens on a network."""
SOCKET = f".s.PGSQL.{PORT}"
SUPERUSER = "postgres"


class Declined(Exception):
    """The server answered with an error, whose SQLSTATE this carries."""

    def __init__(self, state: str, message: str) -> None:
        super().__init__(f"{state}: {message}")
        self.state = state

    @property
    def passing(self) -> bool:
        """It is starting, recovering or shutting down: 57P03, cannot_connect_now."""
        return self.state == "57P03"


class Line:
    """A connection to the server behind the socket. OSError when nobody is there; `Declined` when it won't talk."""

    def __init__(self, socket_directory: Path, *, patience: float = 2.0) -> None:
        self.peer: tuple[int, int] | None = None
        """Process and user that listen on the socket, from the kernel; None where it can't tell (macOS)."""
        self.backend = 0
        """The server process that serves this line."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(patience)
            self._socket.connect(str(socket_directory / SOCKET))
            self.peer = _peer(self._socket)
        except BaseException:
            self._socket.close()
            raise

    def __enter__(self) -> Line:
        return self

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def greet(self) -> None:
        """Say who we are and wait until the server is ready for questions."""
        words = b"user\0%b\0database\0postgres\0application_name\0frontdesk server\0\0" % SUPERUSER.encode()
        self._socket.sendall(struct.pack("!ii", len(words) + 8, 3 << 16) + words)
        self._answer()

    def ask(self, query: str) -> list[str]:
        """The first row of the answer."""
        words = query.encode() + b"\0"
        self._socket.sendall(b"Q" + struct.pack("!i", len(words) + 4) + words)
        return self._answer()

    def _answer(self) -> list[str]:
        row: list[str] = []
        while True:
            kind, body = self._message()
            if kind == b"E":
                raise _declined(body)
            if kind == b"K":
                (self.backend,) = struct.unpack_from("!i", body)
            elif kind == b"D" and not row:
                row = _row(body)
            elif kind == b"Z":
                return row

    def _message(self) -> tuple[bytes, bytes]:
        kind, length = struct.unpack("!ci", self._exactly(5))
        return kind, self._exactly(length - 4)

    def _exactly(self, size: int) -> bytes:
        parts = b""
        while len(parts) < size:
            more = self._socket.recv(size - len(parts))
            if not more:
                raise ConnectionResetError("the server hung up")
            parts += more
        return parts


def _row(body: bytes) -> list[str]:
    (count,) = struct.unpack_from("!h", body)
    values, at = [], 2
    for _ in range(count):
        (length,) = struct.unpack_from("!i", body, at)
        at += 4
        values.append(body[at : at + max(length, 0)].decode())
        at += max(length, 0)
    return values


def _declined(body: bytes) -> Declined:
    fields = {part[:1]: part[1:].decode(errors="replace") for part in body.split(b"\0") if part}
    return Declined(fields.get(b"C", ""), fields.get(b"M", ""))


def _peer(line: socket.socket) -> tuple[int, int] | None:
    if not sys.platform.startswith("linux"):
        return None
    # unix(7): for the side that connected, the credentials of the process that called listen(): the postmaster.
    pid, uid, _ = struct.unpack("iII", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return int(pid), int(uid)
