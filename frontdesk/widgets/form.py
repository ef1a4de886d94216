"""A short form: one column, labels left, a preview at the bottom; what is typed is never lost.

Enter goes to the next field and saves at the last, ctrl+s saves from anywhere, escape goes back and keeps the draft. A
refusal leaves everything as typed, says why, and marks the field it is about.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, Protocol, TypeVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Static

from frontdesk.errors import OutcomeUnknown, Refusal
from frontdesk.text import harmless
from frontdesk.widgets.field import Field, FieldRow, Note
from frontdesk.widgets.modal import Sheet

T = TypeVar("T")

KEPT_AFTER = 0.3
"""Seconds after the last key; a draft is on the disk within half a second."""
PREVIEW_AFTER = 0.15
FORM_KEYS = """In forms: enter next, at the last field save; ctrl+s save; esc back, the draft is kept; ctrl+n begins
afresh; F8 locks; alt and a field's first letter jumps to it. In choices: type, up and down, enter."""
_AGAIN = (
    "The database went away while saving: it may be saved or not. ctrl+s sends the same again; it is never done twice."
)


@dataclass(frozen=True)
class Filled:
    """What stands in a form."""

    typed: Mapping[str, str]
    picked: Mapping[str, str]
    """Of choices: the value behind the label; empty while nothing is chosen."""
    insists_on: Refusal | None = None
    """The refusal that the person has read and wants to go past."""

    def __getitem__(self, name: str) -> str:
        """The text of a field, without spaces at its ends."""
        return self.typed[name].strip()


class Keeper(Protocol):
    """Keeps what is half typed."""

    def found(self) -> Mapping[str, str] | None:
        """What was kept the last time."""

    def keep(self, typed: Mapping[str, str]) -> None:
        """Keep this."""

    def drop(self) -> None:
        """It is saved, or not wanted."""


