"""Whether the database answers and other terminals are heard, and what comes of it: polling, marks, fresh sheets."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from frontdesk.clock import local
from frontdesk.screens.caretaker import look_after

if TYPE_CHECKING:
    from frontdesk.app import FrontDesk
    from frontdesk.errors import Refusal

POLL_SECONDS = 3.0
"""How often the screen is loaded again while nobody tells what changed."""

_LOST = "The database can't be reached. What you see may be old; what you type is kept."


class Reach:
    """The desk's hold on what lies behind it."""

    def __init__(self, app: FrontDesk) -> None:
        self._app = app
        self._is_live = False
        self._stale_since: dt.datetime | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def begin(self) -> None:
        """The database is open: hear the other terminals, and look by oneself while they can't be heard."""
        self._loop = asyncio.get_running_loop()
        self._app.backstage.listen(self._hears, self._hears_state)
        self._app.set_interval(POLL_SECONDS, self._poll)
        self._app.backstage.look_after(lambda: look_after(self._app))

    def words(self, zone: str) -> tuple[str, str]:
        """What the header says of it, and in which style; nothing while all is well."""
        if self._stale_since is not None:
            return f"no database since {local(self._stale_since, zone):%H:%M}: not fresh   ", "bold $fd-red"
        return ("", "") if self._is_live else ("polling   ", "$fd-amber")

    def lost(self, refusal: Refusal) -> None:
        """The database is gone: the last sheet stays, marked."""
        if self._stale_since is None:
            self._stale_since = self._app.clock.now()
        if (screen := self._app.below) is not None:
            screen.draw_header()
            screen.say(_LOST, "red")

    def found(self) -> None:
        """It answers."""
        if self._stale_since is not None:
            self._stale_since = None
            if (screen := self._app.below) is not None:
                screen.draw_header()
                if screen.said_last == _LOST:  # what has been said since is more to the point
                    screen.say("The database is back. Everything is fresh again.")

    def _poll(self) -> None:
        screen = self._app.below
        if screen is not None and (self._stale_since is not None or not self._is_live):
            screen.show_anew()

    # Both are called in the ear's thread.

    def _hears(self, payload: str) -> None:
        self._soon(self._heard, payload)

    def _hears_state(self, hears: bool) -> None:
        self._soon(self._heard_state, hears)

    def _soon(self, call: Callable[..., None], *about: object) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # the desk has been closed between two notices
                self._loop.call_soon_threadsafe(call, *about)

    def _heard_state(self, hears: bool) -> None:
        if self._app.is_leaving:  # whoever still asked would find neither threads nor a database
            return
        self._is_live = hears
        if (screen := self._app.on_desk) is not None:
            screen.draw_header()
            if hears:  # what was said while nobody listened
                screen.show_anew()

    def _heard(self, payload: str) -> None:
        import json

        if self._app.is_leaving:
            return
        try:
            notice = json.loads(payload)
        except ValueError:
            return
        if isinstance(notice, dict) and self._app.is_signed_in and notice.get("shop") == self._app.desk.shop.id:
            self._app.tell(notice)
