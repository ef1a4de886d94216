"""The grid's colours: names of inks to styles, from the theme's variables alone."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from textual.color import Color, ColorParseError

from frontdesk.screens.calendar.laying_runs import Ink

_NAMED = {
    "text": "foreground", "base": "fd-free", "strip": "fd-muted", "break-bg": "fd-off",
    "shelf0": "fd-confirmed", "shelf1": "fd-arrived", "shelf2": "fd-service", "shelf3": "fd-processing",
    "shelf4": "fd-noshow", "shelf5": "fd-pending",
}  # fmt: skip
"""Inks whose variable is called otherwise."""

_LIGHTER = 0.05
"""How much of the text's colour is in an entry's first row: to be told apart by, not to be looked at."""

_WITHOUT = {
    "fd-free": ("background", 0.0), "fd-off": ("background", 0.0), "fd-break": ("foreground", 0.4),
    "fd-surface": ("foreground", 0.12), "fd-cursor-bg": ("primary", 1.0), "fd-cursor-fg": ("background", 1.0),
    "fd-muted": ("foreground", 0.65), "fd-now": ("warning", 1.0), "fd-pending": ("foreground", 0.8),
    "fd-confirmed": ("primary", 1.0), "fd-arrived": ("warning", 1.0), "fd-service": ("success", 1.0),
    "fd-processing": ("accent", 1.0), "fd-done": ("foreground", 0.65), "fd-noshow": ("error", 1.0),
    "fd-amber": ("warning", 1.0), "fd-red": ("error", 1.0),
}  # fmt: skip
"""What a theme of somebody else's has instead: one of its own colours, laid over its background so thickly."""


class Palette:
    """One theme's styles, made when they are first asked for."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._styles: dict[Ink, Style] = {}

    def style(self, ink: Ink) -> Style:
        """What a run of this ink is drawn with."""
        style = self._styles.get(ink)
        if style is None:
            fg, bg = self.colour(ink.fg), self.colour(ink.bg)
            style = Style(color=fg.rich_color, bgcolor=bg.rich_color, bold=ink.bold or None)
            self._styles[ink] = style
        return style

    def colour(self, name: str) -> Color:
        """A colour by its ink's name."""
        if name == "head":
            return self.colour("surface").blend(self.colour("text"), _LIGHTER)
        variable = _NAMED.get(name, f"fd-{name}")
        found = self._parsed(variable)
        if found is not None:
            return found
        like, share = _WITHOUT.get(variable, ("foreground", 1.0))
        background = self._parsed("background") or Color(0, 0, 0)
        colour = self._parsed(like) or Color(200, 200, 200)
        return colour if share == 1.0 else background.blend(colour, share)

    def _parsed(self, variable: str) -> Color | None:
        value = self._variables.get(variable)
        if value is None:
            return None
        try:
            return Color.parse(value)
        except ColorParseError:
            return None
