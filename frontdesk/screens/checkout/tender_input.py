"""The line at the bottom of the till: text while there is text, and keys for the ticket while it is empty."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from frontdesk.widgets.line import Line


class TenderInput(Line):
    """What is typed at the till. Up and down go through the ticket above."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "screen.step(-1)", show=False),
        Binding("down", "screen.step(1)", show=False),
    ]

    def __init__(self, is_command: Callable[[str, str], bool], *, id: str) -> None:
        """`is_command` says of a key and its character whether an empty line leaves it to the screen."""
        super().__init__(id=id, select_on_focus=False)
        self._is_command = is_command

    async def _on_key(self, event: events.Key) -> None:
        if not self.value and event.character and self._is_command(event.key, event.character):
            event.prevent_default()  # the line does not take it, and it goes on to the screen's keys

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether the line would take a key as text."""
        if not self.value and character and self._is_command(key, character):
            return False
        return super().check_consume_key(key, character)
