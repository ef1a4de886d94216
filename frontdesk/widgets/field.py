"""One field of a form: a label, and a line, a choice or a few lines to type into."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from frontdesk.text import enterable, folded, harmless
from frontdesk.widgets.line import Line, paintable


@dataclass(frozen=True)
class Offer:
    """Something to choose."""

    value: str
    """What the form gets."""
    label: str
    """What people see."""


Find = Callable[[str], Awaitable[Sequence[Offer]]]

SHOWN = 6
"""So many offers stand below a field."""


@dataclass(frozen=True)
class Field:
    """What a form asks for."""

    name: str
    label: str
    value: str = ""
    """What is typed there at first; of a choice, the label."""
    picked: str = ""
    """Of a choice: the value behind that label."""
    hint: str = ""
    """Shown while nothing is typed: an example, or what leaving it empty means."""
    find: Find | None = None
    """Makes it a choice among what this finds for the words typed."""
    secret: bool = False
    lines: bool = False
    """Several lines, for notes."""
    scans: bool = False
    """What the barcode scanner reads while one types here belongs here, and not on a ticket."""


class Among:
    """A choice among a few: those whose words begin with what is typed, all when nothing is."""

    def __init__(self, offers: Sequence[Offer]) -> None:
        self._offers = offers

    async def __call__(self, typed: str) -> Sequence[Offer]:
        """What may be meant, the likeliest first."""
        return self._found(typed)

    def meant(self, typed: str) -> Offer | None:
        """The one that was typed out, or the only one that fits: nobody has to wait for the list to choose it."""
        found = self._found(typed) if typed.strip() else []
        named = [offer for offer in found if folded(offer.label.split("  ")[0]) == folded(typed.strip())]
        fitting = named or found
        return fitting[0] if len(fitting) == 1 else None

    def _found(self, typed: str) -> list[Offer]:
        words = folded(typed).split()
        found = [o for o in self._offers if all(any(p.startswith(w) for p in folded(o.label).split()) for w in words)]
        return sorted(found, key=lambda offer: not folded(offer.label).startswith(" ".join(words)))


def among(offers: Sequence[Offer]) -> Among:
    """A choice among a few."""
    return Among(offers)


class Entry(Line):
    """A line to type into; up and down belong to the form."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "screen.other(-1)", show=False),
        Binding("down", "screen.other(1)", show=False),
    ]


class Note(TextArea):
    """Several lines; tab and ctrl+s leave it."""

    def __init__(self, text: str, *, id: str) -> None:
        super().__init__(text, id=id, tab_behavior="focus", soft_wrap=True)

    def get_line(self, line_index: int) -> Text:
        """A line as it may be painted."""
        return paintable(super().get_line(line_index))


