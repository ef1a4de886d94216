"""A blind count over the screen: a column of notes and coins, filled piece by piece or by typing 20x3 10x7 (N14)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from frontdesk.desk import Shop
from frontdesk.errors import BadInput
from frontdesk.money import parse_money
from frontdesk.rules.counting import count_text, denominations, read_count
from frontdesk.screens.drawer import drawing
from frontdesk.text import harmless
from frontdesk.widgets.line import Line

_LONGEST_COUNT = 5
"""Digits."""


@dataclass(frozen=True)
class Count:
    """What was counted: pieces as they are typed, or the sum alone."""

    typed: str = ""
    total: Decimal | None = None


class CountSheet(ModalScreen["Count | None"]):
    """One line to type into. A number is how many of the piece at the mark; enter goes to the next one, and after the
    last confirms. What should be in the drawer is not here: whoever counts does not know it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("up", "step(-1)", show=False, priority=True),
        Binding("down", "step(1)", show=False, priority=True),
        Binding("ctrl+s", "confirm", show=False, priority=True),
        Binding("f8", "app.lock", show=False, id="lock"),
    ]

    def __init__(self, title: str, shop: Shop, *, begun: Mapping[Decimal, int] | None = None, word: str = "") -> None:
        """`begun` is what was counted before it was left; `word` says what was wrong with the last count."""
        super().__init__()
        self._title = title
        self._shop = shop
        self._word = word
        self._pieces = denominations(shop.currency)
        self.pieces: dict[Decimal, int] = dict(begun or {})
        """How many of each, so far."""
        self._at = next((i for i, one in enumerate(self._pieces) if one.value not in self.pieces), 0)

    def compose(self) -> ComposeResult:
        """The column, the sum, the line to type into."""
        with Vertical(classes="panel"):
            yield Static(Content(harmless(self._title)), classes="title")
            yield Static(Content(""), id="pieces")
            yield Static(Content(""), id="sum")
            yield Line(id="typed", placeholder="how many, or all at once: 20x3 10x7 50p x4")
            yield Static(Content(harmless(self._word)), id="reason", classes="reason")
            yield Static(Content("enter next   ctrl+s confirm the count   = and the sum   esc back"), classes="quiet")

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Line).focus()
        self._draw()

    def _draw(self) -> None:
        parts = []
        for line, is_at in drawing.piece_lines(self.pieces, self._at, self._shop):
            parts.append(Content.styled(f"{line}\n", "bold $accent") if is_at else Content(f"{line}\n"))
        self.query_one("#pieces", Static).update(Content.assemble(*parts).rstrip())
        self._add_up()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._say("")
        self._add_up()

    def _add_up(self) -> None:
        """The sum with what stands in the line, as far as it can be read."""
        pieces = dict(self.pieces)
        with suppress(BadInput):
            pieces |= self._read(self._line.value.strip())
        self.query_one("#sum", Static).update(Content.styled(drawing.sum_line(pieces, self._shop), "bold"))

    @on(Input.Submitted)
    def _entered(self, entered: Input.Submitted) -> None:
        entered.stop()
        if self._take() and self._at == len(self._pieces):
            self.action_confirm()

    def action_step(self, by: int) -> None:
        """Another note or coin; what stands in the line counts for the one before."""
        if not self._line.value.strip():
            self._at = max(0, min(self._at + by, len(self._pieces) - 1))
            self._draw()
        elif self._take() and by < 0:
            self.action_step(-1)

    def action_confirm(self) -> None:
        """That is what is in it."""
        if self._line.value.strip() and not self._take():
            return
        if self._line.value.strip():
            return
        if not self.pieces:
            self._say("Nothing is counted yet. Type how many of each, or 0 for none.")
            return
        self.dismiss(Count(typed=count_text(self.pieces, self._shop.currency) or "0"))

    def action_leave(self) -> None:
        """Back; what was counted is kept for the next time."""
        self.dismiss(None)

    @property
    def _line(self) -> Line:
        return self.query_one(Line)

    def _take(self) -> bool:
        """Take what stands in the line; whether it could be read. It goes to the next piece."""
        typed = self._line.value.strip()
        currency = self._shop.currency
        try:
            if typed.startswith("="):
                total = parse_money(typed[1:], currency, self._shop.locale, "count")
                self.dismiss(Count(total=total))
                return False
            self.pieces |= self._read(typed)
        except BadInput as refusal:
            self._say(refusal.sentence)
            return False
        last = len(self._pieces) - 1
        if not typed:
            self.pieces.setdefault(self._pieces[min(self._at, last)].value, 0)
        if not typed or _is_number(typed):
            self._at += 1
        else:
            self._at = next((i for i, one in enumerate(self._pieces) if one.value not in self.pieces), last)
        self._line.value = ""
        self._draw()
        return True

    def _read(self, typed: str) -> dict[Decimal, int]:
        """How many of which pieces that is: a number is of the piece at the mark. Raises BadInput."""
        if _is_number(typed):
            return {self._pieces[min(self._at, len(self._pieces) - 1)].value: int(typed)}
        return dict(read_count(typed, self._shop.currency)) if typed and not typed.startswith("=") else {}

    def _say(self, words: str) -> None:
        self.query_one("#reason", Static).update(Content(harmless(words or self._word)))


def _is_number(typed: str) -> bool:
    return typed.isdecimal() and len(typed) <= _LONGEST_COUNT
