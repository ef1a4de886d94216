"""What every screen of the desk is: commands from their declarations, a sheet that is read anew, an ear for the others.

Its lines are in `lines`, how it asks services in `asking`. A sheet is read exclusively, so that a stale one is dropped.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import inspect
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import events, work
from textual.binding import Binding

from frontdesk.errors import NotAllowed
from frontdesk.permissions import APPROVABLE, Deed, refusal_for
from frontdesk.screens.asking import Asking
from frontdesk.screens.commands import EVERYWHERE, Command
from frontdesk.screens.everywhere import Doing, do_everywhere

TWICE_SECONDS = 1.0
"""A step pressed twice within this is one."""

FITS_AFTER = 0.3
"""Seconds until who fits stands behind what was done; it has to be there within one."""


@dataclass(frozen=True)
class Heard:
    """Another terminal's change."""

    sentence: str
    """"Mo moved Kim Lee to 14:00." Empty when the reader may not know."""
    kind: str
    """`appointment.moved`."""
    id: int
    day: dt.date | None
    mine: bool
    fits: str = ""
    """`2 waiting fit: w shows who.` Whoever freed the time reads it, too."""


class DeskScreen(Asking):
    """A screen of the desk. It says its commands, composes its `body` and loads its sheet; the rest is here."""

    DEED: ClassVar[Deed | None] = None
    """Who may not do this does not get to see the screen."""
    AUTO_FOCUS = None

    def __init_subclass__(cls, **how: Any) -> None:  # noqa: ANN401  Textual's own arguments
        offered = [*cls.KEYS, *(c for c in EVERYWHERE if c not in cls.KEYS)]
        cls.BINDINGS = [Binding(c.key, f"run('{c.name}')", c.label, show=False, id=c.name) for c in offered]
        super().__init_subclass__(**how)

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}
        self.is_loaded = False
        """Whether its first sheet has come, or why there is none; keys wait for that."""

    # What a screen says of itself

    async def load(self) -> None:
        """Ask for the sheet and show it. Refusals travel up: they are shown for you."""

    def reason_against(self, command: Command) -> str | None:
        """Why this command can't act just now, in a sentence with the key that helps; None when it can, empty when
        there is nothing to say."""
        return None

    def find_focus(self) -> None:
        """Put the focus where the work is."""

    # Commands

    def action_run(self, name: str) -> None:
        """A key was pressed: do what its command says, or say why not."""
        command = self.command_named(name)
        if command is None:
            return
        reason = self.why_not(command)
        if reason is not None:
            if reason:
                self.say(reason, "amber")
            return
        doing = self._do(command)
        if doing is not None:
            self.set_out(doing)

    @work(group="commands")
    async def set_out(self, doing: Doing) -> None:
        """Do what has to be waited for, as a command; its refusals are shown."""
        with self.refusals_shown():
            await doing()

    def command_named(self, name: str) -> Command | None:
        """The command of this screen, or of every screen, with this name."""
        return next((c for c in (*self.KEYS, *EVERYWHERE) if c.name == name), None)

    def why_not(self, command: Command) -> str | None:
        """The sentence that says why a command can't act: the person may not, or there is nothing to act on."""
        return self.not_permitted(command) or self.reason_against(command)

    def is_permitted(self) -> bool:
        """Whether who sits here may see this screen."""
        return self.DEED is None or refusal_for(self.desk.actor, self.DEED) is None

    def not_permitted(self, command: Command) -> str | None:
        """The sentence for somebody who may not do this, even with a manager's PIN."""
        if command.deed is None or command.deed in APPROVABLE:
            return None
        actor = self.desk.actor
        remedy = refusal_for(actor, command.deed)
        return NotAllowed(who=actor.name, deed=command.deed.value, remedy=remedy).sentence if remedy else None

    def _do(self, command: Command) -> Doing | None:
        own = getattr(self, f"do_{command.name.replace('-', '_')}", None)
        if own is None:
            return do_everywhere(self.app, self, command)
        doing: Doing | None = own if inspect.iscoroutinefunction(own) else own()
        return doing

    def twice(self, command: Command, about: object = "") -> bool:
        """Whether this is the same press again, a key held down or hit twice. Ask it once per press."""
        now = asyncio.get_running_loop().time()
        key = f"{command.name} {about}"
        before, self._last[key] = self._last.get(key, -TWICE_SECONDS), now
        return now - before < TWICE_SECONDS

    # The sheet

    def show_anew(self) -> None:
        """Load the sheet again; the newest wish wins. Not before there is something to show it in."""
        if self.app.is_signed_in and self.is_mounted:
            self._load()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Whoever comes back to a screen sees it as it is now."""
        self.show_anew()
        self.draw_header()
        if self.focused is None:
            self.find_focus()

    @work(group="sheet", exclusive=True)
    async def _load(self) -> None:
        is_read = False
        with self.refusals_shown():
            await self.load()
            self.app.reach.found()
            is_read = True
        self.is_loaded = True
        self.draw_header()
        if is_read and await self.app.count_listed():
            self.draw_header()

    # Other terminals

    def heard(self, heard: Heard) -> None:
        """Another terminal changed something: show it, with its author."""
        self.show_anew()
        self.tell_of(heard)

    def tell_of(self, heard: Heard) -> None:
        """Say what another terminal did; of what was done here, only who could have the time that came free."""
        if heard.sentence and not heard.mine:
            self.say(heard.sentence)
        elif heard.mine and heard.fits:
            # What was done here is said when its answer comes, which may be after this.
            self.set_timer(FITS_AFTER, lambda: self._say_who_fits(heard.fits))

    def _say_who_fits(self, fits: str) -> None:
        if fits not in self.said_last:  # one deed may be told in two notices
            self.say(f"{self.said_last} {fits}".strip())

    def actor_changed(self) -> None:
        """Somebody else sits here now."""
        self.say("")
        self.show_anew()
