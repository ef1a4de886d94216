"""Imports every service, so that the registry of use-cases is complete (features AD13)."""

from __future__ import annotations

from frontdesk.services import (
    availability,
    booking,
    catalogue,
    checkout,
    customer_search,
    customers,
    day,
    doctor,
    history,
    importing,
    menu,
    people,
    phrases,
    presets,
    receipts,
    reports,
    roster,
    shop_hours,
    stylists,
    visits,
)
from frontdesk.services.use_case import USE_CASES

__all__ = [
    "USE_CASES",
    "availability",
    "booking",
    "catalogue",
    "checkout",
    "customer_search",
    "customers",
    "day",
    "doctor",
    "history",
    "importing",
    "menu",
    "people",
    "phrases",
    "presets",
    "receipts",
    "reports",
    "roster",
    "shop_hours",
    "stylists",
    "visits",
]
