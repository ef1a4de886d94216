"""Keys take turns: the next one waits until the one before has done what it does.

Textual hands a key to what has the focus now and acts on it later. Somebody who types ahead, or a slow line that
delivers ten keys at once, would book with letters that were meant for a form: `b` opens it, and the name's `n` marks a
no-show below before it stands. So a key that comes while the one before is still on its way waits for it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from textual import events
from textual.message_pump import MessagePump

LONGEST_WAIT = 10.0
"""Seconds after which a key no longer waits: what hangs must not take the keyboard with it."""
_LOOK_AGAIN = 0.005


class Turns:
    """The queue of keys. `is_busy` says whether a command is still on its way to the screen it opens."""

    def __init__(self, post: Callable[[events.Key], object], is_busy: Callable[[], bool]) -> None:
        self._post = post
        self._is_busy = is_busy
        self._waiting: deque[events.Key] = deque()
        self._called: events.Key | None = None
        self._on_its_way = False
        self._turning: asyncio.Task[None] | None = None
        self._app: MessagePump | None = None

    def is_its_turn(self, key: events.Key) -> bool:
        """Whether the key may go its way now; else it comes again when its turn is."""
        if key is self._called:
            self._called = None
            return True
        if not self._on_its_way and not self._waiting and not self._is_busy():
            return True
        self._waiting.append(key)
        if not self._on_its_way:
            self._start(None, key)
        return False

    def follow(self, key: events.Key, target: MessagePump) -> None:
        """The key has been handed to what has the focus: the next one waits until it is through."""
        self._app = target.app
        self._start(target, key)

    def _start(self, target: MessagePump | None, key: events.Key) -> None:
        self._on_its_way = True
        # The loop holds its tasks weakly; this reference keeps it.
        self._turning = asyncio.get_running_loop().create_task(self._turn(target, key))

    async def _turn(self, target: MessagePump | None, key: events.Key) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + LONGEST_WAIT
        # Once for the key, which does what it does at the top, and once for what the widget it came from has told those
        # above it: that rises to the top even where the key itself was stopped.
        for is_the_key in (True, False):
            node = target
            while node is not None and node.is_running and loop.time() < until:
                if not await _is_through(node, until - loop.time()) or (is_the_key and key._stop_propagation):
                    break
                node = node._parent
        while self._is_busy() and loop.time() < until:
            await asyncio.sleep(_LOOK_AGAIN)
        if self._app is not None and self._app.is_running:  # a focus that was asked for last is on its way to the app
            await _is_through(self._app, max(until - loop.time(), _LOOK_AGAIN))
        self._on_its_way = False
        if self._waiting:
            self._called = self._waiting.popleft()
            self._on_its_way = True
            self._post(self._called)


async def _is_through(node: MessagePump, seconds: float) -> bool:
    """Wait until a node has handled everything it has been sent so far."""
    through: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def done() -> None:
        if not through.done():
            through.set_result(None)

    if not node.call_later(done):
        return False
    try:
        await asyncio.wait_for(through, seconds)
    except TimeoutError:
        return False
    return True
