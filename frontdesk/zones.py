"""Zone data of the pinned wheel, whatever the machine has. A module of its own: the sign-in paints without it."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones, reset_tzpath

__all__ = ["ZoneInfo", "ZoneInfoNotFoundError", "available_timezones"]

reset_tzpath(())
