"""What stands in the way of the close, as a list: enter goes to where it is put right (features CD5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from frontdesk.services.drawers.checklist import Checklist, Thing
from frontdesk.text import harmless
from frontdesk.widgets.plain_table import Column, PlainTable, Row

_TALLEST = 14


@dataclass(frozen=True)
class GoThere:
    """Where to put it right."""

    kind: str
    screen: str
    thing: Thing


@dataclass(frozen=True)
class CloseAnyway:
    """It is closed all the same; why is asked next."""


class ChecklistSheet(ModalScreen["GoThere | CloseAnyway | None"]):
    """One row for each thing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+o", "anyway", show=False),
    ]

    def __init__(self, found: Checklist) -> None:
        super().__init__()
        self._found = found
        self._may_pass = all(one.may_pass for one in found.blockers)

    def compose(self) -> ComposeResult:
        """A list."""
        anyway = "   ctrl+o close anyway, with a manager's reason" if self._may_pass else ""
        with Vertical(classes="panel"):
            yield Static(Content("Before the close"), classes="title")
            yield PlainTable([Column("What", 31), Column("Which"), Column("Key", 4)], id="blockers")
            yield Static(Content(f"enter go there{anyway}   esc back"), classes="quiet")

    def on_mount(self) -> None:
        """Show them."""
        rows = [
            Row(GoThere(one.kind, one.screen, thing), (one.sentence * first, harmless(thing.words), one.key * first))
            for one in self._found.blockers
            for first, thing in zip((True, *[False] * len(one.things)), one.things, strict=False)
        ]
        table = self.query_one(PlainTable)
        table.styles.height = min(len(rows) + 1, _TALLEST)
        table.show(rows)
        table.focus()

    @on(PlainTable.Chosen)
    def _chosen(self, chosen: PlainTable.Chosen) -> None:
        chosen.stop()
        if chosen.row is not None and isinstance(chosen.row.key, GoThere):
            self.dismiss(chosen.row.key)

    def action_anyway(self) -> None:
        """With a reason, unless a drawer is not counted: nobody passes that."""
        if self._may_pass:
            self.dismiss(CloseAnyway())

    def action_leave(self) -> None:
        """Not now."""
        self.dismiss(None)
