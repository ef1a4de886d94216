"""The three lines of every screen: where one is above, what just happened and what the keys do below."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static, TextArea

from frontdesk.screens import commands
from frontdesk.screens.commands import Command, spoken_key
from frontdesk.text import cell_width, harmless, wrapped
from frontdesk.widgets.bar import Bar

if TYPE_CHECKING:
    from frontdesk.app import FrontDesk

_TOO_SMALL = "frontdesk needs 60 columns and 20 rows. Make the window bigger; nothing is lost."


class ThreeLines(Screen[None]):
    """A screen with a line above its body and two below."""

    KEYS: ClassVar[Sequence[Command]] = ()
    """What its keys do, in the order of the footer; method `do_<name>` of each."""
    FOOTER: ClassVar[frozenset[Command]] = frozenset()
    """Of those, what stands in the footer here though it does not elsewhere."""
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (120, "-wide")]  # noqa: RUF012  Textual's own kind
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012

    if TYPE_CHECKING:
        app = getters.app(FrontDesk)

    def __init__(self) -> None:
        super().__init__()
        self._said = ""
        self._rest: Content | None = None

    def body(self) -> ComposeResult:
        """What stands between the lines."""
        yield Static("", id="body")

    def keys_now(self) -> Sequence[tuple[str, str]]:
        """Keys and their words that stand in the footer for as long as something is under way; else none."""
        return ()

    def heading(self) -> str:
        """What stands at the left of the line above."""
        return ""

    def compose(self) -> ComposeResult:
        """One line above, the body, two lines below."""
        yield Bar(id="header")
        yield from self.body()
        yield Bar(id="status", classes="-quiet")
        yield Bar(id="footer")
        yield Static(_TOO_SMALL, id="too-small", markup=False)

    def on_mount(self) -> None:
        """Draw the lines."""
        self.draw_header()
        self.draw_footer()
        self.say("")

    def on_descendant_focus(self) -> None:
        """The footer follows the focus."""
        self.draw_footer()

    def on_descendant_blur(self) -> None:
        """The footer follows the focus."""
        self.call_after_refresh(self.draw_footer)

    def _line(self, name: str) -> Bar:
        """One of the three lines; a stand-in for nobody to see while the screen is being composed or taken down."""
        return next(iter(self.query(f"#{name}").results(Bar)), None) or Bar()

    def draw_header(self) -> None:
        """Where, when, who waits, what time it is."""
        if self.is_mounted and self.is_attached:
            self._line("header").show(Content.styled(harmless(self.heading()), "bold"), self.app.header_end())

    def on_resize(self) -> None:
        """Another width has room for other keys."""
        self.call_after_refresh(self.draw_footer)

    def draw_footer(self) -> None:
        """What the keys do where the focus is."""
        if not self.is_mounted or not self.is_attached:
            return
        if self._rest is not None:
            self._line("footer").show(self._rest)
            return
        if under_way := self.keys_now():
            self._line("footer").show(self._laid_out(under_way))
            return
        in_field = isinstance(self.focused, Input | TextArea)
        offered = [c for c in (*self.KEYS, commands.HELP) if c.in_footer or c in self.FOOTER]
        shown = [c for c in offered if not (in_field and self._types(c))]
        if in_field:
            self._line("footer").show(self._keys(shown), "enter take  esc back")
        else:
            self._line("footer").show(self._keys(shown))

    def _types(self, command: Command) -> bool:
        """Whether its key, wherever it has been moved, is text in a field."""
        return dataclasses.replace(command, key=self.app.key_of(command)).is_letter

    def _keys(self, shown: Iterable[Command]) -> Content:
        merged: list[tuple[str, str]] = []
        for command in shown:
            key = spoken_key(self.app.key_of(command))
            if merged and merged[-1][1] == command.label:
                merged[-1] = (f"{merged[-1][0]} {key}", command.label)
            else:
                merged.append((key, command.label))
        return self._laid_out(merged)

    def _laid_out(self, keys: Iterable[tuple[str, str]]) -> Content:
        """As many as there is room for."""
        room = self.size.width - 2
        parts: list[Content] = []
        for key, label in keys:
            part = Content.assemble((key, "bold $accent"), " ", label)
            taken = sum(p.cell_length + 2 for p in parts)
            if taken + part.cell_length > room:
                break
            parts.append(part)
        return Content("  ").join(parts)

    def say(self, words: str, tone: str = "") -> None:
        """What just happened, on the line below. `tone` is `amber` for look, `red` for stop.

        What is longer than the line goes on in the footer's place until the next key.
        """
        if not self.is_mounted or not self.is_attached:
            return
        self._said = words
        style = f"$fd-{tone}" if tone else "$foreground"
        keys = "  ".join(
            f"{spoken_key(self.app.key_of(c))} {c.label}" for c in (commands.UNDO, commands.WHY) if c in self.KEYS
        )
        room = max(20, self.size.width - 2)
        lines = wrapped(harmless(words), room)
        if len(lines) > 1 or cell_width(lines[0]) + cell_width(keys) + 2 > room:
            keys = ""
        self._line("status").show(Content.styled(lines[0], style), keys)
        self._rest = Content.styled(" ".join(lines[1:]), style) if len(lines) > 1 else None
        self.draw_footer()

    def key_came(self) -> None:
        """The next key: the footer says again what the keys do."""
        if self._rest is not None:
            self._rest = None
            self.draw_footer()

    @property
    def said_last(self) -> str:
        """What was said last, all of it."""
        return self._said

    @property
    def said(self) -> str:
        """What stands on the line below."""
        return self._line("status").left
