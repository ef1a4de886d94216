"""FrontDesk: the composition root. Who sits here, which screen shows, what other terminals say, how it ends."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar, TypeGuard, TypeVar
from weakref import WeakSet

from textual import events, work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.filter import LineFilter, Monochrome, NoColor
from textual.message import Message
from textual.screen import Screen
from textual.worker import NoActiveWorker, Worker, WorkerFailed, get_current_worker

from frontdesk.clock import Clock, local
from frontdesk.errors import BadInput, Refusal
from frontdesk.screens.aside import Aside
from frontdesk.screens.reach import Reach
from frontdesk.screens.scanner import Scanned, Scanner
from frontdesk.screens.sign_in.screen import SignInScreen
from frontdesk.screens.turn import Turns
from frontdesk.styles.themes import HOUSE_THEMES, with_house_colours
from frontdesk.text import enterable

if TYPE_CHECKING:
    from frontdesk.backstage import Backstage
    from frontdesk.desk import Desk
    from frontdesk.drafts import Drafts
    from frontdesk.permissions import Deed
    from frontdesk.screens.base import DeskScreen
    from frontdesk.screens.commands import Command
    from frontdesk.settings import Settings

T = TypeVar("T")

_NO_COLOUR = NoColor()


LATE_ENTER_SECONDS = 0.7
"""So long after somebody sat down an enter still belongs to their PIN."""


def _lazily(path: str) -> Callable[[], Screen[None]]:
    """A screen whose module, and with it the services, is imported when it is first shown."""

    def make() -> Screen[None]:
        module, name = path.split(":")
        screen: Screen[None] = getattr(import_module(module), name)()
        return screen

    return make


class FrontDesk(Aside):
    """The desk."""

    TITLE = "frontdesk"
    CSS_PATH: ClassVar[list[str | PurePath]] = ["screens/sign_in/sign_in.tcss"]
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "f24"  # ours opens it, under a key that can be remapped
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "nothing", show=False, priority=True)]
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        "calendar": _lazily("frontdesk.screens.calendar.screen:CalendarScreen"),
        "customers": _lazily("frontdesk.screens.customers.screen:CustomersScreen"),
        "stylists": _lazily("frontdesk.screens.stylists.screen:StylistsScreen"),
        "checkout": _lazily("frontdesk.screens.checkout.screen:CheckoutScreen"),
        "today": _lazily("frontdesk.screens.today.screen:TodayScreen"),
        "admin": _lazily("frontdesk.screens.admin.screen:AdminScreen"),
        "board": _lazily("frontdesk.screens.board.screen:BoardScreen"),
        "classes": _lazily("frontdesk.screens.classes.screen:ClassesScreen"),
        "waitlist": _lazily("frontdesk.screens.waiting.waitlist:WaitlistScreen"),
        "queue": _lazily("frontdesk.screens.waiting.queue:QueueScreen"),
    }

    def __init__(
        self, backstage: Backstage, settings: Settings, clock: Clock, *, shop: int | None = None,
        hints: tuple[str, ...] = (), terminal_secret: str = "", scanner: bool = True,
    ) -> None:  # fmt: skip
        """`hints` are told on the sign-in screen: a demo's people and PINs."""
        super().__init__()
        self.backstage = backstage
        self.settings = settings
        self.clock = clock
        self.hints = hints
        self.terminal_secret = terminal_secret
        self.listed = 0
        """Who waits for a time: on the waitlist, and today's walk-ins without a turn."""
        self.private = False
        """Whether what a customer should not see is hidden."""
        self.pin_digits: dict[str, int] = {}
        """How long the PINs were that were right in this run, by login; kept nowhere else."""
        self._shop = shop
        self.is_open = False
        """Whether the database has been opened."""
        self._is_warm = False
        self.reach = Reach(self)
        self._keys_refused = ""
        self._last_key = clock.now()
        self._seated_at = 0.0
        self._scanner = Scanner(self.post_message, self._scanned) if scanner else None
        self._turns = Turns(self.post_message, self._is_busy)
        self._let_go: WeakSet[Worker[Any]] = WeakSet()
        self.animation_level = "none"
        for theme in HOUSE_THEMES:
            self.register_theme(theme)
        self.set_reactive(FrontDesk.theme, settings.theme)  # told to nobody yet: each sheet would be read twice

    # Opening

    def get_default_screen(self) -> Screen[Any]:
        """Nobody sits here yet."""
        return SignInScreen()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """With NO_COLOR there is none: Textual's greys are colours too."""
        return [_NO_COLOUR if isinstance(one, Monochrome) else one for one in super().get_line_filters()]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The grid's colours, for themes that have none of their own."""
        theme = self.current_theme
        return with_house_colours(theme, theme.variables)

    def on_mount(self) -> None:
        """Signals, keys, the minute, and the database aside."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._leave, number)
        self.set_interval(60 - self.clock.now().second, self._first_minute, repeat=1)
        self._take_keys(self.settings.config_folder / "keys.toml")

    def _take_keys(self, path: Path) -> None:
        if not path.exists():
            return
        from frontdesk.screens.everywhere import every_command
        from frontdesk.screens.keys import read_keys

        try:
            self.set_keymap(read_keys(path, every_command()))
        except BadInput as refusal:
            self._keys_refused = refusal.sentence
            self.notify(refusal.sentence, severity="warning", markup=False, timeout=15)

    def warm_up(self) -> None:
        """Import the services and the book aside, while somebody types a PIN."""
        if not self._is_warm:
            self._is_warm = True
            self.dress()
            self._import_aside()

    def dress(self) -> None:
        """Read the base sheet: everything but the sign-in needs it, and the first paint need not wait for it."""
        sheet = Path(__file__).parent / "styles" / "base.tcss"
        if not self.stylesheet.has_source(str(sheet), ""):
            self.stylesheet.read(sheet)
            self.stylesheet.reparse()
            self.refresh_css(animate=False)

    @work(group="warm")
    async def _import_aside(self) -> None:
        await self.aside(_import_all)

    def set_up(self) -> None:
        """There is no business yet: found one."""
        from frontdesk.screens.setup.screen import SetUpScreen

        self.dress()
        self.push_screen(SetUpScreen())

    def _first_minute(self) -> None:
        self._minute()
        self.set_interval(60, self._minute)

    def _minute(self) -> None:
        if (screen := self.on_desk) is not None:
            screen.draw_header()
        idle = (self.clock.now() - self._last_key).total_seconds()
        if self._desk is not None and self.settings.lock_minutes and idle >= 60 * self.settings.lock_minutes:
            self.lock()

    # Who sits here

    @property
    def on_desk(self) -> DeskScreen | None:
        """The screen of the desk, when nothing stands over it; None before anybody sits here and after all is over."""
        screen = self.screen if self._desk is not None and not self.is_leaving else None
        return screen if screen is not None and _is_of_desk(screen) else None

    @property
    def below(self) -> DeskScreen | None:
        """The screen of the desk, though a form may stand over it; None while it is locked, and after all is over."""
        if self._desk is None or self.is_leaving or isinstance(self.screen, SignInScreen):
            return None
        return next((each for each in reversed(self.screen_stack) if _is_of_desk(each)), None)

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody sits here, or sat here when it was locked."""
        return self._desk is not None

    @property
    def drafts(self) -> Drafts:
        """What the person here has half typed."""
        from frontdesk.drafts import Drafts

        actor = self.desk.actor
        return Drafts(self.settings.data_folder, f"{actor.business_id} {actor.user_id}")

    @property
    def shop_id(self) -> int | None:
        """The shop asked for when the desk was opened."""
        return self._shop

    def lock(self) -> None:
        """Cover the screen until somebody signs in; what is half typed stays below, and on the disk."""
        if self.is_leaving or isinstance(self.screen, SignInScreen):
            return
        self.keep_drafts()
        self.push_screen(SignInScreen(locked_by=self.desk.actor.name))

    def action_lock(self) -> None:
        """From over a screen, where its commands do not reach: a form is left as it stands."""
        if self._desk is not None:
            self.lock()

    @work(group="sign-in")
    async def seat(self, desk: Desk) -> None:
        """Work of the app, not of the sign-in screen: that one ends with it, and what it waits for with it."""
        await self.sit_down(desk)
        self._seated_at = asyncio.get_running_loop().time()

    async def sit_down(self, desk: Desk) -> None:
        """Somebody has signed in: the same person finds everything as it was, another one the same screen."""
        self.dress()
        before, self._desk = self._desk, desk
        self._last_key = self.clock.now()
        if before is None:
            await self.switch_mode("calendar")
            self._offer_drafts()
            return
        await self.pop_screen()
        if before.actor.user_id != desk.actor.user_id:
            # Half-typed forms are the other person's: they are kept as their drafts, and close.
            while self.on_desk is None:
                await self.pop_screen()
            self._tell_actor()
            self._offer_drafts()

    def _tell_actor(self) -> None:
        screen = self.on_desk
        assert screen is not None
        if not screen.is_permitted():
            self.switch_mode("calendar")
        else:
            screen.actor_changed()
            screen.draw_header()

    def _offer_drafts(self) -> None:
        screen = self.on_desk
        if screen is None:
            return
        if self._keys_refused:
            screen.say(self._keys_refused, "amber")  # whoever was away has not seen the toast
            self._keys_refused = ""
        kept = self.drafts.all()
        if kept:
            draft = kept[0]
            at = f"{local(draft.kept_at, self.desk.shop.timezone):%H:%M}"
            more = f", and {len(kept) - 1} more" if len(kept) > 1 else ""
            screen.say(f"Half typed at {at}: {draft.title}{more}. Open it again to go on.", "amber")

    def keep_drafts(self) -> None:
        """Write down what stands in every open form; not of those that are being taken apart."""
        from frontdesk.widgets.form import Form

        if not self._running:
            return
        for screen in self.screen_stack:
            if isinstance(screen, Form):
                screen.keep()

    # Services

    async def ask_approval(self, deed: Deed) -> str | None:
        """A manager's yes to one action by PIN, without a switch; None when nobody gave it."""
        from frontdesk.screens.sign_in.approval import approval_form

        return await self.wait_for(await approval_form(self, deed))

    def header_end(self) -> Content:
        """Who waits, who sits here, what time it is, and whether all this is fresh."""
        if self._desk is None:
            return Content("")
        zone = self._desk.shop.timezone
        said: list[Content | tuple[str, str]] = [self.reach.words(zone)]
        if self.private:
            said.append(("private   ", "$fd-amber"))
        if self.listed:
            said.append((f"w {self.listed} waiting   ", "$fd-arrived"))
        said.append(Content(f"{self._desk.actor.name}  {local(self.clock.now(), zone):%H:%M}"))
        return Content.assemble(*said)

    async def count_listed(self) -> bool:
        """Count who waits for a time. Whether it is another number than before."""
        from frontdesk.services.waitlist import CountWaiting, count_waiting

        try:
            waiting = await self.ask(count_waiting, CountWaiting())
        except Refusal:  # whatever it is, the screen's own sheet says it
            return False
        before, self.listed = self.listed, waiting.waitlist + waiting.walk_ins
        return self.listed != before

    # Other terminals

    @work(group="heard")
    async def tell(self, notice: dict[str, Any]) -> None:
        """What another terminal did, to the screen that shows, as a sentence with its author."""
        from frontdesk.screens.base import Heard
        from frontdesk.services.notices import ReadNotice, read_notice

        try:
            read = await self.ask(read_notice, ReadNotice(kind=notice["kind"], id=notice["id"], by=notice.get("by")))
        except Refusal:
            return
        if (screen := self.below) is not None:
            screen.heard(Heard(read.sentence, notice["kind"], notice["id"], read.day, read.mine, read.fits))

    # Keys

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """No cursor blinks: it would send bytes along a slow line for as long as somebody thinks."""
        from textual.widgets import Input, TextArea

        if isinstance(event.widget, Input | TextArea):
            event.widget.cursor_blink = False

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

    def _is_late_enter(self, key: events.Key) -> bool:
        """An enter right behind a PIN that had completed itself: it opens nothing on the book that has just come up."""
        seated_at, self._seated_at = self._seated_at, 0.0  # only the first key can be that
        return key.key == "enter" and asyncio.get_running_loop().time() - seated_at < LATE_ENTER_SECONDS

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
        if self._desk is not None and not isinstance(self.screen, SignInScreen):
            self.pass_on("checkout", Scanned(code))

    def key_of(self, command: Command) -> str:
        """The key a command has here, remapped or not."""
        return self._keymap.get(command.name, command.key)

    def action_nothing(self) -> None:
        """ctrl+c is copied text elsewhere; here it ends nothing."""
        if (screen := self.on_desk) is not None:
            screen.say("ctrl+q closes the desk.")

    async def switch_to(self, mode: str) -> None:
        """Show another screen of the desk. Forms that stand over this one stay with it."""
        if self.current_mode != mode:
            await self.switch_mode(mode)

    @work(group="commands")
    async def pass_on(self, mode: str, message: Message) -> None:
        """Show another screen and give it something to do, though a form may stand over it."""
        await self.switch_to(mode)
        if (screen := self.below) is not None:
            screen.post_message(message)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The palette."""
        from frontdesk.screens.everywhere import palette

        on_desk = self.on_desk
        return palette(self, on_desk) if on_desk is not None else ()

    # Ending

    def _leave(self, number: int) -> None:
        """SIGTERM or a dropped line: keep what is typed, give the terminal back, say which signal it was."""
        self.keep_drafts()
        self.exit(return_code=128 + number)

    def exit(self, result: None = None, return_code: int = 0, message: Any = None) -> None:  # noqa: ANN401  Textual's
        """Close the desk; what is half typed is kept."""
        if self._desk is not None:
            self.keep_drafts()
        super().exit(result, return_code, message)

    def _fatal_error(self) -> None:
        """A fault: one sentence and where the log lies, never a customer's name on the receptionist's screen."""
        from frontdesk.faults import kept_in_log

        error: BaseException | None = self._exception
        assert error is not None
        if isinstance(error, WorkerFailed):
            error = error.error
        if self._desk is not None:
            self.keep_drafts()
        kept = kept_in_log(error, lambda: self.settings.log_file)
        self._exit_renderables.append(
            f"Something went wrong inside frontdesk ({type(error).__name__}). {kept} What you typed is kept."
        )
        self._close_messages_no_wait()


def _is_of_desk(screen: Screen[Any]) -> TypeGuard[DeskScreen]:
    """Imported here, because the sign-in paints before the screens' base is read."""
    from frontdesk.screens.base import DeskScreen

    return isinstance(screen, DeskScreen)


def _import_all() -> None:
    for name in ("frontdesk.screens.calendar.screen", "frontdesk.services.all"):
        import_module(name)
