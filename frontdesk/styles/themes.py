"""The house's themes: dark, light, high contrast, and one for colour-blind eyes (Okabe and Ito's palette).

Every theme names the colours that the grid draws with, `fd-…`. Another Textual theme lacks them and gets those of the
house theme of its own darkness (`with_house_colours`). Text on its ground has a contrast of at least 4.5 : 1.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

DARK = Theme(
    name="frontdesk-dark",
    primary="#7cb7ff",
    secondary="#9aa4b2",
    accent="#7cb7ff",
    foreground="#d9dde3",
    background="#15171b",
    surface="#1c1f25",
    panel="#262b33",
    warning="#f0b95a",
    error="#ff8a80",
    success="#86d6a3",
    dark=True,
    variables={
        "fd-free": "#15171b",
        "fd-off": "#0d0e11",
        "fd-break": "#5d6673",
        "fd-surface": "#262a32",
        "fd-cursor-bg": "#7cb7ff",
        "fd-cursor-fg": "#0d1117",
        "fd-muted": "#949dab",
        "fd-now": "#f0b95a",
        "fd-pending": "#b6bdc8",
        "fd-confirmed": "#8fc1ff",
        "fd-arrived": "#f0d27a",
        "fd-service": "#86d6a3",
        "fd-processing": "#74c7c7",
        "fd-done": "#949dab",
        "fd-noshow": "#ff8a80",
        "fd-amber": "#f0b95a",
        "fd-red": "#ff8a80",
        "fd-bar": "#1f232a",
    },
)

LIGHT = Theme(
    name="frontdesk-light",
    primary="#0b5cad",
    secondary="#5b6470",
    accent="#0b5cad",
    foreground="#21252b",
    background="#fbfaf7",
    surface="#f2f0ec",
    panel="#e6e3dd",
    warning="#8a5200",
    error="#b3261e",
    success="#1c6b3c",
    dark=False,
    variables={
        "fd-free": "#fbfaf7",
        "fd-off": "#e3e0d9",
        "fd-break": "#9a958b",
        "fd-surface": "#e9ebee",
        "fd-cursor-bg": "#0b5cad",
        "fd-cursor-fg": "#ffffff",
        "fd-muted": "#5b6470",
        "fd-now": "#8a5200",
        "fd-pending": "#4c545f",
        "fd-confirmed": "#0b5cad",
        "fd-arrived": "#7a4f00",
        "fd-service": "#1c6b3c",
        "fd-processing": "#0a6470",
        "fd-done": "#5b6470",
        "fd-noshow": "#b3261e",
        "fd-amber": "#8a5200",
        "fd-red": "#b3261e",
        "fd-bar": "#ebe8e2",
    },
)

CONTRAST = Theme(
    name="frontdesk-contrast",
    primary="#ffff00",
    secondary="#ffffff",
    accent="#ffff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1a1a1a",
    warning="#ffd000",
    error="#ff9c94",
    success="#7dff9f",
    dark=True,
    text_alpha=1.0,
    variables={
        "fd-free": "#000000",
        "fd-off": "#2b2b2b",
        "fd-break": "#c8c8c8",
        "fd-surface": "#1f1f3d",
        "fd-cursor-bg": "#ffff00",
        "fd-cursor-fg": "#000000",
        "fd-muted": "#d0d0d0",
        "fd-now": "#ffd000",
        "fd-pending": "#ffffff",
        "fd-confirmed": "#9fd0ff",
        "fd-arrived": "#ffe97a",
        "fd-service": "#7dff9f",
        "fd-processing": "#7af4f4",
        "fd-done": "#d0d0d0",
        "fd-noshow": "#ff9c94",
        "fd-amber": "#ffd000",
        "fd-red": "#ff9c94",
        "fd-bar": "#1a1a1a",
    },
)

COLOUR_BLIND = Theme(
    name="frontdesk-colour-blind",
    primary="#56b4e9",
    secondary="#9aa4b2",
    accent="#56b4e9",
    foreground="#e2e5ea",
    background="#15171b",
    surface="#1c1f25",
    panel="#262b33",
    warning="#e69f00",
    error="#f08a4b",
    success="#3fc59c",
    dark=True,
    variables={
        **DARK.variables,
        "fd-cursor-bg": "#56b4e9",
        "fd-now": "#e69f00",
        "fd-confirmed": "#56b4e9",
        "fd-arrived": "#f0e442",
        "fd-service": "#3fc59c",
        "fd-processing": "#d99ac0",
        "fd-noshow": "#f08a4b",
        "fd-amber": "#e69f00",
        "fd-red": "#f08a4b",
    },
)

HOUSE_THEMES = (DARK, LIGHT, CONTRAST, COLOUR_BLIND)


def with_house_colours(theme: Theme, variables: Mapping[str, str]) -> dict[str, str]:
    """A theme's variables, with the grid's colours from the house where the theme has none of its own."""
    house = (DARK if theme.dark else LIGHT).variables
    return {**house, **variables}
