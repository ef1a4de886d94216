"""What is measured on a pty: the grid alone with a full house, or a list of Textual's own as many rows long."""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.widgets import DataTable

from frontdesk.screens.calendar.grid import DayGrid
from frontdesk.styles.themes import DARK, HOUSE_THEMES
from tests.screens.calendar.sheets import busy_day


class GridAlone(App[None]):
    """Twelve stylists, nine visits each."""

    ENABLE_COMMAND_PALETTE = False
    visits = 9

    def compose(self) -> ComposeResult:
        """The grid."""
        yield DayGrid()

    def on_mount(self) -> None:
        """A day in the house's own colours."""
        for theme in HOUSE_THEMES:
            self.register_theme(theme)
        self.theme = DARK.name
        self.query_one(DayGrid).show(busy_day(visits=self.visits))


class GridLifted(GridAlone):
    """The same, a visit of it taken up."""

    def on_ready(self) -> None:
        """One of the first column."""
        grid = self.query_one(DayGrid)
        assert grid.sheet is not None
        grid.lift(grid.sheet.columns[0].entries[2])


class DayAlone(GridAlone):
    """Twelve stylists, sixty visits."""

    visits = 5


class Nothing(App[None]):
    """An empty screen of Textual's."""

    ENABLE_COMMAND_PALETTE = False


class TableAlone(App[None]):
    """Rows with a row cursor."""

    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        """The table."""
        yield DataTable[str](cursor_type="row")

    def on_mount(self) -> None:
        """As many rows as a day has visits."""
        table = self.query_one(DataTable)
        table.add_columns("time", "customer", "service", "stylist")
        for entry in busy_day(visits=9).entries:
            table.add_row(f"{entry.starts_at:%H:%M}", entry.customer, entry.service, "Anna")


if __name__ == "__main__":
    apps = {"grid": GridAlone, "lifted": GridLifted, "day": DayAlone, "nothing": Nothing, "table": TableAlone}
    print("READY", flush=True)  # everything is imported: from here on it is drawn
    apps[sys.argv[1]]().run()
