"""What every screen of the desk is: one line above, two below, commands from their declarations, services asked aside.

A screen hands frozen requests to services in a thread and gets frozen answers back. Reads are exclusive, so that a
stale answer is dropped; writes never are, and belong to the screen that stays. A refusal is shown, never raised.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import events, getters, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static, TextArea

from frontdesk.clock import local
from frontdesk.desk import Desk
from frontdesk.drafts import Draft
from frontdesk.errors import NotAllowed, NotSignedIn, OutcomeUnknown, Refusal, Unreachable
from frontdesk.permissions import APPROVABLE, Deed, refusal_for
from frontdesk.screens import commands
from frontdesk.screens.commands import EVERYWHERE, Command, spoken_key
from frontdesk.screens.everywhere import Doing, do_everywhere
from frontdesk.text import cell_width, harmless, wrapped
from frontdesk.widgets.bar import Bar
from frontdesk.widgets.form import Form
from frontdesk.widgets.modal import Answer, Question, Sheet

if TYPE_CHECKING:
    from frontdesk.app import FrontDesk

R = TypeVar("R")
A = TypeVar("A")
T = TypeVar("T")

TWICE_SECONDS = 1.0
"""A step pressed twice within this is one."""

FITS_AFTER = 0.3
"""Seconds until who fits stands behind what was done; it has to be there within one."""

_TOO_SMALL = "frontdesk needs 60 columns and 20 rows. Make the window bigger; nothing is lost."


@dataclasses.dataclass(frozen=True)
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


class DeskScreen(Screen[None]):
    """A screen of the desk. It says its commands, composes its `body` and loads its sheet; the rest is here."""

    KEYS: ClassVar[Sequence[Command]] = ()
    """What its keys do, in the order of the footer; method `do_<name>` of each."""
    FOOTER: ClassVar[frozenset[Command]] = frozenset()
    """Of those, what stands in the footer here though it does not elsewhere."""
    DEED: ClassVar[Deed | None] = None
    """Who may not do this does not get to see the screen."""
    AUTO_FOCUS = None
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (120, "-wide")]  # noqa: RUF012  Textual's own kind
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012

    if TYPE_CHECKING:
        app = getters.app(FrontDesk)

    def __init_subclass__(cls, **how: Any) -> None:  # noqa: ANN401  Textual's own arguments
        offered = [*cls.KEYS, *(c for c in EVERYWHERE if c not in cls.KEYS)]
        cls.BINDINGS = [Binding(c.key, f"run('{c.name}')", c.label, show=False, id=c.name) for c in offered]
        super().__init_subclass__(**how)

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}
        self.is_loaded = False
        """Whether its first sheet has come, or why there is none; keys wait for that."""
        self._said = ""
        self._rest: Content | None = None

    # What a screen says of itself

    def body(self) -> ComposeResult:
        """What stands between the lines."""
        yield Static("", id="body")

    async def load(self) -> None:
        """Ask for the sheet and show it. Refusals travel up: they are shown for you."""

    def heading(self) -> str:
        """What stands at the left of the line above."""
        return ""

    def reason_against(self, command: Command) -> str | None:
        """Why this command can't act just now, in a sentence with the key that helps; None when it can, empty when
        there is nothing to say."""
        return None

    def find_focus(self) -> None:
        """Put the focus where the work is."""

    # Composition

    def compose(self) -> ComposeResult:
        """One line above, the body, two lines below."""
        yield Bar(id="header")
        yield from self.body()
        yield Bar(id="status", classes="-quiet")
        yield Bar(id="footer")
        yield Static(_TOO_SMALL, id="too-small", markup=False)

    def on_mount(self) -> None:
        """Draw the lines."""
        self.draw_header()
        self.draw_footer()
        self.say("")

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Whoever comes back to a screen sees it as it is now."""
        self.show_anew()
        self.draw_header()
        if self.focused is None:
            self.find_focus()

    def on_descendant_focus(self) -> None:
        """The footer follows the focus."""
        self.draw_footer()

    def on_descendant_blur(self) -> None:
        """The footer follows the focus."""
        self.call_after_refresh(self.draw_footer)

    def _line(self, name: str) -> Bar:
        """One of the three lines; a stand-in for nobody to see while the screen is being composed or taken down."""
        return next(iter(self.query(f"#{name}").results(Bar)), None) or Bar()

    def draw_header(self) -> None:
        """Where, when, who waits, what time it is."""
        if self.is_mounted and self.is_attached:
            self._line("header").show(Content.styled(harmless(self.heading()), "bold"), self.app.header_end())

    def on_resize(self) -> None:
        """Another width has room for other keys."""
        self.call_after_refresh(self.draw_footer)

    def draw_footer(self) -> None:
        """What the keys do where the focus is."""
        if not self.is_mounted or not self.is_attached:
            return
        if self._rest is not None:
            self._line("footer").show(self._rest)
            return
        in_field = isinstance(self.focused, Input | TextArea)
        offered = [c for c in (*self.KEYS, commands.HELP) if c.in_footer or c in self.FOOTER]
        shown = [c for c in offered if not (in_field and self._types(c))]
        if in_field:
            self._line("footer").show(self._keys(shown), "enter take  esc back")
        else:
            self._line("footer").show(self._keys(shown))

    def _types(self, command: Command) -> bool:
        """Whether its key, wherever it has been moved, is text in a field."""
        return dataclasses.replace(command, key=self.app.key_of(command)).is_letter

    def _keys(self, shown: Iterable[Command]) -> Content:
        merged: list[tuple[str, str]] = []
        for command in shown:
            key = spoken_key(self.app.key_of(command))
            if merged and merged[-1][1] == command.label:
                merged[-1] = (f"{merged[-1][0]} {key}", command.label)
            else:
                merged.append((key, command.label))
        room = self.size.width - 2
        parts: list[Content] = []
        for key, label in merged:
            part = Content.assemble((key, "bold $accent"), " ", label)
            taken = sum(p.cell_length + 2 for p in parts)
            if taken + part.cell_length > room:
                break
            parts.append(part)
        return Content("  ").join(parts)

    def say(self, words: str, tone: str = "") -> None:
        """What just happened, on the line below. `tone` is `amber` for look, `red` for stop.

        What is longer than the line goes on in the footer's place until the next key.
        """
        if not self.is_mounted or not self.is_attached:
            return
        self._said = words
        style = f"$fd-{tone}" if tone else "$foreground"
        keys = "  ".join(
            f"{spoken_key(self.app.key_of(c))} {c.label}" for c in (commands.UNDO, commands.WHY) if c in self.KEYS
        )
        room = max(20, self.size.width - 2)
        lines = wrapped(harmless(words), room)
        if len(lines) > 1 or cell_width(lines[0]) + cell_width(keys) + 2 > room:
            keys = ""
        self._line("status").show(Content.styled(lines[0], style), keys)
        self._rest = Content.styled(" ".join(lines[1:]), style) if len(lines) > 1 else None
        self.draw_footer()

    def key_came(self) -> None:
        """The next key: the footer says again what the keys do."""
        if self._rest is not None:
            self._rest = None
            self.draw_footer()

    @property
    def said_last(self) -> str:
        """What was said last, all of it."""
        return self._said

    @property
    def said(self) -> str:
        """What stands on the line below."""
        return self._line("status").left

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

    @contextmanager
    def refusals_shown(self) -> Iterator[None]:
        """What services refuse in here is said on the line below, and ends what is in here."""
        try:
            yield
        except Unreachable as refusal:
            self.app.reach.lost(refusal)
        except NotSignedIn:
            self.app.lock()
        except Refusal as refusal:
            self.say(refusal.sentence, "amber")

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

    # Services

    @property
    def desk(self) -> Desk:
        """The desk of who is signed in."""
        return self.app.desk

    def wall(self, at: dt.datetime) -> str:
        """An instant as the shop's clock shows it: `15:45`."""
        return f"{local(at, self.desk.shop.timezone):%H:%M}"

    async def ask(self, service: Callable[[Desk, R], A], request: R) -> A:
        """Run a service in a thread while the screen goes on painting. Raises its refusals."""
        return await self.app.ask(service, request)

    def show_anew(self) -> None:
        """Load the sheet again; the newest wish wins. Not before there is something to show it in."""
        if self.app.is_signed_in and self.is_mounted:
            self._load()

    @work(group="sheet", exclusive=True)
    async def _load(self) -> None:
        is_read = False
        try:
            await self.load()
        except Unreachable as refusal:
            self.app.reach.lost(refusal)
        except NotSignedIn:
            self.app.lock()
        except Refusal as refusal:
            self.say(refusal.sentence, "amber")
        else:
            self.app.reach.found()
            is_read = True
        self.is_loaded = True
        self.draw_header()
        if is_read and await self.app.count_listed():
            self.draw_header()

    async def ask_approved(self, service: Callable[[Desk, R], A], request: R) -> A:
        """Run a service; what the person may not do and a manager can approve is offered to a manager's PIN first."""
        try:
            return await self.ask(service, request)
        except NotAllowed as refusal:
            approved = await self._approved(request, refusal)
            if approved is None:
                raise
        return await self.ask(service, approved)

    async def ask_surely(self, service: Callable[[Desk, R], A], request: R) -> A:
        """The same; while the database is away, whoever sits here says when to send the same request again."""
        while True:
            try:
                return await self.ask_approved(service, request)
            except (OutcomeUnknown, Unreachable) as refusal:
                self.app.reach.lost(refusal)
                again = [Answer("r", "try again; it is never done twice", True)]
                if not await self.app.wait_for(Question(_without_key(refusal), again)):
                    raise

    async def write(self, service: Callable[[Desk, R], A], request: R) -> A | None:
        """Run a service that changes something. A refusal is said on the line below and answered with None.

        What a manager can approve is offered to a manager. What may or may not have been saved is asked about and
        sent again under its own request id, so that it is never done twice.
        """
        self.app.let_go()
        try:
            return await self.ask_surely(service, request)
        except (OutcomeUnknown, Unreachable):
            self.say("Left as it is. Look at what is there before you do it again.", "amber")
            return None
        except NotSignedIn:
            self.app.lock()
            return None
        except Refusal as refusal:
            self.refused(service, request, refusal)
            return None

    def refused(self, service: Callable[[Desk, Any], Any], request: object, refusal: Refusal) -> None:
        """A write was refused. A screen that knows a way past it keeps the three."""
        self.say(refusal.sentence, "amber")

    async def _approved(self, request: R, refusal: NotAllowed) -> R | None:
        deed = next((deed for deed in APPROVABLE if deed.value == refusal.facts["deed"]), None)
        if deed is None or not dataclasses.is_dataclass(request) or not hasattr(request, "approval"):
            return None
        code = await self.app.ask_approval(deed)
        if code is None:
            return None
        # A copy, because the types of `dataclasses.replace` lose which request it is.
        approved = copy(request)
        object.__setattr__(approved, "approval", code)
        return approved

    # Forms and reading

    async def fill(self, form: Form[T]) -> T | None:
        """Put a form over the screen and wait for what it saves."""
        return await self.app.wait_for(form)

    async def read(self, title: str, body: Content | str) -> None:
        """Put something to read over the screen."""
        await self.app.wait_for(Sheet(title, body))

    def keeper(self, form: str, title: str) -> DraftKeeper:
        """Keeps what the person types into a form of this name."""
        return DraftKeeper(self.app, form, title)

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


class DraftKeeper:
    """Keeps one form's draft for whoever is signed in when it opens."""

    def __init__(self, app: FrontDesk, form: str, title: str) -> None:
        self._drafts = app.drafts
        self._clock = app.clock
        self._form = form
        self._title = title

    def found(self) -> Mapping[str, str] | None:
        """What was kept the last time."""
        draft = self._drafts.find(self._form)
        return draft.typed if draft else None

    def keep(self, typed: Mapping[str, str]) -> None:
        """Keep this, at once."""
        self._drafts.keep(Draft(self._form, self._title, typed, self._clock.now()))

    def drop(self) -> None:
        """It is saved, or not wanted."""
        self._drafts.drop(self._form)


def _without_key(refusal: Refusal) -> str:
    if isinstance(refusal, OutcomeUnknown):
        return "The database went away while saving. It may or may not have been saved."
    return refusal.sentence
