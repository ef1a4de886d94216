"""One line of text with a left and a right end: headers, status lines, footers."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from frontdesk.text import harmless


class Bar(Static):
    """A line that is painted again only when its words differ."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes, markup=False)
        self._ends = (Content(""), Content(""))

    @property
    def left(self) -> str:
        """What stands at the left, without its colours."""
        return self._ends[0].plain

    def show(self, left: Content | str, right: Content | str = "") -> None:
        """Say this. What does not fit is cut off at the left end's right."""
        ends = (_literal(left), _literal(right))
        if ends != self._ends:
            self._ends = ends
            self._draw()

    def on_resize(self) -> None:
        """Another width, another gap."""
        self._draw()

    def _draw(self) -> None:
        left, right = self._ends
        room = self.size.width - 2
        if room <= 0:
            return
        gap = room - cell_len(left.plain) - cell_len(right.plain)
        if gap < 1 and right.plain:
            left = left.truncate(max(0, room - cell_len(right.plain) - 1), ellipsis=True)
            gap = max(1, room - cell_len(left.plain) - cell_len(right.plain))
        self.update(Content.assemble(" ", left, " " * max(0, gap), right), layout=False)


def _literal(words: Content | str) -> Content:
    return words if isinstance(words, Content) else Content(harmless(words))
