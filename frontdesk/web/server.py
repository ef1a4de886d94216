"""The small web server: the page, what it is made of, and a line to a desk for every tab."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import re
import signal
import socket
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import textual_serve
from aiohttp import WSCloseCode, web

from frontdesk.errors import Refusal
from frontdesk.web.place import Place
from frontdesk.web.tab import Tab

PAGE = Path(__file__).parent / "page"
TERMINAL = Path(textual_serve.__file__).parent / "static"
"""xterm.js, its sheet and its font, as textual-serve brings them."""

MOST_TABS = 32
"""Every tab is a process of about 100 MB and three connections to the database."""

ONLY_FROM_HERE = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " font-src 'self'; img-src 'self' data:; connect-src 'self' ws://{host} wss://{host}; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
"""The browser itself refuses whatever would reach outside, and any page that would put ours into a frame."""


class PortTaken(Refusal):
    """Port {port} of {host} is taken by another program. Choose another with --port, or --port 0 for any that is
    free."""


class NoSuchHost(Refusal):
    """This machine can't listen at {host} ({reason}). Leave --host away to listen for this machine only."""


@dataclass
class DeskServer:
    """Opens a desk for every tab."""

    command: Sequence[str]
    """What a desk is started with."""
    place: Place
    port: int = 0
    """The one that was found."""
    tabs: weakref.WeakSet[web.WebSocketResponse] = field(default_factory=weakref.WeakSet)

    def site(self) -> web.Application:
        """The page and its parts, and the line."""
        site = web.Application()
        site.add_routes(
            [
                web.get("/", self._page),
                web.get("/line", self._line),
                web.static("/page", PAGE),
                web.static("/terminal", TERMINAL),
            ]
        )
        site.on_response_prepare.append(_only_from_here)
        site.on_shutdown.append(self._close_tabs)
        return site

    async def _page(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / "index.html")

    async def _line(self, request: web.Request) -> web.WebSocketResponse:
        if not self.place.welcomes(request.headers.get("Origin"), self.port):
            raise web.HTTPForbidden(text="Only frontdesk's own page may open a desk.")
        if len(self.tabs) >= MOST_TABS:
            raise web.HTTPServiceUnavailable(text="Too many desks are open in browsers. Close one first.")
        browser = web.WebSocketResponse(heartbeat=15, timeout=3, max_msg_size=1 << 20)
        self.tabs.add(browser)
        try:
            await browser.prepare(request)
            await Tab(self.command, browser).play(_number(request, "width"), _number(request, "height"))
        finally:
            self.tabs.discard(browser)
            with contextlib.suppress(ConnectionError):
                await browser.close()
        return browser

    async def _close_tabs(self, site: web.Application) -> None:
        await asyncio.gather(
            *(tab.close(code=WSCloseCode.GOING_AWAY, message=b"frontdesk was ended") for tab in list(self.tabs)),
            return_exceptions=True,
        )


async def _only_from_here(request: web.Request, response: web.StreamResponse) -> None:
    # Older browsers do not count a web socket of the page's own host as its own.
    host = request.host if re.fullmatch(r"[\w.:\[\]-]+", request.host) else "localhost"
    response.headers.update({name: value.replace("{host}", host) for name, value in ONLY_FROM_HERE.items()})


def _number(request: web.Request, name: str) -> int | None:
    asked = request.query.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) < 6 else None


def serve(command: Sequence[str], place: Place, say: Callable[[str], None]) -> None:
    """Serve desks until Ctrl+C or SIGTERM, then end them all. Raises PortTaken, NoSuchHost."""
    with _listening(place) as listener:
        port = listener.getsockname()[1]
        server = DeskServer(command, place, port)
        asyncio.run(_until_told(server, listener, say))


async def _until_told(server: DeskServer, listener: socket.socket, say: Callable[[str], None]) -> None:
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    for sentence in server.place.said(server.port):  # "Ctrl+C ends it" is true from here on
        say(sentence)
    runner = web.AppRunner(server.site(), access_log=None, shutdown_timeout=15)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        await told.wait()
    finally:
        await runner.cleanup()


def _listening(place: Place) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise NoSuchHost(host=place.host, reason=error.strerror) from error
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()  # whoever comes before we are ready waits instead of being refused
    except OSError as error:
        listener.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise PortTaken(port=place.port, host=place.host) from error
        raise NoSuchHost(host=place.host, reason=error.strerror) from error
    return listener
