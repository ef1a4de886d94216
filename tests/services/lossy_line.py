"""A line to the server that goes dead at the worst moment: the commit arrives, its answer does not."""

from __future__ import annotations

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SOCKET = ".s.PGSQL.5432"


@contextmanager
def lossy_line(server: Path) -> Iterator[str]:
    """The folder of a socket that passes everything on to the server's, except what comes back after a COMMIT."""
    with tempfile.TemporaryDirectory(prefix="fd-") as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{folder}/{SOCKET}")
        listener.listen()
        threading.Thread(target=_serve, args=(listener, f"{server}/{SOCKET}"), daemon=True).start()
        yield folder


def _serve(listener: socket.socket, server: str) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            threading.Thread(target=_carry, args=(client, server), daemon=True).start()


def _carry(client: socket.socket, server: str) -> None:
    with client, socket.socket(socket.AF_UNIX) as behind, suppress(OSError):
        behind.connect(server)
        dead = threading.Event()
        threading.Thread(target=_back, args=(behind, client, dead), daemon=True).start()
        while said := client.recv(65536):
            if b"COMMIT" in said:
                dead.set()
                behind.sendall(said)
                behind.recv(65536)  # the server has done it
                client.shutdown(socket.SHUT_RDWR)
                return
            behind.sendall(said)


def _back(behind: socket.socket, client: socket.socket, dead: threading.Event) -> None:
    with suppress(OSError):
        while answer := behind.recv(65536):
            if dead.is_set():
                client.shutdown(socket.SHUT_RDWR)
                return
            client.sendall(answer)
