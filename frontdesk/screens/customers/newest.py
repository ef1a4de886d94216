"""Asking for the newest wish only: while one answer is on its way, later wishes wait, and only the last is asked for.

Whoever types fast on a slow line would otherwise queue a question for every letter.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Newest:
    """One question at a time, asked again as long as something newer is wished for."""

    def __init__(self, ask: Callable[[], Awaitable[None]]) -> None:
        self._ask = ask
        self._is_wished = False
        self._answered: asyncio.Event | None = None
        """Of the question under way."""

    async def run(self) -> None:
        """Ask now, or once more after the question under way; return when the newest wish is answered.

        A refusal is raised to whoever asked. Whoever is cancelled while asking leaves the next wish to those who wait.
        """
        self._is_wished = True
        while self._is_wished or self._answered:
            if self._answered:
                await self._answered.wait()
            else:
                await self._once()

    async def _once(self) -> None:
        self._is_wished = False
        answered = self._answered = asyncio.Event()
        try:
            await self._ask()
        finally:
            self._answered = None
            answered.set()
