"""The type-to-book line over the last rows: what is typed, what it means, and its one question (features BK3, N1)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from frontdesk.errors import Refusal
from frontdesk.text import cell_width, harmless
from frontdesk.widgets.line import Line

if TYPE_CHECKING:
    from frontdesk.services.phrases.phrases import Understood

_KEYS = "enter book  tab complete  esc leave"
_BESIDE = 8
"""Cells of the row that are neither what is typed nor what the keys do."""
READ_AFTER = 0.12
"""Seconds after the last key."""

_START = (
    "Who, what, when, with whom: jane cut tue 3pm anna\n"
    "or first: move, cancel, swap, free, gaps, wait, queue, sick, late, block, go"
)


class LineInput(Line):
    """Text, but for the digits that answer a question."""

    def on_key(self, event: events.Key) -> None:
        """An answer is not typed."""
        line = self.screen.query_one(TypeLine)
        if event.character and line.answers(event.character):
            event.stop()
            event.prevent_default()


class TypeLine(Widget):
    """Two rows: the preview above, the line below. Escape leaves the text for the next time, up and down go through
    what the same person typed today, tab completes the last word."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("enter", "take", show=False, priority=True),
        Binding("tab", "complete", show=False, priority=True),
        Binding("up", "earlier", show=False, priority=True),
        Binding("down", "later", show=False, priority=True),
        Binding("ctrl+o", "insist", show=False, priority=True),
    ]

    class Taken(Message):
        """The line can be booked, and enter was pressed."""

        def __init__(self, understood: Understood) -> None:
            super().__init__()
            self.understood = understood

    class Unknown(Message):
        """Enter on the name of somebody who is not known yet."""

        def __init__(self, name: str, text: str) -> None:
            super().__init__()
            self.name = name
            self.text = text

    class Insisted(Message):
        """Book it although it was refused."""

    class Left(Message):
        """Back to the grid."""

    class Typed(Message):
        """Something else stands there now."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(
        self,
        read: Callable[[str], Awaitable[Understood]],
        complete: Callable[[str], Awaitable[Sequence[str]]] | None = None,
        typist: Callable[[], Hashable] = lambda: None,
    ) -> None:
        super().__init__(id="line")
        self._read = read
        self._complete = complete
        self._typist = typist
        self._typed: dict[Hashable, list[str]] = {}
        self._back = 0
        self._kept = ""
        self._completions: tuple[str, ...] = ()
        self._later: Timer | None = None
        self._meant: Understood | None = None
        self._of = ""
        self._asking = False

    def compose(self) -> ComposeResult:
        """Preview, then the line."""
        yield Static(Content(_START), id="line-preview", markup=False)
        with Horizontal(id="line-row"):
            yield Static(":", id="line-colon", markup=False)
            yield LineInput(id="line-input", select_on_focus=False)
            yield Static(_KEYS, id="line-keys", markup=False)

    @property
    def input(self) -> Input:
        """Where one types."""
        return self.query_one("#line-input", LineInput)

    @property
    def preview(self) -> str:
        """What it means so far."""
        return str(self.query_one("#line-preview", Static).content)

    def open(self, text: str | None = None) -> None:
        """Ready to type; with a text, as if it had been typed."""
        self.display = True
        if text is not None:
            self.input.value = text
        self.input.cursor_position = len(self.input.value)
        self.input.focus()

    def clear(self) -> None:
        """It is done; up brings it back."""
        lines = self._typed.setdefault(self._typist(), [])
        words = self.input.value.strip()
        if words and lines[-1:] != [words]:
            lines.append(words)
        self._back = 0
        self.input.value = ""
        self._meant, self._of = None, ""

    def say(self, words: str) -> None:
        """Why it was refused; the line stays as typed."""
        self._show(Content.styled(harmless(words), "$fd-amber"))

    @on(Input.Changed, "#line-input")
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._asking = False
        keys = self.query_one("#line-keys", Static)
        keys.display = cell_width(event.value) + cell_width(_KEYS) + _BESIDE <= self.size.width  # words need the room
        self.post_message(self.Typed(event.value))
        if self._later:
            self._later.stop()
        self._later = self.set_timer(READ_AFTER, self._look)

    @work(group="preview", exclusive=True)
    async def _look(self) -> None:
        await self._understand()

    async def _understand(self) -> Understood | None:
        text = self.input.value
        if not text.strip():
            self._meant, self._of = None, text
            self._show(Content(_START))
            return None
        try:
            meant = await self._read(text)
        except Refusal as refusal:
            self._meant, self._of = None, text
            self.say(refusal.sentence)
            return None
        if text == self.input.value:
            self._meant, self._of = meant, text
            self._draw()
        return meant

    def _draw(self) -> None:
        meant = self._meant
        if meant is None:
            return
        if meant.question is None:
            said: list[Content | tuple[str, str]] = [Content(harmless(meant.preview))]
            if meant.warning:
                said.append(("  " + harmless(meant.warning), "$fd-amber"))
            if meant.others:
                others = " · ".join(label for label, _ in meant.others)
                said.append((f"\nor {harmless(others)}   tab", "$fd-muted"))
            self._show(Content.assemble(*said))
            return
        said = [(harmless(meant.question.text), "$fd-amber")]
        options = meant.question.options
        if meant.question.unknown:
            said.append(("   enter books or adds them", "$fd-muted"))
        if options and not self._asking:
            said.append(("   enter to choose" if len(options) > 1 else "   enter, then 1", "$fd-muted"))
        for place, (label, _) in enumerate(options, start=1):
            said += [("\n" + (f"{place} " if self._asking else "  "), "bold $accent"), Content(harmless(label))]
        self._show(Content.assemble(*said))

    def _show(self, words: Content) -> None:
        preview = self.query_one("#line-preview", Static)
        if preview.content != words:  # nine rows of names are not sent again for every key
            preview.update(words)

    def answers(self, sign: str) -> bool:
        """While it asks, a digit is an answer. False for everything else, which is text."""
        if not self._asking or self._meant is None or self._meant.question is None:
            return False
        options = self._meant.question.options
        if not (sign.isascii() and sign.isdigit() and 1 <= int(sign) <= len(options)):
            return False
        self.open(options[int(sign) - 1][1])
        return True

    async def action_take(self) -> None:
        """Book it, or ask what is not clear."""
        meant = self._meant if self._of == self.input.value else await self._understand()
        if meant is None:
            return
        if meant.question is not None and meant.question.unknown and (self._asking or not meant.question.options):
            self.post_message(self.Unknown(meant.question.unknown, self.input.value))
        elif meant.question is not None:
            self._asking = bool(meant.question.options)
            self._draw()
        elif meant.wish is not None:
            self.post_message(self.Taken(meant))

    def action_insist(self) -> None:
        """Past a refusal that can be gone past."""
        self.post_message(self.Insisted())

    @work(group="offers", exclusive=True)
    async def action_complete(self) -> None:
        """The first answer of the question, the next free time, or the word that was begun; again: the next such."""
        meant = self._meant if self._of == self.input.value else None
        if meant and meant.question and meant.question.options:
            self.open(meant.question.options[0][1])
        elif meant and meant.others:
            self.open(meant.others[0][1])
        else:
            await self._complete_word()

    async def _complete_word(self) -> None:
        typed = self.input.value
        if self._complete is None:
            return
        if typed not in self._completions:
            self._completions = tuple(await self._complete(typed))
            if typed != self.input.value or not self._completions:
                return
            self.open(self._completions[0])
        else:
            place = self._completions.index(typed)
            self.open(self._completions[(place + 1) % len(self._completions)])

    def action_earlier(self) -> None:
        """What this person typed before, today."""
        self._through(1)

    def action_later(self) -> None:
        """Back towards what stands there now."""
        self._through(-1)

    def _through(self, by: int) -> None:
        lines = self._typed.get(self._typist(), [])
        back = min(max(self._back + by, 0), len(lines))
        if back == self._back:
            return
        if self._back == 0:
            self._kept = self.input.value
        self._back = back
        self.open(lines[-back] if back else self._kept)

    def action_leave(self) -> None:
        """Back to the grid; the text stays for the next time."""
        self._asking = False
        self.display = False
        self.post_message(self.Left())
