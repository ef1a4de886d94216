"""The stylists screen."""

from __future__ import annotations

from frontdesk.screens.base import DeskScreen


class StylistsScreen(DeskScreen):
    """Stylists."""

    def heading(self) -> str:
        """Where one is."""
        return "Stylists"
