"""The first time: found a business."""

from __future__ import annotations

from textual.screen import Screen


class SetUpScreen(Screen[None]):
    """Business, shop, zone, currency, tax, hours, first people, services from a preset."""
