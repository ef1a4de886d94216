"""The keyboard of the desk: a scanner's burst is caught, a key waits for the one before, a PIN ends with its enter."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from weakref import WeakSet

from textual import events, work
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.worker import NoActiveWorker, Worker, get_current_worker

from frontdesk.clock import Clock
from frontdesk.screens.keyboard.scanner import Scanned, Scanner
from frontdesk.screens.keyboard.turn import Turns
from frontdesk.screens.seat import Seat
from frontdesk.screens.sign_in.screen import SignInScreen
from frontdesk.text import enterable
from frontdesk.widgets.field import FieldRow

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.screens.commands import Command
    from frontdesk.settings import Settings

T = TypeVar("T")

LATE_ENTER_SECONDS = 0.7
"""So long after somebody sat down an enter still belongs to their PIN."""


class Keyboard(Seat):
    """An app whose keys act one after the other, each on what the one before has opened."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "nothing", show=False, priority=True)]

    def __init__(self, settings: Settings, clock: Clock, *, scanner: bool = True) -> None:
        super().__init__(settings, clock)
        self._last_key = clock.now()
        self._seated_at = 0.0
        self._scanner = Scanner(self.post_message, self._scanned) if scanner else None
        self._turns = Turns(self.post_message, self._is_busy)
        self._let_go: WeakSet[Worker[Any]] = WeakSet()

    @property
    def idle_seconds(self) -> float:
        """Since the last key, or since somebody sat down."""
        return (self.clock.now() - self._last_key).total_seconds()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """No cursor blinks: it would send bytes along a slow line for as long as somebody thinks."""
        from textual.widgets import Input, TextArea

        if isinstance(event.widget, Input | TextArea):
            event.widget.cursor_blink = False

    # One after the other

    async def on_event(self, event: events.Event) -> None:
        """A scanner's burst is caught before it can act as letters; every other key waits for the one before."""
        if self.is_leaving and isinstance(event, events.InputEvent | events.Paste):
            return
        if isinstance(event, events.Paste):  # a field shows what it holds, and a terminal acts on some of that
            event.text = "\n".join(enterable(line) for line in event.text.splitlines())
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        self._last_key = self.clock.now()
        # A PIN is digits that may arrive all at once, and nothing is scanned before somebody sits here.
        if self._scanner is not None and not isinstance(self.screen, SignInScreen) and self._scanner.takes(event):
            return
        if event.key == "escape" and getattr(self.screen, "is_saving", False):
            await super().on_event(event)  # it is told so at once; every other key waits until it is saved
            return
        if not self._turns.is_its_turn(event):
            return
        if (screen := self.on_desk) is not None:
            screen.key_came()
        target = self.focused or self.screen
        if not self._is_late_enter(event):
            await super().on_event(event)
        self._turns.follow(event, target)

    def _is_busy(self) -> bool:
        """Whether somebody is signing in, a command is on its way to what it opens, or a form is being saved."""
        if self.is_leaving:
            return False
        if getattr(self.screen, "is_saving", False):
            return True
        if (screen := self.on_desk) is not None and not screen.is_loaded:
            return True
        return any(
            worker.group in ("commands", "keys", "sign-in") and not worker.is_finished and worker not in self._let_go
            for worker in self.workers
        )

    def let_go(self) -> None:
        """The command that runs here needs the keyboard no more: it saves, or has opened what it wanted."""
        with suppress(NoActiveWorker):
            self._let_go.add(get_current_worker())

    async def wait_for(self, screen: Screen[T]) -> T | None:
        """Put a screen over this one and wait for its answer. Keys go there as soon as it stands."""
        answered: asyncio.Future[T | None] = asyncio.get_running_loop().create_future()

        def answer(given: T | None) -> None:
            if not answered.done():
                answered.set_result(given)

        await self.push_screen(screen, answer)
        self.let_go()
        return await answered

    def _scanned(self, code: str) -> None:
        at = self.focused.ancestors if self.focused is not None else ()
        row = next((each for each in at if isinstance(each, FieldRow)), None)
        if row is not None and row.field.scans:
            row.scanned(code)
            return
        if self._desk is not None and not isinstance(self.screen, SignInScreen):
            self.pass_on("checkout", Scanned(code))

    # A PIN's last key

    @work(group="sign-in")
    async def seat(self, desk: Desk) -> None:
        """Work of the app, not of the sign-in screen: that one ends with it, and what it waits for with it."""
        await self.sit_down(desk)
        self._seated_at = asyncio.get_running_loop().time()

    async def sit_down(self, desk: Desk) -> None:
        """Whoever sits down has touched a key."""
        self._last_key = self.clock.now()
        await super().sit_down(desk)

    def _is_late_enter(self, key: events.Key) -> bool:
        """An enter right behind a PIN that had completed itself: it opens nothing on the book that has just come up."""
        seated_at, self._seated_at = self._seated_at, 0.0  # only the first key can be that
        return key.key == "enter" and asyncio.get_running_loop().time() - seated_at < LATE_ENTER_SECONDS

    # Which keys

    def key_of(self, command: Command) -> str:
        """The key a command has here, remapped or not."""
        return self._keymap.get(command.name, command.key)

    def action_nothing(self) -> None:
        """ctrl+c is copied text elsewhere; here it ends nothing."""
        if (screen := self.on_desk) is not None:
            screen.say("ctrl+q closes the desk.")
