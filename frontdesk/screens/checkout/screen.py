"""The checkout screen."""

from __future__ import annotations

from frontdesk.screens.base import DeskScreen


class CheckoutScreen(DeskScreen):
    """Checkout."""

    def heading(self) -> str:
        """Where one is."""
        return "Checkout"
