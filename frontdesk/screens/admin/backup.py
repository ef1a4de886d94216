"""Backup now, and the backups there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from frontdesk.clock import local
from frontdesk.screens.admin.room import Room
from frontdesk.services.shop import backups
from frontdesk.text import harmless
from frontdesk.widgets.plain_table import Column

if TYPE_CHECKING:
    from frontdesk.services.shop.backups import KeptBackup


class BackupRoom(Room["KeptBackup"]):
    """Backups."""

    NAME = "Backup now"
    ABOUT = "all of it in one file, and the files there are"
    EXPLAINED = """A backup holds everything of every business in this database, in one file that only this machine's
user can read. It is read back into a scratch database and compared before it counts. People go on working meanwhile.
frontdesk db restore reads one back; copy them to another machine now and then."""
    COLUMNS = (Column("Made", 18), Column("Size", 10, right=True), Column("File"))
    CAN = frozenset({"add", "open"})
    DEED = backups.MAKES
    _busy = False

    async def things(self) -> Sequence[tuple[object, KeptBackup]]:
        """The newest first."""
        found = await self.screen.ask(backups.list_backups, self.screen.app.settings)
        return [(one.path.name, one) for one in found]

    def line(self, thing: KeptBackup) -> tuple[tuple[str, ...], str]:
        """When, how big, where."""
        at = local(thing.made_at, self.desk.shop.timezone)
        return (f"{at.day:>2} {at:%b %Y %H:%M}", _size(thing.bytes), thing.path.name), ""

    def words(self, thing: KeptBackup) -> Content:
        """Where it lies."""
        return Content(harmless(f"{thing.database} in {thing.path}"))

    def empty(self) -> str:
        """How to have one."""
        return "There is no backup on this machine yet. + makes one now."

    async def open(self, thing: KeptBackup) -> None:
        """Where it lies, and how it is read back."""
        said = f"{thing.path}\n{thing.bytes:,} bytes\n\nTo read it back: frontdesk db restore {thing.path}"
        await self.screen.read("A backup", said)

    async def add(self) -> None:
        """Make one now, aside."""
        if self._busy:
            self.screen.say("A backup is being made; one moment.", "amber")
            return
        self._busy = True
        self.screen.app.let_go()
        self.screen.say("Making a backup and reading it back… You can go on working.")
        try:
            made = await self.screen.ask(backups.make_backup, self.screen.app.settings)
        finally:
            self._busy = False
        proved = "read back, every table the same" if made.verified else "not read back"
        self.done(f"{made.path.name}: {_size(made.bytes)}, {proved}.", made.path.name)


def _size(count: int) -> str:
    return f"{count / 1_000_000:,.1f} MB" if count >= 1_000_000 else f"{max(1, count // 1000):,} kB"
