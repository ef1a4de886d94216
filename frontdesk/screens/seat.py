"""Who sits at the desk, which of its screens stands before them, and what they had half typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

from textual import work
from textual.message import Message
from textual.screen import Screen

from frontdesk.clock import Clock, local
from frontdesk.screens.aside import Aside
from frontdesk.screens.sign_in.screen import SignInScreen

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.drafts import Drafts
    from frontdesk.screens.base import DeskScreen
    from frontdesk.settings import Settings


class Seat(Aside):
    """An app that people sit down at, one after the other."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        super().__init__()
        self.settings = settings
        self.clock = clock
        self._keys_refused = ""
        """Why nobody's own keys were taken: told to whoever sits down, who has not seen the toast."""

    # What stands there

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody sits here, or sat here when it was locked."""
        return self._desk is not None

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

    # Locking and sitting down

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

    async def sit_down(self, desk: Desk) -> None:
        """Somebody has signed in: the same person finds everything as it was, another one the same screen."""
        before, self._desk = self._desk, desk
        if before is None:
            await self.switch_mode("calendar")
            self._offer_drafts()
            return
        await self.pop_screen()
        if before.actor.user_id != desk.actor.user_id:
            # Half-typed forms are the other person's: they are kept as their drafts, and close. Who waits for them is
            # told, and lets go of the time that was kept for them.
            while not _is_of_desk(self.screen):
                await self.screen.dismiss(None)
            self._tell_actor(self.screen)
            self._offer_drafts()

    def _tell_actor(self, screen: DeskScreen) -> None:
        if not screen.is_permitted():
            self.switch_mode("calendar")
        else:
            screen.actor_changed()
            screen.draw_header()

    # What is half typed

    @property
    def drafts(self) -> Drafts:
        """What the person here has half typed."""
        from frontdesk.drafts import Drafts

        actor = self.desk.actor
        return Drafts(self.settings.data_folder, f"{actor.business_id} {actor.user_id}")

    def keep_drafts(self) -> None:
        """Write down what stands in every open form; not of those that are being taken apart."""
        from frontdesk.widgets.form import Form

        if not self._running:
            return
        for screen in self.screen_stack:
            if isinstance(screen, Form):
                screen.keep()

    def _offer_drafts(self) -> None:
        screen = self.on_desk
        if screen is None:
            return
        if self._keys_refused:
            screen.say(self._keys_refused, "amber")
            self._keys_refused = ""
        kept = self.drafts.all()
        if kept:
            draft = kept[0]
            at = f"{local(draft.kept_at, self.desk.shop.timezone):%H:%M}"
            more = f", and {len(kept) - 1} more" if len(kept) > 1 else ""
            screen.say(f"Half typed at {at}: {draft.title}{more}. Open it again to go on.", "amber")


def _is_of_desk(screen: Screen[Any]) -> TypeGuard[DeskScreen]:
    """Imported here, because the sign-in paints before the screens' base is read."""
    from frontdesk.screens.base import DeskScreen

    return isinstance(screen, DeskScreen)
