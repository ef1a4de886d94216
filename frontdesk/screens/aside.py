"""What runs aside while the screens go on painting, and that none of it outlives them: the desk's way of closing.

Textual takes the screens down one by one while workers, keys and answers from threads are still on their way. From the
moment the desk is closing nothing of the kind begins or goes on; what was asked to be saved is saved all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from textual.actions import ActionParseResult
from textual.app import App
from textual.dom import DOMNode
from textual.worker import Worker
from textual.worker_manager import WorkerManager

if TYPE_CHECKING:
    from frontdesk.desk import Desk

P = ParamSpec("P")
R = TypeVar("R")
A = TypeVar("A")

RISEN_AFTER = 1.0
"""Seconds a screen is given to come up when the desk is closing; what hangs must not keep it open."""


class Aside(App[None]):
    """An app that asks in threads, and closes without a word from those who still wait for an answer."""

    def __init__(self) -> None:
        super().__init__()
        self._workers = _Workers(self)
        self._desk: Desk | None = None
        self._is_taken_down = False

    @property
    def desk(self) -> Desk:
        """The desk of who is signed in."""
        assert self._desk is not None
        return self._desk

    @property
    def is_leaving(self) -> bool:
        """Whether it is closing: told to, or taken down by whoever ran it."""
        return self._exit or self._is_taken_down or not self._running

    async def ask(self, service: Callable[[Desk, R], A], request: R) -> A:
        """Run a service in a thread. Raises its refusals; cancels whoever asks while the desk is closing."""
        if not hasattr(request, "request_id"):
            return await self.aside(service, self.desk, request)
        with self._while_it_stands():
            running = asyncio.get_running_loop().run_in_executor(None, service, self.desk, request)
            # What was asked to be saved is saved, though whoever asked has quit before a thread could begin with it.
            running.add_done_callback(lambda done: done.cancelled() or done.exception())
            return await asyncio.shield(running)

    async def aside(self, call: Callable[P, A], /, *args: P.args, **kwargs: P.kwargs) -> A:
        """Run anything in a thread. Raises what it raises; cancels whoever asks while the desk is closing."""
        with self._while_it_stands():
            if self.is_leaving:
                raise asyncio.CancelledError
            return await asyncio.to_thread(call, *args, **kwargs)

    @contextmanager
    def _while_it_stands(self) -> Iterator[None]:
        """An answer that comes when the desk is closing, a refusal or threads that are gone: nobody is left to hear."""
        try:
            yield
        finally:
            if self.is_leaving:
                raise asyncio.CancelledError

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """A key that is still on its way when the desk is closing does nothing."""
        return self.is_leaving or await super().run_action(action, default_namespace, namespaces)

    async def _on_exit_app(self) -> None:
        await self._all_stand()

    async def _shutdown(self) -> None:
        """Whoever still works is stopped before the first screen goes, also when a test leaves without an exit."""
        self._is_taken_down = True
        self.workers.cancel_all()
        await self._all_stand()
        await super()._shutdown()

    async def _all_stand(self) -> None:
        """A screen on its way up comes up before it is taken down: in half of one, what it looks for is not there."""
        half = [screen for screen in chain.from_iterable(self._screen_stacks.values()) if not screen.is_mounted]
        if half and self._running:
            rising: list[asyncio.Task[bool]] = [asyncio.create_task(screen._mounted_event.wait()) for screen in half]
            _, late = await asyncio.wait(rising, timeout=RISEN_AFTER)
            for one in late:
                one.cancel()


class _Workers(WorkerManager):
    """Those of an app; nobody begins while it is closing."""

    def add_worker(self, worker: Worker[Any], start: bool = True, exclusive: bool = True) -> None:
        """Textual starts it at once."""
        super().add_worker(worker, start=start and not self._app.is_leaving, exclusive=exclusive)

    _app: Aside
