"""The calendar."""

from __future__ import annotations

from frontdesk.screens.base import DeskScreen
from frontdesk.services.day import ShowDay, show_day


class CalendarScreen(DeskScreen):
    """The book."""

    async def load(self) -> None:
        sheet = await self.ask(show_day, ShowDay())
        self.say(f"{len(sheet.entries)}")

    def heading(self) -> str:
        """Where one is."""
        return "Book"
