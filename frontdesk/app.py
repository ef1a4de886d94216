"""FrontDesk: the composition root. Its screens, how it opens, what other terminals say, how it ends."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path, PurePath
from types import FrameType
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import SystemCommand
from textual.content import Content
from textual.driver import Driver
from textual.filter import LineFilter, Monochrome, NoColor
from textual.screen import Screen
from textual.worker import WorkerFailed

from frontdesk.clock import Clock, local
from frontdesk.errors import BadInput, Refusal
from frontdesk.screens.keyboard.keyboard import Keyboard
from frontdesk.screens.messages import EnterRoom
from frontdesk.screens.reach import Reach
from frontdesk.screens.sign_in.screen import SignInScreen
from frontdesk.styles.themes import HOUSE_THEMES, with_house_colours

if TYPE_CHECKING:
    from frontdesk.backstage import Backstage
    from frontdesk.desk import Desk
    from frontdesk.permissions import Deed
    from frontdesk.settings import Settings

_NO_COLOUR = NoColor()
_LEAVING = (signal.SIGTERM, signal.SIGHUP)


def _lazily(path: str) -> Callable[[], Screen[None]]:
    """A screen whose module, and with it the services, is imported when it is first shown."""

    def make() -> Screen[None]:
        module, name = path.split(":")
        screen: Screen[None] = getattr(import_module(module), name)()
        return screen

    return make


class FrontDesk(Keyboard):
    """The desk."""

    TITLE = "frontdesk"
    CSS_PATH: ClassVar[list[str | PurePath]] = ["screens/sign_in/sign_in.tcss"]
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "f24"  # ours opens it, under a key that can be remapped
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
        "drawer": _lazily("frontdesk.screens.drawer.screen:DrawerScreen"),
    }

    def __init__(
        self, backstage: Backstage, settings: Settings, clock: Clock, *, shop: int | None = None,
        hints: tuple[str, ...] = (), terminal_secret: str = "", scanner: bool = True,
    ) -> None:  # fmt: skip
        """`hints` are told on the sign-in screen: a demo's people and PINs."""
        super().__init__(settings, clock, scanner=scanner)
        self.backstage = backstage
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
        self._left_by: int | None = None
        """The signal that came before anybody could be asked to leave."""
        self.reach = Reach(self)
        self.animation_level = "none"
        for theme in HOUSE_THEMES:
            self.register_theme(theme)
        self.set_reactive(FrontDesk.theme, settings.theme)  # told to nobody yet: each sheet would be read twice

    # Opening

    def get_driver_class(self) -> type[Driver]:
        """A terminal's is ours."""
        from textual.drivers.linux_driver import LinuxDriver

        from frontdesk.screens.driver import LineDriver

        found = super().get_driver_class()
        return LineDriver if found is LinuxDriver else found

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
        """Keys and the minute."""
        self.set_interval(60 - self.clock.now().second, self._first_minute, repeat=1)
        self._take_keys(self.settings.config_folder / "keys.toml")

    def on_ready(self) -> None:
        """The first screen stands: from now on a signal can take it down."""
        loop = asyncio.get_running_loop()
        for number in _LEAVING:
            loop.add_signal_handler(number, self._leave, number)
        if self._left_by is not None:
            self._leave(self._left_by)

    def _take_keys(self, path: Path) -> None:
        if not path.exists():
            return
        from frontdesk.screens.everywhere import every_command
        from frontdesk.screens.keyboard.keys import read_keys

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
        longest = 60 * self.settings.lock_minutes
        if self._desk is not None and longest and self.idle_seconds >= longest:
            self.lock()

    @property
    def shop_id(self) -> int | None:
        """The shop asked for when the desk was opened."""
        return self._shop

    async def sit_down(self, desk: Desk) -> None:
        """Somebody has signed in, and the screens have to be dressed for them."""
        self.dress()
        await super().sit_down(desk)

    async def ask_approval(self, deed: Deed) -> str | None:
        """A manager's yes to one action by PIN, without a switch; None when nobody gave it."""
        from frontdesk.screens.sign_in.approval import approval_form

        return await self.wait_for(await approval_form(self, deed))

    # What it says of itself

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

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The palette: what this screen can do and every screen can, and the rooms of the admin."""
        from frontdesk.screens.admin.rooms import ROOMS
        from frontdesk.screens.everywhere import palette

        below = self.below  # the palette itself stands over it
        if below is None:
            return
        yield from palette(self, below)
        for room in ROOMS:
            yield SystemCommand(f"admin: {room.NAME}", room.ABOUT, partial(self.pass_on, "admin", EnterRoom(room.NAME)))

    async def count_listed(self) -> bool:
        """Count who waits for a time. Whether it is another number than before."""
        from frontdesk.services.waiting.waitlist import CountWaiting, count_waiting

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
        from frontdesk.services.records.notices import ReadNotice, read_notice

        try:
            read = await self.ask(read_notice, ReadNotice(kind=notice["kind"], id=notice["id"], by=notice.get("by")))
        except Refusal:
            return
        if (screen := self.below) is not None:
            screen.heard(Heard(read.sentence, notice["kind"], notice["id"], read.day, read.mine, read.fits))

    # Ending

    def heed_signals(self) -> None:
        """Until the desk stands a signal is noted only: an exception in the midst of starting would leave the threads
        of the terminal behind, and the program with them."""

        def note(number: int, frame: FrameType | None) -> None:
            self._left_by = number

        for number in _LEAVING:
            signal.signal(number, note)

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


def _import_all() -> None:
    for name in ("frontdesk.screens.calendar.screen", "frontdesk.services.all"):
        import_module(name)
