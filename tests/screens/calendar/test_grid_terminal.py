"""What is written to the terminal is the same picture with fewer bytes."""

from __future__ import annotations

import statistics
from collections.abc import Iterable

import pyte
import pytest
from rich.color import ColorSystem
from rich.console import RenderableType
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.strip import Strip
from textual.theme import Theme
from textual.widgets import Label

from frontdesk.screens.calendar.grid import DayGrid
from frontdesk.screens.calendar.grid_colours import Palette
from frontdesk.screens.calendar.grid_terminal import Pen, SparingCompositor, SparingUpdate
from frontdesk.styles.themes import DARK, HOUSE_THEMES
from tests.screens.calendar.sheets import busy_day, vale_street

SIZE = (80, 24)
KEYS = ("down", "down", "right", "right", "up", "left", "down", "right", "right", "right", "pagedown", "up", "left")


def drawn(pieces: Iterable[str]) -> list[list[tuple[str, str, str, bool]]]:
    """What a terminal shows after them: sign, colours and weight of each cell."""
    screen = pyte.Screen(*SIZE)
    stream = pyte.Stream(screen)
    for piece in pieces:
        stream.feed(piece)
    cells = [[screen.buffer[y][x] for x in range(SIZE[0])] for y in range(SIZE[1])]
    return [[(cell.data, cell.fg if cell.data.strip() else "", cell.bg, cell.bold) for cell in row] for row in cells]


class Recording(App[None]):
    """A grid and something over it; keeps every update as both pens would write it."""

    CSS = "Label { layer: over; offset: 20 5; width: 20; background: red; } Screen { layers: under over; }"

    def __init__(self) -> None:
        super().__init__()
        self.console._color_system = ColorSystem.TRUECOLOR
        self.sparing: list[str] = []
        self.plain: list[str] = []

    def compose(self) -> ComposeResult:
        yield DayGrid()
        yield Label("somebody else's words")

    def on_mount(self) -> None:
        self.query_one(DayGrid).show(vale_street())

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, SparingUpdate):
            self.sparing.append(renderable.render_segments(self.console))
            self.plain.append(ChopsUpdate.render_segments(renderable, self.console))
        elif isinstance(renderable, CompositorUpdate):
            whole = renderable.render_segments(self.console)
            self.sparing.append(whole)
            self.plain.append(whole)
        super()._display(screen, renderable)


async def test_both_pens_draw_the_same_picture() -> None:
    app = Recording()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert type(app.screen._compositor) is SparingCompositor
        for key in KEYS:
            await pilot.press(key)
            await pilot.pause()
        app.query_one(DayGrid).show(busy_day(visits=9))
        await pilot.press("down", "right")
        await pilot.pause()
    assert len(app.sparing) > 12
    assert drawn(app.sparing) == drawn(app.plain)
    assert len("".join(app.sparing)) < len("".join(app.plain)) * 0.7


async def test_a_cursor_key_costs_two_hundred_bytes() -> None:
    app = Recording()
    app.register_theme(DARK)
    app.theme = DARK.name
    async with app.run_test(size=SIZE) as pilot:
        app.query_one(Label).display = False
        app.query_one(DayGrid).show(busy_day(visits=9))
        await pilot.pause()
        app.sparing.clear()
        app.plain.clear()
        for key in ("down", "down", "right", "up", "right", "down", "left", "up", "left", "down", "right", "right"):
            await pilot.press(key)
            await pilot.pause()
    around = len("\x1b[?2026h" + "\x1b[1;1H" + "\x1b[?2026l")
    assert len(app.sparing) == 12
    assert statistics.median(map(len, app.sparing)) + around <= 200
    assert max(map(len, app.sparing)) + around <= 260
    assert statistics.median(map(len, app.plain)) + around > 500, "Textual's own pen would need this many"


def test_colours_are_said_where_they_change_and_put_back_at_the_end() -> None:
    red = Style.parse("#ff0000 on #000000")
    strip = Strip([Segment("ab", red), Segment("cd", Style.parse("#00ff00 on #000000")), Segment("e", red)])
    pen = Pen(ColorSystem.TRUECOLOR)
    pen.draw(strip, 10, 3, 11, 14)
    written = "\x1b[4;12H\x1b[38;2;255;0;0;48;2;0;0;0mb\x1b[38;2;0;255;0mcd\x1b[m"
    assert pen.done() == written


def test_weight_that_ends_takes_no_colour_with_it() -> None:
    strip = Strip([Segment("a", Style.parse("bold #ff0000")), Segment("b", Style.parse("#ff0000"))])
    pen = Pen(ColorSystem.TRUECOLOR)
    pen.draw(strip, 0, 0, 0, 2)
    assert pen.done() == "\x1b[1;1H\x1b[0;1;38;2;255;0;0ma\x1b[0;38;2;255;0;0mb\x1b[m"


def test_a_wide_sign_is_never_cut_in_half() -> None:
    strip = Strip([Segment("a山b田c")])
    pen = Pen(ColorSystem.TRUECOLOR)
    pen.draw(strip, 0, 0, 2, 5)
    assert pen.done() == "\x1b[1;2H山b田"


@pytest.mark.parametrize("theme", HOUSE_THEMES, ids=lambda theme: theme.name)
def test_with_256_colours_a_visit_is_one_surface_and_not_a_grey_row_over_blue_ones(theme: Theme) -> None:
    house = {**theme.variables, "foreground": theme.foreground or "", "background": theme.background or ""}
    palette = Palette(house)
    first, others = (
        palette.colour(ink).rich_color.downgrade(ColorSystem.EIGHT_BIT).number or 0 for ink in ("head", "surface")
    )
    greys = range(232, 256)
    assert first == others or (first in greys and others in greys)
