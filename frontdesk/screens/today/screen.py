"""The today screen."""

from __future__ import annotations

from frontdesk.screens.base import DeskScreen


class TodayScreen(DeskScreen):
    """Today."""

    def heading(self) -> str:
        """Where one is."""
        return "Today"
