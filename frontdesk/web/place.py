"""Where the browser's desk is found, and which pages may talk to it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from frontdesk.errors import BadInput

LOOPBACK = "127.0.0.1"
PORT = 8017
"""Usually free: nothing well known lives there."""

BEHIND_A_PROXY = (
    "Whoever wants it elsewhere puts a reverse proxy with TLS in front and names its address with --address:"
    " frontdesk itself speaks no TLS, and its only guard is the sign-in screen."
)


@dataclass(frozen=True)
class Place:
    """An address to listen at."""

    host: str = LOOPBACK
    port: int = PORT
    """0 takes whichever is free."""
    address: str | None = None
    """Under which a reverse proxy shows it: https://desk.example.com."""

    def __post_init__(self) -> None:
        if self.address is not None and not _is_address(self.address):
            raise BadInput(
                f"{self.address!r} is no address of a site. Write it like https://desk.example.com.", field="address"
            )

    @property
    def is_here_only(self) -> bool:
        """Whether nobody but this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def welcomes(self, origin: str | None, port: int) -> bool:
        """Whether a page from there may open a desk.

        Any page in the same browser can reach loopback, and a name that resolves to it can be anybody's: only our own
        page is let in, by the names it can have.
        """
        hosts = [self.host] if not self.is_here_only else [LOOPBACK, "localhost", "[::1]"]
        own = {f"http://{host}:{port}" for host in hosts}
        if self.address is not None:
            found = urlsplit(self.address)
            own.add(f"{found.scheme}://{found.netloc}")
        return origin in own

    def said(self, port: int) -> tuple[str, ...]:
        """What whoever starts it should know."""
        here = f"http://{self.host}:{port}/"
        if self.is_here_only:
            first = f"The desk is at {here} for browsers on this machine. {BEHIND_A_PROXY}"
        else:
            first = (
                f"The desk is at {here} for everybody who reaches this machine, and PINs travel there readable."
                f" {BEHIND_A_PROXY}"
            )
        shown = (f"Behind the proxy it is {self.address}.",) if self.address else ()
        return (first, *shown, "Ctrl+C ends it, and every desk that is open in a browser.")


def _is_address(text: str) -> bool:
    found = urlsplit(text)
    return found.scheme in ("http", "https") and bool(found.netloc) and not found.query and not found.fragment
