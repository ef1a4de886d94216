"""What every room of the admin screen is: a list, and what can be done to a line of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from textual.content import Content

from frontdesk.desk import Desk, Shop
from frontdesk.errors import BadInput, NotAllowed, Refusal
from frontdesk.permissions import Deed, refusal_for
from frontdesk.rules.pricing import Discount, percent_or_amount
from frontdesk.screens import commands
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.commands import Command
from frontdesk.text import harmless
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form
from frontdesk.widgets.modal import Answer, Question
from frontdesk.widgets.plain_table import Column, Row

T = TypeVar("T")
A = TypeVar("A")

YES, NO = Offer("yes", "yes"), Offer("no", "no")


class Room(Generic[T]):
    """One list. It asks the services and fills forms through the screen it stands on."""

    NAME: ClassVar[str]
    ABOUT: ClassVar[str]
    """What lies in it, in a line."""
    EXPLAINED: ClassVar[str] = ""
    """What ? says of it."""
    COLUMNS: ClassVar[tuple[Column, ...]]
    VIEWS: ClassVar[tuple[str, str]] = ("With what is no longer used.", "Only what is in use.")
    """What v says when it shows the other list, and when it shows the first again."""
    CAN: ClassVar[frozenset[str]] = frozenset()
    """Names of the commands that act in it; `view` where some lines are only shown when asked for."""
    DEED: ClassVar[Deed | None] = None
    """What one has to be allowed to do to change anything here."""
    SEE: ClassVar[Deed | None] = None
    """What one has to be allowed to do to look."""

    def __init__(self, screen: DeskScreen) -> None:
        self.screen = screen
        self.everything = False
        """With what is no longer used."""
        self.wanted: object = None
        """Where the cursor goes when the list is there."""
        self._things: dict[object, T] = {}

    # What a room says of itself

    async def things(self) -> Sequence[tuple[object, T]]:
        """Everything there is, by key."""
        raise NotImplementedError

    def line(self, thing: T) -> tuple[tuple[str, ...], str]:
        """A thing as cells and a tone."""
        raise NotImplementedError

    def words(self, thing: T) -> Content:
        """What the line has no room for."""
        return Content("")

    def empty(self) -> str:
        """How to fill an empty list."""
        return "Nothing here yet."

    def cannot(self, command: Command, thing: T | None) -> str | None:
        """Why a command can't act on this just now."""
        return None

    async def add(self) -> None:
        """Something new."""

    async def edit(self, thing: T) -> None:
        """Change it."""

    async def remove(self, thing: T) -> None:
        """Away with it, or out of use."""

    async def history(self, thing: T) -> None:
        """Who changed it, and when."""

    async def open(self, thing: T) -> None:
        """What enter does: change it, for whoever may."""
        why = self.cannot(commands.EDIT, thing) or self.refusal(self.DEED)
        if why:
            self.screen.say(why, "amber")
        else:
            await self.edit(thing)

    # What the screen asks

    @property
    def desk(self) -> Desk:
        """Who sits here."""
        return self.screen.desk

    async def rows(self) -> list[Row]:
        """The list as it is now."""
        found = await self.things()
        self._things = dict(found)
        return [Row(key, *self.line(thing)) for key, thing in found]

    def thing(self, key: object) -> T | None:
        """What a row stands for."""
        return self._things.get(key)

    def refusal(self, deed: Deed | None) -> str | None:
        """Why the person may not, in the services' words."""
        remedy = refusal_for(self.desk.actor, deed) if deed else None
        return (
            NotAllowed(who=self.desk.actor.name, deed=deed.value, remedy=remedy).sentence if deed and remedy else None
        )

    def offers(self, command: Command) -> bool:
        """Whether the key means something in this room."""
        return command.name in self.CAN

    def why_not(self, command: Command, thing: T | None) -> str | None:
        """Why a key can't act: not in this room, not by this person, not on nothing, or as the room says."""
        if command not in _ACTS:
            return None
        if not self.offers(command):
            return f"There is nothing to {command.label} in {self.NAME}. esc goes back to the rooms."
        if command is not commands.ADD and thing is None:
            return self.empty()
        own = self.cannot(command, thing)
        if own is not None or command in (commands.OPEN, commands.HISTORY):
            return own
        return self.refusal(self.DEED)

    # Forms

    async def form(
        self,
        name: str,
        title: str,
        fields: Sequence[Field],
        save: Callable[[Filled], Awaitable[A]],
        *,
        preview: Callable[[Filled], Awaitable[str]] | None = None,
        can_insist: Callable[[Refusal], str | None] | None = None,
        focus: str | None = None,
    ) -> A | None:
        """Fill a form over the screen; its draft is kept under this name."""
        keeper = self.screen.keeper(name, title)
        return await self.screen.fill(
            Form(title, fields, save, preview=preview, keeper=keeper, can_insist=can_insist, focus=focus)
        )

    async def sure(self, words: str, yes: str) -> bool:
        """Ask before something is lost."""
        return bool(await self.screen.app.wait_for(Question(words, [Answer("y", yes, True)])))

    def done(self, words: str, key: object = None) -> None:
        """It is saved: say so and show it, with the cursor on what is new."""
        self.wanted = key
        self.screen.say(words)
        self.screen.show_anew()


_ACTS = (commands.ADD, commands.EDIT, commands.REMOVE, commands.OPEN, commands.HISTORY)


def choice(name: str, label: str, offers: Sequence[Offer], value: str, **how: Any) -> Field:  # noqa: ANN401  a Field's
    """A field to choose in, with this value chosen."""
    now = next((offer for offer in offers if offer.value == value), None)
    return Field(
        name, label, value=now.label if now else "", picked=now.value if now else "", find=among(offers), **how
    )


def yes_or_no(name: str, label: str, value: bool) -> Field:
    """A field that is yes or no."""
    return choice(name, label, (YES, NO), "yes" if value else "no")


def chosen(filled: Filled, name: str) -> str:
    """What was chosen in a field. Raises BadInput when the words there are none of those offered."""
    picked = filled.picked[name]
    if not picked:
        typed = f'"{harmless(filled[name])[:30]}" is none of them' if filled[name] else "Nothing is chosen"
        raise BadInput(f"{typed}. Clear it to see what there is; down and enter choose.", field=name)
    return picked


def share_or_sum(filled: Filled, name: str, shop: Shop) -> Discount:
    """A share like 10 % or a sum like 5.00, above nothing. Raises BadInput."""
    typed = filled[name]
    try:
        said = percent_or_amount(typed, shop.currency, shop.locale, name)
    except BadInput as unread:
        share = "" if "%" in typed else " A share has its sign: 10 %."
        raise BadInput(f"{unread.sentence}{share}", field=name) from unread
    if not (said.percent or said.amount):
        raise BadInput(f"A {name} of nothing is none. Type a share like 10 %, or a sum.", field=name)
    return said


def count_meant(filled: Filled, name: str) -> int | None:
    """A whole number above nothing, or None when nothing is typed. Raises BadInput."""
    typed = filled[name]
    if typed and not (typed.isascii() and typed.isdecimal() and len(typed) <= 7 and int(typed)):
        raise BadInput(f'"{harmless(typed)[:30]}" is no number of times. Type 1 or 100, or nothing.', field=name)
    return int(typed) if typed else None
