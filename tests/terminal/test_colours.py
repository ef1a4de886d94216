"""The languages of terminals: millions of colours, 256, 16 or none, inside tmux and out, and every letter in each."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.terminal.conftest import Shop, sign_in
from tests.terminal.harness.terminal import Terminal


def shown(desk: Terminal) -> str:
    """The sign-in screen, once it is there in full."""
    desk.wait_for("Who is at the desk?")
    desk.quiet(0.3)
    return desk.screen_text()


@pytest.mark.parametrize(
    ("environment", "kind"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "true"),
        ({"TERM": "xterm-256color", "COLORTERM": None}, "256"),
        pytest.param({"TERM": "tmux-256color", "COLORTERM": None}, "256", marks=pytest.mark.thorough),
        ({"TERM": "linux", "COLORTERM": None}, "16"),
        pytest.param({"TERM": "ansi", "COLORTERM": None}, "16", marks=pytest.mark.thorough),
    ],
    ids=lambda value: "-".join(filter(None, value.values())) if isinstance(value, dict) else "",
)
def test_colours_are_those_the_terminal_has(shop: Shop, environment: dict[str, Any], kind: str) -> None:
    with shop.open_desk(**environment) as desk:
        shown(desk)
        sign_in(desk)
        desk.quiet(0.3)
        colours = desk.wire.colours()
    assert colours.pop(kind) > 0
    assert set(colours.values()) == {0}


@pytest.mark.parametrize("value", ["1", pytest.param("", marks=pytest.mark.thorough)])
def test_no_color_shows_every_letter_and_asks_for_no_colour(shop: Shop, value: str) -> None:
    with shop.open_desk() as desk:
        coloured = shown(desk)
    with shop.open_desk(NO_COLOR=value) as desk:
        plain = shown(desk)
        sign_in(desk)
        desk.quiet(0.3)
        assert set(desk.wire.colours().values()) == {0}
        assert b"\x1b[1m" in desk.wire.since() or re.search(rb"\x1b\[1[;m]", desk.wire.since())
    assert plain == coloured


def test_without_colours_the_cursor_in_a_field_is_seen(shop: Shop) -> None:
    with shop.open_desk(NO_COLOR="1") as desk:
        shown(desk)
        desk.keys("ctrl+p")
        desk.wait_for("name, or name@business")
        desk.type("zoe")
        desk.wait_for("zoe")
        desk.quiet(0.3)
        row = next(row for row, text in enumerate(desk.screen.display) if "zoe" in text)
        reversed_cells = [cell for cell in desk.screen.buffer[row].values() if cell.reverse]
    assert len(reversed_cells) == 1
