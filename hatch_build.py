"""Puts the migrations inside the wheel; an editable install reads them where they are and keeps no copy."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Migrations(BuildHookInterface):  # type: ignore[type-arg]  its configuration is none of ours
    """They stand at the top level, where people look for them, and travel inside the package."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add them to a real wheel only."""
        if version == "standard":
            build_data["force_include"]["migrations"] = "frontdesk/migrations"
