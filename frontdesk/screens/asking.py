"""How a screen asks services: aside, with a manager's yes where one is needed, and again when nobody knows.

Frozen requests go to a service in a thread, frozen answers come back. Writes are never exclusive, and belong to the
screen that stays. A refusal is shown, never raised.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

from textual.content import Content

from frontdesk.clock import local
from frontdesk.desk import Desk
from frontdesk.drafts import Draft
from frontdesk.errors import NotAllowed, NotSignedIn, OutcomeUnknown, Refusal, Unreachable
from frontdesk.permissions import APPROVABLE
from frontdesk.screens.lines import ThreeLines
from frontdesk.widgets.form import Form
from frontdesk.widgets.modal import Answer, Question, Sheet

if TYPE_CHECKING:
    from frontdesk.app import FrontDesk

R = TypeVar("R")
A = TypeVar("A")
T = TypeVar("T")


class Asking(ThreeLines):
    """A screen that asks services and people."""

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
