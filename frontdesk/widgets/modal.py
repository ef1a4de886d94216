"""What stands over a screen for a moment. Its keys never act below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from frontdesk.text import harmless

T = TypeVar("T")


@dataclass(frozen=True)
class Answer(Generic[T]):
    """One way to answer a question."""

    key: str
    """The letter or digit that gives it."""
    words: str
    value: T


class Question(ModalScreen["T | None"], Generic[T]):
    """A sentence and its answers, each by one key. Escape is no answer."""

    def __init__(self, words: str, answers: Sequence[Answer[T]]) -> None:
        super().__init__()
        self._words = words
        self._answers = tuple(answers)

    def compose(self) -> ComposeResult:
        """The sentence, then the answers below each other."""
        with Vertical(classes="panel"):
            yield Static(Content(harmless(self._words)), classes="title")
            for answer in self._answers:
                yield Static(Content.assemble((answer.key, "bold $accent"), "  ", harmless(answer.words)))
            yield Static(Content("esc  leave it as it is"), classes="quiet")

    def on_key(self, event: events.Key) -> None:
        """The key of an answer; every other key does nothing, here and below."""
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.dismiss(None)
            return
        for answer in self._answers:
            if event.key == answer.key or event.character == answer.key:
                self.dismiss(answer.value)
                return


class Sheet(ModalScreen[None]):
    """Something to read: arrows scroll it, any other key closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,space,q", "close", show=False)]

    def __init__(self, title: str, body: Content | str) -> None:
        super().__init__()
        self._title = title
        self._body = body if isinstance(body, Content) else Content(_lines(body))

    @property
    def words(self) -> str:
        """What there is to read."""
        return self._body.plain

    def compose(self) -> ComposeResult:
        """The title, then as much of the text as fits."""
        with Vertical(classes="panel"):
            yield Static(Content(harmless(self._title)), classes="title")
            with VerticalScroll(id="reading"):
                yield Static(self._body)
            yield Static(Content("esc back"), classes="quiet")

    def on_mount(self) -> None:
        """Arrows scroll at once."""
        self.query_one("#reading").focus()

    def on_key(self, event: events.Key) -> None:
        """Whatever does not scroll closes the sheet, and does nothing else."""
        if event.key not in ("up", "down", "pageup", "pagedown", "home", "end"):
            event.stop()
            event.prevent_default()
            self.dismiss(None)

    def action_close(self) -> None:
        """Back to the screen below."""
        self.dismiss(None)


def _lines(text: str) -> str:
    return "\n".join(harmless(line) for line in text.splitlines())
