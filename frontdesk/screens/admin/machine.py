"""This machine's settings with where they come from, and the last changes anybody made."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from frontdesk.clock import local
from frontdesk.errors import BadInput
from frontdesk.installation import Setting, info_of, settings_of
from frontdesk.permissions import Deed
from frontdesk.screens.admin.room import Room, choice
from frontdesk.screens.commands import Command
from frontdesk.services.records import changes
from frontdesk.services.records.changes import TellChange
from frontdesk.settings_file import keep_setting
from frontdesk.styles.themes import HOUSE_THEMES
from frontdesk.text import harmless
from frontdesk.widgets.field import Field, Offer
from frontdesk.widgets.form import Filled
from frontdesk.widgets.plain_table import Column

_LONGEST_WAIT = 24 * 60


class SettingsRoom(Room[Setting]):
    """This machine's settings."""

    NAME = "Settings"
    ABOUT = "this machine's, and where each comes from"
    EXPLAINED = """A setting is the default, or comes from config.toml, from the environment or from the command line;
the later wins. Colours and the lock can be changed here: they are written to config.toml, whose comments stay. The
others are for whoever installs frontdesk: see the file, and frontdesk info."""
    COLUMNS = (Column("Setting", 15), Column("Value"), Column("From", 24))
    CAN = frozenset({"open", "edit"})

    async def things(self) -> Sequence[tuple[object, Setting]]:
        """All of them, those that can be changed here first."""
        found = settings_of(self.screen.app.settings)
        return [(one.name, one) for one in sorted(found, key=lambda one: one.name not in _CHANGEABLE)]

    def line(self, thing: Setting) -> tuple[tuple[str, ...], str]:
        """Name, value, origin."""
        origin = "config.toml" if thing.origin == str(self.screen.app.settings.config_file) else thing.origin
        value = "–" if thing.value is None else str(thing.value)
        return (thing.name.replace("_", " "), value, origin), "" if thing.name in _CHANGEABLE else "fd-muted"

    def words(self, thing: Setting) -> Content:
        """Where the files lie."""
        files = info_of(self.screen.app.settings).files
        return Content(f"{_ABOUT.get(thing.name, '')}\nThe file: {harmless(files['config file'])}".strip())

    def cannot(self, command: Command, thing: Setting | None) -> str | None:
        """Two of them are for everybody."""
        if thing is None or thing.name in _CHANGEABLE:
            return None
        name = thing.name.replace("_", " ")
        return f"{name} is for whoever installs frontdesk: config.toml. Colours and the lock can be changed here."

    async def edit(self, thing: Setting) -> None:
        """Colours, or when the desk locks itself."""
        await (self._theme() if thing.name == "theme" else self._lock())

    async def _theme(self) -> None:
        app, before = self.screen.app, self.screen.app.theme
        house = [theme.name for theme in HOUSE_THEMES]
        others = sorted(name for name in app.available_themes if name not in house)

        async def save(filled: Filled) -> str:
            if not filled.picked["theme"]:
                raise BadInput(f"There are no colours called {filled['theme']}. Choose from the list.", field="theme")
            app.settings = await app.aside(keep_setting, app.settings, "theme", filled.picked["theme"])
            return filled.picked["theme"]

        async def preview(filled: Filled) -> str:
            app.theme = filled.picked["theme"] or before
            return "Shown at once; kept with ctrl+s."

        field = choice("theme", "Colours", [Offer(name, name) for name in (*house, *others)], before)
        chosen = await self.form("theme", "Colours of this desk", [field], save, preview=preview)
        app.theme = chosen or before
        if chosen:
            self.done(f"Colours: {chosen}, kept in {app.settings.config_file}.")

    async def _lock(self) -> None:
        app = self.screen.app

        async def save(filled: Filled) -> int:
            if not filled["minutes"].isdecimal() or int(filled["minutes"]) > _LONGEST_WAIT:
                raise BadInput("Say it in whole minutes: 10. 0 is never.", field="minutes")
            minutes = int(filled["minutes"])
            app.settings = await app.aside(keep_setting, app.settings, "lock_minutes", minutes)
            return minutes

        field = Field(
            "minutes", "Lock after", value=str(app.settings.lock_minutes), hint="minutes without a key; 0: never"
        )
        minutes = await self.form("lock", "When the desk locks itself", [field], save)
        if minutes is not None:
            when = f"after {minutes} minutes without a key" if minutes else "never"
            self.done(f"The desk locks itself {when}; kept in {app.settings.config_file}.")


_CHANGEABLE = ("theme", "lock_minutes")
_ABOUT = {
    "theme": "The colours of the desk. e changes them.",
    "lock_minutes": "After so many minutes without a key the desk locks itself. e changes it.",
    "database_url": "A shared server, as the desk's role; without it a private server is started.",
    "admin_url": "The same server as somebody who may change its tables.",
    "database": "The database's name on the private server.",
    "server_version": "Which PostgreSQL the private server runs.",
    "data_folder": "The private server's files, and drafts.",
    "config_folder": "config.toml, keys.toml and this terminal's secret.",
    "state_folder": "The log, and the token of frontdesk login.",
}


class HistoryRoom(Room[TellChange]):
    """The last changes anywhere."""

    NAME = "History"
    ABOUT = "who changed what, and when"
    EXPLAINED = """Every change to anything is written down by the database itself: who, when, at which terminal, what
it was and what it is. sql:… is a change made by hand in the database. On a visit, a customer or a stylist, H shows its
own history."""
    COLUMNS = (Column("When", 12), Column("Who", 12), Column("What"), Column("How", least=20))
    CAN = frozenset({"open"})
    SEE = Deed.SEE_HISTORY

    async def things(self) -> Sequence[tuple[object, TellChange]]:
        """The newest first."""
        found = await self.screen.ask(changes.list_changes, changes.ListChanges(limit=200))
        return [(one.id, one) for one in found.changes]

    def line(self, thing: TellChange) -> tuple[tuple[str, ...], str]:
        """When, who, what, and as much of how as fits."""
        at = local(thing.at, self.desk.shop.timezone)
        when = f"{at:%H:%M}" if at.date() == self.desk.today else f"{at.day:>2} {at:%b %H:%M}"
        how = "" if self.screen.app.private else ", ".join(thing.details)
        return (f"{when:>12}", thing.who, f"{thing.action} {thing.what}", how), ""

    def words(self, thing: TellChange) -> Content:
        """What it was and what it is."""
        if self.screen.app.private:
            return Content("Hidden until I is pressed again.")
        at = f" at {thing.terminal}" if thing.terminal else ""
        said = (f"{thing.who}{at} {thing.action} {thing.what}", ", ".join(thing.details))
        return Content("\n".join(harmless(line) for line in said if line))

    async def open(self, thing: TellChange) -> None:
        """All of it."""
        if self.screen.app.private:
            self.screen.say("Hidden until I is pressed again.", "amber")
            return
        at = local(thing.at, self.desk.shop.timezone)
        where = f" at {thing.terminal}" if thing.terminal else ""
        said = [f"{at:%A} {at.day} {at:%B %Y, %H:%M:%S}, by {thing.who}{where}", "", *thing.details]
        await self.screen.read(f"{thing.action} {thing.what}".capitalize(), "\n".join(said))

    def empty(self) -> str:
        """Nothing has happened."""
        return "Nothing has been changed yet."
