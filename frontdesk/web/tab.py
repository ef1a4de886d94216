"""One browser tab: the desk that runs for it, in a process of its own, and the keys that go there."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence

from aiohttp import WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from frontdesk.web.surroundings import surroundings

PATIENCE = 5.0
"""Seconds that a desk gets to keep its draft after its tab was closed."""

LARGEST = 1000
"""Columns or rows: no screen has more, and a desk that believes in a billion would fill the memory."""


class Tab(AppService):
    """textual-serve's keeper of one process, without a shell, without our environment, and with an end."""

    def __init__(self, command: Sequence[str], browser: web.WebSocketResponse) -> None:
        super().__init__(
            " ".join(command),
            write_bytes=browser.send_bytes,
            write_str=browser.send_str,
            close=self._close_browser,
            download_manager=DownloadManager(),
        )
        self._words = tuple(command)
        self._browser = browser
        self._leaves = False

    async def _close_browser(self) -> None:
        await self._browser.close()

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        # A session of its own: Ctrl+C in the server's terminal reaches the server, which then ends its desks in order.
        self._process = await asyncio.create_subprocess_exec(
            *self._words, stdin=PIPE, stdout=PIPE, stderr=PIPE, start_new_session=True,
            env=surroundings(os.environ, columns=width, rows=height),
        )  # fmt: skip
        self._stdin = self._process.stdin
        return self._process

    async def on_meta(self, data: bytes) -> None:
        """The desk leaves. It opens no addresses and hands out no files here: a browser would do so unasked."""
        if json.loads(data).get("type") == "exit":
            self._leaves = True
            await self.remote_close()

    async def run(self) -> None:
        """Carry what the desk shows until it ends; a desk that could not begin closes its tab too."""
        await super().run()
        await self.remote_close()

    async def play(self, columns: int | None, rows: int | None) -> None:
        """Run a desk until it or its tab ends."""
        await self.start(_within(columns, 80), _within(rows, 24))
        try:
            async for message in self._browser:
                if message.type is WSMsgType.TEXT:
                    await self._heard(message.data)
        finally:
            await asyncio.shield(self.end())

    async def _heard(self, text: str) -> None:
        try:
            kind, *rest = json.loads(text)
        except (ValueError, TypeError, RecursionError):
            return
        match kind, rest:
            case "stdin", [str(keys)]:
                # Half a character is no key, and an empty packet would hold up the desk's ear.
                if known := without_false_ends(keys).encode("utf-8", "ignore"):
                    await self.send_bytes(known)
            case "resize", [{"width": width, "height": height}]:
                await self.set_terminal_size(_within(width, 80), _within(height, 24))
            case "ping", [asked]:
                await self.remote_write_str(json.dumps(["pong", asked]))
            case "focus", []:
                await self.focus()
            case "blur", []:
                await self.blur()

    async def end(self) -> None:
        """End the desk as a dropped line would, so that it keeps what was half typed; then without asking."""
        process, carrying = self._process, self._task
        if process is None or carrying is None:
            return
        if not self._leaves:
            _tell(process, signal.SIGHUP)
        try:
            await asyncio.wait_for(process.wait(), PATIENCE)
        except TimeoutError:
            _tell(process, signal.SIGKILL)
            await process.wait()
        await carrying


def without_false_ends(keys: str) -> str:
    """What a tab sends, and of a paste only its text: an end mark or an escape inside would turn the rest into keys."""
    begin, end = "\x1b[200~", "\x1b[201~"
    if not (keys.startswith(begin) and keys.endswith(end)):
        return keys
    return begin + keys[len(begin) : -len(end)].replace("\x1b", "") + end


def _tell(process: Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)


def _within(number: object, usual: int) -> int:
    return min(max(number, 1), LARGEST) if isinstance(number, int) and not isinstance(number, bool) else usual
