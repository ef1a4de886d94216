"""The visits that somebody should look at, as a list to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from frontdesk.services.reports.loose_ends import LookAt
from frontdesk.text import harmless
from frontdesk.widgets.plain_table import Column, PlainTable, Row

_WORDS = {
    "unpaid": "unpaid", "pending": "still pending", "open": "not finished", "stranded": "outside hours",
    "letters": "not sent", "chores": "upkeep",
}  # fmt: skip
_HELP = {"unpaid": "to the till", "pending": "to the book", "open": "to the book", "stranded": "to the book"}

_KEYS = "enter go there   esc back"
_NEXT = {
    "letters": "frontdesk outbox list shows all letters, outbox again tries one once more",
    "chores": "frontdesk upkeep run tries again at once",
}


@dataclass(frozen=True)
class Chosen:
    """A visit to go to, and why."""

    kind: str
    appointment_id: int


class LooseEnds(ModalScreen["Chosen | None"]):
    """Everything that is loose; enter goes to where it is tied."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, found: Sequence[LookAt]) -> None:
        super().__init__()
        self._found = tuple(found)
        self._notes: dict[object, str] = {
            (one.kind, number): f"{harmless(note.words)}\n{_NEXT[one.kind]}   esc back"
            for one in self._found
            for number, note in enumerate(one.notes)
        }

    def compose(self) -> ComposeResult:
        """A list."""
        with Vertical(classes="panel"):
            yield Static(Content("To look at"), classes="title")
            yield PlainTable([Column("Why", 14), Column("When", 18), Column("Whose"), Column("", 11)], id="loose")
            yield Static(Content(_KEYS), id="loose-said", classes="quiet", markup=False)

    def on_mount(self) -> None:
        """Show them."""
        table = self.query_one(PlainTable)
        rows = [
            Row(Chosen(one.kind, visit.appointment_id), (_WORDS[one.kind], visit.when, visit.customer, _HELP[one.kind]))
            for one in self._found
            for visit in one.visits
        ] + [
            Row((one.kind, number), (_WORDS[one.kind], note.when, note.words, ""), "fd-amber")
            for one in self._found
            for number, note in enumerate(one.notes)
        ]
        table.styles.height = min(len(rows) + 1, 14)
        table.show(rows)
        table.focus()

    @on(PlainTable.Moved)
    def _moved(self, moved: PlainTable.Moved) -> None:
        """What went wrong by itself is told in full: its row is too short for it."""
        moved.stop()
        said = self._notes.get(moved.row.key) if moved.row is not None else None
        self.query_one("#loose-said", Static).update(Content(said or _KEYS))

    @on(PlainTable.Chosen)
    def _chosen(self, chosen: PlainTable.Chosen) -> None:
        chosen.stop()
        if chosen.row is not None and isinstance(chosen.row.key, Chosen):
            self.dismiss(chosen.row.key)

    def action_leave(self) -> None:
        """Back to the figures."""
        self.dismiss(None)
