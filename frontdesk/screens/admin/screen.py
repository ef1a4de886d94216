"""The admin screen."""

from __future__ import annotations

from frontdesk.screens.base import DeskScreen


class AdminScreen(DeskScreen):
    """Admin."""

    def heading(self) -> str:
        """Where one is."""
        return "Admin"
