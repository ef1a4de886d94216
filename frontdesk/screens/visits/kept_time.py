"""A time that is kept for a form while somebody types into it (features BK28)."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from frontdesk.errors import Refusal
from frontdesk.screens.base import DeskScreen
from frontdesk.services.book.holds import HoldTime, LetGo, hold_time, let_go


class KeptTime:
    """One form's hold. Other terminals see who is booking; nobody is kept from anything by its failing."""

    def __init__(self, screen: DeskScreen) -> None:
        self._screen = screen
        self.key = uuid4()
        """The booking brings it."""
        self._wish: tuple[int, dt.datetime, int] | None = None

    async def keep(self, stylist_id: int, at: dt.datetime, minutes: int) -> None:
        """Keep this time instead of the one before."""
        wish = stylist_id, at, max(minutes, 1)
        if wish == self._wish:
            return
        self._wish = wish
        request = HoldTime(stylist_id=stylist_id, starts_at=at, minutes=wish[2], hold_key=self.key)
        try:
            await self._screen.ask(hold_time, request)
        except Refusal:
            self._wish = None

    async def release(self) -> None:
        """The form is closed."""
        if self._wish is not None:
            self._wish = None
            try:
                await self._screen.ask(let_go, LetGo(hold_key=self.key))
            except Refusal:
                return  # it lapses by itself
