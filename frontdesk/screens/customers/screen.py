"""The customers screen."""

from __future__ import annotations

from frontdesk.screens.base import DeskScreen


class CustomersScreen(DeskScreen):
    """Customers."""

    def heading(self) -> str:
        """Where one is."""
        return "Customers"