class FieldRow(Widget):
    """A field as it stands in the form."""

    class Typed(Message):
        """Something else stands in a field now."""

    def __init__(self, field: Field) -> None:
        super().__init__(classes="field", id=f"row-{field.name}")
        self.field = field
        self._offers: tuple[Offer, ...] = ()
        self._looked_for: str | None = None
        """The words that the offers are for."""
        self._highlight = 0
        self._picked: Offer | None = Offer(field.picked, enterable(field.value)) if field.picked else None

    def compose(self) -> ComposeResult:
        """Label left, entry right, what it offers below."""
        yield Static(Content(harmless(self.field.label)), classes="label")
        with Vertical(classes="entry"):
            if self.field.lines:
                yield Note(_lines(self.field.value), id=f"entry-{self.field.name}")
            else:
                yield Entry(
                    enterable(self.field.value), placeholder=harmless(self.field.hint), password=self.field.secret,
                    id=f"entry-{self.field.name}",
                )  # fmt: skip
            if self.field.find:
                below = Static(Content(""), classes="offers")
                below.display = False
                yield below

    @property
    def entry(self) -> Entry | Note:
        """Where one types."""
        name = f"#entry-{self.field.name}"
        return self.query_one(name, Note) if self.field.lines else self.query_one(name, Entry)

    def scanned(self, code: str) -> None:
        """A barcode was read: the field is it, and of a list it is a line."""
        entry = self.entry
        if isinstance(entry, Note):
            entry.insert(f"{code}\n")
        else:
            entry.value = code

    @property
    def typed(self) -> str:
        """The text as it stands there."""
        entry = self.entry
        return entry.text if isinstance(entry, Note) else entry.value

    @property
    def picked(self) -> str:
        """Of a choice: the value chosen, empty while the text is nobody's label."""
        return self._picked.value if self._picked and self._picked.label == self.typed else ""

    @property
    def meant(self) -> str:
        """The same; of a few, also the one that can only be meant by what was typed there."""
        find = self.field.find
        if self.picked or not isinstance(find, Among) or self.typed == self.begun:
            return self.picked
        only = find.meant(self.typed)
        return only.value if only else ""

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What stands below, ready to be chosen."""
        return self._offers

    @property
    def begun(self) -> str:
        """What stood there at first."""
        return _lines(self.field.value) if self.field.lines else enterable(self.field.value)

    def put(self, text: str, picked: str = "") -> None:
        """Type this for somebody."""
        entry = self.entry
        text = _lines(text) if isinstance(entry, Note) else enterable(text)
        self._picked = Offer(picked, text) if picked else None
        if isinstance(entry, Note):
            entry.text = text
        else:
            entry.value = text

    async def take_found(self) -> bool:
        """The same, of what fits the words that stand there now: who types fast is ahead of the list."""
        if self.field.find and self.typed.strip() and self._looked_for != self.typed and not self.picked:
            await self._find(self.field.find)
        return self.take()

    def take(self) -> bool:
        """Choose the offer under the highlight. False when there is none: nothing is chosen that nobody asked for."""
        if not self.field.find or not self._offers or self._highlight < 0 or self.picked:
            return False
        chosen = self._offers[self._highlight]
        self.put(chosen.label, chosen.value)
        self._show(())
        return True

    def highlight(self, by: int) -> bool:
        """Another offer. False at the ends, or without offers."""
        to = self._highlight + by
        if not 0 <= to < min(len(self._offers), SHOWN):
            return False
        self._highlight = to
        self._draw()
        return True

    def mark(self, wrong: bool) -> None:
        """This is the field that a refusal is about."""
        self.set_class(wrong, "-wrong")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offers follow the typing."""
        event.stop()
        self._changed()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Notes are typed too."""
        event.stop()
        self._changed()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A choice shows what there is to choose."""
        self._offer()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Only the field in use offers something."""
        self._show(())

    def _changed(self) -> None:
        self.post_message(self.Typed())
        if self.entry.has_focus:
            self._offer()

    def _offer(self) -> None:
        if self.field.find and not self.picked:
            self._look(self.field.find)
        else:
            self._show(())

    @work(group="offers", exclusive=True)
    async def _look(self, find: Find) -> None:
        await self._find(find)

    async def _find(self, find: Find) -> None:
        typed = self.typed
        found = tuple(await find(typed))
        if self.entry.has_focus and typed == self.typed:
            self._looked_for = typed
            self._show(found)

    def _show(self, offers: tuple[Offer, ...]) -> None:
        # One offer that was there before anything was typed is chosen by typing it, too.
        if offers != self._offers or (self._highlight < 0 and self.typed.strip()):
            self._offers, self._highlight = offers, 0 if self.typed.strip() else -1
            self._draw()

    def _draw(self) -> None:
        if not self.field.find:
            return
        said = [
            Content.styled(f"▸ {harmless(offer.label)}", "$accent")
            if place == self._highlight
            else Content(f"  {harmless(offer.label)}")
            for place, offer in enumerate(self._offers[:SHOWN])
        ]
        more = len(self._offers) - SHOWN
        if more > 0:
            said[-1] = Content.assemble(said[-1], f"   and {more} more: type on")
        below = self.query_one(".offers", Static)
        below.display = bool(said)
        below.update(Content("\n").join(said))


def _lines(text: str) -> str:
    return "\n".join(enterable(line) for line in text.split("\n"))
