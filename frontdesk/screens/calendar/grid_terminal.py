"""Fewer bytes for small changes: over a slow line a cursor key should cost what it changes, and no more.

Textual 8.2 writes a changed region from the left edge of the widget that it lies in (`Strip.crop(0, …)` in
`ChopsUpdate.render_segments`), and each segment with all of its colours and a reset. A cursor key in the third column
of the day then costs about a kilobyte. Here a region is written alone, and colours only where they change.
"""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.control import Control
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor
from textual.screen import Screen
from textual.strip import Strip


def write_sparingly(screen: Screen[object]) -> None:
    """Let a screen's partial updates be written so. The same cells arrive; nothing else about the screen changes."""
    if type(screen._compositor) is Compositor:
        # The subclass has no state of its own, so that a living compositor can become one.
        screen._compositor.__class__ = SparingCompositor


class SparingCompositor(Compositor):
    """Textual's compositor, with a thriftier pen."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """The update of the regions that are dirty, if any."""
        update = super().render_partial_update()
        return update and SparingUpdate(update.chops, update.spans, update.chop_ends)


class SparingUpdate(ChopsUpdate):
    """Changed spans and nothing beside them."""

    def render_segments(self, console: Console) -> str:
        """What is sent to the terminal."""
        pen = Pen(console._color_system or ColorSystem.TRUECOLOR)
        for y, x1, x2 in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is not None and x < x2 and end > x1:
                    pen.draw(strip, x, y, max(x, x1), min(end, x2))
        return pen.done()


class Pen:
    """Writes cells, and remembers where it stands and with which colours."""

    def __init__(self, system: ColorSystem) -> None:
        self._system = system
        self._out: list[str] = []
        self._at: tuple[int, int] | None = None
        self._colours: tuple[str, str, str] = ("", "", "")

    def draw(self, strip: Strip, x: int, y: int, left: int, right: int) -> None:
        """A strip that begins at x: its cells from left to right."""
        start, stop = _whole_signs(strip, left - x, right - x)
        if self._at != (x + start, y):
            self._out.append(Control.move_to(x + start, y).segment.text)
        self._at = (x + stop, y)
        for text, style, _ in strip.crop(start, stop):
            if style is not None and style._link:
                self._take(("", "", ""))
                self._out.append(Strip.render_style(style, text, self._system))
            else:
                self._take(_codes(style, self._system) if style else ("", "", ""))
                self._out.append(text)

    def done(self) -> str:
        """Everything written, the colours put back."""
        self._take(("", "", ""))
        return "".join(self._out)

    def _take(self, colours: tuple[str, str, str]) -> None:
        attributes, *both = colours
        was, *before = self._colours
        self._colours = colours
        if colours == (was, *before):
            return
        if not any(colours):
            self._out.append("\x1b[m")
        elif attributes != was:
            self._out.append(f"\x1b[0;{';'.join(filter(None, colours))}m")
        else:
            news = [new or plain for new, old, plain in zip(both, before, ("39", "49"), strict=True) if new != old]
            self._out.append(f"\x1b[{';'.join(news)}m")


@lru_cache(maxsize=4096)
def _codes(style: Style, system: ColorSystem) -> tuple[str, str, str]:
    """Attributes, foreground and background as the terminal reads them; empty for what it has anyway."""
    fg, bg = style.color, style.bgcolor
    return (
        Strip.render_ansi(style.without_color, system),
        ";".join(fg.downgrade(system).get_ansi_codes()) if fg else "",
        ";".join(bg.downgrade(system).get_ansi_codes(foreground=False)) if bg else "",
    )


def _whole_signs(strip: Strip, start: int, stop: int) -> tuple[int, int]:
    """The same cells, or one more at an end that would cut a wide sign in half."""
    text = strip.text
    if text.isascii():
        return start, stop
    edges = set()
    at = 0
    for sign in text:
        edges.add(at)
        at += cell_len(sign)
    edges.add(at)
    return (start if start in edges else start - 1), (stop if stop in edges else min(stop + 1, at))