class Form(ModalScreen["T | None"], Generic[T]):
    """A form that ends with what its `save` answers, or with None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("ctrl+o", "insist", show=False, priority=True),
        Binding("ctrl+n", "afresh", show=False, priority=True),
        Binding("escape", "back", show=False, priority=True),
        Binding("enter", "next", show=False, priority=True),
        Binding("f1", "help", show=False, id="help"),
        Binding("f8", "app.lock", show=False, id="lock"),
        Binding("up", "other(-1)", show=False),
        Binding("down", "other(1)", show=False),
    ]

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        save: Callable[[Filled], Awaitable[T]],
        *,
        preview: Callable[[Filled], Awaitable[str]] | None = None,
        keeper: Keeper | None = None,
        can_insist: Callable[[Refusal], str | None] | None = None,
        focus: str | None = None,
    ) -> None:
        """`can_insist` says what ctrl+o would do about a refusal, or None."""
        super().__init__()
        self._title = title
        self._fields = tuple(fields)
        self._save = save
        self._preview = preview
        self._keeper = keeper
        self._can_insist = can_insist
        self._first = focus
        self._saving = False
        self._touched = False
        self._refused: Refusal | None = None
        self._wrong: tuple[str, str] | None = None
        """The field that was refused, and what stood there."""
        self._saves = 0
        """How often it was tried to save this: what is previewed of before is not shown beside what was answered."""
        self._keep_later: Timer | None = None
        self._preview_later: Timer | None = None

    def compose(self) -> ComposeResult:
        """Title, fields, preview, reason, keys."""
        back = "esc back, kept as a draft" if self._keeper else "esc back"
        with Vertical(classes="panel"):
            yield Static(Content(harmless(self._title)), classes="title")
            with VerticalScroll(id="fields", can_focus=False):
                for field in self._fields:
                    yield FieldRow(field)
            yield Static(Content(""), id="preview")
            yield Static(Content(""), id="reason", classes="reason")
            yield Static(Content(f"enter next   ctrl+s save   {back}"), id="keys", classes="quiet")

    @property
    def title_words(self) -> str:
        """What it calls itself."""
        return self._title

    @property
    def filled(self) -> Filled:
        """What stands in it now."""
        rows = {row.field.name: row for row in self.query(FieldRow)}
        return Filled({name: row.typed for name, row in rows.items()}, {n: row.meant for n, row in rows.items()})

    @property
    def is_saving(self) -> bool:
        """Whether its save is under way."""
        return self._saving

    @property
    def reason(self) -> str:
        """Why it was refused, as it stands at the bottom."""
        return str(self.query_one("#reason", Static).content)

    def on_mount(self) -> None:
        """Offer what was kept, then wait for keys."""
        kept = self._keeper.found() if self._keeper else None
        if kept:
            self._put(kept)
            self._say("This is your draft, as it was kept. ctrl+n begins afresh.")
        self._focus_first()
        self._look_ahead()

    def _focus_first(self) -> None:
        rows = list(self.query(FieldRow))
        empty = next((row for row in rows if not row.typed), rows[0])
        chosen = next((row for row in rows if row.field.name == self._first), empty)
        chosen.entry.focus()

    @on(FieldRow.Typed)
    def _typed(self) -> None:
        self._touched = True
        if self._keeper:
            if self._keep_later:
                self._keep_later.stop()
            self._keep_later = self.set_timer(KEPT_AFTER, self.keep)
        if self._preview_later:
            self._preview_later.stop()
        self._preview_later = self.set_timer(PREVIEW_AFTER, self._look_ahead)

    def keep(self) -> None:
        """Write the draft down now; where nothing stands but what the form began with there is none."""
        if self._keeper and self._touched and self.is_mounted:
            filled = self.filled
            if all(row.typed == row.begun for row in self.query(FieldRow)):
                self._keeper.drop()
                return
            hidden = {field.name for field in self._fields if field.secret}
            chosen = {f"{name}#": value for name, value in filled.picked.items() if value}
            self._keeper.keep({n: text for n, text in {**filled.typed, **chosen}.items() if n not in hidden})

    async def action_next(self) -> None:
        """Take what is offered, and go on; the last field saves. In notes it is a new line."""
        row = self._row()
        if row is None:
            return
        if isinstance(row.entry, Note):
            row.entry.insert("\n")
            return
        await row.take_found()
        rows = list(self.query(FieldRow))
        if row is rows[-1]:
            await self.action_save()
        else:
            rows[rows.index(row) + 1].entry.focus()

    def action_other(self, by: int) -> None:
        """Up and down: among offers while there are some, among fields otherwise; up leaves the first offer."""
        row = self._row()
        if row is None or row.highlight(by) or (row.offers and by > 0):
            return
        rows = list(self.query(FieldRow))
        rows[(rows.index(row) + by) % len(rows)].entry.focus()

    async def action_save(self) -> None:
        """Save what stands there; a second press while it is saved is none."""
        row = self._row()
        if row is not None and row.typed:
            await row.take_found()
        self._start_saving(self.filled)

    def action_insist(self) -> None:
        """Past a refusal that can be gone past."""
        if self._refused and self._can_insist and self._can_insist(self._refused):
            filled = self.filled
            self._start_saving(Filled(filled.typed, filled.picked, self._refused))

    def action_help(self) -> None:
        """What the keys do here; the form stays below."""
        self.app.push_screen(Sheet("Keys in a form", " ".join(FORM_KEYS.split())))

    def action_afresh(self) -> None:
        """Throw the draft away and begin anew."""
        if self._saving:
            return
        for row in self.query(FieldRow):
            row.put(row.field.value, row.field.picked)
        if self._keeper:
            self._keeper.drop()
        self._touched = False
        self._say("")
        self._focus_first()

    def action_back(self) -> None:
        """Leave it; what was typed is kept."""
        if self._saving:
            self._say("It is being saved; one moment.")
            return
        self.keep()
        self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        """alt and a letter go to the field whose label begins with it.

        Every other key goes on: Textual looks up a field's own ones, backspace and tab, after they have passed every
        widget, and no further down than a modal screen.
        """
        if event.key.startswith("alt+") and len(event.key) == 5:
            for row in self.query(FieldRow):
                if row.field.label.lower().startswith(event.key[-1]):
                    event.stop()
                    row.entry.focus()
                    return

    def _start_saving(self, filled: Filled) -> None:
        if self._saving:
            return
        self._saving = True
        if self._preview_later:
            self._preview_later.stop()
        self._saves += 1
        self._say("Saving…")
        self._do_save(filled)

    @work(group="save")
    async def _do_save(self, filled: Filled) -> None:
        try:
            answer = await self._save(filled)
        except Refusal as refusal:
            self._saving = False
            self._refuse(refusal)
            return
        except BaseException:
            self._saving = False
            raise
        if self._keep_later:
            self._keep_later.stop()
        if self._keeper:
            self._keeper.drop()
        self.dismiss(answer)

    def _refuse(self, refusal: Refusal) -> None:
        self._refused = refusal
        self.query_one("#preview", Static).update("")  # it may say the same
        past = self._can_insist(refusal) if self._can_insist else None
        words = _AGAIN if isinstance(refusal, OutcomeUnknown) else refusal.sentence
        self._say(f"{words} {f'ctrl+o {past}.' if past else ''}".strip())
        about = refusal.facts.get("field")
        self._wrong = None
        for row in self.query(FieldRow):
            row.mark(row.field.name == about)
            if row.field.secret and about in (None, row.field.name) and not isinstance(refusal, OutcomeUnknown):
                row.put("")  # nobody can see what is wrong with it, and what is typed next would be added to it
                row.entry.focus()
            if row.field.name == about:
                row.entry.focus()
                self._wrong = None if past else (row.field.name, row.typed)
        self._touched = True
        self.keep()

    def _look_ahead(self) -> None:
        if self._preview:
            self._show_preview(self._preview)

    @work(group="preview", exclusive=True)
    async def _show_preview(self, preview: Callable[[Filled], Awaitable[str]]) -> None:
        saves = self._saves
        try:
            said = Content(_literal(await preview(self.filled)))
        except Refusal as refusal:
            row = self._row()
            # What is wrong with the field in hand is being typed right now.
            is_in_hand = row is not None and refusal.facts.get("field") == row.field.name
            said = Content("") if is_in_hand else Content.styled(_literal(refusal.sentence), "$fd-muted")
        else:
            self._take_back_what_was_mended()
        if saves != self._saves:
            return
        for line in self.query("#preview").results(Static):  # none, when the form has closed in the meantime
            line.update(said)

    def _take_back_what_was_mended(self) -> None:
        """A reason that quotes what stands there no longer would contradict the preview."""
        if self._wrong is None or self._saving:
            return
        name, typed = self._wrong
        for row in self.query(FieldRow):
            if row.field.name == name and row.typed != typed:
                row.mark(False)
                self._wrong = None
                self._say("")

    def _say(self, words: str) -> None:
        self.query_one("#reason", Static).update(Content(harmless(words)))

    def _put(self, kept: Mapping[str, str]) -> None:
        for row in self.query(FieldRow):
            if row.field.name in kept:
                row.put(kept[row.field.name], kept.get(f"{row.field.name}#", ""))

    def _row(self) -> FieldRow | None:
        return next((row for row in self.query(FieldRow) if row.entry.has_focus), None)


def _literal(text: str) -> str:
    return "\n".join(harmless(line) for line in text.splitlines())
